"""A random company with every edge case of the rulings, as rows of the contract tables."""

from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np

from tests.integration.kpis.draws import (
    CASE_TYPES,
    CAUSES,
    EMPLOYMENTS,
    LONG_AGO,
    REGIONS,
    TEAMS,
    Row,
    chance,
    customers_of,
    instant,
    pick,
    products_of,
)
from tests.integration.kpis.field_work import random_parts_requests, random_work_orders
from tests.integration.kpis.histories import END, Person, Ticket, random_history
from tests.integration.kpis.learning import random_articles, random_reviews, random_training
from tests.integration.kpis.money import random_revenue, random_stock
from tests.integration.kpis.service_quality import random_collaborations, random_inspections

SUBJECTS = ("battery", "TEST", "a TEST of the battery", "[spam] buy now", "测试", "display")
#: Content, dissatisfied, both, neither; harmless phrases; terms inside of other words, at their edges, in capitals.
COMMENTS = (
    "很好", "太慢了，等了好久", "没有问题", "没有问题，就是太慢", "不慢也不差", "师傅态度差", "Great service", "",
    "STILL BROKEN after two visits", "No problem at all", "no problem, but too slow", "not slow", "slowly but well",
    "Not bad. Never again!", "太slow了", "complaints? none", "nobody called me back", "badge was nice", None, None,
    "not_bad", "problem-free", "not too slow, not bad at all", "一般", "有问题 2nd", "问题依旧，再也不来了",
)  # fmt: skip
CHANNELS = ("hotline", "chat", "email", "self_service", None)


@dataclass
class Company:
    """The rows of one source system in the order in which they are delivered; `part` says in which file."""

    system: str
    tickets: list[Row] = field(default_factory=list)
    ticket_events: list[Row] = field(default_factory=list)
    employees: list[Row] = field(default_factory=list)
    responses: list[Row] = field(default_factory=list)
    work_orders: list[Row] = field(default_factory=list)
    parts_requests: list[Row] = field(default_factory=list)
    quality_inspections: list[Row] = field(default_factory=list)
    collaborations: list[Row] = field(default_factory=list)
    training_records: list[Row] = field(default_factory=list)
    knowledge_articles: list[Row] = field(default_factory=list)
    peer_reviews: list[Row] = field(default_factory=list)
    revenue: list[Row] = field(default_factory=list)
    parts_stock: list[Row] = field(default_factory=list)
    products: list[Row] = field(default_factory=list)
    customers: list[Row] = field(default_factory=list)


def random_company(system: str, seed: int, size: int) -> Company:
    """Return a company of `size` tickets; the same seed gives the same company."""
    random = np.random.default_rng(seed)
    company = Company(system)
    people = _people(company, random)
    tickets = [_ticket(f"{system}-{number}", random, people) for number in range(size)]
    _merge(tickets, random)
    _relate(tickets, random)
    for ticket in tickets:
        company.ticket_events.extend(_event_versions(ticket, random))
        company.tickets.extend(_versions(ticket.row, random))
    company.responses.extend(_responses(system, tickets, people, random))
    company.work_orders.extend(random_work_orders(system, tickets, people, random))
    company.parts_requests.extend(random_parts_requests(system, tickets, company.work_orders, random))
    company.quality_inspections.extend(random_inspections(system, tickets, people, random))
    company.collaborations.extend(random_collaborations(system, tickets, random))
    company.training_records.extend(random_training(system, people, random))
    company.knowledge_articles.extend(random_articles(system, people, random))
    company.peer_reviews.extend(random_reviews(system, people, random))
    company.revenue.extend(random_revenue(system, random))
    company.parts_stock.extend(random_stock(system, random))
    company.products.extend(_products(system))
    company.customers.extend(_customers(system))
    return company


def _products(system: str) -> list[Row]:
    categories = ("battery", "motor", "battery", None)
    return [{"product_id": f"{system}-p{n}", "category": name, "part": 1} for n, name in enumerate(categories)]


def _customers(system: str) -> list[Row]:
    segments = ("key", "standard", "standard", "key", None)
    return [{"customer_id": f"{system}-k{n}", "segment": name, "part": 1} for n, name in enumerate(segments)]


_STARTS: tuple[list[str | None], ...] = (
    [None], ["2025-01-01"], ["2025-01-01", "2025-09-17"], ["2025-09-03", "2025-10-09"], ["2025-01-01", "2025-10-31"],
    [None, "2025-09-30", "2025-10-01"],
)  # fmt: skip


def _people(company: Company, random: np.random.Generator) -> list[Person]:
    """People with one to three posts; some of them begin nowhere (null), some later than their first event."""
    people = []
    for number in range(14):
        person = Person(f"{company.system}-a{number}")
        employed = {
            "hired_on": pick(random, (None, "2024-03-01", "2025-09-10", "2025-10-01", "2025-11-01")),
            "left_on": pick(random, (None, None, "2025-08-31", "2025-09-30", "2025-10-20", "2025-10-31", "2026-02-28")),
        }
        starts = pick(random, _STARTS)
        for start in starts:
            team = pick(random, (*TEAMS, None)) if number else None
            company.employees.append(employed | {
                "employee_id": person.agent_id, "team_id": team, "effective_from": start, "part": 1,
                "region_id": pick(random, REGIONS), "employment": pick(random, EMPLOYMENTS),
            })  # fmt: skip
        people.append(person)
    people.append(Person(f"{company.system}-nobody"))
    superseded = dict(company.employees[-1])
    company.employees[-1]["part"] = 2
    company.employees.append(superseded | {"team_id": "T-4"})
    return people


def _ticket(ticket_id: str, random: np.random.Generator, people: list[Person]) -> Ticket:
    is_old = chance(random, 0.02)
    opened_at = LONG_AGO + timedelta(seconds=int(random.integers(14 * 86400))) if is_old else instant(random)
    system = ticket_id.rsplit("-", 1)[0]
    team = pick(random, (*TEAMS, None))
    row: Row = {
        "ticket_id": ticket_id,
        "opened_at": opened_at,
        "case_type": pick(random, CASE_TYPES),
        "priority": pick(random, ("p1", "p2", "p3", "p4", None)),
        "channel": pick(random, CHANNELS),
        "region_id": pick(random, REGIONS),
        "team_id": team,
        "agent_id": pick(random, people).agent_id if team and chance(random, 0.5) else None,
        "root_cause_id": pick(random, CAUSES),
        "customer_id": pick(random, customers_of(system)),
        "asset_id": f"{system}-as{int(random.integers(40))}" if chance(random, 0.5) else None,
        "product_id": pick(random, products_of(system)),
        "resolution_mode": pick(random, ("remote", "onsite", "depot", "self_service", None)),
        "is_escalated": pick(random, (True, False, False, False, None)),
        "subject": pick(random, SUBJECTS) if chance(random, 0.15) else "motor",
        "part": 1 if chance(random, 0.7) else 2,
    }
    if chance(random, 0.35):
        row["resolution_due_at"] = opened_at + timedelta(hours=int(random.integers(1, 120)))
    if chance(random, 0.03):
        row["deleted_at"] = opened_at + timedelta(hours=30)
    return random_history(row, random, people, TEAMS)


def _versions(row: Row, random: np.random.Generator) -> list[Row]:
    """The ticket as it is, and sometimes a version that must lose: older, undated, or landed before."""
    other = row | {
        "team_id": pick(random, TEAMS), "region_id": pick(random, REGIONS), "root_cause_id": "C-102",
        "case_type": pick(random, CASE_TYPES), "opened_at": row["opened_at"] - timedelta(hours=1), "status": "new",
        "merged_into_ticket_id": None, "part": pick(random, (1, 2)),
    }  # fmt: skip
    kind = random.random()
    if kind < 0.1 and row.get("updated_at"):
        return [row, other | {"updated_at": row["updated_at"] - timedelta(seconds=1)}]
    if kind < 0.15 and row.get("updated_at"):
        return [row, other | {"updated_at": None}]
    if kind < 0.2:
        row["part"] = 2
        return [other | {"part": 1}, row]
    if kind < 0.21:
        return [row, row | {"opened_at": None, "team_id": "T-3", "updated_at": END}]
    return [row]


def _event_versions(ticket: Ticket, random: np.random.Generator) -> list[Row]:
    """The events of a ticket; now and then another version of one landed before it."""
    rows = []
    for event in ticket.events:
        rows.append(event)
        if chance(random, 0.02):
            event["part"] = 2
            rows.insert(len(rows) - 1, event | {"team_id": pick(random, TEAMS), "actor": "system", "part": 1})
    return rows


def _merge(tickets: list[Ticket], random: np.random.Generator) -> None:
    """Pairs, chains, circles, a ticket merged into itself, and targets that do not exist."""
    chosen = [tickets[int(i)] for i in random.permutation(len(tickets))[: len(tickets) // 4]]
    while len(chosen) > 6:
        kind = pick(random, ("pair", "pair", "star", "chain", "circle", "self", "dangling"))
        first, second, third = (chosen.pop() for _ in range(3))
        if kind in ("pair", "star", "chain", "circle"):
            first.row["merged_into_ticket_id"] = second.row["ticket_id"]
        if kind == "star":
            third.row["merged_into_ticket_id"] = second.row["ticket_id"]
        if kind == "chain":
            second.row["merged_into_ticket_id"] = third.row["ticket_id"]
        if kind == "circle":
            second.row["merged_into_ticket_id"] = first.row["ticket_id"]
        if kind == "self":
            first.row["merged_into_ticket_id"] = first.row["ticket_id"]
        if kind == "dangling":
            first.row["merged_into_ticket_id"] = "nowhere"


def _relate(tickets: list[Ticket], random: np.random.Generator) -> None:
    for ticket in tickets:
        if ticket.row["case_type"] == "complaint" and chance(random, 0.7):
            other = pick(random, tickets)
            ticket.row["related_ticket_id"] = "nowhere" if chance(random, 0.1) else other.row["ticket_id"]


def _responses(system: str, tickets: list[Ticket], people: list[Person], random: np.random.Generator) -> list[Row]:
    rows: list[Row] = []
    for ticket in tickets:
        for _ in range(pick(random, (0, 0, 1, 1, 2, 3))):
            after = timedelta(seconds=int(random.integers(3600, 20 * 86400)))
            responded_at = ticket.row["opened_at"] + after
            rows.append({
                "ticket_id": ticket.row["ticket_id"],
                "invited_at": responded_at + timedelta(hours=pick(random, (-5, -1, 2))),
                "responded_at": responded_at if chance(random, 0.9) else None,
                "csat_score": pick(random, (0, 25, 50, 59.5, 60, 74.5, 75, 89.5, 90, 100, 62.5, None)),
                "attitude_score": pick(random, (0, 50, 100, None)),
                "efficiency_score": pick(random, (0, 33.25, 100, None)),
                "nps_score": pick(random, (0, 6, 6.5, 7, 8.5, 9, 10, None)),
                "comment": pick(random, COMMENTS) or None,
            })  # fmt: skip
    for _ in range(len(tickets) // 15):
        responded_at = instant(random)
        is_orphan = chance(random, 0.4)
        rows.append({
            "ticket_id": "nowhere" if is_orphan else None,
            "agent_id": pick(random, people).agent_id if chance(random, 0.8) else None,
            "region_id": None if is_orphan else pick(random, REGIONS),
            "channel": None if is_orphan else pick(random, CHANNELS),
            "nps_score": pick(random, (3, 10, None)), "comment": pick(random, COMMENTS) or None,
            "responded_at": responded_at, "invited_at": responded_at, "csat_score": pick(random, (0, 50, 100)),
        })  # fmt: skip
    for number, row in enumerate(rows):
        row["response_id"] = f"{system}-s{number}"
        row["part"] = 1
        for name in ("invited_at", "responded_at"):
            if row[name] and row[name] > END:
                row[name] = None
    rows[0]["invited_at"] = END
    again = [row | {"csat_score": 100, "part": 2} for row in rows if chance(random, 0.04)]
    return rows + again
