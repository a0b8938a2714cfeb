"""A handful of rows as a company, and what the independent reading makes of them."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from tests.reading.contributions import Contribution
from tests.reading.reading import Reading
from tests.reading.tables import STAGES_FILE, TERMS_FILE, Context, Evidence, Row, Seeds, Tables, read_csv
from warehouse.contract import get_contract

SYSTEM = "tiny"
#: Monday 1 September 2025, 10:00 in Shanghai.
MONDAY = datetime(2025, 9, 1, 2)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_SHANGHAI = {
    "region_id": "R-SH", "macro_region_en": "East China", "time_zone": "Asia/Shanghai", "calendar_id": "CN",
}  # fmt: skip
_NIGHTS = _SHANGHAI | {"region_id": "R-NIGHT", "calendar_id": "NIGHT"}
_HOURS: list[Row] = [
    {"calendar_id": "CN", "time_zone": "Asia/Shanghai", "start_local": "09:00", "end_local": "18:00"},
    {"calendar_id": "NIGHT", "time_zone": "Asia/Shanghai", "start_local": "22:00", "end_local": "06:00"},
]
#: The days that both calendars list: Monday to Sunday, of which the last is off.
LISTED_DAYS = 7


def _calendar() -> list[Row]:
    return [
        {"calendar_id": calendar_id, "day": f"2025-09-0{day}", "kind": "holiday" if day == LISTED_DAYS else "regular"}
        for calendar_id in ("CN", "NIGHT")
        for day in range(1, LISTED_DAYS + 1)
    ]


class TinyCompany:
    """Rows by contract; every ticket is of R-SH and opened on MONDAY unless it says otherwise."""

    def __init__(self, as_of: datetime = MONDAY + 60 * DAY) -> None:
        self.as_of = as_of
        self.policies: list[Row] = []
        self.rates: list[Row] = []
        #: Columns of events that the source does not state.
        self.unstated: frozenset[str] = frozenset()
        self._rows: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def add(self, contract: str, **row: Any) -> None:
        landed = {"_source_system": SYSTEM, "_extracted_at": datetime(2026, 1, 1)}
        self._rows[contract].append(row | landed | {"_row_number": len(self._rows[contract])})

    def ticket(self, ticket_id: str, *events: tuple[Any, ...], opened_at: datetime = MONDAY, **columns: Any) -> None:
        """Add a ticket with events as (type, time since MONDAY, columns)."""
        self.add("crm.tickets", ticket_id=ticket_id, opened_at=opened_at, **{"region_id": "R-SH"} | columns)
        for number, (event_type, after, *extra) in enumerate(events):
            row: dict[str, Any] = {"actor": "agent", **(extra[0] if extra else {})}
            at = MONDAY + after
            self.add(
                "crm.ticket_events",
                ticket_id=ticket_id, event_type=event_type, occurred_at=at, sequence=number, **row,
            )  # fmt: skip

    def reading(self) -> Reading:
        frames = {
            name: pd.DataFrame(
                rows, columns=[*get_contract(name).column_names, "_source_system", "_extracted_at", "_row_number"]
            ).astype(object)
            for name, rows in self._rows.items()
        }
        seeds = Seeds(
            [_SHANGHAI, _NIGHTS], [], self.policies, _calendar(), _HOURS, [], read_csv(STAGES_FILE), self.rates,
            read_csv(TERMS_FILE),
        )  # fmt: skip
        events, tickets = get_contract("crm.ticket_events"), get_contract("crm.tickets")
        evidence = Evidence(
            {SYSTEM: frozenset(events.column("event_type").values)},
            {SYSTEM: frozenset(tickets.column_names)},
            {SYSTEM: frozenset(events.column_names) - self.unstated},
        )
        return Reading(Tables(frames), seeds, Context(self.as_of), evidence)

    def of(self, kpi_key: str) -> list[Contribution]:
        """Return the contributions to one KPI."""
        return [found for found in self.reading().contributions() if found.kpi_key == kpi_key]

    def sides(self, kpi_key: str) -> list[tuple[float, float | None]]:
        """Return numerator and denominator of the contributions to one KPI, in their order."""
        return [(found.numerator, found.denominator) for found in self.of(kpi_key)]
