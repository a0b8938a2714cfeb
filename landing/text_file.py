"""From the bytes of a delivered text file to plain UTF-8 that the CSV reader may see."""

import codecs
import csv
import gzip
import zlib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from landing.mapping_model import ReadOptions
from landing.refusal import RefusalError

_CHUNK = 4 << 20
#: Deflate cannot exceed about 1030:1; real exports stay below 60:1.
_MAX_RATIO = 200
_RATIO_COUNTS_FROM = 256 << 20
_MAX_BYTES = 32 << 30


@dataclass(frozen=True)
class TextFile:
    """A UTF-8 file and what an independent look at its bytes found: `records` are data records, by line ends."""

    path: Path
    header: list[str]
    has_nul: bool
    records: int


class _Look:
    """Counts line ends outside quotes, chunk by chunk: fast, and exact for plain files."""

    def __init__(self, quote: str) -> None:
        self._quote = quote.encode()
        self._line_ends, self._is_inside, self._last = 0, False, b"\n"
        self._all_line_feeds = self._after_return = 0
        self.has_nul = False

    def add(self, chunk: bytes) -> None:
        quotes = chunk.count(self._quote) if self._quote else 0
        if quotes == 0:
            self._line_ends += 0 if self._is_inside else chunk.count(b"\n")
        else:
            cells = np.frombuffer(chunk, dtype=np.uint8)
            # a line end counts when the quotes before it come in pairs
            before = np.searchsorted(np.flatnonzero(cells == self._quote[0]), np.flatnonzero(cells == 10))
            self._line_ends += int(np.count_nonzero((before % 2 == 1) == self._is_inside))
            self._is_inside ^= bool(quotes % 2)
        self._all_line_feeds += chunk.count(b"\n")
        self._after_return += chunk.count(b"\r\n") + (self._last == b"\r" and chunk[:1] == b"\n")
        self.has_nul = self.has_nul or b"\0" in chunk
        self._last = chunk[-1:]

    @property
    def has_mixed_line_ends(self) -> bool:
        """True when some line feeds follow a carriage return and others do not, in quotes or outside."""
        return 0 < self._after_return < self._all_line_feeds

    def records(self, skip: int) -> int:
        return self._line_ends + (self._last != b"\n") - 1 - skip


def prepare_text(archived: Path, file_name: str, options: ReadOptions, folder: Path, name: str) -> TextFile:
    """Return the file as UTF-8, copied into `folder` only when it was compressed or encoded otherwise.

    Raises RefusalError for damaged archives, archives that unpack to absurd sizes, and bytes that the declared encoding
    does not know.
    """
    look = _Look(options.quote)
    path = _copy_plain(archived, file_name, options.encoding, folder / f"{name}.csv", look)
    if look.has_mixed_line_ends:
        plain = folder / f"{name}_lines.csv"
        with plain.open("wb") as target:
            target.writelines(_with_line_feeds(_chunks(path), options.quote))
        path = plain
    return TextFile(path, _read_header(path, file_name, options), look.has_nul, look.records(options.skip))


def plain_text(archived: Path, file_name: str, encoding: str, folder: Path, name: str) -> Path:
    """Return the file as UTF-8, as `prepare_text` does, for readers that count for themselves."""
    return _copy_plain(archived, file_name, encoding, folder / f"{name}.txt", None)


def _copy_plain(archived: Path, file_name: str, encoding: str, copy: Path, look: _Look | None) -> Path:
    """Return the path of the plain text: the archived file itself, or a copy that is unpacked and UTF-8."""
    is_gzip = file_name.lower().endswith(".gz")
    if encoding == "utf-8":
        encoding = _marked_encoding(archived, is_gzip)
    is_copied = is_gzip or encoding != "utf-8"
    if not is_copied and not look:
        return archived
    with ExitStack() as stack:
        chunks = _unpacked(archived, file_name) if is_gzip else _chunks(archived)
        target = stack.enter_context(copy.open("wb")) if is_copied else None
        if encoding != "utf-8":
            chunks = _transcoded(chunks, encoding, file_name)
        # one core unpacks while the other one counts
        counting = stack.enter_context(ThreadPoolExecutor(1))
        looked: Future[None] | None = None
        for chunk in chunks:
            if looked:
                looked.result()
            looked = counting.submit(look.add, chunk) if look else None
            if target:
                target.write(chunk)
        if looked:
            looked.result()
    return copy if is_copied else archived


def _marked_encoding(path: Path, is_gzip: bool) -> str:
    """A byte order mark of UTF-16 cannot be the beginning of anything else."""
    try:
        with gzip.open(path, "rb") if is_gzip else path.open("rb") as file:
            return "utf-16" if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8"
    except (EOFError, gzip.BadGzipFile, zlib.error):
        return "utf-8"


def _with_line_feeds(chunks: Iterator[bytes], quote: str) -> Iterator[bytes]:
    """Carriage returns before line feeds are taken away outside of quotes: the reader knows one line end per file."""
    is_inside, held = False, b""
    for piece in chunks:
        chunk = held + piece
        held = b"\r" if chunk.endswith(b"\r") else b""
        cells = np.frombuffer(chunk.removesuffix(held) if held else chunk, dtype=np.uint8)
        pairs = np.flatnonzero((cells[:-1] == 13) & (cells[1:] == 10)) if len(cells) else np.empty(0, dtype=np.int64)
        quotes = np.flatnonzero(cells == ord(quote)) if quote else np.empty(0, dtype=np.int64)
        outside = (np.searchsorted(quotes, pairs) % 2 == 1) == is_inside
        is_inside ^= bool(len(quotes) % 2)
        yield np.delete(cells, pairs[outside]).tobytes()
    yield held


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _unpacked(path: Path, file_name: str) -> Iterator[bytes]:
    packed_bytes = path.stat().st_size
    total = 0
    try:
        with gzip.open(path, "rb") as file:
            while chunk := file.read(_CHUNK):
                total += len(chunk)
                if total > _MAX_BYTES or (total > _RATIO_COUNTS_FROM and total > _MAX_RATIO * packed_bytes):
                    raise RefusalError(
                        "archive_too_large",
                        f"{file_name}: {packed_bytes} packed bytes unpack to more than {total}; this is no export",
                        f"{file_name}：压缩包 {packed_bytes} 字节，解压后超过 {total} 字节，不像正常导出的文件",
                    )
                yield chunk
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise damaged_gzip(file_name, error) from error


def _transcoded(chunks: Iterator[bytes], encoding: str, file_name: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    lines = 0
    try:
        for chunk in chunks:
            text = decoder.decode(chunk)
            lines += text.count("\n")
            yield text.encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeDecodeError as error:
        line = lines + bytes(error.object[: error.start]).count(b"\n") + 1
        raise _bad_encoding(file_name, f"near line {line}", f"第 {line} 行附近", encoding) from error
    except UnicodeError as error:  # UTF-16 without its mark
        raise _bad_encoding(file_name, "at the start", "文件开头", encoding) from error


def _bad_encoding(file_name: str, where_en: str, where_zh: str, encoding: str) -> RefusalError:
    return RefusalError(
        "bad_encoding",
        f"{file_name}: {where_en} there are bytes that are not {encoding}; declare the encoding of the file in its "
        "mapping",
        f"{file_name}：{where_zh}存在不符合 {encoding} 编码的字节，请在映射中声明文件的编码",
    )


def _reader(path: Path, options: ReadOptions) -> Iterator[list[str]]:
    """Records as Python's csv module sees them; bytes that are not UTF-8 survive as surrogates."""
    csv.field_size_limit(1 << 30)
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        for _ in range(options.skip):
            file.readline()
        if options.quote:
            yield from csv.reader(file, delimiter=options.delimiter, quotechar=options.quote)
        else:
            yield from csv.reader(file, delimiter=options.delimiter, quoting=csv.QUOTE_NONE)


def _read_header(path: Path, file_name: str, options: ReadOptions) -> list[str]:
    header = next((record for record in _reader(path, options) if record), None)
    if header is None:
        raise RefusalError(
            "empty_file",
            f"{file_name}: the file is empty; a header row is the least",
            f"{file_name}：文件为空，至少应有表头",
        )
    joined = "".join(header)
    if any("\udc80" <= character <= "\udcff" for character in joined):
        raise _bad_encoding(file_name, "in the header", "表头中", options.encoding)
    return header


def count_records_exactly(path: Path, options: ReadOptions) -> tuple[int, list[int]]:
    """Return the number of data records and the positions of blank lines (header = 1), read by Python's csv module."""
    blanks, records = [], 0
    for position, record in enumerate(_reader(path, options), start=1):
        if record:
            records += 1
        else:
            blanks.append(position)
    return records - 1, blanks


def damaged_gzip(file_name: str, error: Exception) -> RefusalError:
    """Return why a packed file cannot be read."""
    return RefusalError(
        "damaged_file",
        f"{file_name}: the gzip file is damaged or cut off ({error}); deliver it again",
        f"{file_name}：gzip 文件损坏或不完整，请重新交付",
    )
