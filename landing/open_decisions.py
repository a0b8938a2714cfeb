"""Decisions that a mapping leaves to a person: the word CHOOSE, which no reading guesses away."""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

#: What stands in a mapping where a person must decide.
CHOOSE = "CHOOSE"


@dataclass(frozen=True)
class OpenDecision:
    """A place in a mapping that is still to be decided; `reason` is the comment beside it."""

    line: int
    place: str
    reason: str


def open_decisions(text: str) -> tuple[OpenDecision, ...]:
    """Return the places of a mapping's text where CHOOSE stands, in their order.

    Raises yaml.YAMLError when the text is no YAML.
    """
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    lines = text.splitlines()
    found: dict[int, OpenDecision] = {}
    for place, node in _scalars(root, ()) if root else ():
        if node.value == CHOOSE:
            line = node.start_mark.line
            found.setdefault(line, OpenDecision(line + 1, ": ".join(place), _comment(lines, line)))
    return tuple(found[line] for line in sorted(found))


def _scalars(node: yaml.Node, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], yaml.ScalarNode]]:
    if isinstance(node, yaml.ScalarNode):
        yield place, node
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _scalars(item, place)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            skipped = name in ("tables", "columns")
            yield from _scalars(value, place if skipped else (*place, str(name)))


def _comment(lines: list[str], line: int) -> str:
    """The comment on the line, else the one right above it."""
    _, mark, comment = lines[line].partition(" # ")
    if not mark and line and lines[line - 1].lstrip().startswith("#"):
        comment = lines[line - 1].lstrip().lstrip("#")
    return comment.strip()
