"""Two values per member on one line, the gap between them drawn."""

import altair as alt
import pandas as pd

from dashboards.charts import palette
from dashboards.charts.drawing import clickable
from dashboards.charts.rows import names_axis, row_layout

_ROW_HEIGHT = 26
_AXIS_AND_LEGEND = 66


def pairs(frame: pd.DataFrame, sides: list[str], titles: dict[str, str], axis_format: str) -> alt.LayerChart:
    """Return a chart of `code`, `member`, `side`, `value`, `is_judged` and the texts of the tooltip, two rows a member.

    `sides` are the two names of the legend; the second is drawn as a diamond, points of few cases are pale. A click on
    a point reports its `code` and `side`.
    """
    members = frame["member"].drop_duplicates().tolist()
    y = names_axis("member", members, 140, grid=True, gridColor=palette.GRID)
    axis = alt.Axis(format=axis_format, gridColor=palette.GRID, domain=False, ticks=False, tickCount=5, orient="top")
    x = alt.X("value:Q", title=None, axis=axis, scale=alt.Scale(zero=True, nice=True))
    legend = alt.Legend(orient="bottom", title=None, symbolOpacity=1)
    tooltip = [alt.Tooltip(f"{name}:N", title=titles[name]) for name in titles]
    gaps = frame.pivot_table(index="member", columns="side", values="value", aggfunc="first").reindex(columns=sides)
    gaps = gaps.dropna().reset_index().set_axis(["member", "one", "other"], axis="columns")
    rules = (
        alt.Chart(gaps)
        .mark_rule(strokeWidth=3, color=palette.BAND)
        .encode(x=alt.X("one:Q", title=None), x2="other:Q", y=y)
    )
    points = (
        alt.Chart(frame.assign(opacity=frame["is_judged"].map({True: 1.0, False: 0.35})))
        .mark_point(filled=True, size=95, cursor="pointer")
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "side:N", scale=alt.Scale(domain=sides, range=[palette.VALUE, palette.TARGET]), legend=legend
            ),
            shape=alt.Shape("side:N", scale=alt.Scale(domain=sides, range=["circle", "diamond"]), legend=legend),
            opacity=alt.Opacity("opacity:Q", scale=None, legend=None),
            tooltip=tooltip,
        )
    )
    return (
        alt.layer(rules, clickable(points, "code", "side_code"))
        .properties(**row_layout(len(members), _ROW_HEIGHT, axis=_AXIS_AND_LEGEND))
        .configure_view(stroke=None)
    )
