"""The registry of tables in a build. One entry gives a table its generic rules: presence, row count, grain, keys,
finite numbers, nothing after as-of, an extract for every row.

How to add a table: docs/gates.md.
"""

from dataclasses import dataclass

SPINE = "measures.measures_spine"

#: Every stage counts all cases, so only its time adds up to the total.
STAGE_SLICES = ("stage", "region__stage")

_PERIOD_AND_SLICE = ("period_kind", "period_start", "slice_name", "slice_value")

#: The whole mart is a view of millions of rows; months and longer, single slices, show every KPI and every branch.
_MART_SCOPE = "period_kind in ('month', 'quarter', 'year') and not contains(slice_name, '__')"

#: Every stage of every resolved case, by a join that doubles rows in any month or in none.
_LAST_MONTHS = "local_date > (select max(local_date) - 90 from core.dim_dates)"


@dataclass(frozen=True)
class Mart:
    """A table of the build file.

    `inputs`: at least one row is expected when all these contracts delivered rows and, with `counted`, this relation
    with its condition has a row; with `is_never_empty` rows are expected always. `instants` must not lie after as-of.
    `scope` narrows what rules look at. `is_view` says that every look at the table computes it anew; `is_sampled` that
    one row says as much as all, because the rules are about what it is computed of; `parts` is the table that lists the
    values of the first grain column, by some of which at a time a large view is computed; `follows` is the fact whose
    rows a view shows one by one: where these are exchanged (decision 0013), its rows are judged with them.
    """

    table: str
    grain: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    counted: str = ""
    is_required: bool = False
    is_never_empty: bool = False
    instants: tuple[str, ...] = ()
    has_extract: bool = False
    scope: str = "true"
    is_view: bool = False
    is_sampled: bool = False
    parts: str | None = None
    follows: str | None = None

    @property
    def is_copied(self) -> bool:
        """True for what would be computed once per check."""
        return self.is_view or self.is_sampled

    @property
    def source(self) -> str:
        """SQL for the rows that rules look at."""
        where = "" if self.scope == "true" else f" where {self.scope}"
        limit = " limit 1" if self.is_sampled else ""
        return f"{self.copied}{where}{limit}"

    @property
    def copied(self) -> str:
        """SQL for the same rows in a copy of them."""
        schema, name = self.table.split(".")
        return f'select * from "{schema}"."{name}"'  # noqa: S608


#: A score without any date belongs to no period.
_DATED_RESPONSES = "core.fct_survey_responses where is_counted and coalesce(responded_at, invited_at) is not null"

MARTS: dict[str, Mart] = {
    mart.table: mart
    for mart in (
        Mart("core.dim_run", ("build_id",), is_required=True, is_never_empty=True),
        Mart("core.dim_dates", ("local_date",), is_required=True, is_never_empty=True),
        Mart("core.dim_calendars", ("calendar_id",), is_required=True, is_never_empty=True),
        Mart("core.dim_regions", ("region_id",), is_required=True, is_never_empty=True),
        Mart("core.dim_teams", ("team_id",), is_required=True, is_never_empty=True),
        Mart("core.dim_employees", ("employee_id", "version_number"), inputs=("erp.employees",)),
        Mart("core.dim_products", ("product_id",), inputs=("erp.products",)),
        Mart("core.dim_root_causes", ("root_cause_id",), is_required=True, is_never_empty=True),
        Mart("core.dim_sources", ("source_system", "contract"), is_required=True, is_never_empty=True),
        Mart("core.dim_extract_entries", ("extract_id", "entry"), is_never_empty=True),
        Mart(
            "core.fct_tickets",
            ("ticket_id",),
            inputs=("crm.tickets",),
            is_required=True,
            instants=("opened_at", "first_response_at", "stable_resolved_at"),
        ),
        Mart(
            "core.fct_ticket_events",
            ("case_id", "event_number"),
            inputs=("crm.tickets", "crm.ticket_events"),
            is_required=True,
            instants=("occurred_at",),
        ),
        Mart(
            "core.fct_survey_responses",
            ("response_id",),
            inputs=("survey.responses",),
            is_required=True,
            instants=("responded_at",),
        ),
        Mart("core.bridge_case_teams", ("case_id", "team_id"), is_required=True),
        Mart(
            "core.fct_ticket_intervals",
            ("case_id", "starts_at"),
            inputs=("crm.tickets", "crm.ticket_events"),
            instants=("starts_at", "ends_at"),
        ),
        Mart("core.fct_case_stages", ("case_id", "stage")),
        Mart("core.fct_reconciliation", ("ticket_id", "verdict")),
        Mart("core.fct_open_cases", ("case_id", "open_from"), instants=("open_from", "open_to")),
        Mart("core.fct_employments", ("employee_id", "version_number"), inputs=("erp.employees",)),
        Mart(
            "core.fct_staff_periods",
            ("cohort", "period_kind", "period_start", "employee_id"),
            inputs=("erp.employees",),
        ),
        Mart(
            "core.fct_work_orders",
            ("work_order_id",),
            inputs=("erp.work_orders",),
            instants=("requested_at", "arrived_at", "completed_at"),
        ),
        Mart(
            "core.fct_parts_requests",
            ("request_id",),
            inputs=("erp.parts_requests",),
            instants=("requested_at", "available_at"),
        ),
        Mart("core.fct_parts_stock", ("snapshot_on", "warehouse_id", "part_id"), inputs=("erp.parts_stock",)),
        Mart(
            "core.fct_quality_inspections",
            ("inspection_id",),
            inputs=("crm.quality_inspections",),
            instants=("inspected_at",),
        ),
        Mart(
            "core.fct_collaborations",
            ("collaboration_id",),
            inputs=("crm.collaborations",),
            instants=("requested_at", "responded_at"),
        ),
        Mart("core.fct_knowledge_articles", ("article_id",), inputs=("crm.knowledge_articles",)),
        Mart("core.fct_training_records", ("record_id",), inputs=("erp.training_records",)),
        Mart("core.fct_revenue", ("month", "region_id", "category"), inputs=("erp.revenue",)),
        Mart("core.fct_peer_reviews", ("review_id",), inputs=("survey.peer_reviews",)),
        Mart("core.dim_customers", ("customer_id",), inputs=("crm.customers",)),
        Mart("core.dim_stages", ("stage",), is_never_empty=True),
        Mart("core.dim_source_evidence", ("source_system",), inputs=("crm.tickets",)),
        Mart("core.fct_bad_cells", has_extract=True),
        Mart("core.fct_quarantined_rows", has_extract=True),
        Mart("core.fct_released_rows", ("extract_id", "entry", "row_number"), has_extract=True),
        Mart("core.fct_gone_rows", ("contract", "source_system", "row_key")),
        Mart("measures.contributions_tickets", inputs=("crm.tickets",), is_sampled=True),
        Mart(
            "measures.contributions_survey_responses",
            inputs=("survey.responses",),
            counted=_DATED_RESPONSES,
            is_sampled=True,
        ),
        Mart(
            "measures.contributions_ticket_stages",
            ("ticket_id", "stage"),
            scope=_LAST_MONTHS,
            is_view=True,
            follows="core.fct_case_stages",
        ),
        Mart("measures.contributions_open_cases", inputs=("crm.tickets",), is_sampled=True),
        Mart("measures.contributions_work_orders", inputs=("erp.work_orders",), is_sampled=True),
        Mart("measures.contributions_parts_requests", inputs=("erp.parts_requests",), is_sampled=True),
        Mart("measures.contributions_quality_inspections", inputs=("crm.quality_inspections",), is_sampled=True),
        Mart("measures.contributions_collaborations", inputs=("crm.collaborations",), is_sampled=True),
        Mart("measures.contributions_training_records", inputs=("erp.training_records",), is_sampled=True),
        Mart("measures.contributions_headcount", inputs=("erp.employees",), is_sampled=True),
        Mart("measures.contributions_knowledge_articles", inputs=("crm.knowledge_articles",), is_sampled=True),
        Mart("measures.contributions_peer_reviews", inputs=("survey.peer_reviews",), is_sampled=True),
        Mart("measures.contributions_revenue", inputs=("erp.revenue",), is_sampled=True),
        Mart("measures.contributions_parts_stock", inputs=("erp.parts_stock",), is_sampled=True),
        Mart("measures.contributions_staff_periods", inputs=("erp.employees",), is_sampled=True),
        Mart(SPINE, _PERIOD_AND_SLICE, inputs=("crm.tickets",)),
        Mart("measures.measures_tickets", _PERIOD_AND_SLICE, inputs=("crm.tickets",), is_required=True),
        Mart(
            "measures.measures_survey_responses",
            _PERIOD_AND_SLICE,
            inputs=("survey.responses",),
            counted=_DATED_RESPONSES,
            is_required=True,
        ),
        Mart("measures.measures_ticket_stages", _PERIOD_AND_SLICE),
        Mart(
            "measures.changes_open_cases",
            ("slice_name", "slice_value", "time_zone", "local_date"),
            inputs=("crm.tickets",),
        ),
        Mart("measures.measures_open_cases", _PERIOD_AND_SLICE, inputs=("crm.tickets",)),
        Mart("measures.measures_work_orders", _PERIOD_AND_SLICE, inputs=("erp.work_orders",)),
        Mart("measures.measures_parts_requests", _PERIOD_AND_SLICE, inputs=("erp.parts_requests",)),
        Mart("measures.measures_quality_inspections", _PERIOD_AND_SLICE, inputs=("crm.quality_inspections",)),
        Mart("measures.measures_collaborations", _PERIOD_AND_SLICE, inputs=("crm.collaborations",)),
        Mart("measures.measures_training_records", _PERIOD_AND_SLICE),
        Mart("measures.measures_headcount", _PERIOD_AND_SLICE, inputs=("erp.employees",)),
        Mart("measures.measures_knowledge_articles", _PERIOD_AND_SLICE, inputs=("crm.knowledge_articles",)),
        Mart("measures.measures_peer_reviews", _PERIOD_AND_SLICE, inputs=("survey.peer_reviews",)),
        Mart("measures.measures_revenue", _PERIOD_AND_SLICE, inputs=("erp.revenue",)),
        Mart("measures.measures_parts_stock", _PERIOD_AND_SLICE, inputs=("erp.parts_stock",)),
        Mart("measures.measures_staff_periods", _PERIOD_AND_SLICE, inputs=("erp.employees",)),
        Mart("measures.percentiles_tickets", ("kpi_key", *_PERIOD_AND_SLICE), is_required=True),
        Mart("measures.percentiles_work_orders", ("kpi_key", *_PERIOD_AND_SLICE)),
        Mart("kpi.dim_kpis", ("kpi_key",), is_required=True, is_never_empty=True),
        Mart("kpi.kpi_contracts", ("contract",), is_never_empty=True),
        Mart("kpi.kpi_sides", ("kpi_key", "fact"), is_never_empty=True),
        Mart("kpi.kpi_sql", is_never_empty=True),
        Mart("kpi.kpi_targets_in_force", ("kpi_key", "slice_name", "slice_value", "valid_from")),
        Mart(
            "kpi.mart_kpis",
            ("kpi_key", *_PERIOD_AND_SLICE),
            inputs=("crm.tickets",),
            is_required=True,
            scope=_MART_SCOPE,
            is_view=True,
            parts="kpi.dim_kpis",
        ),
    )
}
