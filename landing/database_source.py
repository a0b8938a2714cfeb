"""Which rows of a database an entry reads: `from: {database: …, table: …}` or `query: …` in a mapping."""

import hashlib
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from landing.column_form import Texts

if TYPE_CHECKING:
    from landing.mapping_model import ReadOptions

_OVERLAP = re.compile(r"(\d+)\s*(s|min|h|d)")
_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
_TABLE = re.compile(r"[^\s;'\"`\\]+")
_NOT_IN_A_NAME = re.compile(r"[^\w.-]+")


class DatabaseSource(BaseModel):
    """A table or a query of a database whose address the environment knows; the mapping never does."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    database: str
    table: str | None = None
    query: str | None = None
    key: Texts = ()
    watermark: str | None = None
    overlap: str | int | None = None
    null_values: Texts = ()

    @field_validator("database")
    @classmethod
    def _is_a_name(cls, name: str) -> str:
        if "://" in name or "@" in name:
            # the text may hold a password, so it is not repeated
            raise ValueError(
                "database is a name such as crm, never an address; the address belongs into the environment "
                "variable AFTERCARE_DATABASE_<NAME>"
            )
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or name.endswith(("_password", "_password_file")):
            raise ValueError(f"{name!r} is no name of a database; use lower-case letters, digits and _")
        return name

    @field_validator("table")
    @classmethod
    def _is_a_table_name(cls, table: str | None) -> str | None:
        if table is not None and not _TABLE.fullmatch(table):
            raise ValueError(f"{table!r} is no table name; write schema.table without quotes, or use query")
        return table

    @field_validator("query")
    @classmethod
    def _is_a_select(cls, query: str | None) -> str | None:
        if query is None:
            return None
        text = query.strip().rstrip(";").rstrip()
        if not re.match(r"(?is)(\s|--[^\n]*\n|/\*.*?\*/)*(select|with|\()", text):
            raise ValueError("query must be one select statement")
        return text

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if (self.table is None) == (self.query is None):
            raise ValueError("needs either table or query, and not both")
        if self.overlap is not None and self.watermark is None:
            raise ValueError("overlap belongs to a watermark; name the column that tells when a row changed")
        if isinstance(self.overlap, str) and not _OVERLAP.fullmatch(self.overlap):
            raise ValueError(f"overlap {self.overlap!r} is no duration; write 90s, 15min, 1h or 2d")
        if isinstance(self.overlap, int) and self.overlap < 0:
            raise ValueError("overlap cannot be negative")
        return self

    @property
    def files(self) -> tuple[str, ...]:
        """A name that no file of the landing folder has, one for each reading."""
        return (f"database:{self.reading}",)

    @property
    def options(self) -> "ReadOptions":
        from landing.mapping_model import ReadOptions

        return ReadOptions(null_values=self.null_values)

    @property
    def overlap_time(self) -> timedelta:
        """How far before the last watermark the next extract begins; 15 minutes unless the mapping says otherwise."""
        if not isinstance(self.overlap, str):
            return timedelta(minutes=15)
        found = _OVERLAP.fullmatch(self.overlap)
        assert found  # noqa: S101 - checked when the mapping was read
        return timedelta(seconds=int(found[1]) * _SECONDS[found[2]])

    @property
    def overlap_count(self) -> int:
        """The overlap of a watermark that is a number; a plain number in the mapping, else 0."""
        return self.overlap if isinstance(self.overlap, int) else 0

    @property
    def reading(self) -> str:
        """Name of what is read, the same for every entry that reads the same rows; a folder name, too."""
        meaning = "|".join((self.database, self.table or "", self.query or "", self.watermark or ""))
        digest = hashlib.sha256(meaning.encode()).hexdigest()[:8]
        label = _NOT_IN_A_NAME.sub("_", self.table) if self.table else "query"
        return f"{self.database}/{label}-{digest}"

    @property
    def words(self) -> str:
        return self.table or f"query {self.reading.rsplit('-', 1)[-1]}"


def kind_of_source(data: Any) -> str:
    """Return which of the two forms of `from` is meant."""
    if isinstance(data, DatabaseSource):
        return "database"
    if isinstance(data, dict) and not {"database", "table", "query", "watermark"}.isdisjoint(data):
        return "database"
    return "files"
