"""A refresh in a process of its own, as an operator runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from warehouse.settings import CHECKOUT, Settings, load_settings


def settings_of(home: Path) -> Settings:
    """Return the settings of a home with its own seeds and mappings beside its landing folder."""
    return load_settings(home=home, seeds=home / "seeds", sources=home / "sources", zone="Asia/Shanghai")


def start_refresh(home: Path, *arguments: str, zone: str = "UTC") -> "subprocess.Popen[str]":
    """Start `aftercare refresh` on a machine of that time zone."""
    (home / "sources").mkdir(exist_ok=True)
    environment = os.environ | {
        "AFTERCARE_HOME": str(home),
        "AFTERCARE_SEEDS": str(home / "seeds"),
        "AFTERCARE_SOURCES": str(home / "sources"),
        "AFTERCARE_ZONE": "Asia/Shanghai",
        "TZ": zone,
    }
    command = [sys.executable, "-m", "orchestration.cli", "refresh", "--format", "json", *arguments]
    return subprocess.Popen(
        command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finish_refresh(process: "subprocess.Popen[str]") -> str:
    """Return the id of the build that a refresh published; fails with what it said otherwise."""
    output, errors = process.communicate(timeout=900)
    assert process.returncode == 0, f"{output}\n{errors}"
    said = json.loads(output[output.index("{") :])
    assert said["status"] == "published", said
    assert not said["refused"], said
    return str(said["build_id"])


def refresh_home(home: Path, *arguments: str, zone: str = "UTC") -> str:
    """Refresh and return the id of the published build."""
    return finish_refresh(start_refresh(home, *arguments, zone=zone))
