"""Reference data of the company: the seeds that people edit, as labels and indices for the generator."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from demo import stories
from demo.columns import Flags, Floats, Ints
from warehouse.contract import get_contract

#: Share of requests by region, in percent; East China carries 40. A region that is missing here weighs 1.
REGION_WEIGHTS = {
    "R-SH": 10, "R-JS": 10, "R-ZJ": 8, "R-SD": 6, "R-AH": 3, "R-FJ": 2, "R-JX": 1,
    "R-BJ": 5, "R-TJ": 2, "R-HE": 3, "R-SX": 2, "R-NM": 1,
    "R-GD": 12, "R-GX": 3.5, "R-HI": 1.5, "R-HA": 3.5, "R-HB": 4, "R-HN": 3.5,
    "R-SC": 3.5, "R-CQ": 2.5, "R-YN": 1.3, "R-GZ": 1.3, "R-XZ": 0.4,
    "R-SN": 2.5, "R-GS": 1.2, "R-XJ": 1, "R-NX": 0.5, "R-QH": 0.3, "R-LN": 2, "R-JL": 1.2, "R-HL": 1.3,
}  # fmt: skip
#: Where a macro region without a team of its own sends its tickets.
NEIGHBOURS = {
    "Central China": "South China", "Northeast China": "North China", "Northwest China": "Southwest China",
    "Southwest China": "South China", "South China": "East China", "North China": "East China",
}  # fmt: skip
FUNCTIONS = ("customer_service", "technical_support", "complaints", "maintenance")
#: Codes that extracts use and no seed knows (contracts.md: they become members by themselves).
UNREGISTERED_REGION, UNREGISTERED_TEAM, UNREGISTERED_CAUSE = "R-ZZ", "T-PILOT", "C-999"


def labels(contract: str, column: str) -> tuple[str, ...]:
    """Return the allowed values of a code column, in the order that indices refer to."""
    return get_contract(contract).column(column).values


CASE_TYPES = labels("crm.tickets", "case_type")
PRIORITIES = labels("crm.tickets", "priority")
CHANNELS = labels("crm.tickets", "channel")
STATUSES = labels("crm.tickets", "status")
MODES = labels("crm.tickets", "resolution_mode")
COMPLAINT, REPAIR, CONSULTATION, INSTALLATION, INSPECTION, RETURN = (
    CASE_TYPES.index(name)
    for name in ("complaint", "repair", "consultation", "installation", "inspection", "return_exchange")
)


@dataclass(frozen=True)
class Reference:
    """Labels of regions, teams and causes (registered ones first, one unregistered last) and what they imply.

    `routing[function, region]` is the team that serves a region; -1 where the seeds have no team at all.
    """

    regions: tuple[str, ...]
    region_weights: Floats
    is_remote: Flags
    is_east: Flags
    teams: tuple[str, ...]
    team_function: Ints
    team_region: Ints
    routing: Ints
    causes: tuple[str, ...]
    cause_category: tuple[str, ...]
    resolution_hours: Floats
    is_working_clock: Flags

    def region(self, region_id: str) -> int:
        """Return the index of a region, -1 if the seeds do not have it."""
        return self.regions.index(region_id) if region_id in self.regions else -1

    def team(self, team_id: str) -> int:
        """Return the index of a team, -1 if the seeds do not have it."""
        return self.teams.index(team_id) if team_id in self.teams else -1

    def cause(self, cause_id: str) -> int:
        """Return the index of a root cause, -1 if the seeds do not have it."""
        return self.causes.index(cause_id) if cause_id in self.causes else -1


def _routing(regions: pd.DataFrame, teams: pd.DataFrame) -> Ints:
    macro_of = dict(zip(regions["region_id"], regions["macro_region_en"], strict=True))
    routing = np.full((len(FUNCTIONS), len(regions) + 1), -1, dtype=np.int64)
    for row, function in enumerate(FUNCTIONS):
        places = np.flatnonzero((teams["function"] == function) & (teams["team_id"] != stories.OUTSOURCED_TEAM))
        members = teams["region_id"].to_numpy()[places]
        by_macro = {macro_of.get(region, ""): place for place, region in zip(places[::-1], members[::-1], strict=True)}
        default = int(places[0]) if len(places) else -1
        for column, macro in enumerate([*regions["macro_region_en"], ""]):
            nearest = macro
            while nearest not in by_macro and nearest in NEIGHBOURS:
                nearest = NEIGHBOURS[nearest]
            routing[row, column] = by_macro.get(nearest, default)
    return routing


def read_reference(seeds_dir: Path) -> Reference:
    """Return the reference data of `seeds_dir`; raises FileNotFoundError where a seed is missing."""
    regions = pd.read_csv(seeds_dir / "regions.csv", dtype=str)
    teams = pd.read_csv(seeds_dir / "teams.csv", dtype=str)
    causes = pd.read_csv(seeds_dir / "root_causes.csv", dtype=str)
    policies = pd.read_csv(seeds_dir / "sla_policies.csv", dtype={"case_type": str, "priority": str})
    policies = policies.sort_values("valid_from").drop_duplicates(["case_type", "priority"], keep="last")
    by_policy = policies.set_index(["case_type", "priority"])
    grid = by_policy.reindex(pd.MultiIndex.from_product([CASE_TYPES, PRIORITIES]))
    place_of = {region: index for index, region in enumerate(regions["region_id"])}
    weights = np.array([REGION_WEIGHTS.get(region, 1.0) for region in regions["region_id"]])
    return Reference(
        regions=(*regions["region_id"], UNREGISTERED_REGION),
        region_weights=weights / weights.sum(),
        is_remote=np.append(regions["is_remote"].str.lower().to_numpy() == "true", False),
        is_east=np.append(regions["macro_region_en"].to_numpy() == "East China", False),
        teams=(*teams["team_id"], UNREGISTERED_TEAM),
        team_function=np.array([FUNCTIONS.index(name) for name in teams["function"]], dtype=np.int64),
        team_region=np.array([place_of.get(region, -1) for region in teams["region_id"]], dtype=np.int64),
        routing=_routing(regions, teams),
        causes=(*causes["root_cause_id"], UNREGISTERED_CAUSE),
        cause_category=(*causes["category"], "other"),
        resolution_hours=grid["resolution_hours"].to_numpy(float).reshape(len(CASE_TYPES), len(PRIORITIES)),
        is_working_clock=(grid["clock"].to_numpy() == "working").reshape(len(CASE_TYPES), len(PRIORITIES)),
    )
