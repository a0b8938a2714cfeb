"""One home with random companies, a limited and a quiet source system, refreshed once; small homes in three zones."""

from pathlib import Path

import pytest

from tests.built_once import built_once
from tests.integration.kpis.company import Company, random_company
from tests.integration.kpis.delivery import (
    ALL_EVENTS,
    LIMITED_EVENTS,
    LIMITED_LACKS,
    LIMITED_UNSTATED,
    QUIET_LACKS,
    context_of,
    restricted,
    tables_of,
    write_extracts,
    write_mapped,
    write_seeds,
)
from tests.integration.kpis.edges import edge_company
from tests.integration.kpis.exact import add_exact_edges
from tests.integration.kpis.published import RANDOM_SYSTEMS, ZONES, Published
from tests.integration.kpis.refreshing import finish_refresh, refresh_home, settings_of, start_refresh
from tests.reading.tables import Context
from warehouse.reading import BuildReader, reader_of


@pytest.fixture(scope="session")
def companies() -> list[Company]:
    found = [random_company(system, 100 + number, 220) for number, system in enumerate(RANDOM_SYSTEMS)]
    add_exact_edges(found[0])
    limited = restricted(random_company("limited", 7, 150), LIMITED_EVENTS, LIMITED_LACKS, LIMITED_UNSTATED)
    quiet = restricted(random_company("quiet", 8, 150), ALL_EVENTS - QUIET_LACKS)
    return [*found, limited, quiet]


@pytest.fixture(scope="session")
def published(companies: list[Company], tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The companies, landed and built as of their newest instant."""
    home = tmp_path_factory.mktemp("companies")
    write_seeds(home / "seeds")
    for company in companies:
        if company.system == "limited":
            write_mapped(company, home / "landing", home / "sources", LIMITED_EVENTS)
        elif company.system == "quiet":
            write_mapped(company, home / "landing", home / "sources", ALL_EVENTS)
        else:
            write_extracts(company, home / "landing")
    refresh_home(home)
    tables = tables_of(companies)
    return Published(home, tables, context_of(tables), reader_of(settings_of(home)))


@pytest.fixture(scope="session")
def published_past(published: Published) -> Published:
    """The same extracts as of the end of 15 October 2025."""
    build_id = refresh_home(published.home, "--as-of", "2025-10-15")
    reader = reader_of(settings_of(published.home), build_id)
    as_of = reader.rows("select max(as_of) as as_of from kpi.mart_kpis")[0]["as_of"]
    return Published(published.home, published.tables, Context(as_of), reader)


@pytest.fixture(scope="session")
def small_builds(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> dict[str, BuildReader]:
    """A small company and the edge cases, refreshed on machines of three time zones; readers by zone."""
    folder = built_once(tmp_path_factory, worker_id, "small-builds", _refresh_in_every_zone)
    return {zone: reader_of(settings_of(_home_in(folder, zone))) for zone in ZONES}


def _refresh_in_every_zone(folder: Path) -> None:
    running = []
    for zone in ZONES:
        home = _home_in(folder, zone)
        write_seeds(home / "seeds")
        for company in (random_company("small", 3, 60), edge_company()):
            write_extracts(company, home / "landing")
        running.append(start_refresh(home, zone=zone))
    for process in running:
        finish_refresh(process)


def _home_in(folder: Path, zone: str) -> Path:
    return folder / zone.replace("/", "-")
