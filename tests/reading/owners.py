"""Who owned a case when: the last event that names a team or an agent (rulings D5, D13, D15, G4)."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime
from itertools import pairwise

from tests.reading.events import Event
from tests.reading.tables import END_OF_TIME, Row, as_date

Span = tuple[str, datetime, datetime]


class People:
    """The team of a person on a local day: the row in force, before the first one the earliest."""

    def __init__(self, employees: list[Row]) -> None:
        self._rows: dict[str, list[tuple[date, str | None]]] = defaultdict(list)
        for row in employees:
            self._rows[row["employee_id"]].append((as_date(row["effective_from"]) or date.min, row["team_id"]))
        for versions in self._rows.values():
            versions.sort(key=lambda version: version[0])

    def team(self, agent_id: str | None, day: date) -> str | None:
        versions = self._rows.get(agent_id or "", [])
        if not versions:
            return None
        held = [team for effective_from, team in versions if effective_from <= day]
        return held[-1] if held else versions[0][1]


class Ownership:
    """The owning teams of one case, oldest first, and what the ticket itself says where no event does."""

    def __init__(self, events: list[Event], ticket: Row, people: People, day_of: Callable[[datetime], date]) -> None:
        self._moves: list[tuple[datetime, str]] = []
        for event in events:
            team = event.team_id or people.team(event.agent_id, day_of(event.at))
            if team is not None:
                self._moves.append((event.at, team))
        self._ticket = ticket

    def first(self) -> str | None:
        return self._moves[0][1] if self._moves else self._ticket.get("team_id")

    def at(self, instant: datetime) -> str | None:
        """Return the owner: the last event at or before the instant that names one, else the ticket's team."""
        named = [team for at, team in self._moves if at <= instant]
        return named[-1] if named else self._ticket.get("team_id")

    def spans(self, start: datetime, end: datetime) -> list[Span]:
        """Return (team, from, to) of the owned time in [start, end), consecutive and clipped."""
        moves = self._moves
        if not moves:
            team = self._ticket.get("team_id")
            return [(team, start, end)] if team and end > start else []
        edges = [*moves, (END_OF_TIME, "")]
        spans = [(team, max(at, start), min(until, end)) for (at, team), (until, _) in pairwise(edges)]
        return [span for span in spans if span[2] > span[1]]
