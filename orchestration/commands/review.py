"""`aftercare review`."""

from pathlib import Path

from orchestration.commands.output import say
from reviews.files import parse_formats, write_review
from reviews.period import parse_period
from reviews.phrases import LANGUAGES
from reviews.review import make_review
from warehouse.errors import QueryError, SettingsError
from warehouse.reading import reader_of
from warehouse.scope import Scope
from warehouse.settings import Language, load_settings


def run_review(period: str, formats: str, output: Path | None, language: str | None, build: str | None) -> None:
    """Write the review of a period in the asked formats and languages, and print the files.

    Raises QueryError for a wrong period, format or language, BuildError without a build, SettingsError when the
    folder cannot be written.
    """
    asked_period = parse_period(period)
    asked_formats = parse_formats(formats)
    languages = _languages(language)
    settings = load_settings()
    review = make_review(reader_of(settings, build), Scope.everything(), asked_period)
    folder = output or settings.home / "reviews"
    try:
        for asked_language in languages:
            for file_format in asked_formats:
                say(str(write_review(review, asked_language, file_format, folder)))
    except OSError as error:
        raise SettingsError(f"the review cannot be written to {folder}: {error.strerror or error}") from error


def _languages(asked: str | None) -> tuple[Language, ...]:
    if asked is None:
        return LANGUAGES
    found = tuple(language for language in LANGUAGES if language == asked)
    if not found:
        raise QueryError(f"unknown language {asked!r}; known are {', '.join(LANGUAGES)}")
    return found
