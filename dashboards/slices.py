"""Pairs of dimensions: which order the mart stores them in, and one member of a pair held fast."""

from dataclasses import dataclass

import pandas as pd

#: Pair slices of the mart (kpis.md); any other pair is answered from the facts in the order of its name.
_STORED_PAIRS = (
    "region__team",
    "region__root_cause",
    "region__stage",
    "team__root_cause",
    "product_category__root_cause",
    "region__case_type",
)


def pair_of(one: str, other: str) -> str:
    """Return the name of the pair slice of two dimensions, as the mart stores it where it does."""
    return next((pair for pair in _STORED_PAIRS if set(pair.split("__")) == {one, other}), f"{one}__{other}")


@dataclass(frozen=True)
class Within:
    """One member that a breakdown stays inside of: the region whose teams are asked for."""

    dimension: str
    member: str

    def rows_of(self, frame: pd.DataFrame, pair: str) -> pd.DataFrame:
        """Return the rows of a pair slice that belong to the member, `slice_value` being the other member."""
        own, other = (0, 1) if pair.split("__")[0] == self.dimension else (1, 0)
        members = frame["slice_value"].astype(str).str.split("|", n=1, expand=True).reindex(columns=[0, 1])
        return frame.assign(slice_value=members[other])[members[own] == self.member]


def split_pairs(frame: pd.DataFrame, first: str, second: str) -> pd.DataFrame:
    """Return a frame of a pair slice with its two members in columns of their own."""
    members = frame["slice_value"].astype(str).str.split("|", n=1, expand=True).reindex(columns=[0, 1])
    return frame.assign(**{first: members[0], second: members[1]})
