"""Volumes in words: cells of tables, the sentence above them, and the notes on what was compared with what."""

from collections.abc import Sequence

from analytics.comparable_periods import Span
from reviews.judgement import ChangeVerdict
from reviews.model import ALL_CASE_TYPES, Stretch, VolumeRow, Volumes
from reviews.numbers import UNKNOWN, Numbers
from reviews.period import ReviewKind, ReviewPeriod
from reviews.wording import comparison_text, value_text


def case_type_name(row: VolumeRow, numbers: Numbers) -> str:
    """Return the word for a case type, or its code when it is new to the texts."""
    return numbers.say.code("case_type", row.case_type.code)


def volume_columns(found: Sequence[Volumes], period: ReviewPeriod) -> list[str]:
    """Return the names of the columns that say something; a year has no other period before than the year before."""
    names = ["case_type", "value", "before", "per_working_day", "year_before", "year_per_working_day", "festival"]
    if period.kind is ReviewKind.YEAR:
        names = [name for name in names if name not in ("before", "per_working_day")]
    if not any(volume.twin for volume in found):
        names.remove("festival")
    has_target = any(volume.attainment(row) is not None for volume in found for row in volume.rows)
    return [*names, "attainment"] if has_target else names


def volume_cells(volume: Volumes, row: VolumeRow, numbers: Numbers) -> dict[str, str]:
    """Return the texts of a row by name of column."""
    return {
        "case_type": case_type_name(row, numbers),
        "value": value_text(row.now, volume.definition, numbers),
        "before": comparison_text(row.now, row.before, _verdict(volume.before), volume.definition, numbers),
        "per_working_day": numbers.growth(volume.change_per_day(row)),
        "year_before": comparison_text(
            row.now, row.year_before, _verdict(volume.year_before), volume.definition, numbers
        ),
        "year_per_working_day": numbers.growth(volume.year_change_per_day(row)),
        "festival": _festival_text(volume, row, numbers),
        "attainment": numbers.share(volume.attainment(row)),
    }


def volume_sentence(volume: Volumes, period: ReviewPeriod, numbers: Numbers) -> str:
    """Return what became of a volume per working day, against the period before and the year before."""
    say = numbers.say
    total = next((row for row in volume.rows if row.case_type == ALL_CASE_TYPES), None)
    kpi = say.word(volume.definition.label)
    if total is None or total.now is None:
        return say("volumes.sentence_unknown", kpi=kpi, period=numbers.period(period))
    changes = [
        (volume.change_per_day(total), period.moved(-1)),
        (volume.year_change_per_day(total), period.year_before),
    ]
    if period.kind is ReviewKind.YEAR:
        changes = changes[1:]
    parts = [
        say("volumes.against", change=numbers.growth(change), period=numbers.period(earlier))
        for change, earlier in changes
        if change is not None
    ]
    value = value_text(total.now, volume.definition, numbers)
    if not parts:
        return say("volumes.sentence_alone", kpi=kpi, value=value, period=numbers.period(period))
    return say(
        "volumes.sentence", kpi=kpi, value=value, period=numbers.period(period), changes=numbers.say.listed(parts)
    )


def volume_notes(found: Sequence[Volumes], numbers: Numbers) -> list[str]:
    """Return which days were compared; once for all volumes that were compared alike."""
    notes: dict[str, list[str]] = {}
    for volume in found:
        for note in _notes(volume, numbers):
            notes.setdefault(note, []).append(numbers.say.word(volume.definition.label))
    return [
        note if len(kpis) == len(found) else numbers.say("volumes.note_of", kpi=numbers.say.listed(kpis), note=note)
        for note, kpis in notes.items()
    ]


def _notes(volume: Volumes, numbers: Numbers) -> list[str]:
    say = numbers.say
    stretches = {stretch.span: stretch for stretch in (volume.counted, volume.before, volume.year_before) if stretch}
    days = [
        say("volumes.days", days=numbers.count(stretch.working_days), span=_span_text(stretch.span, numbers))
        for stretch in stretches.values()
        if stretch.working_days is not None
    ]
    notes = [say("volumes.working_days", days=say.listed(days))] if days else [say("volumes.no_calendar")]
    if volume.twin and volume.counted and volume.festivals:
        this_year, last_year = volume.festivals
        notes.append(
            say(
                "volumes.festival",
                this_year=numbers.day(this_year),
                last_year=numbers.day(last_year),
                span=_span_text(volume.counted.span, numbers),
                twin=_span_text(volume.twin, numbers),
            )
        )
    else:
        notes.append(say(f"volumes.{volume.no_twin}"))
    return notes


def _festival_text(volume: Volumes, row: VolumeRow, numbers: Numbers) -> str:
    if row.twin is None:
        return UNKNOWN
    change = numbers.growth(volume.festival_change(row))
    return numbers.say("change.with_value", before=numbers.count(row.twin), change=change)


def _verdict(earlier: Stretch | None) -> ChangeVerdict | None:
    """Data that begin inside the earlier period are no comparison; otherwise the figures say what became of them."""
    return None if earlier else ChangeVerdict.NO_COMPARISON


def _span_text(span: Span, numbers: Numbers) -> str:
    return numbers.say("number.range", low=numbers.day(span.first), high=numbers.day(span.last))
