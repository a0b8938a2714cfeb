"""SQL that turns the text of a cell into the value of a contract column, or into null when it is not one."""

from dataclasses import dataclass

from landing.column_form import SERIAL_FORMATS, ColumnForm, NumberFormat
from landing.quoting import literal, text_list
from warehouse.contract import ContractColumn

_ISO_TIME = r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?"
_ISO_ZONE = r"(?:Z|z|[+-]\d{2}(?::?\d{2})?)"
_PLAIN_NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"
#: `%z` understands +08:00 and +0800; the cast understands neither without seconds.
_ISO_FORMATS = tuple(f"%Y-%m-%d{gap}{clock}%z" for gap in ("T", " ") for clock in ("%H:%M:%S.%f", "%H:%M:%S", "%H:%M"))
_EARLIEST = "timestamp '1900-01-01'"


@dataclass(frozen=True)
class Cell:
    """SQL expressions of one source cell: its text and, of a typed source or an `expr`, its typed value.

    `instant` is a local time without zone, `zoned` an instant that carries its own.
    """

    text: str
    instant: str | None = None
    date: str | None = None
    number: str | None = None
    zoned: str | None = None


@dataclass(frozen=True)
class ValueSql:
    """How a contract column is computed.

    `value` is SQL over the source row, null when the text is no such value. `checked_text` is null where null is
    right, so that (value null and checked_text not null) means a bad cell; None when nothing can go wrong.
    `out_of_range` is SQL over `{value}` for values that the contract forbids.
    """

    value: str
    checked_text: str | None
    code: str
    expected: str
    out_of_range: str | None = None
    range_code: str = "out_of_range"
    range_expected: str = ""


def local_to_utc(timestamp: str, zone: str) -> str:
    """Return SQL for a local time of a zone as UTC without zone."""
    return timestamp if zone == "UTC" else f"timezone('UTC', timezone({literal(zone)}, {timestamp}))"


def value_sql(column: ContractColumn, form: ColumnForm, cell: Cell, zone: str, id_prefix: str) -> ValueSql:
    """Return the SQL of one contract column; `zone` is that of local times without their own."""
    if form.has_const:
        return _const(column, form, zone)
    if form.values is not None:
        return _translated(column, form, cell)
    if column.type in ("instant", "date"):
        return _moment(column, form, cell, zone)
    if column.type in ("integer", "number", "money"):
        return _number(column, form, cell)
    if column.type == "boolean":
        value = f"case lower({cell.text}) when 'true' then true when 'false' then false end"
        return ValueSql(value, cell.text, "bad_boolean", "true or false")
    if column.type == "code":
        value = f"case when {cell.text} in ({text_list(column.values)}) then {cell.text} end"
        return ValueSql(value, cell.text, "not_in_values", f"one of {', '.join(column.values)}")
    value = f"{literal(id_prefix)} || {cell.text}" if id_prefix and column.type == "id" else cell.text
    if not column.pattern:
        return ValueSql(value, None, "", "")
    rule = f"not regexp_full_match({{value}}, {literal(column.pattern)})"
    return ValueSql(value, cell.text, "", "", rule, "bad_pattern", f"text like {column.pattern}")


def _const(column: ContractColumn, form: ColumnForm, zone: str) -> ValueSql:
    value = f"cast({literal(form.const)} as {column.sql_type})"
    if column.type == "instant" and form.const is not None:
        value = _iso_instant(literal(str(form.const)), form.zone or zone)
    return ValueSql(value, None, "", "")


def _translated(column: ContractColumn, form: ColumnForm, cell: Cell) -> ValueSql:
    """An empty cell is translated only by a value for "" or by `otherwise`."""
    values = form.values or {}
    text = f"coalesce({cell.text}, '')" if form.has_otherwise or "" in values else cell.text
    branches = " ".join(f"when {literal(key)} then {literal(target)}" for key, target in values.items())
    otherwise = literal(form.otherwise if form.has_otherwise else None)
    chosen = f"case {text} {branches} else {otherwise} end" if branches else otherwise
    value = f"cast({chosen} as {column.sql_type})"
    if form.has_otherwise:
        return ValueSql(value, None, "", "")
    known = text_list(tuple(values))
    checked = f"case when {cell.text} not in ({known}) then {cell.text} end"
    return ValueSql(value, checked, "not_in_values", "a value that the mapping knows")


def _moment(column: ContractColumn, form: ColumnForm, cell: Cell, zone: str) -> ValueSql:
    if column.type == "date":
        return _date(form, cell, zone)
    zone = form.zone or zone
    if form.format:
        parsed = _written_as(form.format, cell.text)
        if form.is_zoned:
            parsed = f"cast({parsed} as timestamp)"
        elif form.time_of_day:
            parsed = f"cast({parsed} as date) + time {literal(form.time_of_day + ':00')}"
        value = parsed if form.is_zoned else local_to_utc(parsed, zone)
        expected = f"a time written as {' or '.join(form.format)}"
    else:
        value = _iso_instant(cell.text, zone)
        expected = "a date with time of day, written as 2025-10-31T08:30:00+08:00"
    if cell.instant:
        value = f"coalesce({local_to_utc(cell.instant, zone)}, {value})"
    if cell.zoned:
        value = f"coalesce(timezone('UTC', {cell.zoned}), {value})"
    if cell.date and form.time_of_day:
        assumed = f"({cell.date} + time {literal(form.time_of_day + ':00')})"
        value = f"coalesce({local_to_utc(assumed, zone)}, {value})"
    return ValueSql(value, cell.text, "bad_instant", expected, f"{{value}} < {_EARLIEST}", "bad_instant", expected)


def _written_as(formats: tuple[str, ...], text: str) -> str:
    """SQL for a text in one of the formats as timestamp; serial days are rounded to seconds, which they cannot hold."""
    patterns = tuple(pattern for pattern in formats if pattern not in SERIAL_FORMATS)
    ways = [f"try_strptime({text}, [{text_list(patterns)}])"] if patterns else []
    for name in formats:
        if name in SERIAL_FORMATS:
            # Excel's calendar has a 29 February 1900: its days are right from day 61 on
            first = 61 if name == "excel" else 0
            seconds = f"to_seconds(cast(round(cast({text} as double) * 86400) as bigint))"
            ways.append(
                f"case when regexp_full_match({text}, '[0-9]{{1,6}}([.][0-9]+)?')"
                f" and try_cast({text} as double) >= {first} then timestamp '{SERIAL_FORMATS[name]}' + {seconds} end"
            )
    return ways[0] if len(ways) == 1 else f"coalesce({', '.join(ways)})"


def _iso_instant(text: str, zone: str) -> str:
    # Only this cast looks at an offset, and it needs seconds before it.
    offset = f"regexp_replace({text}, '[Zz]$', '+00:00')"
    zoned = f"coalesce(try_cast({text} as timestamptz), try_strptime({offset}, [{text_list(_ISO_FORMATS)}]))"
    local = local_to_utc(f"try_cast({text} as timestamp)", zone)
    return (
        f"case when regexp_full_match({text}, '{_ISO_TIME}{_ISO_ZONE}') then cast({zoned} as timestamp)"
        f" when regexp_full_match({text}, '{_ISO_TIME}') then {local} end"
    )


def _date(form: ColumnForm, cell: Cell, zone: str) -> ValueSql:
    if form.format:
        value = f"cast({_written_as(form.format, cell.text)} as date)"
        expected = f"a date written as {' or '.join(form.format)}"
    else:
        value = f"case when length({cell.text}) = 10 then cast(try_strptime({cell.text}, '%Y-%m-%d') as date) end"
        expected = "a date written as 2025-10-31"
    local = f"timezone({literal(zone)}, {cell.zoned})" if cell.zoned else None
    for typed in (cell.date, cell.instant, local):
        value = f"coalesce(cast({typed} as date), {value})" if typed else value
    return ValueSql(value, cell.text, "bad_date", expected, "{value} < date '1900-01-01'", "bad_date", expected)


def _number(column: ContractColumn, form: ColumnForm, cell: Cell) -> ValueSql:
    plain = _plain_digits(cell.text, form.number) if form.number else cell.text
    expected = f"a number written with decimal {form.number.decimal!r}" if form.number else "a plain number"
    value = f"case when regexp_full_match({plain}, '{_PLAIN_NUMBER}') then try_cast({plain} as double) end"
    if column.type == "money":
        value = f"case when regexp_full_match({plain}, '{_PLAIN_NUMBER}') then try_cast({plain} as decimal(18, 4)) end"
    if cell.number:
        value = (
            f"coalesce(try_cast({cell.number} as {column.sql_type if column.type == 'money' else 'double'}), {value})"
        )
    if column.type == "integer" and not form.scale:
        expected = expected.replace("number", "whole number")
        digits = f"try_cast(regexp_replace({plain}, '\\.0*$', '') as bigint)"
        value = f"case when regexp_full_match({plain}, '[+-]?\\d+(\\.0*)?') then {digits} end"
    low, high = column.min, column.max
    if form.scale:
        low, high = sorted(form.scale)
        start, end = form.scale
        raw = f"({value})"
        scaled = f"({raw} - {start}) / ({end} - {start}) * 100"
        value = f"case when {raw} between {low} and {high} then cast({scaled} as {column.sql_type}) end"
        return ValueSql(value, cell.text, "out_of_range", f"{expected} from {low:g} to {high:g}")
    limits = [("<", "at least", low), (">", "at most", high)]
    rules = " or ".join(f"{{value}} {operator} {limit!r}" for operator, _, limit in limits if limit is not None)
    bounds = " and ".join(f"{words} {limit:g}" for _, words, limit in limits if limit is not None)
    return ValueSql(value, cell.text, "bad_number", expected, rules or None, "out_of_range", bounds)


def _plain_digits(text: str, written: NumberFormat) -> str:
    """SQL for the text with a decimal point and no thousands separators; null when it is not written as declared."""
    decimal = f"[{written.decimal}]" if written.decimal != "^" else "\\^"
    grouped = f"|\\d{{1,3}}([{written.thousands}]\\d{{3}})+" if written.thousands else ""
    shape = literal(f"[+-]?(\\d+{grouped})({decimal}\\d*)?")
    bare = f"replace({text}, {literal(written.thousands)}, '')" if written.thousands else text
    return f"case when regexp_full_match({text}, {shape}) then replace({bare}, {literal(written.decimal)}, '.') end"
