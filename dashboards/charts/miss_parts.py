"""What members add to a missed target and what they take from it: bars to both sides of zero."""

import altair as alt
import pandas as pd

from dashboards.charts import palette
from dashboards.charts.rows import row_layout

_ROW_HEIGHT = 24
_ROOM = 0.22


def miss_parts_chart(frame: pd.DataFrame, titles: dict[str, str]) -> alt.LayerChart:
    """Return a chart of `member`, `part`, `part_text`, `value_text`, in the order of the frame.

    Parts that add to the miss are orange and point right, parts that take from it are blue and point left.
    """
    members = frame["member"].tolist()
    frame = frame.assign(
        colour=[palette.TARGET if part >= 0 else palette.BAR for part in frame["part"]],
        anchor=frame["part"].clip(lower=0),
    )
    low, high = min(float(frame["part"].min()), 0.0), max(float(frame["part"].max()), 0.0)
    room = _ROOM * ((high - low) or 1.0)
    scale = alt.Scale(domain=[low, high + room], nice=False)
    x = alt.X("part:Q", axis=None, scale=scale)
    y = alt.Y("member:N", sort=members, title=None, axis=alt.Axis(labelLimit=150, ticks=False, domain=False))
    tooltip = [alt.Tooltip(f"{name}:N", title=title) for name, title in titles.items()]
    bars = alt.Chart(frame).mark_bar(height=14, cornerRadiusEnd=2)
    bars = bars.encode(x=x, y=y, color=alt.Color("colour:N", scale=None), tooltip=tooltip)
    labels = alt.Chart(frame).mark_text(align="left", dx=4, fontSize=11, color=palette.TEXT)
    labels = labels.encode(x=alt.X("anchor:Q", axis=None, scale=scale), y=y, text="part_text:N")
    return alt.layer(bars, labels).properties(**row_layout(len(members), _ROW_HEIGHT)).configure_view(stroke=None)
