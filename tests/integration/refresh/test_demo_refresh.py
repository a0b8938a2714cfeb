"""The whole line on the demo company: refresh, ask, roll back, crash, refuse a second run."""

import fcntl
import shutil
from pathlib import Path

import pytest

from tests.command_line import aftercare
from warehouse.builds import current_build, list_builds
from warehouse.operations import OperationsStore, RunStatus
from warehouse.publish import CRASH_VARIABLE
from warehouse.settings import load_settings


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo home that these tests may change."""
    copy = tmp_path_factory.mktemp("copy") / "home"
    shutil.copytree(demo_home, copy)
    return copy


def test_again_without_new_files_says_so_and_changes_nothing(home: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (home / "published").iterdir()}
    done = aftercare(home, "demo", "--tickets", "1500", "--no-serve")
    assert done.code == 0, done.err
    assert "nothing new since build" in done.out
    assert {path: path.stat().st_mtime_ns for path in (home / "published").iterdir()} == before


def test_the_mart_is_answered_in_every_format(home: Path) -> None:
    as_json = aftercare(home, "kpis", "--kpi", "tickets_created", "--format", "json").json
    as_csv = aftercare(home, "kpis", "--kpi", "tickets_created", "--format", "csv").out.splitlines()
    as_table = aftercare(home, "kpis", "--kpi", "tickets_created").out
    assert as_csv[0].split(",") == list(as_json[0])
    assert len(as_csv) == len(as_json) + 1
    assert as_csv[1].split(",")[2] == as_json[0]["period_start"]
    assert len(as_json) == 15
    assert as_table.count("tickets_created") == 15


def test_filters_slices_and_tickets_agree(home: Path) -> None:
    question = ("--kpi", "reopen_rate", "--period", "year", "--slice", "region", "--where", "region=R-SH|R-JS")
    figures = aftercare(home, "kpis", *question, "--format", "json").json
    rows = aftercare(home, "kpis", *question, "--tickets", "--format", "json").json
    assert {figure["slice_value"] for figure in figures} == {"R-SH", "R-JS"}
    for figure in figures:
        behind = [
            row for row in rows
            if (row["slice_value"], row["period_start"]) == (figure["slice_value"], figure["period_start"])
        ]  # fmt: skip
        assert sum(row["denominator"] or 0 for row in behind) == figure["denominator"]
        assert sum(row["numerator"] or 0 for row in behind) == figure["numerator"]


def test_an_explanation_names_definition_and_rulings(home: Path) -> None:
    explanation = aftercare(home, "kpis", "--kpi", "reopen_rate", "--explain", "--format", "json").json[0]
    assert "168 hours" in explanation["definition_en"]
    assert explanation["rulings"] == "A5 B17 B21 D12"
    assert explanation["decisions"] == "docs/kpi_decisions.md: A5 B17 B21 D12"
    assert "reopening_evident_cases of tickets_first_resolved" in explanation["evidence"]
    [tickets] = explanation["inputs"]
    assert (tickets["contract"], tickets["complete_to"]) == ("crm.tickets", "2025-10-31")
    assert explanation["null_reasons"] == []


def test_an_explanation_says_why_figures_are_null(home: Path) -> None:
    question = ("--kpi", "stage_share", "--kpi", "innovation_score", "--explain", "--format", "json")
    stages, innovation = aftercare(home, "kpis", *question).json
    assert stages["figures"] == {"of": "total by month", "all": 15, "null": 15}
    [reason] = stages["null_reasons"]
    assert (reason["reason"], reason["figures"], reason["first"]) == ("not_in_slice", 15, "2024-08-01")
    assert [reason["reason"] for reason in innovation["null_reasons"]] == ["not_in_period"]


def test_who_pays_cuts_the_cost(home: Path) -> None:
    """Kpis.md: cost per case, warranty or paid; the parts are the whole."""
    question = ("--kpi", "cost_per_ticket", "--period", "year", "--format", "json")
    totals = aftercare(home, "kpis", *question).json
    parts = aftercare(home, "kpis", *question, "--slice", "warranty").json
    assert {row["slice_value"] for row in parts} == {"warranty", "paid", "unknown"}
    for total in totals:
        mine = [row for row in parts if row["period_start"] == total["period_start"]]
        assert sum(row["numerator"] or 0 for row in mine) == pytest.approx(total["numerator"])
        assert sum(row["denominator"] or 0 for row in mine) == pytest.approx(total["denominator"])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--kpi", "happiness"), "unknown KPI 'happiness'; known are tickets_created"),
        (("--slice", "planet"), "unknown slice or filter 'planet'"),
        (("--where", "region"), "--where takes name=value pairs"),
        (("--where", "region=x' or 1=1 --"), ""),
        (("--build", "../../etc/passwd"), "no published build ../../etc/passwd"),
        (("--from", "2025-10-02", "--to", "2025-10-01"), "the period begins 2025-10-02 after it ends 2025-10-01"),
    ],
)
def test_wrong_questions_get_one_sentence(home: Path, arguments: tuple[str, ...], sentence: str) -> None:
    done = aftercare(home, "kpis", *arguments)
    if sentence:
        assert done.code == 1
        assert done.err.startswith("Error: ")
        assert sentence in done.err
        assert len(done.err.strip().splitlines()) == 1
    else:
        # a hostile value is a value that no row has
        assert done.code == 0
        assert "tickets_created" not in done.out


def test_a_second_refresh_is_refused_while_one_runs(home: Path) -> None:
    with (home / "refresh.lock").open("r+", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = aftercare(home, "refresh")
    assert done.code == 1
    assert "another refresh" in done.err


def test_a_build_for_a_past_day_is_kept_but_not_shown(home: Path) -> None:
    settings = load_settings(home=home)
    before = current_build(settings)
    done = aftercare(home, "refresh", "--as-of", "2025-06-30")
    assert done.code == 0, done.err
    past = list_builds(settings)[0]
    assert current_build(settings) == before
    figures = aftercare(home, "kpis", "--kpi", "tickets_created", "--build", past.build_id, "--format", "json").json
    assert max(figure["period_start"] for figure in figures) == "2025-06-01"
    assert {figure["as_of"] for figure in figures} == {"2025-06-30T15:59:59.999999"}
    again = aftercare(home, "refresh", "--as-of", "2025-06-30")
    assert "published but not current" in again.out


def test_kill_9_while_publishing_leaves_the_old_build_and_the_next_run_heals(home: Path) -> None:
    settings = load_settings(home=home)
    before = current_build(settings)
    killed = aftercare(home, "refresh", "--full", extra={CRASH_VARIABLE: "file_renamed"})
    assert killed.code == -9
    assert current_build(settings) == before
    assert aftercare(home, "kpis", "--kpi", "tickets_created").code == 0

    healed = aftercare(home, "refresh", "--full")
    assert healed.code == 0, healed.err
    after = current_build(settings)
    assert before is not None
    assert after is not None
    assert after.build_id != before.build_id
    assert after.checksums["core.fct_tickets"] == before.checksums["core.fct_tickets"]
    statuses = [run.status for run in OperationsStore(settings).list_runs(limit=2)]
    assert statuses == [RunStatus.PUBLISHED, RunStatus.DIED]
    names = {path.name.split(".")[0] for path in settings.published_dir.iterdir()}
    assert names == {build.build_id for build in list_builds(settings)}


def test_rollback_shows_the_earlier_build_and_a_refresh_does_not_undo_it(home: Path) -> None:
    settings = load_settings(home=home)
    newest = current_build(settings)
    older = next(b for b in list_builds(settings) if newest and b.build_id < newest.build_id)
    assert aftercare(home, "rollback", older.build_id).code == 0
    assert current_build(settings) == older
    again = aftercare(home, "refresh")
    assert again.code == 0, again.err
    assert "nothing new" in again.out
    assert current_build(settings) == older
