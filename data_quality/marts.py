"""The registry of tables in a build. One entry gives a table its generic rules: presence, row count, grain, keys,
finite numbers, nothing after as-of, an extract for every row.

How to add a table: docs/gates.md.
"""

from dataclasses import dataclass

_PERIOD_AND_SLICE = ("period_kind", "period_start", "slice_name", "slice_value")

#: The whole mart is a view of millions of rows; months and longer, single slices, show every KPI and every branch.
_MART_SCOPE = "period_kind in ('month', 'quarter', 'year') and not contains(slice_name, '__')"


@dataclass(frozen=True)
class Mart:
    """A table of the build file.

    `inputs`: at least one row is expected when all these contracts delivered rows; with `is_never_empty` rows are
    expected always. `instants` must not lie after as-of. `scope` narrows what rules look at. `is_view` says that
    every look at the table computes it anew.
    """

    table: str
    grain: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    is_required: bool = False
    is_never_empty: bool = False
    instants: tuple[str, ...] = ()
    has_extract: bool = False
    scope: str = "true"
    is_view: bool = False

    @property
    def source(self) -> str:
        """SQL for the rows that rules look at."""
        schema, name = self.table.split(".")
        where = "" if self.scope == "true" else f" where {self.scope}"
        return f'select * from "{schema}"."{name}"{where}'  # noqa: S608


MARTS: dict[str, Mart] = {
    mart.table: mart
    for mart in (
        Mart("core.dim_run", ("build_id",), is_required=True, is_never_empty=True),
        Mart("core.dim_dates", ("local_date",), is_required=True, is_never_empty=True),
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
        Mart("core.fct_bad_cells", has_extract=True),
        Mart("core.fct_quarantined_rows", has_extract=True),
        Mart("measures.contributions_tickets", inputs=("crm.tickets",)),
        Mart("measures.contributions_survey_responses", inputs=("survey.responses",)),
        Mart("measures.measures_spine", _PERIOD_AND_SLICE, inputs=("crm.tickets",)),
        Mart("measures.measures_tickets", _PERIOD_AND_SLICE, inputs=("crm.tickets",), is_required=True),
        Mart("measures.measures_survey_responses", _PERIOD_AND_SLICE, inputs=("survey.responses",), is_required=True),
        Mart("measures.percentiles_tickets", ("kpi_key", *_PERIOD_AND_SLICE), is_required=True),
        Mart("kpi.dim_kpis", ("kpi_key",), is_required=True, is_never_empty=True),
        Mart("kpi.kpi_contracts", ("contract",), is_never_empty=True),
        Mart("kpi.kpi_sides", ("kpi_key",), is_never_empty=True),
        Mart("kpi.kpi_sql", is_never_empty=True),
        Mart("kpi.kpi_targets_in_force", ("kpi_key", "slice_name", "slice_value", "valid_from")),
        Mart(
            "kpi.mart_kpis",
            ("kpi_key", *_PERIOD_AND_SLICE),
            inputs=("crm.tickets",),
            is_required=True,
            scope=_MART_SCOPE,
            is_view=True,
        ),
    )
}
