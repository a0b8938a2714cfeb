"""Columns on their way into a file: numpy arrays in, text columns as the extract shows them out."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

#: Everything that is known about a batch of tickets, one array per attribute, all of the same length.
Columns = dict[str, np.ndarray]

#: A text column of an extract; null is written as an empty field.
Text: TypeAlias = pa.Array

ZONE_SECONDS, DAY = 8 * 3600, 86_400


def _taken(labels: Sequence[str], index: np.ndarray) -> Text:
    indices = pa.array(index, type=pa.int32(), mask=index < 0)
    return pc.take(pa.array(labels, type=pa.string()), indices)


def codes(labels: Sequence[str], index: np.ndarray) -> Text:
    """Return `labels[index]`, null where the index is negative."""
    return _taken(labels, np.asarray(index))


def ids(prefix: str, numbers: np.ndarray) -> Text:
    """Return the prefix and the number, null where the number is negative."""
    numbers = np.asarray(numbers)
    text = pc.cast(pa.array(numbers, mask=numbers < 0), pa.string())
    return pc.binary_join_element_wise(prefix, text, "")


def numbers(values: np.ndarray, digits: int = 2) -> Text:
    """Return decimal text rounded to `digits`, whole numbers without a point, null where NaN."""
    values = np.round(np.asarray(values, dtype=np.float64), digits)
    missing = np.isnan(values)
    whole = np.where(missing, 0, values)
    if np.all(whole == np.floor(whole)):
        return pc.cast(pa.array(whole.astype(np.int64), mask=missing), pa.string())
    return pc.cast(pa.array(values, mask=missing), pa.string())


def counts(values: np.ndarray) -> Text:
    """Return whole numbers as text, null where negative."""
    values = np.asarray(values)
    return pc.cast(pa.array(values, mask=values < 0), pa.string())


def flags(values: np.ndarray) -> Text:
    """Return true for 1, false for 0, null for negative values."""
    return _taken(("false", "true"), np.asarray(values).astype(np.int64))


def constant(text: str, length: int) -> Text:
    return pa.repeat(pa.scalar(text), length)


def nothing(length: int) -> Text:
    return pa.nulls(length, pa.string())


def instants(seconds: np.ndarray, horizon: int) -> Text:
    """Return ISO-8601 local times with zone, null from `horizon` on (epoch seconds).

    Days and seconds of the day are looked up: a fraction of the cost of formatting each instant.
    """
    seconds = np.asarray(seconds, dtype=np.int64)
    missing = seconds >= horizon
    local = np.where(missing, 0, seconds) + ZONE_SECONDS
    day, second = local // DAY, local % DAY
    known = day[~missing]
    first, last = (int(known.min()), int(known.max())) if len(known) else (0, 0)
    dates = np.arange(first, last + 1).astype("datetime64[D]").astype(str)
    day_text = pc.take(pa.array(dates, type=pa.string()), pa.array(day - first, mask=missing))
    return pc.binary_join_element_wise(day_text, pc.take(_clock_times(), pa.array(second)), "")


def days(numbers_: np.ndarray) -> Text:
    """Return ISO dates of days since 1970-01-01, null where negative."""
    numbers_ = np.asarray(numbers_, dtype=np.int64)
    text = numbers_.astype("datetime64[D]").astype(str)
    return pa.array(text, type=pa.string(), mask=numbers_ < 0)


_CLOCK_TIMES: list[Text] = []


def _clock_times() -> Text:
    if not _CLOCK_TIMES:
        seconds = np.arange(DAY).astype("datetime64[s]").astype(str)
        _CLOCK_TIMES.append(pa.array([f"{text[10:]}+08:00" for text in seconds], type=pa.string()))
    return _CLOCK_TIMES[0]
