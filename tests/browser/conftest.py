"""A served home and a browser; without Chromium the tests are skipped, in CI they fail."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.serving import browser, chromium_path, served
from tests.unit.dashboards.conftest import record_stopped_run
from tests.unit.dashboards.small_company import publish_small_company
from warehouse.settings import load_settings

# How long a text may take to appear. Machines are shared: what appears is asserted, not how fast.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Yield the system's Chromium."""
    if chromium_path() is None:
        message = "no chromium on the PATH: the browser tests cannot run"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with browser() as opened:
        yield opened


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home whose newest refresh was stopped."""
    folder = tmp_path_factory.mktemp("home")
    settings = load_settings(home=folder)
    publish_small_company(settings)
    record_stopped_run(settings)
    return folder


@pytest.fixture(scope="session")
def address(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of the served home."""
    with served(home, tmp_path_factory.mktemp("logs") / "server.log") as found:
        yield found
