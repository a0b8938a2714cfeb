"""How much room text takes, estimated without fonts, so that nothing runs over the edge of a slide.

Widths are those of Arial in thousandths of the font size (Adobe AFM of Helvetica, which has the same ones), rounded up
into classes; East Asian characters are as wide as the font is high.
"""

from itertools import pairwise

#: Set in every paragraph, because fonts with Chinese differ in theirs.
_LINE_SPACING = 1.22
_POINTS_PER_INCH = 72
_FIRST_WIDE = 0x2E80
_BOLD = 1.07
_SAFETY = 1.04
_SCRIPT_GAP = 0.25

_NARROW = frozenset("ilj.,:;!'()[]/ Itfr-")
_BROAD = frozenset("mwMWGOQ%@—")
#: Symbols that Chinese fonts draw as wide as characters.
_WIDE_SYMBOLS = frozenset("▲▼✓✗→≥≤−×÷")
_NARROW_WIDTH, _USUAL_WIDTH, _CAPITAL_WIDTH, _BROAD_WIDTH = 0.31, 0.556, 0.70, 0.88

#: Characters that may not begin a line in Chinese.
_NO_LINE_START = frozenset("，。；：、！？）》」%")


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of one line in points."""
    width = (sum(_letter_width(letter) for letter in text) + _SCRIPT_GAP * _script_changes(text)) * size * _SAFETY
    return width * _BOLD if bold else width


def count_lines(text: str, width: float, size: float, *, bold: bool = False) -> int:
    """Return how many lines the text takes in a width in points; words break at spaces, Chinese anywhere."""
    lines = 0
    for paragraph in text.split("\n"):
        lines += 1
        used = 0.0
        before = ""
        for piece in _pieces(paragraph):
            needed = text_width(piece, size, bold=bold) + _SCRIPT_GAP * size * _script_changes(before + piece[0])
            before = piece[-1]
            if used and used + text_width(piece.rstrip(), size, bold=bold) > width:
                lines += 1
                used = 0.0
            while needed > width:
                lines += 1
                needed -= width
            used += needed
    return lines


def text_height(text: str, width: float, size: float, *, bold: bool = False) -> float:
    """Return the height of the text in points."""
    return count_lines(text, width, size, bold=bold) * line_height(size)


def line_height(size: float) -> float:
    """Return the height of a line in points."""
    return size * _LINE_SPACING


def inches(points: float) -> float:
    return points / _POINTS_PER_INCH


def points(inches_: float) -> float:
    return inches_ * _POINTS_PER_INCH


def _script_changes(text: str) -> int:
    """Count the places where Chinese meets letters or digits, which programs set apart."""
    return sum(
        (ord(left) >= _FIRST_WIDE) != (ord(right) >= _FIRST_WIDE) and " " not in (left, right)
        for left, right in pairwise(text)
    )


def _is_wide(letter: str) -> bool:
    return ord(letter) >= _FIRST_WIDE or letter in _WIDE_SYMBOLS


def _letter_width(letter: str) -> float:
    if _is_wide(letter):
        return 1.0
    if letter in _BROAD:
        return _BROAD_WIDTH
    if letter in _NARROW:
        return _NARROW_WIDTH
    return _CAPITAL_WIDTH if letter.isupper() else _USUAL_WIDTH


def _pieces(text: str) -> list[str]:
    """Split into what cannot be broken: words with the space behind them, single Chinese characters."""
    pieces: list[str] = []
    word = ""
    for letter in text:
        if ord(letter) >= _FIRST_WIDE:
            if word:
                pieces.append(word)
                word = ""
            if letter in _NO_LINE_START and pieces:
                pieces[-1] += letter
            else:
                pieces.append(letter)
        elif letter == " ":
            pieces.append(word + letter)
            word = ""
        else:
            word += letter
    return [*pieces, word] if word else pieces
