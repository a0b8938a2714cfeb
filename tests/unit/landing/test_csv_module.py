"""Whatever Python's csv module writes, in any dialect and encoding, lands as it was."""

import csv
import io

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

CELL = st.text(
    st.one_of(st.sampled_from(list("\"',;\t|\r\n \\ab07空𠮷é")), st.characters(codec="utf-8", exclude_characters="\0")),
    max_size=12,
)
ROWS = st.lists(st.tuples(CELL, CELL), min_size=1, max_size=12)


@given(
    rows=ROWS,
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    quote=st.sampled_from(['"', "'"]),
    line_end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "gb18030"]),
    quotes_all=st.booleans(),
)
@example(
    rows=[("\r\n", "\n"), ("a\rb", '"')], delimiter=",", quote='"', line_end="\r\n", encoding="utf-8", quotes_all=False
)
@example(rows=[("\n", ""), ("", "'")], delimiter=";", quote="'", line_end="\n", encoding="utf-16", quotes_all=True)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_cells_land_as_the_csv_module_wrote_them(bench, rows, delimiter, quote, line_end, encoding, quotes_all):
    # below Python 3.13 the module leaves a carriage return bare; before a line feed no reader tells it from a line end
    quotes_all = quotes_all or (line_end == "\n" and any("\r" in cell for row in rows for cell in row))
    text = io.StringIO(newline="")
    writer = csv.writer(
        text, delimiter=delimiter, quotechar=quote, lineterminator=line_end,
        quoting=csv.QUOTE_ALL if quotes_all else csv.QUOTE_MINIMAL,
    )  # fmt: skip
    writer.writerow(["id", "x", "y"])
    writer.writerows([f"T{number}", *row] for number, row in enumerate(rows))
    source = {"files": "in*", "delimiter": delimiter, "quote": quote, "encoding": encoding}
    table = bench.table({"subject": "x", "description": "y"}, source=source)
    parsed = bench.parse("in.csv", text.getvalue().encode(encoding), table)[0]
    assert parsed.quarantine == []
    found = [(row["ticket_id"], row["subject"] or "", row["description"] or "") for row in parsed.rows]
    assert found == [(f"T{number}", *row) for number, row in enumerate(rows)]
