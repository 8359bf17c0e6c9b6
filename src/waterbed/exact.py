"""Numbers with the same bits on every processor.

NumPy chooses among versions of a function, and BLAS among orders of addition, by what a processor can do; their
last bits differ. What is laid down in a world or a table is computed by these instead.
"""

from __future__ import annotations

import math

import numpy as np

exp = np.vectorize(math.exp, otypes=[float])
log = np.vectorize(math.log, otypes=[float])
sin = np.vectorize(math.sin, otypes=[float])
cos = np.vectorize(math.cos, otypes=[float])
arctan2 = np.vectorize(math.atan2, otypes=[float])

_DIGITS = 52
"""Binary digits within which every sum has to stay."""


def product(whole: np.ndarray, values: np.ndarray) -> np.ndarray:
    """``whole @ values``, where the left side is whole numbers, as weights and counts are.

    Values are first rounded to a grid on which every product and partial sum is exact, so that no order of
    addition rounds. Whole numbers stay as they are; others lose what lies below 2**-52 of the largest sum.

    Args:
        whole: whole numbers, shape (..., n).
        values: shape (n,) or (n, k); those that are not numbers stay so.

    Returns:
        Shape (...) or (..., k).
    """
    whole, values = np.asarray(whole, float), np.asarray(values, float)
    known = np.abs(values[np.isfinite(values)])
    most = np.abs(whole).sum(axis=-1).max(initial=0.0) * known.max(initial=0.0)
    grid = math.ldexp(1.0, _DIGITS - math.frexp(most)[1]) if most > 0.0 else 1.0
    out: np.ndarray = whole @ (np.rint(values * grid) / grid)
    return out
