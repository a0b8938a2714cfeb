"""Which number a reader wants to see the tickets of: `?drill=<kpi>` or `?drill=<kpi>:<slice>:<member>`."""

from dataclasses import dataclass

from dashboards.url_state import read_text, write
from warehouse.kpi_question import DIMENSIONS

PARAMETER = "drill"


@dataclass(frozen=True)
class Drill:
    """A KPI of a slice member, in the period and under the filters of the page."""

    kpi_key: str
    slice_name: str = "total"
    member: str = "all"

    @property
    def code(self) -> str:
        return self.kpi_key if self.slice_name == "total" else f"{self.kpi_key}:{self.slice_name}:{self.member}"

    @property
    def members(self) -> tuple[tuple[str, str], ...]:
        """Pairs of a dimension and its member, none for the total."""
        if self.slice_name == "total":
            return ()
        return tuple(zip(self.slice_name.split("__"), self.member.split("|"), strict=True))


def parse(code: str) -> Drill | None:
    """Return what a code asks for, or None when no question can be made of it.

    Whether a build can answer it is for the one who asks (`catalogue.known_dimensions`).
    """
    kpi_key, *rest = code.split(":", 2)
    if not kpi_key:
        return None
    if not rest:
        return Drill(kpi_key)
    if len(rest) != 2:
        return None
    dimensions = rest[0].split("__")
    is_sound = len(set(dimensions)) == len(dimensions) == len(rest[1].split("|"))
    return Drill(kpi_key, rest[0], rest[1]) if is_sound and set(dimensions) <= set(DIMENSIONS) else None


def asked_drill() -> Drill | None:
    """Return the drill that the address asks for."""
    return parse(read_text(PARAMETER))


def open_drill(drill: Drill) -> None:
    """Ask for the tickets behind a number."""
    write(PARAMETER, drill.code)


def close_drill() -> None:
    """Go back to the page."""
    write(PARAMETER, None)
