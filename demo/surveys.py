"""Surveys after the resolution: who is asked, who answers, and what they say."""

import numpy as np
import pyarrow as pa

from demo import customers as base
from demo import people as staff
from demo.clock import HOUR, MINUTE, NEVER
from demo.columns import Columns, Ints, codes, ids, instants, numbers
from demo.events import TICKET_BASE, TICKET_PREFIX
from demo.people import People
from demo.reference import CHANNELS, COMPLAINT, Reference

INVITED_SHARE, ANSWERED_SHARE, COMMENT_SHARE, MISSING_SHARE = 0.45, 0.42, 0.35, 0.03
LOOSE_SHARE = 0.01
RESPONSE_BASE = 700_000_000
COMMENTS = (
    "服务很好，师傅非常专业", "处理及时，态度热情", "非常满意，谢谢", "回复很快，一次就解决了",
    "还可以，就是等的时间有点长", "态度不错，不过问题没有完全解决", "算了，就这样吧", "勉强接受，希望以后能快一点",
    "等了好几天才有人联系，太慢了", "配件一直没货，很失望", "态度敷衍，反复推诿", "物流太慢，没有人主动通知",
)  # fmt: skip


def ask(batch: Columns, random: np.random.Generator) -> Columns:
    """Return the surveys of a batch; `ticket` is the position in the batch, -1 for surveys without a ticket.

    Satisfaction (0 to 100, in steps of a five-point scale) falls with the minutes to the first answer, with the hours
    to the resolution, after a reopening and for complaints.
    """
    count = len(batch["opened"])
    resolved = batch["resolved"]
    asked = (resolved < NEVER) & (random.random(count) < INVITED_SHARE) & (batch["subject"] == 0) & ~batch["merges"]
    loose = ~asked & (random.random(count) < LOOSE_SHARE)
    at = np.flatnonzero(asked | loose)
    size = len(at)
    start = np.where(asked[at], resolved[at], batch["opened"][at])
    response = np.where(asked[at], batch["first"][at] - batch["opened"][at], 12 * MINUTE) / MINUTE
    wait = np.where(asked[at], resolved[at] - batch["opened"][at], 24 * HOUR) / HOUR
    mood = 93.0 - 3.6 * np.log2(np.maximum(response, 4.0) / 10) - 2.3 * np.log2(np.maximum(wait, 6.0) / 24)
    mood = (
        mood
        - 4.0 * (batch["case_type"][at] == COMPLAINT)
        - 9.0 * (batch["reopened"][at] < NEVER)
        + 13.0 * random.standard_normal(size)
    )
    bad_temper = np.where(random.random(size) < 0.03, 45.0, 0.0)
    level = np.clip(mood - bad_temper, 0, 100)

    def five(values: np.ndarray) -> np.ndarray:
        scale = np.clip(np.round(values / 25), 0, 4) * 25
        return np.where(random.random(size) < MISSING_SHARE, np.nan, scale)

    invited = start + random.integers(HOUR, 24 * HOUR, size)
    answers = random.random(size) < ANSWERED_SHARE
    mostly = np.select([level >= 85, level >= 60], [0, 4], 8) + random.integers(0, 4, size)
    return {
        "ticket": np.where(asked[at], at, -1),
        "number": batch["number"][at],
        "customer": batch["customer"][at],
        "agent": np.where(batch["transfers"], batch["agent2"], batch["agent1"])[at],
        "region": np.where(asked[at], -1, batch["region"][at]),
        "channel": np.where(asked[at], -1, batch["channel"][at]),
        "invited": invited,
        "responded": np.where(
            answers, invited + (12 * HOUR * random.exponential(1.0, size)).astype(np.int64) + MINUTE, NEVER
        ),
        "csat": five(level),
        "attitude": five(level + 5 + 6 * random.standard_normal(size)),
        "efficiency": five(level - 3 + 6 * random.standard_normal(size)),
        "nps": np.where(
            random.random(size) < 0.1, np.nan, np.clip(np.round(level / 10 + 0.3 * random.standard_normal(size)), 0, 10)
        ),
        "comment": np.where(random.random(size) < COMMENT_SHARE, mostly, -1),
    }


def responses_table(
    surveys: Columns, batch: Columns, since: int, until: int, reference: Reference, people: People
) -> pa.Table:
    """Return invitations and answers of [since, until); an answer repeats its invitation."""
    invited, responded = surveys["invited"], surveys["responded"]
    at = np.flatnonzero(((invited >= since) & (invited < until)) | ((responded >= since) & (responded < until)))
    row = {name: values[at] for name, values in surveys.items()}
    answered = row["responded"] < until

    def score(name: str) -> pa.Array:
        return numbers(np.where(answered, row[name], np.nan))

    ticket: Ints = np.where(row["ticket"] >= 0, TICKET_BASE + batch["number"][row["ticket"]], -1)
    agent = row["agent"]
    return pa.table(
        {
            "response_id": ids("SV", RESPONSE_BASE + row["number"]),
            "ticket_id": ids(TICKET_PREFIX, ticket),
            "customer_id": ids(base.CUSTOMER_PREFIX, base.FIRST_NUMBER + row["customer"]),
            "agent_id": ids(staff.EMPLOYEE_PREFIX, np.where(agent >= 0, people.number[np.maximum(agent, 0)], -1)),
            "invited_at": instants(row["invited"], NEVER),
            "responded_at": instants(row["responded"], until),
            "csat_score": score("csat"),
            "attitude_score": score("attitude"),
            "efficiency_score": score("efficiency"),
            "nps_score": score("nps"),
            "comment": codes(COMMENTS, np.where(answered, row["comment"], -1)),
            "region_id": codes(reference.regions, row["region"]),
            "channel": codes(CHANNELS, row["channel"]),
        }
    )
