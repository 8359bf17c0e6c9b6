"""SALib, shielded: its seed 0 that means none, its hand on NumPy's global generator, its changes to the problem."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from .factors import Axis


def problem_of(axes: Sequence[Axis]) -> dict[str, Any]:
    """A new problem on the unit cube, with our names: one for each call, since SALib writes into it."""
    return {
        "num_vars": len(axes), "names": [axis.address for axis in axes], "bounds": [[0.0, 1.0] for _ in axes],
    }  # fmt: skip


@contextmanager
def shielded(seed: int) -> Iterator[int]:
    """Give a seed that SALib heeds (``if seed:`` drops 0), and leave NumPy's global generator as it was.

    Some of SALib draws from the global generator whatever it is given, so that is seeded as well, for the while.
    """
    heeded = seed % (2**32 - 2) + 1
    before = np.random.get_state()
    np.random.seed(heeded)
    try:
        # Recorded, not ignored: SALib sets filters of its own, which would be heard.
        with warnings.catch_warnings(record=True):
            yield heeded
    finally:
        np.random.set_state(before)
