"""Serving the dashboards of a home, and the browser that looks at them."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

CHECKOUT = Path(__file__).resolve().parents[2]

_SECONDS_TO_START = 60
_IS_IDLE = """
() => document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === 'notRunning'
    && !document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]')
"""
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium_path() -> str | None:
    """Return the system's Chromium, or None."""
    return shutil.which("chromium")


@contextmanager
def served(home: Path, log: Path) -> Iterator[str]:
    """Serve the dashboards of a home on a free loopback port; yields the address, stops the server afterwards."""
    port = _free_port()
    environment = {
        **os.environ,
        "AFTERCARE_HOME": str(home),
        "PYTHONPATH": str(CHECKOUT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-m", "streamlit", "run", "dashboards/app.py", f"--server.port={port}"]
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_healthy(address, server, log)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=15)


@contextmanager
def browser() -> Iterator[Browser]:
    """Yield the system's Chromium without a window."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium_path(), args=list(_FLAGS))
        try:
            yield opened
        finally:
            opened.close()


def open_page(opened: Browser, address: str, width: int, height: int = 900) -> Page:
    """Open an address in a fresh context of this width and wait until Streamlit has drawn everything."""
    context = opened.new_context(viewport={"width": width, "height": height}, device_scale_factor=1)
    page = context.new_page()
    page.goto(address)
    wait_until_drawn(page)
    return page


def wait_until_drawn(page: Page) -> None:
    """Wait until the script has run, nothing is greyed out any more, and charts stand still."""
    page.wait_for_selector("h1", timeout=60_000)
    wait_until_idle(page)
    page.wait_for_timeout(800)
    wait_until_idle(page)
    page.wait_for_timeout(800)


def wait_until_idle(page: Page) -> None:
    """Wait until the script has run and nothing is greyed out any more; charts may still be on their way."""
    page.wait_for_function(_IS_IDLE, timeout=60_000)


def whole_page_height(page: Page) -> int:
    """Return how high the window must be to show the whole page; Streamlit scrolls inside an element."""
    return int(
        page.evaluate(
            "Math.ceil(document.querySelector('[data-testid=\"stMainBlockContainer\"]').getBoundingClientRect().height)"
        )
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended: {log.read_text(errors='replace')[-2000:]}")
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:  # noqa: S310 - loopback
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError(f"the server did not answer within {_SECONDS_TO_START} s")
