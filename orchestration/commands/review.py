"""`aftercare review`."""

from pathlib import Path

from orchestration.commands.output import say
from reviews.files import parse_formats
from reviews.phrases import LANGUAGES
from reviews.writing import write_reviews
from warehouse.errors import QueryError
from warehouse.settings import Language, load_settings


def run_review(period: str, formats: str, output: Path | None, language: str | None, build: str | None) -> None:
    """Write the review of a period in the asked formats and languages, and print the files.

    Raises QueryError for a wrong period, format or language, BuildError without a build, SettingsError when the
    folder cannot be written.
    """
    settings = load_settings()
    folder = output or settings.home / "reviews"
    for file in write_reviews(settings, period, parse_formats(formats), folder, _languages(language), build):
        say(str(file))


def _languages(asked: str | None) -> tuple[Language, ...]:
    if asked is None:
        return LANGUAGES
    found = tuple(language for language in LANGUAGES if language == asked)
    if not found:
        raise QueryError(f"unknown language {asked!r}; known are {', '.join(LANGUAGES)}")
    return found
