"""Clicks on charts and tables: what was clicked goes to a function, and the chart forgets its selection.

Streamlit keeps a selection until it is taken back, so the same place could not be clicked twice; a new key is a chart
without one.
"""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

#: The name of the selection in every chart that can be clicked.
SELECTION = "clicked"

OnPoint = Callable[[Mapping[str, Any]], None]
OnCell = Callable[[int, str], None]


def clickable_key(key: str) -> str:
    """Return the key under which a chart or table is drawn now."""
    return f"{key}_{st.session_state.get(_round_of(key), 0)}"


def answer_point(key: str, drawn_as: str, on_point: OnPoint) -> None:
    """Pass the fields of the clicked mark of a chart on."""
    points = st.session_state[drawn_as]["selection"].get(SELECTION) or []
    _forget(key)
    if points:
        on_point(points[0])


def answer_cell(key: str, drawn_as: str, on_cell: OnCell) -> None:
    """Pass row (counted from 0) and column name of the clicked cell of a table on."""
    cells = st.session_state[drawn_as]["selection"].get("cells") or []
    _forget(key)
    if cells:
        row, column = cells[0]
        on_cell(int(row), str(column))


def _forget(key: str) -> None:
    st.session_state[_round_of(key)] = st.session_state.get(_round_of(key), 0) + 1


def _round_of(key: str) -> str:
    return f"clicks_{key}"
