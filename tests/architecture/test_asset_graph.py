"""The asset graph as a snapshot: keys, groups, checks and jobs. A change here is a change of the platform."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

SNAPSHOT = Path(__file__).with_name("asset_graph.json")


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home = tmp_path_factory.mktemp("home")
    before = {name: os.environ.get(name) for name in ("AFTERCARE_HOME", "AFTERCARE_SEEDS", "DBT_LOG_PATH")}
    os.environ["AFTERCARE_HOME"] = str(home)
    os.environ.pop("AFTERCARE_SEEDS", None)
    try:
        from orchestration.definitions import aftercare

        definitions = aftercare()
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
    repository = definitions.get_repository_def()
    nodes = {node.key: node for node in repository.asset_graph.asset_nodes}
    checks = repository.asset_graph.asset_check_keys
    return {
        "groups": {
            group: sorted(key.to_user_string() for key, node in nodes.items() if node.group_name == group)
            for group in sorted({str(node.group_name) for node in nodes.values()})
        },
        "gate_checks": sorted(
            f"{key.asset_key.to_user_string()}: {key.name}" for key in checks if key.name.startswith("gx_")
        ),
        "jobs": sorted(name for name in repository.job_names if not name.startswith("__")),
        "schedules": sorted(schedule.name for schedule in repository.schedule_defs),
        "sensors": sorted(sensor.name for sensor in repository.sensor_defs),
        "parents_of_publish": sorted(
            parent.to_user_string() for key, node in nodes.items() if key.path == ["published", "current"]
            for parent in node.parent_keys
        ),
    }  # fmt: skip


def test_graph_is_the_one_on_record(graph: dict[str, Any]) -> None:
    if os.environ.get("AFTERCARE_UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(json.dumps(graph, indent=2) + "\n", encoding="utf-8")
    assert graph == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def test_lineage_is_continuous_from_landing_to_publish(graph: dict[str, Any]) -> None:
    groups = graph["groups"]
    assert "raw/crm__tickets" in groups["landing"]
    assert "staging/stg_crm__tickets" in groups["staging__crm"]
    assert "core/fct_tickets" in groups["marts__core"]
    assert "kpi/mart_kpis" in graph["parents_of_publish"]
    assert groups["published"] == ["published/current"]


def test_every_raw_and_build_table_has_its_gate_check(graph: dict[str, Any]) -> None:
    guarded = {line.split(":")[0] for line in graph["gate_checks"]}
    raw = {key for key in graph["groups"]["landing"] if key.startswith("raw/")}
    build = {
        key for group, keys in graph["groups"].items() if group in ("marts__core", "marts__measures", "marts__kpi")
        for key in keys
    }  # fmt: skip
    assert guarded == raw | build
