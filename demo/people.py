"""The company's people: who works in which team, month by month, and their rows in the ERP."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from demo import stories
from demo.clock import Window, local_day
from demo.columns import Flags, Ints, codes, days, ids
from demo.names import people_names
from demo.reference import Reference, labels

ROLES = labels("erp.employees", "role")
EMPLOYMENTS = labels("erp.employees", "employment")
FUNCTION_ROLES = ("service_agent", "support_engineer", "complaint_handler", "technician")
FUNCTION_WEIGHTS = (8.0, 7.0, 5.0, 14.0)
TICKETS_PER_PERSON = 300
SMALLEST_COMPANY = 35
MOVER_SHARE, LEAVER_SHARE, JOINER_SHARE = 0.06, 0.05, 0.12
EMPLOYEE_PREFIX, FIRST_NUMBER = "E", 1001


@dataclass(frozen=True)
class People:
    """One entry per person; `team` before and `next_team` from month `moves_in` on (no move: months + 1).

    Months count from the window's first; a person works from month `joins_in` to before `leaves_in`.
    """

    number: Ints
    team: Ints
    next_team: Ints
    moves_in: Ints
    joins_in: Ints
    leaves_in: Ints
    role: Ints
    is_outsourced: Flags
    teams: int

    def __len__(self) -> int:
        return len(self.number)

    def at_work(self, month: int) -> Flags:
        return (self.joins_in <= month) & (month < self.leaves_in)

    def team_in(self, month: int) -> Ints:
        return np.where(self.moves_in <= month, self.next_team, self.team)


@dataclass(frozen=True)
class Roster:
    """Who can be given work in one month: positions in People, grouped by team."""

    members: Ints
    first: Ints
    size: Ints

    def pick(self, team: Ints, random: np.random.Generator) -> Ints:
        """Return one person of each team at random, -1 where the team is unknown or empty."""
        known = (team >= 0) & (team < len(self.size))
        slot = np.where(known, team, 0)
        size = np.where(known, self.size[slot], 0)
        chosen = self.first[slot] + (random.random(len(team)) * size).astype(np.int64)
        return np.where(size > 0, self.members[np.minimum(chosen, len(self.members) - 1)], -1)


def roster(people: People, month: int) -> Roster:
    """Return the people who take tickets in `month`: everybody at work but supervisors."""
    team = people.team_in(month)
    works = np.flatnonzero(people.at_work(month) & (people.role != ROLES.index("supervisor")))
    order = works[np.argsort(team[works], kind="stable")]
    size = np.bincount(team[order], minlength=people.teams)
    return Roster(order, np.concatenate([[0], np.cumsum(size)[:-1]]), size)


def hire(reference: Reference, months: int, tickets: int, random: np.random.Generator) -> People:
    """Return a company of max(35, tickets / 300) people.

    Every team has a lead who stays; of the others at least two change team, two join and one leaves in the window.
    """
    teams = len(reference.team_function)
    outsourced = reference.team(stories.OUTSOURCED_TEAM)
    count = max(SMALLEST_COMPANY, round(tickets / TICKETS_PER_PERSON), teams + 10)
    weight = np.array(FUNCTION_WEIGHTS)[reference.team_function]
    team = np.concatenate([np.arange(teams), random.choice(teams, count - teams, p=weight / weight.sum())])
    position = np.arange(count)
    is_lead = position < teams
    role = np.array([ROLES.index(name) for name in FUNCTION_ROLES])[reference.team_function[team]]
    role = np.where(is_lead, ROLES.index("team_lead"), role)
    role = np.where(~is_lead & (position % 25 == 0), ROLES.index("supervisor"), role)

    next_team = _other_teams(reference, team, outsourced, random)
    free = random.permutation(np.flatnonzero(~is_lead & (team != outsourced) & (next_team != team)))
    movers, joiners = max(2, round(MOVER_SHARE * len(free))), max(2, round(JOINER_SHARE * len(free)))
    leavers = max(1, round(LEAVER_SHARE * len(free)))
    chosen = np.full(count, -1)
    chosen[free[: movers + joiners + leavers]] = np.repeat([0, 1, 2], [movers, joiners, leavers])[: len(free)]
    late = random.integers(2, max(3, months), count)
    never = months + 1
    return People(
        number=FIRST_NUMBER + position,
        team=team,
        next_team=np.where(chosen == 0, next_team, team),
        moves_in=np.where(chosen == 0, late, never),
        joins_in=np.where(chosen == 1, late, 0),
        leaves_in=np.where(chosen == 2, late, never),
        role=role,
        is_outsourced=team == outsourced,
        teams=teams,
    )


def _other_teams(reference: Reference, team: Ints, outsourced: int, random: np.random.Generator) -> Ints:
    """Return for each person another in-house team of the same function, the own team where there is none."""
    every = np.arange(len(reference.team_function))
    choice = random.random(len(team))
    other = team.copy()
    for own in every:
        same = reference.team_function == reference.team_function[own]
        options = every[same & (every != own) & (every != outsourced)]
        here = np.flatnonzero(team == own)
        if len(options):
            other[here] = options[(choice[here] * len(options)).astype(np.int64)]
    return other


def employees_table(people: People, window: Window, reference: Reference, random: np.random.Generator) -> pa.Table:
    """Return one row per person and start of validity; a move adds a second row."""
    count = len(people)
    month_days = local_day(window.starts)
    before = month_days[0] - random.integers(60, 2500, count)
    hired = np.where(people.joins_in > 0, month_days[np.minimum(people.joins_in, len(window.months))], before)
    left = np.where(
        people.leaves_in <= len(window.months), month_days[np.minimum(people.leaves_in, len(window.months))] - 1, -1
    )
    movers = np.flatnonzero(people.moves_in < len(window.months))
    who = np.concatenate([np.arange(count), movers])
    team = np.concatenate([people.team, people.next_team[movers]])
    start = np.concatenate([hired, month_days[people.moves_in[movers]]])
    names = people_names(count, random)
    order = np.lexsort((start, who))
    who, team, start = who[order], team[order], start[order]
    return pa.table(
        {
            "employee_id": ids(EMPLOYEE_PREFIX, people.number[who]),
            "employee_name": names.take(pa.array(who)),
            "role": codes(ROLES, people.role[who]),
            "team_id": codes(reference.teams, team),
            "region_id": codes(reference.regions, reference.team_region[team]),
            "employment": codes(EMPLOYMENTS, people.is_outsourced[who].astype(np.int64)),
            "hired_on": days(hired[who]),
            "left_on": days(left[who]),
            "effective_from": days(start),
        }
    )
