"""The files of a review: which formats there are, what they are called, and writing them whole or not at all."""

import os
from collections.abc import Callable
from pathlib import Path

from reviews.model import Review
from warehouse.errors import QueryError
from warehouse.settings import Language

MIME_TYPES = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FORMATS = tuple(MIME_TYPES)


def parse_formats(text: str) -> tuple[str, ...]:
    """Return the formats of `pptx,xlsx`, each once; raises QueryError for one that does not exist."""
    asked = [part.strip().lower() for part in text.split(",") if part.strip()]
    for name in asked:
        if name not in FORMATS:
            raise QueryError(f"unknown format {name!r}; known are {', '.join(FORMATS)}")
    if not asked:
        raise QueryError(f"--format needs one of {', '.join(FORMATS)}")
    return tuple(dict.fromkeys(asked))


def file_name(review: Review, language: Language, file_format: str) -> str:
    """Return `review-2025-10.zh-CN.pptx`."""
    return f"review-{review.header.period.code}.{language}.{file_format}"


def render(review: Review, language: Language, file_format: str) -> bytes:
    """Return the review as the bytes of a file; the libraries of a format are loaded when it is asked for."""
    return _renderer(file_format)(review, language)


def write_review(review: Review, language: Language, file_format: str, folder: Path) -> Path:
    """Write one file under a temporary name, then give it its own; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / file_name(review, language, file_format)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(render(review, language, file_format))
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    return target


def _renderer(file_format: str) -> Callable[[Review, Language], bytes]:
    if file_format == "pptx":
        from reviews.deck import deck_bytes

        return deck_bytes
    from reviews.workbook import workbook_bytes

    return workbook_bytes
