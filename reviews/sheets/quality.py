"""The sheet of data quality."""

from collections.abc import Callable, Sequence

from reviews.model import Counted, DeliveryCounts, Review
from reviews.numbers import Numbers
from reviews.quality_lines import exclusion_name, quality_lines, reach_text
from reviews.sentences import quality_sentence
from reviews.sheets.writer import Book, Number, Table, Value

_COUNTS = (
    "deliveries", "rows_read", "rows_loaded", "rows_rejected", "rows_quarantined", "bad_cells", "difference",
)  # fmt: skip


def add_quality(book: Book, review: Review, numbers: Numbers) -> None:
    """Add horizons, where every row went, quarantine, bad cells, excluded tickets and unregistered codes."""
    say, quality = numbers.say, review.quality

    def quarantined(counted: Counted) -> list[Value]:
        return [say.code("contract", counted.kind), say.code("reason_code", counted.code), Number(counted.count)]

    quarantined_columns = [say("column.contract"), say("column.reason"), say("column.rows")]
    tables = [
        Table(say("workbook.summary"), [say("column.remark")], [[line] for line in quality_lines(review, numbers)]),
        Table(say("workbook.sources"), _source_columns(numbers), _source_rows(review, numbers)),
        _deliveries(say("workbook.deliveries_period"), quality.period_deliveries, numbers),
        _deliveries(say("workbook.deliveries_all"), quality.deliveries, numbers),
        Table(say("workbook.quarantined"), quarantined_columns, _rows(quality.quarantined, quarantined)),
        Table(
            say("workbook.bad_cells"),
            [say("column.contract"), say("column.column"), say("column.cells")],
            _rows(quality.bad_cells, lambda row: [say.code("contract", row.kind), row.code, Number(row.count)]),
        ),
        Table(
            say("workbook.excluded"),
            [say("column.reason"), say("column.tickets")],
            _rows(quality.excluded, lambda row: [exclusion_name(row.code, numbers), Number(row.count)]),
        ),
        Table(
            say("workbook.unregistered"),
            [say("column.kind"), say("column.code"), say("column.count")],
            _rows(quality.unregistered, lambda row: [say.code("slice", row.kind), row.code, Number(row.count)]),
        ),
    ]
    book.add_sheet(say("sheet.quality"), quality_sentence(review, numbers), tables)


def _rows(counted: Sequence[Counted], values: Callable[[Counted], list[Value]]) -> list[list[Value]]:
    return [values(row) for row in counted]


def _deliveries(heading: str, counts: Sequence[DeliveryCounts], numbers: Numbers) -> Table:
    say = numbers.say
    rows: list[list[Value]] = [
        [say.code("contract", row.contract), *(Number(getattr(row, name)) for name in _COUNTS)] for row in counts
    ]
    return Table(heading, [say("column.contract"), *(say(f"column.{name}") for name in _COUNTS)], rows)


def _source_columns(numbers: Numbers) -> list[str]:
    names = ("contract", "source_system", "horizon", "reaches", "last_extracted_at")
    return [numbers.say(f"column.{name}") for name in names]


def _source_rows(review: Review, numbers: Numbers) -> list[list[Value]]:
    return [
        [
            numbers.say.code("contract", source.contract),
            source.source_system,
            source.horizon,
            reach_text(source, numbers),
            numbers.instant(source.last_extracted_at, review.header.zone),
        ]
        for source in review.quality.sources
    ]
