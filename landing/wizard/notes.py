"""What the wizard says about its findings, in both languages."""

from dataclasses import dataclass
from typing import Literal

#: `decide` stops the loader until a person has chosen; `guess` and `assumption` load, but somebody should look.
Kind = Literal["certain", "guess", "assumption", "decide", "open"]


@dataclass(frozen=True)
class Note:
    """One sentence about a finding; `choices` are the values that a person may take where one must decide."""

    kind: Kind
    en: str
    zh: str
    choices: tuple[str, ...] = ()

    def text(self, language: str) -> str:
        """Return the sentence in a language of the product."""
        return self.zh if language == "zh-CN" else self.en
