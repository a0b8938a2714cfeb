"""The sheets of the whole company: summary, KPI achievement, trends, definitions."""

from reviews import findings
from reviews.judgement import ChangeVerdict, TargetVerdict
from reviews.model import Achievement, Review
from reviews.numbers import Numbers, excel_format
from reviews.sentences import look_at_lines, summary_sentence, what_is_unsure
from reviews.sheets.writer import Book, Number, Table, Text, Value
from reviews.wording import change_text, null_text, remarks, unit_name

_VERDICT_TONES = {TargetVerdict.MET: "good", TargetVerdict.MISSED: "bad"}
_CHANGE_TONES = {ChangeVerdict.BETTER: "good", ChangeVerdict.WORSE: "bad"}


def add_summary(book: Book, review: Review, numbers: Numbers) -> None:
    """Add the sentences of the summary."""
    lines = [*look_at_lines(review, numbers), *what_is_unsure(review, numbers)]
    rows: list[list[Value]] = [[line] for line in lines]
    table = Table("", [numbers.say("workbook.summary")], rows)
    book.add_sheet(numbers.say("sheet.summary"), summary_sentence(review, numbers), [table])


def add_achievement(book: Book, review: Review, numbers: Numbers) -> None:
    """Add one row per KPI: value, target, last period, last year, interval, maturity, remark."""
    say, period = numbers.say, review.header.period
    earlier = []
    if not findings.is_year(review):
        earlier += [say("column.before", period=numbers.period(period.moved(-1))), say("column.change")]
    earlier += [say("column.year_before", period=numbers.period(period.year_before)), say("column.change")]
    columns = [
        *(say(f"column.{name}") for name in ("kpi", "family", "unit", "value", "target", "verdict")),
        *earlier,
        *(say(f"column.{name}") for name in ("n", "low", "high", "matured_share", "is_complete", "remark", "kpi_key")),
    ]
    rows = [_achievement_row(entry, review, numbers) for entry in review.achievements]
    book.add_sheet(say("sheet.achievement"), say("sheet.achievement"), [Table("", columns, rows)])


def add_trends(book: Book, review: Review, numbers: Numbers) -> None:
    """Add every KPI over the periods, one column each."""
    say = numbers.say
    periods = sorted({period for trend in review.trends for period in trend.periods}, key=lambda period: period.start)
    rows: list[list[Value]] = []
    for trend in review.trends:
        by_period = dict(zip(trend.periods, trend.figures, strict=True))
        unit = trend.definition.unit
        row: list[Value] = [say.word(trend.definition.label), unit_name(unit, numbers)]
        for period in periods:
            figure = by_period.get(period)
            value = figure.value if figure else None
            row.append(Number(value, excel_format(unit), "" if value is not None else null_text(figure, numbers)))
        rows.append([*row, trend.definition.key])
    columns = [say("column.kpi"), say("column.unit"), *(period.code for period in periods), say("column.kpi_key")]
    book.add_sheet(say("sheet.trends"), say("sheet.trends"), [Table("", columns, rows)])


def add_definitions(book: Book, review: Review, numbers: Numbers) -> None:
    """Add what every KPI means."""
    say = numbers.say
    rows: list[list[Value]] = [
        [
            say.word(entry.definition.label),
            unit_name(entry.definition.unit, numbers),
            say.word(entry.definition.definition),
            say.word(entry.definition.caveat) or None,
            entry.definition.key,
        ]
        for entry in review.achievements
    ]
    columns = [say(f"column.{name}") for name in ("kpi", "unit", "definition", "caveat", "kpi_key")]
    book.add_sheet(say("sheet.definitions"), say("sheet.definitions"), [Table("", columns, rows)])


def _achievement_row(entry: Achievement, review: Review, numbers: Numbers) -> list[Value]:
    say, definition, now = numbers.say, entry.definition, entry.now
    shown = excel_format(definition.unit)
    verdict = entry.target_verdict
    target = now.target if now and definition.direction != "neutral" else None
    comparisons = [(entry.before, entry.change), (entry.year_before, entry.year_change)]
    row: list[Value] = [
        say.word(definition.label),
        say.code("family", definition.family),
        unit_name(definition.unit, numbers),
        Number(now.value if now else None, shown),
        Number(target, shown),
        Text(say(f"verdict.{verdict}"), _VERDICT_TONES.get(verdict, "muted")),
    ]
    for figure, change in comparisons[1:] if findings.is_year(review) else comparisons:
        row.append(Number(figure.value if figure else None, shown))
        row.append(Text(change_text(now, figure, definition, numbers, change), _CHANGE_TONES.get(change, "")))
    is_complete = None if now is None or now.value is None else now.is_complete
    return [
        *row,
        Number(now.n if now and now.value is not None else None),
        Number(now.low if now else None, shown),
        Number(now.high if now else None, shown),
        Number(now.matured_share if now and now.value is not None else None, "0.0%"),
        None if is_complete is None else say("common.yes_word" if is_complete else "common.no_word"),
        say("common.semicolon").join(remarks(entry, numbers)),
        definition.key,
    ]
