"""Causes by size, those that make up four fifths marked, each with the cumulative share up to it."""

import altair as alt
import pandas as pd

from dashboards.charts import palette
from dashboards.charts.rows import row_layout

_ROW_HEIGHT = 24
_ROOM = 1.5


def vital_few_chart(frame: pd.DataFrame, titles: dict[str, str]) -> alt.LayerChart:
    """Return a chart of `member`, `count`, `count_text`, `share_text`, `is_vital`, in the order of the frame."""
    members = frame["member"].tolist()
    frame = frame.assign(colour=frame["is_vital"].map({True: palette.BAR, False: palette.MUTED}))
    scale = alt.Scale(domain=[0, float(frame["count"].max()) * _ROOM], nice=False)
    x = alt.X("count:Q", axis=None, scale=scale)
    y = alt.Y("member:N", sort=members, title=None, axis=alt.Axis(labelLimit=150, ticks=False, domain=False))
    tooltip = [alt.Tooltip(f"{name}:N", title=title) for name, title in titles.items()]
    bars = alt.Chart(frame).mark_bar(height=14, cornerRadiusEnd=2)
    bars = bars.encode(x=x, y=y, color=alt.Color("colour:N", scale=None), tooltip=tooltip)
    counts = alt.Chart(frame).mark_text(align="left", dx=4, fontSize=11, color=palette.TEXT)
    counts = counts.encode(x=x, y=y, text="count_text:N")
    shares = alt.Chart(frame).mark_text(align="right", fontSize=11, color=palette.MUTED_TEXT)
    shares = shares.encode(x=alt.value("width"), y=y, text="share_text:N")
    layout = row_layout(len(members), _ROW_HEIGHT)
    return alt.layer(bars, counts, shares).properties(**layout).configure_view(stroke=None)
