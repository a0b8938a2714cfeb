"""Several members over time, one line each."""

import altair as alt
import pandas as pd

from dashboards.charts import palette

_HEIGHT = 300


def lines(frame: pd.DataFrame, members: list[str], titles: dict[str, str], axis_format: str) -> alt.LayerChart:
    """Return a chart of `period` (text, in order), `member`, `value`, `is_complete` and the texts of the tooltip.

    The legend stands below, in the order of `members`; incomplete periods are hollow points.
    """
    periods = frame["period"].drop_duplicates().tolist()
    x = alt.X(
        "period:O",
        sort=periods,
        title=None,
        scale=alt.Scale(domain=periods),
        axis=alt.Axis(labelAngle=0, labelOverlap="greedy", labelSeparation=8, ticks=False, grid=False),
    )
    y = alt.Y(
        "value:Q",
        title=None,
        axis=alt.Axis(format=axis_format, gridColor=palette.GRID, domain=False, ticks=False, tickCount=5),
        scale=alt.Scale(zero=True, nice=True),
    )
    colour = alt.Color(
        "member:N",
        scale=alt.Scale(domain=members, range=palette.SERIES[: len(members)]),
        legend=alt.Legend(orient="bottom", title=None, columns=2, labelLimit=160, symbolType="stroke"),
    )
    tooltip = [alt.Tooltip(f"{name}:N", title=titles[name]) for name in titles]
    drawn = alt.Chart(frame).mark_line(strokeWidth=2).encode(x=x, y=y, color=colour)
    points = alt.Chart(frame[frame["is_complete"]]).mark_point(filled=True, opacity=1, size=34)
    hollow = alt.Chart(frame[~frame["is_complete"]]).mark_point(filled=True, opacity=1, size=34, fill=palette.HOLLOW)
    return (
        alt.layer(
            drawn,
            points.encode(x=x, y=y, color=colour, tooltip=tooltip),
            hollow.encode(x=x, y=y, stroke=colour, tooltip=tooltip),
        )
        .properties(height=_HEIGHT)
        .configure_view(stroke=None)
    )
