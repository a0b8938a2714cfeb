"""The regions on a map of tiles, coloured by a KPI; a click chooses the region to look at."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboards.charts.drawing import draw
from dashboards.charts.tile_layout import lay_out
from dashboards.charts.tile_map import tile_map
from dashboards.formatting import UNKNOWN, display_number, format_number, format_value
from dashboards.judgement import KpiDefinition
from dashboards.page import Page
from dashboards.panels.member_rows import Row
from dashboards.queries.members import UNKNOWN_MEMBER
from dashboards.url_state import write

PARAMETER = "focus"

#: The best region is still a shade darker than a region without a value.
_LEAST_DEPTH = 0.08


def show_region_map(page: Page, definition: KpiDefinition, rows: Sequence[Row], focus: str | None) -> None:
    """Draw the tiles of the regions, the darker the worse (for KPIs without a direction: the more)."""
    say = page.phrases
    by_code = {row.code: row for row in rows}
    depths = tile_depths(rows, definition)
    tiles = lay_out(
        {row.code: row.name for row in rows if row.code != UNKNOWN_MEMBER}, "short_" + say.language.split("-")[0]
    )
    frame = pd.DataFrame(
        [
            {
                "row": tile.row,
                "column": tile.column,
                "short": tile.short,
                "code": tile.code,
                "depth": depths.get(tile.code or ""),
                "is_chosen": tile.code is not None and tile.code == focus,
                "member": row.name if row else tile.short,
                "tile_text": _short(row, definition),
                "value_text": format_value(row.now.value, definition.unit, say) if row else UNKNOWN,
                "n_text": format_number(row.now.n) if row else "",
                "remark": row.remark if row else "",
            }
            for tile in tiles
            for row in [by_code.get(tile.code or "")]
        ]
    ).astype({"depth": float})
    titles = {name: say(f"tooltip.{name}") for name in ("member", "value_text", "n_text", "remark")}
    draw(tile_map, frame, titles, key="region_map", on_point=_choose)
    st.caption(
        say("common.dot").join(
            [
                say("regions.map_more" if definition.direction == "neutral" else "regions.map_worse"),
                say("regions.map_grey"),
                say("regions.map_click"),
            ]
        )
    )


def tile_depths(rows: Sequence[Row], definition: KpiDefinition) -> dict[str, float]:
    """Return 0 to 1 per ranked region: 1 is the worst one, or the largest when no direction is better."""
    values = {row.code: row.now.value for row in rows if row.is_ranked and row.now.value is not None}
    if not values:
        return {}
    low, high = min(values.values()), max(values.values())
    span = high - low
    shares = {code: (value - low) / span if span else 0.5 for code, value in values.items()}
    if definition.direction == "higher":
        shares = {code: 1 - share for code, share in shares.items()}
    return {code: _LEAST_DEPTH + (1 - _LEAST_DEPTH) * share for code, share in shares.items()}


def _short(row: Row | None, definition: KpiDefinition) -> str:
    value = display_number(row.now.value, definition.unit) if row else None
    if value is None:
        return ""
    return format_number(value, 0 if definition.unit == "count" or abs(value) >= 100 else 1)


def _choose(point: Mapping[str, Any]) -> None:
    write(PARAMETER, str(point["code"]))
