"""A folder with one file of two columns: volumes are there, everything else is null and says why."""

import pytest

from tests.command_line import aftercare

KNOWN = {"tickets_created"}


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    home = tmp_path_factory.mktemp("home")
    (home / "landing").mkdir()
    lines = [f"{number:05},2025-{9 + number % 2:02}-{number % 28 + 1:02}T10:00:00+08:00" for number in range(50)]
    (home / "landing" / "crm.tickets.csv").write_text("ticket_id,opened_at\n" + "\n".join(lines) + "\n")
    done = aftercare(home, "refresh")
    assert done.code == 0, done.err
    answer: list[dict[str, object]] = aftercare(home, "kpis", "--format", "json").json
    return answer


def test_volumes_are_shown(figures: list[dict[str, object]]) -> None:
    created = {f["period_start"]: f["value"] for f in figures if f["kpi_key"] == "tickets_created"}
    assert created == {"2025-09-01": 25.0, "2025-10-01": 25.0}


def test_everything_else_is_null_with_the_reason(figures: list[dict[str, object]]) -> None:
    others = [f for f in figures if f["kpi_key"] not in KNOWN]
    assert len({f["kpi_key"] for f in others}) == 86
    assert {f["value"] for f in others} == {None}
    assert {f["numerator"] for f in others if f["kpi_key"] != "stage_hours"} == {None}
    reasons = {str(f["kpi_key"]): f["null_reason"] for f in others}
    # a share of the cycle is a matter of stages, whatever the source
    assert reasons.pop("stage_share") == "not_in_slice"
    # nor is a review of a quarter a matter of months
    assert (reasons.pop("peer_review_score"), reasons.pop("innovation_score")) == ("not_in_period", "not_in_period")
    # stages are looked for in resolved cases, and there are none
    assert reasons.pop("stage_hours") == "no_cases"
    assert set(reasons.values()) == {"not_in_source"}
