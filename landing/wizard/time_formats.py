"""Formats of times and dates that fit every value of a column. What no value decides stays undecided."""

# ruff: noqa: S608 - names are our own, formats are literals

import re
from dataclasses import dataclass
from functools import cache

import duckdb

from landing.quoting import literal

#: Text that landing reads as a time without any format (`landing/value_sql.py`).
_ISO = r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|z|[+-]\d{2}(:?\d{2})?)?"
_ISO_ZONED = r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|z|[+-]\d{2}(:?\d{2})?)"
_ISO_DATE = r"\d{4}-\d{2}-\d{2}"

_MONTH_NAMES = re.compile(r"[A-Za-z]{3,}")
_DATES = {
    "year_first": ("%Y{s}%m{s}%d",),
    "day_or_month_first": ("%d{s}%m{s}%Y", "%m{s}%d{s}%Y"),
    "short_year": ("%d{s}%m{s}%y", "%m{s}%d{s}%y"),
    "named": ("%d{s}%b{s}%Y", "%d{s}%b{s}%y", "%d{s}%B{s}%Y", "%b{s}%d{s}%Y", "%B{s}%d{s}%Y"),
}
_NAMED_EXTRA = ("%b %d, %Y", "%B %d, %Y", "%a, %d %b %Y", "%a %b %d %Y", "%d. %B %Y")
_CHINESE_DATES = ("%Y年%m月%d日", "%y年%m月%d日")
_CLOCKS = (" %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p", "T%H:%M:%S", "T%H:%M", "T%H:%M:%S.%f",
           ", %I:%M %p", ", %H:%M", " %I:%M%p", " %H.%M", "  %H:%M:%S")  # fmt: skip
_CHINESE_CLOCKS = (
    "",
    " %H:%M",
    " %H:%M:%S",
    "%H:%M",
    "%H:%M:%S",
    "%H时%M分",
    " %H时%M分",
    "%H时%M分%S秒",
    " %H时%M分%S秒",
)
_ZONES = ("", " %z", "%z")
_COMPACT = ("%Y%m%d%H%M%S", "%Y%m%d%H%M", "%Y%m%d")
#: Part of the texts that may be something else and the column still counts as one of times.
_LEAST_SHARE = 0.9
_MAX_TRIED = 60


@dataclass(frozen=True)
class Times:
    """What is known of a column of times.

    `formats` is what landing is to be told, empty for ISO-8601. `alternatives` are other single formats that fit every
    value as well and mean other instants: the order of day and month is undecided when there are any. `decided` counts
    the values that only the chosen order can read. `fitting` of `values` texts fit; `misfits` are examples of the rest.
    """

    formats: tuple[str, ...]
    alternatives: tuple[str, ...]
    decided: int
    values: int
    fitting: int
    misfits: tuple[str, ...]
    has_clock: bool
    is_zoned: bool
    midnights: int
    earliest: str
    latest: str

    @property
    def is_ambiguous(self) -> bool:
        return bool(self.alternatives)

    @property
    def order(self) -> str:
        """`dm` or `md` where a day and a month could change places, else nothing."""
        return day_month_order(self.formats[0]) if self.formats else ""


def day_month_order(pattern: str) -> str:
    """Return `dm`, `md`, or nothing for a format whose day and month cannot be mistaken."""
    if "%Y" in pattern[:2] or "%b" in pattern or "%B" in pattern or "年" in pattern:
        return ""
    return "dm" if pattern.find("%d") < pattern.find("%m") else "md"


def find_times(connection: duckdb.DuckDBPyConnection, table: str) -> Times | None:
    """Return what is known of the texts of `table` (value, n) as times; None when they are none.

    Every value counts, not a sample: one 13th of a month decides.
    """
    if not _could_be_times(connection, table):
        return None
    total = _total(connection, table)
    iso = _iso_times(connection, table, total)
    if iso:
        return iso
    fits = _fits(connection, table, _candidates(connection, table))
    if not fits:
        return None
    return _judge(connection, table, total, fits)


def _could_be_times(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    row = connection.execute(
        f"""
        select
            sum(n) filter (where regexp_matches(value, '\\d') and length(value) between 6 and 40
                and (regexp_matches(value, '\\d[/.:\\-年 ]')
                    or regexp_full_match(value, '(19|20)\\d{{6}}(\\d{{4}}(\\d\\d)?)?'))),
            sum(n)
        from {table}
        """
    ).fetchone()
    return bool(row and row[0] and row[0] >= _LEAST_SHARE * row[1])


def _total(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"select coalesce(sum(n), 0) from {table}").fetchone()
    return int(row[0]) if row else 0


def _iso_times(connection: duckdb.DuckDBPyConnection, table: str, total: int) -> Times | None:
    row = connection.execute(
        f"""
        select
            coalesce(sum(n) filter (where regexp_full_match(value, '{_ISO}')), 0),
            coalesce(sum(n) filter (where regexp_full_match(value, '{_ISO_ZONED}')), 0),
            coalesce(sum(n) filter (where regexp_full_match(value, '{_ISO_DATE}')
                and try_strptime(value, '%Y-%m-%d') is not null), 0),
            coalesce(sum(n) filter (where regexp_matches(value, '[T ]00:00(:00(\\.0+)?)?$')), 0),
            min(value), max(value)
        from {table}
        """
    ).fetchone()
    assert row is not None  # noqa: S101
    times, zoned, dates, midnights, earliest, latest = row
    if dates >= _LEAST_SHARE * total:
        misfits = _examples(connection, table, f"not regexp_full_match(value, '{_ISO_DATE}')")
        return Times(("%Y-%m-%d",), (), 0, total, dates, misfits, False, False, 0, earliest, latest)
    if times >= _LEAST_SHARE * total:
        misfits = _examples(connection, table, f"not regexp_full_match(value, '{_ISO}')")
        return Times((), (), 0, total, times, misfits, True, zoned > 0, midnights, earliest, latest)
    return None


def _candidates(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """Formats that the shapes of the values allow: digits and letters aside, a format must look like them."""
    shapes = connection.execute(
        f"""
        select regexp_replace(regexp_replace(value, '[A-Za-z]+', 'A', 'g'), '\\d+', '9', 'g') as shape, sum(n) as n
        from {table} group by all order by n desc, shape limit 8
        """
    ).fetchall()
    found: list[str] = []
    for shape, _ in shapes:
        found += [pattern for pattern in _formats_by_shape().get(shape, ()) if pattern not in found]
    return found[:_MAX_TRIED]


@cache
def _formats_by_shape() -> dict[str, list[str]]:
    formats: dict[str, list[str]] = {}
    for pattern in _all_formats():
        formats.setdefault(_shape_of(pattern), []).append(pattern)
    return formats


def _all_formats() -> list[str]:
    dates = [form.format(s=s) for forms in _DATES.values() for s in ("/", "-", ".", " ") for form in forms]
    dates += _NAMED_EXTRA
    found = [*dates, *_COMPACT]
    found += [f"{day}{clock}{zone}" for day in dates for clock in _CLOCKS for zone in _ZONES]
    found += [f"{day}{clock}" for day in _CHINESE_DATES for clock in _CHINESE_CLOCKS]
    return found


def _shape_of(pattern: str) -> str:
    shape = re.sub(r"%[bBaAp]", "A", pattern)
    shape = shape.replace("%z", "+9")
    shape = re.sub(r"(%[dmyYHIMSf])+", "9", shape)
    return re.sub(r"[A-Za-z]+", "A", shape)


def _fits(connection: duckdb.DuckDBPyConnection, table: str, patterns: list[str]) -> dict[str, int]:
    """How many texts each format reads as a time between 1900 and 2200."""
    if not patterns:
        return {}
    counts = ", ".join(
        f"sum(n) filter (where year(try_strptime(value, {literal(pattern)})) between 1900 and 2200)"
        for pattern in patterns
    )
    row = connection.execute(f"select {counts} from {table}").fetchone() or ()
    return {pattern: int(count) for pattern, count in zip(patterns, row, strict=True) if count}


def _judge(connection: duckdb.DuckDBPyConnection, table: str, total: int, fits: dict[str, int]) -> Times | None:
    best = max(fits, key=lambda pattern: (fits[pattern], -list(fits).index(pattern)))
    chosen: tuple[str, ...] = (best,)
    fitting = fits[best]
    if fitting < total:
        # several ways of writing in one column: add formats that read what the first one cannot
        for pattern in sorted(fits, key=lambda pattern: -fits[pattern]):
            more = _read_by(connection, table, (*chosen, pattern))
            if more > fitting and not _conflict(pattern, chosen):
                chosen, fitting = (*chosen, pattern), more
    if fitting < _LEAST_SHARE * total:
        return None
    other = _swapped(best)
    decided = fits[best] - fits.get(other, 0) if other else 0
    alternatives = (other,) if other and fits.get(other, 0) == fits[best] and len(chosen) == 1 else ()
    return _describe(connection, table, total, chosen, alternatives, decided, fitting)


def _conflict(pattern: str, chosen: tuple[str, ...]) -> bool:
    """Two orders of day and month in one column would be a guess value by value."""
    orders = {day_month_order(p) for p in (*chosen, pattern)} - {""}
    return len(orders) > 1 or len({"%z" in p for p in (*chosen, pattern)}) > 1


def _swapped(pattern: str) -> str | None:
    """The same format with day and month in each other's place; None where they cannot be mistaken."""
    if not day_month_order(pattern):
        return None
    return pattern.replace("%d", "\0").replace("%m", "%d").replace("\0", "%m")


def _read_by(connection: duckdb.DuckDBPyConnection, table: str, patterns: tuple[str, ...]) -> int:
    listed = ", ".join(map(literal, patterns))
    row = connection.execute(
        f"select coalesce(sum(n), 0) from {table} where try_strptime(value, [{listed}]) is not null"
    ).fetchone()
    return int(row[0]) if row else 0


def _describe(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    total: int,
    chosen: tuple[str, ...],
    alternatives: tuple[str, ...],
    decided: int,
    fitting: int,
) -> Times:
    listed = ", ".join(map(literal, chosen))
    has_clock = any(re.search(r"%[HI]", pattern) for pattern in chosen)
    row = connection.execute(
        f"""
        select
            coalesce(sum(n) filter (where cast(moment as time) = time '00:00:00'), 0),
            min(moment)::varchar, max(moment)::varchar
        from (select cast(try_strptime(value, [{listed}]) as timestamp) as moment, n from {table})
        """
    ).fetchone()
    midnights, earliest, latest = row or (0, "", "")
    misfits = _examples(connection, table, f"try_strptime(value, [{listed}]) is null")
    is_zoned = any("%z" in pattern for pattern in chosen)
    return Times(
        chosen, alternatives, decided, total, fitting, misfits, has_clock, is_zoned,
        int(midnights) if has_clock else 0, earliest or "", latest or "",
    )  # fmt: skip


def _examples(connection: duckdb.DuckDBPyConnection, table: str, condition: str) -> tuple[str, ...]:
    rows = connection.execute(
        f"select left(value, 60) from {table} where {condition} order by n desc, value limit 3"
    ).fetchall()
    return tuple(str(value) for (value,) in rows)
