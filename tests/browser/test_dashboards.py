"""The dashboards in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboards.language import LANGUAGES, Phrases
from dashboards.registry import PAGES
from tests.browser.serving import open_page, wait_until_drawn
from warehouse.reading import reader_of
from warehouse.settings import load_settings

WIDTHS = (1280, 390)


@pytest.fixture
def show(chromium: Browser, address: str):
    """Return a function that opens a path of the served home; its windows are closed afterwards."""
    opened: list[Page] = []

    def open_path(path: str, width: int = 1280) -> Page:
        opened.append(open_page(chromium, f"{address}/{path}", width))
        return opened[-1]

    yield open_path
    for page in opened:
        page.context.close()


def _assert_sound(page: Page) -> None:
    assert page.locator('[data-testid="stException"]').count() == 0
    assert page.locator('[data-testid="stAlertContentError"]').count() == 0
    assert page.locator('[data-testid="stDialog"]').count() == 0


def _metrics(page: Page) -> list[str]:
    return page.locator('[data-testid="stMetricValue"]').all_inner_texts()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.subject)
def test_page_is_drawn_without_errors(show, tmp_path: Path, entry, language: str, width: int) -> None:
    page = show(f"{entry.url_path}?lang={language}", width)
    _assert_sound(page)
    expect(page.locator("h1")).to_have_text(Phrases(language)(f"pages.{entry.subject}.title"))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    picture = tmp_path / "page.png"
    page.screenshot(path=picture)
    assert picture.stat().st_size > 10_000


def test_cards_equal_the_mart(show, home: Path) -> None:
    rows = reader_of(load_settings(home=home)).rows(
        """
        select kpi_key, value from kpi.mart_kpis
        where slice_name = 'total' and period_kind = 'month' and period_start = date '2025-10-01'
        """
    )
    mart = {row["kpi_key"]: row["value"] for row in rows}
    shown = _metrics(show("?lang=en"))
    assert f"{mart['tickets_created']:.0f}" in shown
    assert f"{mart['first_response_minutes_p90']:.1f} min" in shown
    assert f"{100 * mart['resolution_on_time_rate']:.1f}%" in shown


def test_language_switch_changes_every_word_and_the_address(show) -> None:
    page = show("?lang=en")
    page.get_by_role("radio", name="中文").or_(page.get_by_text("中文", exact=True)).first.click()
    expect(page.locator("h1")).to_have_text("总览")
    wait_until_drawn(page)
    assert "lang=en" not in page.url
    assert "Target" not in page.locator('[data-testid="stMainBlockContainer"]').inner_text()


def test_filter_in_the_address_survives_reload_and_the_way_to_another_page(show) -> None:
    everything = _metrics(show("?lang=en"))
    page = show("?lang=en&region=R-SH&period=2025-09")
    filtered = _metrics(page)
    assert filtered != everything
    page.reload()
    wait_until_drawn(page)
    assert _metrics(page) == filtered
    page.get_by_role("link", name="Data health").click()
    expect(page.locator("h1")).to_have_text("Data health")
    for parameter in ("lang=en", "region=R-SH", "period=2025-09"):
        assert parameter in page.url
    page.get_by_role("link", name="Overview").click()
    expect(page.locator("h1")).to_have_text("Overview")
    wait_until_drawn(page)
    assert _metrics(page) == filtered


def test_a_choice_made_by_hand_is_in_the_address(show) -> None:
    page = show("?lang=en")
    page.get_by_role("radio", name="Quarter").or_(page.get_by_text("Quarter", exact=True)).first.click()
    page.wait_for_url("**period_kind=quarter**")
    wait_until_drawn(page)
    _assert_sound(page)


def test_banner_says_that_the_last_refresh_was_stopped(show) -> None:
    for entry in PAGES:
        banner = show(f"{entry.url_path}?lang=en").locator('[data-testid="stAlertContentWarning"]').first
        expect(banner).to_contain_text("stopped by a data check")
        expect(banner).to_contain_text("12.0 % of opened_at cannot be read")


def test_nothing_is_fetched_from_elsewhere(chromium: Browser, address: str) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/?lang=en")
    wait_until_drawn(page)
    context.close()
    foreign = [url for url in asked if not url.startswith((address, "data:", "blob:"))]
    assert foreign == []
