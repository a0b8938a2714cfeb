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
        "seeds": hash_files(sorted(settings.seeds.glob("*.csv"))),
        "code": hash_files(code_files()),
        "schema": SCHEMA_VERSION,
        "company": [settings.zone, settings.calendar_id, settings.currency],
        "as_of": chosen_as_of.isoformat() if chosen_as_of else None,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
