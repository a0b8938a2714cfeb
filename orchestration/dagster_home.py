"""Dagster's own folder: where it keeps runs, and how it behaves. Written by us, so that a person need not."""

import os
from pathlib import Path

import yaml

from warehouse.settings import Settings

_CONFIG = {
    "telemetry": {"enabled": False},
    "concurrency": {"pools": {"default_limit": 1, "granularity": "run"}},
    "run_monitoring": {
        "enabled": True,
        "poll_interval_seconds": 10,
        "free_slots_after_run_end_seconds": 10,
    },
}


def prepare_dagster_home(settings: Settings) -> Path:
    """Write dagster.yaml and point DAGSTER_HOME and the child processes' settings at this home."""
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    event_log = {
        "module": "orchestration.event_log",
        "class": "KeptSqliteEventLog",
        "config": {"base_dir": str(settings.dagster_home / "history" / "runs")},
    }
    config = {**_CONFIG, "event_log_storage": event_log}
    (settings.dagster_home / "dagster.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(settings.dagster_home)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    os.environ["AFTERCARE_HOME"] = str(settings.home)
    return settings.dagster_home
