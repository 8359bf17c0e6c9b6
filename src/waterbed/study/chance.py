"""What chance alone makes of a sensitivity analysis: its share of the variance, and the index of a factor of none."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .sensitivity import About, Values

_DUMMIES = 20
_SURE = 0.95
"""Share of the dummies that lie below the null."""
_SURE_Z = 1.645
"""The same, in standard deviations."""
_STEP = 0.01
"""Step of SALib's finite differences."""


def nulls(
    method: str, x: np.ndarray, y: np.ndarray, chance: float, about: About, distances: Values | None
) -> dict[str, float]:
    """What an index of a factor that does nothing comes to, by index; 0 for those that are not named.

    Distances between distributions are never 0 in a sample: a column that is put in another order does nothing, and
    has the index that its place in the sample gives it; of several, the 95 % quantile. All else that counts absolute
    or squared differences counts those by chance, as far as replicates tell them (``chance``, a share of the variance).

    Args:
        method: the analysis, as in ``design.analyse``.
        x: [point, factor] places in the unit cube.
        y: [point] estimates.
        chance: see :func:`chance_share`; ``nan`` counts as none.
        about: what the analysis has to know.
        distances: the analysis' values, where they are distances between distributions.
    """
    if distances is not None:
        rng = np.random.default_rng(about.seed)
        dummies = np.column_stack([rng.permutation(x[:, i % x.shape[1]]) for i in range(_DUMMIES)])
        found = distances(dummies, y, [f"dummy {i}" for i in range(_DUMMIES)], about)
        return {name: float(np.nanquantile(values, _SURE)) for name, values in found.items()}
    share = chance if math.isfinite(chance) else 0.0
    if method == "morris":
        # A step is `levels / 2` of the grid; its ends differ by chance with twice the variance of an estimate.
        step = about.grid_levels / (2.0 * (about.grid_levels - 1))
        spread = math.sqrt(2.0 * share * float(y.var(ddof=1))) / step
        trajectories = len(y) // about.block
        by_chance = math.sqrt(2 / math.pi) + _SURE_Z * math.sqrt((1 - 2 / math.pi) / trajectories)
        return {"mu_star": spread * by_chance}
    return {"ST": share, "ST (HDMR)": share, "DGSM": 2.0 * share / (math.pi * _STEP) ** 2}


def chance_share(terms: np.ndarray) -> float:
    """Share of the variance between the points' estimates that is chance; ``nan`` with one replicate.

    Replicates share their seeds across points, so what a seed does to all points alike is no difference between
    them: only the interaction of point and seed is (two-way analysis of variance). Ratios are taken in their linear
    form, ``(a - R b) / mean(b)``. ``terms``: [point, replicate, term], see :mod:`waterbed.measures.intervals`.
    """
    if np.isnan(terms).any() or terms.shape[0] < 2 or terms.shape[1] < 2:
        return float("nan")
    sums = terms.sum(axis=1)
    n_points, n = terms.shape[:2]
    estimate, linear = np.zeros(n_points), np.zeros((n_points, n))
    if terms.shape[2] == 1:
        estimate, linear = sums[:, 0] / n, terms[..., 0]
    for i in range(0, terms.shape[2] - 1, 2):
        sign = (1.0, -1.0)[i // 2]
        a, b, top, bottom = terms[..., i], terms[..., i + 1], sums[:, i], sums[:, i + 1]
        if (bottom <= 0).any():
            return float("nan")
        part = top / bottom
        estimate = estimate + sign * part
        linear = linear + sign * (a - part[:, None] * b) * n / bottom[:, None]
    between = estimate.var(ddof=1)
    rest = linear - linear.mean(axis=1, keepdims=True) - linear.mean(axis=0) + linear.mean()
    interaction = (rest**2).sum() / ((n_points - 1) * (n - 1))
    return float(min(1.0, interaction / n / between)) if between > 0 else float("nan")
