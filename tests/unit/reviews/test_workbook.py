"""The workbook, read back with another library: numbers are numbers, equal to the answers, stamped on every sheet."""

import io
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from reviews.model import Review
from reviews.numbers import Numbers
from reviews.phrases import LANGUAGES, Phrases
from reviews.workbook import workbook_bytes
from warehouse.kpis import KpiQuestion, answer
from warehouse.reading import BuildReader
from warehouse.scope import Scope

SHEETS = (
    "summary", "achievement", "volumes", "trends", "region", "team", "clear", "causes", "concentration", "quality",
    "definitions",
)  # fmt: skip


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def sheets(review: Review, language: str) -> dict[str, list[list]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(workbook_bytes(review, language)))
    names = {Phrases(language)(f"sheet.{name}"): name for name in SHEETS}
    assert workbook.sheet_names == list(names)
    return {
        names[name]: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in workbook.sheet_names
    }


def _records(rows: list[list], first_label: str) -> list[dict[str, object]]:
    """Return the rows below the header that begins with a label; columns of one name keep the last."""
    start = next(position for position, row in enumerate(rows) if row[0] == first_label and row[1] != "")
    records = []
    for row in rows[start + 1 :]:
        if row[0] == "":
            break
        records.append(dict(zip(rows[start], row, strict=True)))
    return records


def test_volumes_equal_the_answers(reader: BuildReader, review: Review, language: str, sheets) -> None:
    say, period = Phrases(language), review.header.period
    records = _records(sheets["volumes"], say("column.kpi"))
    volumes = {say.word(volume.definition.label): volume for volume in review.volumes}
    found = {(volumes[row[say("column.kpi")]].definition.key, row[say("column.code")]): row for row in records}
    for slice_name in ("total", "case_type"):
        question = KpiQuestion(("tickets_created", "tickets_resolved"), slice_name, str(period.kind), period.start)
        for row in answer(reader, question, Scope.everything()).to_dict("records"):
            if row["period_start"].date() == period.start and row["value"]:
                record = found[row["kpi_key"], row["slice_value"]]
                assert _same(record[Numbers(say, "").period(period)], row["value"])
                volume = volumes[record[say("column.kpi")]]
                own = next(entry for entry in volume.rows if entry.case_type.code == row["slice_value"])
                assert _same(record[say("column.year_per_working_day")], volume.year_change_per_day(own))


def _same(cell: object, value: object) -> bool:
    if value is None or value != value:
        return cell == "–"
    return cell == pytest.approx(value, rel=1e-12)


def test_achievement_equals_the_answers(reader: BuildReader, review: Review, language: str, sheets) -> None:
    say = Phrases(language)
    period = review.header.period
    question = KpiQuestion((), "total", str(period.kind), period.start, period.start)
    answers = {row["kpi_key"]: row for row in answer(reader, question, Scope.everything()).to_dict("records")}
    records = _records(sheets["achievement"], say("column.kpi"))
    directions = {row.definition.key: row.definition.direction for row in review.achievements}
    assert [record[say("column.kpi_key")] for record in records] == list(directions)
    for record in records:
        key = record[say("column.kpi_key")]
        expected = answers.get(key, {})
        for name in ("value", "low", "high"):
            assert _same(record[say(f"column.{name}")], expected.get(name)), (key, name)
        target = None if directions[key] == "neutral" else expected.get("target")
        assert _same(record[say("column.target")], target), key
        if record[say("column.value")] == "–":
            assert record[say("column.remark")]
        else:
            assert record[say("column.n")] == expected["n"]


@pytest.mark.parametrize("slice_name", ["region", "team"])
def test_members_equal_the_answers(reader, review: Review, language: str, sheets, slice_name: str) -> None:
    say = Phrases(language)
    period = review.header.period
    question = KpiQuestion((), slice_name, str(period.kind), period.start, period.start)
    frame = answer(reader, question, Scope.everything())
    answers = {(row["kpi_key"], row["slice_value"]): row["value"] for row in frame.to_dict("records")}
    records = _records(sheets[slice_name], say("column.kpi"))
    assert len(records) > 10
    for record in records:
        value = answers.get((record[say("column.kpi_key")], record[say("column.code")]))
        assert _same(record[say("column.value")], value)
    misses: dict[object, float] = {}
    for record in records:
        part = record[say("column.miss_part")]
        if part != "–":
            key = record[say("column.kpi_key")]
            misses[key] = misses.get(key, 0.0) + part
    moves = {"region": review.regions, "team": review.teams}[slice_name]
    for kpi in moves.kpis:
        if kpi.definition.key in misses:
            assert misses[kpi.definition.key] == pytest.approx(kpi.miss, abs=1e-9)


def test_trends_equal_the_answers(reader: BuildReader, review: Review, language: str, sheets) -> None:
    say = Phrases(language)
    records = _records(sheets["trends"], say("column.kpi"))
    trends = {trend.definition.key: trend for trend in review.trends}
    assert {record[say("column.kpi_key")] for record in records} == set(trends)
    for record in records:
        trend = trends[record[say("column.kpi_key")]]
        question = KpiQuestion(
            (trend.definition.key,),
            "total",
            str(trend.periods[0].kind),
            trend.periods[0].start,
            trend.periods[-1].start,
        )
        frame = answer(reader, question, Scope.everything())
        by_start = {row["period_start"].date(): row["value"] for row in frame.to_dict("records")}
        for period in trend.periods:
            assert _same(record[period.code], by_start.get(period.start))


def test_causes_and_concentrations_equal_the_answers(reader, review: Review, language: str, sheets) -> None:
    say = Phrases(language)
    period = review.header.period
    for slice_name in ("root_cause", "region__root_cause"):
        question = KpiQuestion(("tickets_created",), slice_name, str(period.kind), period.start, period.start)
        frame = answer(reader, question, Scope.everything())
        counts = dict(zip(frame["slice_value"], frame["value"], strict=True))
        if slice_name == "root_cause":
            for record in _records(sheets["causes"], say("column.cause")):
                assert record[say("column.count")] == counts[record[say("column.code")]]
        else:
            for found in review.causes.concentrations:
                assert found.count == counts[f"{found.region.code}|{found.cause.code}"]


def test_every_sheet_is_stamped(review: Review, sheets) -> None:
    for rows in sheets.values():
        stamp = " ".join(str(row[0]) for row in rows[:4])
        assert review.header.build_id in stamp
        assert "2025-10-31 23:59" in stamp
        assert "Asia/Shanghai" in stamp


def test_no_word_of_the_program_reaches_a_cell(sheets) -> None:
    for rows in sheets.values():
        for row in rows:
            for cell in row:
                if isinstance(cell, str):
                    assert not {"nan", "None", "NaN", "null", "inf"} & set(cell.split()), cell
                    assert "{" not in cell


def test_no_text_is_a_formula(month: Review) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook_bytes(month, "en"))) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert "<f>" not in archive.read(name).decode()
