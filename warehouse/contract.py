"""Source contracts: the tables that extracts land in, read from `warehouse/contracts/*.yml` and validated."""

from functools import cache
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from warehouse.errors import ContractError

CONTRACT_DIR = Path(__file__).parent / "contracts"

ColumnType = Literal["id", "text", "code", "instant", "date", "integer", "number", "money", "boolean"]
PiiClass = Literal["none", "customer", "employee", "direct", "free_text"]

#: How each contract type is stored. Instants are UTC without a zone, so no session setting can move them.
SQL_TYPES: dict[str, str] = {
    "id": "varchar",
    "text": "varchar",
    "code": "varchar",
    "instant": "timestamp",
    "date": "date",
    "integer": "bigint",
    "number": "double",
    "money": "decimal(18, 4)",
    "boolean": "boolean",
}

#: Every landed row carries these, after its own columns (contracts.md, "Source contracts").
LINEAGE_COLUMNS: dict[str, str] = {
    "_source_system": "varchar",
    "_extract_id": "varchar",
    "_extract_file": "varchar",
    "_row_number": "bigint",
    "_extracted_at": "timestamp",
    "_loaded_at": "timestamp",
}


class ContractColumn(BaseModel):
    """One column of a contract.

    `pii` says how the value is kept: `customer` and `employee` ids are replaced by keyed pseudonyms when they
    land; `direct` and `free_text` never reach the published file. `plan` marks instants that lie ahead by
    intention (due dates, appointments) and therefore say nothing about how far the data reaches.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    type: ColumnType
    meaning: str
    required: bool = False
    values: tuple[str, ...] = ()
    unit: str | None = None
    min: float | None = None
    max: float | None = None
    pattern: str | None = None
    pii: PiiClass = "none"
    plan: bool = False

    @model_validator(mode="after")
    def _codes_have_values(self) -> Self:
        if (self.type == "code") != bool(self.values):
            raise ValueError(f"column {self.name}: exactly the columns of type code list their values")
        return self

    @property
    def sql_type(self) -> str:
        return SQL_TYPES[self.type]

    @property
    def is_pseudonym(self) -> bool:
        """True when landing replaces the id by a keyed pseudonym."""
        return self.pii in ("customer", "employee")

    @property
    def is_private(self) -> bool:
        """True when the value may only be seen through the private file."""
        return self.pii in ("direct", "free_text")


class Contract(BaseModel):
    """One table of the specification: what a row means, its key, its columns."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    table: str
    description: str
    grain: str
    key: tuple[str, ...] = Field(min_length=1)
    version_column: str | None = None
    columns: tuple[ContractColumn, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _key_and_version_are_columns(self) -> Self:
        known = {column.name for column in self.columns}
        for name in (*self.key, *([self.version_column] if self.version_column else [])):
            if name not in known:
                raise ValueError(f"{self.name}: {name} is named as key or version but is no column")
        return self

    @property
    def name(self) -> str:
        """`crm.tickets`"""
        return f"{self.source}.{self.table}"

    @property
    def raw_table(self) -> str:
        """Name of the landing table in schema raw: `crm__tickets`"""
        return f"{self.source}__{self.table}"

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def required_columns(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.required)

    @property
    def business_instants(self) -> tuple[str, ...]:
        """Columns whose newest value says how far the data reaches (ruling A1: plans do not count)."""
        return tuple(c.name for c in self.columns if c.type in ("instant", "date") and not c.plan)

    def column(self, name: str) -> ContractColumn:
        """Return one column; raises ContractError with the known names otherwise."""
        for column in self.columns:
            if column.name == name:
                return column
        known = ", ".join(self.column_names)
        raise ContractError(f"contract {self.name} has no column {name!r}; it has {known}")


def _read(path: Path) -> list[Contract]:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    contracts = []
    for table, body in document["tables"].items():
        columns = tuple(ContractColumn(name=name, **column) for name, column in body.pop("columns").items())
        contracts.append(Contract(source=document["source"], table=table, columns=columns, **body))
    return contracts


@cache
def load_contracts() -> dict[str, Contract]:
    """Return all contracts by name (`crm.tickets`), in the order of the files.

    Raises pydantic.ValidationError when a contract file is wrong: that is a defect of the checkout, not of data.
    """
    return {contract.name: contract for path in sorted(CONTRACT_DIR.glob("*.yml")) for contract in _read(path)}


def get_contract(name: str) -> Contract:
    """Return one contract; raises ContractError naming the known ones."""
    contracts = load_contracts()
    if name not in contracts:
        raise ContractError(f"unknown contract {name!r}; known are {', '.join(contracts)}")
    return contracts[name]
