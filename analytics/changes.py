"""Which of many changes are beyond chance, when all that is known of a value is its interval."""

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, norm

_FALSE_DISCOVERY_RATE = 0.05
_HALF_WIDTHS = float(2 * norm.ppf(0.975))


def beyond_chance(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with z (size of the change in standard errors, signed) and is_clear.

    `frame` has value_before, low_before, high_before, value_now, low_now, high_now with 95 % intervals. The standard
    error of a value is a quarter of its interval's width (exactly: width / 3.92); a change is clear when it is
    significant at 5 % after Benjamini-Hochberg over all rows. Rows without both intervals, or with intervals of no
    width, have no z and are never clear.
    """
    widths = [(frame[f"high_{name}"] - frame[f"low_{name}"]).astype(float) for name in ("before", "now")]
    error = ((widths[0] / _HALF_WIDTHS) ** 2 + (widths[1] / _HALF_WIDTHS) ** 2) ** 0.5
    change = (frame["value_now"] - frame["value_before"]).astype(float)
    z = change / error.where(error > 0)
    known = z.notna().to_numpy()
    is_clear = np.zeros(len(frame), dtype=bool)
    if known.any():
        chance = 2 * norm.sf(np.abs(z[known]))
        is_clear[known] = false_discovery_control(chance, method="bh") <= _FALSE_DISCOVERY_RATE
    return frame.assign(z=z, is_clear=is_clear)
