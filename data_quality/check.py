"""A check: one rule applied to one table, said twice – as a Great Expectations expectation and as our own SQL.

Both count the same bad rows. Great Expectations cuts its lists, so offenders always come from our SQL, and a
difference between the two counts means that the gate is broken.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from data_quality.rule import Rule, Severity

#: Stands for the rows under test in `bad_rows`; Great Expectations uses the same word.
BATCH = "{batch}"


@dataclass(frozen=True)
class Check:
    """`bad_rows` selects the offending rows of `{batch}`.

    `needs` are the tables and columns that must exist before the check makes sense; `measured` is SQL over `{batch}`
    for the value that people are shown when that is not the number of bad rows. `is_of_table` is true where the rows of
    a table are judged together: then an increment cannot judge those that came by themselves.
    """

    rule: Rule
    table: str
    expectation: str
    bad_rows: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    column: str | None = None
    severity: Severity = "critical"
    predicate: str | None = None
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    detail: str = ""
    measured: str | None = None
    is_of_table: bool = False

    def bad_rows_of(self, source: str) -> str:
        """Return our own SQL for the offending rows of a source (a select statement)."""
        return self.bad_rows.replace(BATCH, f"({source})")


def quoted(name: str) -> str:
    """Return a column name as SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """Return a text as SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def _by_predicate(
    rule: Rule, table: str, column: str, predicate: str, expectation: str, severity: Severity, **arguments: Any
) -> Check:
    return Check(
        rule=rule,
        table=table,
        expectation=expectation,
        bad_rows=f"select * from {BATCH} where {predicate}",  # noqa: S608 - names come from contracts and registry
        arguments={"column": column, **arguments},
        column=column,
        severity=severity,
        predicate=predicate,
    )


def not_null(rule: Rule, table: str, column: str) -> Check:
    """No row without a value in the column."""
    return _by_predicate(
        rule, table, column, f"{quoted(column)} is null", "ExpectColumnValuesToNotBeNull", rule.severity
    )


def in_set(rule: Rule, table: str, column: str, values: Sequence[str]) -> Check:
    """No value outside the set; null passes."""
    predicate = f"{quoted(column)} not in ({', '.join(map(literal, values))})"
    return _by_predicate(
        rule, table, column, predicate, "ExpectColumnValuesToBeInSet", rule.severity, value_set=list(values)
    )


def between(
    rule: Rule,
    table: str,
    column: str,
    lowest: float | None,
    highest: float | None,
    severity: Severity | None = None,
) -> Check:
    """No value below `lowest` or above `highest`; null passes."""
    bounds = [f"{quoted(column)} < {lowest!r}"] if lowest is not None else []
    bounds += [f"{quoted(column)} > {highest!r}"] if highest is not None else []
    return _by_predicate(
        rule,
        table,
        column,
        " or ".join(bounds),
        "ExpectColumnValuesToBeBetween",
        severity or rule.severity,
        min_value=lowest,
        max_value=highest,
    )


def no_rows_where(rule: Rule, table: str, predicate: str, column: str | None = None, **more: Any) -> Check:
    """No row for which a predicate of our own is true: for what Great Expectations cannot say on DuckDB."""
    sql = f"select * from {BATCH} where {predicate}"  # noqa: S608
    return Check(
        rule=rule,
        table=table,
        expectation="UnexpectedRowsExpectation",
        bad_rows=sql,
        column=column,
        severity=rule.severity,
        predicate=predicate,
        **more,
    )


def no_rows_from(rule: Rule, table: str, sql: str, column: str | None = None, **more: Any) -> Check:
    """A select statement over `{batch}` (and other tables) that must not return any row."""
    return Check(
        rule=rule,
        table=table,
        expectation="UnexpectedRowsExpectation",
        bad_rows=sql,
        column=column,
        severity=rule.severity,
        **more,
    )


def unique(rule: Rule, table: str, columns: Sequence[str], where: str = "true") -> Check:
    """No two rows with the same key; nulls are equal to each other. One bad row per repeated key."""
    names = ", ".join(map(quoted, columns))
    sql = f"select {names}, count(*) as n from {BATCH} where {where} group by {names} having count(*) > 1"  # noqa: S608
    return no_rows_from(rule, table, sql, ", ".join(columns))


def row_count(rule: Rule, table: str, lowest: float, severity: Severity | None = None, **more: Any) -> Check:
    """At least `lowest` rows; one bad row when there are fewer."""
    return Check(
        rule=rule,
        table=table,
        expectation="ExpectTableRowCountToBeBetween",
        bad_rows=f"select * from (select count(*) as n from {BATCH}) where n < {lowest!r}",  # noqa: S608
        arguments={"min_value": math.ceil(lowest)},
        severity=severity or rule.severity,
        is_of_table=True,
        **{"measured": f"select count(*) from {BATCH}", **more},  # noqa: S608
    )
