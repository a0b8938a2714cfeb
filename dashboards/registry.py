"""The pages there are. A page is one file in `views/`; its words are in `texts/` under `pages.<subject>`."""

from dataclasses import dataclass
from pathlib import Path

VIEWS_DIR = Path(__file__).resolve().parent / "views"


@dataclass(frozen=True)
class Entry:
    """One page: its subject names the file and the texts, its section groups it in the menu."""

    subject: str
    section: str
    icon: str

    @property
    def url_path(self) -> str:
        """The page's path in the address; the start page has none of its own."""
        return "" if self is PAGES[0] else self.subject

    @property
    def file(self) -> Path:
        return VIEWS_DIR / f"{self.subject}.py"


#: In the order of the menu; the first one is the start page.
PAGES = (
    Entry("overview", "performance", ":material/monitoring:"),
    Entry("regions", "performance", ":material/map:"),
    Entry("root_causes", "performance", ":material/troubleshoot:"),
    Entry("teams", "performance", ":material/groups:"),
    Entry("monthly_review", "performance", ":material/event_note:"),
    Entry("kpi_reference", "trust", ":material/menu_book:"),
    Entry("data_health", "trust", ":material/verified_user:"),
    Entry("reconciliation", "trust", ":material/balance:"),
    Entry("mapping_wizard", "sources", ":material/schema:"),
)


def page_file(subject: str) -> str:
    """Return the file of a page in the form that links take."""
    return str(next(entry.file for entry in PAGES if entry.subject == subject))
