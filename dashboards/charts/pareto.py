"""Members by size with the cumulative share: how few of them make up most."""

import altair as alt
import pandas as pd

from dashboards.charts import palette
from dashboards.charts.rows import clickable_rows, names_axis, row_layout

_ROW_HEIGHT = 24
_AXIS = 20
_ROOM = 1.02
_MARK = 0.8


def pareto(frame: pd.DataFrame, titles: dict[str, str]) -> alt.LayerChart:
    """Return a chart of `code`, `member`, `count`, `cumulative` (0 to 1), `count_text`, `is_vital`, `is_chosen`.

    Rows stay in the order of the frame. Bars are counts, the line is the cumulative share on the axis above, the dashed
    line stands at 80 %. A click anywhere in a row reports its `code`.
    """
    members = frame["member"].tolist()
    frame = frame.assign(bar_colour=frame["is_vital"].map({True: palette.BAR, False: palette.MUTED}))
    y = names_axis("member", members, 140)
    most = float(frame["count"].max()) or 1.0
    counts = alt.X("count:Q", axis=None, scale=alt.Scale(domain=[0, most * 1.12], nice=False))
    shares = alt.X(
        "cumulative:Q",
        title=None,
        axis=alt.Axis(orient="top", format="%", values=[0, 0.2, 0.4, 0.6, 0.8, 1], grid=False, ticks=False),
        scale=alt.Scale(domain=[0, _ROOM], nice=False),
    )
    tooltip = [alt.Tooltip(f"{name}:N", title=titles[name]) for name in titles]
    bars = alt.Chart(frame).mark_bar(height=14, cornerRadiusEnd=2)
    bars = bars.encode(x=counts, y=y, color=alt.Color("bar_colour:N", scale=None))
    texts = (
        alt.Chart(frame)
        .mark_text(align="left", dx=4, fontSize=11, color=palette.TEXT)
        .encode(x=counts, y=y, text="count_text:N")
    )
    chosen = (
        alt.Chart(frame[frame["is_chosen"]])
        .mark_bar(height=18, filled=False, stroke=palette.TARGET, strokeWidth=2)
        .encode(x=counts, y=y)
    )
    line = (
        alt.Chart(frame)
        .mark_line(color=palette.TARGET, strokeWidth=1.8, point=alt.OverlayMarkDef(color=palette.TARGET, size=22))
        .encode(x=shares, y=y, order=alt.Order("position:Q"))
    )
    mark = (
        alt.Chart(pd.DataFrame({"cumulative": [_MARK]}))
        .mark_rule(color=palette.TARGET, strokeDash=[4, 4], opacity=0.6)
        .encode(x=shares)
    )
    whole_row = clickable_rows(frame, y, tooltip, _ROW_HEIGHT)
    left = alt.layer(bars, chosen, texts)
    right = alt.layer(mark, line)
    return (
        alt.layer(left, right, whole_row)
        .resolve_scale(x="independent")
        .properties(**row_layout(len(members), _ROW_HEIGHT, axis=_AXIS))
        .configure_view(stroke=None)
    )
