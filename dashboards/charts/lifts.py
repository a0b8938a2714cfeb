"""How many times as often as expected: a point with its interval per pair, on a scale of ratios."""

import altair as alt
import pandas as pd

from dashboards.charts import palette
from dashboards.charts.rows import clickable_rows, names_axis, row_layout

_ROW_HEIGHT = 26
_AXIS = 20


def lifts(frame: pd.DataFrame, titles: dict[str, str]) -> alt.LayerChart:
    """Return a chart of `code`, `member`, `lift`, `low`, `high` (all above 0), `lift_text`, `is_new`.

    New concentrations are orange. The rule stands at 1: as often as expected. A click in a row reports its `code`.
    """
    members = frame["member"].tolist()
    frame = frame.assign(colour=frame["is_new"].map({True: palette.TARGET, False: palette.VALUE}))
    y = names_axis("member", members, 200)
    highest = max(float(frame["high"].max()), 2.0) * 1.6
    scale = alt.Scale(type="log", domain=[0.8, highest], nice=False)
    axis = alt.Axis(format="~g", gridColor=palette.GRID, domain=False, ticks=False, values=[1, 2, 3, 5, 10, 20, 50])
    x = alt.X("lift:Q", title=None, scale=scale, axis=axis)
    tooltip = [alt.Tooltip(f"{name}:N", title=titles[name]) for name in titles]
    colour = alt.Color("colour:N", scale=None)
    base = alt.Chart(frame)
    one = alt.Chart(pd.DataFrame({"lift": [1.0]})).mark_rule(color=palette.MUTED_TEXT, strokeDash=[4, 3]).encode(x=x)
    whiskers = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", scale=scale), x2="high:Q", y=y, color=colour)
    points = base.mark_point(filled=True, opacity=1, size=70).encode(x=x, y=y, color=colour)
    texts = base.mark_text(align="right", fontSize=11).encode(x=alt.value("width"), y=y, text="lift_text:N")
    whole_row = clickable_rows(frame, y, tooltip, _ROW_HEIGHT)
    return (
        alt.layer(one, whiskers, points, texts, whole_row)
        .properties(**row_layout(len(members), _ROW_HEIGHT, axis=_AXIS))
        .configure_view(stroke=None)
    )
