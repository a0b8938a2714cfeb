"""The words of reviews: `texts/<language>.yml`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

import yaml

from reviews.figure import Words
from warehouse.settings import Language

TEXTS_DIR = Path(__file__).resolve().parent / "texts"

LANGUAGES: tuple[Language, ...] = get_args(Language)


@cache
def load_texts(language: Language, folder: Path = TEXTS_DIR) -> dict[str, str]:
    """Return all texts of one language in a folder, keys joined by dots: `slide.summary`."""
    loaded = yaml.safe_load((folder / f"{language}.yml").read_text(encoding="utf-8"))
    return dict(_flatten(loaded))


def _flatten(tree: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in tree.items():
        if isinstance(value, dict):
            pairs += _flatten(value, f"{prefix}{key}.")
        else:
            pairs.append((f"{prefix}{key}", str(value)))
    return pairs


@dataclass(frozen=True)
class Phrases:
    """The texts of one language; called with a key and what goes into its braces."""

    language: Language

    @property
    def texts(self) -> dict[str, str]:
        """All texts of the language by key."""
        return load_texts(self.language)

    def __call__(self, key: str, **values: object) -> str:
        """Return a text; raises KeyError for a key that is in no file (a test looks for those)."""
        return self.texts[key].format(**values) if values else self.texts[key]

    def code(self, group: str, code: str | None) -> str:
        """Return the word for a code from data, or the code itself when it is new to the texts; `none` for no code."""
        return self("common.none") if code is None else self.texts.get(f"{group}.{code}", code)

    def word(self, words: Words) -> str:
        """Return a name from data in this language."""
        return words.in_language(self.language)

    def listed(self, parts: "list[str]") -> str:
        """Join the parts of an enumeration."""
        return self("common.comma").join(parts)

    def sentences(self, *parts: str) -> str:
        """Join sentences; Chinese needs no space between them."""
        return ("" if self.language == "zh-CN" else " ").join(part for part in parts if part)
