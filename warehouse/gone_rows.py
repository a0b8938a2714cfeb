"""Rows that a source no longer has, as SQL over the landing tables; dbt's `gone_rows` says the same for a build.

A key is gone when every extract that has it is older than the newest whole snapshot of its system, contract and part.
"""

# ruff: noqa: S608 - names come from contracts and from callers within the project

from warehouse.contract import Contract


def key_text(contract: Contract, relation: str = "") -> str:
    """SQL of the key of a row as JSON, as quarantine and builds keep it."""
    before = f"{relation}." if relation else ""
    return f"cast(to_json([{', '.join(f'cast({before}{name} as varchar)' for name in contract.key)}]) as varchar)"


def snapshots_sql(database: str, extracts: str) -> str:
    """SELECT of source_system, contract, part, taken_at: the whole snapshots.

    `extracts` is a relation with the `extract_id` of those that count; an extract of the same time that does not count
    makes a snapshot incomplete, unless the same name came again.
    """
    return f"""
        with counted as (select * from {database}meta.extracts where extract_id in (select extract_id from {extracts})),
        lacking as (
            select distinct source_system, extracted_at, unnest(contracts) as contract
            from {database}meta.extracts
            where
                state in ('candidate', 'refused', 'withdrawn')
                and extract_id not in (select extract_id from counted)
                and (source_system, extracted_at, file_name) not in (
                    select (source_system, extracted_at, file_name) from counted
                )
        ),
        snapshots as (
            select source_system, contract, coalesce(part, '') as part, extracted_at as taken_at
            from {database}meta.extract_entries inner join counted using (extract_id)
            where delivery = 'snapshot'
            group by all
            having sum(coalesce(rows_without_key, rows_rejected + rows_quarantined + rows_conflicting)) = 0
        )
        select * from snapshots
        where (source_system, contract, taken_at) not in (select (source_system, contract, extracted_at) from lacking)
    """


def sightings_sql(database: str, extracts: str, snapshots: str) -> str:
    """SELECT of extract_id, source_system, contract, seen_at, part, is_aged of the extracts that count."""
    return f"""
        select
            extract_id, source_system, contract, extracted_at as seen_at,
            min(case when delivery = 'snapshot' then coalesce(part, '') end) as part,
            extracted_at < any_value(newest.taken_at) as is_aged
        from {database}meta.extract_entries
        inner join {database}meta.extracts using (extract_id)
        inner join (
            select source_system, contract, max(taken_at) as taken_at from {snapshots} group by all
        ) as newest using (source_system, contract)
        where extract_id in (select extract_id from {extracts})
        group by extract_id, source_system, contract, extracted_at
    """


def gone_sql(contract: Contract, database: str, snapshots: str, sightings: str) -> str:
    """SELECT of source_system, row_key, row_id, part, last_seen_at, gone_since of a contract.

    `snapshots` and `sightings` are relations with what the functions above select.
    """
    keys = ", ".join(contract.key)
    raw = f"{database}raw.{contract.raw_table}"
    mine = f"(select * from {sightings} where contract = '{contract.name}')"
    return f"""
        with seen as (
            select
                landed._source_system as source_system, {key_text(contract, "landed")} as row_key,
                cast(landed.{contract.key[0]} as varchar) as row_id, true as has_landed, sighting.seen_at, sighting.part
            from {raw} as landed
            inner join {mine} as sighting on landed._extract_id = sighting.extract_id
            where hash({keys}) in (
                select hash({keys}) from {raw} where _extract_id in (select extract_id from {mine} where is_aged)
            )
            union all
            select sighting.source_system, quarantined.row_key, null, false, sighting.seen_at, sighting.part
            from {database}meta.quarantine as quarantined
            inner join {mine} as sighting on quarantined.extract_id = sighting.extract_id
            where quarantined.contract = '{contract.name}' and quarantined.row_key is not null
        ),
        aged as (
            select
                source_system, row_key, any_value(row_id) as row_id, max(seen_at) as last_seen_at,
                arg_max(part, seen_at) as part
            from seen group by source_system, row_key having bool_or(has_landed)
        )
        select
            aged.source_system, aged.row_key, any_value(aged.row_id) as row_id, any_value(aged.part) as part,
            any_value(aged.last_seen_at) as last_seen_at, max(newer.taken_at) as gone_since
        from aged
        -- a key that no snapshot ever had may be in any of the parts
        inner join (select distinct source_system, part from {snapshots} where contract = '{contract.name}') as parts
            on aged.source_system = parts.source_system and (aged.part is null or aged.part = parts.part)
        asof left join (select * from {snapshots} where contract = '{contract.name}') as newer
            on parts.source_system = newer.source_system and parts.part = newer.part
            and aged.last_seen_at < newer.taken_at
        group by aged.source_system, aged.row_key
        having count(*) = count(newer.taken_at)
    """
