"""What was planted in the demo company is found again in its published build, as large as it was planted."""

from pathlib import Path

import pandas as pd
import pytest

from analytics.concentration import concentration
from demo import stories
from tests.integration.stories.figures import OCTOBER, THIS_YEAR, WHOLE_WINDOW, StoryFigures

REPAIRS_AND_COMPLAINTS = {"case_type": ("repair", "complaint")}
COMPLAINTS = {"case_type": ("complaint",)}
UNSTATED = ["unknown", "unregistered"]
NIGHT = """
    select
        first_response_calendar_seconds / 60.0 as minutes,
        first_team_id,
        hour(timezone((select company_zone from core.dim_run), timezone('UTC', case_opened_at))) not between 8 and 21
            as is_night
    from core.fct_tickets
    where is_case and first_response_calendar_seconds is not null
"""


@pytest.fixture(scope="module")
def found(story_home: Path) -> StoryFigures:
    return StoryFigures(story_home)


def _split(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the members of a pair slice as columns `one` and `other`."""
    members = frame.index.to_series().str.split("|", n=1, expand=True)
    return frame.assign(one=members[0], other=members[1])


def test_the_battery_batch_gathers_in_one_region_in_october_only(found: StoryFigures) -> None:
    pair = f"{stories.BATTERY_REGION}|{stories.BATTERY_CAUSE}"
    counts = found.by_member("tickets_created", "region__root_cause", OCTOBER)["value"]
    assert counts.drop(index=[key for key in counts.index if "unknown" in key]).idxmax() == pair

    region = {"region": (stories.BATTERY_REGION,), **REPAIRS_AND_COMPLAINTS}
    own = found.by_member("tickets_created", "root_cause", OCTOBER, region)["value"]
    everywhere = found.by_member("tickets_created", "root_cause", OCTOBER, REPAIRS_AND_COMPLAINTS)["value"]
    elsewhere = everywhere.sub(own, fill_value=0)
    planted = stories.BATTERY_EXTRA_VOLUME / (1 + stories.BATTERY_EXTRA_VOLUME)
    assert own[stories.BATTERY_CAUSE] / own.sum() == pytest.approx(planted, abs=0.08)
    assert elsewhere[stories.BATTERY_CAUSE] / elsewhere.sum() < 0.08

    concentrated = {}
    for month in (9, 10):
        kind, start = OCTOBER
        rows = _split(found.by_member("tickets_created", "region__root_cause", (kind, start.replace(month=month))))
        rows = rows[~rows[["one", "other"]].isin(UNSTATED).any(axis="columns")]
        pairs = concentration(rows, "one", "other", "value").query("is_concentrated")
        concentrated[month] = set(pairs["one"].str.cat(pairs["other"], sep="|"))
    assert pair in concentrated[10] - concentrated[9]


def test_most_of_what_the_affected_wait_is_for_parts(found: StoryFigures) -> None:
    batch = found.core(
        f"""
        select
            date_diff('second', case_opened_at, coalesce(first_resolved_at, as_of)) / 3600 as hours,
            parts_wait_seconds / 3600 as parts_hours
        from core.fct_tickets, core.dim_run
        where
            is_case
            and asset_id like '{stories.BATTERY_BATCH}-%'
            and region_id = '{stories.BATTERY_REGION}'
            and root_cause_id = '{stories.BATTERY_CAUSE}'
            and opened_date >= date '2025-10-01'
            and case_opened_at < as_of - interval {stories.BATTERY_WAIT_HOURS} hour
        """
    )
    assert len(batch) > 50
    waits_long = batch["hours"] > stories.BATTERY_WAIT_HOURS
    assert waits_long.mean() == pytest.approx(stories.BATTERY_LONG_WAIT_SHARE, abs=0.05)

    affected = {"region": (stories.BATTERY_REGION,), "root_cause": (stories.BATTERY_CAUSE,)}
    others = {
        "region": (stories.BATTERY_REGION,),
        "root_cause": tuple(c for c in _causes(found) if c != stories.BATTERY_CAUSE),
    }
    stages = found.by_member("stage_hours", "stage", OCTOBER, affected)["value"]
    assert stages["parts"] > 3 * (stages.sum() - stages["parts"])
    assert found.value("parts_wait_share", OCTOBER, affected) > 0.75
    assert found.value("parts_wait_share", OCTOBER, others) < 0.25
    shortest, longest = 14, stories.BATTERY_WAIT_HOURS + 90
    assert shortest < found.value("parts_wait_hours", OCTOBER, affected) < longest
    target = 48.0
    assert found.value("parts_wait_hours", OCTOBER, affected) > target


def _causes(found: StoryFigures) -> list[str]:
    return found.core("select root_cause_id from core.dim_root_causes order by 1")["root_cause_id"].tolist()


def test_complaints_of_remote_regions_are_about_logistics_and_take_longer(found: StoryFigures) -> None:
    shares, hours = {}, {}
    for name, regions in (("remote", found.remote), ("elsewhere", found.not_remote)):
        limits = {"region": regions, **COMPLAINTS}
        counts = sum(
            found.by_member("tickets_created", "root_cause_category", period, limits)["value"]
            .drop(UNSTATED, errors="ignore")
            .reindex(_categories(found), fill_value=0.0)
            for period in WHOLE_WINDOW
        )
        shares[name] = counts / counts.sum()
        logistics = {**limits, "root_cause_category": ("logistics",)}
        hours[name] = [_mean(found, limits), _mean(found, logistics)]
    assert shares["remote"]["logistics"] == pytest.approx(stories.REMOTE_LOGISTICS_SHARE, abs=0.08)
    assert shares["remote"].idxmax() == "logistics"
    assert shares["elsewhere"]["logistics"] < 0.25
    assert hours["remote"][0] > 1.3 * hours["elsewhere"][0]
    assert hours["remote"][1] / hours["elsewhere"][1] == pytest.approx(stories.REMOTE_SLOWNESS, rel=0.25)


def _categories(found: StoryFigures) -> list[str]:
    frame = found.core("select distinct category from core.dim_root_causes where is_registered order by 1")
    return frame["category"].tolist()


def _mean(found: StoryFigures, limits: dict[str, tuple[str, ...]]) -> float:
    """Return the mean hours to the resolution over the whole window."""
    figures = [
        found.by_member("resolution_hours_customer_calendar", "total", period, limits).loc["all"]
        for period in WHOLE_WINDOW
    ]
    return float(sum(f["numerator"] for f in figures) / sum(f["denominator"] for f in figures))


def test_one_team_answers_last_because_it_sleeps_at_night(found: StoryFigures) -> None:
    by_team = found.by_member("first_response_minutes", "team", THIS_YEAR)
    judged = by_team[by_team["n"] >= 5]["value"]
    assert judged.idxmax() == stories.NIGHT_TEAM
    assert judged[stories.NIGHT_TEAM] > 1.5 * judged.drop(stories.NIGHT_TEAM).max()
    # the median hides it: only a few cases come at night
    median = found.by_member("first_response_minutes_median", "team", THIS_YEAR)["value"]
    assert median[stories.NIGHT_TEAM] < 15

    answers = found.core(NIGHT)
    own = answers["first_team_id"] == stories.NIGHT_TEAM
    night = answers["is_night"]
    shortest, longest = (60 * hours for hours in stories.NIGHT_RESPONSE_HOURS)
    assert answers["minutes"][own & night].between(shortest, longest).mean() > 0.9
    assert answers["minutes"][own & night].mean() == pytest.approx((shortest + longest) / 2, rel=0.15)
    assert answers["minutes"][own & ~night].median() < 20
    assert answers["minutes"][~own & night].median() < 30


def test_one_depot_lacks_parts_and_its_region_waits_for_them(found: StoryFigures) -> None:
    fill = _sides(found, "parts_fill_rate")
    rest = fill.drop(index=[stories.DEPOT_REGION, stories.BATTERY_REGION]).sum()
    own_fill = fill["numerator"][stories.DEPOT_REGION] / fill["denominator"][stories.DEPOT_REGION]
    assert own_fill == pytest.approx(stories.DEPOT_IN_STOCK_SHARE, abs=0.12)
    assert rest["numerator"] / rest["denominator"] == pytest.approx(stories.USUAL_IN_STOCK_SHARE, abs=0.03)

    lead = _sides(found, "parts_lead_time_days")
    own_lead = lead["numerator"][stories.DEPOT_REGION] / lead["denominator"][stories.DEPOT_REGION]
    expected = (1 - own_fill) * stories.DEPOT_LEAD_HOURS / 24
    assert own_lead == pytest.approx(expected, rel=0.2)
    rest = lead.drop(index=stories.DEPOT_REGION).sum()
    assert own_lead > 4 * rest["numerator"] / rest["denominator"]

    hours = _split(found.by_member("stage_hours", "region__stage", THIS_YEAR)).query("other == 'parts' and n >= 5")
    assert hours["value"].idxmax() == f"{stories.DEPOT_REGION}|parts"
    stock = found.core(
        """
        select warehouse_id, sum(on_hand) / sum(safety_stock) as cover
        from core.fct_parts_stock
        where snapshot_on = (select max(snapshot_on) from core.fct_parts_stock)
        group by warehouse_id
        """
    ).set_index("warehouse_id")["cover"]
    assert list(stock.index[stock < 0.5]) == [stories.DEPOT]


def _sides(found: StoryFigures, kpi_key: str) -> pd.DataFrame:
    """Return numerator and denominator by region over the whole window."""
    frames = [found.by_member(kpi_key, "region", period)[["numerator", "denominator"]] for period in WHOLE_WINDOW]
    return pd.concat(frames).groupby(level=0).sum()


def test_the_outsourced_team_is_dearer_by_a_third_like_for_like(found: StoryFigures) -> None:
    orders = found.core(
        """
        select employment, avg(cost_amount) as cost
        from core.fct_work_orders
        inner join core.dim_regions using (region_id)
        where completed_at is not null and macro_region_en in ('East China', 'South China', 'Central China')
        group by employment
        """
    ).set_index("employment")["cost"]
    assert orders["outsourced"] / orders["in_house"] == pytest.approx(stories.OUTSOURCED_COST_FACTOR, abs=0.08)

    field_teams = {"team": (stories.OUTSOURCED_TEAM, *stories.RELIEVED_TEAMS)}
    cost = found.by_member("cost_per_ticket", "employment", THIS_YEAR, field_teams)["value"]
    assert cost["outsourced"] / cost["in_house"] == pytest.approx(stories.OUTSOURCED_COST_FACTOR, abs=0.1)
    # over all teams it looks seven times as dear: most in-house cases need no visit
    everybody = found.by_member("cost_per_ticket", "employment", THIS_YEAR)["value"]
    assert everybody["outsourced"] / everybody["in_house"] > 4
    by_team = found.by_member("cost_per_ticket", "team", THIS_YEAR)["value"]
    assert by_team.idxmax() == stories.OUTSOURCED_TEAM
