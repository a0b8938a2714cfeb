"""What the wizard says about its findings, in both languages."""

from dataclasses import dataclass
from typing import Literal

#: `decide` stops the loader until a person has chosen; `guess` and `assumption` load, but somebody should look.
Kind = Literal["certain", "guess", "assumption", "decide", "open"]


@dataclass(frozen=True)
class Note:
    """One sentence about a finding."""

    kind: Kind
    en: str
    zh: str

    def text(self, language: str) -> str:
        """Return the sentence in a language of the product."""
        return self.zh if language == "zh-CN" else self.en
