"""The cache of query results: one entry per build, scope and question.

`st.cache_data` is shared by all readers of the server, so the scope is always an argument that it sees. A reader
stands for its build: id and bytes, because two homes may hold the same id.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import streamlit as st

from warehouse.reading import BuildReader
from warehouse.scope import Scope

_P = ParamSpec("_P")
_R = TypeVar("_R")

_ENTRIES_PER_QUERY = 200


def identity_of(reader: BuildReader) -> tuple[str, str, str]:
    """Return what makes the numbers of two readers the same."""
    return (reader.build.build_id, reader.build.run_id, reader.build.sha256)


def _key_of(scope: Scope) -> tuple[str, ...] | None:
    return None if scope.regions is None else tuple(sorted(scope.regions))


def cached_query(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Cache a function `(reader, scope, …)` by build, scope and its other arguments."""
    return st.cache_data(
        show_spinner=False, max_entries=_ENTRIES_PER_QUERY, hash_funcs={BuildReader: identity_of, Scope: _key_of}
    )(function)
