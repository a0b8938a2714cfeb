"""The server's configuration, the menu, and what page code must not do."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from dashboards.auth import current_scope
from dashboards.registry import PAGES, VIEWS_DIR
from warehouse.scope import Scope

PACKAGE = VIEWS_DIR.parent
MODULES = sorted(PACKAGE.rglob("*.py"))


def test_server_is_closed_to_the_outside() -> None:
    config = tomllib.loads((PACKAGE.parent / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["server"]["address"] == "127.0.0.1"
    assert config["server"]["fileWatcherType"] == "none"
    assert config["server"]["enableStaticServing"] is False
    assert config["client"]["showErrorDetails"] == "none"
    assert config["client"]["toolbarMode"] == "viewer"
    assert config["browser"]["gatherUsageStats"] is False


def test_every_view_is_registered_and_every_entry_has_its_file() -> None:
    assert {entry.file for entry in PAGES} == set(VIEWS_DIR.glob("*.py"))


def test_everyone_sees_everything_while_there_are_no_users() -> None:
    assert current_scope() == Scope.everything()


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_pages_neither_open_databases_nor_write_html(module: Path) -> None:
    source = module.read_text(encoding="utf-8")
    assert "unsafe_allow_html" not in source
    assert not re.search(r"st\.html|components\.v1", source)
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(source))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert not imported & {"duckdb", "sqlalchemy", "orchestration", "data_quality", "demo"}
    if module.parent.name != "queries":
        assert "cache_data" not in source
        assert not re.search(r"\.(frame|rows)\(\s*[\"f]", source), "SQL belongs into queries/"
    assert len(source.splitlines()) < 250
