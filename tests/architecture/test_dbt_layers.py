"""The dbt layers depend downwards only, as the manifest has it."""

import json
from pathlib import Path
from typing import Any

import pytest

from orchestration.dbt_runner import prepare_manifest
from warehouse.contract import load_contracts
from warehouse.dbt_sources import SOURCES_FILE, render_sources
from warehouse.settings import load_settings

#: A layer may read itself and the ones before it; seeds are below all of them.
LAYERS = ("seeds", "staging", "intermediate", "core", "measures", "kpi")


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    settings = load_settings(home=tmp_path_factory.mktemp("home"))
    parsed: dict[str, Any] = json.loads(prepare_manifest(settings).read_text(encoding="utf-8"))
    return parsed


def models(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


def layer(node: dict[str, Any]) -> str:
    return str(node["schema"])


def test_models_read_their_own_layer_or_lower_ones(manifest: dict[str, Any]) -> None:
    wrong = []
    for node in models(manifest):
        if layer(node) == "private":
            continue
        for parent in node["depends_on"]["nodes"]:
            if parent.startswith("source."):
                continue
            parent_layer = layer(manifest["nodes"][parent])
            if LAYERS.index(parent_layer) > LAYERS.index(layer(node)):
                wrong.append(f"{node['name']} ({layer(node)}) reads {parent} ({parent_layer})")
    assert wrong == []


def test_only_staging_reads_sources(manifest: dict[str, Any]) -> None:
    readers = {
        node["name"]: layer(node)
        for node in models(manifest)
        if any(parent.startswith("source.") for parent in node["depends_on"]["nodes"])
    }
    assert set(readers.values()) == {"staging"}


def test_free_text_and_names_flow_into_the_private_file_only(manifest: dict[str, Any]) -> None:
    private_sources = {
        "stg_crm__ticket_texts", "stg_meta__identities", "stg_crm__customer_names", "stg_meta__quarantine_texts",
    }  # fmt: skip
    wrong = [
        (node["name"], parent)
        for node in models(manifest)
        if layer(node) != "private"
        for parent in node["depends_on"]["nodes"]
        if parent.rsplit(".", 1)[-1] in private_sources
    ]
    assert wrong == []


def test_marts_are_written_into_the_build_file(manifest: dict[str, Any]) -> None:
    databases = {layer(node): node["database"] for node in models(manifest)}
    assert databases["core"] == databases["measures"] == databases["kpi"] == "build"
    assert databases["private"] == "private"


def test_every_model_says_its_grain_in_a_file_beside_it(manifest: dict[str, Any]) -> None:
    without = [
        node["name"] for node in models(manifest) if not node["description"].startswith(("One row per ", "One row: "))
    ]
    assert without == []
    for node in models(manifest):
        patch = Path(node["patch_path"].removeprefix("aftercare://"))
        assert patch.parent == Path(node["original_file_path"]).parent, node["name"]


def test_dbt_sources_are_those_of_the_contracts() -> None:
    assert SOURCES_FILE.read_text(encoding="utf-8") == render_sources()
    assert len(load_contracts()) == 15
