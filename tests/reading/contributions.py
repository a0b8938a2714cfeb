"""What one fact adds to a KPI: local day, attributes, unit, both sides, duration."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tests.reading.cases import Case
from tests.reading.owners import NOBODY, Unit
from tests.reading.tables import Row


@dataclass(frozen=True)
class Attributes:
    """What a fact is about; None is unknown."""

    source_system: str
    region_id: str | None = None
    root_cause_id: str | None = None
    case_type: str | None = None
    channel: str | None = None
    priority: str | None = None
    product_id: str | None = None
    customer_id: str | None = None
    ticket_id: str | None = None


@dataclass(frozen=True)
class Contribution:
    """One fact's part of a KPI figure; `value` is set where medians and P90 are taken of it.

    `counted` is what the fact adds to n; it differs from the denominator where teams share a case. A contribution
    `at_end` is part of a period only where its day is the period's last one, or the as-of day (`is_running`).
    A contribution with a `stage` is part of the slices by stage only, one with a `period_kind` of such periods only.
    """

    kpi_key: str
    day: date
    about: Attributes
    unit: Unit
    numerator: float
    denominator: float | None
    counted: int = 1
    value: float | None = None
    stage: str | None = None
    at_end: bool = False
    is_running: bool = False
    period_kind: str | None = None

    def as_row(self) -> dict[str, Any]:
        """Return the contribution as one flat row."""
        own = {name: value for name, value in vars(self).items() if name not in ("about", "unit")}
        return own | vars(self.about) | vars(self.unit)


def about_case(case: Case) -> Attributes:
    """Return the attributes of a case: those of its surviving ticket (ruling D14)."""
    return about_ticket(case.ticket)


def about_ticket(ticket: Row) -> Attributes:
    return Attributes(
        ticket["_source_system"],
        ticket.get("region_id"),
        ticket.get("root_cause_id"),
        ticket.get("case_type"),
        ticket.get("channel"),
        ticket.get("priority"),
        ticket.get("product_id"),
        ticket.get("customer_id"),
        ticket["ticket_id"],
    )


def about_fact(row: Row, case: Case | None, region_id: str | None, product_id: str | None = None) -> Attributes:
    """Return the attributes of a fact beside its case: region and product of its own, the rest the case's, if any."""
    of_case = about_case(case) if case else Attributes(row["_source_system"])
    return Attributes(
        row["_source_system"],
        region_id,
        of_case.root_cause_id,
        of_case.case_type,
        of_case.channel,
        of_case.priority,
        product_id or of_case.product_id,
        of_case.customer_id,
        of_case.ticket_id,
    )


def of_case(
    case: Case,
    kpi_key: str,
    at: datetime,
    unit: Unit,
    numerator: float,
    denominator: float | None,
    value: float | None = None,
    *,
    counted: int = 1,
    stage: str | None = None,
) -> Contribution:
    """Return what a case adds to a KPI at an instant."""
    day = case.local_date(at)
    return Contribution(kpi_key, day, about_case(case), unit, numerator, denominator, counted, value, stage)


def of_fact(
    row: Row,
    case: Case | None,
    kpi_key: str,
    day: date,
    region_id: str | None,
    numerator: float,
    denominator: float | None,
    *,
    unit: Unit = NOBODY,
    product_id: str | None = None,
    value: float | None = None,
    counted: int = 1,
) -> Contribution:
    """Return what a fact beside its case adds to a KPI on a local day."""
    about = about_fact(row, case, region_id, product_id)
    return Contribution(kpi_key, day, about, unit, numerator, denominator, counted, value)
