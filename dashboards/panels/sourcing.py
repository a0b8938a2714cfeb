"""In-house against outsourced work: all KPIs, and one KPI per region."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboards.charts.drawing import draw
from dashboards.charts.pairs import pairs
from dashboards.drill import Drill, open_drill
from dashboards.exports import show_download
from dashboards.filters import Selection, describe_filters, describe_period
from dashboards.formatting import axis_format, format_number, format_value
from dashboards.judgement import KpiDefinition, KpiPoint, is_too_few
from dashboards.page import Page, section
from dashboards.panels.member_rows import member_name
from dashboards.panels.side_by_side import Side, show_side_by_side
from dashboards.queries.catalogue import known_dimensions
from dashboards.queries.kpis import kpi_frame, points_by_kpi_and_member
from dashboards.queries.members import known_members
from dashboards.slices import split_pairs
from dashboards.url_state import choose_one
from dashboards.wording import remarks

SLICE = "employment"
PAIR = "region__employment"
SIDES = ("in_house", "outsourced")

#: What the comparison per region shows at first: the first of these that the build has values of.
_FIRST_CHOICES = ("cost_per_ticket", "first_time_fix_rate", "onsite_response_hours", "csat_score")


def show_sourcing(page: Page, definitions: Sequence[KpiDefinition], selection: Selection) -> None:
    """Draw both comparisons, or say that the build does not know who is outsourced."""
    say = page.phrases
    asked = [definition for definition in definitions if definition.is_for(SLICE, selection.kind)]
    points = _points(page, asked, selection)
    sides = [Side(code, say(f"employment.{code}"), points.get(code, {})) for code in SIDES]
    valued = [d for d in asked if all((p := side.points.get(d.key)) and p.value is not None for side in sides)]
    if not valued:
        st.info(say("sourcing.unknown"), icon=":material/handshake:")
        return
    st.caption(say("sourcing.like_for_like"))
    show_side_by_side(page, asked, SLICE, sides[0], sides[1], selection)
    with section(page, "sourcing_regions"):
        st.markdown(f"##### {say('sourcing.by_region')}")
        by_key = {definition.key: definition for definition in valued}
        first = next((key for key in _FIRST_CHOICES if key in by_key), valued[0].key)
        labels = {key: definition.label for key, definition in by_key.items()}
        chosen = choose_one(st.container(), "sourcing_kpi", say("sourcing.choose_kpi"), labels, first, width=420)
        _show_regions(page, by_key[chosen], selection)


def _points(
    page: Page, definitions: Sequence[KpiDefinition], selection: Selection
) -> Mapping[str, Mapping[str, KpiPoint]]:
    """Return the points by employment and KPI; none when rows of this build are not told apart by employment."""
    if SLICE not in known_dimensions(page.reader, page.scope) or not definitions:
        return {}
    keys = tuple(definition.key for definition in definitions)
    start = selection.start
    frame = kpi_frame(page.reader, page.scope, keys, SLICE, selection.kind, start, start, selection.filters)
    return points_by_kpi_and_member(frame)


def _show_regions(page: Page, definition: KpiDefinition, selection: Selection) -> None:
    say = page.phrases
    start = selection.start
    raw = kpi_frame(page.reader, page.scope, (definition.key,), PAIR, selection.kind, start, start, selection.filters)
    frame = _region_frame(page, definition, raw)
    if frame.empty:
        st.info(say("sourcing.no_regions"), icon=":material/handshake:")
        return
    titles = {name: say(f"tooltip.{name}") for name in ("member", "value_text", "n_text", "remark")}
    titles = {"side": say("slice.employment"), **titles}
    names = [say(f"employment.{side}") for side in SIDES]

    def drill(point: Mapping[str, Any]) -> None:
        open_drill(Drill(definition.key, PAIR, f"{point['code']}|{point['side_code']}"))

    draw(pairs, frame, names, titles, axis_format(definition.unit), key="sourcing_regions", on_point=drill)
    st.caption(say("sourcing.legend"))
    show_download(
        page,
        frame[["code", "member", "side_code", "value", "n", "low", "high", "remark"]].assign(kpi_key=definition.key),
        f"sourcing_{definition.key}",
        describe_filters(page, selection.filters),
        describe_period(page, selection),
    )


def _region_frame(page: Page, definition: KpiDefinition, raw: pd.DataFrame) -> pd.DataFrame:
    """Return one row per region and side for the regions where both kinds of staff work, widest gap first."""
    say = page.phrases
    rows = split_pairs(raw, "region", "side_code")
    rows = rows[rows["side_code"].isin(SIDES) & rows["value"].notna()]
    both = rows.groupby("region")["side_code"].nunique() == len(SIDES)
    rows = rows[rows["region"].isin(both[both].index)]
    if rows.empty:
        return rows
    regions = known_members(page.reader, page.scope, say, "region")
    values = rows.pivot_table(index="region", columns="side_code", values="value")
    gap = (values[SIDES[1]] - values[SIDES[0]]).sort_values(ascending=definition.direction == "higher")
    by_code = {
        code: points_by_kpi_and_member(own.assign(slice_value=own["side_code"])) for code, own in rows.groupby("region")
    }
    drawn = []
    for region in gap.index:
        for side in SIDES:
            point = by_code[region][side][definition.key]
            drawn.append(
                {
                    "code": region,
                    "member": member_name(page, str(region), regions),
                    "side": say(f"employment.{side}"),
                    "side_code": side,
                    "value": point.value,
                    "low": point.low,
                    "high": point.high,
                    "n": point.n,
                    "is_judged": not is_too_few(point, definition),
                    "value_text": format_value(point.value, definition.unit, say),
                    "n_text": format_number(point.n),
                    "remark": say("common.semicolon").join(remarks(point, definition, say)),
                }
            )
    return pd.DataFrame(drawn).astype({"low": float, "high": float})
