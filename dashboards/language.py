"""The words on pages: `texts/<language>.yml`, chosen by `?lang=` or else by the settings."""

from dataclasses import dataclass
from pathlib import Path

from reviews import phrases
from reviews.phrases import LANGUAGES
from warehouse.settings import Language

__all__ = ["LANGUAGES", "TEXTS_DIR", "Phrases", "load_texts"]

TEXTS_DIR = Path(__file__).resolve().parent / "texts"


def load_texts(language: Language) -> dict[str, str]:
    """Return all texts of one language, keys joined by dots: `overview.title`."""
    return phrases.load_texts(language, TEXTS_DIR)


@dataclass(frozen=True)
class Phrases(phrases.Phrases):
    """The texts of the pages in one language; called with a key and what goes into its braces."""

    @property
    def texts(self) -> dict[str, str]:
        return load_texts(self.language)

    def pick(self, english: str | None, chinese: str | None) -> str:
        """Return the one of two texts from data that is in this language, else the other."""
        first, second = (chinese, english) if self.language == "zh-CN" else (english, chinese)
        return first or second or ""
