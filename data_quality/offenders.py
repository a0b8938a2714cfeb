"""Who broke a rule: bad rows counted by our own SQL, and compared with what Great Expectations counted."""

from collections.abc import Sequence

from data_quality.check import Check
from data_quality.gate_file import GateFile, Observation
from data_quality.result import errored
from warehouse.operations import GateResult

#: Bad rows of one check by extract: the extracts without any are left out.
CountsByExtract = dict[str, int]


def count_by_extract(file: GateFile, source: str, checks: Sequence[Check], extract: str) -> list[CountsByExtract]:
    """Return the bad rows per extract for each check; all predicates are counted in one scan of the source.

    `extract` is the column that holds the extract's id.
    """
    by_check: list[CountsByExtract] = [{} for _ in checks]
    predicates = [(position, check.predicate) for position, check in enumerate(checks) if check.predicate is not None]
    if predicates:
        counts = ", ".join(f"count(*) filter (where {predicate})" for _, predicate in predicates)
        for row in file.rows(f"select {extract}, {counts} from ({source}) group by 1 order by 1"):  # noqa: S608
            for (position, _), bad in zip(predicates, row[1:], strict=True):
                if bad:
                    by_check[position][row[0]] = bad
    for position, check in enumerate(checks):
        if check.predicate is None:
            rows = file.rows(f"select {extract}, count(*) from ({check.bad_rows_of(source)}) group by 1 order by 1")  # noqa: S608
            by_check[position] = dict(rows)
    return by_check


def disagreement(suite: str, check: Check, seen: Observation, own_count: int) -> GateResult | None:
    """Return the errored result of a check that broke or whose two counts differ, else None."""
    name = f"{check.rule.id} {check.column or ''}".strip()
    if seen.error is not None:
        return errored(suite, name, seen.error, check.rule)
    if seen.bad_rows != own_count:
        return errored(suite, name, f"Great Expectations counts {seen.bad_rows} bad rows, SQL {own_count}", check.rule)
    return None
