"""The members of a slice side by side: bars with interval whiskers and the target line."""

import altair as alt
import pandas as pd

from dashboards.charts import palette
from dashboards.charts.rows import clickable_rows, names_axis, row_layout

_ROW_HEIGHT = 24
_LABEL_ROOM = 1.3


def ranking(frame: pd.DataFrame, titles: dict[str, str]) -> alt.LayerChart:
    """Return a chart of `code`, `member`, `value`, `low`, `high`, `target`, `is_ranked` and the texts of the tooltip.

    Every bar carries its value as text, so there is no axis. A click anywhere in a row reports its `code`.
    Members appear in the order of the frame; those with too few cases are grey.
    """
    members = frame["member"].tolist()
    frame = frame.assign(
        bar_colour=frame["is_ranked"].map({True: palette.BAR, False: palette.MUTED}),
        text_colour=frame["is_ranked"].map({True: palette.TEXT, False: palette.MUTED_TEXT}),
    )
    y = names_axis("member", members, 130)
    x = alt.X("value:Q", axis=None, scale=alt.Scale(domain=_domain(frame), nice=False))
    tooltip = [
        alt.Tooltip(f"{name}:N", title=titles[name])
        for name in ("member", "value_text", "interval_text", "target_text", "n_text", "remark")
    ]
    bars = (
        alt.Chart(frame)
        .mark_bar(height=13, cornerRadiusEnd=2)
        .encode(
            x=x,
            y=y,
            color=alt.Color("bar_colour:N", scale=None),
            tooltip=tooltip,
        )
    )
    labels = (
        alt.Chart(frame)
        .mark_text(align="right", fontSize=11)
        .encode(
            x=alt.value("width"),
            y=y,
            text="value_text:N",
            color=alt.Color("text_colour:N", scale=None),
        )
    )
    layers: list[alt.Chart] = [bars, labels]
    if frame["low"].notna().any():
        layers.append(
            alt.Chart(frame.dropna(subset=["low", "high"]))
            .mark_rule(color=palette.TEXT, strokeWidth=1.2)
            .encode(x=alt.X("low:Q"), x2="high:Q", y=y)
        )
    if frame["target"].notna().any():
        layers.append(
            alt.Chart(frame.dropna(subset=["target"]))
            .mark_tick(color=palette.TARGET, thickness=2, height=19)
            .encode(x="target:Q", y=y)
        )
    whole_row = clickable_rows(frame, y, tooltip, _ROW_HEIGHT)
    layers.append(whole_row)
    return alt.layer(*layers).properties(**row_layout(len(members), _ROW_HEIGHT)).configure_view(stroke=None)


def _domain(frame: pd.DataFrame) -> list[float]:
    """Return where the axis begins and ends: 0 is on it, and the values at the right edge are clear of everything."""
    lowest = min(float(frame[["value", "low", "target"]].min().min()), 0.0)
    longest = max(float(frame[["value", "high", "target"]].max().max()), 0.0)
    span = longest - lowest
    return [lowest, lowest + span * _LABEL_ROOM] if span > 0 else [0.0, 1.0]
