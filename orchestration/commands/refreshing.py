"""`aftercare refresh`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from orchestration import progress
from orchestration.commands.output import print_json, say
from orchestration.logs import log_to_file
from orchestration.refresh import RefreshOutcome, refresh
from orchestration.steps import RefreshRequest
from warehouse.operations import RunStatus
from warehouse.settings import load_settings

_STEPS = {
    "land": "landing extracts",
    "gate_extracts": "gate 1: checking extracts",
    "prepare_increment": "finding what changes",
    "transform": "building the marts",
    "merge_increment": "putting what changed into a copy of the last build",
    "gate_build": "gate 2: checking the build",
    "publish": "publishing",
}


def run_refresh(request: RefreshRequest, *, as_json: bool = False) -> RefreshOutcome:
    """Refresh with a progress bar and say how it ended; raises RefreshError with the reason when it did not."""
    settings = load_settings()
    log_to_file(settings)
    with _progress_bar(is_shown=not as_json and sys.stderr.isatty()):
        outcome = refresh(settings, request)
    if as_json:
        print_json(
            {
                "status": outcome.run.status,
                "build_id": outcome.run.build_id,
                "current_build_id": outcome.current.build_id if outcome.current else None,
                "message": outcome.run.reason_en,
                "refused": [vars(extract) for extract in outcome.refused],
                "unread": [vars(table) for table in outcome.unread],
            }
        )
        return outcome
    if outcome.run.status is RunStatus.PUBLISHED:
        say(f"published build {outcome.run.build_id}")
    else:
        say(f"{outcome.run.reason_en}; nothing was changed")
    for extract in outcome.refused:
        say(f"refused earlier and still waiting: {extract.reason_en}")
    for table in outcome.unread:
        say(f"not read: {table.reason_en}")
    return outcome


@contextmanager
def _progress_bar(*, is_shown: bool) -> Iterator[None]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[detail]}"))
    with Progress(*columns, TimeElapsedColumn(), transient=True, disable=not is_shown) as bar:
        tasks: dict[str, TaskID] = {}

        def show(event: progress.Progress) -> None:
            if event.step not in tasks:
                for task in tasks.values():
                    bar.update(task, total=1, completed=1)
                tasks[event.step] = bar.add_task(_STEPS.get(event.step, event.step), total=None, detail="")
            bar.update(
                tasks[event.step], total=event.total or None, completed=event.done, detail=event.detail, refresh=True
            )

        with progress.listening(show):
            yield
