"""Work around the tickets: requests to other departments, quality inspections, training, reviews and articles."""

import numpy as np
import pyarrow as pa

from demo import people as staff
from demo.clock import DAY, HOUR, NEVER, Window, in_shift, local_day
from demo.columns import Columns, codes, counts, days, flags, ids, instants, numbers
from demo.events import TICKET_BASE, TICKET_PREFIX
from demo.ownership import ONSITE
from demo.people import People
from demo.reference import COMPLAINT, REPAIR, Reference, labels

DEPARTMENTS = labels("crm.collaborations", "assisting_department")
DEPARTMENT_OF_CATEGORY = {"product_quality": "rd", "logistics": "logistics", "parts": "supply", "billing": "sales"}
#: Mean hours to the first answer; quality complaints take 48 h where 24 h is the rule.
ANSWER_HOURS = {"rd": 38.0, "production": 40.0, "logistics": 13.0, "sales": 9.0, "supply": 16.0}
COLLABORATION_SHARE, INSPECTION_SHARE = 0.10, 0.05
REVIEWERS = labels("survey.peer_reviews", "reviewer")
DIMENSIONS = labels("survey.peer_reviews", "dimension")
KINDS = labels("erp.training_records", "kind")
COURSES = ("锂电池安全与检测", "投诉沟通技巧", "新产品维修培训", "系统与记录规范", "技师资格认证", "客服上岗认证")
TRAININGS_PER_YEAR, ARTICLES_PER_YEAR = 7.0, 3.0


def collaborate(batch: Columns, reference: Reference, random: np.random.Generator) -> Columns:
    """Return requests to other departments, about a tenth of the complaints and some repairs."""
    count = len(batch["opened"])
    share = np.where(
        batch["case_type"] == COMPLAINT, COLLABORATION_SHARE * 1.8, np.where(batch["case_type"] == REPAIR, 0.03, 0.0)
    )
    at = np.flatnonzero((random.random(count) < share) & (batch["first"] < NEVER) & (batch["resolved"] < NEVER))
    by_cause = np.array(
        [DEPARTMENTS.index(DEPARTMENT_OF_CATEGORY.get(name, "production")) for name in reference.cause_category]
    )
    department = by_cause[batch["cause"][at]]
    span = batch["resolved"][at] - batch["first"][at]
    requested = batch["first"][at] + (span * random.uniform(0.02, 0.3, len(at))).astype(np.int64)
    mean = np.array([ANSWER_HOURS[name] for name in DEPARTMENTS])[department]
    responded = requested + (HOUR * mean * random.gamma(1.6, 1 / 1.6, len(at))).astype(np.int64)
    responded = np.where(random.random(len(at)) < 0.03, NEVER, responded)
    completed = np.where(
        responded < NEVER, responded + (HOUR * random.exponential(20, len(at))).astype(np.int64), NEVER
    )
    return {
        "ticket": at,
        "department": department,
        "requested": requested,
        "responded": responded,
        "completed": completed,
    }


def collaborations_table(requests: Columns, batch: Columns, since: int, until: int, reference: Reference) -> pa.Table:
    """Return the requests that changed in [since, until) as they stood at `until`."""
    times = [requests[name] for name in ("requested", "responded", "completed")]
    at = np.flatnonzero(np.any([(time >= since) & (time < until) for time in times], axis=0))
    ticket = requests["ticket"][at]
    number = batch["number"][ticket]
    return pa.table(
        {
            "collaboration_id": ids("CO", TICKET_BASE + number),
            "ticket_id": ids(TICKET_PREFIX, TICKET_BASE + number),
            "requesting_team_id": codes(reference.teams, batch["team1"][ticket]),
            "assisting_department": codes(DEPARTMENTS, requests["department"][at]),
            "requested_at": instants(requests["requested"][at], NEVER),
            "responded_at": instants(requests["responded"][at], until),
            "completed_at": instants(requests["completed"][at], until),
        }
    )


def inspect(batch: Columns, people: People, random: np.random.Generator) -> Columns:
    """Return quality inspections of about 5 % of the resolved tickets, one to ten days after the resolution."""
    count = len(batch["opened"])
    at = np.flatnonzero((batch["resolved"] < NEVER) & (random.random(count) < INSPECTION_SHARE) & ~batch["merges"])
    leads = np.flatnonzero(np.isin(people.role, [staff.ROLES.index(name) for name in ("team_lead", "supervisor")]))
    required = np.where(batch["mode"][at] == ONSITE, 14, 10)
    gaps = random.binomial(required, 0.045)
    diagnosis = (batch["diagnosed"][at] < NEVER).astype(np.int64)
    handled = batch["verified"][at] < NEVER
    return {
        "ticket": at,
        "inspected": in_shift(batch["resolved"][at] + random.integers(DAY, 10 * DAY, len(at)), random),
        "inspector": leads[random.integers(0, len(leads), len(at))],
        "agent": np.where(batch["transfers"], batch["agent2"], batch["agent1"])[at],
        "required": required,
        "complete": required - gaps - np.where(handled & (diagnosis == 0), 1, 0) * (gaps < required),
        "diagnosis": np.where(handled, diagnosis, -1),
        "signature": np.where(batch["mode"][at] == ONSITE, (random.random(len(at)) < 0.95).astype(np.int64), -1),
        "script": (random.random(len(at)) < 0.91).astype(np.int64),
        "process": (random.random(len(at)) < 0.88).astype(np.int64),
        "attitude": np.clip(random.normal(90, 6, len(at)), 40, 100),
    }


def inspections_table(inspections: Columns, batch: Columns, since: int, until: int, people: People) -> pa.Table:
    at = np.flatnonzero((inspections["inspected"] >= since) & (inspections["inspected"] < until))
    row = {name: values[at] for name, values in inspections.items()}
    number = batch["number"][row["ticket"]]
    agent = row["agent"]
    return pa.table(
        {
            "inspection_id": ids("QI", TICKET_BASE + number),
            "ticket_id": ids(TICKET_PREFIX, TICKET_BASE + number),
            "inspected_at": instants(row["inspected"], NEVER),
            "inspector_id": ids(staff.EMPLOYEE_PREFIX, people.number[row["inspector"]]),
            "agent_id": ids(staff.EMPLOYEE_PREFIX, np.where(agent >= 0, people.number[np.maximum(agent, 0)], -1)),
            "fields_required": counts(row["required"]),
            "fields_complete": counts(row["complete"]),
            "has_diagnosis_record": flags(row["diagnosis"]),
            "has_customer_signature": flags(row["signature"]),
            "is_script_followed": flags(row["script"]),
            "is_process_followed": flags(row["process"]),
            "attitude_score": numbers(row["attitude"], 0),
        }
    )


def _spread(
    people: People, window: Window, per_year: float, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return people and local days: about `per_year` occasions a year while they are at work."""
    months = len(window.months)
    total = random.poisson(per_year * months / 12 * len(people))
    who = np.sort(random.integers(0, len(people), total))
    month_days = local_day(window.starts)
    first = month_days[np.minimum(people.joins_in[who], months)]
    last = month_days[np.minimum(people.leaves_in[who], months)]
    return who, first + ((last - first) * random.random(total)).astype(np.int64)


def articles_table(people: People, window: Window, random: np.random.Generator) -> pa.Table:
    """Return the knowledge articles that people wrote in the window."""
    who, day = _spread(people, window, ARTICLES_PER_YEAR, random)
    return pa.table(
        {
            "article_id": ids("KB", np.arange(1001, 1001 + len(who))),
            "author_id": ids(staff.EMPLOYEE_PREFIX, people.number[who]),
            "published_at": instants(day * DAY + random.integers(HOUR, 9 * HOUR, len(who)), NEVER),
            "reuse_count": counts(random.poisson(6, len(who))),
        }
    )


def training_table(people: People, window: Window, random: np.random.Generator) -> pa.Table:
    """Return trainings and certifications: about seven a year per person, nine of ten examinations passed."""
    who, day = _spread(people, window, TRAININGS_PER_YEAR, random)
    course = random.integers(0, len(COURSES), len(who))
    is_exam = course >= 4
    score = np.clip(random.normal(81, 9, len(who)), 30, 100)
    return pa.table(
        {
            "record_id": ids("TR", np.arange(10_001, 10_001 + len(who))),
            "employee_id": ids(staff.EMPLOYEE_PREFIX, people.number[who]),
            "course": codes(COURSES, course),
            "kind": codes(KINDS, is_exam.astype(np.int64)),
            "held_on": days(day),
            "hours": numbers(np.where(is_exam, 2.0, random.integers(2, 17, len(who)) / 2)),
            "score": numbers(np.where(is_exam, score, np.nan), 0),
            "is_passed": flags(np.where(is_exam, np.round(score) >= 70, -1)),
        }
    )


def peer_reviews_table(people: People, window: Window, random: np.random.Generator) -> pa.Table:
    """Return four reviews per person and completed quarter, points 0 to 100."""
    first = int(window.months[0].astype(np.int64))
    quarters = [m for m in range(len(window.months) - 2) if (first + m) % 3 == 0]
    names, rows = [], []
    for position, month in enumerate(quarters):
        name = window.months[month]
        names.append(f"{str(name)[:4]}-Q{(int(str(name)[5:7]) + 2) // 3}")
        here = np.flatnonzero(people.at_work(month + 2))
        rows.append(np.stack([np.repeat(here, 4), np.full(4 * len(here), position), np.tile(np.arange(4), len(here))]))
    who, quarter, reviewer = np.concatenate(rows, axis=1) if rows else np.zeros((3, 0), dtype=np.int64)
    dimension = (reviewer + who + quarter) % len(DIMENSIONS)
    level = 82 + (who * 7919 % 13) - 6
    return pa.table(
        {
            "review_id": ids("RV", np.arange(5001, 5001 + len(who))),
            "employee_id": ids(staff.EMPLOYEE_PREFIX, people.number[who]),
            "reviewer": codes(REVIEWERS, reviewer),
            "quarter": codes(names or ["-"], quarter),
            "dimension": codes(DIMENSIONS, dimension),
            "score": numbers(np.clip(level + random.normal(0, 5, len(who)), 40, 100), 0),
        }
    )
