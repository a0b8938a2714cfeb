"""What native charts have in common: data, title, axes, labels. Their numbers lie in an embedded workbook."""

import math
from collections.abc import Sequence
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_LEGEND_POSITION
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from reviews.slides import theme
from reviews.slides.elements import Box

#: The name of a series and its values; None is a gap.
Series = tuple[str, Sequence[float | None]]

_SIZE = 10
_TICKS = 4
_ROOM = 0.12
_MOST_LABELS = 8


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


def _round_step(step: float) -> float:
    """Return the smallest of 1, 2, 2.5, 5, 10 times a power of ten that is not below the step."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(nice * power for nice in (1, 2, 2.5, 5, 10) if nice * power >= step * (1 - 1e-9))


def chart_data(categories: Sequence[str], series: Sequence[Series], number_format: str) -> CategoryChartData:
    """Return categories and series for the embedded workbook."""
    data = CategoryChartData(number_format=number_format)
    data.categories = categories
    for name, values in series:
        data.add_series(name, values)
    return data


def add_chart(slide: Any, kind: Any, box: Box, data: CategoryChartData) -> Any:
    """Add a native chart with our font size and colour; returns it."""
    place = (Inches(value) for value in (box.left, box.top, box.width, box.height))
    chart = slide.shapes.add_chart(kind, *place, data).chart
    chart.font.size = Pt(_SIZE)
    chart.font.color.theme_color = theme.TEXT
    return chart


def set_title(chart: Any, text: str) -> None:
    """Set the title of a chart."""
    chart.has_title = True
    frame = chart.chart_title.text_frame
    frame.text = text
    run = frame.paragraphs[0].runs[0]
    run.font.size, run.font.bold = Pt(_SIZE + 1), True
    run.font.color.theme_color = theme.TEXT
    chart.chart_title.include_in_layout = False


def show_legend(chart: Any) -> None:
    """Show the legend below a chart."""
    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.BOTTOM
    chart.legend.include_in_layout = False
    chart.legend.font.size = Pt(_SIZE)


def style_value_axis(chart: Any, number_format: str, low: float, high: float, step: float) -> None:
    """Give the value axis its ends, steps, thin grid lines and number format."""
    axis = chart.value_axis
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = low, high, step
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = theme.RULE
    axis.major_gridlines.format.line.width = Pt(0.5)
    axis.format.line.fill.background()
    axis.tick_labels.font.size = Pt(_SIZE - 1)
    axis.tick_labels.number_format = _axis_format(number_format, step)
    axis.tick_labels.number_format_is_linked = False


def _axis_format(number_format: str, step: float) -> str:
    """Return the format with no more decimals than the steps need."""
    if number_format.endswith("%"):
        return "0%" if abs(step * 100 - round(step * 100)) < 1e-9 else "0.0%"
    return "#,##0" if abs(step - round(step)) < 1e-9 else "#,##0.0" if step * 10 >= 1 else "#,##0.00"


def hide_value_axis(chart: Any) -> None:
    """Hide the value axis of a chart whose marks carry their values."""
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False


def style_category_axis(chart: Any, *, reverse: bool = False) -> None:
    """Style the category axis; its labels stay horizontal."""
    axis = chart.category_axis
    axis.reverse_order = reverse
    axis.format.line.color.rgb = theme.RULE
    axis.tick_labels.font.size = Pt(_SIZE - 1)
    axis.has_major_gridlines = False
    properties = axis._element.find(f".//{qn('a:bodyPr')}")
    properties.set("rot", "0")
    properties.set("vert", "horz")


def skip_labels(chart: Any, count: int) -> None:
    """Name every second period where all would not fit; of an odd number the last one is named, too."""
    if count > _MOST_LABELS:
        skip = theme.make_element("c:tickLblSkip", val="2")
        chart.category_axis._element.find(qn("c:noMultiLvlLbl")).addprevious(skip)


def show_labels(plot: Any, number_format: str, position: Any) -> None:
    """Write the values at the marks."""
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked = number_format, False
    labels.position = position
    labels.show_value = True
    labels.font.size = Pt(_SIZE - 1)
    labels.font.color.theme_color = theme.TEXT


def fill(format_: Any, colour: Any) -> None:
    """Fill a shape with a theme colour."""
    format_.fill.solid()
    format_.fill.fore_color.theme_color = colour
