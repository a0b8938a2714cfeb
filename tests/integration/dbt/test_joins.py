"""No model compares every row of one table with every row of another: that is a second here and hours at scale."""

import json
from pathlib import Path

import duckdb

from orchestration.dbt_runner import target_dir
from warehouse.builds import current_build, published_file
from warehouse.settings import load_settings

#: Operators that compare pairs of rows. An asof or hash join is none of them.
_PAIRWISE = ("BLOCKWISE_NL_JOIN", "NESTED_LOOP_JOIN", "CROSS_PRODUCT", "IE_JOIN", "PIECEWISE_MERGE_JOIN")

#: Rules, policies, periods and the one row of the run: these do not grow with the tickets.
_ROWS_OF_A_SMALL_SIDE = 100

#: Stocks have a figure for each slice and period: the pairs are what they make.
_GRIDS = ("model.aftercare.measures_open_cases", "model.aftercare.measures_headcount")


def test_models_pair_rows_with_small_tables_only(demo_home: Path, tmp_path: Path) -> None:
    """By the rows that the joins of the demo company really read, because estimates know nothing of its keys."""
    settings = load_settings(home=demo_home)
    build = current_build(settings)
    assert build is not None
    run = target_dir(settings) / "run"
    nodes = json.loads((run / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    models = {
        result["unique_id"]: result["compiled_code"]
        for result in json.loads((run / "run_results.json").read_text(encoding="utf-8"))["results"]
        # views are looked at where they are read; the private file is not attached
        if result.get("compiled_code")
        and nodes[result["unique_id"]]["config"]["materialized"] in ("table", "table_in_parts", "test")
        and '"private"."' not in result["compiled_code"]
        and result["unique_id"] not in _GRIDS
    }
    assert len(models) > 200
    profile = tmp_path / "profile.json"
    wrong = []
    with duckdb.connect(settings.warehouse_file, read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        # of a few rows DuckDB makes an asof join by a loop, which it does not do of many
        connection.execute("set asof_loop_join_threshold = 0")
        connection.execute(f"attach '{published_file(settings, build.build_id)}' as build (read_only)")
        connection.execute("pragma enable_profiling = 'json'")
        connection.execute(f"pragma profiling_output = '{profile}'")
        for name, sql in models.items():
            connection.execute(f"create or replace temp table looked_at as {sql}")
            plan = json.loads(profile.read_text(encoding="utf-8"))
            wrong += [f"{name}: {sides[0]} x {sides[1]} rows" for sides in _pairwise(plan)]
    assert wrong == []


def _pairwise(node: dict[str, object]) -> list[list[int]]:
    """Rows of both sides of each join that pairs rows of two tables that grow."""
    children = node.get("children", [])
    assert isinstance(children, list)
    found = [sides for child in children for sides in _pairwise(child)]
    if node.get("operator_name") in _PAIRWISE:
        sides = [int(child["operator_cardinality"]) for child in children]
        if min(sides) > _ROWS_OF_A_SMALL_SIDE:
            found.append(sides)
    return found
