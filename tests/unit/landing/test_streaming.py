"""A plain file is streamed into contract rows; what comes out is what reading it into a table of texts gives."""

import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

CELLS = st.sampled_from(
    ["", "7", "8.0", "x", "K,1", 'say "a"', "两\n行", "2025-01-02 03:04:05", "31/2/2025", "new", "2"]
)
COLUMNS = {
    "ticket_id": "id",
    "opened_at": "opened",
    "status": "status",
    "reopened_count": "n",
    "subject": {"expr": "upper(id)"},
}


def _line(cells: list[str]) -> str:
    return ",".join('"' + cell.replace('"', '""') + '"' if set(cell) & set(',"\n') else cell for cell in cells)


def _outcome(bench, content: str, **entry) -> dict[str, object]:
    parsed = bench.parse("in.csv", content, bench.table(COLUMNS, **entry))[0]
    e = parsed.entry
    counts = ("read", "loaded", "rejected", "quarantined", "filtered", "identical", "conflicting")
    return {
        "counts": {name: getattr(e, f"rows_{name}") for name in counts} | {"bad": e.bad_cells, "worst": e.worst_column},
        "rows": sorted(parsed.rows, key=lambda row: row["_row_number"]),
        "quarantine": sorted(json.dumps(row, default=str) for row in parsed.quarantine),
        "bad_cells": sorted(json.dumps(row, default=str) for row in parsed.bad_cells),
    }


@pytest.mark.parametrize("delivery", ["delta", "snapshot"])
@given(rows=st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=1, max_size=12), ragged=st.booleans())
@example(rows=[["A", "2025-01-02 03:04:05", "new", "1"], ["A", "2025-01-02 03:04:05", "new", "2"]], ragged=False)
@example(rows=[["", "", "", ""], ["A", "x", "y", "z"]], ragged=True)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_streaming_gives_what_a_table_of_texts_gives(bench, delivery, rows, ragged):
    """A condition that is always true needs the table; a ragged line cannot be streamed past."""
    lines = [_line(["id", "opened", "status", "n"]), *map(_line, rows)]
    if ragged:
        lines.insert(1 + len(rows) // 2, "too,few")
    content = "\n".join(lines) + "\n"
    streamed = _outcome(bench, content, delivery=delivery)
    assert streamed == _outcome(bench, content, delivery=delivery, where="true")
    assert streamed["counts"]["rejected"] == int(ragged)
    assert streamed["counts"]["read"] == len(rows) + int(ragged)


def test_a_quarantined_row_is_shown_whole_with_its_place(bench):
    parsed = bench.parse(
        "in.csv",
        "id,opened,extra\nA,2025-01-02 03:04:05,p\nB,never,q\n",
        bench.table({**COLUMNS, "status": "id", "reopened_count": "extra"}),
    )[0]
    assert [json.loads(row["row_text"]) for row in parsed.quarantine] == [
        {"_row_number": 2, "id": "B", "opened": "never", "extra": "q"}
    ]
