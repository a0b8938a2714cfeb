"""Copies of every landed file, named by their content and never written again."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from landing.landing_folder import LandedFile
from landing.refusal import RefusalError
from warehouse.builds import sync_folder

_CHUNK = 4 << 20


def archive_file(file: LandedFile, archive_dir: Path) -> Path:
    """Return the archived copy, made now unless the archive has these bytes already.

    The copy appears under its name only when it is whole and on disk. Raises RefusalError when the file changed since
    it was hashed.
    """
    target = archive_dir / file.sha256
    if target.exists():
        return target
    archive_dir.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=archive_dir, prefix=".incoming-")
    temporary = Path(name)
    try:
        digest = hashlib.sha256()
        with os.fdopen(descriptor, "wb") as copy, file.open() as original:
            while chunk := original.read(_CHUNK):
                digest.update(chunk)
                copy.write(chunk)
            copy.flush()
            os.fsync(copy.fileno())
        if digest.hexdigest() != file.sha256:
            raise RefusalError(
                "file_changed",
                f"{file.name}: the file changed while it was being landed; it lands with the next run",
                f"{file.name}：文件在落地过程中被修改，下次运行时再处理",
            )
        temporary.chmod(0o444)
        temporary.replace(target)
        sync_folder(archive_dir)
    finally:
        temporary.unlink(missing_ok=True)
    return target


def remove_stale_copies(archive_dir: Path) -> None:
    """Remove copies that a killed run left unfinished."""
    for path in archive_dir.glob(".incoming-*"):
        path.unlink(missing_ok=True)


def private_folder(temp_dir: Path) -> Path:
    """Make the working folder of this process, readable by its user only; those of dead processes are removed."""
    temp_dir.mkdir(parents=True, exist_ok=True)
    for folder in temp_dir.glob("landing-*"):
        process = folder.name.split("-")[1]
        if not process.isdigit() or int(process) == os.getpid() or not Path(f"/proc/{process}").exists():
            shutil.rmtree(folder, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"landing-{os.getpid()}-", dir=temp_dir))
