"""Making the review of a period from a build."""

from datetime import UTC, date
from zoneinfo import ZoneInfo

from reviews import reading
from reviews.achievements import achievements, trends
from reviews.data_state import quality
from reviews.model import Header, Review
from reviews.period import ReviewPeriod, containing
from reviews.root_causes import causes
from reviews.slice_moves import slice_moves
from reviews.volumes import volumes
from warehouse.errors import QueryError
from warehouse.reading import BuildReader
from warehouse.scope import Scope


def make_review(reader: BuildReader, scope: Scope, period: ReviewPeriod) -> Review:
    """Return the review of a period; its numbers are limited to what the scope may see.

    Raises QueryError when the build has no figure for the period.
    """
    catalogue = reading.definitions(reader)
    known = {key: definition for key, definition in catalogue.items() if definition.has_period(str(period.kind))}
    header = _header(reader, scope, period)
    rows = achievements(reader, scope, known, period)
    if all(row.now is None or row.now.value is None for row in rows):
        raise QueryError(_nothing_there(reader, header))
    return Review(
        header=header,
        achievements=rows,
        volumes=volumes(reader, scope, known, period),
        trends=trends(reader, scope, known, header),
        regions=slice_moves(reader, scope, rows, "region", period),
        teams=slice_moves(reader, scope, rows, "team", period),
        causes=causes(reader, scope, period),
        quality=quality(reader, scope, header),
    )


def _header(reader: BuildReader, scope: Scope, period: ReviewPeriod) -> Header:
    build = reader.build
    regions = None
    if scope.regions is not None:
        known = reading.members(reader, scope, "region")
        regions = tuple(reading.member_of(known, code) for code in sorted(scope.regions))
    return Header(
        period=period,
        build_id=build.build_id,
        as_of=build.as_of,
        as_of_day=build.as_of.replace(tzinfo=UTC).astimezone(ZoneInfo(build.zone)).date(),
        zone=build.zone,
        currency=_currency(reader),
        regions=regions,
    )


def _currency(reader: BuildReader) -> str:
    row = reader.rows("select * from core.dim_run")[0]
    return str(row.get("company_currency") or "")


def _nothing_there(reader: BuildReader, header: Header) -> str:
    ends = reader.rows(
        """
        select min(period_start) as first, max(period_start) as last from kpi.mart_kpis
        where slice_name = 'total' and period_kind = 'month' and value is not null and n > 0
        """
    )[0]
    first: date | None = ends["first"]
    last: date | None = ends["last"]
    build = f"build {header.build_id} has no figures for {header.period.code}"
    if first is None or last is None:
        return build
    span = [containing(day, header.period.kind).code for day in (first, last)]
    return f"{build}; it has them from {span[0]} to {span[1]}"
