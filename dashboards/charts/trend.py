"""A KPI over time with its interval band and its target."""

import altair as alt
import pandas as pd

from dashboards.charts import palette

HEIGHT = 300

_FEW_POINTS, _FEW_POINT_SIZE, _MANY_POINT_SIZE = 30, 55, 16


def trend(frame: pd.DataFrame, titles: dict[str, str], axis_format: str) -> alt.LayerChart:
    """Return a chart of `period` (text, in order), `value`, `low`, `high`, `target` and the texts of the tooltip.

    Numbers are on the scale of the mart (fractions 0 to 1); `axis_format` is a d3 format. Incomplete periods
    are hollow points.
    """
    periods = frame["period"].tolist()
    frame = frame.assign(fill=frame["is_complete"].map({True: palette.VALUE, False: palette.HOLLOW}))
    x = alt.X(
        "period:O",
        sort=periods,
        title=None,
        scale=alt.Scale(domain=periods),
        axis=alt.Axis(labelAngle=0, labelOverlap="greedy", labelSeparation=8, ticks=False, grid=False),
    )
    y_axis = alt.Axis(format=axis_format, gridColor=palette.GRID, domain=False, ticks=False, tickCount=5)
    y = alt.Y("value:Q", title=None, axis=y_axis, scale=alt.Scale(zero=False, nice=True))
    point_size = _FEW_POINT_SIZE if len(frame) <= _FEW_POINTS else _MANY_POINT_SIZE
    tooltip = [
        alt.Tooltip(f"{name}:N", title=titles[name])
        for name in ("period_text", "value_text", "interval_text", "target_text", "n_text", "remark")
    ]
    layers: list[alt.Chart] = []
    if frame["low"].notna().any():
        layers.append(
            alt.Chart(frame)
            .mark_area(color=palette.BAND, opacity=0.45)
            .encode(x=x, y=alt.Y("low:Q", title=None), y2="high:Q")
        )
    if frame["target"].notna().any():
        targets = alt.Chart(frame.dropna(subset=["target"]))
        layers.append(
            targets.mark_line(color=palette.TARGET, strokeDash=[6, 4], strokeWidth=1.6).encode(x=x, y="target:Q")
        )
    layers.append(
        alt.Chart(frame).mark_line(color=palette.VALUE, strokeWidth=2.2).encode(x=x, y=y),
    )
    layers.append(
        alt.Chart(frame)
        .mark_point(
            filled=True,
            opacity=1,
            size=point_size,
            stroke=palette.VALUE,
            strokeWidth=1.6,
        )
        .encode(
            x=x,
            y=y,
            fill=alt.Fill("fill:N", scale=None),
            tooltip=tooltip,
        )
    )
    return alt.layer(*layers).properties(height=HEIGHT).configure_view(stroke=None)
