"""A zip file as a folder of extracts: which members it has, and their bytes, never more than an export would have."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from landing.refusal import RefusalError

_MAX_MEMBERS = 5_000
#: Deflate cannot exceed about 1030:1; real exports stay below 60:1.
_MAX_RATIO = 200
_RATIO_COUNTS_FROM = 256 << 20
_MAX_BYTES = 32 << 30
_ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".tgz", ".tar.gz", ".bz2", ".xz")
_UTF8_FLAG, _ENCRYPTED_FLAG = 0x800, 0x1
#: What the library raises on damaged, encrypted or unknown content.
_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


@dataclass(frozen=True)
class ZipMember:
    """A file inside of a zip: `stored_name` finds it again; `refusal` says why it is not read."""

    stored_name: str
    name: str
    bytes: int
    refusal: RefusalError | None = None


def is_zip(name: str) -> bool:
    """True for files that are looked into."""
    return name.lower().endswith(".zip")


def list_members(path: Path, zip_name: str) -> tuple[ZipMember, ...]:
    """Return the files inside; folders and what operating systems add are left out.

    Raises RefusalError for a zip that is damaged or encrypted, that leads out of itself, names a file twice, holds
    links or unpacks to more than an export ever does.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except _ERRORS as error:
        raise _damaged(zip_name, error) from error
    if len(infos) > _MAX_MEMBERS or sum(info.file_size for info in infos) > _MAX_BYTES:
        raise _too_large(zip_name)
    members: dict[str, ZipMember] = {}
    for info in infos:
        name = _name(info)
        _check(info, name, zip_name)
        parts = PurePosixPath(name).parts
        if info.is_dir() or not parts or any(part.startswith((".", "~$", "__MACOSX")) for part in parts):
            continue
        if name in members:
            raise _unsafe(zip_name, name, "is there twice", "重复出现")
        members[name] = ZipMember(info.filename, name, info.file_size, _nested(zip_name, name))
    return tuple(members.values())


def _name(info: zipfile.ZipInfo) -> str:
    """Old tools write names in the encoding of their country, which the library takes for that of DOS."""
    if info.flag_bits & _UTF8_FLAG or info.filename.isascii():
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return info.filename.encode("cp437").decode(encoding)
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
    return info.filename


def _check(info: zipfile.ZipInfo, name: str, zip_name: str) -> None:
    if name.startswith(("/", "\\")) or "\\" in name or ":" in name or ".." in PurePosixPath(name).parts:
        raise _unsafe(zip_name, name, "leads out of the zip file", "指向压缩包之外")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise _unsafe(zip_name, name, "is a link", "是链接")
    if info.flag_bits & _ENCRYPTED_FLAG:
        raise RefusalError(
            "encrypted_file",
            f"{zip_name}: {name} is encrypted; deliver the zip without a password",
            f"{zip_name}：{name} 已加密，请交付无密码的压缩包",
        )
    if info.file_size > _RATIO_COUNTS_FROM and info.file_size > _MAX_RATIO * info.compress_size:
        raise _too_large(zip_name)


def _nested(zip_name: str, name: str) -> RefusalError | None:
    if not name.lower().endswith(_ARCHIVES):
        return None
    return RefusalError(
        "nested_archive",
        f"{zip_name}/{name}: an archive inside of a zip file is not opened; deliver its files themselves",
        f"{zip_name}/{name}：压缩包内的压缩包不会被打开，请直接交付其中的文件",
    )


@contextmanager
def open_member(path: Path, stored_name: str, name: str) -> Iterator[IO[bytes]]:
    """Open a member for reading, checked against its own checksum; no more comes out than it declares.

    Raises RefusalError, also while it is read, when it is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive, archive.open(stored_name) as stream:
            yield stream
    except (*_ERRORS, KeyError) as error:
        raise _damaged(name, error) from error


def _damaged(name: str, error: Exception) -> RefusalError:
    return RefusalError(
        "damaged_file",
        f"{name}: the zip file is damaged or cut off ({error}); deliver it again",
        f"{name}：zip 文件损坏或不完整，请重新交付",
    )


def _too_large(zip_name: str) -> RefusalError:
    return RefusalError(
        "archive_too_large",
        f"{zip_name}: the zip file holds or unpacks to far more than its size allows; this is no export",
        f"{zip_name}：压缩包内容过多或解压后远超正常范围，不像正常导出的文件",
    )


def _unsafe(zip_name: str, name: str, en: str, zh: str) -> RefusalError:
    return RefusalError(
        "unsafe_archive",
        f"{zip_name}: {name!r} {en}; such a file is not opened",
        f"{zip_name}：{name!r} {zh}，不予打开",
    )
