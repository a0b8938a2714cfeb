"""Random inspections, collaborations and training records, orphans and missing values among them (B5, B6, E4, E5)."""

from datetime import date, timedelta

import numpy as np

from tests.integration.kpis.draws import TEAMS, Row, chance, instant, pick, seconds, without_future
from tests.integration.kpis.histories import END, Person, Ticket


def _about(system: str, tickets: list[Ticket], number: int, random: np.random.Generator) -> Row:
    ticket_id = f"{system}-nowhere-i{number}" if chance(random, 0.06) else pick(random, tickets).row["ticket_id"]
    return {"ticket_id": ticket_id, "part": 1}


def random_inspections(
    system: str, tickets: list[Ticket], people: list[Person], random: np.random.Generator
) -> list[Row]:
    """Return one inspection for every third ticket."""
    rows = []
    for number in range(len(tickets) // 3):
        required = pick(random, (0, 5, 8, 12, None))
        rows.append(_about(system, tickets, number, random) | {
            "inspection_id": f"{system}-i{number}",
            "inspected_at": instant(random),
            "agent_id": pick(random, people).agent_id if chance(random, 0.85) else None,
            "fields_required": required,
            "fields_complete": int(random.integers((required or 4) + 1)) if chance(random, 0.9) else None,
            "is_script_followed": pick(random, (True, True, True, False, None)),
        })  # fmt: skip
    return rows + [row | {"is_script_followed": False, "part": 2} for row in rows if chance(random, 0.04)]


def random_collaborations(system: str, tickets: list[Ticket], random: np.random.Generator) -> list[Row]:
    """Return requests to other departments: answered, unanswered, answered before they were sent."""
    rows = []
    for number in range(len(tickets) // 4):
        requested_at = instant(random)
        after = pick(random, (None, -timedelta(hours=2), timedelta(0), timedelta(hours=24)))
        if chance(random, 0.7):
            after = seconds(random, 60, 20 * 86400)
        rows.append(without_future(_about(system, tickets, number, random) | {
            "collaboration_id": f"{system}-c{number}",
            "requesting_team_id": pick(random, (*TEAMS, None)),
            "requested_at": requested_at,
            "responded_at": None if after is None else requested_at + after,
        }, "responded_at"))  # fmt: skip
    return rows


def random_training(system: str, people: list[Person], random: np.random.Generator) -> list[Row]:
    """Return trainings and examinations, not on the day on which a past state is looked at."""
    rows = []
    first, days = date(2025, 8, 20), (END.date() - date(2025, 8, 20)).days
    for number in range(40):
        held_on = first + timedelta(days=int(random.integers(days)))
        rows.append({
            "record_id": f"{system}-r{number}",
            "employee_id": pick(random, people).agent_id,
            "kind": pick(random, ("certification", "certification", "training", None)),
            "held_on": "2025-10-31" if held_on in (date(2025, 10, 15), date(2025, 10, 16)) else held_on.isoformat(),
            "is_passed": pick(random, (True, True, False, None)),
            "part": 1,
        })  # fmt: skip
    return rows
