"""The Pareto chart: columns and, on an axis of their own, the line of their cumulative share."""

from collections.abc import Sequence
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn

from reviews.slides import theme
from reviews.slides.chart_parts import (
    add_chart,
    axis_range,
    fill,
    set_title,
    show_labels,
    show_legend,
    style_category_axis,
    style_value_axis,
)
from reviews.slides.elements import Box


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
    chart = add_chart(slide, XL_CHART_TYPE.COLUMN_CLUSTERED, box, data)
    set_title(chart, title)
    show_legend(chart)
    chart.plots[0].gap_width = 35
    style_value_axis(chart, "#,##0", 0, *_counts_range(counts[1]))
    style_category_axis(chart)
    fill(chart.plots[0].series[0].format, theme.BAR)
    show_labels(chart.plots[0], "#,##0", XL_LABEL_POSITION.OUTSIDE_END)
    _move_to_line(chart)
    return chart


def _counts_range(counts: Sequence[float]) -> tuple[float, float]:
    _, end, step = axis_range([0, *counts], None)
    return end, step


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
