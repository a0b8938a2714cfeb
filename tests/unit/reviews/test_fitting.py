"""Room for text: Chinese is wide, words are not cut, long tables go on."""

import pytest

from reviews.slides.chart_parts import axis_range
from reviews.slides.fitting import count_lines, text_width
from reviews.slides.table import Cell, Column, header_height, pages, row, row_height


def test_chinese_is_about_twice_as_wide_as_letters() -> None:
    assert text_width("首次响应", 10) == pytest.approx(4 * 10, rel=0.05)
    assert text_width("abcd", 10) < text_width("首次响应", 10) * 0.6
    assert text_width("bold", 10, bold=True) > text_width("bold", 10)


def test_words_go_to_the_next_line_and_chinese_breaks_anywhere() -> None:
    assert count_lines("", 50, 10) == 1
    assert count_lines("one two", 100, 10) == 1
    assert count_lines("one two", text_width("one tw", 10), 10) == 2
    assert count_lines("首次响应及时率", 41.7, 10) == 2
    assert count_lines("first\nsecond", 100, 10) == 2
    assert count_lines("x" * 100, 50, 10) >= 10


COLUMNS = [Column("name", 2.0), Column("value", 1.0, is_number=True)]


def test_rows_are_as_high_as_their_longest_cell() -> None:
    assert row_height(row("short", "1"), COLUMNS) < row_height(
        row("a name that needs more than one line", "1"), COLUMNS
    )


def test_tables_are_split_where_the_page_ends_and_repeat_their_heading() -> None:
    lines = [row(Cell("family")), *(row(f"kpi {number}", "1") for number in range(30))]
    height = header_height(COLUMNS) + 10 * row_height(lines[1], COLUMNS)
    found = pages(lines, COLUMNS, height)
    assert [len(page) for page in found] == [10, 10, 10, 4]
    assert all(page[0].is_heading for page in found)
    shown = [line.cells[0].text for page in found for line in page if not line.is_heading]
    assert shown == [f"kpi {number}" for number in range(30)]


def test_families_stay_together_if_they_can() -> None:
    lines = []
    for family in range(3):
        lines += [row(Cell(f"family {family}")), *(row(f"kpi {family} {n}", "1") for n in range(4))]
    height = header_height(COLUMNS) + 8 * row_height(lines[1], COLUMNS)
    assert [page[0].cells[0].text for page in pages(lines, COLUMNS, height)] == ["family 0", "family 1", "family 2"]


@pytest.mark.parametrize(
    ("values", "most", "low", "high"),
    [
        ([14.1, 18.9], None, 12.0, 20.0),
        ([0.94, 0.999], 1.0, 0.92, 1.0),
        ([3.0], None, 2.5, 3.5),
        ([0.0, 0.0], None, 0.0, 0.5),
    ],
)
def test_axes_have_round_ends_around_the_values(
    values: list[float], most: float | None, low: float, high: float
) -> None:
    start, end, step = axis_range(values, most)
    assert start <= min(values)
    assert end >= max(values)
    assert start >= 0
    assert step > 0
    assert (start / step) == pytest.approx(round(start / step))
