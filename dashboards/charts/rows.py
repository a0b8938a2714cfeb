"""Charts of one row per member: how high they are, the axis of the names, and a row that can be clicked anywhere.

Their height includes what is around the rows, and Streamlit pads unless told.
"""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from dashboards.charts import palette
from dashboards.charts.drawing import clickable

_EDGE = 4
_LEAST_ROWS = 1


def row_layout(rows: int, row_height: int, axis: int = 0) -> dict[str, Any]:
    """Return height and padding of a chart of so many rows; `axis` is the room of its horizontal axis in pixels."""
    height = max(rows, _LEAST_ROWS) * row_height + axis + 2 * _EDGE
    return {"height": height, "padding": {"left": _EDGE, "right": _EDGE, "top": _EDGE, "bottom": _EDGE}}


def names_axis(field: str, names: Sequence[str], widest: int, **axis: Any) -> alt.Y:
    """Return the vertical axis of names in their order, each of them shown, cut at `widest` pixels."""
    return alt.Y(
        f"{field}:N",
        sort=list(names),
        title=None,
        axis=alt.Axis(
            labelLimit=widest,
            labelOverlap=False,
            labelFlush=False,
            labelBound=False,
            ticks=False,
            domain=False,
            labelColor=palette.TEXT,
            **axis,
        ),
    )


def clickable_rows(frame: pd.DataFrame, y: alt.Y, tooltip: Sequence[alt.Tooltip], row_height: int) -> alt.Chart:
    """Return an unseen bar over each whole row: its tooltip, and a click that reports its `code`."""
    bar = alt.Chart(frame).mark_bar(opacity=0, height=row_height - 2, cursor="pointer")
    return clickable(bar.encode(x=alt.value(0), x2=alt.value("width"), y=y, tooltip=list(tooltip)), "code")
