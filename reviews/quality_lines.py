"""What was left out of the figures or is incomplete, in sentences."""

from collections.abc import Sequence

from reviews import findings
from reviews.model import Counted, Quality, Review, SourceState
from reviews.numbers import Numbers
from reviews.sentences import listed

_MOST_REASONS = 4
_CODES_SHOWN = 8


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
    quarantined = _with_reasons(quality.quarantined, _quarantine_names(quality, numbers), numbers)
    lines.append(say("quality.quarantined", rows=quarantined))
    lines.append(say("quality.bad_cells", cells=numbers.count(_total(quality.bad_cells))))
    excluded = [
        say("quality.counted", name=exclusion_name(counted.code, numbers), count=numbers.count(counted.count))
        for counted in quality.excluded
    ]
    lines.append(say("quality.excluded", tickets=_with_reasons(quality.excluded, excluded, numbers)))
    if quality.unregistered:
        codes = [
            say("quality.counted", name=f"{say.code('slice', c.kind)} {c.code}", count=numbers.count(c.count))
            for c in quality.unregistered[:_CODES_SHOWN]
        ]
        lines.append(say("quality.unregistered", codes=say.listed(codes)))
    return lines


def _quarantine_names(quality: Quality, numbers: Numbers) -> list[str]:
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


def _with_reasons(counted: Sequence[Counted], names: list[str], numbers: Numbers) -> str:
    total = _total(counted)
    if not names:
        return numbers.count(total)
    reasons = numbers.say("common.semicolon").join(names[:_MOST_REASONS])
    return numbers.say("common.with_reasons", total=numbers.count(total), reasons=reasons)


def _total(counted: Sequence[Counted]) -> int:
    return sum(one.count for one in counted)
