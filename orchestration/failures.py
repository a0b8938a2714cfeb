"""What a run that broke leaves behind: its reason in the operations store, its whole story in the log."""

import dagster as dg

from warehouse.errors import AftercareError
from warehouse.operations import OperationsStore, RunStatus
from warehouse.settings import load_settings

_UNEXPECTED_EN = "step {step} broke: {error}; the log in {log} has the whole story"
_UNEXPECTED_ZH = "步骤 {step} 出错：{error}；详见 {log} 中的日志"


def reason_of(step: str, error: BaseException, log: str) -> tuple[str, str]:
    """Return the English and Chinese sentence for a failure; our own errors are sentences already."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, AftercareError):
            return str(cause), str(cause)
        cause = cause.__cause__
    text = str(error).strip().splitlines()
    first_line = text[0] if text else type(error).__name__
    return (
        _UNEXPECTED_EN.format(step=step, error=first_line, log=log),
        _UNEXPECTED_ZH.format(step=step, error=first_line, log=log),
    )


@dg.failure_hook
def write_down_failure(context: dg.HookContext) -> None:
    """Mark the run as failed unless a gate has already said why it stopped."""
    settings = load_settings()
    store = OperationsStore(settings)
    run = next((run for run in store.list_runs(limit=50) if run.run_id == context.run_id), None)
    if run is not None and run.status is RunStatus.RUNNING and context.op_exception is not None:
        reason_en, reason_zh = reason_of(context.op.name, context.op_exception, str(settings.log_dir))
        store.finish_run(context.run_id, RunStatus.FAILED, reason_en=reason_en, reason_zh=reason_zh)
