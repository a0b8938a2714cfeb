"""Everything that a reading of the KPIs looks at, and the case that a fact belongs to (rulings B6, B16)."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from tests.reading.cases import Case, CaseFile, read_cases
from tests.reading.clocks import Clocks
from tests.reading.owners import People, Unit
from tests.reading.pauses import pauses, policy_due_at
from tests.reading.policies import Policies, Policy
from tests.reading.spans import Span
from tests.reading.tables import Context, Evidence, Row, Seeds, Tables


@dataclass(frozen=True)
class Records:
    """The tables, reference data and context of a company, and the cases read from them."""

    tables: Tables
    seeds: Seeds
    context: Context
    evidence: Evidence
    clocks: Clocks
    policies: Policies
    people: People
    file: CaseFile

    @property
    def as_of(self) -> datetime:
        return self.context.as_of

    @property
    def cases(self) -> list[Case]:
        """The cases that count."""
        return list(self.file.cases.values())

    def case_of(self, ticket_id: str | None) -> Case | None:
        """Return the case of a ticket, counted or excluded; None for no ticket and for one that nobody knows."""
        case_id = self.file.case_of_ticket.get(ticket_id or "", "")
        return self.file.cases.get(case_id) or self.file.excluded.get(case_id)

    def is_excluded(self, ticket_id: str | None) -> bool:
        """True for a ticket of a case that does not count: facts about it are out, except cost (ruling B16)."""
        return self.file.case_of_ticket.get(ticket_id or "", "") in self.file.excluded

    def is_visible(self, instant: datetime | None) -> bool:
        return instant is not None and instant <= self.as_of

    def policy_of(self, case: Case) -> Policy | None:
        """Return the policy in force when the clock of a case started."""
        created_on = case.local_date(case.created_at)
        return self.policies.of(case.ticket.get("case_type"), case.opening_priority, created_on)

    def has_event(self, case: Case, *event_types: str) -> bool:
        """True where the case's source system can tell of one of these kinds of events (ruling B21)."""
        return self.evidence.has_event(case.ticket["_source_system"], event_types)

    def has_column(self, case: Case, *names: str) -> bool:
        return self.evidence.has_column(case.ticket["_source_system"], *names)

    def states_status(self, case: Case) -> bool:
        """True where the case's source states the status of events, in its mapping or in any event."""
        system = case.ticket["_source_system"]
        return self.evidence.has_event_column(system, "status") or system in self._stating["status"]

    def names_people(self, case: Case) -> bool:
        """True where any event of the case's source names a person."""
        return case.ticket["_source_system"] in self._stating["agent_id"]

    @cached_property
    def _stating(self) -> dict[str, set[str]]:
        """The source systems of which any event has a value in these columns."""
        rows = self.rows("crm.ticket_events")
        return {
            name: {row["_source_system"] for row in rows if row.get(name) is not None}
            for name in ("status", "agent_id")
        }

    def unit_of(self, person: str | None, at: datetime) -> Unit:
        """Return the unit of a person at an instant; posts change at the company's midnight (decision 11)."""
        return self.people.unit(person, self.local_date(at, None))

    def local_date(self, instant: datetime, region_id: str | None) -> date:
        return self.clocks.local_date(instant, region_id)

    def due_at(self, case: Case) -> datetime | None:
        """Return the ticket's due instant, else that of its policy, None without either (ruling D7)."""
        due_at: datetime | None = case.ticket.get("resolution_due_at")
        if due_at is not None:
            return due_at
        policy = self.policy_of(case)
        if policy is None or policy.resolution_seconds is None:
            return None
        pauses = self.pauses(case, policy)
        return None if pauses is None else policy_due_at(case, policy, policy.resolution_seconds, pauses)

    def pauses(self, case: Case, policy: Policy) -> list[Span] | None:
        """Return the spans in which a policy's clock stands still, None where it would and nobody can tell them."""
        if not policy.pauses_for_customer:
            return []
        return pauses(case) if case.events and self.states_status(case) else None

    def rows(self, contract: str) -> list[Row]:
        return self.tables.current(contract)


def open_records(tables: Tables, seeds: Seeds, context: Context, evidence: Evidence) -> Records:
    """Read the cases of a company."""
    return Records(
        tables,
        seeds,
        context,
        evidence,
        Clocks(seeds, context),
        Policies(seeds.sla_policies),
        People(tables.current("erp.employees")),
        read_cases(tables, seeds, context),
    )
