"""How long the server takes for each page: sessions as browsers open them, without the browser.

`python -m benchmarks.pages HOME REPORT.json`. A session is a websocket that asks for a page and waits until its script
has finished. Each page is asked for once alone after a first warming visit, then by 20 sessions at the same time: each
visits all pages in an order of its own and looks at each for 5 to 15 seconds, as people do, who do not all come at the
same moment either: each begins within the first 15.
"""

import asyncio
import json
import os
import random
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measuring import measuring
from dashboards.registry import PAGES
from orchestration.commands.serving import LOOPBACK, start_pages, stop, wait_for

SESSIONS = 20
_SECONDS_OF_READING = (5.0, 15.0)
_PATIENCE = 300.0


def main(home: Path, report: Path) -> None:
    """Measure the pages of a published home."""
    os.environ["AFTERCARE_HOME"] = str(home)
    with _served() as port, measuring() as found:
        asyncio.run(_visit_all(port))
        alone = asyncio.run(_visit_all(port))
        together = asyncio.run(_visit_together(port))
    times = sorted(seconds for visits in together for seconds in visits.values())
    result = {
        "alone_s": {name: round(seconds, 2) for name, seconds in alone.items()},
        "sessions": SESSIONS,
        "page_p50_ms": round(1000 * times[len(times) // 2]),
        "page_p95_ms": round(1000 * times[int(len(times) * 0.95)]),
        "peak_gb": found.rounded()["peak_gb"],
    }
    report.write_text(json.dumps(result), encoding="utf-8")


@contextmanager
def _served() -> Iterator[int]:
    from warehouse.settings import load_settings

    settings = load_settings()
    settings.make_folders()
    port = _free_port()
    server = start_pages(port, settings)
    try:
        wait_for(f"http://{LOOPBACK}:{port}/_stcore/health", [server])
        yield port
    finally:
        stop([server])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


async def _visit_all(
    port: int, order: list[str] | None = None, reader: random.Random | None = None
) -> dict[str, float]:
    """Return the seconds until each page was drawn, visited one after another in one session."""
    import websockets

    times: dict[str, float] = {}
    if reader:
        await asyncio.sleep(reader.uniform(0, _SECONDS_OF_READING[1]))
    address = f"ws://{LOOPBACK}:{port}/_stcore/stream"
    # the server compares the origin, as it does for browsers
    async with websockets.connect(
        address, max_size=None, origin=websockets.Origin(f"http://{LOOPBACK}:{port}")
    ) as page:
        for subject in order or [entry.subject for entry in PAGES]:
            began = time.perf_counter()
            await page.send(_ask_for(subject))
            await asyncio.wait_for(_drawn(page), _PATIENCE)
            times[subject] = time.perf_counter() - began
            if reader:
                await asyncio.sleep(reader.uniform(*_SECONDS_OF_READING))
    return times


def _ask_for(subject: str) -> bytes:
    from streamlit.proto.BackMsg_pb2 import BackMsg

    message = BackMsg()
    message.rerun_script.page_name = next(entry.url_path for entry in PAGES if entry.subject == subject)
    message.rerun_script.query_string = ""
    encoded: bytes = message.SerializeToString()
    return encoded


async def _drawn(page: "object") -> None:
    """Wait for the end of the script; raises RuntimeError when the page showed an exception."""
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    async for data in page:  # type: ignore[attr-defined]
        message = ForwardMsg()
        message.ParseFromString(data)
        kind = message.WhichOneof("type")
        if kind == "delta" and message.delta.new_element.WhichOneof("type") == "exception":
            raise RuntimeError(message.delta.new_element.exception.message)
        if kind == "script_finished":
            if message.script_finished != ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY:
                raise RuntimeError(f"the script ended with status {message.script_finished}")
            return


async def _visit_together(port: int) -> list[dict[str, float]]:
    shuffled = random.Random(7)  # noqa: S311 - an order, no secret
    orders = [shuffled.sample([entry.subject for entry in PAGES], len(PAGES)) for _ in range(SESSIONS)]
    readers = [random.Random(number) for number in range(SESSIONS)]  # noqa: S311
    return await asyncio.gather(*(_visit_all(port, *pair) for pair in zip(orders, readers, strict=True)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
