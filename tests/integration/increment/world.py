"""A company whose deliveries are drawn at random: late, restated, moved, merged, withdrawn and future rows.

Rows are those of a demo company, cut by time; what is drawn changes them. Everything goes into the landing tables as a
landing run would leave it there.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import duckdb

from benchmarks.last_day import COMES
from warehouse.contract import Contract, get_contract, load_contracts

#: By which instant rows of a contract come; contracts without one come with the first delivery.
_COMES = {contract: f"coalesce({', '.join(columns)})" for contract, columns in COMES.items()} | {
    "crm.knowledge_articles": "published_at",
    "erp.training_records": "held_on",
    "erp.parts_stock": "snapshot_on",
}

#: What a restated row says instead; `{other}` is another row of the contract, `{now}` the instant of the delivery.
_RESTATED = {
    "crm.tickets": (
        ("product_id", "{other}.product_id"), ("product_id", "'P-NEW'"), ("region_id", "{other}.region_id"),
        ("region_id", "'R-NEW'"), ("asset_id", "{other}.asset_id"), ("asset_id", "null"),
        ("customer_id", "{other}.customer_id"), ("root_cause_id", "{other}.root_cause_id"),
        ("team_id", "{other}.team_id"), ("agent_id", "{other}.agent_id"), ("agent_id", "'nobody-knows'"),
        ("merged_into_ticket_id", "{other}.ticket_id"), ("merged_into_ticket_id", "null"),
        ("related_ticket_id", "{other}.ticket_id"), ("status", "'cancelled'"), ("deleted_at", "{now}"),
        ("case_type", "'complaint'"), ("case_type", "{other}.case_type"), ("priority", "{other}.priority"),
        ("opened_at", "ticket.opened_at - interval 3 hours"), ("resolution_mode", "'onsite'"),
        ("resolved_at", "{now} - interval 1 hour"), ("reassigned_count", "7"), ("reopened_count", "2"),
        ("is_warranty", "not coalesce(ticket.is_warranty, false)"), ("is_escalated", "true"),
        ("updated_at", "{now} + interval 30 hours"),
    ),
    "erp.work_orders": (
        ("ticket_id", "{other}.ticket_id"), ("ticket_id", "null"), ("ticket_id", "'T-UNKNOWN'"),
        ("employee_id", "{other}.employee_id"), ("completed_at", "{now} + interval 20 hours"),
        ("arrived_at", "{now} - interval 2 hours"), ("outcome", "'fixed'"), ("outcome", "'cancelled'"),
        ("labour_cost", "123.45"), ("product_id", "{other}.product_id"), ("region_id", "{other}.region_id"),
    ),
    "erp.parts_requests": (
        ("available_at", "{now}"), ("available_at", "null"), ("ticket_id", "{other}.ticket_id"), ("ticket_id", "null"),
        ("work_order_id", "{other}.work_order_id"), ("was_in_stock", "not coalesce(ticket.was_in_stock, false)"),
    ),
    "survey.responses": (
        ("ticket_id", "{other}.ticket_id"), ("ticket_id", "null"), ("csat_score", "5"), ("nps_score", "10"),
        ("responded_at", "{now} + interval 12 hours"), ("comment", "'broken again'"), ("agent_id", "{other}.agent_id"),
    ),
    "crm.collaborations": (
        ("ticket_id", "{other}.ticket_id"), ("responded_at", "{now}"), ("responded_at", "null"),
        ("requested_at", "{now} - interval 1 hour"), ("requesting_team_id", "'TEAM-NEW'"),
    ),
    "crm.quality_inspections": (
        ("ticket_id", "{other}.ticket_id"), ("agent_id", "{other}.agent_id"), ("attitude_score", "1"),
        ("inspected_at", "{now} + interval 5 hours"),
    ),
    "erp.employees": (
        ("team_id", "{other}.team_id"), ("region_id", "{other}.region_id"), ("employment", "{other}.employment"),
        ("effective_from", "cast({now} as date) - 20"), ("effective_from", "cast({now} as date) + 1"),
        ("effective_from", "cast({now} as date)"),
    ),
    "erp.products": (("category", "'other'"), ("product_name", "'renamed'")),
    "crm.customers": (("segment", "'business'"), ("region_id", "{other}.region_id")),
}  # fmt: skip

#: Of what whole snapshots come now and then.
_SNAPSHOTS = (
    "crm.tickets",
    "erp.work_orders",
    "erp.parts_requests",
    "survey.responses",
    "erp.products",
    "crm.customers",
)

_EVENTS = (
    "resolved", "closed", "reopened", "transferred", "assigned", "callback_reached", "responded", "arrived",
    "status_changed", "escalated", "praised",
)  # fmt: skip


@dataclass
class World:
    """The warehouse of a company; `deliver` moves it on and returns the instant that the next build shows."""

    connection: duckdb.DuckDBPyConnection
    draws: random.Random
    now: datetime
    delivered_until: datetime = datetime(1900, 1, 1)
    extracts: list[str] = field(default_factory=list)

    def deliver_everything_so_far(self) -> None:
        """The first delivery: registers, and every row that came by now."""
        self._deliver_rows(everything=True)

    def deliver(self) -> list[str]:
        """One more delivery, and what it did."""
        self.delivered_until = self.now
        self.now += timedelta(hours=self.draws.choice((0, 5, 24, 24, 60, 190)))
        done = [f"until {self.now:%m-%d %H:%M}"]
        self._deliver_rows(everything=False)
        for contract, changes in _RESTATED.items():
            for column, value in self.draws.sample(changes, k=min(len(changes), self.draws.choice((0, 0, 1, 3)))):
                self._restate(get_contract(contract), column, value, rows=self.draws.choice((1, 3, 12)))
                done.append(f"{contract}.{column} = {value}")
        for event in self.draws.sample(_EVENTS, k=self.draws.choice((0, 2, 4))):
            self._add_events(event)
            done.append(f"late {event}")
        if self.draws.random() < 0.3:
            self._repeat_events()
            done.append("events again")
        for name in self.draws.sample(sorted(_SNAPSHOTS), k=self.draws.choice((0, 1, 1, 2))):
            gone = self.draws.choice((0, 2, 5))
            self._deliver_snapshot(get_contract(name), gone)
            done.append(f"snapshot of {name} without {gone}")
        if len(self.extracts) > 2 and self.draws.random() < 0.4:
            gone = self.draws.choice(self.extracts[1:])
            state = self.draws.choice(("withdrawn", "accepted"))
            self.connection.execute("update meta.extracts set state = ? where extract_id = ?", [state, gone])
            done.append(f"{gone} {state}")
        return done

    def _extract(self) -> str:
        name = f"x{len(self.extracts):04}"
        self.extracts.append(name)
        # late files: extracted before others that have landed already
        extracted = (
            self.now - timedelta(minutes=self.draws.choice((0, 0, 0, 600))) if len(self.extracts) > 1 else self.now
        )
        self.connection.execute(
            """
            insert into meta.extracts by name
            select
                $name as extract_id, source_system, mapping, mapping_fingerprint, $name || '.csv' as file_name,
                $name as sha256, 1 as bytes, $extracted as extracted_at, $now as loaded_at, 'run' as run_id,
                'accepted' as state, $now as state_changed_at
            from source.meta.extracts order by file_name limit 1
            """,
            {"name": name, "extracted": extracted, "now": self.now},
        )
        return name

    def _insert(
        self,
        extract: str,
        contract: Contract,
        rows: str,
        values: dict[str, object] | None = None,
        delivery: str = "delta",
    ) -> None:
        inserted = self.connection.execute(
            f"""
            insert into raw.{contract.raw_table} by name
            select
                * replace (
                    '{extract}' as _extract_id, '{extract}.csv' as _extract_file,
                    row_number() over (order by {", ".join(contract.key)}) as _row_number
                )
            from ({rows})
            """,
            values or {},
        ).fetchone()
        if inserted and inserted[0]:
            self.connection.execute(
                """
                insert into meta.extract_entries by name
                select
                    $extract as extract_id, 1 as entry, $contract as contract, $delivery as delivery,
                    $n as rows_read, $n as rows_loaded, 0 as rows_rejected, 0 as rows_quarantined, 0 as rows_folded,
                    0 as rows_filtered, 0 as rows_identical, 0 as rows_conflicting, 0 as bad_cells,
                    $now as first_instant, $now as last_instant, [] as mapped_columns, [] as unmapped_columns,
                    case when $delivery = 'snapshot' then '' end as part, 0 as rows_without_key
                """,
                {
                    "extract": extract,
                    "contract": contract.name,
                    "n": inserted[0],
                    "now": self.now,
                    "delivery": delivery,
                },
            )

    def _deliver_rows(self, *, everything: bool) -> None:
        extract = self._extract()
        for contract in load_contracts().values():
            comes = _COMES.get(contract.name)
            if comes:
                condition = f"{comes} > $after and {comes} <= $now"
                values: dict[str, object] = {"after": self.delivered_until, "now": self.now}
            elif everything:
                condition, values = "true", {}
            else:
                continue
            self._insert(extract, contract, f"select * from source.raw.{contract.raw_table} where {condition}", values)

    def _deliver_snapshot(self, contract: Contract, gone: int) -> None:
        """All rows there are, but for some; of those that are gone already some come back."""
        keys = self.connection.execute(
            f"select distinct {contract.key[0]} from raw.{contract.raw_table} order by 1"
        ).fetchall()
        left_out = [self.draws.choice(keys)[0] for _ in range(gone)] if keys else []
        self._insert(
            self._extract(), contract,
            f"""
            select * from raw.{contract.raw_table}
            where not list_contains($left_out::varchar[], {contract.key[0]})
            qualify row_number() over (
                partition by {", ".join(contract.key)} order by _extract_id desc, _row_number desc
            ) = 1
            """,
            {"left_out": left_out}, delivery="snapshot",
        )  # fmt: skip

    def _restate(self, contract: Contract, column: str, value: str, rows: int) -> None:
        columns = {column: value.format(other="other", now="$now")}
        if contract.version_column and contract.version_column not in columns:
            columns[contract.version_column] = "$now"
        replaced = ", ".join(f"{expression} as {name}" for name, expression in columns.items())
        keys = self.connection.execute(
            f"select {contract.key[0]} from raw.{contract.raw_table} group by all order by 1"
        ).fetchall()
        if not keys:
            return
        chosen = [self.draws.choice(keys)[0] for _ in range(rows)]
        other = self.draws.choice(keys)[0]
        self._insert(
            self._extract(), contract,
            f"""
            select ticket.* replace ({replaced})
            from (
                select * from raw.{contract.raw_table}
                where list_contains($chosen, {contract.key[0]})
                qualify row_number() over (
                    partition by {", ".join(contract.key)} order by _extract_id desc, _row_number desc
                ) = 1
            ) as ticket
            cross join (
                select * from raw.{contract.raw_table} where {contract.key[0]} = $other
                order by _extract_id desc, _row_number desc limit 1
            ) as other
            """,
            {"chosen": chosen, "other": other} | ({"now": self.now} if "$now" in replaced else {}),
        )  # fmt: skip

    def _add_events(self, event: str) -> None:
        tickets = self.connection.execute("select distinct ticket_id from raw.crm__tickets order by 1").fetchall()
        chosen = [self.draws.choice(tickets)[0] for _ in range(8)] + ["T-LATER"]
        self._insert(
            self._extract(), get_contract("crm.ticket_events"),
            f"""
            select
                events.* replace (
                    '{event}' as event_type,
                    -- some of them at the very instant that the next build shows
                    case hash(events.ticket_id) % 5
                        when 0 then $now
                        else $now - to_hours(cast(hash(events.ticket_id) % 900 as bigint)) + interval 6 hours
                    end as occurred_at,
                    case when hash(events.ticket_id) % 3 = 0 then 2 else null end as sequence,
                    case when '{event}' = 'status_changed' then 'waiting_customer' end as status
                )
            from raw.crm__ticket_events as events
            where list_contains($chosen, ticket_id)
            qualify row_number() over (partition by ticket_id order by occurred_at, event_type, _extract_id) = 1
            """,
            {"chosen": chosen, "now": self.now},
        )  # fmt: skip

    def _repeat_events(self) -> None:
        self._insert(
            self._extract(), get_contract("crm.ticket_events"),
            """
            select * from raw.crm__ticket_events where hash(ticket_id) % 97 = $draw
            qualify row_number() over (
                partition by ticket_id, event_type, occurred_at, sequence order by _extract_id desc
            ) = 1
            """,
            {"draw": self.draws.randrange(97)},
        )  # fmt: skip
