"""What the data say about themselves: horizons, deliveries, quarantine, bad cells, excluded and unregistered."""

from datetime import date, timedelta
from typing import Any

from reviews import reading
from reviews.figure import UNKNOWN_MEMBER
from reviews.model import Counted, DeliveryCounts, Header, Quality, SourceState
from reviews.period import ReviewPeriod
from reviews.root_causes import CASES
from warehouse.reading import BuildReader
from warehouse.scope import Scope

#: Data without events: their newest instant is their last change, so it says nothing about completeness.
_MASTER_DATA = frozenset({"crm.customers", "erp.employees", "erp.products"})


def quality(reader: BuildReader, scope: Scope, header: Header) -> Quality:
    """Return the state of the data; of rows and cells counts only, which name nothing of any region."""
    return Quality(
        sources=_sources(reader, header),
        deliveries=_deliveries(reader, None),
        period_deliveries=_deliveries(reader, header.period),
        quarantined=_counted(
            reader,
            """
            select contract as kind, reason_code as code, count(*) as count from core.fct_quarantined_rows
            group by all order by count desc, kind, code
            """,
        ),
        bad_cells=_counted(
            reader,
            """
            select contract as kind, column_name as code, count(*) as count from core.fct_bad_cells
            group by all order by count desc, kind, code
            """,
        ),
        excluded=_excluded(reader, scope, header.period),
        unregistered=_unregistered(reader, scope, header.period),
    )


def _sources(reader: BuildReader, header: Header) -> tuple[SourceState, ...]:
    """Sources on which KPIs rest say how many days they end before the period does (or before the as-of day)."""
    feeding: dict[str, date | None] | None = None
    if reading.has_table(reader, "kpi", "kpi_contracts"):
        rows = reader.rows("select contract, cast(complete_until as date) as complete_until from kpi.kpi_contracts")
        feeding = {row["contract"]: row["complete_until"] for row in rows}
    end = min(header.period.last_day, header.as_of_day)
    states = []
    for row in reader.rows(
        """
        select source_system, contract, horizon_date, last_extracted_at from core.dim_sources
        order by contract, source_system
        """
    ):
        horizon = row["horizon_date"]
        feeds = feeding is None or row["contract"] in feeding
        is_master = row["contract"] in _MASTER_DATA
        reached = _later(horizon, (feeding or {}).get(row["contract"]))
        days_short = max((end - reached).days, 0) if feeds and not is_master and reached is not None else None
        states.append(
            SourceState(row["source_system"], row["contract"], horizon, row["last_extracted_at"], days_short, feeds)
        )
    return tuple(states)


def _later(horizon: date | None, complete_until: date | None) -> date | None:
    """Return the last day that is wholly there; `complete_until` is the first one that is not."""
    days = [horizon, complete_until and complete_until - timedelta(days=1)]
    return max((day for day in days if day is not None), default=None)


def _deliveries(reader: BuildReader, period: ReviewPeriod | None) -> tuple[DeliveryCounts, ...]:
    """Return the deliveries by contract; of a period, those with an instant in it (UTC days)."""
    rows = reader.rows(
        """
        select
            contract, count(*) as deliveries, sum(rows_read) as rows_read, sum(rows_loaded) as rows_loaded,
            sum(rows_rejected) as rows_rejected, sum(rows_quarantined) as rows_quarantined,
            sum(bad_cells) as bad_cells,
            sum(abs(rows_read - (
                rows_loaded + rows_rejected + rows_quarantined + rows_folded + rows_filtered
                + rows_identical + rows_conflicting
            ))) as difference
        from core.dim_extract_entries
        where $first is null or (last_instant >= $first and first_instant < cast($last as date) + 1)
        group by contract
        order by contract
        """,
        {"first": period.start if period else None, "last": period.last_day if period else None},
    )
    return tuple(DeliveryCounts(row["contract"], *(int(row[name] or 0) for name in list(row)[1:])) for row in rows)


def _excluded(reader: BuildReader, scope: Scope, period: ReviewPeriod) -> tuple[Counted, ...]:
    """Tickets opened in the period that are no cases, by reason."""
    return _counted(
        reader,
        """
        select 'ticket' as kind, coalesce(exclusion_reason, 'none') as code, count(*) as count
        from core.fct_tickets
        where
            not is_case and opened_date between $first and $last
            and ($regions is null or list_contains($regions, region_id))
        group by all order by count desc, code
        """,
        {"first": period.start, "last": period.last_day, "regions": reading.scope_regions(scope)},
    )


def _unregistered(reader: BuildReader, scope: Scope, period: ReviewPeriod) -> tuple[Counted, ...]:
    """Codes that occur among the cases opened in the period and in no reference list, with their cases."""
    if CASES not in reading.definitions(reader):
        return ()
    found = []
    for slice_name in ("region", "team", "root_cause"):
        known = reading.members(reader, scope, slice_name)
        figures = reading.figures(reader, scope, (CASES,), slice_name, period, period)[CASES]
        for code, history in figures.items():
            figure = history.get(period.start)
            member = reading.member_of(known, code)
            if code != UNKNOWN_MEMBER and not member.is_registered and figure and figure.value:
                found.append(Counted(slice_name, code, int(figure.value)))
    return tuple(sorted(found, key=lambda row: (-row.count, row.kind, row.code)))


def _counted(reader: BuildReader, sql: str, parameters: dict[str, Any] | None = None) -> tuple[Counted, ...]:
    return tuple(Counted(row["kind"], row["code"], int(row["count"])) for row in reader.rows(sql, parameters or {}))
