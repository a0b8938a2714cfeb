"""What other systems call our columns and codes: `synonyms.yml`, normalised once, asked by name and by value."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from warehouse.contract import load_contracts

SYNONYMS_FILE = Path(__file__).with_name("synonyms.yml")

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NO_WORD = re.compile(r"[^0-9a-z\u0080-\uffff]+")
_WIDE_MARKS = re.compile(r"[（）()【】\[\]：:、，。/\\·\s]+")
_ORDINAL = re.compile(r"^\d+\s+(?=\D)")
_CUSTOM_SUFFIX = re.compile(r"__c$", re.IGNORECASE)
#: Last words that say what a column holds: `problem id` is no `problem`.
_KINDS = frozenset({"id", "no", "number", "code", "date", "time", "at", "count", "flag", "by", "name"})
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def normal_name(name: str) -> str:
    """Return a column name as lower-case words with one space between them: `OpenedAt` is `opened at`."""
    text = _CUSTOM_SUFFIX.sub("", unicodedata.normalize("NFKC", name).strip())
    text = _CAMEL.sub(" ", text)
    text = _WIDE_MARKS.sub(" ", text.lower())
    return _NO_WORD.sub(" ", text).strip()


def normal_value(value: str) -> str:
    """Return a code's text for comparison: case, width, spaces and hyphens make no difference."""
    text = unicodedata.normalize("NFKC", value).strip().lower()
    return re.sub(r"[\s_\-/]+", " ", text).strip()


def is_chinese(text: str) -> bool:
    """True when a text has Chinese characters."""
    return bool(_CHINESE.search(text))


@dataclass(frozen=True)
class NameMatch:
    """How well a source column's name fits a contract column, 0 to 1, and the synonym that says so."""

    score: float
    synonym: str


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(SYNONYMS_FILE.read_text(encoding="utf-8"))
    return document


@cache
def names_of(contract: str, column: str) -> tuple[str, ...]:
    """Return the normalised names of a contract column, its own first, those of the contract before shared ones."""
    document = _document()
    own = document["columns"].get(contract, {}).get(column, ())
    shared = document["shared"].get(column, ())
    # `opened_at` alone would be taken for two words of any name; the contract's own name is the best synonym
    names = (column, *own, *shared)
    return tuple(dict.fromkeys(normal_name(str(name)) for name in names))


@cache
def values_of(column: str) -> dict[str, str]:
    """Return the codes of a contract column by normalised text."""
    known: dict[str, str] = {}
    for code, texts in _document()["values"].get(column, {}).items():
        for text in (code, *texts):
            known.setdefault(normal_value(str(text)), code)
    return known


def code_of(column: str, value: str) -> str | None:
    """Return the code that a text stands for, None when the vocabulary does not know it."""
    known = values_of(column)
    text = normal_value(value)
    return known.get(text) or known.get(_ORDINAL.sub("", text))


@cache
def _booleans() -> dict[str, bool]:
    return {
        normal_value(str(text)): name == "true" for name, texts in _document()["booleans"].items() for text in texts
    }


def boolean_of(value: str) -> bool | None:
    """Return true or false when a text is known to mean it, else None."""
    return _booleans().get(normal_value(value))


@cache
def _ratings() -> dict[str, int]:
    return {normal_value(str(text)): int(points) for points, texts in _document()["ratings"].items() for text in texts}


def rating_of(value: str) -> int | None:
    """Return the points from 1 to 5 that a word or face of a survey stands for."""
    return _ratings().get(normal_value(value))


def null_markers() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the texts that mean nothing: the strong ones, and those that need the company of other evidence."""
    markers = _document()["null_markers"]
    return tuple(map(str, markers["strong"])), tuple(map(str, markers["weak"]))


def match_name(name: str, contract: str, column: str) -> NameMatch | None:
    """Return how a source column's name fits a contract column; None when it does not."""
    if normal_name(name) in _other_meanings():
        return None
    return _best(normal_name(name), names_of(contract, column))


@cache
def _other_meanings() -> frozenset[str]:
    return frozenset(normal_name(str(text)) for text in _document()["other_meanings"])


@cache
def exact_meanings(name: str) -> frozenset[str]:
    """Return the contract columns, by bare name, whose synonym a source column's name is, letter for letter."""
    return frozenset(
        column
        for contract in load_contracts().values()
        for column in contract.column_names
        if (match := match_name(name, contract.name, column)) and match.score >= 0.9
    )


@cache
def _best(name: str, synonyms: tuple[str, ...]) -> NameMatch | None:
    best: NameMatch | None = None
    for position, synonym in enumerate(synonyms):
        score = _score(name, synonym)
        if score and (position > 0 or score == 1.0):
            # the first synonyms are the usual names; a hundredth of a point orders equals
            found = NameMatch(round(score - 0.002 * min(position, 40), 4), synonym)
            if best is None or found.score > best.score:
                best = found
    return best


def _score(name: str, synonym: str) -> float:
    if name == synonym or name.replace(" ", "") == synonym.replace(" ", ""):
        return 1.0
    if is_chinese(synonym):
        if len(synonym) >= 2 and synonym in name:
            return 0.7 + 0.2 * len(synonym) / len(name)
        return 0.0
    words, wanted = name.split(), synonym.split()
    if words and words[-1] in _KINDS and words[-1] not in wanted:
        return 0.0
    if len(wanted) >= 2 and set(wanted) <= set(words):
        return 0.65 + 0.25 * len(wanted) / len(words)
    if len(wanted) == 1 and len(wanted[0]) >= 4 and words and words[-1] == wanted[0] and len(words) <= 3:
        return 0.6
    if len(wanted) == 1 and len(wanted[0]) >= 5 and wanted[0] in words:
        return 0.5
    return 0.0


def table_score(contract: str, stem: str) -> float:
    """Return how well the name of a file or sheet fits a contract, 0 to 1."""
    name = normal_name(re.sub(r"[\d_.\-]+", " ", stem))
    scores = [0.0]
    for text in _document()["tables"].get(contract, ()):
        word = normal_name(str(text))
        if name == word or name.replace(" ", "") == word.replace(" ", ""):
            scores.append(1.0)
        elif is_chinese(word) and word in name:
            scores.append(0.5 + 0.4 * len(word) / len(name))
        elif not is_chinese(word) and set(word.split()) <= set(name.split()):
            scores.append(0.5 + 0.4 * len(word.split()) / len(name.split()))
        elif len(word) >= 6 and word.replace(" ", "") in name.replace(" ", ""):
            scores.append(0.6)
    return max(scores)


def is_bare_key(name: str) -> bool:
    """True for a column that is called nothing but `Id`, `Number` or the like: the key of whatever the rows are."""
    return normal_name(name) in {normal_name(str(text)) for text in _document()["bare_keys"]}


def history_part(part: str, name: str) -> bool:
    """True when a name is that of a part of a log of field changes: `field`, `old`, `new`, or a field it is about."""
    return normal_name(name) in {normal_name(str(text)) for text in _document()["field_history"][part]}


def system_of(names: tuple[str, ...]) -> str | None:
    """Return the system that has at least three of these column names for its own, None when none does."""
    have = {name.lower() for name in names}
    counts = {
        system: len(have & {str(name).lower() for name in marks}) for system, marks in _document()["systems"].items()
    }
    best = max(counts, key=lambda system: counts[system])
    return best if counts[best] >= 3 else None


def unknown_words() -> list[str]:
    """Return entries of the synonyms file that name no contract, column or code: defects of the file."""
    contracts = load_contracts()
    document = _document()
    wrong = [name for name in document["tables"] if name not in contracts]
    wrong += [name for name in document["shared"] if not any(name in c.column_names for c in contracts.values())]
    for contract, columns in document["columns"].items():
        known = contracts[contract].column_names if contract in contracts else ()
        wrong += [f"{contract}.{column}" for column in columns if column not in known]
    for column, codes in document["values"].items():
        codes_known = {v for c in contracts.values() for col in c.columns if col.name == column for v in col.values}
        wrong += [f"{column}: {code}" for code in codes if code not in codes_known]
    return wrong
