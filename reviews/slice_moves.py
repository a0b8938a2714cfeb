"""Who moved the KPIs: the parts of regions or teams in changes and in missed targets, and changes beyond chance."""

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from analytics.changes import beyond_chance
from analytics.movers import miss_parts, movers
from reviews import reading
from reviews.figure import Figure, KpiDefinition, Member
from reviews.judgement import ChangeVerdict, is_too_few, judge_change
from reviews.model import Achievement, ClearChange, KpiMoves, Move, SliceMoves
from reviews.period import ReviewPeriod
from warehouse.reading import BuildReader
from warehouse.scope import Scope

#: KPI values are their two sides divided, some of them (the promoters' score, ruling A12) per hundred.
_SCALES = (1.0, 100.0)

#: A split is exact when the members' sides give the total back up to rounding.
_EXACT = 1e-6

_NO_CHANGE: Mapping[str, float | None] = {"contribution": None, "rate_effect": None, "mix_effect": None}

_Figures = Mapping[str, Mapping[date, Figure]]


def slice_moves(
    reader: BuildReader, scope: Scope, achievements: Sequence[Achievement], slice_name: str, period: ReviewPeriod
) -> SliceMoves:
    """Return the parts of every member in every KPI with a target, and the clear changes in every KPI with a direction.

    Members with fewer cases than the KPI asks for, and `unknown`, keep their part but are not ranked.
    """
    valued = [
        row for row in achievements if row.definition.direction != "neutral" and row.now and row.now.value is not None
    ]
    keys = [row.definition.key for row in valued]
    found = reading.figures(reader, scope, keys, slice_name, period.moved(-1), period)
    known = reading.members(reader, scope, slice_name)
    with_target = [row for row in valued if row.now is not None and row.now.target is not None]
    kpis = tuple(_kpi_moves(row, found[row.definition.key], known, period) for row in with_target)
    clear, compared = _clear_changes(valued, found, known, period)
    return SliceMoves(slice_name, tuple(moves for moves in kpis if moves is not None), clear, compared)


def _kpi_moves(
    row: Achievement, figures: _Figures, known: Mapping[str, Member], period: ReviewPeriod
) -> KpiMoves | None:
    if row.now is None or not any(period.start in history for history in figures.values()):
        return None
    now = {code: history.get(period.start) for code, history in figures.items()}
    before = {code: history.get(period.moved(-1).start) for code, history in figures.items()}
    changes = _changes(row, before, now)
    misses = _misses(row, now)
    moves = []
    for code in figures:
        change = changes.get(code, _NO_CHANGE)
        member = reading.member_of(known, code)
        is_ranked = not member.is_unknown and _is_enough(now[code], row.definition)
        moves.append(
            Move(
                member,
                now[code],
                before[code],
                contribution=change["contribution"],
                rate_effect=change["rate_effect"],
                mix_effect=change["mix_effect"],
                miss_part=misses.get(code),
                is_ranked=is_ranked,
            )
        )
    moves.sort(key=lambda move: (not move.is_ranked, -(move.miss_part or 0.0), move.member.code))
    return KpiMoves(row.definition, row.now, row.before, tuple(moves))


def _changes(
    row: Achievement, before: Mapping[str, Figure | None], now: Mapping[str, Figure | None]
) -> dict[str, Mapping[str, float | None]]:
    """Return the effects of `movers` by member; nothing where the KPI cannot be split exactly."""
    scale = _scale(row.now)
    if not (_is_split(row.before, before, scale) and _is_split(row.now, now, scale)):
        return {}
    is_ratio = row.now is not None and not row.now.is_sum
    found = movers(_sides(before), _sides(now), is_ratio=is_ratio)
    return {
        str(record["member"]): {name: scale * float(record[name]) for name in _NO_CHANGE}
        for record in found.to_dict("records")
    }


def _misses(row: Achievement, now: Mapping[str, Figure | None]) -> dict[str, float]:
    """Return each member's part of the distance to the target; sums have none, their targets belong to no member."""
    scale = _scale(row.now)
    if row.now is None or row.now.target is None or row.now.is_sum or not _is_split(row.now, now, scale):
        return {}
    sign = -1.0 if row.definition.direction == "higher" else 1.0
    parts = miss_parts(_sides(now), row.now.target / scale)
    return {str(code): sign * scale * float(part) for code, part in parts.items()}


def _scale(total: Figure | None) -> float:
    """Return by what the quotient of the two sides is multiplied to give the value."""
    if total is None or not total.numerator or not total.denominator or total.value is None:
        return _SCALES[0]
    quotient = total.numerator / total.denominator
    return next((scale for scale in _SCALES if _is_close(scale * quotient, total.value)), _SCALES[0])


def _is_split(total: Figure | None, parts: Mapping[str, Figure | None], scale: float) -> bool:
    """Whether the members' two sides add up to those of the total, and these to its value."""
    if total is None or total.value is None or total.numerator is None:
        return False
    figures = [part for part in parts.values() if part is not None]
    numerator = sum(part.numerator or 0.0 for part in figures)
    denominator = sum(part.denominator or 0.0 for part in figures)
    if total.denominator is None:
        return _is_close(numerator, total.value)
    return denominator > 0 and _is_close(scale * numerator / denominator, total.value)


def _is_close(left: float, right: float) -> bool:
    return abs(left - right) <= _EXACT * max(1.0, abs(right))


def _sides(figures: Mapping[str, Figure | None]) -> pd.DataFrame:
    present = [figure for figure in figures.values() if figure is not None]
    return pd.DataFrame(
        {
            "member": [figure.slice_value for figure in present],
            "numerator": [figure.numerator for figure in present],
            "denominator": [figure.denominator for figure in present],
        }
    )


def _clear_changes(
    rows: Sequence[Achievement], found: Mapping[str, _Figures], known: Mapping[str, Member], period: ReviewPeriod
) -> tuple[tuple[ClearChange, ...], int]:
    """Return changes beyond chance over all members and KPIs together, largest first, and how many were compared."""
    pairs = []
    for row in rows:
        for code, history in found[row.definition.key].items():
            now, before = history.get(period.start), history.get(period.moved(-1).start)
            member = reading.member_of(known, code)
            if now is None or before is None or member.is_unknown or now.low is None or before.low is None:
                continue
            if _is_enough(now, row.definition) and _is_enough(before, row.definition):
                pairs.append((row.definition, member, now, before))
    frame = pd.DataFrame(
        [
            {
                f"{name}_{side}": getattr(figure, name)
                for side, figure in (("now", now), ("before", before))
                for name in _PARTS
            }
            for _, _, now, before in pairs
        ],
        columns=[f"{name}_{side}" for side in ("now", "before") for name in _PARTS],
    )
    judged = beyond_chance(frame)
    clear = []
    for (definition, member, now, before), z, is_clear in zip(pairs, judged["z"], judged["is_clear"], strict=True):
        verdict = judge_change(now, before, definition)
        if is_clear and verdict in (ChangeVerdict.BETTER, ChangeVerdict.WORSE):
            clear.append(ClearChange(definition, member, now, before, float(z), verdict))
    clear.sort(key=lambda change: -abs(change.z))
    return tuple(clear), len(pairs)


_PARTS = ("value", "low", "high")


def _is_enough(figure: Figure | None, definition: KpiDefinition) -> bool:
    return figure is not None and figure.value is not None and not is_too_few(figure, definition)
