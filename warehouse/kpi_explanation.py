"""Why a KPI is what it is: definition and rulings, what it is made of, how far that reaches, why figures are null."""

from typing import Any

from warehouse.kpi_question import KpiQuestion, catalogue, check_question
from warehouse.kpis import answer
from warehouse.reading import BuildReader
from warehouse.scope import Scope

#: Where the rulings are explained.
DECISIONS = "docs/kpi_decisions.md"

#: Why a figure is null, in a sentence.
NULL_REASONS = {
    "not_in_source": "no source delivers what it needs, or those that do cannot know it for these cases",
    "no_cases": "there is nothing to count",
    "immature": "every case is too young to be judged",
    "no_policy": "no target time is agreed for these cases",
    "no_calendar": "the working calendar does not reach these cases",
    "not_in_slice": "it means nothing in this breakdown",
    "not_in_period": "it exists for longer periods only",
}


def explain(reader: BuildReader, question: KpiQuestion, scope: Scope) -> list[dict[str, Any]]:
    """Return one explanation per asked KPI; none of no KPI.

    Keys: the columns of kpi.dim_kpis; `decisions`, where its rulings stand; `inputs`, a line per contract and source
    with rows and horizon; `figures`, how many the question has and how many are null; `null_reasons`, one per reason.
    Raises QueryError like `answer`.
    """
    check_question(question, catalogue(reader))
    return [_explain(reader, question, scope, kpi_key) for kpi_key in question.kpis]


def _explain(reader: BuildReader, question: KpiQuestion, scope: Scope, kpi_key: str) -> dict[str, Any]:
    described = reader.rows("select * from kpi.dim_kpis where kpi_key = ?", [kpi_key])[0]
    asked = KpiQuestion(
        (kpi_key,),
        question.slice_name,
        question.period_kind,
        question.period_from,
        question.period_to,
        question.filters,
    )
    figures = answer(reader, asked, scope)
    nulls = figures[figures["value"].isna()]
    return described | {
        "decisions": f"{DECISIONS}: {described['rulings']}",
        "inputs": _inputs(reader, str(described["contract"]).split()),
        "figures": {"of": f"{question.slice_name} by {question.period_kind}", "all": len(figures), "null": len(nulls)},
        "null_reasons": [
            {
                "reason": reason,
                "means": NULL_REASONS.get(str(reason), ""),
                "figures": len(found),
                "first": str(found["period_start"].min())[:10],
                "last": str(found["period_start"].max())[:10],
            }
            for reason, found in nulls.groupby("null_reason", sort=True)
        ],
    }


def _inputs(reader: BuildReader, contracts: list[str]) -> list[dict[str, Any]]:
    """Return what each contract was delivered by; a contract that nobody delivered says so."""
    rows = reader.rows(
        """
        select contract, source_system as source, rows_loaded as rows, horizon_date as complete_to
        from core.dim_sources where contract in (select unnest($contracts)) order by all
        """,
        {"contracts": contracts},
    )
    delivered = {row["contract"] for row in rows}
    return rows + [{"contract": name, "source": "not delivered"} for name in contracts if name not in delivered]
