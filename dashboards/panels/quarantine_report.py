"""Data that is not in the numbers because it could not be read: quarantined rows and bad cells, with examples."""

import pandas as pd
import streamlit as st

from dashboards.exports import show_download
from dashboards.formatting import format_instant, format_number
from dashboards.page import Page
from dashboards.queries import health
from dashboards.tables import Column, show_table
from dashboards.url_state import choose_one
from warehouse.quarantine_file import QuarantinedRow, file_stem, to_csv, to_table, to_xlsx

_GROUP_COLUMNS = (
    Column("contract"),
    Column("reason"),
    Column("column_name"),
    Column("rows", kind="count"),
    Column("extracts", kind="count"),
)

_EXAMPLE_COLUMNS = (
    Column("file_name"),
    Column("row_number", kind="count"),
    Column("column_name"),
    Column("value", label="column.cell_value"),
    Column("reason"),
)

_BAD_CELL_COLUMNS = (
    Column("contract"),
    Column("column_name"),
    Column("reason"),
    Column("cells", kind="count"),
    Column("example"),
    Column("file_name"),
)

_RELEASED_COLUMNS = (
    Column("released_at"),
    Column("released_by_file"),
    Column("file_name"),
    Column("contract"),
    Column("rows", kind="count"),
)

_GONE_COLUMNS = (
    Column("contract"),
    Column("source_system"),
    Column("gone_since"),
    Column("file_name"),
    Column("rows", kind="count"),
)

#: Longer lists of examples scroll inside their own frame.
_EXAMPLES_UNSCROLLED = 10


def show_quarantine(page: Page) -> None:
    """Draw quarantined rows by contract and reason, and examples of one group."""
    say = page.phrases
    groups = health.quarantine_groups(page.reader, page.scope)
    if groups.empty:
        st.markdown(say("quarantine.none"))
        _show_released(page)
        return
    st.markdown(say("quarantine.total", rows=format_number(groups["rows"].sum())))
    frame = groups.assign(
        contract=[say.code("contract", name) for name in groups["contract"]],
        reason=[say.code("reason_code", code) for code in groups["reason_code"]],
        column_name=groups["column_name"].fillna(""),
    )
    show_table(page, frame, _GROUP_COLUMNS, "quarantine_groups")
    _show_examples(page, groups)
    _show_released(page)


def _show_examples(page: Page, groups: pd.DataFrame) -> None:
    say = page.phrases
    pairs = {
        f"{row.contract}.{row.reason_code}": (str(row.contract), str(row.reason_code)) for row in groups.itertuples()
    }
    options = {
        code: say("quarantine.group", contract=say.code("contract", pair[0]), reason=say.code("reason_code", pair[1]))
        for code, pair in pairs.items()
    }
    chosen = choose_one(
        st.container(), "quarantine", say("quarantine.choose_group"), options, next(iter(options)), width=420
    )
    contract, reason_code = pairs[chosen]
    examples = health.quarantine_examples(page.reader, page.scope, contract, reason_code)
    # landing writes its reasons in English; the code has words in both languages
    translated = [say.code("reason_code", reason_code)] * len(examples)
    frame = examples.assign(
        column_name=examples["column_name"].fillna(""),
        value=examples["value"].fillna(say("common.empty_cell")),
        reason=translated if say.language == "zh-CN" else examples["reason"],
    )
    show_table(page, frame, _EXAMPLE_COLUMNS, "quarantine_examples", most_rows=_EXAMPLES_UNSCROLLED)
    st.caption(say("quarantine.examples_limit", limit=health.EXAMPLES))
    _show_files(page, contract, reason_code)


def _show_files(page: Page, contract: str, reason_code: str) -> None:
    """Draw the buttons that give the rows out as they were delivered, to be corrected and put in again."""
    say = page.phrases
    rows = health.quarantine_as_delivered(page.reader, page.scope, contract, reason_code)
    if rows is None:
        st.caption(say("quarantine.no_files"))
        return
    translated = say.code("reason_code", reason_code)
    is_chinese = say.language == "zh-CN"

    def table() -> tuple[list[str], list[list[str]]]:
        return to_table(
            QuarantinedRow(
                row["extract_id"], row["file_name"], int(row["row_number"]),
                None if pd.isna(row["column_name"]) else row["column_name"],
                translated if is_chinese else row["reason"],
                None if pd.isna(row["row_text"]) else row["row_text"],
            )
            for row in rows.to_dict("records")
        )  # fmt: skip

    stem = file_stem(contract, reason_code)
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            say("quarantine.csv", rows=format_number(len(rows))), lambda: to_csv(*table()), file_name=f"{stem}.csv",
            mime="text/csv", icon=":material/download:", key="quarantine_csv", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            say("quarantine.xlsx"), lambda: to_xlsx(*table()), file_name=f"{stem}.xlsx",
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            icon=":material/table_view:", key="quarantine_xlsx", on_click="ignore",
        )  # fmt: skip
    st.caption(say("quarantine.how"))


def _show_released(page: Page) -> None:
    """Draw which files of corrections released how many rows."""
    say = page.phrases
    released = health.released_rows(page.reader, page.scope)
    if released.empty:
        return
    st.markdown(say("quarantine.released", rows=format_number(released["rows"].sum())))
    frame = released.assign(
        contract=[say.code("contract", name) for name in released["contract"]],
        released_at=[format_instant(pd.Timestamp(at), page.zone) for at in released["released_at"]],
    )
    show_table(page, frame, _RELEASED_COLUMNS, "released_rows", most_rows=_EXAMPLES_UNSCROLLED)


def show_gone(page: Page) -> None:
    """Draw the rows that their source no longer has, by the snapshot that says so."""
    say = page.phrases
    gone = health.gone_rows(page.reader, page.scope)
    if gone.empty:
        st.markdown(say("gone.none"))
        return
    st.markdown(say("gone.total", rows=format_number(gone["rows"].sum())))
    frame = gone.assign(
        contract=[say.code("contract", name) for name in gone["contract"]],
        gone_since=[format_instant(pd.Timestamp(at), page.zone) for at in gone["gone_since"]],
        file_name=gone["file_name"].fillna(""),
    )
    show_table(page, frame, _GONE_COLUMNS, "gone_rows", most_rows=_EXAMPLES_UNSCROLLED)
    show_download(page, gone, "gone_rows", say("filter.none"))


def show_bad_cells(page: Page) -> None:
    """Draw cells whose text was not what the mapping declares, by contract and column, with an example each."""
    say = page.phrases
    groups = health.bad_cell_groups(page.reader, page.scope)
    if groups.empty:
        st.markdown(say("bad_cells.none"))
        return
    st.markdown(say("bad_cells.total", cells=format_number(groups["cells"].sum())))
    frame = groups.assign(
        contract=[say.code("contract", name) for name in groups["contract"]],
        reason=[say.code("reason_code", code) for code in groups["reason_code"]],
        example=groups["example"].fillna(say("common.empty_cell")),
    )
    show_table(page, frame, _BAD_CELL_COLUMNS, "bad_cells", most_rows=_EXAMPLES_UNSCROLLED)
    show_download(page, groups, "bad_cells", say("filter.none"))
