"""What each case and each response adds to the KPIs: local date, dimensions, team, both sides, duration."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tests.reading.cases import Case, CaseFile, read_cases
from tests.reading.clocks import Clocks
from tests.reading.owners import People
from tests.reading.policies import Policies
from tests.reading.tables import Context, Evidence, Row, Seeds, Tables

RESPONSE_EVENTS = frozenset({"first_response", "responded"})


@dataclass(frozen=True)
class Contribution:
    """One fact's part of a KPI figure; `value` is set where medians and P90 are taken of it.

    `counted` is what the fact adds to n; it differs from the denominator where teams share a case.
    """

    kpi_key: str
    day: date
    region_id: str | None
    root_cause_id: str | None
    case_type: str | None
    source_system: str
    team_id: str | None
    numerator: float
    denominator: float | None
    counted: int
    value: float | None = None
    ticket_id: str | None = None


class Reading:
    """The KPIs of a company, read from its documents."""

    def __init__(self, tables: Tables, seeds: Seeds, context: Context, evidence: Evidence) -> None:
        self._tables = tables
        self._seeds = seeds
        self._context = context
        self._evidence = evidence
        self._clocks = Clocks(seeds, context)
        self._policies = Policies(seeds.sla_policies)
        self.file: CaseFile = read_cases(tables, seeds, context)

    def contributions(self) -> list[Contribution]:
        """Return the contributions of all KPIs."""
        found: list[Contribution] = []
        for case in self.file.cases.values():
            found.extend(self._created(case))
            found.extend(self._response(case))
            found.extend(self._resolution(case))
            found.extend(self._due(case))
            found.extend(self._reopening(case))
            found.extend(self._complaint(case))
        found.extend(self._surveys())
        return found

    def _knows(self, case: Case, event_types: frozenset[str]) -> bool:
        return bool(self._evidence.event_types.get(case.ticket["_source_system"], frozenset()) & event_types)

    def _created(self, case: Case) -> Iterator[Contribution]:
        day = case.local_date(case.created_at)
        team = case.owners.first()
        yield _of(case, "tickets_created", day, team, 1.0, None)
        if self._knows(case, frozenset({"transferred"})):
            transfers = [e.at for e in case.events if e.event_type == "transferred"]
            is_transferred = any(case.stable_at is None or at <= case.stable_at for at in transfers)
            yield _of(case, "transfer_rate", day, team, float(is_transferred), 1.0)

    def _response(self, case: Case) -> Iterator[Contribution]:
        system = case.ticket["_source_system"]
        if not (self._knows(case, RESPONSE_EVENTS) or self._evidence.has_response_column.get(system)):
            return
        day = case.local_date(case.created_at)
        policy = self._policies.of(case.ticket, day)
        limit = policy.response_seconds if policy else None
        if case.responded_at is None:
            if policy and limit is not None:
                waited = self._elapsed(case, policy.clock)
                if waited > limit:
                    yield _of(case, "first_response_on_time_rate", day, case.owners.first(), 0.0, 1.0)
            return
        if case.responded_at < case.created_at:
            return
        team = case.owners.at(case.responded_at)
        minutes = (case.responded_at - case.created_at).total_seconds() / 60
        yield _of(case, "first_response_minutes", day, team, minutes, 1.0, minutes)
        if policy and limit is not None:
            waited = self._clocks.elapsed_seconds(policy.clock, case.created_at, case.responded_at, case.region_id)
            yield _of(case, "first_response_on_time_rate", day, team, float(waited <= limit), 1.0)

    def _elapsed(self, case: Case, clock: str) -> float:
        return self._clocks.elapsed_seconds(clock, case.created_at, self._context.as_of, case.region_id)

    def _resolution(self, case: Case) -> Iterator[Contribution]:
        stable_at = case.stable_at
        if stable_at is None:
            return
        day = case.local_date(stable_at)
        owner = case.owners.at(stable_at)
        yield _of(case, "tickets_resolved", day, owner, 1.0, None)
        yield _of(case, "complaint_rate", day, owner, 0.0, 1.0)
        hours = (stable_at - case.created_at).total_seconds() / 3600
        if hours < 0:
            return
        shares = self._shares(case)
        for team, share in shares.items():
            yield _of(case, "resolution_hours_customer_calendar", day, team, share * hours, share, counted=0)
        yield _of(case, "resolution_hours_customer_calendar", day, owner, 0.0, 0.0, hours, counted=1)

    def _shares(self, case: Case) -> dict[str | None, float]:
        """Return each team's share of the owned working time up to the stable resolution (ruling D5)."""
        assert case.stable_at is not None
        clock = self._clocks.working(case.region_id)
        spans = case.owners.spans(case.created_at, case.stable_at)
        for measure in (clock.seconds, lambda start, end: (end - start).total_seconds()):
            held: dict[str | None, float] = {}
            for team, start, end in spans:
                held[team] = held.get(team, 0.0) + measure(start, end)
            total = sum(held.values())
            if total > 0:
                return {team: seconds / total for team, seconds in held.items()}
        return {case.owners.at(case.stable_at): 1.0}

    def _due(self, case: Case) -> Iterator[Contribution]:
        due_at = case.ticket.get("resolution_due_at")
        if due_at is None:
            policy = self._policies.of(case.ticket, case.local_date(case.created_at))
            if policy is None or policy.resolution_seconds is None:
                return
            due_at = self._clocks.after(policy.clock, case.created_at, policy.resolution_seconds, case.region_id)
        if due_at is None or due_at > self._context.as_of or case.is_cancelled:
            return
        charged_at = case.stable_at or case.resolutions.provisional_at or due_at
        is_on_time = case.stable_at is not None and case.stable_at <= due_at
        yield _of(
            case,
            "resolution_on_time_rate",
            case.local_date(due_at),
            case.owners.at(charged_at),
            float(is_on_time),
            1.0,
        )

    def _reopening(self, case: Case) -> Iterator[Contribution]:
        first = case.resolutions.first
        if first is None or not case.events or not self._knows(case, frozenset({"reopened"})):
            return
        if first.is_mature(self._context.as_of):
            day = case.local_date(first.at)
            team = case.owners.at(first.at)
            yield _of(case, "reopen_rate", day, team, float(first.is_reopened_in_window), 1.0)

    def _complaint(self, case: Case) -> Iterator[Contribution]:
        if case.ticket.get("case_type") != "complaint":
            return
        related_id = self.file.case_of_ticket.get(case.ticket.get("related_ticket_id") or "", "")
        related = self.file.cases.get(related_id) or self.file.excluded.get(related_id)
        team = related.owners.at(related.stable_at) if related and related.stable_at else None
        yield _of(case, "complaint_rate", case.local_date(case.created_at), team, 1.0, 0.0, counted=0)

    def _surveys(self) -> Iterator[Contribution]:
        people = People(self._tables.current("erp.employees"))
        for row in self._tables.current("survey.responses"):
            at, score = row.get("responded_at"), row.get("csat_score")
            if at is None or score is None or at > self._context.as_of:
                continue
            ticket_id = row.get("ticket_id") or ""
            if ticket_id in self.file.case_of_ticket:
                case = self.file.cases.get(self.file.case_of_ticket[ticket_id])
                if case is not None:
                    yield _of(case, "csat_score", case.local_date(at), self._survey_team(case), float(score), 1.0)
                continue
            yield self._survey_without_ticket(row, people)

    def _survey_team(self, case: Case) -> str | None:
        return case.owners.at(case.stable_at or case.resolutions.provisional_at or self._context.as_of)

    def _survey_without_ticket(self, row: Row, people: People) -> Contribution:
        day = self._clocks.local_date(row["responded_at"], row.get("region_id"))
        return Contribution(
            "csat_score",
            day,
            row.get("region_id"),
            None,
            None,
            row["_source_system"],
            people.team(row.get("agent_id"), day),
            float(row["csat_score"]),
            1.0,
            1,
        )


def _of(
    case: Case,
    kpi_key: str,
    day: date,
    team_id: str | None,
    numerator: float,
    denominator: float | None,
    value: float | None = None,
    *,
    counted: int = 1,
) -> Contribution:
    ticket = case.ticket
    return Contribution(
        kpi_key,
        day,
        ticket.get("region_id"),
        ticket.get("root_cause_id"),
        ticket.get("case_type"),
        ticket["_source_system"],
        team_id,
        numerator,
        denominator,
        counted,
        value,
        case.ticket_id,
    )
