"""Putting a chart on a page."""

from collections.abc import Callable
from functools import partial
from types import FunctionType
from typing import Any

import altair as alt
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


def draw_form(form: Callable[..., alt.LayerChart], *content: object, key: str) -> None:
    """Draw a chart that nobody clicks on, made by `form` of its content; the same content is made into a chart once.

    For what a page shows by the dozen: making a chart takes as long as everything else about a card.
    """
    st.vega_lite_chart(spec=_specification(form, *content), width="stretch", key=key)


def _name(form: FunctionType) -> str:
    return f"{form.__module__}.{form.__qualname__}"


@st.cache_data(max_entries=5_000, show_spinner=False, hash_funcs={FunctionType: _name})
def _specification(form: Callable[..., alt.LayerChart], *content: object) -> dict[str, Any]:
    """The chart as Vega-Lite. The key is all that it shows, so sessions share what both may see."""
    with debug_mode(False):
        specification: dict[str, Any] = form(*content).to_dict(validate=False)
    # Altair's own size would win over the place's
    for side in ("continuousWidth", "continuousHeight"):
        specification["config"]["view"].pop(side, None)
    return specification


def clickable(chart: alt.Chart, *fields: str) -> alt.Chart:
    """Return the marks of a chart as something to click; a click reports these fields."""
    return chart.add_params(alt.selection_point(name=SELECTION, fields=list(fields), on="click", clear=False))
