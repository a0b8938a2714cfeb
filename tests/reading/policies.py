"""Which promise holds for a ticket: the policy in force on the local day of its creation (ruling C3)."""

from dataclasses import dataclass
from datetime import date

from tests.reading.tables import Row


@dataclass(frozen=True)
class Policy:
    """One row of seeds/sla_policies.csv with its limits in seconds."""

    valid_from: date
    response_seconds: float | None
    resolution_seconds: float | None
    clock: str
    pauses_for_customer: bool = False


class Policies:
    """All policies by case type and priority."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows: dict[tuple[str, str], list[Policy]] = {}
        for row in rows:
            policy = Policy(
                date.fromisoformat(row["valid_from"]),
                None if row["response_minutes"] is None else float(row["response_minutes"]) * 60,
                None if row["resolution_hours"] is None else float(row["resolution_hours"]) * 3600,
                row["clock"],
                row.get("pauses_for_customer") == "true",
            )
            self._rows.setdefault((row["case_type"], row["priority"]), []).append(policy)

    def of(self, case_type: str | None, priority: str | None, created_on: date) -> Policy | None:
        known = self._rows.get((case_type or "", priority or ""), [])
        in_force = [policy for policy in known if policy.valid_from <= created_on]
        return max(in_force, key=lambda policy: policy.valid_from, default=None)
