"""One KPI over time, in steps of the chosen period, weeks or days."""

from datetime import date

import pandas as pd
import streamlit as st

from dashboards import periods
from dashboards.charts.drawing import draw
from dashboards.charts.trend import trend
from dashboards.exports import show_download
from dashboards.filters import Selection, describe_filters, describe_period
from dashboards.formatting import axis_format, format_period, format_value
from dashboards.judgement import KpiDefinition, KpiPoint
from dashboards.page import Page
from dashboards.periods import PeriodKind
from dashboards.queries.kpis import kpi_frame, points_by_kpi
from dashboards.url_state import choose_segment
from dashboards.wording import interval_text, n_text, remarks, target_text

#: How far a trend looks back from the end of the chosen period, per step.
_STEPS_BACK = {
    PeriodKind.DAY: 91,
    PeriodKind.WEEK: 53,
    PeriodKind.MONTH: 25,
    PeriodKind.QUARTER: 13,
    PeriodKind.YEAR: 10,
}

_FINER = (PeriodKind.WEEK, PeriodKind.DAY)


def show_trend(page: Page, definition: KpiDefinition, selection: Selection) -> None:
    """Draw the trend of a KPI up to the chosen period, with its target and interval."""
    say = page.phrases
    steps = (selection.kind, *_FINER)
    step = PeriodKind(
        choose_segment(
            st.container(),
            "step",
            say("trend.step"),
            {str(kind): say(f"period_kind.{kind}") for kind in steps},
            str(selection.kind),
        )
    )
    last = periods.containing(periods.last_day(selection.start, selection.kind), step)
    first = periods.shift(last, step, 1 - _STEPS_BACK[step])
    raw = kpi_frame(page.reader, page.scope, (definition.key,), "total", step, first, last, selection.filters)
    history = points_by_kpi(raw).get(definition.key, {})
    known = [start for start, point in history.items() if point.value is not None]
    if not known:
        st.info(say("trend.empty"), icon=":material/show_chart:")
        return
    frame = _chart_frame(page, definition, history, step, min(known), last)
    titles = {name: say(f"tooltip.{name}") for name in _TOOLTIPS}
    draw(trend, frame, titles, axis_format(definition.unit), key="trend_chart")
    st.caption(_legend(page, definition, frame))
    show_download(
        page,
        raw.assign(kpi=definition.label),
        f"trend_{definition.key}",
        describe_filters(page, selection.filters),
        describe_period(page, selection),
    )


_TOOLTIPS = ("period_text", "value_text", "interval_text", "target_text", "n_text", "remark")


def _chart_frame(
    page: Page, definition: KpiDefinition, history: dict[date, KpiPoint], step: PeriodKind, first: date, last: date
) -> pd.DataFrame:
    say = page.phrases
    rows = []
    start = first
    while start <= last:
        point = history.get(start)
        rows.append(
            {
                "period": periods.code(start, step),
                "period_text": format_period(start, step, say),
                "value": point.value if point else None,
                "low": point.low if point else None,
                "high": point.high if point else None,
                "target": point.target if point else None,
                "is_complete": bool(point and point.is_complete),
                "value_text": format_value(point.value if point else None, definition.unit, say),
                "interval_text": interval_text(point, definition, say) if point else "",
                "target_text": target_text(point, definition, say) if point else "",
                "n_text": n_text(point, say) if point else "",
                "remark": say("common.semicolon").join(remarks(point, definition, say)) if point else "",
            }
        )
        start = periods.shift(start, step, 1)
    return pd.DataFrame(rows).astype({"value": float, "low": float, "high": float, "target": float})


def _legend(page: Page, definition: KpiDefinition, frame: pd.DataFrame) -> str:
    say = page.phrases
    parts = [say("legend.line", unit=say(f"unit_name.{definition.unit}"))]
    if frame["low"].notna().any():
        parts.append(say("legend.band"))
    if frame["target"].notna().any():
        parts.append(say("legend.target"))
    if not frame.loc[frame["value"].notna(), "is_complete"].all():
        parts.append(say("legend.hollow"))
    return say("common.dot").join(parts)
