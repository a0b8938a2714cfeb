"""Why customers have to ask: the mix of root causes by case type, and in remote regions."""

import numpy as np

from demo import stories
from demo.columns import Columns, Floats, Ints
from demo.reference import CASE_TYPES, COMPLAINT, Reference

#: Percent of the category among the cases of a type; types without a row share the last one.
CATEGORY_MIX: dict[str, dict[str, float]] = {
    "complaint": {
        "product_quality": 46,
        "logistics": 18,
        "service_attitude": 11,
        "installation": 8,
        "parts": 7,
        "usage": 3,
        "billing": 5,
        "other": 2,
    },
    "repair": {"product_quality": 72, "parts": 4, "installation": 9, "usage": 12, "other": 3},
    "consultation": {"usage": 52, "billing": 16, "installation": 8, "parts": 4, "other": 20},
    "return_exchange": {"product_quality": 40, "logistics": 40, "billing": 5, "other": 15},
    "": {"installation": 55, "usage": 25, "other": 20},
}
#: Weight of a cause inside its category; 1 where nothing is said.
CAUSE_WEIGHTS = {"C-101": 0.5, "C-103": 1.4, "C-201": 4.0, "C-501": 2.5, "C-801": 2.0}
UNREGISTERED_SHARE = 0.002


def _mix(reference: Reference, mix: dict[str, float]) -> Floats:
    """Return the share of each registered cause, adding up to 1."""
    registered = len(reference.causes) - 1
    categories = reference.cause_category[:registered]
    weight = np.array([CAUSE_WEIGHTS.get(cause, 1.0) for cause in reference.causes[:registered]])
    share = np.zeros(registered)
    for category, percent in mix.items():
        members = np.array([name == category for name in categories])
        if members.any():
            share[members] = percent * weight[members] / weight[members].sum()
    return share / share.sum()


def _draw(share: Floats, count: int, random: np.random.Generator) -> Ints:
    return np.searchsorted(np.cumsum(share), random.random(count) * 0.999999, side="right").astype(np.int64)


def _remote_mix() -> dict[str, float]:
    usual = CATEGORY_MIX["complaint"]
    rest = 100 - usual["logistics"]
    scaled = {name: value * (1 - stories.REMOTE_LOGISTICS_SHARE) * 100 / rest for name, value in usual.items()}
    return {**scaled, "logistics": stories.REMOTE_LOGISTICS_SHARE * 100}


def draw_causes(batch: Columns, reference: Reference, random: np.random.Generator) -> Ints:
    """Return a cause per ticket by its case type and region; about 0.2 % are codes that no seed knows."""
    count = len(batch["case_type"])
    cause = np.zeros(count, dtype=np.int64)
    for index, name in enumerate(CASE_TYPES):
        here = np.flatnonzero(batch["case_type"] == index)
        cause[here] = _draw(_mix(reference, CATEGORY_MIX.get(name, CATEGORY_MIX[""])), len(here), random)
    remote = np.flatnonzero((batch["case_type"] == COMPLAINT) & reference.is_remote[batch["region"]])
    cause[remote] = _draw(_mix(reference, _remote_mix()), len(remote), random)
    return np.where(random.random(count) < UNREGISTERED_SHARE, len(reference.causes) - 1, cause)
