"""Calendar and working time, and local days, by plain interval arithmetic (rulings A3, A6, A7)."""

from bisect import bisect_right
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.reading.tables import Context, Seeds

_WORKED = {"regular", "make_up"}


class WorkingClock:
    """The working time of one calendar as UTC intervals in order."""

    def __init__(self, intervals: list[tuple[datetime, datetime]]) -> None:
        self._intervals = sorted(intervals)
        self._starts = [start for start, _ in self._intervals]

    def seconds(self, start: datetime, end: datetime) -> float:
        """Return the working seconds in [start, end)."""
        total = 0.0
        for opens, closes in self._intervals[max(bisect_right(self._starts, start) - 1, 0) :]:
            if opens >= end:
                break
            total += max((min(closes, end) - max(opens, start)).total_seconds(), 0.0)
        return total

    def after(self, start: datetime, seconds: float) -> datetime | None:
        """Return the first instant at which that many working seconds have passed, None beyond the calendar."""
        left = seconds
        for opens, closes in self._intervals[max(bisect_right(self._starts, start) - 1, 0) :]:
            begins = max(opens, start)
            held = (closes - begins).total_seconds()
            if held <= 0:
                continue
            if held >= left:
                return begins + timedelta(seconds=left)
            left -= held
        return None


class Clocks:
    """Zones and calendars of regions; a region that is unknown, or knows none, has the company's.

    Working time is known from the first to the last day that a calendar lists, and nowhere else (decision 11).
    """

    def __init__(self, seeds: Seeds, context: Context) -> None:
        self._context = context
        self._zones = {row["region_id"]: row["time_zone"] for row in seeds.regions}
        self._calendars = {row["region_id"]: row["calendar_id"] for row in seeds.regions}
        self._clocks = _working_clocks(seeds)
        self._listed = _listed_days(seeds)

    def local_date(self, instant: datetime, region_id: str | None) -> date:
        zone = ZoneInfo(self._zones.get(region_id) or self._context.zone)
        return instant.replace(tzinfo=UTC).astimezone(zone).date()

    def midnight_after(self, day: date, region_id: str | None) -> datetime:
        """Return the instant at which a local day ends."""
        zone = ZoneInfo(self._zones.get(region_id) or self._context.zone)
        return _utc(day + timedelta(days=1), time(0), zone)

    def working(self, region_id: str | None) -> WorkingClock:
        return self._clocks.get(self._calendar(region_id), WorkingClock([]))

    def lists(self, start: datetime, end: datetime, region_id: str | None) -> bool:
        """True where the region's calendar reaches from the local day of one instant to that of the other."""
        first, last = self._listed.get(self._calendar(region_id), (date.max, date.min))
        return all(first <= self.local_date(at, region_id) <= last for at in (start, end))

    def _calendar(self, region_id: str | None) -> str:
        return self._calendars.get(region_id) or self._context.calendar_id

    def elapsed_seconds(self, clock: str, start: datetime, end: datetime, region_id: str | None) -> float | None:
        """Return the time between two instants on a policy's clock, None where the calendar does not reach."""
        if clock == "working":
            return self.working(region_id).seconds(start, end) if self.lists(start, end, region_id) else None
        return (end - start).total_seconds()

    def after(self, clock: str, start: datetime, seconds: float, region_id: str | None) -> datetime | None:
        if clock == "working":
            return self.working(region_id).after(start, seconds) if self.lists(start, start, region_id) else None
        return start + timedelta(seconds=seconds)


def _working_clocks(seeds: Seeds) -> dict[str, WorkingClock]:
    days: dict[str, list[date]] = defaultdict(list)
    for row in seeds.working_days:
        if row["kind"] in _WORKED:
            days[row["calendar_id"]].append(date.fromisoformat(row["day"]))
    intervals: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for row in seeds.working_hours:
        zone = ZoneInfo(row["time_zone"])
        opens, closes = time.fromisoformat(row["start_local"]), time.fromisoformat(row["end_local"])
        for day in days[row["calendar_id"]]:
            # a shift that ends before it begins ends on the next day
            last_day = day if closes > opens else day + timedelta(days=1)
            intervals[row["calendar_id"]].append((_utc(day, opens, zone), _utc(last_day, closes, zone)))
    return {calendar_id: WorkingClock(spans) for calendar_id, spans in intervals.items()}


def _listed_days(seeds: Seeds) -> dict[str, tuple[date, date]]:
    """Return the first and the last day that each calendar lists, worked or not."""
    days: dict[str, list[date]] = defaultdict(list)
    for row in seeds.working_days:
        days[row["calendar_id"]].append(date.fromisoformat(row["day"]))
    return {calendar_id: (min(listed), max(listed)) for calendar_id, listed in days.items()}


def _utc(day: date, moment: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, moment, tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
