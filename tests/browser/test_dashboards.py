"""The dashboards in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from python_calamine import load_workbook

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
    assert f"{mart['first_response_minutes']:.1f} min" in shown
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


def _drawer(page: Page):
    return page.get_by_role("dialog")


def _click_chart(page: Page, key: str, x: float, y: float) -> None:
    """Click at a place of a chart, in shares of its width and height."""
    chart = page.locator(f'[class*="st-key-{key}_"]').first
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])


@pytest.mark.parametrize("width", WIDTHS)
def test_a_card_opens_the_tickets_behind_its_number_and_closing_clears_the_address(show, width: int) -> None:
    page = show("?lang=en", width)
    page.get_by_role("button", name="Tickets", exact=False).first.click()
    page.wait_for_url("**drill=tickets_created**")
    expect(_drawer(page)).to_contain_text("That is the number shown.")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    _drawer(page).get_by_role("button", name="Close").click()
    expect(_drawer(page)).to_have_count(0)
    page.wait_for_function("() => !location.search.includes('drill')")
    _assert_sound(page)


def test_a_cell_of_the_heat_map_opens_its_tickets_twice_in_a_row(show) -> None:
    page = show("regions?lang=en")
    for _ in range(2):
        _click_chart(page, "stage_heat_map", 0.55, 0.45)
        page.wait_for_url("**drill=stage_hours**parts**")
        expect(_drawer(page)).to_contain_text("Stage: Wait for parts")
        page.keyboard.press("Escape")
        page.wait_for_function("() => !location.search.includes('drill')")
        wait_until_drawn(page)


def test_a_tile_of_the_map_chooses_the_region_and_its_team_opens_tickets(show) -> None:
    page = show("regions?lang=en&focus=R-SC")
    expect(page.get_by_role("heading", name="Sichuan in Oct 2025")).to_be_visible()
    # Shanghai stands in the fifth of nine rows and two spare ones, in the seventh of eight columns
    _click_chart(page, "region_map", 6.5 / 8, 4.5 / 10)
    page.wait_for_url("**focus=R-SH**")
    expect(page.get_by_role("heading", name="Shanghai in Oct 2025")).to_be_visible()
    wait_until_drawn(page)
    _click_chart(page, "ranking_team_in_region", 0.5, 0.15)
    page.wait_for_url("**drill=stage_hours%3Aregion__team%3AR-SH**")
    expect(_drawer(page)).to_contain_text("Region: Shanghai")


def test_a_bar_of_the_pareto_chooses_the_cause(show) -> None:
    page = show("root_causes?lang=en")
    _click_chart(page, "pareto", 0.6, 0.5)
    page.wait_for_url("**focus_cause=**")
    _assert_sound(page)


def test_a_value_of_the_comparison_opens_the_tickets_of_its_side(show) -> None:
    page = show("teams?lang=en&team_a=T-CS-E&team_b=T-MT-N")
    table = page.locator('[class*="st-key-side_team_"]').first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 260, box["y"] + 52)
    page.wait_for_url("**drill=tickets_created%3Ateam%3A**")
    expect(_drawer(page)).to_contain_text("Team: ")


def test_filters_behind_the_popover_go_into_the_address(show) -> None:
    page = show("?lang=en", 390)
    page.get_by_role("button", name="More filters").click()
    page.get_by_label("Root cause").first.click()
    page.get_by_role("option", name="Battery fault").click()
    page.wait_for_url("**root_cause=C-101**")
    wait_until_drawn(page)
    expect(page.get_by_text("Filtered: Root cause: Battery fault")).to_be_visible()


def test_tickets_can_be_downloaded_as_a_workbook(show, tmp_path: Path) -> None:
    page = show("?lang=en&drill=csat_score:region:R-SH")
    with page.expect_download() as waiting:
        _drawer(page).get_by_role("button", name="Download XLSX").click()
    file = tmp_path / "tickets.xlsx"
    waiting.value.save_as(file)
    book = load_workbook(file)
    assert book.sheet_names == ["tickets_csat_score", "About"]
    rows = book.get_sheet_by_index(0).to_python()
    about = dict(book.get_sheet_by_index(1).to_python())
    assert about["Filters"] == "Region: Shanghai"
    assert about["Period"] == "Oct 2025"
    scores = [row[rows[0].index("numerator")] for row in rows[1:]]
    shown = _drawer(page).locator('[data-testid="stMetricValue"]').inner_text()
    assert f"{sum(scores) / len(scores):.1f}" == shown
