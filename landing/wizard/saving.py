"""Saving a mapping: whole or not at all, and never over another one without being told to."""

import os
import re
import tempfile
from pathlib import Path

from warehouse.errors import MappingError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}")


def mapping_path(folder: Path, name: str) -> Path:
    """Return the path of a mapping in the folder of sources; raises MappingError for a name that is none."""
    if not _NAME.fullmatch(name):
        raise MappingError(f"{name!r} is no name of a mapping: letters, digits, _ and - only, such as helpdesk")
    return folder / f"{name}.yml"


def save_mapping(path: Path, text: str, *, replace: bool = False) -> None:
    """Write a mapping; readers see the old file or the whole new one.

    Raises MappingError when a file of this name exists and `replace` is not set, or when it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".mapping-")
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            temporary.chmod(0o644)
            if replace:
                temporary.replace(path)
            else:
                path.hardlink_to(temporary)
        finally:
            temporary.unlink(missing_ok=True)
    except FileExistsError as error:
        raise MappingError(
            f"{path.name} exists already; choose another name, or say that it is to be replaced"
        ) from error
    except OSError as error:
        raise MappingError(f"{path} cannot be written: {error.strerror}") from error
