"""Putting a chart on a page."""

import altair as alt
import streamlit as st
from altair.utils.schemapi import debug_mode


def draw(chart: alt.LayerChart, key: str) -> None:
    """Draw a chart as wide as its place.

    Altair's check against the Vega-Lite schema takes half the time of a page; tests check every chart form instead.
    """
    with debug_mode(False):
        st.altair_chart(chart, width="stretch", key=key)
