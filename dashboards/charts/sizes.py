"""How high charts of rows are. Their height includes what is around the rows, and Streamlit pads unless told."""

from typing import Any

_EDGE = 4
_LEAST_ROWS = 1


def row_layout(rows: int, row_height: int, axis: int = 0) -> dict[str, Any]:
    """Return height and padding of a chart of so many rows; `axis` is the room of its horizontal axis in pixels."""
    height = max(rows, _LEAST_ROWS) * row_height + axis + 2 * _EDGE
    return {"height": height, "padding": {"left": _EDGE, "right": _EDGE, "top": _EDGE, "bottom": _EDGE}}
