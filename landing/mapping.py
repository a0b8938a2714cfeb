"""Reading mappings from `sources/*.yml`, and the one that contract-format files need not bring."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from landing.mapping_model import CONTRACT_SYSTEM, FILE_SUFFIXES, Delivery, Entry, FileSource, Mapping
from landing.open_decisions import OpenDecision, open_decisions
from warehouse.contract import Contract, load_contracts
from warehouse.errors import MappingError

__all__ = ["Mapping", "UndecidedError", "contract_mapping", "load_mappings", "read_mapping"]

_MERGE = "tag:yaml.org,2002:merge"
_CONTRACT_SUFFIXES = tuple(suffix.removeprefix(".") for suffix in FILE_SUFFIXES if not suffix.startswith(".t"))


class UndecidedError(MappingError):
    """A mapping leaves decisions to a person; the message names them all, with the choices."""

    def __init__(self, name: str, decisions: tuple[OpenDecision, ...]) -> None:
        self.decisions = decisions
        said = [f"line {d.line}, {d.place}" + (f" ({d.reason})" if d.reason else "") for d in decisions]
        verb = "is one decision" if len(said) == 1 else f"are {len(said)} decisions"
        super().__init__(f"{name}: there {verb} to take, write a choice in place of CHOOSE: {'; '.join(said)}")
        said_zh = [f"第 {d.line} 行 {d.place}" + (f"（{d.reason}）" if d.reason else "") for d in decisions]
        self.zh = f"{name}：有 {len(said)} 处需要选择，请替换 CHOOSE：{'；'.join(said_zh)}"


class _StrictLoader(yaml.SafeLoader):
    """YAML that refuses a key written twice: the first one would be lost without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            if key_node.tag == _MERGE:
                continue  # `<<: *shared` takes over what is not written here
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key!r} is written twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def load_mappings(path: Path) -> tuple[Mapping, ...]:
    """Return the mappings of a folder (its own `*.yml`, not those of folders below) or of one file.

    A folder that does not exist has none. Raises MappingError with one sentence that names the file, the table
    entry and the unknown contract, column, function or key.
    """
    if path.is_dir():
        files = sorted([*path.glob("*.yml"), *path.glob("*.yaml")])
        return tuple(_load(file) for file in files)
    if path.is_file():
        return (_load(path),)
    if path.suffix in (".yml", ".yaml"):
        raise MappingError(f"mapping {path} does not exist")
    return ()


def _load(path: Path) -> Mapping:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise MappingError(f"{path.name} is no valid YAML: {' '.join(str(error).split())}") from error
    return read_mapping(text, path)


def read_mapping(text: str, path: Path) -> Mapping:
    """Return the mapping that a text says; `path` only names it. Raises MappingError as `load_mappings` does."""
    try:
        # The loader derives from SafeLoader: it makes plain values only.
        document = yaml.load(text, Loader=_StrictLoader)  # noqa: S506
    except yaml.YAMLError as error:
        raise MappingError(f"{path.name} is no valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(document, dict):
        raise MappingError(f"{path.name} is no mapping: it needs system, time_zone and tables")
    open_here = open_decisions(text)
    if open_here:
        raise UndecidedError(path.name, open_here)
    if "name" in document:
        raise MappingError(
            f"{path.name}: unknown key 'name'; known are system, time_zone, id_prefix, extracted_at, tables"
        )
    try:
        return Mapping.model_validate(document | {"name": path.stem})
    except ValidationError as error:
        raise MappingError(f"{path.name}: {_sentence(error, document)}") from error


def _sentence(error: ValidationError, document: dict[Any, Any]) -> str:
    """The first thing that is wrong, with its place in the words of the mapping."""
    first = error.errors()[0]
    location = [part for part in first["loc"] if part not in ("from_", "function-before")]
    place = _place(location, document)
    if first["type"] == "extra_forbidden":
        return f"{_place(location[:-1], document)}unknown key {location[-1]!r}"
    if first["type"] == "missing":
        return f"{_place(location[:-1], document)}{location[-1]} is missing"
    message = first["msg"].removeprefix("Value error, ")
    return f"{place}{message}"


def _place(location: list[Any], document: dict[Any, Any]) -> str:
    if len(location) >= 2 and location[0] == "tables" and isinstance(location[1], int):
        entry = document["tables"][location[1]]
        contract = entry.get("contract", "no contract") if isinstance(entry, dict) else "no entry"
        rest = location[2:]
        if rest[:1] == ["columns"]:
            rest = [f"column {rest[1]}", *rest[2:]] if len(rest) > 1 else []
        parts = [f"table entry {location[1] + 1} ({contract})", *(str(part) for part in rest)]
        return ": ".join(parts) + ": "
    return "".join(f"{part}: " for part in location)


def contract_mapping(zone: str) -> Mapping:
    """Return the implicit mapping for files that already are contract tables.

    `crm.tickets.csv` is a snapshot, `crm.tickets.2025-10.csv` a delta; columns go by name, times without zone are
    local times of `zone`.
    """
    entries = [
        _by_name(contract, delivery, tuple(f"{stem}.{suffix}" for suffix in _CONTRACT_SUFFIXES))
        for contract in load_contracts().values()
        for delivery, stem in _deliveries(contract.name)
    ]
    return Mapping(system=CONTRACT_SYSTEM, time_zone=zone, tables=tuple(entries))


def _deliveries(name: str) -> tuple[tuple[Delivery, str], ...]:
    return (("snapshot", name), ("delta", f"{name}.*"))


def _by_name(contract: Contract, delivery: Delivery, files: tuple[str, ...]) -> Entry:
    return Entry.model_validate(
        {
            "contract": contract.name,
            "from": FileSource(files=files),
            "delivery": delivery,
            "columns": {name: {"from": name} for name in contract.column_names},
            "by_name": True,
        }
    )
