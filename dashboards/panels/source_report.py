"""Where the data came from: freshness per source, and where every row of every extract went."""

from typing import Any

import pandas as pd
import streamlit as st

from dashboards.exports import show_download
from dashboards.formatting import format_day, format_instant, format_number
from dashboards.page import Page
from dashboards.queries import health
from dashboards.tables import Column, show_table

#: Data whose newest day is at most this many days before the as-of day is called up to date.
_DAYS_UP_TO_DATE = 2

_SOURCE_COLUMNS = (
    Column("contract"),
    Column("source_system"),
    Column("horizon_date", help="sources.horizon_help"),
    Column("freshness"),
    Column("last_extracted_at"),
    Column("extracts", kind="count"),
    Column("rows_loaded", kind="count"),
)

_ROW_COUNTS = (
    "rows_read",
    "rows_loaded",
    "rows_rejected",
    "rows_quarantined",
    "rows_folded",
    "rows_filtered",
    "rows_identical",
    "rows_conflicting",
)

#: Longer lists of extracts scroll inside their own frame.
_ENTRIES_UNSCROLLED = 12


def show_sources(page: Page) -> None:
    """Draw freshness and data horizon per source system and contract."""
    say = page.phrases
    sources = health.sources(page.reader, page.scope)
    if sources.empty:
        st.markdown(say("sources.empty"))
        return
    frame = pd.DataFrame(
        {
            "contract": [say.code("contract", name) for name in sources["contract"]],
            "source_system": sources["source_system"],
            "horizon_date": [_day_text(day) for day in sources["horizon_date"]],
            "freshness": [_freshness(page, days) for days in sources["days_behind"]],
            "last_extracted_at": [format_instant(_instant(at), page.zone) for at in sources["last_extracted_at"]],
            "extracts": sources["extracts"],
            "rows_loaded": sources["rows_loaded"],
        }
    )
    show_table(page, frame, _SOURCE_COLUMNS, "sources")
    show_download(page, sources, "sources", say("filter.none"))


def show_reconciliation(page: Page) -> None:
    """Draw, per extract and contract, how many rows were read and where each of them went."""
    say = page.phrases
    entries = health.extract_entries(page.reader, page.scope)
    if entries.empty:
        st.markdown(say("extracts.empty"))
        return
    unexplained = int((entries["difference"] != 0).sum())
    if unexplained:
        st.warning(say("extracts.not_reconciled", entries=unexplained), icon=":material/warning:")
    else:
        rows = format_number(entries["rows_read"].sum())
        st.markdown(say("extracts.all_reconciled", entries=format_number(len(entries)), rows=rows))
    frame = entries.assign(
        contract=[say.code("contract", name) for name in entries["contract"]],
        delivery=[say.code("delivery", code) for code in entries["delivery"]],
        loaded_at=[format_instant(_instant(at), page.zone) for at in entries["loaded_at"]],
        balance=[
            say("extracts.balanced") if d == 0 else say("extracts.missing", rows=d) for d in entries["difference"]
        ],
    )
    shown_counts = [name for name in _ROW_COUNTS if name in ("rows_read", "rows_loaded") or entries[name].any()]
    columns = (
        Column("file_name"),
        Column("contract"),
        Column("balance"),
        *(Column(name, kind="count") for name in shown_counts),
        Column("bad_cells", kind="count"),
        Column("delivery"),
        Column("loaded_at"),
        Column("extract_id"),
    )
    show_table(page, frame, columns, "extract_entries", most_rows=_ENTRIES_UNSCROLLED)
    st.caption(say("extracts.formula"))
    show_download(page, entries, "extracts", say("filter.none"))


def _freshness(page: Page, days: Any) -> str:
    if pd.isna(days):
        return page.phrases("sources.no_instants")
    behind = max(int(days), 0)
    key = "sources.fresh" if behind <= _DAYS_UP_TO_DATE else "sources.behind"
    return page.phrases(key, days=format_number(behind))


def _instant(value: Any) -> pd.Timestamp | None:
    return None if pd.isna(value) else pd.Timestamp(value)


def _day_text(value: Any) -> str:
    return format_day(None if pd.isna(value) else pd.Timestamp(value).date())
