"""Findings as sentences: the titles of slides and the lines of the summary."""

from reviews import findings
from reviews.judgement import ChangeVerdict, TargetVerdict
from reviews.model import Achievement, ClearChange, Review, SliceMoves
from reviews.numbers import Numbers
from reviews.wording import member_name, period_text

_NAMES_IN_A_TITLE = 3


def listed(names: list[str], numbers: Numbers, most: int = _NAMES_IN_A_TITLE) -> str:
    """Return the first names in one enumeration, and how many more there are."""
    shown = numbers.say.listed(names[:most])
    more = len(names) - most
    return numbers.say("common.and_more", shown=shown, more=more) if more > 0 else shown


def summary_sentence(review: Review, numbers: Numbers) -> str:
    """Return what the review comes to: how many targets are met, and which one is furthest off."""
    say, period = numbers.say, period_text(review.header, numbers)
    met = len(findings.verdicts(review.achievements, TargetVerdict.MET))
    missed = findings.missed(review.achievements)
    judged = met + len(missed)
    if not judged:
        return say("summary.title_unjudged", period=period)
    if not missed:
        return say("summary.title_met", period=period, judged=judged)
    furthest = say.word(missed[0].definition.label)
    return say("summary.title_missed", period=period, met=met, judged=judged, kpi=furthest)


def look_at_lines(review: Review, numbers: Numbers) -> list[str]:
    """Return the sentences a leader should follow up: movers, clear changes, new concentrations, data."""
    lines = [moves_sentence(moves, numbers) for moves in (review.regions, review.teams) if findings.focus(moves)]
    if clear_changes(review):
        lines.append(clear_sentence(review, numbers))
    if findings.new_concentrations(review):
        lines.append(concentration_sentence(review, numbers))
    if review.causes.shares:
        lines.append(causes_sentence(review, numbers))
    lines.append(quality_sentence(review, numbers))
    return lines


def what_is_unsure(review: Review, numbers: Numbers) -> list[str]:
    """Return what keeps figures from being judged."""
    rows, say = review.achievements, numbers.say
    counts = {
        "summary.not_judged": len(findings.verdicts(rows, TargetVerdict.NOT_JUDGED)),
        "summary.without_value": len(findings.without_value(rows)),
    }
    return [say(key, count=count) for key, count in counts.items() if count]


def achievement_sentence(rows: list[Achievement], families: list[str], numbers: Numbers) -> str:
    """Return how many targets of some families are met, and which are missed."""
    say = numbers.say
    names = say.listed([say.code("family", family) for family in families])
    met = len(findings.verdicts(rows, TargetVerdict.MET))
    missed = [say.word(row.definition.label) for row in findings.missed(rows)]
    if not met + len(missed):
        unjudged = findings.verdicts(rows, TargetVerdict.NOT_JUDGED)
        return say(f"achievement.{'title_unjudged' if unjudged else 'title_without_targets'}", families=names)
    counts = {"families": names, "met": met, "judged": met + len(missed)}
    if not missed:
        return say("achievement.title", **counts)
    return say("achievement.title_missed", **counts, missed=listed(missed, numbers, 2))


def trends_sentence(rows: list[Achievement], review: Review, numbers: Numbers) -> str:
    """Return which of the KPIs on a slide changed clearly since the period before."""
    before = numbers.period(findings.previous(review))
    for verdict, key in ((ChangeVerdict.WORSE, "trends.title_worse"), (ChangeVerdict.BETTER, "trends.title_better")):
        names = [numbers.say.word(row.definition.label) for row in findings.changed(rows, verdict)]
        if names:
            return numbers.say(key, before=before, kpis=listed(names, numbers))
    return numbers.say("trends.title_none", before=before)


def moves_sentence(moves: SliceMoves, numbers: Numbers) -> str:
    """Return who adds most to the missed target that is furthest off."""
    say = numbers.say
    kpi = findings.focus(moves)
    if kpi is None:
        key = "moves.title_unsplit" if _any_missed(moves) else "moves.title_none"
        return say(key, slice=say(f"slice.{moves.slice_name}").lower())
    first = findings.miss_rows(moves, 1)[0].move
    unit = kpi.definition.unit
    return say(
        "moves.title_focus",
        member=member_name(first.member, numbers),
        kpi=say.word(kpi.definition.label),
        part=numbers.gap(first.miss_part, unit).removeprefix("+"),
        miss=numbers.gap(kpi.miss, unit).removeprefix("+"),
    )


def clear_changes(review: Review) -> list[ClearChange]:
    """Return the clear changes of regions and teams together, largest first."""
    return sorted(review.regions.clear_changes + review.teams.clear_changes, key=lambda change: -abs(change.z))


def clear_sentence(review: Review, numbers: Numbers) -> str:
    """Return how many changes are beyond chance, and the largest."""
    changes = clear_changes(review)
    return numbers.say(
        "clear.title",
        count=len(changes),
        before=numbers.period(findings.previous(review)),
        member=member_name(changes[0].member, numbers),
        kpi=numbers.say.word(changes[0].definition.label),
    )


def moves_note(moves: SliceMoves, review: Review, numbers: Numbers) -> str:
    """Return whether any member changed beyond chance."""
    key = "moves.some_clear" if moves.clear_changes else "moves.no_clear"
    return numbers.say(
        key,
        compared=numbers.count(moves.compared),
        clear=len(moves.clear_changes),
        slice=numbers.say(f"slice_many.{moves.slice_name}"),
        before=numbers.period(findings.previous(review)),
    )


def causes_sentence(review: Review, numbers: Numbers) -> str:
    """Return how few causes make up most cases, and which one leads."""
    known = [share for share in review.causes.shares if not share.cause.is_unknown]
    if not known:
        return numbers.say("causes.title_none")
    return numbers.say(
        "causes.title",
        few=len(findings.vital_causes(review.causes.shares)),
        many=len(known),
        cause=member_name(known[0].cause, numbers),
        share=numbers.share(known[0].share),
    )


def concentration_sentence(review: Review, numbers: Numbers) -> str:
    """Return the largest new concentration, or that there is none."""
    say, found = numbers.say, review.causes.concentrations
    new = findings.new_concentrations(review)
    if new:
        return say(
            "concentration.title_new",
            period=numbers.period(review.header.period),
            cause=member_name(new[0].cause, numbers),
            region=member_name(new[0].region, numbers),
            lift=numbers.factor(new[0].lift),
        )
    if not found:
        return say("concentration.title_none")
    key = "concentration.title_known" if review.causes.earlier_periods else "concentration.title_unproven"
    return say(key, count=len(found))


def quality_sentence(review: Review, numbers: Numbers) -> str:
    """Return whether all sources of KPIs reach the end of the period."""
    header = review.header
    day = numbers.day(min(header.period.last_day, header.as_of_day))
    short = [source for source in review.quality.sources if source.days_short]
    if short:
        names = list(dict.fromkeys(numbers.say.code("contract", source.contract) for source in short))
        return numbers.say("quality.title_short", sources=listed(names, numbers), day=day)
    rows = sum(counted.count for counted in review.quality.quarantined)
    return numbers.say("quality.title_good", day=day, quarantined=numbers.count(rows))


def _any_missed(moves: SliceMoves) -> bool:
    return any((kpi.miss or 0) > 0 for kpi in moves.kpis)
