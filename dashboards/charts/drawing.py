"""Putting a chart on a page."""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st
from altair.utils.schemapi import debug_mode

from dashboards.clicks import SELECTION, OnPoint, answer_point, clickable_key


def draw(chart: alt.LayerChart, key: str, on_point: OnPoint | None = None) -> None:
    """Draw a chart as wide as its place; `on_point` is called with the fields of a clicked mark.

    Altair's check against the Vega-Lite schema takes half the time of a page; tests check every chart form instead.
    """
    # Streamlit asks a chart for its specification in the one form that checks it; the switch below is for its parts
    object.__setattr__(chart, "to_dict", partial(chart.to_dict, validate=False))
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


def draw_form(form: Callable[..., alt.LayerChart], *titles: str, rows: pd.DataFrame, key: str) -> None:
    """Draw the chart without rows that `form` makes of its titles, filled with rows; nobody clicks on it.

    For what a page shows by the dozen: making a chart takes as long as everything else about a card.
    """
    st.vega_lite_chart(rows, _specification(form, *titles), width="stretch", key=key)


@lru_cache(maxsize=1_000)
def _specification(form: Callable[..., alt.LayerChart], *titles: str) -> dict[str, Any]:
    with debug_mode(False):
        specification: dict[str, Any] = form(*titles).to_dict(validate=False)
    # the rows come with each drawing
    specification.pop("data")
    # Altair's own size would win over the place's
    for side in ("continuousWidth", "continuousHeight"):
        specification["config"]["view"].pop(side, None)
    return specification


def clickable(chart: alt.Chart, *fields: str) -> alt.Chart:
    """Return the marks of a chart as something to click; a click reports these fields."""
    return chart.add_params(alt.selection_point(name=SELECTION, fields=list(fields), on="click", clear=False))
