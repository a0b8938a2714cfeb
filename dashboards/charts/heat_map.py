"""Regions against stages: one cell per pair, the darker the more hours."""

import altair as alt
import pandas as pd

from dashboards.charts import palette
from dashboards.charts.drawing import clickable
from dashboards.charts.rows import row_layout

_ROW_HEIGHT = 25
_AXIS = 72
_DARK_ENOUGH_FOR_WHITE = 0.55
_PALE = 0.3


def heat_map(frame: pd.DataFrame, rows: list[str], columns: list[str], titles: dict[str, str]) -> alt.LayerChart:
    """Return a chart of `row`, `column`, `value` (colour, missing is blank), `text`, `code`, `is_judged`, and tooltips.

    Cells that are not judged are pale and do not set the scale. `rows` and `columns` are the names in order.
    A click on a cell reports its `code`.
    """
    most = float(frame.loc[frame["is_judged"], "value"].max())
    span = most if most > 0 else 1.0
    depth = (frame["value"] / span).clip(upper=1.0)
    is_dark = frame["is_judged"] & (depth > _DARK_ENOUGH_FOR_WHITE)
    frame = frame.assign(
        depth=depth,
        opacity=frame["is_judged"].map({True: 1.0, False: _PALE}),
        text_colour=[
            palette.HOLLOW if dark else palette.TEXT if judged else palette.MUTED_TEXT
            for dark, judged in zip(is_dark, frame["is_judged"], strict=True)
        ],
    )
    x = alt.X(
        "column:N",
        sort=columns,
        title=None,
        scale=alt.Scale(domain=columns, paddingInner=0.04),
        axis=alt.Axis(
            orient="top",
            labelAngle=-38,
            labelAlign="left",
            ticks=False,
            domain=False,
            labelLimit=96,
            labelOverlap=False,
            labelColor=palette.TEXT,
        ),
    )
    y = alt.Y(
        "row:N",
        sort=rows,
        title=None,
        scale=alt.Scale(domain=rows, paddingInner=0.06),
        axis=alt.Axis(
            ticks=False,
            domain=False,
            labelLimit=110,
            labelOverlap=False,
            labelFlush=False,
            labelBound=False,
            labelColor=palette.TEXT,
        ),
    )
    tooltip = [alt.Tooltip(f"{name}:N", title=titles[name]) for name in titles]
    cells = (
        alt.Chart(frame)
        .mark_rect(cornerRadius=2, cursor="pointer")
        .encode(
            x=x,
            y=y,
            color=alt.Color("depth:Q", scale=alt.Scale(domain=[0, 1], range=palette.SEQUENCE), legend=None),
            opacity=alt.Opacity("opacity:Q", scale=None, legend=None),
            tooltip=tooltip,
        )
    )
    texts = (
        alt.Chart(frame)
        .mark_text(fontSize=11, cursor="pointer")
        .encode(x=x, y=y, text="text:N", color=alt.Color("text_colour:N", scale=None), tooltip=tooltip)
    )
    top = alt.Chart(frame).mark_rect(opacity=0, cursor="pointer").encode(x=x, y=y, tooltip=tooltip)
    layers = alt.layer(cells, texts, clickable(top, "code")).resolve_scale(color="independent")
    return layers.properties(**row_layout(len(rows), _ROW_HEIGHT, axis=_AXIS)).configure_view(stroke=None)
