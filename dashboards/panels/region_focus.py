"""One region looked at closely: its stages, its teams, its causes, and the way to its tickets."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboards.charts.drawing import draw
from dashboards.charts.ranking import ranking
from dashboards.drill import Drill, open_drill
from dashboards.filters import Selection
from dashboards.formatting import UNKNOWN, format_number, format_value, plain
from dashboards.judgement import KpiDefinition
from dashboards.page import Page, section
from dashboards.panels import stage_losses
from dashboards.panels.kpi_breakdown import show_breakdown
from dashboards.panels.member_rows import member_name
from dashboards.panels.stage_losses import StageLosses
from dashboards.queries.members import known_members
from dashboards.slices import Within

_TICKETS = "tickets_created"
_TOOLTIPS = ("member", "value_text", "interval_text", "target_text", "n_text", "remark")


def show_region(
    page: Page,
    definitions: Mapping[str, KpiDefinition],
    definition: KpiDefinition,
    selection: Selection,
    region: str,
    losses: StageLosses | None,
) -> None:
    """Draw the stages of a region against the benchmark, the KPI by its teams, its tickets by cause."""
    say = page.phrases
    st.button(
        say("drill.open_kpi", kpi=plain(definition.label)),
        icon=":material/list_alt:",
        on_click=open_drill,
        args=(Drill(definition.key, "region", region),),
        key="drill_region",
    )
    left, right = st.columns(2, gap="large")
    with left, section(page, "region_teams"):
        st.markdown(f"##### {say('regions.teams', kpi=plain(definition.label))}")
        if definition.has_slice("team"):
            show_breakdown(page, definition, selection, "team", Within("region", region))
        else:
            st.caption(say("null_reason.not_in_slice"))
        if losses is not None:
            st.markdown(f"##### {say('regions.stages')}")
            _show_stages(page, losses, region)
    with right, section(page, "region_causes"):
        if _TICKETS in definitions:
            st.markdown(f"##### {say('regions.causes', kpi=plain(definitions[_TICKETS].label))}")
            show_breakdown(page, definitions[_TICKETS], selection, "root_cause", Within("region", region))


def _show_stages(page: Page, losses: StageLosses, region: str) -> None:
    say = page.phrases
    stages = known_members(page.reader, page.scope, say, "stage")
    order = {code: position for position, code in enumerate(stages)}
    own = losses.of_region(region)
    own = own.assign(position=own["stage"].map(order)).sort_values("position")
    if own.empty:
        st.caption(say("breakdown.empty"))
        return
    frame = pd.DataFrame(
        {
            "code": own["stage"],
            "member": [member_name(page, code, stages) for code in own["stage"]],
            "value": own["hours"],
            "low": float("nan"),
            "high": float("nan"),
            "target": own["benchmark"],
            "is_ranked": own["cases"] >= losses.definition.minimum_n,
            "value_text": [format_value(value, "hours", say) for value in own["hours"]],
            "interval_text": UNKNOWN,
            "target_text": [format_value(value, "hours", say) for value in own["benchmark"]],
            "n_text": [format_number(cases) for cases in own["cases"]],
            "remark": "",
        }
    )

    def drill(point: Mapping[str, Any]) -> None:
        open_drill(Drill(stage_losses.KPI, stage_losses.SLICE, f"{region}|{point['code']}"))

    titles = {tip: say(f"tooltip.{tip}") for tip in _TOOLTIPS} | {"target_text": say("stage_tooltip.benchmark_text")}
    draw(ranking, frame, titles, key="region_stages", on_point=drill)
    st.caption(say("common.dot").join([say("regions.stage_tick"), say("legend.click_tickets")]))
