"""A map of equal tiles: small provinces count as much as large ones."""

import altair as alt
import pandas as pd

from dashboards.charts import palette
from dashboards.charts.drawing import clickable
from dashboards.charts.rows import row_layout

_TILE_HEIGHT = 46
_DARK_ENOUGH_FOR_WHITE = 0.55


def tile_map(frame: pd.DataFrame, titles: dict[str, str]) -> alt.LayerChart:
    """Return a map of `row`, `column`, `short`, `code`, `depth` (0 to 1, missing is grey), `value_text`, `is_chosen`.

    Tiles with a code report it when clicked; the tooltip shows the columns that `titles` names.
    """
    frame = frame.assign(
        text_colour=[
            palette.MUTED_TEXT if code is None else palette.HOLLOW if depth > _DARK_ENOUGH_FOR_WHITE else palette.TEXT
            for code, depth in zip(frame["code"], frame["depth"].fillna(0.0), strict=True)
        ]
    )
    x = alt.X("column:O", axis=None, scale=alt.Scale(paddingInner=0.06))
    y = alt.Y("row:O", axis=None, scale=alt.Scale(domain=list(range(int(frame["row"].max()) + 1)), paddingInner=0.06))
    tooltip = [alt.Tooltip(f"{name}:N", title=titles[name]) for name in titles]
    ours = frame[frame["code"].notna()]
    empty = alt.Chart(frame[frame["code"].isna()]).mark_rect(color=palette.EMPTY, cornerRadius=4).encode(x=x, y=y)
    unknown = alt.Chart(ours[ours["depth"].isna()]).mark_rect(color=palette.MUTED, cornerRadius=4).encode(x=x, y=y)
    known = (
        alt.Chart(ours[ours["depth"].notna()])
        .mark_rect(cornerRadius=4)
        .encode(
            x=x,
            y=y,
            color=alt.Color("depth:Q", scale=alt.Scale(domain=[0, 1], range=palette.SEQUENCE), legend=None),
        )
    )
    chosen = (
        alt.Chart(ours[ours["is_chosen"]])
        .mark_rect(filled=False, stroke=palette.TARGET, strokeWidth=3, cornerRadius=4)
        .encode(x=x, y=y)
    )
    names = (
        alt.Chart(frame)
        .mark_text(fontSize=11, fontWeight=600, dy=-7, limit=70)
        .encode(x=x, y=y, text="short:N", color=alt.Color("text_colour:N", scale=None))
    )
    values = (
        alt.Chart(ours)
        .mark_text(fontSize=10, dy=8, limit=70)
        .encode(x=x, y=y, text="tile_text:N", color=alt.Color("text_colour:N", scale=None))
    )
    top = alt.Chart(ours).mark_rect(opacity=0, cursor="pointer").encode(x=x, y=y, tooltip=tooltip)
    layers = alt.layer(empty, unknown, known, chosen, names, values, clickable(top, "code"))
    return (
        layers.resolve_scale(color="independent")
        .properties(**row_layout(int(frame["row"].max()) + 1, _TILE_HEIGHT))
        .configure_view(stroke=None)
    )
