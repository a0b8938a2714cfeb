"""The members of a slice with their values: names, order, and who is ranked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from dashboards.judgement import KpiDefinition, KpiPoint, is_too_few
from dashboards.page import Page
from dashboards.queries.members import UNKNOWN_MEMBER, Member
from dashboards.wording import remarks


@dataclass(frozen=True)
class Row:
    """One member in the chosen period, with the period it is compared with."""

    name: str
    code: str
    now: KpiPoint
    before: KpiPoint | None
    is_ranked: bool
    remark: str


def member_name(page: Page, code: str, known: Mapping[str, Member]) -> str:
    """Return what a member is called on pages: its name, `Unknown`, or its bare code."""
    if code == UNKNOWN_MEMBER:
        return page.phrases("member.unknown")
    return known[code].name if code in known else code


def member_rows(
    page: Page,
    definition: KpiDefinition,
    histories: Mapping[str, Mapping[date, KpiPoint]],
    known: Mapping[str, Member],
    now: date,
    before: date,
) -> list[Row]:
    """Return the members that have a row in the period, worst first, those that are not ranked at the end."""
    say = page.phrases
    rows = []
    for code, history in histories.items():
        point = history.get(now)
        if point is None:
            continue
        notes = remarks(point, definition, say)
        if code == UNKNOWN_MEMBER:
            notes.append(say("remark.unknown_member"))
        elif code not in known or not known[code].is_registered:
            notes.append(say("remark.unregistered_member"))
        is_ranked = point.value is not None and not is_too_few(point, definition) and code != UNKNOWN_MEMBER
        name = member_name(page, code, known)
        rows.append(Row(name, code, point, history.get(before), is_ranked, say("common.semicolon").join(notes)))
    return _sorted(_with_unique_names(rows), definition)


def _with_unique_names(rows: list[Row]) -> list[Row]:
    names = [row.name for row in rows]
    return [row if names.count(row.name) == 1 else replace(row, name=f"{row.name} ({row.code})") for row in rows]


def _sorted(rows: list[Row], definition: KpiDefinition) -> list[Row]:
    sign = 1 if definition.direction == "higher" else -1
    return sorted(
        rows, key=lambda row: (row.now.value is None, not row.is_ranked, sign * (row.now.value or 0.0), row.name)
    )
