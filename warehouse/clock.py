"""The only place that asks what time it is; instants are UTC without a zone, as they are stored."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def now_utc() -> datetime:
    """The present instant, naive UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


def end_of_local_day(day: date, zone: str) -> datetime:
    """Last microsecond of a local day, naive UTC: what `--as-of 2025-10-31` means."""
    start_of_next = datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(zone))
    return start_of_next.astimezone(UTC).replace(tzinfo=None) - timedelta(microseconds=1)
