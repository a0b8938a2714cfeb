"""Pictures of every page: `python tests/browser/take_screenshots.py --home DIR --output docs/screenshots`."""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from dashboards.language import LANGUAGES
from dashboards.registry import PAGES
from tests.browser.serving import browser, open_page, served, wait_until_drawn, whole_page_height

WIDTHS = (1280, 390)

_TALLEST = 14_000


def take_screenshots(address: str, output: Path) -> list[Path]:
    """Write `<page>-<language>-<width>.png` of every page of a served home; returns the files."""
    output.mkdir(parents=True, exist_ok=True)
    files = []
    with browser() as opened:
        for entry in PAGES:
            for language in LANGUAGES:
                for width in WIDTHS:
                    page = open_page(opened, f"{address}/{entry.url_path}?lang={language}", width)
                    height = min(whole_page_height(page) + 40, _TALLEST)
                    page.set_viewport_size({"width": width, "height": height})
                    wait_until_drawn(page)
                    file = output / f"{entry.subject}-{language}-{width}.png"
                    page.screenshot(path=file)
                    page.context.close()
                    files.append(file)
    return files


def main() -> None:
    """Serve a home, photograph it, print the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="AFTERCARE_HOME with a published build")
    parser.add_argument("--output", type=Path, required=True, help="folder of the pictures")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as logs, served(arguments.home.absolute(), Path(logs) / "server.log") as address:
        for file in take_screenshots(address, arguments.output):
            sys.stdout.write(f"{file}\n")


if __name__ == "__main__":
    main()
