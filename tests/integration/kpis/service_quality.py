"""Random inspections and collaborations, orphans and missing values among them (B5, B6, E4, E5)."""

from datetime import timedelta

import numpy as np

from tests.integration.kpis.draws import TEAMS, Row, chance, instant, pick, seconds, without_future
from tests.integration.kpis.histories import Person, Ticket


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
            "attitude_score": pick(random, (None, 0, 62.25, 80, 100)),
        })  # fmt: skip
    return rows + [row | {"is_script_followed": False, "part": 2} for row in rows if chance(random, 0.04)]


def random_collaborations(system: str, tickets: list[Ticket], random: np.random.Generator) -> list[Row]:
    """Return requests to other departments: answered, unanswered, answered before they were sent."""
    rows = []
    for number in range(len(tickets) // 4):
        requested_at = instant(random)
        after = pick(
            random, (None, -timedelta(hours=2), timedelta(0), timedelta(hours=24), timedelta(hours=24, seconds=1))
        )
        if chance(random, 0.7):
            after = seconds(random, 60, 20 * 86400)
        rows.append(without_future(_about(system, tickets, number, random) | {
            "collaboration_id": f"{system}-c{number}",
            "requesting_team_id": pick(random, (*TEAMS, None)),
            "requested_at": requested_at,
            "responded_at": None if after is None else requested_at + after,
        }, "responded_at"))  # fmt: skip
    return rows
