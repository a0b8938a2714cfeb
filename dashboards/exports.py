"""Downloads: what the page shows as CSV or XLSX, stamped with filters, build, as-of and zone, harmless in Excel."""

import io
import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import pandas as pd
import streamlit as st
import xlsxwriter

from dashboards.page import Page

#: A spreadsheet runs a cell that begins with one of these as a formula (OWASP, CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

#: Excel takes a file for UTF-8, and shows Chinese, only with this mark.
_BYTE_ORDER_MARK = "\ufeff"

_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
_LONGEST_SHEET_NAME = 31
_NARROWEST, _WIDEST = 8, 48
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Frame = pd.DataFrame | Callable[[], pd.DataFrame]


def neutralise(value: object) -> object:
    """Return text that a spreadsheet would run with a leading apostrophe, everything else unchanged."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value


def to_csv(frame: pd.DataFrame, stamp: Mapping[str, str]) -> bytes:
    """Return the frame as CSV (UTF-8 with mark); the stamp becomes the last columns of every row."""
    stamped = frame.assign(**stamp)
    for column in stamped.columns:
        if not pd.api.types.is_numeric_dtype(stamped[column]):
            stamped[column] = stamped[column].map(neutralise, na_action="ignore")
    stamped.columns = pd.Index([str(neutralise(str(column))) for column in stamped.columns])
    return (_BYTE_ORDER_MARK + stamped.to_csv(index=False, lineterminator="\r\n")).encode()


def to_xlsx(frame: pd.DataFrame, name: str, about: Mapping[str, str], about_name: str) -> bytes:
    """Return a workbook: the frame on a sheet called `name`, the stamp as pairs on a second one."""
    memory = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(memory, options) as book:
        head = book.add_format({"bold": True, "bg_color": "#f4f6f9", "bottom": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(_sheet_name(name))
        sheet.freeze_panes(1, 0)
        for column, (title, values) in enumerate(frame.items()):
            sheet.write_string(0, column, str(neutralise(str(title))), head)
            longest = len(str(title))
            for row, value in enumerate(values, start=1):
                longest = max(longest, _write(sheet, row, column, value, day))
            sheet.set_column(column, column, min(max(longest + 2, _NARROWEST), _WIDEST))
        if len(frame) and len(frame.columns):
            sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)
        notes = book.add_worksheet(_sheet_name(about_name))
        notes.set_column(0, 0, 24)
        notes.set_column(1, 1, 80)
        for row, (label, text) in enumerate(about.items()):
            notes.write_string(row, 0, label, head)
            notes.write_string(row, 1, str(neutralise(text)))
    return memory.getvalue()


def show_download(page: Page, frame: Frame, name: str, filters: str, period: str = "") -> None:
    """Draw the buttons that download a frame as `<name>_<build id>.csv` and `.xlsx`; files are made when clicked."""
    build_id = page.reader.build.build_id
    stamp = {"filters": filters, "build_id": build_id, "as_of_local": page.as_of, "zone": page.zone}
    about = _about(page, filters, period)
    about_name = page.phrases("export.about")

    def unstamped() -> pd.DataFrame:
        made = frame() if callable(frame) else frame
        return made.drop(columns=[column for column in stamp if column in made])

    with st.container(horizontal=True, gap="small"):
        st.download_button(
            page.phrases("export.download_csv"),
            lambda: to_csv(unstamped(), stamp),
            file_name=f"{name}_{build_id}.csv",
            mime="text/csv",
            icon=":material/download:",
            key=f"download_{name}",
            on_click="ignore",
        )
        st.download_button(
            page.phrases("export.download_xlsx"),
            lambda: to_xlsx(unstamped(), name, about, about_name),
            file_name=f"{name}_{build_id}.xlsx",
            mime=_XLSX,
            icon=":material/table_view:",
            key=f"download_xlsx_{name}",
            on_click="ignore",
        )


def _about(page: Page, filters: str, period: str) -> dict[str, str]:
    say = page.phrases
    facts = {
        "page": say(f"pages.{page.subject}.title"),
        "question": say(f"pages.{page.subject}.question"),
        "period": period,
        "filters": filters,
        "build_id": page.reader.build.build_id,
        "as_of": page.as_of,
        "zone": page.zone,
    }
    return {say(f"about.{name}"): text for name, text in facts.items() if text}


def _sheet_name(name: str) -> str:
    return _NOT_IN_SHEET_NAMES.sub(" ", name)[:_LONGEST_SHEET_NAME]


def _write(sheet: Any, row: int, column: int, value: Any, day: Any) -> int:
    """Write one cell by the kind of its value and return about how many letters it shows; unknown stays empty."""
    if value is None or value is pd.NaT or (isinstance(value, float) and not math.isfinite(value)):
        return 0
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
        return 5
    if isinstance(value, datetime | date):
        sheet.write_datetime(row, column, value, day)
        return 10
    if isinstance(value, int | float):
        sheet.write_number(row, column, value)
        return 10
    text = str(neutralise(str(value)))
    sheet.write_string(row, column, text)
    return len(text)
