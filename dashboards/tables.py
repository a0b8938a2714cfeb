"""Tables on pages: columns by name, labels from the texts, widths in pixels so that nothing is cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import pandas as pd
import streamlit as st

from dashboards.clicks import OnCell, answer_cell, clickable_key
from dashboards.page import Page

#: Longer tables scroll inside their own frame of this height.
_TALLEST_PIXELS = 460
_MOST_ROWS_UNSCROLLED = 40

_NARROW, _WIDE, _CELL_PADDING = 6.6, 13.5, 22
_FIRST_WIDE_LETTER = 0x2E80
_NARROWEST, _WIDEST = 60, 420


@dataclass(frozen=True)
class Column:
    """One column of a table; without a width it is as wide as its longest text.

    `label` and `help` are keys of the texts; the label is `column.<name>` by default.
    """

    name: str
    width: int | None = None
    kind: Literal["text", "count", "number", "exact"] = "text"
    label: str | None = None
    help: str | None = None

    def config(self, page: Page, values: "pd.Series[Any]") -> Any:
        """Return Streamlit's configuration of the column for these values."""
        say = page.phrases
        label = say(self.label or f"column.{self.name}")
        width = self.width or _width_of([label, *values.dropna().astype(str)])
        help_text = say(self.help) if self.help else None
        if self.kind == "exact":
            return st.column_config.NumberColumn(label, width=width, help=help_text, format="%.2f")
        if self.kind == "text":
            return st.column_config.TextColumn(label, width=width, help=help_text)
        number_format = "localized" if self.kind == "count" else "%.1f"
        return st.column_config.NumberColumn(label, width=width, help=help_text, format=number_format)


def _width_of(texts: Sequence[str]) -> int:
    """Estimate the pixels that the longest text needs; a Chinese character is about twice as wide as a letter."""
    longest = max(sum(_WIDE if ord(letter) > _FIRST_WIDE_LETTER else _NARROW for letter in text) for text in texts)
    return int(min(max(longest + _CELL_PADDING, _NARROWEST), _WIDEST))


def show_table(
    page: Page,
    frame: pd.DataFrame,
    columns: Sequence[Column],
    key: str,
    row_colours: Sequence[str] | None = None,
    most_rows: int = _MOST_ROWS_UNSCROLLED,
    on_cell: OnCell | None = None,
) -> None:
    """Draw the named columns of a frame; `row_colours` are the text colours of its rows.

    `on_cell` is called with row number and column name of a clicked cell.
    """
    shown = frame[[column.name for column in columns]].reset_index(drop=True)
    data: Any = shown
    if row_colours is not None:
        data = shown.style.apply(lambda row: [f"color: {row_colours[row.name]}"] * len(row), axis=1)
    layout: dict[str, Any] = {
        "hide_index": True,
        "column_config": {column.name: column.config(page, shown[column.name]) for column in columns},
        "height": "content" if len(shown) <= most_rows else _TALLEST_PIXELS,
        "placeholder": "",
    }
    if on_cell is None:
        st.dataframe(data, key=key, **layout)
        return
    drawn_as = clickable_key(key)
    st.dataframe(
        data,
        key=drawn_as,
        on_select=partial(answer_cell, key, drawn_as, on_cell),
        selection_mode="single-cell",
        **layout,
    )
