"""One refresh in this process, step by step: `python -m benchmarks.measured_refresh REPORT.json`, home as in the
environment. A process of its own, as the scheduler's runs are, so that start-up counts."""

import json
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.measuring import Measured, measuring
from orchestration import progress
from orchestration.refresh import refresh
from orchestration.steps import RefreshRequest
from warehouse.settings import load_settings


class Steps:
    """What each step took, from its first report to the first report of the next one."""

    def __init__(self) -> None:
        self.found: dict[str, Measured] = {}
        self._open = ExitStack()
        self._current = ""
        self.begin("start_up")

    def begin(self, step: str) -> None:
        if step == self._current:
            return
        self._open.close()
        self._current = step
        self.found[step] = self._open.enter_context(measuring())

    def end(self) -> None:
        self._open.close()

    def hear(self, event: progress.Progress) -> None:
        self.begin(event.step)


def main(report: Path) -> None:
    """Refresh and write what each step took; raises RefreshError when nothing was published."""
    began = time.perf_counter()
    steps = Steps()
    with progress.listening(steps.hear):
        outcome = refresh(load_settings(), RefreshRequest())
    steps.end()
    report.write_text(
        json.dumps(
            {
                "status": str(outcome.run.status),
                "total_s": round(time.perf_counter() - began, 2),
                "steps": {name: measured.rounded() for name, measured in steps.found.items()},
            }
        ),
        encoding="utf-8",
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
