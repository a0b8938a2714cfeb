"""Texts: both languages complete, every key that pages use exists, no words outside the texts."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from dashboards.language import LANGUAGES, TEXTS_DIR, load_texts

PACKAGE = TEXTS_DIR.parent
MODULES = sorted(PACKAGE.rglob("*.py"))

#: Calls whose first argument is a key of the texts.
_PHRASE_CALLS = {"say", "phrases"}

_CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
_PROSE = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")


def test_languages_have_the_same_keys() -> None:
    first, *others = (set(load_texts(language)) for language in LANGUAGES)
    for other in others:
        assert first == other


def test_languages_have_the_same_placeholders() -> None:
    first, *others = (load_texts(language) for language in LANGUAGES)
    for other in others:
        for key, text in first.items():
            assert _placeholders(text) == _placeholders(other[key]), key


def test_chinese_texts_are_chinese() -> None:
    english, chinese = load_texts("en"), load_texts("zh-CN")
    words = {key: re.sub(r"\{.*?\}", "", text) for key, text in english.items()}
    same = {key for key in english if english[key] == chinese[key] and re.search("[A-Za-z]{2,}", words[key])}
    assert same == {"app.title", "language.en"}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_keys_in_use_exist(module: Path) -> None:
    known = load_texts("en")
    for key in _keys_in(module):
        assert key in known, key


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_words_outside_the_texts(module: Path) -> None:
    source = module.read_text(encoding="utf-8")
    assert not _CHINESE.search(source)
    if module.parent.name == "queries":
        return  # SQL
    prose = [text for text in _strings_in(ast.parse(source)) if _PROSE.search(text)]
    assert prose == []


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _keys_in(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        first = node.args[0]
        if name in _PHRASE_CALLS and isinstance(first, ast.Constant):
            yield str(first.value)


def _strings_in(tree: ast.Module) -> Iterator[str]:
    """Yield the string literals of a module that are neither docstrings nor for the log or a type checker."""
    skipped = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            skipped.add(id(node.body[0].value))  # type: ignore[attr-defined]
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "exception":
            skipped.update(id(argument) for argument in node.args)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.value
