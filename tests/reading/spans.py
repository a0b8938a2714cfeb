"""Half-open spans of time: their union and what is left of a span without others."""

from collections.abc import Iterable
from datetime import datetime

Span = tuple[datetime, datetime]


def union(spans: Iterable[Span], start: datetime, end: datetime) -> list[Span]:
    """Return the parts of [start, end) that any of the spans covers, in order and without overlaps."""
    covered: list[Span] = []
    reached = start
    for opens, closes in sorted(spans):
        begins, ends = max(opens, reached), min(closes, end)
        if ends > begins:
            covered.append((begins, ends))
            reached = ends
    return covered


def rest(covered: Iterable[Span], start: datetime, end: datetime) -> list[Span]:
    """Return [start, end) without spans that stand in order and do not overlap."""
    left: list[Span] = []
    reached = start
    for opens, closes in covered:
        if opens > reached:
            left.append((reached, opens))
        reached = closes
    return [*left, (reached, end)] if end > reached else left
