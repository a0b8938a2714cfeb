"""Where the hours go: region by stage, against the best quartile of regions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from dashboards.charts.drawing import draw
from dashboards.charts.heat_map import heat_map
from dashboards.drill import Drill, open_drill
from dashboards.exports import show_download
from dashboards.filters import Selection, describe_filters, describe_period
from dashboards.formatting import UNKNOWN, format_number, format_period, format_value, plain
from dashboards.judgement import KpiDefinition
from dashboards.page import Page
from dashboards.panels.member_rows import member_name
from dashboards.queries.catalogue import known_dimensions
from dashboards.queries.kpis import kpi_frame
from dashboards.queries.members import UNKNOWN_MEMBER, known_members
from dashboards.slices import split_pairs
from dashboards.stage_excess import stage_excess
from dashboards.tables import Column, show_table
from dashboards.url_state import choose_segment

KPI = "stage_hours"
SLICE = "region__stage"

_MEASURES = ("hours", "excess")
_SHOWN_LOSSES = 12
_TITLES = ("row", "column", "hours_text", "benchmark_text", "excess_text", "cases_text", "recoverable_text")


@dataclass(frozen=True)
class StageLosses:
    """Mean hours of every region and stage with what the best quartile would need (see `stage_excess`)."""

    definition: KpiDefinition
    frame: pd.DataFrame

    def of_region(self, region: str) -> pd.DataFrame:
        """Return the stages of one region."""
        return self.frame[self.frame["region"] == region]


def load_stage_losses(page: Page, definitions: Mapping[str, KpiDefinition], selection: Selection) -> StageLosses | None:
    """Return the losses of the period, or None when the build does not measure stages.

    The benchmark comes from all regions that the reader may see, also when the page shows some of them only.
    """
    if KPI not in definitions or "stage" not in known_dimensions(page.reader, page.scope):
        return None
    raw = kpi_frame(
        page.reader,
        page.scope,
        (KPI,),
        SLICE,
        selection.kind,
        selection.start,
        selection.start,
        selection.without("region").filters,
    )
    raw = split_pairs(raw[raw["value"].notna()], "region", "stage")
    if raw.empty:
        return None
    frame = pd.DataFrame(
        {
            "region": raw["region"],
            "stage": raw["stage"],
            "hours": raw["value"].astype(float),
            "cases": raw["denominator"].astype(float),
            "is_place": raw["region"] != UNKNOWN_MEMBER,
        }
    )
    found = stage_excess(frame, definitions[KPI].minimum_n)
    asked = dict(selection.filters).get("region")
    return StageLosses(definitions[KPI], found[found["region"].isin(asked)] if asked else found)


def show_summary(page: Page, losses: StageLosses, selection: Selection) -> None:
    """Say which region loses how many hours at which stage."""
    say = page.phrases
    lost = losses.frame[losses.frame["recoverable"] > 0]
    period = format_period(selection.start, selection.kind, say)
    if lost.empty:
        st.markdown(say("regions.nothing_lost", period=period))
        return
    by_region = lost.groupby("region")["recoverable"].sum().sort_values(ascending=False)
    by_stage = lost.groupby("stage")["recoverable"].sum().sort_values(ascending=False)
    worst = str(by_region.index[0])
    own = lost[lost["region"] == worst].iloc[0]
    lines = [
        say(
            "regions.worst",
            region=plain(_name(page, "region", worst)),
            hours=_hours(page, by_region.iloc[0]),
            period=period,
            stage=plain(_name(page, "stage", own["stage"])),
            stage_hours=_hours(page, own["recoverable"]),
        ),
        say(
            "regions.together",
            hours=_hours(page, by_region.sum()),
            stage=plain(_name(page, "stage", str(by_stage.index[0]))),
            share=format_number(100 * by_stage.iloc[0] / by_stage.sum()),
        ),
    ]
    st.markdown("\n".join(f"- {line}" for line in lines))


def show_heat_map(page: Page, losses: StageLosses) -> None:
    """Draw region by stage; a click on a cell opens its tickets."""
    say = page.phrases
    measure = choose_segment(
        st.container(),
        "heat",
        say("regions.heat_shows"),
        {name: say(f"regions.heat_{name}") for name in _MEASURES},
        "hours",
    )
    frame = _texts(page, losses.frame).assign(value=losses.frame[measure])
    by_region = frame.groupby("row", sort=False)[["recoverable", "hours"]].sum()
    rows = by_region.sort_values(["recoverable", "hours"], ascending=False).index.tolist()
    stages = known_members(page.reader, page.scope, say, "stage")
    columns = [name for code in stages if (name := _name(page, "stage", code)) in set(frame["column"])]
    columns += [name for name in frame["column"].unique() if name not in columns]
    shown = frame.assign(
        text=[UNKNOWN if pd.isna(value) else format_number(value, 1 if value < 100 else 0) for value in frame["value"]],
        is_judged=frame["cases"] >= losses.definition.minimum_n,
        code=frame["region"] + "|" + frame["stage"],
    )
    titles = {name: say(f"stage_tooltip.{name}") for name in _TITLES}
    keep = ["row", "column", "value", "text", "is_judged", "code", *_TITLES[2:]]
    draw(heat_map, shown[keep], rows, columns, titles, key="stage_heat_map", on_point=_open_cell)
    st.caption(say(f"regions.heat_{measure}_legend", minimum=losses.definition.minimum_n))


def show_losses(page: Page, losses: StageLosses, selection: Selection) -> None:
    """Draw the ranked losses as a table; a click on a row opens its tickets."""
    say = page.phrases
    frame = _texts(page, losses.frame)
    ranked = frame[frame["recoverable"] > 0].reset_index(drop=True)
    if ranked.empty:
        st.markdown(say("regions.no_losses"))
        return
    columns = (
        Column("row", label="slice.region"),
        Column("column", label="slice.stage"),
        Column("recoverable", kind="count", label="column.recoverable_hours"),
        Column("hours", kind="number", label="column.mean_hours"),
        Column("benchmark", kind="number", label="column.benchmark_hours"),
        Column("excess", kind="number", label="column.excess_hours"),
        Column("cases", kind="count", label="column.resolved_cases"),
        Column("benchmark_name", label="column.benchmark_region"),
    )
    show_table(
        page,
        ranked.head(_SHOWN_LOSSES).round({"recoverable": 0}),
        columns,
        "stage_losses",
        on_cell=lambda row, _: _open_cell({"code": f"{ranked['region'][row]}|{ranked['stage'][row]}"}),
    )
    st.caption(say("regions.losses_legend", shown=min(len(ranked), _SHOWN_LOSSES), losses=len(ranked)))
    exported = frame.rename(columns={"row": "region_name", "column": "stage_name"})
    show_download(
        page,
        exported.drop(columns=[f"{name}_text" for name in ("hours", "benchmark", "excess", "recoverable", "cases")]),
        f"stage_losses_{selection.period_code}",
        describe_filters(page, selection.filters),
        describe_period(page, selection),
    )


def _open_cell(point: Mapping[str, Any]) -> None:
    open_drill(Drill(KPI, SLICE, str(point["code"])))


def _texts(page: Page, frame: pd.DataFrame) -> pd.DataFrame:
    def hours(values: "pd.Series[Any]") -> list[str]:
        return [_hours(page, value) for value in values]

    region = {code: _name(page, "region", code) for code in {*frame["region"], *frame["benchmark_region"].dropna()}}
    stage = {code: _name(page, "stage", code) for code in frame["stage"].unique()}
    return frame.assign(
        row=frame["region"].map(region),
        column=frame["stage"].map(stage),
        benchmark_name=frame["benchmark_region"].map(region).fillna(UNKNOWN),
        hours_text=hours(frame["hours"]),
        benchmark_text=hours(frame["benchmark"]),
        excess_text=hours(frame["excess"]),
        recoverable_text=hours(frame["recoverable"]),
        cases_text=[format_number(cases) for cases in frame["cases"]],
    )


def _name(page: Page, dimension: str, code: str) -> str:
    return member_name(page, code, known_members(page.reader, page.scope, page.phrases, dimension))


def _hours(page: Page, value: float) -> str:
    return UNKNOWN if pd.isna(value) else format_value(float(value), "hours", page.phrases)
