"""A past state rebuilt from the raw history is the state that was published then, table by table (rulings A1, A13)."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from demo.company import generate
from tests.command_line import CHECKOUT, aftercare
from warehouse.builds import published_file
from warehouse.connections import reader
from warehouse.settings import Settings, load_settings

THEN = ("--as-of", "2025-09-30", "--known-at", "2025-10-02", "--full")
#: Columns that name the build itself, which is another one.
OWN_NAMES = ("build_id", "run_id", "built_at", "run_at")


Contents = Mapping[str, tuple[int, str]]


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> tuple[Contents, Contents]:
    """A home delivered to by 2 October and a month later, and what its past build held then and again."""
    home = tmp_path_factory.mktemp("past")
    source = tmp_path_factory.mktemp("made")
    generate(source, until="2025-10", tickets=400, seed=7, seeds_dir=CHECKOUT / "seeds")
    landing = home / "landing"
    landing.mkdir()
    late = sorted(source.glob("*2025-10*"))
    assert len(late) > 5
    for file in source.iterdir():
        if file not in late:
            shutil.copy(file, landing)
    _do(home, "land", "--extracted-at", "2025-10-02")
    settings = load_settings(home=home)
    then = _past_build(home, settings)
    for file in late:
        shutil.copy(file, landing)
    _do(home, "land", "--extracted-at", "2025-11-03")
    return then, _past_build(home, settings)


def _do(home: Path, *arguments: str) -> None:
    done = aftercare(home, *arguments)
    assert done.code == 0, done.err


def _past_build(home: Path, settings: Settings) -> Contents:
    said = aftercare(home, "refresh", *THEN, "--format", "json")
    assert said.code == 0, said.err
    build_id = json.loads(said.out[said.out.index("{") :])["build_id"]
    return _contents(settings, build_id)


def _contents(settings: Settings, build_id: str) -> Contents:
    """Return rows and an order-free hash of every table, without the columns that name the build."""
    with reader(published_file(settings, build_id), settings) as connection:
        columns = connection.execute(
            """
            select schema_name || '.' || table_name, list(column_name order by column_index)
            from duckdb_columns() where not internal and database_name = current_database()
                and table_name in (select table_name from duckdb_tables() where not internal)
            group by 1 order by 1
            """
        ).fetchall()
        found = {}
        for table, names in columns:
            kept = ", ".join(f'"{name}"' for name in names if name not in OWN_NAMES)
            row = connection.execute(f"select count(*), sum(hash({kept})) from {table}").fetchone()
            assert row is not None
            found[table] = (int(row[0]), str(row[1]))
    return found


def test_a_past_state_is_rebuilt_to_the_last_cell(states: tuple[Contents, Contents]) -> None:
    then, again = states
    assert len(then) > 50
    assert then["core.fct_tickets"][0] > 300
    differing = [table for table in then.keys() | again.keys() if then.get(table) != again.get(table)]
    assert differing == []
