"""Names in the asset graph: a key is the table's address, a group is the folder (style.md)."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator

from warehouse.contract import load_contracts

LANDED_META = ("extracts", "extract_entries", "quarantine", "bad_cells", "source_capabilities")
RUN_CONTEXT = dg.AssetKey(["meta", "run_context"])
IDENTITIES = dg.AssetKey(["private", "identities"])
CURRENT_BUILD = dg.AssetKey(["published", "current"])


def raw_key(raw_table: str) -> dg.AssetKey:
    return dg.AssetKey(["raw", raw_table])


def landed_keys() -> list[dg.AssetKey]:
    """Return the keys that landing writes: every raw table, and the manifest."""
    raw = [raw_key(contract.raw_table) for contract in load_contracts().values()]
    return [*raw, *(dg.AssetKey(["meta", name]) for name in LANDED_META), IDENTITIES]


class TableAddressTranslator(DagsterDbtTranslator):
    """Gives dbt's nodes the same keys as everything else: [schema, table], grouped by folder."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey([dbt_resource_props["source_name"], dbt_resource_props["name"]])
        return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        if dbt_resource_props["resource_type"] == "seed":
            return "seeds"
        folders = PurePosixPath(dbt_resource_props["path"]).parent.parts
        return "__".join(folders)
