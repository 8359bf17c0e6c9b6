"""What a fit says of parameters: weighted points as values, summaries, and draws to predict from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from .smc import Fit

if TYPE_CHECKING:
    import pandas as pd

BAND = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Ends of the 90 and 50 % intervals, and the median."""
_PRIOR_VARIANCE = 1.0 / 12.0


class Scaled(Protocol):
    """A parameter whose prior is uniform on the unit interval; a study's axis is one."""

    @property
    def address(self) -> str:
        """Its name."""

    @property
    def unit(self) -> str:
        """Its unit."""

    def value(self, u: float, /) -> Any:
        """The value at a place of the unit interval."""


@dataclass(frozen=True)
class Posterior:
    """Weighted points of a fit, with what their places in the unit interval mean."""

    axes: tuple[Scaled, ...]
    fit: Fit

    def values(self) -> np.ndarray:
        """[point, parameter], each in its own unit."""
        return np.array([[axis.value(u) for axis, u in zip(self.axes, row, strict=True)] for row in self.fit.places],
                        float)  # fmt: skip

    def draws(self, n: int, seed: int) -> np.ndarray:
        """Places of n points drawn by weight, [draw, parameter] (systematic resampling: least chance added)."""
        rng = np.random.default_rng([seed, n])
        at = (np.arange(n) + rng.random()) / n
        chosen = np.searchsorted(np.cumsum(self.fit.weights), at).clip(max=len(self.fit.weights) - 1)
        return self.fit.places[rng.permutation(chosen)]

    def table(self, targets: Sequence[str]) -> pd.DataFrame:
        """A row a point: weight (they add up to 1), distance, parameters, and its run's statistics."""
        import pandas as pd

        values, names = self.values(), [axis.address for axis in self.axes]
        columns: dict[str, Any] = {"weight": self.fit.weights, "distance": self.fit.distances}
        columns |= {name: values[:, i] for i, name in enumerate(names)}
        columns |= {f"simulated.{name}": self.fit.statistics[:, j] for j, name in enumerate(targets)}
        table = pd.DataFrame(columns)
        table.attrs["units"] = {axis.address: axis.unit for axis in self.axes}
        return table

    def summary(self) -> pd.DataFrame:
        """A row a parameter: 90 % interval of the prior, median and 90 % interval of the posterior, and contraction.

        Contraction is 1 − variance of the posterior over that of the prior, on the scale where the prior is uniform:
        0 where nothing was learnt, 1 where the value is known.
        """
        import pandas as pd

        values, rows = self.values(), []
        for i, axis in enumerate(self.axes):
            low, _, middle, _, high = quantiles(values[:, i], self.fit.weights)
            rows.append((axis.address, axis.unit, float(axis.value(BAND[0])), float(axis.value(BAND[-1])), middle, low,
                         high, self.contraction(i)))  # fmt: skip
        columns = ["parameter", "unit", "prior_low", "prior_high", "median", "low", "high", "contraction"]
        return pd.DataFrame(rows, columns=columns)

    def contraction(self, i: int) -> float:
        """1 − variance over the prior's, of a parameter by its number."""
        u, weights = self.fit.places[:, i], self.fit.weights
        return 1.0 - float((weights * (u - weights @ u) ** 2).sum()) / _PRIOR_VARIANCE


def quantiles(values: np.ndarray, weights: np.ndarray | None = None) -> list[float]:
    """Ends of the 90 and 50 % intervals and the median, in order, of (weighted) values.

    Upper ends are lower ends mirrored, so that of few points the intervals hold what they should: the usual inverse of
    the distribution function lies one point too low at the upper end.
    """
    below = np.quantile(values, BAND[:3], weights=weights, method="inverted_cdf")
    above = -np.quantile(-values, BAND[:3], weights=weights, method="inverted_cdf")[::-1]
    return [float(v) for v in (*below[:2], (below[2] + above[0]) / 2.0, *above[1:])]


def predicted(
    names: Sequence[str], observed: Sequence[float], scales: Sequence[float], runs: np.ndarray
) -> pd.DataFrame:
    """A row a target: what was observed; median, 50 and 90 % interval of new runs of the posterior, [run, target]."""
    import pandas as pd

    rows = []
    for j, name in enumerate(names):
        low, low50, middle, high50, high = quantiles(runs[:, j])
        rows.append((name, observed[j], scales[j], middle, low50, high50, low, high, low <= observed[j] <= high))
    columns = ["target", "observed", "scale", "median", "low50", "high50", "low", "high", "within_90"]
    return pd.DataFrame(rows, columns=columns)
