"""Files that a reader uploads: written into a private folder for as long as they are looked at, and no longer."""

import hashlib
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from landing.wizard.session import GivenFile
from warehouse.settings import Settings

#: Together; larger files are for the command line.
MAX_BYTES = 60 << 20
MAX_FILES = 12


def digest_of(uploads: Sequence[Any]) -> str:
    """Return what tells one set of uploads from another."""
    digest = hashlib.sha256()
    for upload in uploads:
        digest.update(upload.name.encode() + b"\0" + hashlib.sha256(upload.getbuffer()).digest())
    return digest.hexdigest()


def safe_name(name: str) -> str:
    """Return the last part of a name without control characters; it becomes part of a mapping, not of a path."""
    last = name.replace("\\", "/").split("/")[-1]
    return "".join(c for c in last if unicodedata.category(c)[0] != "C").strip().lstrip(".") or "upload"


@contextmanager
def kept_for_now(settings: Settings, uploads: Sequence[Any]) -> Iterator[tuple[GivenFile, ...]]:
    """Yield the uploads as files that only this user can read; they are gone afterwards."""
    settings.temp_dir.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="upload-", dir=settings.temp_dir))
    try:
        given = []
        for number, upload in enumerate(uploads):
            name = safe_name(upload.name)
            path = folder / str(number)
            path.touch(mode=0o600)
            path.write_bytes(upload.getbuffer())
            given.append(GivenFile(path, name))
        yield tuple(given)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
