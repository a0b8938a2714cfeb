"""`aftercare serve`: the pages, and on request the scheduler, as child processes on loopback."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from orchestration.commands.output import say
from orchestration.dagster_home import prepare_dagster_home
from warehouse.errors import SettingsError
from warehouse.settings import CHECKOUT, Settings, load_settings

LOOPBACK = "127.0.0.1"
_START_SECONDS = 90


def run_serve(*, port: int, dagster_port: int | None) -> None:
    """Serve until interrupted or until one of the processes ends; raises SettingsError when one cannot start."""
    settings = load_settings()
    settings.make_folders()
    prepare_dagster_home(settings)
    children = [start_pages(port, settings)]
    if dagster_port is not None:
        children += [_start(_scheduler_pages(dagster_port), settings), _start(_scheduler(), settings)]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        wait_for(f"http://{LOOPBACK}:{port}/_stcore/health", children)
        say(f"pages: http://{LOOPBACK}:{port}")
        if dagster_port is not None:
            wait_for(f"http://{LOOPBACK}:{dagster_port}/server_info", children)
            say(f"scheduler: http://{LOOPBACK}:{dagster_port}")
        sys.stdout.flush()
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
        raise SettingsError(f"a server process ended by itself; see {settings.log_dir / 'serve.log'}")
    except KeyboardInterrupt:
        say("stopped")
    finally:
        stop(children)


def _pages(port: int) -> list[str]:
    return [
        sys.executable, "-m", "streamlit", "run", str(CHECKOUT / "dashboards" / "app.py"),
        "--server.address", LOOPBACK, "--server.port", str(port), "--server.headless", "true",
    ]  # fmt: skip


def _dagster(*arguments: str) -> list[str]:
    return [str(Path(sys.executable).with_name(arguments[0])), *arguments[1:], "-m", "orchestration.definitions"]


def _scheduler_pages(port: int) -> list[str]:
    return _dagster("dagster-webserver", "-h", LOOPBACK, "-p", str(port))


def _scheduler() -> list[str]:
    return _dagster("dagster-daemon", "run")


def _start(command: list[str], settings: Settings) -> subprocess.Popen[bytes]:
    with (settings.log_dir / "serve.log").open("ab") as log:
        # a group of its own, so that stopping reaches what the server started itself
        return subprocess.Popen(  # noqa: S603 - our own servers
            command, cwd=CHECKOUT, stdout=log, stderr=log, env=os.environ.copy(), start_new_session=True
        )


def start_pages(port: int, settings: Settings) -> subprocess.Popen[bytes]:
    """Start the server of the pages; `wait_for` its health, and `stop` it."""
    return _start(_pages(port), settings)


def wait_for(address: str, children: list[subprocess.Popen[bytes]]) -> None:
    """Wait until an address answers; raises SettingsError when a server ended or does not answer in time."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if any(child.poll() is not None for child in children):
            raise SettingsError("a server did not start; see logs/serve.log, perhaps the port is taken (--port)")
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - loopback
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise SettingsError(f"{address} did not answer within {_START_SECONDS} seconds; see logs/serve.log")


def stop(children: list[subprocess.Popen[bytes]]) -> None:
    """End servers and what they started."""
    for child in children:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGTERM)
    for child in children:
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
