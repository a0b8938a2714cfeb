"""The sheets of root causes: Pareto with its chart, and concentrations."""

from typing import Any

from reviews.model import Review
from reviews.numbers import Numbers
from reviews.root_causes import EARLIER_PERIODS
from reviews.sentences import causes_sentence, concentration_sentence
from reviews.sheets.writer import Book, Number, Table, Value
from reviews.wording import member_name

_CHART_SIZE = {"width": 900, "height": 360}


def add_causes(book: Book, review: Review, numbers: Numbers) -> None:
    """Add one row per cause, most frequent first, and the Pareto chart beside."""
    say = numbers.say
    columns = [
        *(say(f"column.{name}") for name in ("cause", "code", "category", "count", "share", "cumulative_share")),
        say("column.count_before"),
    ]
    rows: list[list[Value]] = [
        [
            member_name(share.cause, numbers),
            share.cause.code,
            say.code("category", share.category),
            Number(share.count),
            Number(share.share, "0.0%"),
            Number(share.cumulative_share, "0.0%"),
            Number(share.count_before),
        ]
        for share in review.causes.shares
    ]
    name = say("sheet.causes")
    sheet, headers = book.add_sheet(name, name, [Table(causes_sentence(review, numbers), columns, rows)])
    known = sum(not share.cause.is_unknown for share in review.causes.shares)
    if known:
        sheet.insert_chart(headers[0], len(columns) + 1, _pareto(book, name, headers[0], known, numbers))


def add_concentrations(book: Book, review: Review, numbers: Numbers) -> None:
    """Add one row per concentration of a cause in a region, new ones first."""
    say, causes, period = numbers.say, review.causes, review.header.period
    states = {True: "is_new", False: "is_known", None: "is_unproven"}
    periods = [period.moved(-back).code for back in range(EARLIER_PERIODS, -1, -1)]
    columns = [
        *(say(f"column.{name}") for name in ("cause", "region")),
        *periods,
        *(say(f"column.{name}") for name in ("expected", "lift", "low", "high", "is_new")),
    ]
    rows: list[list[Value]] = [
        [
            member_name(found.cause, numbers),
            member_name(found.region, numbers),
            *(
                Number(count, note="" if count is not None else say("null_reason.no_rows"))
                for count in found.earlier_counts
            ),
            Number(found.count),
            Number(found.expected, "#,##0.0"),
            Number(found.lift, "0.0"),
            Number(found.low, "0.0"),
            Number(found.high, "0.0"),
            say(f"concentration.{states[found.is_new]}"),
        ]
        for found in causes.concentrations
    ]
    title = concentration_sentence(review, numbers)
    book.add_sheet(say("sheet.concentration"), say("sheet.concentration"), [Table(title, columns, rows)])


def _pareto(book: Book, sheet: str, header: int, count: int, numbers: Numbers) -> Any:
    say = numbers.say
    columns = book.workbook.add_chart({"type": "column"})
    line = book.workbook.add_chart({"type": "line"})
    first, last = header + 1, header + count
    columns.add_series(
        {
            "name": say("causes.count_axis"),
            "categories": [sheet, first, 0, last, 0],
            "values": [sheet, first, 3, last, 3],
            "fill": {"color": "#5F92C9"},
            "gap": 35,
        }
    )
    line.add_series(
        {
            "name": say("causes.cumulative"),
            "categories": [sheet, first, 0, last, 0],
            "values": [sheet, first, 5, last, 5],
            "y2_axis": True,
            "line": {"color": "#B85C00", "width": 1.75},
        }
    )
    columns.combine(line)
    columns.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": "#D5DBE3"}}})
    line.set_y2_axis({"min": 0, "max": 1, "num_format": "0%"})
    columns.set_legend({"position": "bottom"})
    columns.set_title({"none": True})
    columns.set_size(_CHART_SIZE)
    return columns
