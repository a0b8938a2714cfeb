"""`aftercare review` on the demo company: files, sentences of failure, numbers equal to `aftercare kpis`."""

import io
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.command_line import aftercare
from tests.unit.reviews.reading_back import charts, slides, texts


@pytest.fixture(scope="module")
def folder(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("reviews")
    done = aftercare(demo_home, "review", "2025-10", "--output", str(output))
    assert done.code == 0, done.err
    names = [Path(line).name for line in done.out.splitlines()]
    assert names == [
        "review-2025-10.zh-CN.pptx", "review-2025-10.zh-CN.xlsx", "review-2025-10.en.pptx", "review-2025-10.en.xlsx",
    ]  # fmt: skip
    assert sorted(path.name for path in output.iterdir()) == sorted(names)
    return output


@pytest.mark.parametrize(("language", "key", "value"), [("en", "Key", "Value"), ("zh-CN", "代码", "数值")])
def test_the_workbook_equals_the_command_line(
    demo_home: Path, folder: Path, language: str, key: str, value: str
) -> None:
    expected = {
        row["kpi_key"]: row["value"]
        for row in aftercare(
            demo_home, "kpis", "--from", "2025-10-01", "--to", "2025-10-31", "--format", "json"
        ).json
        if row["null_reason"] != "not_in_period"
    }  # fmt: skip
    workbook = CalamineWorkbook.from_filelike(io.BytesIO((folder / f"review-2025-10.{language}.xlsx").read_bytes()))
    rows = workbook.get_sheet_by_index(1).to_python(skip_empty_area=False)
    header = next(position for position, row in enumerate(rows) if key in row)
    columns = {name: position for position, name in enumerate(rows[header])}
    found = {row[columns[key]]: row[columns[value]] for row in rows[header + 1 :]}
    assert set(found) == set(expected)
    for kpi_key, number in expected.items():
        assert found[kpi_key] == ("–" if number is None else pytest.approx(number))


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_deck_is_whole(folder: Path, language: str) -> None:
    deck = (folder / f"review-2025-10.{language}.pptx").read_bytes()
    words = [text for slide in slides(deck) for text in texts(slide)]
    assert not {"nan", "None"} & {word for text in words for word in text.split()}
    assert sum(1 for slide in slides(deck) for _ in charts(slide)) >= 6


@pytest.mark.parametrize("period", ["2025-Q4", "2025"])
def test_quarters_and_years(demo_home: Path, tmp_path: Path, period: str) -> None:
    done = aftercare(demo_home, "review", period, "--format", "pptx", "--language", "en", "--output", str(tmp_path))
    assert done.code == 0, done.err
    assert [path.name for path in tmp_path.iterdir()] == [f"review-{period}.en.pptx"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("2025-13",), "PERIOD is a month 2025-10, a quarter 2025-Q4 or a year 2025, not '2025-13'"),
        (("2025-10", "--format", "doc"), "unknown format 'doc'; known are pptx, xlsx"),
        (("2025-10", "--language", "fr"), "unknown language 'fr'; known are zh-CN, en"),
        (("2025-10", "--build", "gone"), "no published build gone"),
        (("2031-01",), "has no figures for 2031-01; it has them from 2024-08 to 2025-10"),
    ],
)
def test_mistakes_are_one_sentence(demo_home: Path, tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    done = aftercare(demo_home, "review", *arguments, "--output", str(tmp_path))
    assert done.code == 1
    assert sentence in done.err
    assert len(done.err.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_without_a_build_it_says_what_to_do(tmp_path: Path) -> None:
    done = aftercare(tmp_path, "review", "2025-10")
    assert done.code == 1
    assert "nothing has been published yet; run `aftercare refresh`" in done.err
