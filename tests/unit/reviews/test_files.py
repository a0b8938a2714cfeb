"""Files of a review: formats, names, whole or not at all, and a catalogue three times as long."""

from dataclasses import replace
from pathlib import Path

import pytest

from reviews import files
from reviews.deck import deck_bytes
from reviews.model import Review
from reviews.phrases import LANGUAGES
from tests.unit.reviews.reading_back import slides
from tests.unit.reviews.test_deck import test_everything_lies_on_the_slide_and_text_fits_its_place as assert_fits
from warehouse.errors import QueryError


@pytest.mark.parametrize(
    ("text", "formats"), [("pptx,xlsx", ("pptx", "xlsx")), (" XLSX ", ("xlsx",)), ("xlsx,xlsx", ("xlsx",))]
)
def test_formats(text: str, formats: tuple[str, ...]) -> None:
    assert files.parse_formats(text) == formats


@pytest.mark.parametrize(("text", "message"), [("pdf", "unknown format 'pdf'; known are pptx, xlsx"), (",", "one of")])
def test_wrong_formats_are_refused(text: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        files.parse_formats(text)


def test_a_file_is_written_under_its_name_and_replaced(month: Review, tmp_path: Path) -> None:
    target = files.write_review(month, "en", "xlsx", tmp_path / "new")
    assert target.name == "review-2025-10.en.xlsx"
    first = target.read_bytes()
    assert first.startswith(b"PK")
    target.write_bytes(b"old")
    files.write_review(month, "en", "xlsx", tmp_path / "new")
    assert len(target.read_bytes()) == len(first)
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_a_failure_leaves_the_old_file_and_no_leftovers(month: Review, tmp_path: Path, monkeypatch) -> None:
    old = tmp_path / "review-2025-10.en.pptx"
    old.write_bytes(b"old")
    monkeypatch.setattr(files, "render", lambda *_: (_ for _ in ()).throw(RuntimeError("no")))
    with pytest.raises(RuntimeError):
        files.write_review(month, "en", "pptx", tmp_path)
    assert old.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [old]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_three_times_as_long_still_fits(month: Review, language: str) -> None:
    long = [
        replace(row, definition=replace(row.definition, key=f"{row.definition.key}_{copy}"))
        for copy in range(3)
        for row in sorted(month.achievements, key=lambda row: row.definition.family)
    ]
    deck = deck_bytes(replace(month, achievements=tuple(sorted(long, key=lambda row: row.definition.family))), language)
    assert len(slides(deck)) > len(slides(deck_bytes(month, language)))
    assert_fits(deck)
