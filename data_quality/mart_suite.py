"""The generic checks of a table in the registry."""

from data_quality.build_tables import BuildTables
from data_quality.check import BATCH, Check, no_rows_from, no_rows_where, not_null, quoted, row_count, unique
from data_quality.marts import Mart
from data_quality.rule import rule
from warehouse.run_context import RunContext


def mart_checks(mart: Mart, tables: BuildTables, context: RunContext) -> list[Check]:
    """Return the checks that a registry entry stands for; what the build lacks is told by the build suite."""
    checks: list[Check] = []
    if _expects_rows(mart, tables):
        checks.append(row_count(rule("build_row_count"), mart.table, 1))
    present = set(tables.columns.get(mart.table, {}))
    checks += [not_null(rule("key_has_value"), mart.table, name) for name in mart.grain if name in present]
    if mart.grain and present.issuperset(mart.grain):
        checks.append(unique(rule("grain_is_unique"), mart.table, mart.grain))
    floating = tables.floating_columns(mart.table)
    if floating:
        checks.append(_finite(mart.table, floating))
    for name in mart.instants:
        if name in present:
            predicate = f"{quoted(name)} > timestamp '{context.as_of}'"
            checks.append(no_rows_where(rule("nothing_after_as_of"), mart.table, predicate, name))
    if mart.has_extract and "extract_id" in present:
        checks.append(_has_extract(mart.table))
    return checks


def needs_of(mart: Mart) -> dict[str, tuple[str, ...]]:
    """Return what the generic checks of a table rely on."""
    extract = ("extract_id",) if mart.has_extract else ()
    return {mart.table: (*mart.grain, *mart.instants[:1], *extract)}


def _expects_rows(mart: Mart, tables: BuildTables) -> bool:
    is_delivered = bool(mart.inputs) and tables.delivered.issuperset(mart.inputs)
    return mart.is_never_empty or (is_delivered and mart.table not in tables.may_be_empty)


def _finite(table: str, columns: list[str]) -> Check:
    wrong = " or ".join(f"not isfinite({quoted(name)})" for name in columns)
    named = ", ".join(f"case when not isfinite({quoted(name)}) then '{name}' end" for name in columns)
    sql = f"select concat_ws(', ', {named}) as detail from {BATCH} where {wrong}"  # noqa: S608
    return no_rows_from(rule("numbers_are_finite"), table, sql)


def _has_extract(table: str) -> Check:
    known = "select extract_id from core.dim_extract_entries"
    return no_rows_where(
        rule("rows_have_their_extract"),
        table,
        f"extract_id is null or extract_id not in ({known})",
        "extract_id",
        needs={"core.dim_extract_entries": ("extract_id",)},
    )
