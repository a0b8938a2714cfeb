"""How many tickets each cause explains: bars with their counts, the one that explains nothing in another colour."""

import altair as alt
import pandas as pd

from dashboards.charts import palette
from dashboards.charts.rows import clickable_rows, names_axis, row_layout

_ROW_HEIGHT = 26
_LABEL_ROOM = 1.45


def cause_bars(frame: pd.DataFrame, titles: dict[str, str]) -> alt.LayerChart:
    """Return a chart of `code`, `name`, `tickets`, `text`, `is_unexplained`, `is_chosen`, in the order of the frame.

    A click anywhere in a row reports its `code`; the chosen row is framed.
    """
    frame = frame.assign(colour=frame["is_unexplained"].map({True: palette.TARGET, False: palette.BAR}))
    frame = frame.assign(edge=frame["colour"].where(~frame["is_chosen"].astype(bool), palette.TEXT))
    y = names_axis("name", frame["name"].tolist(), 210)
    most = max(float(frame["tickets"].max()), 1.0)
    x = alt.X("tickets:Q", axis=None, scale=alt.Scale(domain=[0, most * _LABEL_ROOM], nice=False))
    tooltip = [alt.Tooltip(f"{name}:N", title=title) for name, title in titles.items()]
    bars = alt.Chart(frame).mark_bar(height=14, cornerRadiusEnd=2, strokeWidth=1.5)
    bars = bars.encode(
        x=x,
        y=y,
        color=alt.Color("colour:N", scale=None),
        stroke=alt.Stroke("edge:N", scale=None),
        tooltip=tooltip,
    )
    labels = alt.Chart(frame).mark_text(align="right", fontSize=11, color=palette.TEXT)
    labels = labels.encode(x=alt.value("width"), y=y, text="text:N")
    whole_row = clickable_rows(frame, y, tooltip, _ROW_HEIGHT)
    layers = [bars, labels, whole_row]
    return alt.layer(*layers).properties(**row_layout(len(frame), _ROW_HEIGHT)).configure_view(stroke=None)
