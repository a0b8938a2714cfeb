"""What a build is made of, as one hash: equal fingerprints mean equal marts, so nothing needs to be built."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.builds import SCHEMA_VERSION
from warehouse.manifest import ExtractState
from warehouse.settings import CHECKOUT, Settings


def code_files() -> list[Path]:
    """Return the files that decide what a mart holds, apart from data."""
    folder = CHECKOUT / "dbt_project"
    return [CHECKOUT / "dbt_project.yml", *sorted(path for path in folder.rglob("*") if path.is_file())]


def hash_files(paths: Iterable[Path]) -> str:
    """Return one hash of names and contents."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def inputs_fingerprint(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    *,
    known_at: datetime,
    chosen_as_of: datetime | None,
) -> str:
    """Return the fingerprint of a build: accepted extracts, reference data, code, company settings, chosen as-of."""
    extracts = connection.execute(
        """
        select list(extract_id order by extract_id) from meta.extracts
        where state = $state and extracted_at <= $known
        """,
        {"state": str(ExtractState.ACCEPTED), "known": known_at},
    ).fetchone()
    content = {
        "extracts": extracts[0] if extracts else [],
        **_recipe(settings),
        "as_of": chosen_as_of.isoformat() if chosen_as_of else None,
    }
    return _hash(content)


def recipe_fingerprint(settings: Settings) -> str:
    """Return the fingerprint of how extracts become marts and are judged.

    Builds of one recipe can be made upon each other: their marts follow the same rules and passed the same gate.
    """
    rules = [*(CHECKOUT / "data_quality").glob("*.*"), *(CHECKOUT / "warehouse" / "increment").glob("*.py")]
    return _hash({**_recipe(settings), "rules": hash_files(sorted(rules))})


def _recipe(settings: Settings) -> dict[str, object]:
    return {
        "seeds": hash_files(sorted(settings.seeds.glob("*.csv"))),
        "code": hash_files(code_files()),
        "schema": SCHEMA_VERSION,
        "company": [settings.zone, settings.calendar_id, settings.currency],
    }


def _hash(content: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
