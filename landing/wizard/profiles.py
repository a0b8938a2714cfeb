"""What is known of each column of a file: fill, distinct values, times, numbers, booleans, personal content."""

# ruff: noqa: S608 - names are quoted, texts are literals

from dataclasses import dataclass

import duckdb

from landing.quoting import identifier, text_list
from landing.source_table import SourceTable
from landing.wizard.time_formats import Times, find_times
from landing.wizard.vocabulary import null_markers

_TOP_VALUES = 60
_SKETCH = 256
#: Longer texts are no codes, and are not carried about.
_LONGEST_SHOWN = 200
_LEAST_NUMBERS = 0.95
_PLAIN = r"[+-]?(\d+(\.\d+)?|\.\d+)"
#: Ways of writing numbers, the plain one first: regular expression, decimal and thousands separator.
_WRITTEN = (
    (_PLAIN, ".", ""),
    (r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?|[+-]?\d+(\.\d+)?", ".", ","),
    (r"[+-]?\d+(,\d+)?", ",", ""),
    (r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?|[+-]?\d+(,\d+)?", ",", "."),
    (r"[+-]?\d{1,3}( \d{3})+(,\d+)?|[+-]?\d+(,\d+)?", ",", " "),
)
_MOBILE = r"(\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}"
_TELEPHONE = r"(\+\d{1,3}[ -]?)?(\(?0?\d{2,4}\)?[ -])?\d{3,4}[ -]?\d{4}(-\d{1,5})?"
_EMAIL = r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"
_ID_CARD = r"\d{17}[\dXx]"


@dataclass(frozen=True)
class Numbers:
    """How the numbers of a column are written and how far they reach."""

    decimal: str
    thousands: str
    is_whole: bool
    low: float
    high: float
    fitting: int
    misfits: tuple[str, ...]


@dataclass(frozen=True)
class ColumnProfile:
    """One column of a file. `top` are its most frequent texts with their counts; all of them when there are few."""

    name: str
    rows: int
    filled: int
    distinct: int
    top: tuple[tuple[str, int], ...]
    longest: int
    average_length: float
    spaces_share: float
    times: Times | None
    numbers: Numbers | None
    #: `instant`, `zoned`, `date` or `number` where the file has typed cells, `text` in mixed columns, else None.
    typed: str | None
    #: `phone`, `email`, `id_card` or None, by content.
    personal: str | None
    null_markers: tuple[tuple[str, int], ...]
    #: The smallest hashes of its values, by which columns of two files are found to hold the same things.
    sketch: tuple[int, ...] = ()

    @property
    def fill_share(self) -> float:
        return self.filled / self.rows if self.rows else 0.0

    @property
    def is_unique(self) -> bool:
        return self.filled > 0 and self.distinct == self.filled

    @property
    def has_all_values(self) -> bool:
        """True when `top` is every value that there is."""
        return len(self.top) == self.distinct

    @property
    def is_moment(self) -> bool:
        return self.typed in ("instant", "zoned", "date") or self.times is not None


@dataclass(frozen=True)
class Disorder:
    """Of two time columns of a row, how often the later one lies before the earlier one."""

    earlier: str
    later: str
    rows: int
    reversed_rows: int
    reversed_at_midnight: int


def find_null_markers(connection: duckdb.DuckDBPyConnection, source: SourceTable) -> dict[str, dict[str, int]]:
    """Return the texts that look like *nothing*, by column with their counts: one pass over the file."""
    strong, weak = null_markers()
    sought = text_list((*strong, *weak))
    counts = ", ".join(
        f"histogram({identifier(column)}) filter (where {identifier(column)} in ({sought}))"
        for column in source.columns
    )
    row = connection.execute(f"select {counts} from {source.name}").fetchone() or ()
    return {
        column: {str(text): int(n) for text, n in found.items()}
        for column, found in zip(source.columns, row, strict=True)
        if found
    }


def profile_columns(
    connection: duckdb.DuckDBPyConnection,
    source: SourceTable,
    markers: dict[str, dict[str, int]],
) -> tuple[ColumnProfile, ...]:
    """Return the profiles of all columns, in their order; texts that may mean nothing are left out of them."""
    return tuple(_profile(connection, source, column, markers.get(column, {})) for column in source.columns)


def _profile(
    connection: duckdb.DuckDBPyConnection, source: SourceTable, column: str, markers: dict[str, int]
) -> ColumnProfile:
    quoted = identifier(column)
    excluded = f"and {quoted} not in ({text_list(tuple(markers))})" if markers else ""
    connection.execute(
        f"create or replace temp table wizard_values as select {quoted} as value, count(*) as n from {source.name}"
        f" where {quoted} is not null {excluded} group by {quoted}"
    )
    row = connection.execute(
        """
        select coalesce(sum(n), 0), count(*), coalesce(max(length(value)), 0),
            coalesce(sum(n * length(value)) / sum(n), 0),
            coalesce(sum(n) filter (where trim(value) like '% %') / sum(n), 0)
        from wizard_values
        """
    ).fetchone()
    filled, distinct, longest, average, spaces = row or (0, 0, 0, 0.0, 0.0)
    top = connection.execute(
        f"select value, n from wizard_values where length(value) <= {_LONGEST_SHOWN} order by n desc, value"
        f" limit {_TOP_VALUES}"
    ).fetchall()
    sketch = connection.execute(f"select hash(value) as h from wizard_values order by h limit {_SKETCH}").fetchall()
    typed = _typed(connection, source, column, int(filled))
    return ColumnProfile(
        name=column,
        rows=source.rows_parsed,
        filled=int(filled),
        distinct=int(distinct),
        top=tuple((str(value), int(n)) for value, n in top),
        longest=int(longest),
        average_length=round(float(average), 1),
        spaces_share=round(float(spaces), 3),
        times=find_times(connection, "wizard_values") if filled and typed not in ("instant", "zoned", "date") else None,
        numbers=_numbers(connection, int(filled)) if filled else None,
        typed=typed,
        personal=_personal(connection, int(filled)),
        null_markers=tuple(sorted(markers.items(), key=lambda item: (-item[1], item[0]))),
        sketch=tuple(int(number) for (number,) in sketch),
    )


def shared_part(mine: ColumnProfile, theirs: ColumnProfile) -> float:
    """Return the share of the values of `mine` that `theirs` has too, estimated from the smallest hashes of both."""
    if not mine.sketch or not theirs.sketch:
        return 0.0
    known = set(theirs.sketch)
    reach = theirs.sketch[-1] if theirs.distinct > len(theirs.sketch) else max(mine.sketch[-1], theirs.sketch[-1])
    within = [number for number in mine.sketch if number <= reach]
    return sum(number in known for number in within) / len(within) if within else 0.0


def _typed(connection: duckdb.DuckDBPyConnection, source: SourceTable, column: str, filled: int) -> str | None:
    kinds = {"instant": source.instants, "zoned": source.zoned, "date": source.dates, "number": source.numbers}
    for kind, companions in kinds.items():
        if column in companions:
            row = connection.execute(f"select count({identifier(companions[column])}) from {source.name}").fetchone()
            if row and filled and row[0] >= _LEAST_NUMBERS * filled:
                return kind
    return None


def _numbers(connection: duckdb.DuckDBPyConnection, filled: int) -> Numbers | None:
    counts = ", ".join(f"sum(n) filter (where regexp_full_match(value, '{form}'))" for form, _, _ in _WRITTEN)
    row = connection.execute(f"select {counts} from wizard_values").fetchone() or ()
    fitting = [int(count or 0) for count in row]
    best = max(range(len(_WRITTEN)), key=lambda position: (fitting[position], -position))
    if fitting[best] < _LEAST_NUMBERS * filled:
        return None
    form, decimal, thousands = _WRITTEN[best]
    bare = f"replace(value, '{thousands}', '')" if thousands else "value"
    number = f"try_cast(replace({bare}, '{decimal}', '.') as double)"
    read = connection.execute(
        f"""
        select min({number}), max({number}), bool_and({number} = floor({number}))
        from wizard_values where regexp_full_match(value, '{form}')
        """
    ).fetchone()
    low, high, is_whole = read or (0.0, 0.0, False)
    misfits = connection.execute(
        f"select left(value, 60) from wizard_values where not regexp_full_match(value, '{form}')"
        " order by n desc, value limit 3"
    ).fetchall()
    return Numbers(
        decimal, thousands, bool(is_whole), float(low or 0), float(high or 0), fitting[best],
        tuple(str(value) for (value,) in misfits),
    )  # fmt: skip


def _personal(connection: duckdb.DuckDBPyConnection, filled: int) -> str | None:
    if not filled:
        return None
    kinds = {"id_card": _ID_CARD, "phone": f"{_MOBILE}|{_TELEPHONE}", "email": _EMAIL}
    counts = ", ".join(f"sum(n) filter (where regexp_full_match(value, '{form}'))" for form in kinds.values())
    row = connection.execute(f"select {counts} from wizard_values").fetchone() or ()
    for kind, count in zip(kinds, row, strict=True):
        if count and count >= 0.8 * filled:
            return kind
    return None


def moment_sql(source: SourceTable, profile: ColumnProfile) -> str | None:
    """Return SQL of a column's local time; None when it is no unambiguous one."""
    quoted = identifier(profile.name)
    for companions in (source.instants, source.zoned, source.dates):
        if profile.typed in ("instant", "zoned", "date") and profile.name in companions:
            return f"cast({identifier(companions[profile.name])} as timestamp)"
    times = profile.times
    if times is None or times.is_ambiguous:
        return None
    if not times.formats:
        return f"try_cast(left(replace({quoted}, 'T', ' '), 19) as timestamp)"
    return f"cast(try_strptime({quoted}, [{text_list(times.formats)}]) as timestamp)"


def find_disorder(
    connection: duckdb.DuckDBPyConnection, source: SourceTable, profiles: tuple[ColumnProfile, ...]
) -> tuple[Disorder, ...]:
    """Return, for each pair of time columns, how often the second lies before the first: one pass over the file."""
    moments = {profile.name: sql for profile in profiles if (sql := moment_sql(source, profile))}
    # a date without time of day says nothing about order within its day
    clocks = [
        p.name
        for p in profiles
        if p.name in moments and (p.typed in ("instant", "zoned") or (p.times and p.times.has_clock))
    ]
    pairs = [(earlier, later) for earlier in clocks for later in clocks if earlier != later][:200]
    if not pairs:
        return ()
    listed = ", ".join(f"{moments[name]} as m{clocks.index(name)}" for name in clocks)
    parts = []
    for earlier, later in pairs:
        first, second = f"m{clocks.index(earlier)}", f"m{clocks.index(later)}"
        parts.append(f"count(*) filter (where {first} is not null and {second} is not null)")
        parts.append(f"count(*) filter (where {second} < {first})")
        parts.append(f"count(*) filter (where {second} < {first} and cast({second} as time) = time '00:00:00')")
    row = connection.execute(f"select {', '.join(parts)} from (select {listed} from {source.name})").fetchone() or ()
    return tuple(
        Disorder(earlier, later, *(int(count) for count in row[3 * number : 3 * number + 3]))
        for number, (earlier, later) in enumerate(pairs)
        if row[3 * number + 1]
    )


def constant_within(
    connection: duckdb.DuckDBPyConnection, source: SourceTable, key: str, columns: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the columns that have one value for each value of `key`: facts of the thing that the key names."""
    if not columns:
        return ()
    grouped = ", ".join(f"bool_and(low{n} is not distinct from high{n}) as c{n}" for n in range(len(columns)))
    bounds = ", ".join(
        f"min({identifier(column)}) as low{n}, max({identifier(column)}) as high{n}" for n, column in enumerate(columns)
    )
    quoted = identifier(key)
    row = (
        connection.execute(
            f"select {grouped} from (select {bounds} from {source.name} where {quoted} is not null group by {quoted})"
        ).fetchone()
        or ()
    )
    return tuple(column for column, is_constant in zip(columns, row, strict=True) if is_constant)
