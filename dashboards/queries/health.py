"""What a build says about the data it was made of: sources, extracts, quarantine, excluded cases."""

import pandas as pd

from dashboards.formatting import local_day
from dashboards.queries.cached import cached_query
from warehouse.reading import BuildReader
from warehouse.scope import Scope

#: The contract that every KPI rests on.
TICKETS = "crm.tickets"

#: Examples shown per reason; the rest is counted.
EXAMPLES = 50


@cached_query
def sources(reader: BuildReader, scope: Scope) -> pd.DataFrame:
    """Return one row per source system and contract; `horizon_date` is local, `days_behind` counts to the as-of day."""
    return reader.frame(
        """
        select
            source_system, contract, extracts, rows_loaded, last_extracted_at, data_horizon, horizon_date,
            date_diff('day', horizon_date, $as_of_date) as days_behind
        from core.dim_sources
        order by source_system, contract
        """,
        {"as_of_date": local_day(reader.build.as_of, reader.build.zone)},
    )


@cached_query
def extract_entries(reader: BuildReader, scope: Scope) -> pd.DataFrame:
    """Return one row per extract and contract, newest first; `difference` is read minus where the rows went."""
    return reader.frame(
        """
        select
            extract_id, source_system, file_name, contract, delivery, extracted_at, loaded_at,
            rows_read, rows_loaded, rows_rejected, rows_quarantined, rows_folded, rows_filtered,
            rows_identical, rows_conflicting, bad_cells, unmapped_columns,
            rows_read - (
                rows_loaded + rows_rejected + rows_quarantined + rows_folded + rows_filtered
                + rows_identical + rows_conflicting
            ) as difference
        from core.dim_extract_entries
        order by loaded_at desc, file_name, contract
        """
    )


def quarantine_as_delivered(reader: BuildReader, scope: Scope, contract: str, reason_code: str) -> pd.DataFrame | None:
    """Return quarantined rows of one contract and reason with their text, to be corrected.

    None for a limited scope, which may not see rows of any region, and for reasons that the models found.
    """
    if scope.is_limited:
        return None
    frame = reader.private_frame(
        """
        select extract_id, file_name, row_number, column_name, reason, row_text
        from private.private_quarantined_rows
        where contract = $contract and reason_code = $reason_code
        order by file_name, extract_id, row_number
        """,
        {"contract": contract, "reason_code": reason_code},
    )
    return None if frame is None or frame.empty else frame


@cached_query
def released_rows(reader: BuildReader, scope: Scope) -> pd.DataFrame:
    """Return how many rows each file of corrections released, newest first."""
    return reader.frame(
        """
        select file_name, contract, released_by_file, released_at, count(*) as rows
        from core.fct_released_rows
        group by all
        order by released_at desc, file_name, contract
        """
    )


@cached_query
def gone_rows(reader: BuildReader, scope: Scope) -> pd.DataFrame:
    """Return how many rows sources no longer have, by contract and the snapshot that says so, newest first."""
    return reader.frame(
        """
        select
            gone.contract, gone.source_system, gone.gone_since, count(*) as rows, any_value(snapshot.name) as file_name
        from core.fct_gone_rows as gone
        left join (
            select source_system, contract, extracted_at, min(file_name) as name
            from core.dim_extract_entries where delivery = 'snapshot' group by all
        ) as snapshot
            on gone.source_system = snapshot.source_system and gone.contract = snapshot.contract
            and gone.gone_since = snapshot.extracted_at
        group by gone.contract, gone.source_system, gone.gone_since
        order by gone.gone_since desc, gone.contract
        """
    )


@cached_query
def quarantine_groups(reader: BuildReader, scope: Scope) -> pd.DataFrame:
    """Return quarantined rows counted by contract, reason and column, most frequent first."""
    return reader.frame(
        """
        select contract, reason_code, column_name, count(*) as rows, count(distinct extract_id) as extracts
        from core.fct_quarantined_rows
        group by all
        order by rows desc, contract, reason_code, column_name
        """
    )


@cached_query
def quarantine_examples(
    reader: BuildReader, scope: Scope, contract: str, reason_code: str, limit: int = EXAMPLES
) -> pd.DataFrame:
    """Return quarantined rows of one contract and reason; a limited scope sees no values, they may be of any region."""
    return reader.frame(
        """
        select
            file_name, row_number, column_name,
            case when $may_see_values then value end as value,
            reason_code, reason
        from core.fct_quarantined_rows
        where contract = $contract and reason_code = $reason_code
        order by file_name, row_number
        limit $limit
        """,
        {
            "may_see_values": not scope.is_limited,
            "contract": contract,
            "reason_code": reason_code,
            "limit": limit,
        },
    )


@cached_query
def bad_cell_groups(reader: BuildReader, scope: Scope) -> pd.DataFrame:
    """Return unreadable cells counted by contract, column and reason, with one example value each."""
    return reader.frame(
        """
        select
            contract, column_name, reason_code, any_value(reason) as reason, count(*) as cells,
            case when $may_see_values then min(value) end as example,
            min(file_name) as file_name
        from core.fct_bad_cells
        group by contract, column_name, reason_code
        order by cells desc, contract, column_name
        """,
        {"may_see_values": not scope.is_limited},
    )


@cached_query
def excluded_cases(reader: BuildReader, scope: Scope) -> pd.DataFrame:
    """Return tickets that are no cases, counted by reason."""
    return reader.frame(
        """
        select coalesce(exclusion_reason, 'none') as reason, count(*) as tickets
        from core.fct_tickets
        where not is_case and ($regions is null or list_contains($regions, region_id))
        group by all
        order by tickets desc, reason
        """,
        {"regions": None if scope.regions is None else sorted(scope.regions)},
    )


@cached_query
def case_count(reader: BuildReader, scope: Scope) -> int:
    """Return how many cases the build counts."""
    rows = reader.rows(
        """
        select count(*) as cases from core.fct_tickets
        where is_case and ($regions is null or list_contains($regions, region_id))
        """,
        {"regions": None if scope.regions is None else sorted(scope.regions)},
    )
    return int(rows[0]["cases"])
