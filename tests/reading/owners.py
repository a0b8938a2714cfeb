"""Who owned a case when: the last event that names a team, or a person (rulings B18, D5, D13, D15, G4)."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from tests.reading.events import Event
from tests.reading.tables import END_OF_TIME, Row, as_date

Span = tuple[str, datetime, datetime]


@dataclass(frozen=True)
class Unit:
    """Whom a fact is charged to; None is unknown."""

    team_id: str | None = None
    employment: str | None = None


NOBODY = Unit()


class People:
    """The post of a person on a local day: the row in force, before the first one the earliest."""

    def __init__(self, employees: list[Row]) -> None:
        self._rows: dict[str, list[tuple[date, Row]]] = defaultdict(list)
        for row in employees:
            self._rows[row["employee_id"]].append((as_date(row["effective_from"]) or date.min, row))
        for versions in self._rows.values():
            versions.sort(key=lambda version: version[0])

    @property
    def ids(self) -> list[str]:
        return list(self._rows)

    def post(self, agent_id: str | None, day: date) -> Row | None:
        """Return the row of a person that holds on a day, None for somebody unknown."""
        versions = self._rows.get(agent_id or "", [])
        if not versions:
            return None
        held = [row for effective_from, row in versions if effective_from <= day]
        return held[-1] if held else versions[0][1]

    def team(self, agent_id: str | None, day: date) -> str | None:
        return (self.post(agent_id, day) or {}).get("team_id")

    def unit(self, agent_id: str | None, day: date) -> Unit:
        post = self.post(agent_id, day) or {}
        return Unit(post.get("team_id"), post.get("employment"))


class Ownership:
    """The owning teams and people of one case, oldest first, and what the ticket itself says where no event does."""

    def __init__(self, events: list[Event], ticket: Row, people: People, day_of: Callable[[datetime], date]) -> None:
        self._moves: list[tuple[datetime, str]] = []
        self._agents: list[tuple[datetime, str | None]] = []
        for event in events:
            team = event.team_id or people.team(event.agent_id, day_of(event.at))
            if team is not None:
                self._moves.append((event.at, team))
            if event.agent_id is not None:
                self._agents.append((event.at, event.agent_id))
            elif event.event_type == "assigned" and event.team_id is not None:
                # assigned to a team and to nobody of it: nobody has it (ruling B18)
                self._agents.append((event.at, None))
        self._ticket, self._people, self._day_of = ticket, people, day_of

    def first(self) -> str | None:
        return self._moves[0][1] if self._moves else self._ticket.get("team_id")

    def at(self, instant: datetime) -> str | None:
        """Return the owner: the last event at or before the instant that names one, else the ticket's team."""
        named = [team for at, team in self._moves if at <= instant]
        return named[-1] if named else self._ticket.get("team_id")

    def agent_at(self, instant: datetime) -> str | None:
        """Return the owning person: the last event up to the instant that names or clears one, else the ticket's."""
        named = [agent for at, agent in self._agents if at <= instant]
        return named[-1] if named else self._ticket.get("agent_id")

    def unit_at(self, instant: datetime) -> Unit:
        """Return the owning team, and the employment of the owning person on that local day (ruling D15)."""
        agent = self.agent_at(instant)
        return Unit(self.at(instant), self._people.unit(agent, self._day_of(instant)).employment)

    def first_unit(self, created_at: datetime) -> Unit:
        """Return the first owner: team and person of the first events that name one, else the ticket's at creation."""
        named = ((at, agent) for at, agent in self._agents if agent is not None)
        at, agent = next(named, (created_at, self._ticket.get("agent_id")))
        return Unit(self.first(), self._people.unit(agent, self._day_of(at)).employment)

    def idle_spans(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """Return the time in [start, end) in which a team has the case and nobody of it."""
        changes = {at for at, _ in (*self._moves, *self._agents) if start < at < end}
        edges = sorted({start, end} | changes)
        return [
            (begins, ends)
            for begins, ends in pairwise(edges)
            if self.at(begins) is not None and self.agent_at(begins) is None
        ]

    def spans(self, start: datetime, end: datetime) -> list[Span]:
        """Return (team, from, to) of the owned time in [start, end), consecutive and clipped."""
        moves = self._moves
        if not moves:
            team = self._ticket.get("team_id")
            return [(team, start, end)] if team and end > start else []
        edges = [*moves, (END_OF_TIME, "")]
        spans = [(team, max(at, start), min(until, end)) for (at, team), (until, _) in pairwise(edges)]
        return [span for span in spans if span[2] > span[1]]
