"""How one system's files become contract rows: the model of `sources/<system>.yml`."""

import hashlib
import json
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from landing.column_form import ColumnForm, Texts, check_zone
from landing.expressions import Expression, check_expression
from warehouse.contract import Contract, get_contract, load_contracts

Delivery = Literal["snapshot", "delta", "log"]
FileKind = Literal["csv", "json", "parquet", "workbook"]

#: System name of contract-format files that lie at the top of the landing folder.
CONTRACT_SYSTEM = "contract"
FILE_SUFFIXES: dict[str, FileKind] = {".csv": "csv", ".csv.gz": "csv", ".txt": "csv", ".txt.gz": "csv", ".tsv": "csv",
                                  ".tsv.gz": "csv", ".xlsx": "workbook", ".xlsm": "workbook",
                                  ".xls": "workbook", ".xlsb": "workbook", ".ods": "workbook",
                                  ".parquet": "parquet", ".json": "json", ".json.gz": "json", ".jsonl": "json",
                                  ".jsonl.gz": "json", ".ndjson": "json", ".ndjson.gz": "json"}  # fmt: skip
#: Options that came later: where they say nothing, mappings keep the fingerprint that they had before.
_LATER_OPTIONS = {"records": [], "header_rows": 1}
_ENCODINGS = ("utf-8", "gb18030", "gbk", "big5", "shift-jis", "cp932", "euc-jp", "euc-kr", "latin-1", "cp1252",
              "utf-16", "utf-16-le", "utf-16-be")  # fmt: skip


def file_kind(name: str) -> FileKind | None:
    """Return how a file is read, judged by its name; None when nothing reads it."""
    lower = name.lower()
    return next((kind for suffix, kind in FILE_SUFFIXES.items() if lower.endswith(suffix)), None)


class ReadOptions(BaseModel):
    """How the bytes of a file are read; entries with equal options share one reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    encoding: str = "utf-8"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    quote: str = Field(default='"', max_length=1)
    null_values: Texts = ()
    skip: int = Field(default=0, ge=0)
    sheet: str | None = None
    header_row: int = Field(default=1, ge=1)
    #: Workbooks: how many rows the header has from `header_row` on.
    header_rows: int = Field(default=1, ge=1, le=9)
    #: JSON: the keys that lead to the records; each list on the way becomes rows.
    records: Texts = ()

    @field_validator("encoding")
    @classmethod
    def _encoding_is_supported(cls, encoding: str) -> str:
        name = encoding.lower().replace("_", "-")
        name = {
            "utf8": "utf-8",
            "utf-8-sig": "utf-8",
            "gb2312": "gb18030",
            "iso-8859-1": "latin-1",
            "sjis": "shift-jis",
            "utf-16le": "utf-16-le",
            "utf-16be": "utf-16-be",
        }.get(name, name)
        if name not in _ENCODINGS:
            raise ValueError(f"{encoding!r} is no supported encoding; supported are {', '.join(_ENCODINGS)}")
        return name

    @field_validator("delimiter", mode="before")
    @classmethod
    def _named_tab(cls, delimiter: object) -> object:
        return "\t" if delimiter in ("tab", "\\t") else delimiter


class FileSource(ReadOptions):
    """Which files an entry reads, and how."""

    files: Texts = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _is_a_file_source(cls, data: Any) -> Any:
        if isinstance(data, dict):
            for key in ("database", "query", "table"):
                if key in data:
                    raise ValueError(f"reading from {key} is not supported yet; use files")
        return data

    @property
    def options(self) -> ReadOptions:
        return ReadOptions(**{name: getattr(self, name) for name in ReadOptions.model_fields})


class OneRowPer(BaseModel):
    """Several source rows become one: `from` reads the kept row, `expr` sees the group."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Texts = Field(min_length=1)
    keep: Literal["first", "last"] = "last"
    order_by: str | None = None

    @cached_property
    def order(self) -> Expression | None:
        """The order of a group's rows; None is file order."""
        return check_expression(self.order_by) if self.order_by else None

    @model_validator(mode="after")
    def _order_is_valid(self) -> Self:
        try:
            _ = self.order
        except ValueError as error:
            raise ValueError(f"order_by {error}") from error
        return self


class Entry(BaseModel):
    """One contract fed from one kind of file."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    contract: str
    source: FileSource = Field(alias="from")
    delivery: Delivery = "delta"
    #: Columns that the entry adds to those of its source, for `where`, `one_row_per` and `columns`; a later one may
    #: read an earlier one.
    computed: dict[str, str] = Field(default_factory=dict)
    one_row_per: OneRowPer | None = None
    where: str | None = None
    columns: dict[str, ColumnForm] = Field(min_length=1)
    #: True for contract-format files: the file decides which columns there are.
    by_name: bool = Field(default=False, exclude=True)

    @field_validator("contract")
    @classmethod
    def _contract_is_known(cls, name: str) -> str:
        if name not in load_contracts():
            raise ValueError(f"unknown contract {name!r}; known are {', '.join(load_contracts())}")
        return name

    @field_validator("columns", mode="before")
    @classmethod
    def _bare_names(cls, columns: Any, info: ValidationInfo) -> Any:
        if not isinstance(columns, dict):
            return columns
        known = _contract_columns(info.data.get("contract"))
        forms: dict[str, Any] = {}
        for name, form in columns.items():
            if known and name not in known:
                raise ValueError(f"the contract has no column {name!r}; it has {', '.join(known)}")
            if not isinstance(form, str | dict | ColumnForm):
                raise ValueError(f"column {name}: {form!r} is no column name; write it in quotes")
            forms[name] = {"from": form} if isinstance(form, str) else form
        return forms

    @model_validator(mode="after")
    def _fits_the_contract(self) -> Self:
        contract = self.target
        for name, form in self.columns.items():
            try:
                form.check_for(contract.column(name))
            except ValueError as error:
                raise ValueError(f"column {name}: {error}") from error
        missing = [name for name in contract.required_columns if name not in self.columns]
        if missing:
            raise ValueError(f"required column {missing[0]} is not mapped")
        for name, sql in self.computed.items():
            try:
                check_expression(sql)
            except ValueError as error:
                raise ValueError(f"computed {name} {error}") from error
        try:
            _ = self.condition
        except ValueError as error:
            raise ValueError(f"where {error}") from error
        return self

    @property
    def target(self) -> Contract:
        return get_contract(self.contract)

    @cached_property
    def condition(self) -> Expression | None:
        return check_expression(self.where) if self.where else None

    @cached_property
    def computations(self) -> tuple[tuple[str, Expression], ...]:
        """The computed columns in their order."""
        return tuple((name, check_expression(sql)) for name, sql in self.computed.items())

    @property
    def source_columns(self) -> frozenset[str]:
        """Every source column that the entry reads, `_row_number` excepted."""
        own = {name.lower() for name in self.computed}
        return frozenset(column for column in self.read_columns if column.lower() not in own)

    @property
    def read_columns(self) -> frozenset[str]:
        """Every column that the entry reads, computed ones among them, `_row_number` excepted."""
        used = set().union(*(form.source_columns for form in self.columns.values()))
        used |= self.condition.columns if self.condition else set()
        if self.one_row_per:
            used |= set(self.one_row_per.key)
            used |= self.one_row_per.order.columns if self.one_row_per.order else set()
        used |= set().union(*(expression.columns for _, expression in self.computations))
        return frozenset(used - {"_row_number"})


def _contract_columns(name: str | None) -> tuple[str, ...]:
    return load_contracts()[name].column_names if name in load_contracts() else ()


class Mapping(BaseModel):
    """One system: its name, its zone, its entries."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    system: str = Field(pattern=r"[A-Za-z0-9][A-Za-z0-9_.-]*")
    time_zone: str
    id_prefix: str = ""
    extracted_at: datetime | None = None
    tables: tuple[Entry, ...] = Field(min_length=1)
    #: File name of the mapping, as messages and the manifest show it.
    name: str = Field(default=CONTRACT_SYSTEM, exclude=True)

    @field_validator("time_zone")
    @classmethod
    def _zone_is_known(cls, zone: str) -> str:
        return check_zone(zone)

    def fingerprint(self, entries: tuple[int, ...]) -> str:
        """Return 16 hex digits over everything that decides which rows these entries make of the same bytes."""
        content = {
            "system": self.system,
            "time_zone": self.time_zone,
            "id_prefix": self.id_prefix,
            "extracted_at": self.extracted_at.isoformat() if self.extracted_at else None,
            "tables": [_meaning_of(self.tables[number]) for number in entries],
        }
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def extracted_at_utc(self) -> datetime | None:
        """The declared time of extraction as naive UTC; without zone it is local time of the mapping's zone."""
        if self.extracted_at is None:
            return None
        declared = self.extracted_at
        aware = declared if declared.tzinfo else declared.replace(tzinfo=ZoneInfo(self.time_zone))
        return aware.astimezone(UTC).replace(tzinfo=None)


def _meaning_of(entry: Entry) -> dict[str, Any]:
    """The parts of an entry and its contract that decide about rows; prose and file patterns do not."""
    document = entry.model_dump(mode="json", by_alias=True, exclude_unset=True)
    options = entry.source.options.model_dump(mode="json")
    document["from"] = {key: value for key, value in options.items() if _LATER_OPTIONS.get(key, ...) != value}
    document["delivery"] = entry.delivery
    prose = {"meaning", "unit", "plan"}
    document["contract"] = {
        "name": entry.contract,
        "key": entry.target.key,
        "columns": [column.model_dump(mode="json", exclude=prose) for column in entry.target.columns],
    }
    return document
