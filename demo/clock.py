"""Time in the demo: months, deliveries and shifts, all in whole seconds since 1970-01-01 UTC."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from demo.columns import Floats, Ints

#: China has had one zone without daylight saving since 1991, so a constant offset is exact for the whole window.
ZONE_SECONDS = 8 * 3600
MINUTE, HOUR, DAY = 60, 3600, 86_400
#: An instant that never comes; later than every horizon, so that `instant < horizon` needs no null test.
NEVER = 1 << 40

SHIFT_START, SHIFT_END = 8 * HOUR, 20 * HOUR
NIGHT_START, NIGHT_END = 22 * HOUR, 8 * HOUR

#: Requests by hour of the local day, 0 to 23; about 8 % come between 22:00 and 08:00.
HOUR_WEIGHTS = (4, 3, 2, 2, 2, 4, 9, 22, 55, 88, 95, 85, 60, 62, 82, 86, 80, 70, 52, 44, 40, 32, 15, 8)
DAY_WEIGHTS = {"regular": 1.0, "make_up": 0.9, "holiday": 0.4}
WEEKEND_WEIGHT = 0.55


@dataclass(frozen=True)
class Window:
    """The months that the company delivers.

    `months` holds first days as datetime64[M]; `starts` their first seconds plus the exclusive end of the window;
    `cuts` the exclusive ends of the deliveries (history, then one per month), `qualifiers` their names in files.
    """

    months: np.ndarray
    starts: Ints
    cuts: Ints
    qualifiers: tuple[str, ...]

    @property
    def start(self) -> int:
        return int(self.starts[0])

    @property
    def end(self) -> int:
        """First second after the last local day."""
        return int(self.starts[-1])


def month_starts(months: np.ndarray) -> Ints:
    """Return the first second of each local month."""
    return months.astype("datetime64[s]").astype(np.int64) - ZONE_SECONDS


def window_until(until: str, months: int, deltas: int = 3) -> Window:
    """Return the window of `months` local months ending with `until` (YYYY-MM), its last `deltas` delivered singly.

    Raises ValueError when no month would remain for the history.
    """
    if months <= deltas:
        raise ValueError(
            f"months={months}: at least {deltas + 1} are needed, {deltas} of them become single deliveries"
        )
    last = np.datetime64(until, "M")
    names = last - (months - 1) + np.arange(months)
    starts = month_starts(np.append(names, last + 1))
    qualifiers = (f"{names[0]}_{names[-deltas - 1]}", *(str(name) for name in names[-deltas:]))
    return Window(names, starts, starts[-deltas - 1 :], qualifiers)


def local_day(seconds: Ints) -> Ints:
    """Return local days since 1970-01-01."""
    return (seconds + ZONE_SECONDS) // DAY


def local_second(seconds: Ints) -> Ints:
    """Return the second of the local day, 0 to 86399."""
    return (seconds + ZONE_SECONDS) % DAY


def is_night(seconds: Ints) -> np.ndarray:
    """True between 22:00 and 08:00 local time."""
    second = local_second(seconds)
    return (second >= NIGHT_START) | (second < NIGHT_END)


def in_shift(seconds: Ints, random: np.random.Generator) -> Ints:
    """Return each instant, or an instant in the first 90 minutes of the next shift if it lies outside 08:00 to 20:00.

    Never earlier than given; NEVER stays NEVER.
    """
    second = local_second(seconds)
    wait = np.where(
        second < SHIFT_START, SHIFT_START - second, np.where(second >= SHIFT_END, DAY - second + SHIFT_START, 0)
    )
    late = np.where(wait > 0, wait + (random.random(len(seconds)) * 1.5 * HOUR).astype(np.int64), 0)
    return np.where(seconds >= NEVER, NEVER, seconds + late)


def day_weights(window: Window, working_days: Path, yearly_growth: float) -> Floats:
    """Return one weight per local day of the window: weekly rhythm, official holidays, make-up days and growth."""
    first, end = local_day(window.starts[[0, -1]])
    days = np.arange(first, end)
    table = pd.read_csv(working_days, usecols=["day", "kind"], dtype=str)
    listed = {
        date.fromisoformat(day).toordinal() - 719_163: kind
        for day, kind in zip(table["day"], table["kind"], strict=True)
    }
    weekday = (days + 3) % 7
    plain = np.where(weekday < 5, 1.0, WEEKEND_WEIGHT)
    known = np.array([DAY_WEIGHTS.get(listed.get(int(day), ""), np.nan) for day in days])
    growth = (1 + yearly_growth) ** ((days - first) / 365.25)
    return np.where(np.isnan(known), plain, known) * growth


def opening_seconds(day: int, count: int, random: np.random.Generator) -> Ints:
    """Return `count` instants of the local day `day` with the daily rhythm of requests."""
    weights = np.array(HOUR_WEIGHTS, dtype=float)
    hours = random.choice(24, size=count, p=weights / weights.sum())
    return day * DAY - ZONE_SECONDS + hours * HOUR + random.integers(0, HOUR, count)
