"""The dbt sources of all landing tables, written from the contracts: `python -m warehouse.dbt_sources`.

dbt needs a file; a test compares it with what this module makes, so it cannot drift from the contracts.
"""

import sys
from pathlib import Path
from typing import Any

import yaml

from warehouse.contract import Contract, load_contracts
from warehouse.settings import CHECKOUT

SOURCES_FILE = CHECKOUT / "dbt_project" / "models" / "staging" / "_sources.yml"

_META_TABLES = {
    "extracts": "One row per delivered file and mapping, with its state.",
    "extract_entries": "One row per extract and contract it feeds, with its row counts.",
    "quarantine": "One row per landed row that did not become a contract row.",
    "bad_cells": "One row per cell that became null because of its text.",
    "corrections": "One row per delivered file and file of corrected rows.",
    "source_capabilities": "One row per value that a mapping can produce for a code column.",
    "reconciliation_elsewhere": "One row per source system with tickets outside an increment: what these say of it.",
    "run_context": "One row: the build that runs.",
}


def _table(contract: Contract) -> dict[str, Any]:
    return {
        "name": contract.raw_table,
        "description": f"{contract.grain[0].upper()}{contract.grain[1:]} and extract. {contract.description}",
        "columns": [{"name": column.name, "description": column.meaning} for column in contract.columns],
    }


def render_sources() -> str:
    """Return the YAML of `_sources.yml`."""
    document = {
        "version": 2,
        "sources": [
            {
                "name": "raw",
                "description": "Landing tables, append-only, one per contract.",
                "tables": [_table(contract) for contract in load_contracts().values()],
            },
            {
                "name": "meta",
                "description": "The manifest of what has landed, and the context of the build.",
                "tables": [{"name": name, "description": text} for name, text in _META_TABLES.items()],
            },
            {
                "name": "private",
                "description": "Whom pseudonyms stand for; flows into the private file only.",
                "tables": [{"name": "identities", "description": "One row per pseudonym and first extract."}],
            },
        ],
    }
    head = "# Written by `python -m warehouse.dbt_sources` from warehouse/contracts; do not edit.\n"
    return head + yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120)


if __name__ == "__main__":
    Path(sys.argv[1] if len(sys.argv) > 1 else SOURCES_FILE).write_text(render_sources(), encoding="utf-8")
