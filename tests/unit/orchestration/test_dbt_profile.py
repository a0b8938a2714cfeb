"""How dbt opens its database: what it repeats for every query must still be allowed when DuckDB has spilled to disk."""

from pathlib import Path

import duckdb
import yaml
from jinja2 import Template

from warehouse.settings import CHECKOUT


def test_settings_can_be_repeated_after_a_spill(tmp_path: Path) -> None:
    written = (CHECKOUT / "dbt_project" / "profiles.yml").read_text(encoding="utf-8")
    known = {"AFTERCARE_HOME": str(tmp_path)}
    profile = yaml.safe_load(Template(written).render(env_var=lambda name, default: known.get(name, default)))
    output = profile["aftercare"]["outputs"]["duckdb"]
    options = {**output["config_options"], "memory_limit": "60MB"}
    with duckdb.connect(tmp_path / "build.duckdb", config=options) as connection:
        connection.execute("set threads = 1")
        connection.execute(
            "create table spilled as select range as n, hash(range) as h from range(6_000_000) order by h"
        )
        spilled = connection.execute("select count(*) from duckdb_temporary_files()").fetchone()
        connection.execute("create temp table held as select * from spilled")
        held = connection.execute("select count(*) from duckdb_temporary_files()").fetchone()
        assert spilled is not None
        assert held is not None
        assert spilled[0] + held[0] > 0
        for name, value in output["settings"].items():
            connection.cursor().execute(f"set {name} = '{value}'")
