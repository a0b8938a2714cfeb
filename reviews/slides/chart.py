"""Native charts, editable in PowerPoint: trends, bars to both sides of zero, columns side by side."""

from collections.abc import Sequence
from typing import Any

from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.util import Pt

from reviews.slides import theme
from reviews.slides.chart_parts import (
    Series,
    add_chart,
    axis_range,
    chart_data,
    fill,
    hide_value_axis,
    set_title,
    show_labels,
    show_legend,
    skip_labels,
    style_category_axis,
    style_value_axis,
)
from reviews.slides.elements import Box

SERIES_COLOURS = (theme.VALUE, theme.TARGET, theme.BAR, theme.QUIET)

_LABEL_ROOM = 0.22


def add_trend(
    slide: Any,
    box: Box,
    title: str,
    categories: Sequence[str],
    value: Series,
    target: Series | None,
    not_final: Series | None,
    number_format: str,
    most: float | None,
) -> Any:
    """Draw a line with markers, a dashed target, and grey markers where values are not final.

    `most` is the largest value there can be.
    """
    series = [shown for shown in (value, target, not_final) if shown is not None]
    data = chart_data(categories, series, number_format)
    chart = add_chart(slide, XL_CHART_TYPE.LINE_MARKERS, box, data)
    set_title(chart, title)
    chart.has_legend = False
    values = [value for _, numbers in series for value in numbers if value is not None]
    low, high, step = axis_range(values, most)
    style_value_axis(chart, number_format, low, high, step)
    style_category_axis(chart)
    skip_labels(chart, len(categories))
    line = chart.plots[0].series[0]
    line.smooth = False
    line.format.line.width = Pt(2)
    line.format.line.color.theme_color = theme.VALUE
    line.marker.style, line.marker.size = XL_MARKER_STYLE.CIRCLE, 6
    fill(line.marker.format, theme.VALUE)
    line.marker.format.line.color.theme_color = theme.VALUE
    others = iter(list(chart.plots[0].series)[1:])
    if target is not None:
        _style_target(next(others))
    if not_final is not None:
        _style_not_final(next(others))
    return chart


def add_bars(slide: Any, box: Box, title: str, name: str, bars: Sequence[tuple[str, float]], number_format: str) -> Any:
    """Draw horizontal bars from top to bottom: what adds to a miss in orange, what takes from it in blue."""
    data = chart_data([label for label, _ in bars], [(name, [value for _, value in bars])], number_format)
    chart = add_chart(slide, XL_CHART_TYPE.BAR_CLUSTERED, box, data)
    set_title(chart, title)
    chart.has_legend = False
    chart.plots[0].gap_width = 45
    hide_value_axis(chart)
    low, high = min(0.0, *(value for _, value in bars)), max(0.0, *(value for _, value in bars))
    room = _LABEL_ROOM * ((high - low) or 1.0)
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = low - (room if low < 0 else 0), high + room
    style_category_axis(chart, reverse=True)
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    series = chart.plots[0].series[0]
    series.invert_if_negative = False
    fill(series.format, theme.TARGET)
    for position, (_, value) in enumerate(bars):
        if value < 0:
            fill(series.points[position].format, theme.BAR)
    show_labels(chart.plots[0], number_format, XL_LABEL_POSITION.OUTSIDE_END)
    return chart


def add_columns(
    slide: Any, box: Box, title: str, categories: Sequence[str], series: Sequence[Series], number_format: str
) -> Any:
    """Draw columns side by side per category, at most as many series as there are colours, with a legend."""
    chart = add_chart(slide, XL_CHART_TYPE.COLUMN_CLUSTERED, box, chart_data(categories, series, number_format))
    set_title(chart, title)
    show_legend(chart)
    chart.plots[0].gap_width = 60
    chart.plots[0].overlap = -5
    hide_value_axis(chart)
    chart.value_axis.minimum_scale = 0
    style_category_axis(chart)
    for shown, colour in zip(chart.plots[0].series, SERIES_COLOURS, strict=False):
        fill(shown.format, colour)
    show_labels(chart.plots[0], number_format, XL_LABEL_POSITION.OUTSIDE_END)
    return chart


def _style_target(series: Any) -> None:
    series.smooth = False
    series.marker.style = XL_MARKER_STYLE.NONE
    series.format.line.width = Pt(1.5)
    series.format.line.color.theme_color = theme.TARGET
    series.format.line.dash_style = MSO_LINE_DASH_STYLE.DASH


def _style_not_final(series: Any) -> None:
    series.smooth = False
    series.format.line.fill.background()
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 9
    fill(series.marker.format, theme.QUIET)
    series.marker.format.line.color.theme_color = theme.VALUE
