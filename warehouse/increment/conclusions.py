"""What models conclude from all rows: where that changes, everything is built."""

# ruff: noqa: S608 - names come from contracts and this file

import duckdb

from warehouse.increment.errors import FullBuildNeeded
from warehouse.increment.witnesses import NAMED_BY


def demand_same_conclusions(connection: duckdb.DuckDBPyConnection) -> None:
    """What is concluded from all rows of a source must be what it was: every row depends on it."""
    conclusions = {
        "what a source can tell": ("select * from {}.core.dim_source_evidence", "source_system"),
        "whether visits arrive": (
            "select distinct source_system, is_arrival_in_source from {}.core.fct_work_orders", "source_system",
        ),
        "whether collaborations are answered": (
            "select distinct source_system, is_answer_in_source from {}.core.fct_collaborations", "source_system",
        ),
    }  # fmt: skip
    for what, (rows, key) in conclusions.items():
        changed = connection.execute(
            f"""
            with before as ({rows.format("base")}), now as ({rows.format("new")})
            select count(*) from before inner join now using ({key})
            where (select before) is distinct from (select now)
            """
        ).fetchone()
        if changed and changed[0]:
            raise FullBuildNeeded(f"{what} has changed")
    for dimension, (member, _) in NAMED_BY.items():
        lost = connection.execute(
            f"select {member} from base.core.{dimension} anti join new.core.{dimension} using ({member}) limit 1"
        ).fetchone()
        if lost:
            raise FullBuildNeeded(f"{dimension} may have lost {lost[0]}")
    moved = connection.execute(
        "select min(local_date) from base.core.dim_dates union select min(local_date) from new.core.dim_dates"
    ).fetchall()
    if len(moved) > 1:
        raise FullBuildNeeded("data begin on another day")


def demand_same_fits(connection: duckdb.DuckDBPyConnection) -> None:
    """Some causes of differences follow from how well a way of counting fits a whole source."""
    fits = """
        select
            source_system,
            max(case when verdict = 'reopened_count' then cast(source_value as bigint) end) = 1 as is_flag,
            avg(cast(is_equal_by_holder as integer)) > avg(
                case when verdict = 'reassigned_count' and own_value is not null then cast(is_equal as integer) end
            ) as is_by_holder,
            avg(cast(is_equal_by_person as integer)) > avg(
                case when verdict = 'reassigned_count' and own_value is not null then cast(is_equal as integer) end
            ) as is_by_person
        from {}.core.fct_reconciliation
        group by source_system
    """
    changed = connection.execute(
        f"""
        with before as ({fits.format("base")}), now as ({fits.format("build")})
        select count(*) from before inner join now using (source_system)
        where (select before) is distinct from (select now)
        """
    ).fetchone()
    if changed and changed[0]:
        raise FullBuildNeeded("how a source counts has changed")
