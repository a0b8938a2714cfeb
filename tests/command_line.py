"""Runs the command line as a user does: a process of its own, with a home of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Done:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def environment(home: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a command: this one's, without settings of the tester, with a home."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("AFTERCARE_", "DAGSTER_", "DBT_"))
    }
    return {**clean, "AFTERCARE_HOME": str(home), **(extra or {})}


def aftercare(home: Path, *arguments: str, extra: Mapping[str, str] | None = None) -> Done:
    """Run `aftercare …` with a home and return what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.cli", *arguments],
        cwd=CHECKOUT, env=environment(home, extra), capture_output=True, text=True, check=False, timeout=900,
    )  # fmt: skip
    return Done(done.returncode, done.stdout, done.stderr)
