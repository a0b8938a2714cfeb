"""Texts of reviews: both languages complete, every key in use exists, no words outside the texts."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from reviews.phrases import LANGUAGES, TEXTS_DIR, load_texts

MODULES = sorted(TEXTS_DIR.parent.rglob("*.py"))

_CHINESE = re.compile(r"[\u3000-\u9fff]")


def test_languages_have_the_same_keys_and_placeholders() -> None:
    english, chinese = load_texts("en"), load_texts("zh-CN")
    assert set(english) == set(chinese)
    for key, text in english.items():
        assert _placeholders(text) == _placeholders(chinese[key]), key


def test_chinese_texts_are_chinese() -> None:
    english, chinese = load_texts("en"), load_texts("zh-CN")
    words = {key: re.sub(r"\{.*?\}", "", text) for key, text in english.items()}
    same = {key for key in english if english[key] == chinese[key] and re.search("[A-Za-z]{2,}", words[key])}
    assert same == {"stamp.author"}


def test_there_are_no_empty_texts_but_one() -> None:
    for language in LANGUAGES:
        assert [key for key, text in load_texts(language).items() if not text.strip()] == ["change.moved"]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_keys_in_use_exist(module: Path) -> None:
    known = load_texts("en")
    for key in _keys_in(module):
        assert key in known, key


def test_words_are_in_the_texts_only() -> None:
    """Members that data do not name are the one exception: they have no text of their own."""
    found = [path.stem for path in MODULES if _CHINESE.search(re.sub(r"frozenset\(.*\)", "", path.read_text("utf-8")))]
    assert found == ["reading"]


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _keys_in(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        first = node.args[0]
        if name == "say" and isinstance(first, ast.Constant):
            yield str(first.value)
