"""Root causes of the cases opened in the period: Pareto shares, and where a cause is concentrated."""

from collections.abc import Mapping

import pandas as pd

from analytics.concentration import concentration
from reviews import reading
from reviews.figure import UNKNOWN_MEMBER
from reviews.model import Causes, CauseShare, Concentration
from reviews.period import ReviewPeriod
from warehouse.kpi_question import KpiQuestion
from warehouse.kpis import answer
from warehouse.reading import BuildReader
from warehouse.scope import Scope

#: The KPI that counts cases.
CASES = "tickets_created"

#: A concentration is new when none of so many earlier periods has it.
EARLIER_PERIODS = 3


def causes(reader: BuildReader, scope: Scope, period: ReviewPeriod) -> Causes:
    """Return Pareto and concentrations; both empty in a build that cannot count cases."""
    if CASES not in reading.definitions(reader):
        return Causes(0, (), (), 0)
    shares = _shares(reader, scope, period)
    found, earlier = _concentrations(reader, scope, period)
    return Causes(sum(share.count for share in shares), shares, found, earlier)


def _shares(reader: BuildReader, scope: Scope, period: ReviewPeriod) -> tuple[CauseShare, ...]:
    before = period.moved(-1)
    figures = reading.figures(reader, scope, (CASES,), "root_cause", before, period)[CASES]
    known = reading.members(reader, scope, "root_cause")
    rows = reader.rows("select * from core.dim_root_causes")
    categories = {row["root_cause_id"]: row.get("category") or UNKNOWN_MEMBER for row in rows}
    has_before = any(before.start in history for history in figures.values())
    counts = {code: _count(history, period) for code, history in figures.items()}
    total = sum(counts.values())
    found: list[CauseShare] = []
    so_far = 0
    for code in sorted(counts, key=lambda code: (code == UNKNOWN_MEMBER, -counts[code], code)):
        if counts[code] == 0:
            continue
        so_far += counts[code]
        found.append(
            CauseShare(
                cause=reading.member_of(known, code),
                category=categories.get(code, "unregistered"),
                count=counts[code],
                share=counts[code] / total,
                cumulative_share=so_far / total,
                count_before=_count(figures[code], before) if has_before else None,
            )
        )
    return tuple(found)


def _count(history: reading.History, period: ReviewPeriod) -> int:
    figure = history.get(period.start)
    return int(figure.value or 0) if figure else 0


def _concentrations(reader: BuildReader, scope: Scope, period: ReviewPeriod) -> tuple[tuple[Concentration, ...], int]:
    """Return concentrated pairs of region and cause, new ones first, and how many earlier periods have cases."""
    first = period.moved(-EARLIER_PERIODS)
    question = KpiQuestion((CASES,), "region__root_cause", str(period.kind), first.start, period.start)
    frame = answer(reader, question, scope)
    pairs = frame["slice_value"].str.split("|", n=1, expand=True).reindex(columns=[0, 1])
    frame = frame.assign(region=pairs[0], cause=pairs[1], start=pd.to_datetime(frame["period_start"]).dt.date)
    by_start = {start: part for start, part in frame.groupby("start") if part["value"].sum() > 0}
    if period.start not in by_start:
        return (), 0
    starts = [period.moved(-back).start for back in range(EARLIER_PERIODS, 0, -1)]
    earlier = [start for start in starts if start in by_start]
    concentrated_before = set().union(*(_concentrated_pairs(by_start[start]) for start in earlier))
    found = concentration(by_start[period.start], "region", "cause", "value")
    counts = {start: _counts(by_start[start]) for start in earlier}
    regions = reading.members(reader, scope, "region")
    known_causes = reading.members(reader, scope, "root_cause")
    rows = []
    for record in found[found["is_concentrated"]].to_dict("records"):
        pair = (record["region"], record["cause"])
        if UNKNOWN_MEMBER in pair:
            continue
        rows.append(
            Concentration(
                region=reading.member_of(regions, pair[0]),
                cause=reading.member_of(known_causes, pair[1]),
                count=int(record["count"]),
                expected=record["expected"],
                lift=record["lift"],
                low=record["low"],
                high=record["high"],
                is_new=pair not in concentrated_before if earlier else None,
                earlier_counts=tuple(counts[start].get(pair, 0) if start in counts else None for start in starts),
            )
        )
    rows.sort(key=lambda row: (not row.is_new, row.expected - row.count))
    return tuple(rows), len(earlier)


def _concentrated_pairs(frame: pd.DataFrame) -> set[tuple[str, str]]:
    found = concentration(frame, "region", "cause", "value")
    found = found[found["is_concentrated"]]
    return set(zip(found["region"], found["cause"], strict=True))


def _counts(frame: pd.DataFrame) -> Mapping[tuple[str, str], int]:
    return {
        (region, cause): int(value or 0)
        for region, cause, value in zip(frame["region"], frame["cause"], frame["value"].fillna(0), strict=True)
    }
