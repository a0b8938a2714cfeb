"""The small line on a KPI card: the last periods, the present one marked, the target dashed."""

import altair as alt
import pandas as pd

from dashboards.charts import palette

HEIGHT = 56

_CURRENT_SIZE, _EARLIER_SIZE = 60, 12


def sparkline(frame: pd.DataFrame, titles: dict[str, str]) -> alt.LayerChart:
    """Return a chart of `period` (text, in order), `value`, `value_text`, `target` and `is_current`."""
    periods = frame["period"].tolist()
    frame = frame.assign(size=frame["is_current"].map({True: _CURRENT_SIZE, False: _EARLIER_SIZE}))
    x = alt.X("period:O", sort=periods, axis=None, scale=alt.Scale(domain=periods, padding=0.1))
    y = alt.Y("value:Q", axis=None, scale=alt.Scale(zero=False, padding=6))
    tooltip = [
        alt.Tooltip("period:N", title=titles["period"]),
        alt.Tooltip("value_text:N", title=titles["value"]),
    ]
    line = alt.Chart(frame).mark_line(color=palette.VALUE, strokeWidth=1.8).encode(x=x, y=y)
    dots = (
        alt.Chart(frame)
        .mark_point(filled=True, opacity=1, color=palette.VALUE)
        .encode(
            x=x,
            y=y,
            size=alt.Size("size:Q", scale=None),
            tooltip=tooltip,
        )
    )
    layers: list[alt.Chart] = [line, dots]
    if frame["target"].notna().any():
        layers.append(
            alt.Chart(frame.dropna(subset=["target"]))
            .mark_line(color=palette.TARGET, strokeDash=[4, 3], strokeWidth=1.2)
            .encode(x=x, y=alt.Y("target:Q", axis=None))
        )
    return (
        alt.layer(*layers)
        .properties(height=HEIGHT, padding={"left": 2, "right": 2, "top": 2, "bottom": 2})
        .configure_view(stroke=None)
    )
