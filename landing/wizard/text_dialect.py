"""How a text file is to be read: encoding, delimiter and header row, found by evidence that is told."""

import codecs
import csv
import gzip
import io
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from landing.mapping_model import ReadOptions
from landing.refusal import RefusalError
from landing.text_file import damaged_gzip
from landing.wizard.notes import Note

_CHUNK = 4 << 20
_SAMPLE = 1 << 18
_DELIMITERS = (",", "\t", ";", "|")
_NAMES = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}
_NAMES_ZH = {",": "逗号", "\t": "制表符", ";": "分号", "|": "竖线"}
_ROWS_LOOKED_AT = 300
_MAX_PREAMBLE = 30
#: Share of everyday characters (GB 2312 level 1, Big5 level 1) that Chinese text has at least.
_EVERYDAY_SHARE = 0.7


@dataclass(frozen=True)
class Dialect:
    """Options to read a text file with, and why."""

    options: ReadOptions
    notes: tuple[Note, ...]


def find_dialect(path: Path, file_name: str) -> Dialect:
    """Return how to read a text file; raises RefusalError when it is empty or damaged."""
    encoding, encoding_note, sample = _find_encoding(path, file_name)
    text = sample.decode(encoding, errors="ignore").lstrip("\ufeff")
    if len(sample) >= _SAMPLE:
        text = text[: text.rfind("\n") + 1] or text
    if not text.strip():
        raise RefusalError(
            "empty_file",
            f"{file_name}: the file is empty; a header row is the least",
            f"{file_name}：文件为空，至少应有表头",
        )
    delimiter, delimiter_note = _find_delimiter(text)
    skip, skip_note = _find_header(text, delimiter)
    options = ReadOptions(encoding=encoding, delimiter=delimiter, skip=skip)
    return Dialect(options, tuple(note for note in (encoding_note, delimiter_note, skip_note) if note))


def _find_encoding(path: Path, file_name: str) -> tuple[str, Note | None, bytes]:
    sample = _sample(path, file_name)
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", Note("certain", "the file begins with the mark of UTF-16", "文件以 UTF-16 标记开头"), sample
    first_bad = _first_undecodable(path, file_name, "utf-8")
    if first_bad is None:
        return "utf-8", None, sample
    no_utf8_en, no_utf8_zh = f"byte {first_bad} is no UTF-8", f"第 {first_bad} 字节不符合 UTF-8"
    shares = {
        encoding: _everyday_share(sample, encoding)
        for encoding in ("gb18030", "big5")
        if _first_undecodable(path, file_name, encoding) is None
    }
    best = max(shares, key=lambda encoding: shares[encoding], default=None)
    if best and shares[best] >= _EVERYDAY_SHARE:
        share = f"{100 * shares[best]:.0f} %"
        others = [name for name in shares if name != best and shares[name] >= _EVERYDAY_SHARE]
        other_en = f"; {others[0]} would also do, look at the names" if others else ""
        other_zh = f"；{others[0]} 也说得通，请核对列名" if others else ""
        note = Note(
            "guess" if others else "certain",
            f"{no_utf8_en}; as {best} all of it can be read and {share} of the characters are everyday ones{other_en}",
            f"{no_utf8_zh}；按 {best} 可全部读出，{share} 为常用字{other_zh}",
        )
        return best, note, sample
    encoding = _western(sample)
    note = Note(
        "guess",
        f"{no_utf8_en} and this is no Chinese; every byte means something in {encoding}: look at names with accents",
        f"{no_utf8_zh}，也不像中文；{encoding} 下每个字节都有意义，请核对带重音符号的文字",
    )
    return encoding, note, sample


def _western(sample: bytes) -> str:
    """cp1252 has letters and quotes where latin-1 has control characters, which no text has."""
    try:
        sample.decode("cp1252")
    except UnicodeDecodeError:
        return "latin-1"
    return "cp1252"


def _open(path: Path, file_name: str) -> io.BufferedIOBase:
    return gzip.open(path, "rb") if file_name.lower().endswith(".gz") else path.open("rb")


def _sample(path: Path, file_name: str) -> bytes:
    try:
        with _open(path, file_name) as file:
            return file.read(_SAMPLE)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise damaged_gzip(file_name, error) from error


def _first_undecodable(path: Path, file_name: str, encoding: str) -> int | None:
    """Position of the first byte that an encoding does not know, over the whole file; None when it knows all."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    done = 0
    try:
        with _open(path, file_name) as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
                done += len(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return done + error.start + 1
    except (EOFError, gzip.BadGzipFile, zlib.error):
        return None  # told by the reading itself, which has better words for it
    return None


def _everyday_share(sample: bytes, encoding: str) -> float:
    """Share of everyday characters among those that are not ASCII, marks of Chinese text apart."""
    text = sample.decode(encoding, errors="ignore")
    characters = Counter(c for c in text if ord(c) > 0x7F and not "\u3000" <= c <= "\u303f" and not c >= "\uff00")
    everyday = sum(count for character, count in characters.items() if _is_everyday(character, encoding))
    total = sum(characters.values())
    return everyday / total if total else 0.0


def _is_everyday(character: str, encoding: str) -> bool:
    try:
        lead = character.encode("gb2312" if encoding == "gb18030" else "big5")[0]
    except UnicodeEncodeError:
        return False
    return 0xB0 <= lead <= 0xD7 if encoding == "gb18030" else 0xA4 <= lead <= 0xC6


def _records(text: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(1 << 30)
    found = []
    for record in csv.reader(io.StringIO(text), delimiter=delimiter):
        found.append(record)
        if len(found) >= _ROWS_LOOKED_AT:
            break
    return found


def _usual_width(records: list[list[str]]) -> tuple[int, float]:
    """The most frequent number of cells and the share of non-empty records that have it."""
    widths = Counter(len(record) for record in records if record)
    if not widths:
        return 0, 0.0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return width, count / sum(widths.values())


def _find_delimiter(text: str) -> tuple[str, Note | None]:
    widths = {delimiter: _usual_width(_records(text, delimiter)) for delimiter in _DELIMITERS}
    fitting = [d for d in _DELIMITERS if widths[d][0] > 1]
    if not fitting:
        return ",", Note("guess", "no delimiter occurs: the file has one column", "未发现分隔符：文件只有一列")
    best = max(fitting, key=lambda d: (round(widths[d][1], 1), widths[d][0]))
    if best == ",":
        return best, None
    width, share = widths[best]
    note = Note(
        "certain" if share > 0.9 else "guess",
        f"{100 * share:.0f} % of the rows have {width} cells when split at {_NAMES[best]}",
        f"按{_NAMES_ZH[best]}拆分后 {100 * share:.0f}% 的行有 {width} 个单元格",
    )
    return best, note


def looks_like_header(cells: list[str]) -> bool:
    """True when cells can be column names: mostly filled, different, and hardly a number among them."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled or len(filled) < max(1, round(0.5 * len(cells))):
        return False
    numbers = sum(cell.replace(".", "").replace("-", "").replace("/", "").replace(":", "").isdigit() for cell in filled)
    return numbers <= 0.2 * len(filled) and len({cell.lower() for cell in filled}) == len(filled)


def _find_header(text: str, delimiter: str) -> tuple[int, Note | None]:
    """Lines before the header. The header is the first row as wide as most rows that can be names."""
    records = _records(text, delimiter)
    width, _ = _usual_width(records)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    line = 0
    for number, record in enumerate(reader):
        if len(record) == width and looks_like_header(record):
            break
        line = reader.line_num
        if number >= _MAX_PREAMBLE:
            return 0, Note(
                "guess",
                "no row looks like column names; the first one is taken",
                "没有一行像列名，暂以首行为表头",
            )
    else:
        return 0, None
    if not line:
        return 0, None
    return line, Note("certain", f"{line} lines stand above the column names", f"列名之前有 {line} 行说明文字")
