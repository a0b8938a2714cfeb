"""Who works on a ticket: first team and person, the transfer, and the technician of its visits."""

import numpy as np

from demo import stories
from demo.clock import MINUTE
from demo.columns import Columns, Ints
from demo.people import People, Roster
from demo.reference import CASE_TYPES, COMPLAINT, FUNCTIONS, INSTALLATION, MODES, REPAIR, Reference

CS, TS, CP, MT = (
    FUNCTIONS.index(name) for name in ("customer_service", "technical_support", "complaints", "maintenance")
)
ONSITE, DEPOT, REMOTE, SELF_SERVICE = (MODES.index(name) for name in ("onsite", "depot", "remote", "self_service"))
#: Share of on-site and depot work by case type; the rest is solved from afar.
ONSITE_SHARES = {
    "repair": 0.46,
    "complaint": 0.08,
    "installation": 0.9,
    "inspection": 0.8,
    "return_exchange": 0.05,
    "consultation": 0.0,
}
DEPOT_SHARES = {"repair": 0.10, "return_exchange": 0.6}
TRANSFER_SHARE = 0.12
UNREGISTERED_SHARE = 0.002


def choose_modes(batch: Columns, random: np.random.Generator) -> Ints:
    """Return the way of resolution; the faulty batteries all go to the depot."""
    count = len(batch["opened"])
    onsite = np.array([ONSITE_SHARES.get(name, 0.0) for name in CASE_TYPES])[batch["case_type"]]
    depot = np.array([DEPOT_SHARES.get(name, 0.0) for name in CASE_TYPES])[batch["case_type"]]
    draw = random.random(count)
    mode = np.where(draw < onsite, ONSITE, np.where(draw < onsite + depot, DEPOT, REMOTE))
    mode = np.where(batch["channel"] == batch["self_service_channel"], SELF_SERVICE, mode)
    return np.where(batch["is_story"], DEPOT, mode)


def assign_owners(
    batch: Columns, reference: Reference, people: People, roster: Roster, random: np.random.Generator
) -> None:
    """Add team1/agent1, team2/agent2 (after the transfer; `transfers` says who has one) and technician."""
    count = len(batch["opened"])
    case_type, mode, region = batch["case_type"], batch["mode"], batch["region"]
    function = np.where(case_type == COMPLAINT, CP, np.where(case_type == REPAIR, TS, CS))
    function = np.where((case_type != COMPLAINT) & (case_type != REPAIR) & (random.random(count) < 0.25), TS, function)
    fieldwork = (mode == ONSITE) & (case_type != COMPLAINT)
    function = np.where(fieldwork | (case_type == INSTALLATION), MT, function)
    maintenance = field_team(reference, region, random)

    transfers = (random.random(count) < TRANSFER_SHARE) & ~batch["is_story"] & (mode != SELF_SERVICE)
    # Field work that starts at the wrong desk is handed to maintenance; other tickets go to another function.
    function1 = np.where(fieldwork & transfers, TS, function)
    function2 = np.select([fieldwork, function == TS, function == CP], [MT, CS, TS], TS)
    team1 = np.where(function1 == MT, maintenance, reference.routing[function1, region])
    team2 = np.where(function2 == MT, maintenance, reference.routing[function2, region])
    team1 = np.where(random.random(count) < UNREGISTERED_SHARE, len(reference.teams) - 1, team1)
    batch["team1"], batch["agent1"] = team1, roster.pick(team1, random)
    batch["transfers"] = transfers & (team1 != team2)
    batch["team2"], batch["agent2"] = team2, roster.pick(team2, random)

    in_field = np.where(
        batch["transfers"] & (function2 == MT), batch["agent2"], np.where(function1 == MT, batch["agent1"], -1)
    )
    other = roster.pick(maintenance, random)
    batch["technician"] = np.where(in_field >= 0, in_field, other)
    batch["is_outsourced"] = np.where(
        batch["technician"] >= 0, people.is_outsourced[np.maximum(batch["technician"], 0)], False
    )


def field_team(reference: Reference, region: Ints, random: np.random.Generator) -> Ints:
    """Return the maintenance team; the outsourced one takes its share wherever the first two depots serve."""
    usual = reference.routing[MT, region]
    outsourced = reference.team(stories.OUTSOURCED_TEAM)
    if outsourced < 0:
        return usual
    takes_over = np.zeros(len(reference.teams), dtype=bool)
    takes_over[[team for team in (reference.team(name) for name in stories.RELIEVED_TEAMS) if team >= 0]] = True
    relieved = takes_over[usual] & (random.random(len(region)) < stories.OUTSOURCED_VISIT_SHARE)
    return np.where(relieved, outsourced, usual)


def response_seconds(batch: Columns, reference: Reference, night: np.ndarray, random: np.random.Generator) -> Ints:
    """Return seconds to the first human answer: a median of 10 to 14 minutes, at night a little more.

    The story's team answers hours later at night.
    """
    count = len(night)
    region = batch["region"]
    median = np.where(reference.is_east[region], 10.5, np.where(reference.is_remote[region], 14.5, 12.0))
    median = median * np.where(night, 1.4, 1.0) * np.where(batch["priority"] == 0, 0.7, 1.0)
    minutes = median * np.exp(0.55 * random.standard_normal(count))
    minutes = np.where(random.random(count) < 0.02, minutes * 9, minutes)
    low, high = stories.NIGHT_RESPONSE_HOURS
    sleeps = night & (batch["team1"] == reference.team(stories.NIGHT_TEAM))
    minutes = np.where(sleeps, 60 * random.uniform(low, high, count), minutes)
    return (MINUTE * minutes).astype(np.int64) + 20
