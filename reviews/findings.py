"""What stands out of a review, in no language: which KPIs, members and causes a leader should look at first."""

from collections.abc import Sequence
from dataclasses import dataclass

from reviews.judgement import ChangeVerdict, TargetVerdict, is_immature, judge_target
from reviews.model import Achievement, CauseShare, Concentration, KpiMoves, Move, Review, SliceMoves, Trend
from reviews.period import ReviewKind, ReviewPeriod
from reviews.root_causes import CASES

_TILES = 5
_TREND_CHARTS = 8
_PER_FAMILY = 2
_FEWEST_PER_KPI, _MOST_PER_KPI = 2, 4
_VITAL_SHARE = 0.8


@dataclass(frozen=True)
class MissRow:
    """A member that adds to a missed target, with the KPI it misses."""

    kpi: KpiMoves
    move: Move


@dataclass(frozen=True)
class PooledMove:
    """Members that are shown together: the sum of their parts of the miss, and how many they are."""

    miss_part: float
    members: int


def previous(review: Review) -> ReviewPeriod:
    return review.header.period.moved(-1)


def verdicts(rows: Sequence[Achievement], verdict: TargetVerdict) -> list[Achievement]:
    return [row for row in rows if row.target_verdict is verdict]


def missed(rows: Sequence[Achievement]) -> list[Achievement]:
    """Return the missed targets, relatively furthest off first."""
    return sorted(verdicts(rows, TargetVerdict.MISSED), key=lambda row: -_relative_miss(row))


def changed(rows: Sequence[Achievement], verdict: ChangeVerdict) -> list[Achievement]:
    """Return the KPIs that became clearly better or worse, relatively largest change first."""
    return sorted((row for row in rows if row.change is verdict), key=lambda row: -_relative_change(row))


def without_value(rows: Sequence[Achievement]) -> list[Achievement]:
    return [row for row in rows if row.now is None or row.now.value is None]


def unfinished(rows: Sequence[Achievement]) -> list[Achievement]:
    """Return KPIs whose value rests on incomplete data or on too many cases that are not decided yet."""
    return [row for row in rows if row.now and row.now.value is not None and _is_unfinished(row)]


def tiles(rows: Sequence[Achievement]) -> list[Achievement]:
    """Return the KPIs for the top of the summary: the volume, the missed targets, then other targets."""
    volume = [row for row in rows if row.now and row.now.is_sum and row.now.value is not None][:1]
    return volume + _varied(_by_urgency(rows), _TILES - len(volume))


def headline_trends(review: Review) -> list[Trend]:
    """Return the trends worth a chart: targets, missed ones first, at most two of a family, then the volume."""
    drawable = {trend.definition.key: trend for trend in review.trends if _points(trend) > 1}
    ordered = [row for row in _by_urgency(review.achievements) if row.definition.key in drawable]
    chosen = _varied(ordered, _TREND_CHARTS)
    if len(chosen) < _TREND_CHARTS:
        volume = [row for row in review.achievements if row.now and row.now.is_sum and row.definition.key in drawable]
        chosen = volume[:1] + chosen
    return [drawable[row.definition.key] for row in chosen[:_TREND_CHARTS]]


def focus(moves: SliceMoves) -> KpiMoves | None:
    """Return the missed KPI that is relatively furthest off and can be split by member, or None."""
    return next(iter(_missed_moves(moves)), None)


def miss_rows(moves: SliceMoves, most: int) -> list[MissRow]:
    """Return the members that add most to each missed target, KPIs furthest off first; only ranked members.

    The fewer targets are missed, the more members of each are shown.
    """
    kpis = _missed_moves(moves)
    per_kpi = min(max(most // max(len(kpis), 1), _FEWEST_PER_KPI), _MOST_PER_KPI)
    rows = []
    for kpi in kpis:
        adding = [move for move in kpi.moves if move.is_ranked and (move.miss_part or 0) > 0]
        rows += [MissRow(kpi, move) for move in adding[:per_kpi]]
    return rows[:most]


def pooled(kpi: KpiMoves, most: int) -> tuple[list[Move], PooledMove | None]:
    """Return the members with the largest parts, and the rest as one; all parts together are the miss.

    Members that make the total better can be among the largest, too.
    """
    ranked = sorted((move for move in kpi.moves if move.is_ranked), key=lambda move: -abs(move.miss_part or 0))
    shown = sorted(ranked[:most], key=lambda move: -(move.miss_part or 0))
    rest = [move for move in kpi.moves if move not in shown]
    if not rest:
        return shown, None
    total = sum(move.miss_part or 0 for move in rest)
    return shown, PooledMove(total, len(rest))


def vital_causes(shares: Sequence[CauseShare]) -> list[CauseShare]:
    """Return the fewest known causes that make up four fifths of the cases with a known cause."""
    known = [share for share in shares if not share.cause.is_unknown]
    total = sum(share.count for share in known)
    vital: list[CauseShare] = []
    for share in known:
        if sum(other.count for other in vital) >= _VITAL_SHARE * total:
            break
        vital.append(share)
    return vital


def risen_causes(review: Review, most: int) -> list[CauseShare]:
    """Return the known causes whose count rose most since the period before, if that was wholly recorded."""
    cases = next((row for row in review.achievements if row.definition.key == CASES), None)
    if cases is None or cases.begins_in_before:
        return []
    known = [share for share in review.causes.shares if not share.cause.is_unknown]
    rising = [share for share in known if share.count_before is not None and share.count > share.count_before]
    return sorted(rising, key=lambda share: (share.count_before or 0) - share.count)[:most]


def new_concentrations(review: Review) -> list[Concentration]:
    return [row for row in review.causes.concentrations if row.is_new]


def is_year(review: Review) -> bool:
    """Whether the period before is the same as the year before, so that one of them is enough."""
    return review.header.period.kind is ReviewKind.YEAR


def _missed_moves(moves: SliceMoves) -> list[KpiMoves]:
    found = [
        kpi
        for kpi in moves.kpis
        if judge_target(kpi.now, kpi.definition) is TargetVerdict.MISSED
        and any(move.is_ranked and (move.miss_part or 0) > 0 for move in kpi.moves)
    ]
    return sorted(found, key=lambda kpi: -_relative(kpi.miss, kpi.now.target))


def _by_urgency(rows: Sequence[Achievement]) -> list[Achievement]:
    rest = [
        row for row in rows if row.target_verdict is not TargetVerdict.MISSED and row.now and row.now.target is not None
    ]
    judged = [row for row in rest if row.target_verdict is TargetVerdict.MET]
    others = [row for row in rest if row not in judged and row.now and row.now.value is not None]
    return missed(rows) + judged + others


def _varied(rows: Sequence[Achievement], most: int) -> list[Achievement]:
    """Return the first rows with at most two of a family, filled up with the others if there is room."""
    chosen: list[Achievement] = []
    for row in rows:
        if sum(other.definition.family == row.definition.family for other in chosen) < _PER_FAMILY:
            chosen.append(row)
    chosen += [row for row in rows if row not in chosen]
    return chosen[:most]


def _is_unfinished(row: Achievement) -> bool:
    return row.now is not None and (not row.now.is_complete or is_immature(row.now))


def _points(trend: Trend) -> int:
    return sum(figure is not None and figure.value is not None for figure in trend.figures)


def _relative_miss(row: Achievement) -> float:
    assert row.now is not None and row.now.value is not None and row.now.target is not None  # noqa: S101, PT018
    return _relative(abs(row.now.value - row.now.target), row.now.target)


def _relative_change(row: Achievement) -> float:
    assert row.now is not None and row.before is not None  # noqa: S101, PT018 - a change was judged
    return _relative(abs((row.now.value or 0) - (row.before.value or 0)), row.before.value)


def _relative(distance: float | None, reference: float | None) -> float:
    return (distance or 0.0) / abs(reference) if reference else distance or 0.0
