"""The review of a period: the same data that deck and workbook are made of."""

from dashboards.periods import PeriodKind
from dashboards.queries.cached import cached_query
from reviews.files import render
from reviews.model import Review, Volumes
from reviews.period import parse_period
from reviews.reading import definitions
from reviews.review import make_review
from reviews.volumes import volumes
from warehouse.kpi_question import Filters
from warehouse.reading import BuildReader
from warehouse.scope import Scope
from warehouse.settings import Language

#: What the period filter offers and a review can be made of.
REVIEWED_KINDS = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR)


@cached_query
def review_of(reader: BuildReader, scope: Scope, period_code: str) -> Review:
    """Return the review of `2025-10`, `2025-Q4` or `2025`; raises QueryError when there is nothing in it."""
    return make_review(reader, scope, parse_period(period_code))


@cached_query
def volumes_of(reader: BuildReader, scope: Scope, period_code: str, filters: Filters) -> tuple[Volumes, ...]:
    """Return the volumes of a period by case type, limited to the members of the filters."""
    return volumes(reader, scope, definitions(reader), parse_period(period_code), filters)


@cached_query
def review_file(reader: BuildReader, scope: Scope, period_code: str, language: Language, file_format: str) -> bytes:
    """Return the review as a file; made when somebody asks for it, then kept."""
    return render(make_review(reader, scope, parse_period(period_code)), language, file_format)
