"""Which comments are dissatisfied: a list of terms, harmless phrases first (decision 11, seeds/comment_terms.csv)."""

import re
from collections.abc import Iterable

from tests.reading.tables import Row


class CommentTerms:
    """The terms as patterns: dissatisfied ones, and harmless phrases from the longest to the shortest."""

    def __init__(self, rows: Iterable[Row]) -> None:
        terms = [(str(row["term"]).lower(), row["kind"]) for row in rows]
        harmless = sorted((term for term, kind in terms if kind == "harmless"), key=len, reverse=True)
        self._harmless = [_pattern(term) for term in harmless]
        self._dissatisfied = [_pattern(term) for term, kind in terms if kind == "dissatisfied"]

    def is_dissatisfied(self, comment: str) -> bool:
        """True where a dissatisfied term is left when the harmless phrases are taken out."""
        text = comment.lower()
        for pattern in self._harmless:
            # a space keeps what stood before and after a phrase from becoming a word
            text = pattern.sub(" ", text)
        return any(pattern.search(text) for pattern in self._dissatisfied)


def _pattern(term: str) -> re.Pattern[str]:
    """A term that begins or ends with a Latin letter begins or ends a word there."""
    before = r"\b" if re.match("[a-z]", term) else ""
    after = r"\b" if re.search("[a-z]$", term) else ""
    return re.compile(f"{before}{re.escape(term)}{after}", re.ASCII)
