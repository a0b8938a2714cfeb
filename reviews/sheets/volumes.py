"""The sheet of volumes: by case type, as they stand, per working day, and aligned by the Spring Festival."""

from analytics.comparable_periods import growth
from reviews import findings
from reviews.figure import Figure
from reviews.model import Review, VolumeRow, Volumes
from reviews.numbers import Numbers
from reviews.sheets.writer import Book, Number, Table, Value
from reviews.volume_wording import case_type_name, volume_notes, volume_sentence
from reviews.wording import null_text

_SHARE = "0.0%"


def add_volumes(book: Book, review: Review, numbers: Numbers) -> None:
    """Add one row per volume and case type, and below it what was compared with what."""
    say, period = numbers.say, review.header.period
    columns = [say("column.kpi"), say("column.case_type"), say("column.code"), numbers.period(period)]
    if not findings.is_year(review):
        columns += [say("column.before", period=numbers.period(period.moved(-1))), say("column.change")]
        columns += [say("column.per_working_day")]
    columns += [say("column.year_before", period=numbers.period(period.year_before)), say("column.change")]
    columns += [say(f"column.{name}") for name in ("year_per_working_day", "festival_counted", "festival_twin")]
    columns += [say("column.festival"), say("column.target"), say("column.attainment")]
    rows = [_row(volume, row, review, numbers) for volume in review.volumes for row in volume.rows]
    sentences = [volume_sentence(volume, period, numbers) for volume in review.volumes]
    notes: list[list[Value]] = [[line] for line in [*sentences, *volume_notes(review.volumes, numbers)]]
    title = say("sheet.volumes")
    book.add_sheet(title, title, [Table("", columns, rows), Table("", [say("workbook.notes")], notes)])


def _row(volume: Volumes, row: VolumeRow, review: Review, numbers: Numbers) -> list[Value]:
    before: list[Value] = []
    if not findings.is_year(review):
        before = [*_earlier(row, row.before, volume.before is not None, numbers)]
        before += [_share(volume.change_per_day(row))]
    return [
        numbers.say.word(volume.definition.label),
        case_type_name(row, numbers),
        row.case_type.code,
        _count(row.now, numbers),
        *before,
        *_earlier(row, row.year_before, volume.year_before is not None, numbers),
        _share(volume.year_change_per_day(row)),
        Number(row.counted),
        Number(row.twin),
        _share(volume.festival_change(row)),
        Number(row.now.target if row.now else None),
        _share(volume.attainment(row)),
    ]


def _earlier(row: VolumeRow, earlier: Figure | None, is_covered: bool, numbers: Numbers) -> list[Value]:
    values = [figure.value if figure else None for figure in (row.now, earlier)]
    return [_count(earlier, numbers), _share(growth(*values) if is_covered else None)]


def _count(figure: Figure | None, numbers: Numbers) -> Number:
    value = figure.value if figure else None
    return Number(value, note="" if value is not None else null_text(figure, numbers))


def _share(fraction: float | None) -> Number:
    return Number(fraction, _SHARE)
