"""Reading mappings from `sources/*.yml`, and the one that contract-format files need not bring."""

import re
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from landing.mapping_model import CONTRACT_SYSTEM, FILE_SUFFIXES, Delivery, Entry, FileSource, Mapping
from warehouse.contract import Contract, load_contracts
from warehouse.errors import MappingError

__all__ = ["Mapping", "contract_mapping", "load_mappings"]

_CONTRACT_SUFFIXES = tuple(suffix.removeprefix(".") for suffix in FILE_SUFFIXES if not suffix.startswith(".t"))

_ADDRESS_WITH_PASSWORD = re.compile(r"\w://[^\s/:@]*:[^\s@]+@")


class _StrictLoader(yaml.SafeLoader):
    """YAML that refuses a key written twice: the first one would be lost without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
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
        # The loader derives from SafeLoader: it makes plain values only.
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise MappingError(f"{path.name} is no valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(document, dict):
        raise MappingError(f"{path.name} is no mapping: it needs system, time_zone and tables")
    if _holds_password(document):
        # the text is not repeated: messages are logged
        raise MappingError(
            f"{path.name} holds an address with a password; change that password, remove it from the mapping, and put "
            "the address into the environment variable AFTERCARE_DATABASE_<NAME>"
        )
    if "name" in document:
        raise MappingError(
            f"{path.name}: unknown key 'name'; known are system, time_zone, id_prefix, extracted_at, tables"
        )
    try:
        return Mapping.model_validate(document | {"name": path.stem})
    except ValidationError as error:
        raise MappingError(f"{path.name}: {_sentence(error, document)}") from error


def _holds_password(part: Any) -> bool:
    if isinstance(part, dict):
        return any(_holds_password(each) for pair in part.items() for each in pair)
    if isinstance(part, list):
        return any(_holds_password(each) for each in part)
    return isinstance(part, str) and bool(_ADDRESS_WITH_PASSWORD.search(part))


def _sentence(error: ValidationError, document: dict[Any, Any]) -> str:
    """The first thing that is wrong, with its place in the words of the mapping."""
    first = error.errors()[0]
    location = [part for part in first["loc"] if part not in ("from_", "function-before")]
    # after `from` stands which of its forms was tried
    location = [part for at, part in enumerate(location) if at == 0 or location[at - 1] != "from"]
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
