"""Putting a chart on a page."""

import hashlib
import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st
from altair.utils.schemapi import debug_mode

from dashboards.clicks import SELECTION, OnPoint, answer_point, clickable_key

#: A function that makes a chart of what it is to show.
Form = Callable[..., alt.LayerChart]

_TRANSFORMER = "frames_beside_the_chart"
_MOST_KEPT = 2_000

_kept: "OrderedDict[str, dict[str, Any]]" = OrderedDict()
# Altair's transformers are of the whole process
_making = threading.Lock()


def draw(form: Form, *content: object, key: str, on_point: OnPoint | None = None) -> None:
    """Draw the chart that `form` makes of its content, as wide as its place.

    `on_point` is called with the fields of a clicked mark. The same content is made into a chart once, for whoever may
    see it: making one takes Altair longer than everything else about it.
    """
    specification = _specification(form, *content)
    if on_point is None:
        st.vega_lite_chart(spec=specification, width="stretch", key=key)
        return
    drawn_as = clickable_key(key)
    st.vega_lite_chart(
        spec=specification,
        width="stretch",
        key=drawn_as,
        on_select=partial(answer_point, key, drawn_as, on_point),
        selection_mode=SELECTION,
    )


def _specification(form: Form, *content: object) -> dict[str, Any]:
    """Return the chart as Vega-Lite with its frames beside it: the one made before, if there is one."""
    name = f"{form.__module__}.{form.__qualname__}"
    digest = hashlib.sha256(pickle.dumps((name, content))).hexdigest()
    with _making:
        if digest in _kept:
            _kept.move_to_end(digest)
        else:
            _kept[digest] = _made(form, *content)
            if len(_kept) > _MOST_KEPT:
                _kept.popitem(last=False)
        return _kept[digest]


def _made(form: Form, *content: object) -> dict[str, Any]:
    frames: dict[str, pd.DataFrame] = {}
    # the check against the Vega-Lite schema takes half the time of a page; tests check every form instead
    with debug_mode(False), alt.data_transformers.enable(_TRANSFORMER, frames=frames):
        specification: dict[str, Any] = form(*content).to_dict(validate=False)
    specification["datasets"] = frames
    # Altair's own size would win over the place's
    for side in ("continuousWidth", "continuousHeight"):
        specification["config"]["view"].pop(side, None)
    return specification


def _set_aside(frame: Any, frames: dict[str, pd.DataFrame]) -> dict[str, str]:
    """Name a frame in the chart instead of writing its rows out."""
    name = next((name for name, known in frames.items() if known is frame), f"frame_{len(frames)}")
    frames[name] = frame
    return {"name": name}


alt.data_transformers.register(_TRANSFORMER, _set_aside)


def clickable(chart: alt.Chart, *fields: str) -> alt.Chart:
    """Return the marks of a chart as something to click; a click reports these fields."""
    return chart.add_params(alt.selection_point(name=SELECTION, fields=list(fields), on="click", clear=False))
