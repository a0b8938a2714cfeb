"""Data that is not in the numbers because it could not be read: quarantined rows and bad cells, with examples."""

import pandas as pd
import streamlit as st

from dashboards.exports import show_download
from dashboards.formatting import format_number
from dashboards.page import Page
from dashboards.queries import health
from dashboards.tables import Column, show_table
from dashboards.url_state import choose_one

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

#: Longer lists of examples scroll inside their own frame.
_EXAMPLES_UNSCROLLED = 10


def show_quarantine(page: Page) -> None:
    """Draw quarantined rows by contract and reason, and examples of one group."""
    say = page.phrases
    groups = health.quarantine_groups(page.reader, page.scope)
    if groups.empty:
        st.markdown(say("quarantine.none"))
        return
    st.markdown(say("quarantine.total", rows=format_number(groups["rows"].sum())))
    frame = groups.assign(
        contract=[say.code("contract", name) for name in groups["contract"]],
        reason=[say.code("reason_code", code) for code in groups["reason_code"]],
        column_name=groups["column_name"].fillna(""),
    )
    show_table(page, frame, _GROUP_COLUMNS, "quarantine_groups")
    _show_examples(page, groups)


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
    show_download(page, examples, f"quarantine_{contract}_{reason_code}", options[chosen])


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
