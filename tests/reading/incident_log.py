"""The ServiceNow audit log read straight from its file: what each incident did, without the product's mapping.

Rows stand in the order of the changes. An incident is solved when it enters Resolved, or Closed without having been
solved; it is reopened when it leaves them, or when the log counts one more reopening (rulings D1, D2, B4).
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any

import pandas as pd

_SOLVED = ("Resolved", "Closed")
_WINDOW = timedelta(hours=168)
Step = tuple[int, datetime]
_INSTANTS = ("opened_at", "sys_updated_at", "resolved_at", "closed_at")


@dataclass(frozen=True)
class Incident:
    """One incident: its days, owners, and what it adds to the KPIs; teams are `unknown` where the log has none."""

    number: str
    opened_at: datetime
    region: str
    first_team: str
    stable_at: datetime | None
    hours: float | None
    team_at_stable: str | None
    shares: dict[str, float]
    first_resolved_at: datetime | None
    team_at_first_resolved: str | None
    is_reopened: bool
    is_transferred: bool
    made_sla: bool


def read_log(path: Path) -> pd.DataFrame:
    """Return the rows of the log as they stand, instants parsed by their format, `?` missing."""
    log = pd.read_csv(path, dtype=str, na_values=["?"])
    for name in _INSTANTS:
        log[name] = pd.to_datetime(log[name], format="%d/%m/%Y %H:%M")
    log["reopen_count"] = log["reopen_count"].astype(int)
    return log.astype(object).where(log.notna(), None)


def newest_instant(log: pd.DataFrame) -> datetime:
    last = log[log["number"] != log["number"].shift(-1)]
    newest = [log["opened_at"].max(), log["sys_updated_at"].max(), last["resolved_at"].max(), last["closed_at"].max()]
    return max(pd.Timestamp(value).to_pydatetime() for value in newest)


def read_incidents(log: pd.DataFrame) -> pd.DataFrame:
    """Return one row per incident in the columns of `Incident`."""
    as_of = newest_instant(log)
    rows = [{str(name): value for name, value in row.items()} for row in log.to_dict("records")]
    incidents = (list(group) for _, group in groupby(rows, key=itemgetter("number")))
    return pd.DataFrame([asdict(_incident(incident, as_of)) for incident in incidents])


def _incident(rows: list[dict[str, Any]], as_of: datetime) -> Incident:
    opened_at = rows[0]["opened_at"]
    resolutions, reopenings = _solving(rows)
    valid = list(_valid(rows))
    groups = [(row["sys_updated_at"], row["assignment_group"]) for row in valid if row["assignment_group"]]
    known_group = rows[-1]["assignment_group"] or "unknown"

    def owner(at: datetime) -> str:
        return next((team for moved_at, team in reversed(groups) if moved_at <= at), known_group)

    mature = [step for step in resolutions if step[1] + _WINDOW <= as_of]
    stable_at = next((step[1] for step in mature if not _reopened(step, reopenings)), None)
    first = resolutions[0] if resolutions and resolutions[0] in mature else None
    first_at = first[1] if first else None
    moves = _moves(rows, valid)
    return Incident(
        number=rows[0]["number"],
        opened_at=opened_at,
        region=rows[-1]["location"] or "unknown",
        first_team=groups[0][1] if groups else known_group,
        stable_at=stable_at,
        hours=(stable_at - opened_at).total_seconds() / 3600 if stable_at else None,
        team_at_stable=owner(stable_at) if stable_at else None,
        shares=_shares(groups, opened_at, stable_at, known_group) if stable_at else {},
        first_resolved_at=first_at,
        team_at_first_resolved=owner(first_at) if first_at else None,
        is_reopened=bool(first and _reopened(first, reopenings)),
        is_transferred=any(stable_at is None or at <= stable_at for at in moves),
        made_sla=rows[-1]["made_sla"] == "true",
    )


def _valid(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rows dated before the incident, or before a row above them, are out of order (ruling B4)."""
    newest = rows[0]["opened_at"]
    for row in rows:
        if row["sys_updated_at"] >= newest:
            newest = row["sys_updated_at"]
            yield row


def _moves(rows: list[dict[str, Any]], valid: list[dict[str, Any]]) -> list[datetime]:
    """Return when the group changed; a row out of order still says which group it was before."""
    known = {id(row) for row in valid}
    named = [row for row in rows if row["assignment_group"]]
    return [
        row["sys_updated_at"]
        for before, row in pairwise(named)
        if row["assignment_group"] != before["assignment_group"] and id(row) in known
    ]


def _solving(rows: list[dict[str, Any]]) -> tuple[list[Step], list[Step]]:
    """Return the steps of solving and of reopening in the order of the log; a row reopens before it solves."""
    resolutions: list[Step] = []
    reopenings: list[Step] = []
    valid = {id(row) for row in _valid(rows)}
    state, count, is_pending = None, rows[0]["reopen_count"], False
    for position, row in enumerate(rows):
        now = state if row["incident_state"] == "-100" else row["incident_state"]
        is_valid = id(row) in valid
        if is_valid and ((state in _SOLVED and now not in _SOLVED) or row["reopen_count"] > count):
            reopenings.append((2 * position, row["sys_updated_at"]))
            is_pending = False
        is_entry = now != state and now in _SOLVED
        if is_valid and is_entry and (now == "Resolved" or not is_pending):
            resolutions.append((2 * position + 1, row["sys_updated_at"]))
            is_pending = True
        state, count = now, row["reopen_count"]
    return resolutions, reopenings


def _reopened(step: Step, reopenings: list[Step]) -> bool:
    position, at = step
    return any(other > position and later < at + _WINDOW for other, later in reopenings)


def _shares(
    groups: list[tuple[datetime, str]], opened_at: datetime, stable_at: datetime, known_group: str
) -> dict[str, float]:
    """Each group's share of the time that any group held: calendar time, no calendar reaches back to 2016 (D5)."""
    held: dict[str, float] = {}
    ends = [at for at, _ in groups[1:]] + [stable_at]
    for (at, team), end in zip(groups, ends, strict=bool(groups)):
        held[team] = held.get(team, 0.0) + max((min(end, stable_at) - at).total_seconds(), 0.0)
    total = sum(held.values())
    if total > 0:
        return {team: seconds / total for team, seconds in held.items() if seconds}
    owner = next((team for at, team in reversed(groups) if at <= stable_at), known_group)
    return {owner: 1.0}
