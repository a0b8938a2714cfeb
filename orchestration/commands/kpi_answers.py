"""`aftercare kpis`."""

import json
import sys
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from orchestration.commands.output import print_json, print_rows
from warehouse.errors import QueryError
from warehouse.kpi_explanation import explain
from warehouse.kpi_question import KpiQuestion
from warehouse.kpis import answer, tickets
from warehouse.reading import reader_of
from warehouse.scope import Scope
from warehouse.settings import load_settings

if TYPE_CHECKING:
    import pandas as pd

_TABLE_COLUMNS = (
    "kpi_key", "period_start", "slice_value", "value", "n", "low", "high", "unit", "target", "matured_share",
    "is_complete", "null_reason",
)  # fmt: skip
#: Columns that are local days, not instants.
_DATES = ("period_start", "local_date")


@dataclass(frozen=True)
class KpiRequest:
    """The options of the command as they were given."""

    kpis: tuple[str, ...]
    slice_name: str
    period_kind: str
    period_from: date | None
    period_to: date | None
    where: str
    tickets: bool
    explain: bool
    build: str | None
    table_format: str


def parse_where(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return filters of `region=R-SH|R-JS,channel=hotline`; raises QueryError for anything else."""
    filters = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, separator, values = part.partition("=")
        if not separator or not values:
            raise QueryError(f"--where takes name=value pairs such as region=R-SH,channel=hotline, not {part!r}")
        filters.append((name.strip(), tuple(value.strip() for value in values.split("|"))))
    return tuple(filters)


def run_kpis(request: KpiRequest) -> None:
    """Print figures, tickets or explanations of a build."""
    reader = reader_of(load_settings(), request.build)
    question = KpiQuestion(
        request.kpis,
        request.slice_name,
        request.period_kind,
        request.period_from,
        request.period_to,
        parse_where(request.where),
    )
    if request.explain:
        _print_explanations(explain(reader, question, Scope.everything()), request.table_format)
        return
    ask = tickets if request.tickets else answer
    frame = ask(reader, question, Scope.everything())
    columns = list(frame.columns) if request.tickets or request.table_format != "table" else list(_TABLE_COLUMNS)
    _print_frame(frame, columns, request.table_format)


def _print_frame(frame: "pd.DataFrame", columns: list[str], table_format: str) -> None:
    if table_format == "csv":
        dates = {name: frame[name].dt.strftime("%Y-%m-%d") for name in _DATES if name in columns}
        frame[columns].assign(**dates).to_csv(sys.stdout, index=False, date_format="%Y-%m-%dT%H:%M:%S")
        return
    rows: list[dict[str, Any]] = [_row(record) for record in frame[columns].to_dict("records")]
    if table_format == "json":
        print_json(rows)
    else:
        print_rows(rows, columns)


def _row(record: dict[Any, Any]) -> dict[str, Any]:
    """Turn a frame's record into plain values: absent as None, period starts as dates."""
    row: dict[str, Any] = {}
    for name, value in record.items():
        is_absent = value is None or value != value
        plain = None if is_absent else getattr(value, "item", lambda value=value: value)()
        if not is_absent and hasattr(value, "to_pydatetime"):
            plain = value.to_pydatetime()
            plain = plain.date() if name in _DATES else plain
        row[str(name)] = plain
    return row


def _print_explanations(explanations: list[dict[str, Any]], table_format: str) -> None:
    if not explanations:
        raise QueryError("--explain needs a KPI: --kpi first_response_minutes")
    if table_format == "json":
        print_json(explanations)
        return
    for explanation in explanations:
        for name, value in explanation.items():
            for line in value if isinstance(value, list) else [value]:
                if line is not None:
                    sys.stdout.write(f"{name:>16}  {_line(line)}\n")
        sys.stdout.write("\n")


def _line(value: Any) -> str:
    """Return a value on one line; the parts of a mapping one after the other."""
    if isinstance(value, dict):
        return " · ".join(f"{name} {part}" for name, part in value.items() if part is not None)
    return value if isinstance(value, str) else json.dumps(value, default=str)
