"""Periods, and which of them a KPI has figures of (rulings A16, G6, decision 11)."""

from collections.abc import Iterator
from datetime import date

import pandas as pd

PERIOD_KINDS = ("day", "week", "month", "quarter", "year")
FREQUENCIES = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}
_FROM_MONTHS = ("month", "quarter", "year")
#: The period kinds of the KPIs that have not all of them.
KINDS_OF = {
    "service_revenue": _FROM_MONTHS,
    "maintenance_plan_revenue_share": _FROM_MONTHS,
    "parts_turnover": _FROM_MONTHS,
    "training_coverage": _FROM_MONTHS,
    "staff_stability_rate": _FROM_MONTHS,
    "peer_review_score": ("quarter", "year"),
    "innovation_score": ("quarter", "year"),
}


def kinds_of(kpi_key: str) -> tuple[str, ...]:
    """Return the period kinds of a KPI."""
    return KINDS_OF.get(kpi_key, PERIOD_KINDS)


def periods_from(first: date, last: date, kind: str) -> Iterator[tuple[date, date]]:
    """Yield the first and last day of the periods of a kind from the one of `first` to the one of `last`."""
    for period in pd.period_range(first, last, freq=FREQUENCIES[kind]):
        yield period.start_time.date(), period.end_time.date()


def last_day_of_quarter(quarter: str) -> date:
    """Return the last day of a quarter that is written YYYY-Qn."""
    return pd.Period(quarter.replace("-", ""), freq="Q").end_time.date()


def first_day_of_quarter(quarter: str) -> date:
    return pd.Period(quarter.replace("-", ""), freq="Q").start_time.date()
