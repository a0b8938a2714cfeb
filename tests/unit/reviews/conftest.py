"""Reviews of the miniature build, made once."""

import pytest

from reviews.model import Review
from reviews.period import parse_period
from reviews.review import make_review
from tests.unit.reviews.small_review import publish_small_review
from warehouse.reading import BuildReader, reader_of
from warehouse.scope import Scope
from warehouse.settings import load_settings


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> BuildReader:
    settings = load_settings(home=tmp_path_factory.mktemp("reviewed"))
    publish_small_review(settings)
    return reader_of(settings)


@pytest.fixture(scope="session")
def month(reader: BuildReader) -> Review:
    return make_review(reader, Scope.everything(), parse_period("2025-10"))


@pytest.fixture(scope="session", params=["2025-10", "2025-Q4", "2025", "2024-09"])
def review(reader: BuildReader, request: pytest.FixtureRequest) -> Review:
    """A month, a running quarter, a running year, and a month without a year before."""
    return make_review(reader, Scope.everything(), parse_period(request.param))
