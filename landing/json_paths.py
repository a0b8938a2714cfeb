"""Where values lie in JSON: paths of keys, as JSON pointers, as column names, and as the structure of many objects."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Path = tuple[str, ...]

#: Name of the outermost object in the columns of a nested record: `$.id`.
ROOT = "$"
MAX_DEPTH = 64


@dataclass(frozen=True)
class Leaf:
    """A place that holds a value, a list or, from object to object, different things (`is_mixed`)."""

    path: Path
    is_list: bool = False
    is_mixed: bool = False


def pointer(path: Path) -> str:
    """Return a path as JSON pointer (RFC 6901), which can name any key."""
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in path)


def split_records(records: tuple[str, ...]) -> Path:
    """Return the keys of `records`: one text is split at its dots, a list is taken as it is."""
    return tuple(records[0].split(".")) if len(records) == 1 else records


def leaves(structure: Any, path: Path = ()) -> Iterator[Leaf]:
    """Yield the leaves of a structure as DuckDB's `json_group_structure` tells it."""
    if isinstance(structure, dict) and structure:
        for key, inner in structure.items():
            yield from leaves(inner, (*path, key))
    elif path:
        yield Leaf(path, is_list=isinstance(structure, list), is_mixed=structure == "JSON")


def objects(structure: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the paths at which objects lie, the outermost first."""
    if isinstance(structure, dict):
        yield path
        for key, inner in structure.items():
            yield from objects(inner, (*path, key))


def without(structure: Any, key: str) -> Any:
    """Return the structure of an object less one of its keys."""
    return {name: inner for name, inner in structure.items() if name != key} if isinstance(structure, dict) else {}
