"""The small line on a KPI card: the last periods, the present one marked, the target dashed."""

import altair as alt

from dashboards.charts import palette

HEIGHT = 56

# filled when it is drawn
_ROWS = alt.NamedData("rows")
_CURRENT_SIZE, _EARLIER_SIZE = 60, 12


def sparkline(period_title: str, value_title: str) -> alt.LayerChart:
    """Return a chart for rows of `period` (text, in order), `value`, `value_text`, `target` and `is_current`."""
    x = alt.X("period:O", sort=None, axis=None, scale=alt.Scale(padding=0.1))
    y = alt.Y("value:Q", axis=None, scale=alt.Scale(zero=False, padding=6))
    line = alt.Chart(_ROWS).mark_line(color=palette.VALUE, strokeWidth=1.8).encode(x=x, y=y)
    dots = (
        alt.Chart(_ROWS)
        .mark_point(filled=True, opacity=1, color=palette.VALUE)
        .encode(
            x=x,
            y=y,
            size=alt.condition("datum.is_current", alt.value(_CURRENT_SIZE), alt.value(_EARLIER_SIZE)),
            tooltip=[alt.Tooltip("period:N", title=period_title), alt.Tooltip("value_text:N", title=value_title)],
        )
    )
    target = (
        alt.Chart(_ROWS)
        .mark_line(color=palette.TARGET, strokeDash=[4, 3], strokeWidth=1.2)
        .encode(x=x, y=alt.Y("target:Q", axis=None))
    )
    return (
        alt.layer(line, dots, target)
        .properties(height=HEIGHT, padding={"left": 2, "right": 2, "top": 2, "bottom": 2})
        .configure_view(stroke=None)
    )
