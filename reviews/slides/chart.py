"""Native charts, editable in PowerPoint: their numbers lie in an embedded workbook."""

import math
from collections.abc import Sequence
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from reviews.slides import theme
from reviews.slides.elements import Box

SIZE = 10
#: The name of a series and its values; None is a gap.
Series = tuple[str, Sequence[float | None]]

SERIES_COLOURS = (theme.VALUE, theme.TARGET, theme.BAR, theme.QUIET)

_TICKS = 4
_ROOM = 0.12
_LABEL_ROOM = 0.22
_MOST_LABELS = 8


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
    data = _data(categories, series, number_format)
    chart = _add(slide, XL_CHART_TYPE.LINE_MARKERS, box, data)
    _title(chart, title)
    chart.has_legend = False
    values = [value for _, numbers in series for value in numbers if value is not None]
    low, high, step = axis_range(values, most)
    _value_axis(chart, number_format, low, high, step)
    _category_axis(chart)
    _skip_labels(chart, len(categories))
    line = chart.plots[0].series[0]
    line.smooth = False
    line.format.line.width = Pt(2)
    line.format.line.color.theme_color = theme.VALUE
    line.marker.style, line.marker.size = XL_MARKER_STYLE.CIRCLE, 6
    _fill(line.marker.format, theme.VALUE)
    line.marker.format.line.color.theme_color = theme.VALUE
    others = iter(list(chart.plots[0].series)[1:])
    if target is not None:
        _style_target(next(others))
    if not_final is not None:
        _style_not_final(next(others))
    return chart


def add_bars(slide: Any, box: Box, title: str, name: str, bars: Sequence[tuple[str, float]], number_format: str) -> Any:
    """Draw horizontal bars from top to bottom: what adds to a miss in orange, what takes from it in blue."""
    data = _data([label for label, _ in bars], [(name, [value for _, value in bars])], number_format)
    chart = _add(slide, XL_CHART_TYPE.BAR_CLUSTERED, box, data)
    _title(chart, title)
    chart.has_legend = False
    chart.plots[0].gap_width = 45
    _hide_value_axis(chart)
    low, high = min(0.0, *(value for _, value in bars)), max(0.0, *(value for _, value in bars))
    room = _LABEL_ROOM * ((high - low) or 1.0)
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = low - (room if low < 0 else 0), high + room
    _category_axis(chart, reverse=True)
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    series = chart.plots[0].series[0]
    series.invert_if_negative = False
    _fill(series.format, theme.TARGET)
    for position, (_, value) in enumerate(bars):
        if value < 0:
            _fill(series.points[position].format, theme.BAR)
    _labels(chart.plots[0], number_format, XL_LABEL_POSITION.OUTSIDE_END)
    return chart


def add_columns(
    slide: Any, box: Box, title: str, categories: Sequence[str], series: Sequence[Series], number_format: str
) -> Any:
    """Draw columns side by side per category, at most as many series as there are colours, with a legend."""
    chart = _add(slide, XL_CHART_TYPE.COLUMN_CLUSTERED, box, _data(categories, series, number_format))
    _title(chart, title)
    _legend(chart)
    chart.plots[0].gap_width = 60
    chart.plots[0].overlap = -5
    _hide_value_axis(chart)
    chart.value_axis.minimum_scale = 0
    _category_axis(chart)
    for shown, colour in zip(chart.plots[0].series, SERIES_COLOURS, strict=False):
        _fill(shown.format, colour)
    _labels(chart.plots[0], number_format, XL_LABEL_POSITION.OUTSIDE_END)
    return chart


def add_pareto(
    slide: Any,
    box: Box,
    title: str,
    categories: Sequence[str],
    counts: tuple[str, Sequence[float]],
    cumulative: tuple[str, Sequence[float]],
) -> Any:
    """Draw columns of counts and the line of their cumulative share on a second axis from 0 to 100 %."""
    data = CategoryChartData()
    data.categories = categories
    data.add_series(*counts, number_format="#,##0")
    data.add_series(*cumulative, number_format="0%")
    chart = _add(slide, XL_CHART_TYPE.COLUMN_CLUSTERED, box, data)
    _title(chart, title)
    _legend(chart)
    chart.plots[0].gap_width = 35
    _value_axis(chart, "#,##0", 0, *_counts_range(counts[1]))
    _category_axis(chart)
    _fill(chart.plots[0].series[0].format, theme.BAR)
    _labels(chart.plots[0], "#,##0", XL_LABEL_POSITION.OUTSIDE_END)
    _move_to_line(chart)
    return chart


def axis_range(values: Sequence[float], most: float | None) -> tuple[float, float, float]:
    """Return lower end, upper end and step of an axis with round numbers around the values."""
    low, high = min(values), max(values)
    room = (high - low or abs(high) or 1.0) * _ROOM
    step = _round_step((high - low + 2 * room) / _TICKS)
    start = math.floor((low - room) / step) * step
    end = math.ceil((high + room) / step) * step
    if low >= 0:
        start = max(start, 0.0)
    if most is not None and high <= most:
        end = min(end, most)
    return start, end, step


def _counts_range(counts: Sequence[float]) -> tuple[float, float]:
    _, end, step = axis_range([0, *counts], None)
    return end, step


def _round_step(step: float) -> float:
    """Return the smallest of 1, 2, 2.5, 5, 10 times a power of ten that is not below the step."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(nice * power for nice in (1, 2, 2.5, 5, 10) if nice * power >= step * (1 - 1e-9))


def _data(categories: Sequence[str], series: Sequence[Series], number_format: str) -> CategoryChartData:
    data = CategoryChartData(number_format=number_format)
    data.categories = categories
    for name, values in series:
        data.add_series(name, values)
    return data


def _add(slide: Any, kind: Any, box: Box, data: CategoryChartData) -> Any:
    place = (Inches(value) for value in (box.left, box.top, box.width, box.height))
    chart = slide.shapes.add_chart(kind, *place, data).chart
    chart.font.size = Pt(SIZE)
    chart.font.color.theme_color = theme.TEXT
    return chart


def _title(chart: Any, text: str) -> None:
    chart.has_title = True
    frame = chart.chart_title.text_frame
    frame.text = text
    run = frame.paragraphs[0].runs[0]
    run.font.size, run.font.bold = Pt(SIZE + 1), True
    run.font.color.theme_color = theme.TEXT
    chart.chart_title.include_in_layout = False


def _legend(chart: Any) -> None:
    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.BOTTOM
    chart.legend.include_in_layout = False
    chart.legend.font.size = Pt(SIZE)


def _value_axis(chart: Any, number_format: str, low: float, high: float, step: float) -> None:
    axis = chart.value_axis
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = low, high, step
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = theme.RULE
    axis.major_gridlines.format.line.width = Pt(0.5)
    axis.format.line.fill.background()
    axis.tick_labels.font.size = Pt(SIZE - 1)
    axis.tick_labels.number_format = _axis_format(number_format, step)
    axis.tick_labels.number_format_is_linked = False


def _axis_format(number_format: str, step: float) -> str:
    """Return the format with no more decimals than the steps need."""
    if number_format.endswith("%"):
        return "0%" if abs(step * 100 - round(step * 100)) < 1e-9 else "0.0%"
    return "#,##0" if abs(step - round(step)) < 1e-9 else "#,##0.0" if step * 10 >= 1 else "#,##0.00"


def _hide_value_axis(chart: Any) -> None:
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False


def _category_axis(chart: Any, *, reverse: bool = False) -> None:
    axis = chart.category_axis
    axis.reverse_order = reverse
    axis.format.line.color.rgb = theme.RULE
    axis.tick_labels.font.size = Pt(SIZE - 1)
    axis.has_major_gridlines = False
    properties = axis._element.find(f".//{qn('a:bodyPr')}")
    properties.set("rot", "0")
    properties.set("vert", "horz")


def _skip_labels(chart: Any, count: int) -> None:
    """Name every second period where all would not fit; of an odd number the last one is named, too."""
    if count > _MOST_LABELS:
        skip = theme.make_element("c:tickLblSkip", val="2")
        chart.category_axis._element.find(qn("c:noMultiLvlLbl")).addprevious(skip)


def _labels(plot: Any, number_format: str, position: Any) -> None:
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked = number_format, False
    labels.position = position
    labels.show_value = True
    labels.font.size = Pt(SIZE - 1)
    labels.font.color.theme_color = theme.TEXT


def _fill(format_: Any, colour: Any) -> None:
    format_.fill.solid()
    format_.fill.fore_color.theme_color = colour


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
    _fill(series.marker.format, theme.QUIET)
    series.marker.format.line.color.theme_color = theme.VALUE


def _move_to_line(chart: Any) -> None:
    """Move the second series of a column chart to a line chart of its own with a second value axis.

    python-pptx writes charts of one kind only; both series stay in the same embedded workbook.
    """
    plot_area = chart._chartSpace.chart.plotArea
    columns = plot_area.find(qn("c:barChart"))
    second = columns.findall(qn("c:ser"))[1]
    columns.remove(second)
    invert = second.find(qn("c:invertIfNegative"))
    if invert is not None:
        second.remove(invert)
    line = _element(_LINE_CHART)
    line.insert(2, second)
    _style_line(second)
    columns.addnext(line)
    last_axis = plot_area.findall(qn("c:valAx"))[-1]
    for axis in (_element(_SECOND_VALUE_AXIS), _element(_SECOND_CATEGORY_AXIS)):
        last_axis.addnext(axis)


def _style_line(series: Any) -> None:
    text = series.find(qn("c:tx"))
    for element in (_element(_MARKER), _element(_LINE_STYLE)):
        text.addnext(element)
    series.append(theme.make_element("c:smooth", val="0"))


_NAMESPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
_LINE_CHART = """<c:lineChart {ns}><c:grouping val="standard"/><c:varyColors val="0"/>
<c:marker val="1"/><c:axId val="50010"/><c:axId val="50020"/></c:lineChart>"""
_LINE_STYLE = """<c:spPr {ns}><a:ln w="22225"><a:solidFill><a:schemeClr val="accent2"/></a:solidFill></a:ln></c:spPr>"""
_MARKER = """<c:marker {ns}><c:symbol val="circle"/><c:size val="5"/><c:spPr><a:solidFill><a:schemeClr val="accent2"/>
</a:solidFill><a:ln><a:noFill/></a:ln></c:spPr></c:marker>"""
_SECOND_VALUE_AXIS = """<c:valAx {ns}><c:axId val="50020"/><c:scaling><c:orientation val="minMax"/><c:max val="1"/>
<c:min val="0"/></c:scaling><c:delete val="0"/><c:axPos val="r"/><c:numFmt formatCode="0%" sourceLinked="0"/>
<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>
<c:spPr><a:ln><a:noFill/></a:ln></c:spPr><c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="900"/></a:pPr>
<a:endParaRPr lang="en-US"/></a:p></c:txPr><c:crossAx val="50010"/><c:crosses val="max"/>
<c:majorUnit val="0.2"/></c:valAx>"""
_SECOND_CATEGORY_AXIS = """<c:catAx {ns}><c:axId val="50010"/><c:scaling><c:orientation val="minMax"/></c:scaling>
<c:delete val="1"/><c:axPos val="b"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>
<c:tickLblPos val="nextTo"/><c:crossAx val="50020"/><c:crosses val="autoZero"/></c:catAx>"""


def _element(text: str) -> Any:
    return parse_xml(text.format(ns=_NAMESPACES))
