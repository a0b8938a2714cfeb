"""Where the whole story of a run goes: files below home/logs, so that the screen keeps to sentences."""

import logging
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path

from warehouse.clock import now_utc
from warehouse.settings import Settings, load_settings

_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def log_to_file(settings: Settings) -> Path:
    """Send all logging of this process to home/logs/aftercare.log and return its path."""
    settings.log_dir.mkdir(parents=True, exist_ok=True)
    path = settings.log_dir / "aftercare.log"
    handler = RotatingFileHandler(path, maxBytes=10_000_000, backupCount=5, encoding="utf-8")
    handler.setFormatter(logging.Formatter(_FORMAT))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    return path


def write_crash(error: BaseException) -> Path:
    """Write the traceback of an unexpected error below home/logs and return its path."""
    settings = load_settings()
    settings.log_dir.mkdir(parents=True, exist_ok=True)
    path = settings.log_dir / f"crash-{now_utc():%Y%m%dT%H%M%S%f}.log"
    path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    return path
