"""The deck, read back: its numbers are the answers, its words fit, its charts are native and not empty."""

import zipfile
from io import BytesIO

import pytest
from pptx.util import Emu

from reviews.deck import deck_bytes
from reviews.model import Review
from reviews.phrases import LANGUAGES, Phrases
from reviews.slides.fitting import points, text_height
from tests.unit.reviews.reading_back import charts, number, slides, tables, texts
from warehouse.kpis import KpiQuestion, answer
from warehouse.reading import BuildReader
from warehouse.scope import Scope

_BAD_WORDS = ("nan", "None", "NaN", "null", "inf", "{", "}")


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def deck(review: Review, language: str) -> bytes:
    return deck_bytes(review, language)


def _answers(reader: BuildReader, review: Review, slice_name: str = "total") -> dict[tuple[str, str], dict]:
    period = review.header.period
    frame = answer(
        reader, KpiQuestion((), slice_name, str(period.kind), period.start, period.start), Scope.everything()
    )
    return {(row["kpi_key"], row["slice_value"]): row for row in frame.to_dict("records")}


def _shown(value: float, unit: str) -> float:
    return value * 100 if unit == "fraction" else value


def test_every_kpi_stands_in_a_table_with_the_value_of_the_answer(reader, review, language, deck) -> None:
    say = Phrases(language)
    answers = _answers(reader, review)
    labels = {say.word(row.definition.label): row.definition for row in review.achievements}
    header = say("column.verdict")
    found = {}
    for slide in slides(deck):
        for table in tables(slide):
            if header in table[0]:
                column = {name: position for position, name in enumerate(table[0])}
                for row in table[1:]:
                    if row[0] in labels:
                        found[labels[row[0]].key] = (row, column)
    assert set(found) == {row.definition.key for row in review.achievements}
    for entry in review.achievements:
        definition = entry.definition
        expected = answers.get((definition.key, "all"))
        row, column = found[definition.key]
        for name in ("value", "target", "n"):
            text = row[column[say(f"column.{name}")]]
            value = None if expected is None else expected[name]
            is_absent = value is None or value != value or (expected["value"] != expected["value"] and name == "n")
            if is_absent or (name == "target" and definition.direction == "neutral"):
                assert text == "–", (definition.key, name)
            else:
                unit = "count" if name == "n" else definition.unit
                assert number(text) == pytest.approx(_shown(value, unit), abs=0.0501 if unit != "count" else 0.5)
        if entry.now is None or entry.now.value is None:
            assert row[column[say("column.remark")]]


def test_trend_charts_have_the_values_and_targets_of_the_answers(reader, review, language, deck) -> None:
    say = Phrases(language)
    by_label = {say.word(trend.definition.label): trend for trend in review.trends}
    seen = 0
    for slide in slides(deck):
        for chart in charts(slide):
            if chart.plots[0].series[0].name != say("trends.value"):
                continue
            title = chart.chart_title.text_frame.text
            trend = max(
                (t for label, t in by_label.items() if title.startswith(label)),
                key=lambda t: len(say.word(t.definition.label)),
            )
            kind = str(trend.periods[0].kind)
            question = KpiQuestion(
                (trend.definition.key,), "total", kind, trend.periods[0].start, trend.periods[-1].start
            )
            frame = answer(reader, question, Scope.everything())
            by_start = {row["period_start"].date(): row for row in frame.to_dict("records")}
            expected = [by_start[period.start]["value"] for period in trend.periods]
            assert list(chart.plots[0].categories) == [period.code for period in trend.periods]
            assert list(chart.plots[0].series[0].values) == pytest.approx(expected)
            named = {series.name: list(series.values) for series in chart.plots[0].series}
            if say("trends.target") in named:
                targets = [by_start[period.start]["target"] for period in trend.periods]
                assert named[say("trends.target")] == pytest.approx(targets)
            for value, shown in zip(named.get(say("trends.not_final"), []), expected, strict=False):
                assert value is None or value == pytest.approx(shown)
            seen += 1
    assert seen >= (4 if review.header.period.code != "2024-09" else 1)


def test_charts_of_misses_are_computed_from_the_answers(reader, review, language, deck) -> None:
    say = Phrases(language)
    for slice_name in ("region", "team"):
        moves = {"region": review.regions, "team": review.teams}[slice_name]
        answers = _answers(reader, review, slice_name)
        names = {say.word(move.member.name): move.member.code for kpi in moves.kpis for move in kpi.moves}
        for slide in slides(deck):
            for chart in charts(slide):
                bars = chart.plots[0].series[0]
                if bars.name != say("moves.chart_series") or next(iter(chart.plots[0].categories)) not in names:
                    continue
                title = chart.chart_title.text_frame.text
                kpi = next(kpi for kpi in moves.kpis if say.word(kpi.definition.label) in title)
                total = sum(row["denominator"] for (key, _), row in answers.items() if key == kpi.definition.key)
                sign = -1 if kpi.definition.direction == "higher" else 1
                scale = 100 if kpi.definition.unit == "fraction" else 1
                for name, value in zip(chart.plots[0].categories, bars.values, strict=True):
                    if name not in names:
                        continue
                    row = answers[kpi.definition.key, names[name]]
                    part = sign * scale * (row["numerator"] - kpi.now.target * row["denominator"]) / total
                    assert value == pytest.approx(part)
                assert sum(bars.values) == pytest.approx(scale * kpi.miss)


def test_pareto_is_one_native_chart_of_columns_and_a_line(reader, review, language, deck) -> None:
    say = Phrases(language)
    answers = _answers(reader, review, "root_cause")
    counts = {code: row["value"] for (key, code), row in answers.items() if key == "tickets_created"}
    found = [
        chart for slide in slides(deck) for chart in charts(slide)
        if chart.plots[0].series and chart.plots[0].series[0].name == say("causes.count_axis")
    ]  # fmt: skip
    assert len(found) == 1
    columns, line = found[0].plots
    assert type(columns).__name__ == "BarPlot"
    assert type(line).__name__ == "LinePlot"
    known = sum(count for code, count in counts.items() if code != "unknown")
    assert sum(columns.series[0].values) == known
    running = [sum(columns.series[0].values[: n + 1]) / known for n in range(len(columns.series[0].values))]
    assert list(line.series[0].values) == pytest.approx(running)
    assert max(columns.series[0].values) == max(count for code, count in counts.items() if code != "unknown")


def test_no_chart_is_empty_and_every_one_can_be_edited(deck: bytes) -> None:
    total = 0
    for slide in slides(deck):
        for chart in charts(slide):
            total += 1
            values = [value for plot in chart.plots for series in plot.series for value in series.values]
            assert any(value is not None for value in values)
            assert chart.part.chart_workbook.xlsx_part is not None
    assert total >= 2


def test_no_word_of_the_program_reaches_the_slides(deck: bytes) -> None:
    for slide in slides(deck):
        for text in texts(slide):
            assert not [word for word in _BAD_WORDS if word in text.split() or (word in "{}" and word in text)], text


def test_every_slide_has_title_source_and_number(review: Review, deck: bytes) -> None:
    for position, slide in enumerate(slides(deck), start=1):
        assert slide.shapes.title.text_frame.text.strip()
        by_kind = {shape.placeholder_format.type.name: shape for shape in slide.placeholders}
        footer = by_kind["FOOTER"].text_frame.text
        assert review.header.build_id in footer
        assert "2025-10-31 23:59" in footer
        assert by_kind["SLIDE_NUMBER"].text_frame.text == str(position)


def test_everything_lies_on_the_slide_and_text_fits_its_place(deck: bytes) -> None:
    bottom = 7.5
    for slide in slides(deck):
        for shape in slide.shapes:
            left, top = Emu(shape.left).inches, Emu(shape.top).inches
            width, height = Emu(shape.width).inches, Emu(shape.height).inches
            assert left >= -0.001
            assert left + width <= 13.334
            assert top + height <= bottom
            if shape.has_table:
                _assert_table_fits(shape, top)
            elif shape.has_text_frame and not shape.is_placeholder and shape.text_frame.text:
                needed = sum(
                    text_height(p.text, points(width), p.runs[0].font.size.pt) for p in shape.text_frame.paragraphs
                )
                assert needed <= points(height) * 1.08 + 2, shape.text_frame.text


def _assert_table_fits(shape, top: float) -> None:
    """Every cell has room for its text, and the table ends above the footer."""
    height = 0.0
    for row in shape.table.rows:
        height += Emu(row.height).inches
        for position, cell in enumerate(row.cells):
            if cell.is_merge_origin or cell.is_spanned or not cell.text_frame.text:
                continue
            width = Emu(shape.table.columns[position].width - cell.margin_left - cell.margin_right).inches
            size = cell.text_frame.paragraphs[0].runs[0].font.size.pt
            needed = text_height(cell.text_frame.text, points(width), size)
            assert needed <= points(Emu(row.height - cell.margin_top - cell.margin_bottom).inches) + 0.1
    assert top + height <= 6.95


def test_fonts_have_chinese_and_runs_name_their_language(deck: bytes, language: str) -> None:
    with zipfile.ZipFile(BytesIO(deck)) as archive:
        theme = archive.read("ppt/theme/theme1.xml").decode()
        slide = archive.read("ppt/slides/slide2.xml").decode()
    assert '<a:ea typeface="Microsoft YaHei"/>' in theme
    assert f'lang="{"zh-CN" if language == "zh-CN" else "en-US"}"' in slide


def test_sixteen_to_nine(deck: bytes) -> None:
    from pptx import Presentation

    presentation = Presentation(BytesIO(deck))
    assert presentation.slide_width / presentation.slide_height == pytest.approx(16 / 9, rel=1e-3)
    assert len(presentation.slide_layouts) == 2
