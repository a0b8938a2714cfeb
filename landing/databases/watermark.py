"""How far an incremental extract got, and where the next one begins."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from landing.database_source import DatabaseSource
from warehouse.clock import now_utc

#: What a watermark column may hold: instants, local times, days, numbers, or ISO text.
Mark = dt.datetime | dt.date | int | Decimal | str


@dataclass(frozen=True)
class StoredMark:
    """A watermark as it stands in the extract: its kind and its text."""

    kind: str
    text: str

    @classmethod
    def of(cls, mark: Mark) -> "StoredMark":
        if isinstance(mark, dt.datetime):
            return cls("time", mark.isoformat(sep=" "))
        if isinstance(mark, dt.date):
            return cls("day", mark.isoformat())
        return cls("text", mark) if isinstance(mark, str) else cls("number", str(mark))

    def value(self) -> Mark:
        if self.kind == "time":
            return dt.datetime.fromisoformat(self.text)
        if self.kind == "day":
            return dt.date.fromisoformat(self.text)
        if self.kind == "number":
            return Decimal(self.text) if "." in self.text else int(self.text)
        return self.text


def latest_allowed(mark: Mark, zone: str) -> Mark | None:
    """Return the present in the shape of a watermark; None for one that is no time.

    A clock that runs ahead wrote what lies beyond: it must not pull the watermark with it, or everything that follows
    would be passed over. Times without zone are local times of `zone`.
    """
    instant = now_utc().replace(tzinfo=dt.UTC)
    local = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if isinstance(mark, dt.datetime):
        return instant if mark.tzinfo else local
    if isinstance(mark, dt.date):
        return local.date()
    if isinstance(mark, str):
        written = _moment(mark)
        return None if written is None else _like(mark, instant if written.tzinfo else local)
    return None


def begin_of_next(mark: Mark, source: DatabaseSource) -> Mark:
    """Return where the next extract begins: the overlap before the last watermark."""
    if isinstance(mark, dt.datetime):
        return mark - source.overlap_time
    if isinstance(mark, dt.date):
        # a day is touched until it ends
        return mark - max(source.overlap_time, dt.timedelta(days=1))
    if isinstance(mark, str):
        moment = _moment(mark)
        return mark if moment is None else _like(mark, moment - source.overlap_time)
    return mark - source.overlap_count


def parse_mark(text: str, kind: str) -> Mark | None:
    """Return a watermark from the text of a server, by the kind of its column; None for what is no such value."""
    try:
        if kind in ("timestamptz", "timestamp"):
            return dt.datetime.fromisoformat(text)
        if kind == "date":
            return dt.date.fromisoformat(text)
        if kind in ("int2", "int4", "int8", "numeric"):
            number = Decimal(text)
            return int(number) if number == number.to_integral_value() else number
    except (ValueError, ArithmeticError):
        return None
    return text


def _moment(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def _like(example: str, moment: dt.datetime) -> str:
    """Write a time as an example is written, so that texts compare as times do."""
    text: Any = moment.isoformat(sep="T" if "T" in example else " ", timespec="microseconds")
    if "." not in example and "." in text:
        whole, fraction = text.split(".", 1)
        zone = fraction[6:]
        text = whole + zone
    if example.endswith("Z"):
        text = text.replace("+00:00", "Z")
    return text if len(example) > 10 else text[:10]
