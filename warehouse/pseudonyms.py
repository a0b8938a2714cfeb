"""Keyed pseudonyms: the same person has the same pseudonym everywhere, and only the key can make it.

HMAC-SHA256 (RFC 2104) in SQL, because DuckDB has sha256 but no HMAC and people are hashed by the million:
`sha256(outer_pad || sha256(inner_pad || message))`. The key stays outside the warehouse.
"""

import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from warehouse.errors import SettingsError
from warehouse.settings import Settings

_BLOCK_BYTES = 64
_KEY_FILE = "pseudonym.key"
_PREFIXES = {"customer": "cus_", "employee": "emp_"}
_HEX_DIGITS = 20  # 80 bits: no collision to expect among billions of people


@dataclass(frozen=True)
class PseudonymKey:
    """The two padded keys of HMAC as hex text, ready to be bound as query parameters."""

    inner_hex: str = field(repr=False)
    outer_hex: str = field(repr=False)


def _create_whole(path: Path, text: str) -> None:
    """Create a file of its user only, whole or not at all; one that another process has made meanwhile stays."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".incoming-")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()


def load_key(settings: Settings) -> PseudonymKey:
    """Read the key from AFTERCARE_PSEUDONYM_KEY or from home/secrets, where the first run creates it.

    Raises SettingsError when the key is shorter than 16 characters.
    """
    text = settings.pseudonym_key
    if text is None:
        path = settings.secrets_dir / _KEY_FILE
        if not path.exists():
            settings.secrets_dir.mkdir(parents=True, exist_ok=True)
            _create_whole(path, secrets.token_hex(32))
        text = path.read_text(encoding="ascii").strip()
    if len(text) < 16:
        raise SettingsError("the pseudonym key is shorter than 16 characters; set a longer AFTERCARE_PSEUDONYM_KEY")
    key = text.encode().ljust(_BLOCK_BYTES, b"\0")
    if len(key) > _BLOCK_BYTES:
        raise SettingsError("the pseudonym key is longer than 64 bytes; set a shorter AFTERCARE_PSEUDONYM_KEY")
    return PseudonymKey(bytes(b ^ 0x36 for b in key).hex(), bytes(b ^ 0x5C for b in key).hex())


def pseudonym_sql(kind: str, value_sql: str, inner: str, outer: str) -> str:
    """Return SQL for the pseudonym of a text expression; null stays null.

    `inner` and `outer` are SQL expressions (parameters) of the two hex keys of `PseudonymKey`.
    """
    message = f"unhex({inner}) || encode('{kind}:' || {value_sql})"
    digest = f"sha256(unhex({outer}) || unhex(sha256({message})))"
    return f"case when {value_sql} is not null then '{_PREFIXES[kind]}' || left({digest}, {_HEX_DIGITS}) end"
