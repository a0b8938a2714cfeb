"""Writing the review of a period: what the command line and the monthly run have in common."""

from collections.abc import Sequence
from pathlib import Path

from reviews.files import write_review
from reviews.period import parse_period
from reviews.review import make_review
from warehouse.errors import SettingsError
from warehouse.reading import reader_of
from warehouse.scope import Scope
from warehouse.settings import Language, Settings


def write_reviews(
    settings: Settings,
    period: str,
    formats: Sequence[str],
    folder: Path,
    languages: Sequence[Language],
    build_id: str | None = None,
) -> list[Path]:
    """Write the review of a period (2025-10, 2025-Q4, 2025) in the formats and languages; returns the files.

    Raises QueryError for a wrong period or one without figures, BuildError without a build, SettingsError when the
    folder cannot be written.
    """
    review = make_review(reader_of(settings, build_id), Scope.everything(), parse_period(period))
    try:
        return [
            write_review(review, language, file_format, folder) for language in languages for file_format in formats
        ]
    except OSError as error:
        raise SettingsError(f"the review cannot be written to {folder}: {error.strerror or error}") from error
