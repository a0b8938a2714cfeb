"""Each planted story of the demo company, found by clicking as an analyst would, with the numbers of the build."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from dashboards.formatting import format_number, format_value
from dashboards.language import Phrases
from demo import stories
from tests.browser.clicking import (
    assert_sound,
    choose,
    choose_segment,
    click_cell,
    click_mark,
    follow,
    mark,
    members_of,
    part,
    rows_of,
)
from tests.browser.serving import open_page, served, wait_until_drawn
from tests.integration.stories.figures import OCTOBER, THIS_YEAR, StoryFigures

SAY = Phrases("en")
SEPTEMBER = ("month", date(2025, 9, 1))
BATTERY = {"region": (stories.BATTERY_REGION,), "root_cause": (stories.BATTERY_CAUSE,)}
FIELD_TEAMS = (stories.OUTSOURCED_TEAM, *stories.RELIEVED_TEAMS)
MINIMUM_N = 5


@pytest.fixture(scope="module")
def found(story_home: Path) -> StoryFigures:
    return StoryFigures(story_home)


@pytest.fixture(scope="module")
def story_address(story_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(story_home, tmp_path_factory.mktemp("logs") / "server.log") as address:
        yield address


@pytest.fixture
def show(chromium: Browser, story_address: str, tmp_path: Path) -> Iterator:
    """Return a function that opens a page; at the end of a test the page is sound, photographed and closed."""
    opened: list[Page] = []

    def open_path(path: str) -> Page:
        opened.append(open_page(chromium, f"{story_address}/{path}?lang=en", 1280, 1000))
        return opened[-1]

    yield open_path
    for number, page in enumerate(opened):
        _photograph(page, tmp_path / f"end-{number}.png")
        page.context.close()


def _photograph(page: Page, file: Path) -> None:
    assert_sound(page)
    page.screenshot(path=file)
    assert file.stat().st_size > 10_000


def _choose_this_year(page: Page) -> None:
    choose_segment(page, "Year", "period_kind=year")
    choose(page, "period", "2025 (in progress)", "2025")


def _drawer(page: Page, code: str) -> Locator:
    """Return the drawer once the address asks for it."""
    page.wait_for_url(f"**drill={code.replace(':', '%3A').replace('|', '%7C')}**")
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("That is the number shown.")
    wait_until_drawn(page)
    return drawer


def _close(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    wait_until_drawn(page)


def _text(page: Page) -> str:
    return page.get_by_test_id("stMainBlockContainer").inner_text()


def _name(found: StoryFigures, kind: str, code: str) -> str:
    key = f"{kind}_id"
    return str(found.core(f"select name_en from core.dim_{kind}s where {key} = '{code}'")["name_en"][0])


def test_the_battery_batch_is_on_root_causes_and_regions(show, found: StoryFigures, tmp_path: Path) -> None:
    region, cause = _name(found, "region", stories.BATTERY_REGION), _name(found, "root_cause", stories.BATTERY_CAUSE)
    only_cause = {"root_cause": (stories.BATTERY_CAUSE,)}
    now, before = (found.value("tickets_created", period, only_cause) for period in (OCTOBER, SEPTEMBER))
    page = show("root_causes")
    expect(page.get_by_text(f"Grew most against the period before: {cause} (+{now - before:.0f}).")).to_be_visible()

    click_mark(page, "pareto", f"Root cause: {cause}")
    page.wait_for_url(f"**focus_cause={stories.BATTERY_CAUSE}**")
    expect(page.get_by_role("heading", name=f"{cause} in Oct 2025")).to_be_visible()
    wait_until_drawn(page)
    own = format_number(found.value("tickets_created", OCTOBER, BATTERY))
    assert members_of(page, "ranking_region_in_root_cause")[0] == region
    expect(mark(page, "ranking_region_in_root_cause", f"Name: {region}", f"Value: {own};")).to_have_count(1)

    pair = f"{region} · {cause}"
    expect(mark(page, "lifts", pair, f"Cases: {own};", "Since when: new")).to_have_count(1)
    mark(page, "lifts", pair).scroll_into_view_if_needed()
    _photograph(page, tmp_path / "concentration.png")
    click_mark(page, "lifts", pair, "Since when: new")
    drawer = _drawer(page, f"tickets_created:region__root_cause:{stories.BATTERY_REGION}|{stories.BATTERY_CAUSE}")
    expect(drawer).to_contain_text(f"{own} rows ({own} tickets)")
    _close(page)

    follow(page, "Regions")
    waits = found.by_member("stage_hours", "region__stage", OCTOBER)["value"]
    hours = waits[f"{stories.BATTERY_REGION}|parts"]
    assert f"{region} loses most in Oct 2025" in _text(page)
    click_mark(page, "stage_heat_map", f"Region: {region}", "Stage: Wait for parts", f"Hours per case: {hours:.1f} h")
    drawer = _drawer(page, f"stage_hours:region__stage:{stories.BATTERY_REGION}|parts")
    expect(drawer.get_by_test_id("stMetricValue")).to_have_text(f"{hours:.1f} h")
    longest = rows_of(drawer.get_by_test_id("stDataFrame"))[:10]
    assert all(cause in row for row in longest)
    assert all(float(row[2]) > stories.BATTERY_WAIT_HOURS for row in longest)


def test_late_logistics_in_remote_regions_are_on_regions_and_root_causes(
    show, found: StoryFigures, tmp_path: Path
) -> None:
    complaints = {"case_type": ("complaint",)}
    page = show("regions")
    _choose_this_year(page)
    page.get_by_role("button", name="More filters").click()
    choose(page, "case_type", "Complaint", "complaint")
    choose(page, "kpi", "Resolution time as the customer sees it (mean)", "resolution_hours_customer_calendar")
    by_region = found.by_member("resolution_hours_customer_calendar", "region", THIS_YEAR, complaints)
    by_region = by_region[by_region["n"] >= MINIMUM_N].drop(index=["unknown", "R-ZZ"]).sort_values("value")
    slowest = by_region.index[::-1][:4].tolist()
    assert set(slowest) <= set(found.remote)
    drawn = [name for name in members_of(page, "ranking_region") if name != "R-ZZ"]
    assert drawn[:4] == [_name(found, "region", code) for code in slowest]
    for code in slowest:
        hours = f"Value: {by_region['value'][code]:.1f} h"
        expect(mark(page, "ranking_region", f"Name: {_name(found, 'region', code)}", hours)).to_have_count(1)
    mark(page, "ranking_region", drawn[0]).scroll_into_view_if_needed()
    _photograph(page, tmp_path / "regions.png")

    follow(page, "Root causes")
    for code in found.remote:
        choose(page, "region", _name(found, "region", code), code)
    limits = {"region": found.remote, **complaints}
    counts = found.by_member("tickets_created", "root_cause_category", THIS_YEAR, limits)["value"]
    share = counts["logistics"] / counts.sum()
    assert share > 0.55
    expect(page.get_by_text(f"By category: Logistics {100 * share:.0f}%")).to_be_visible()
    assert "the largest is Late delivery" in _text(page)
    causes = found.by_member("tickets_created", "root_cause", THIS_YEAR, limits)["value"].sort_values(ascending=False)
    assert set(members_of(page, "pareto")[:3]) == {_name(found, "root_cause", code) for code in causes.index[:3]}
    expect(mark(page, "pareto", "Root cause: Late delivery", f"Cases: {causes['C-201']:.0f};")).to_have_count(1)


def test_the_team_that_sleeps_at_night_is_on_the_overview(show, found: StoryFigures) -> None:
    team = _name(found, "team", stories.NIGHT_TEAM)
    mean = found.by_member("first_response_minutes", "team", THIS_YEAR)["value"][stories.NIGHT_TEAM]
    page = show("")
    _choose_this_year(page)
    expect(page.get_by_role("heading", name="First response time (mean) by team, 2025")).to_be_visible()
    assert members_of(page, "ranking_team")[0] == team
    click_mark(page, "ranking_team", f"Name: {team}", f"Value: {mean:.1f} min")
    drawer = _drawer(page, f"first_response_minutes:team:{stories.NIGHT_TEAM}")
    expect(drawer.get_by_test_id("stMetricValue")).to_have_text(f"{mean:.1f} min")
    slowest = rows_of(drawer.get_by_test_id("stDataFrame"))[:10]
    shortest, longest = (60 * bound for bound in stories.NIGHT_RESPONSE_HOURS)
    assert all(shortest < float(row[2]) < longest for row in slowest)
    hours = [int(row[4][11:13]) for row in slowest]
    # few answers are that late by day, and any team has some
    assert sum(hour >= 22 or hour < 8 for hour in hours) >= 8


def test_the_depot_without_parts_is_on_regions(show, found: StoryFigures, tmp_path: Path) -> None:
    code = stories.DEPOT_REGION
    region = _name(found, "region", code)
    page = show("regions")
    _choose_this_year(page)
    expect(page.get_by_text(f"{region} loses most in 2025")).to_be_visible()
    hours = found.by_member("stage_hours", "region__stage", THIS_YEAR)["value"][f"{code}|parts"]
    assert rows_of(part(page, "stage_losses"))[0][:2] == [region, "Wait for parts"]
    expect(
        mark(page, "stage_heat_map", f"Region: {region}", "Stage: Wait for parts", f": {hours:.1f} h")
    ).to_have_count(1)
    click_cell(page, "stage_losses", 0, 40)
    drawer = _drawer(page, f"stage_hours:region__stage:{code}|parts")
    expect(drawer.get_by_test_id("stMetricValue")).to_have_text(f"{hours:.1f} h")
    _photograph(page, tmp_path / "waits.png")
    _close(page)

    for label, kpi, unit in (
        ("Parts fill rate", "parts_fill_rate", "fraction"),
        ("Parts lead time", "parts_lead_time_days", "days"),
    ):
        choose(page, "kpi", label, kpi)
        value = found.by_member(kpi, "region", THIS_YEAR)["value"][code]
        shown = f"Value: {format_value(value, unit, SAY)}"
        assert members_of(page, "ranking_region")[0] == region
        expect(mark(page, "ranking_region", f"Name: {region}", shown)).to_have_count(1)
        expect(mark(page, "region_map", f"Name: {region}", shown)).to_have_count(1)
    expect(page.get_by_role("heading", name=f"{region} in 2025")).to_be_visible()
    mark(page, "ranking_region", f"Name: {region}").scroll_into_view_if_needed()


def test_outsourced_work_is_dearer_by_a_third_on_teams(show, found: StoryFigures, tmp_path: Path) -> None:
    page = show("teams")
    _choose_this_year(page)
    expect(page.get_by_text("To compare like with like", exact=False)).to_be_visible()
    for code in FIELD_TEAMS:
        choose(page, "team", _name(found, "team", code), code)
    cost = found.by_member("cost_per_ticket", "employment", THIS_YEAR, {"team": FIELD_TEAMS})["value"]
    in_house, outsourced = (cost[side] for side in ("in_house", "outsourced"))
    assert outsourced / in_house == pytest.approx(stories.OUTSOURCED_COST_FACTOR, abs=0.1)
    rows = rows_of(part(page, "side_employment"))
    line = next(number for number, row in enumerate(rows) if row[0] == "Cost per case")
    assert rows[line][1:4] == [f"¥{in_house:.1f}", f"¥{outsourced:.1f}", f"−¥{outsourced - in_house:.1f}"]

    teams = found.by_member("cost_per_ticket", "region__employment", THIS_YEAR, {"team": FIELD_TEAMS})["value"]
    for side, label in (("in_house", "In-house"), ("outsourced", "Outsourced")):
        shown = f"Value: ¥{teams[f'R-SH|{side}']:.1f}"
        expect(mark(page, "sourcing_regions", "Name: Shanghai", f"Employment: {label}", shown)).to_have_count(1)
    mark(page, "sourcing_regions", "Name: Shanghai").scroll_into_view_if_needed()
    _photograph(page, tmp_path / "regions.png")
    click_mark(page, "sourcing_regions", "Name: Shanghai", "Employment: Outsourced")
    drawer = _drawer(page, "cost_per_ticket:region__employment:R-SH|outsourced")
    expect(drawer.get_by_test_id("stMetricValue")).to_have_text(f"¥{teams['R-SH|outsourced']:.1f}")
