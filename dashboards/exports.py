"""CSV downloads: what the page shows, stamped on every row, harmless in a spreadsheet."""

import pandas as pd
import streamlit as st

from dashboards.page import Page

#: A spreadsheet runs a cell that begins with one of these as a formula (OWASP, CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

#: Excel takes a file for UTF-8, and shows Chinese, only with this mark.
_BYTE_ORDER_MARK = "\ufeff"


def neutralise(value: object) -> object:
    """Return text that a spreadsheet would run with a leading apostrophe, everything else unchanged."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value


def to_csv(frame: pd.DataFrame, stamp: dict[str, str]) -> bytes:
    """Return the frame as CSV (UTF-8 with mark); the stamp becomes the last columns of every row."""
    stamped = frame.assign(**stamp)
    for column in stamped.columns:
        if not pd.api.types.is_numeric_dtype(stamped[column]):
            stamped[column] = stamped[column].map(neutralise, na_action="ignore")
    stamped.columns = pd.Index([str(neutralise(str(column))) for column in stamped.columns])
    return (_BYTE_ORDER_MARK + stamped.to_csv(index=False, lineterminator="\r\n")).encode()


def show_download(page: Page, frame: pd.DataFrame, name: str, filters: str) -> None:
    """Draw the button that downloads a frame as `<name>_<build id>.csv`."""
    stamp = {"filters": filters, "build_id": page.reader.build.build_id, "as_of_local": page.as_of, "zone": page.zone}
    st.download_button(
        page.phrases("export.download_csv"),
        to_csv(frame.drop(columns=[column for column in stamp if column in frame]), stamp),
        file_name=f"{name}_{page.reader.build.build_id}.csv",
        mime="text/csv",
        icon=":material/download:",
        key=f"download_{name}",
        on_click="ignore",
    )
