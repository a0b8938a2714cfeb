"""The models of the project run by DuckDB alone: what dbt compiled once, in dbt's order, as often as wanted."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.dbt_runner import PROFILES_DIR, dbt_environment, dbt_executable, dbt_working_in, target_dir
from warehouse.settings import CHECKOUT, Settings


@dataclass(frozen=True)
class Model:
    """A compiled model: its relation with catalog, how it is kept, its SELECT."""

    name: str
    relation: str
    kind: str
    sql: str


def compile_models(settings: Settings) -> list[Model]:
    """Compile the project in a home that has its folders and an empty warehouse, and load the seeds into it."""
    for arguments in (["seed"], ["compile", "--select", "resource_type:model"]):
        command = [
            dbt_executable(), "--quiet", *arguments, "--project-dir", str(CHECKOUT),
            "--profiles-dir", str(PROFILES_DIR), "--target-path", str(target_dir(settings)),
        ]  # fmt: skip
        environment = {**os.environ, **dbt_environment(settings)}
        with dbt_working_in(settings, settings.home):
            done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    nodes = json.loads((target_dir(settings) / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    models = {key: node for key, node in nodes.items() if node["resource_type"] == "model"}
    ordered: dict[str, Model] = {}

    def add(key: str) -> None:
        if key in ordered or key not in models:
            return
        for needed in models[key]["depends_on"]["nodes"]:
            add(needed)
        node = models[key]
        relation = f'"{node["database"]}"."{node["schema"]}"."{node["alias"]}"'
        kind = "view" if node["config"]["materialized"] == "view" else "table"
        ordered[key] = Model(node["name"], relation, kind, node["compiled_code"])

    for key in models:
        add(key)
    return list(ordered.values())


def write_compiled(models: list[Model], folder: Path) -> None:
    """Lay the compiled models out as dbt does."""
    folder.mkdir(parents=True, exist_ok=True)
    for model in models:
        (folder / f"{model.name}.sql").write_text(model.sql, encoding="utf-8")


def run_models(warehouse: Path, models: list[Model], seeds: Path) -> None:
    """Build every model in the folder of a warehouse, with the seeds of another warehouse."""
    build = warehouse.parent / "build"
    for name in ("building.duckdb", "building.private.duckdb"):
        (build / name).unlink(missing_ok=True)
    with duckdb.connect(warehouse) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set preserve_insertion_order = false")
        connection.execute(f"attach '{build / 'building.duckdb'}' as build")
        connection.execute(f"attach '{build / 'building.private.duckdb'}' as private")
        connection.execute(f"attach '{seeds}' as seeded (read_only)")
        connection.execute("create schema if not exists seeds")
        for (table,) in connection.execute(
            "select table_name from duckdb_tables() where database_name = 'seeded' and schema_name = 'seeds'"
        ).fetchall():
            connection.execute(f"create or replace table seeds.{table} as from seeded.seeds.{table}")
        for model in models:
            catalog, schema, _ = model.relation.replace('"', "").split(".")
            connection.execute(f"create schema if not exists {catalog}.{schema}")
            connection.execute(f"create or replace {model.kind} {model.relation} as {model.sql}")


def differences(left: Path, right: Path) -> dict[str, tuple[int, int]]:
    """Return the tables of two builds whose rows differ, with the number of rows that only one of them has."""
    found = {}
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"attach '{left}' as a (read_only)")
        connection.execute(f"attach '{right}' as b (read_only)")
        tables = [
            {
                f"{schema}.{table}"
                for schema, table in connection.execute(
                    "select schema_name, table_name from duckdb_tables() where database_name = $name", {"name": name}
                ).fetchall()
            }
            for name in ("a", "b")
        ]
        assert tables[0] == tables[1]
        assert tables[0]
        for table in sorted(tables[0]):
            rows = connection.execute(
                f"select (select count(*) from (from a.{table} except all from b.{table})),"
                f" (select count(*) from (from b.{table} except all from a.{table}))"
            ).fetchone()
            if rows != (0, 0):
                found[table] = rows
    return found
