"""Putting a chart on a page."""

from functools import partial

import altair as alt
import streamlit as st
from altair.utils.schemapi import debug_mode

from dashboards.clicks import SELECTION, OnPoint, answer_point, clickable_key


def draw(chart: alt.LayerChart, key: str, on_point: OnPoint | None = None) -> None:
    """Draw a chart as wide as its place; `on_point` is called with the fields of a clicked mark.

    Altair's check against the Vega-Lite schema takes half the time of a page; tests check every chart form instead.
    """
    with debug_mode(False):
        if on_point is None:
            st.altair_chart(chart, width="stretch", key=key)
            return
        drawn_as = clickable_key(key)
        st.altair_chart(
            chart,
            width="stretch",
            key=drawn_as,
            on_select=partial(answer_point, key, drawn_as, on_point),
            selection_mode=SELECTION,
        )


def clickable(chart: alt.Chart, *fields: str) -> alt.Chart:
    """Return the marks of a chart as something to click; a click reports these fields."""
    return chart.add_params(alt.selection_point(name=SELECTION, fields=list(fields), on="click", clear=False))
