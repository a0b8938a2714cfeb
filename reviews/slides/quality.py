"""What the data quality says of the period."""

from reviews import findings
from reviews.model import Quality, Review, SourceState
from reviews.numbers import UNKNOWN, Numbers
from reviews.sentences import listed, quality_sentence
from reviews.slides import theme
from reviews.slides.elements import Box, Deck, Line, add_text, fitting_lines
from reviews.slides.table import Cell, Column, Row, add_table, pages, row

_TABLE_WIDTH, _GAP = 7.4, 0.35
_MOST_REASONS = 4
_CODES_SHOWN = 8


def add_quality(deck: Deck, review: Review, numbers: Numbers) -> None:
    """Add horizons per source on the left, what was left out on the right."""
    say, quality = numbers.say, review.quality
    slide = deck.add_slide(quality_sentence(review, numbers))
    top = theme.BODY_TOP + 0.1
    heads = {theme.MARGIN: say("quality.sources"), theme.MARGIN + _TABLE_WIDTH + _GAP: say("quality.counts")}
    for left, head in heads.items():
        add_text(slide, Box(left, top, 4, 0.3), [Line(head, 13, bold=True, colour=theme.VALUE)], deck.language)
    columns = _columns(numbers)
    box = Box(theme.MARGIN, top + 0.36, _TABLE_WIDTH, theme.BODY_BOTTOM - top - 0.36)
    rows = [_row(source, review, numbers) for source in _useful_first(quality)]
    add_table(slide, box, columns, pages(rows, columns, box.height)[0], deck.language)
    width = theme.BODY_WIDTH - _TABLE_WIDTH - _GAP
    right = Box(theme.MARGIN + _TABLE_WIDTH + _GAP, box.top, width, box.height)
    lines = [Line(text, 12, is_bullet=True, space_before=4) for text in quality_lines(review, numbers)]
    add_text(slide, right, fitting_lines(lines, right), deck.language)


def quality_lines(review: Review, numbers: Numbers) -> list[str]:
    """Return what was left out or is incomplete, one sentence each."""
    say, quality = numbers.say, review.quality
    unfinished = findings.unfinished(review.achievements)
    valued = len(review.achievements) - len(findings.without_value(review.achievements))
    complete = say("quality.kpis_complete", complete=valued - len(unfinished), valued=valued)
    if unfinished:
        kpis = listed([say.word(row.definition.label) for row in unfinished], numbers, 3)
        complete = say("common.semicolon").join([complete, say("quality.kpis_incomplete", kpis=kpis)])
    lines = [complete]
    if quality.period_deliveries:
        read = sum(counts.rows_read for counts in quality.period_deliveries)
        difference = sum(counts.difference for counts in quality.period_deliveries)
        lines.append(say("quality.rows", read=numbers.count(read), difference=numbers.count(difference)))
    lines.append(say("quality.quarantined", rows=_with_reasons(_total(quality.quarantined), quarantine_names(quality, numbers), numbers)))
    lines.append(say("quality.bad_cells", cells=numbers.count(_total(quality.bad_cells))))
    excluded = [
        say("quality.counted", name=exclusion_name(counted.code, numbers), count=numbers.count(counted.count))
        for counted in quality.excluded
    ]
    lines.append(say("quality.excluded", tickets=_with_reasons(_total(quality.excluded), excluded, numbers)))
    if quality.unregistered:
        codes = [
            say("quality.counted", name=f"{say.code('slice', c.kind)} {c.code}", count=numbers.count(c.count))
            for c in quality.unregistered[:_CODES_SHOWN]
        ]
        lines.append(say("quality.unregistered", codes=say.listed(codes)))
    return lines


def quarantine_names(quality: Quality, numbers: Numbers) -> list[str]:
    """Return the reasons of quarantined rows with their counts in words."""
    say = numbers.say
    return [
        say(
            "quality.reason",
            contract=say.code("contract", counted.kind),
            reason=say.code("reason_code", counted.code),
            count=numbers.count(counted.count),
        )
        for counted in quality.quarantined
    ]


def exclusion_name(code: str, numbers: Numbers) -> str:
    """Return the reason of an exclusion in words; reasons beyond the built-in ones are ids of the rule table."""
    words = numbers.say.code("exclusion_reason", code)
    return numbers.say("exclusion_rule", rule=code) if words == code else words


def reach_text(source: SourceState, numbers: Numbers) -> str:
    """Return whether a source reaches the end of the period."""
    if not source.feeds_kpis:
        return numbers.say("quality.unused")
    if source.days_short is None:
        return numbers.say("quality.undated")
    return numbers.say("quality.short", days=source.days_short) if source.days_short else numbers.say("quality.reached")


def _with_reasons(total: int, names: list[str], numbers: Numbers) -> str:
    if not names:
        return numbers.count(total)
    reasons = numbers.say("common.semicolon").join(names[:_MOST_REASONS])
    return numbers.say("common.with_reasons", total=numbers.count(total), reasons=reasons)


def _total(counted: "tuple[object, ...]") -> int:
    return sum(one.count for one in counted)  # type: ignore[attr-defined]


def _useful_first(quality: Quality) -> list[SourceState]:
    return sorted(quality.sources, key=lambda source: (not source.feeds_kpis, -(source.days_short or 0)))


def _columns(numbers: Numbers) -> list[Column]:
    say = numbers.say
    return [
        Column(say("column.contract"), 1.9),
        Column(say("column.source_system"), 1.45),
        Column(say("column.horizon"), 1.1),
        Column(say("column.reaches"), 1.45),
        Column(say("column.last_extracted_at"), 1.5),
    ]


def _row(source: SourceState, review: Review, numbers: Numbers) -> Row:
    colour = theme.BAD if source.days_short else theme.TEXT if source.feeds_kpis else theme.MUTED
    return row(
        Cell(numbers.say.code("contract", source.contract), bold=source.feeds_kpis),
        source.source_system,
        numbers.day(source.horizon),
        Cell(reach_text(source, numbers), colour=colour),
        numbers.instant(source.last_extracted_at, review.header.zone) if source.last_extracted_at else UNKNOWN,
    )
