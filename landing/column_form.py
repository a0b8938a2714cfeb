"""How one contract column is filled from a source: the right-hand side of `columns:` in a mapping."""

import datetime as dt
import re
from functools import cached_property
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from landing.expressions import Expression, check_expression, check_format
from warehouse.contract import ContractColumn

Scalar = bool | int | float | str | None

_NUMERIC = ("integer", "number", "money")
#: Formats that are no strptime patterns: days since the epoch of a workbook, as exports to text leave them.
SERIAL_FORMATS = {"excel": "1899-12-30", "excel1904": "1904-01-01"}
_TIME_DIRECTIVE = re.compile(r"%-?[HIcTXs]")
_ZONE_DIRECTIVE = re.compile(r"%[zZ]")


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


#: A text or a list of texts in YAML, a tuple in Python.
Texts = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]


class NumberFormat(BaseModel):
    """Decimal and thousands separators of numbers written as text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    decimal: str = Field(default=".", min_length=1, max_length=1)
    thousands: str = Field(default="", max_length=1)


class ColumnForm(BaseModel):
    """Where a value comes from (`from`, `expr` or `const`) and how its text is read (the rest)."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    from_: str | None = Field(default=None, alias="from")
    expr: str | None = None
    const: Scalar = None
    format: Texts = ()
    time_of_day: str | None = Field(default=None, pattern=r"([01]\d|2[0-3]):[0-5]\d")
    zone: str | None = None
    values: dict[str, Scalar] | None = None
    otherwise: Scalar = None
    number: NumberFormat | None = None
    scale: tuple[float, float] | None = None

    @field_validator("values", mode="before")
    @classmethod
    def _keys_are_text(cls, values: Any) -> Any:
        for key in values if isinstance(values, dict) else ():
            if not isinstance(key, str):
                raise ValueError(
                    f"values has the key {key!r}, which YAML did not read as text; write it in quotes, "
                    'such as "Yes" or "1"'
                )
        return values

    @field_validator("zone")
    @classmethod
    def _zone_is_known(cls, zone: str | None) -> str | None:
        return check_zone(zone) if zone else None

    @model_validator(mode="after")
    def _is_one_form(self) -> Self:
        origins = [name for name in ("from_", "expr", "const") if name in self.model_fields_set]
        if len(origins) != 1:
            raise ValueError("needs exactly one of from, expr and const")
        transforms = [name for name in ("format", "values", "number", "scale") if getattr(self, name)]
        if transforms not in ([], ["number", "scale"]) and len(transforms) > 1:
            raise ValueError(f"cannot combine {' and '.join(transforms)}")
        if self.has_const and (transforms or self.has_otherwise):
            raise ValueError("const is taken as it stands and cannot be combined")
        if self.has_otherwise and self.values is None:
            raise ValueError("otherwise needs values")
        if self.scale and self.scale[0] == self.scale[1]:
            raise ValueError("scale needs two different ends, such as [1, 5]")
        for pattern in self.format:
            if pattern not in SERIAL_FORMATS:
                check_format(pattern)
        if len({bool(_ZONE_DIRECTIVE.search(pattern)) for pattern in self.format}) > 1:
            raise ValueError("either all formats carry a zone (%z) or none does")
        if self.expr:
            _ = self.expression
        return self

    @property
    def has_const(self) -> bool:
        return "const" in self.model_fields_set

    @property
    def has_otherwise(self) -> bool:
        return "otherwise" in self.model_fields_set

    @property
    def is_zoned(self) -> bool:
        """True when the declared formats carry their own zone."""
        return any(_ZONE_DIRECTIVE.search(pattern) for pattern in self.format)

    @cached_property
    def expression(self) -> Expression | None:
        return check_expression(self.expr) if self.expr else None

    @property
    def source_columns(self) -> frozenset[str]:
        """Columns of the source that this form reads."""
        if self.expression:
            return self.expression.columns
        return frozenset({self.from_} if self.from_ else ())

    @property
    def targets(self) -> tuple[Scalar, ...]:
        """Values that this form can produce, as far as the mapping itself says so."""
        if self.has_const:
            return (self.const,)
        return (*(self.values or {}).values(), *((self.otherwise,) if self.has_otherwise else ()))

    def check_for(self, column: ContractColumn) -> None:
        """Raise ValueError when the form cannot fill this contract column."""
        for used, types in (("format", ("instant", "date")), ("zone", ("instant",)), ("time_of_day", ("instant",)),
                            ("number", _NUMERIC), ("scale", _NUMERIC)):  # fmt: skip
            if getattr(self, used) and column.type not in types:
                raise ValueError(f"{used} is for columns of type {' or '.join(types)}; this one is {column.type}")
        for pattern in self.format if column.type == "instant" else ():
            if not (self.time_of_day or pattern in SERIAL_FORMATS or _TIME_DIRECTIVE.search(pattern)):
                raise ValueError(
                    f"format {pattern!r} has no time of day and the column is an instant; "
                    'add time_of_day: "HH:MM" if one may be assumed'
                )
        for target in self.targets:
            check_target(target, column)


def check_zone(zone: str) -> str:
    """Return the zone; raises ValueError when it is no IANA time zone."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError) as error:
        raise ValueError(f"{zone!r} is no IANA time zone, such as Asia/Shanghai or UTC") from error
    return zone


def check_target(target: Scalar, column: ContractColumn) -> None:
    """Raise ValueError when a value written in a mapping is none that the contract column can hold."""
    if target is None:
        return
    if column.type == "code" and target not in column.values:
        raise ValueError(f"{target!r} is no value of the column; allowed are {', '.join(column.values)}")
    if column.type == "boolean" and not isinstance(target, bool):
        raise ValueError(f"{target!r} is neither true nor false")
    if column.type in _NUMERIC and (isinstance(target, bool) or not isinstance(target, int | float)):
        raise ValueError(f"{target!r} is no number")
    if column.type in ("id", "text") and not isinstance(target, str):
        raise ValueError(f"{target!r} is not text; write it in quotes")
    if column.type in ("instant", "date"):
        _check_time(str(target), column)


def _check_time(text: str, column: ContractColumn) -> None:
    try:
        if column.type == "date":
            dt.date.fromisoformat(text)
        elif len(text) < 16 or dt.datetime.fromisoformat(text) is None:
            raise ValueError(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no ISO-8601 {column.type}") from error
