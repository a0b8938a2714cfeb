"""Reading decks back: their words, tables and charts, independently of how they were written."""

import io
import re
from collections.abc import Iterator
from typing import Any

from pptx import Presentation

NUMBER = re.compile(r"[−-]?[\d,]+(?:\.\d+)?")


def slides(deck: bytes) -> list[Any]:
    return list(Presentation(io.BytesIO(deck)).slides)


def tables(slide: Any) -> Iterator[list[list[str]]]:
    """Yield the tables of a slide as rows of texts."""
    for shape in slide.shapes:
        if shape.has_table:
            yield [[cell.text_frame.text for cell in row.cells] for row in shape.table.rows]


def charts(slide: Any) -> Iterator[Any]:
    for shape in slide.shapes:
        if shape.has_chart:
            yield shape.chart


def texts(slide: Any) -> Iterator[str]:
    """Yield every text of a slide: boxes, tables, charts with titles, categories and series."""
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield shape.text_frame.text
    for table in tables(slide):
        for row in table:
            yield from row
    for chart in charts(slide):
        if chart.has_title:
            yield chart.chart_title.text_frame.text
        for plot in chart.plots:
            yield from map(str, plot.categories)
            yield from (series.name for series in plot.series)


def number(text: str) -> float | None:
    """Return the first number of a text as it is written, None for a dash."""
    found = NUMBER.search(text)
    return float(found[0].replace(",", "").replace("−", "-")) if found else None
