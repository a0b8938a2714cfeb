"""Which members moved a total, and by how much: exact contributions that add up to the change or to the miss."""

import numpy as np
import pandas as pd

#: What `movers` returns per member.
COLUMNS = (
    "member", "value_before", "value_now", "weight_before", "weight_now", "rate_effect", "mix_effect", "contribution",
)  # fmt: skip


def movers(before: pd.DataFrame, now: pd.DataFrame, *, is_ratio: bool) -> pd.DataFrame:
    """Return each member's contribution to the change of the total between two periods, largest size first.

    Both frames have member, numerator and, for ratios and means, denominator; each member stands once. A ratio's
    change is split without a remainder (symmetric Kitagawa decomposition), with member value r, weight
    w = denominator / sum of denominators and total R, into

    - rate effect  1/2 (w0 + w1) (r1 - r0): the member became better or worse,
    - mix effect   (w1 - w0) (1/2 (r0 + r1) - 1/2 (R0 + R1)): its share in the denominators changed.

    A member that lacks a denominator in one period enters or leaves: the whole of its contribution is mix. For sums
    (`is_ratio` false) the contribution is the difference of the numerators and there are no weights. Values and
    effects are in the unit of numerator / denominator; contributions add up to R1 - R0. Raises ValueError when a
    period of a ratio has no denominator, one is negative, or a member stands twice.
    """
    sides = _sides(before, now)
    return _sorted(_of_ratios(sides) if is_ratio else _of_sums(sides))


def miss_parts(now: pd.DataFrame, target: float) -> "pd.Series[float]":
    """Return each member's part of the distance of a ratio's total from its target, by member.

    The part is (numerator - target * denominator) / sum of denominators, so the parts add up to R - target. Raises
    ValueError like `movers`.
    """
    side = _side(now, "now")
    total = _total(side["denominator"], "now")
    return (side["numerator"] - target * side["denominator"]) / total


def _of_ratios(sides: pd.DataFrame) -> pd.DataFrame:
    numerators = {name: sides[f"numerator_{name}"] for name in ("before", "now")}
    denominators = {name: sides[f"denominator_{name}"] for name in ("before", "now")}
    sums = {name: _total(denominators[name], name) for name in ("before", "now")}
    totals = {name: numerators[name].sum() / sums[name] for name in ("before", "now")}
    w0, w1 = (denominators[name] / sums[name] for name in ("before", "now"))
    r0, r1 = (numerators[name] / denominators[name].where(denominators[name] > 0) for name in ("before", "now"))
    middle = 0.5 * (totals["before"] + totals["now"])
    share = numerators["now"] / sums["now"] - numerators["before"] / sums["before"]
    contribution = share - (w1 - w0) * middle
    rate = (0.5 * (w0 + w1) * (r1 - r0)).fillna(0.0)
    return pd.DataFrame(
        {
            "value_before": r0,
            "value_now": r1,
            "weight_before": w0,
            "weight_now": w1,
            "rate_effect": rate,
            "mix_effect": contribution - rate,
            "contribution": contribution,
        }
    )


def _of_sums(sides: pd.DataFrame) -> pd.DataFrame:
    change = sides["numerator_now"] - sides["numerator_before"]
    return pd.DataFrame(
        {
            "value_before": sides["numerator_before"],
            "value_now": sides["numerator_now"],
            "weight_before": np.nan,
            "weight_now": np.nan,
            "rate_effect": change,
            "mix_effect": 0.0,
            "contribution": change,
        }
    )


def _sides(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    sides = [_side(frame, name).add_suffix(f"_{name}") for name, frame in (("before", before), ("now", now))]
    return pd.concat(sides, axis=1, join="outer").fillna(0.0)


def _side(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    if frame["member"].duplicated().any():
        raise ValueError(f"a member stands twice in the period {name}")
    columns = [column for column in ("numerator", "denominator") if column in frame]
    side = frame.set_index("member")[columns].astype(float).fillna(0.0)
    return side if "denominator" in side else side.assign(denominator=0.0)


def _total(denominators: "pd.Series[float]", name: str) -> float:
    if (denominators < 0).any() or denominators.sum() <= 0:
        raise ValueError(f"the period {name} has no denominator")
    return float(denominators.sum())


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    order = frame["contribution"].abs().sort_values(ascending=False, kind="stable").index
    return frame.loc[order].rename_axis("member").reset_index()[list(COLUMNS)]
