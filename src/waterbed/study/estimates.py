"""Estimates of a study's points that can be calculated with: each carries its bootstrap over replicates.

Replicates share their seeds at all points, and all estimates their resamples, so a difference of two points is a
paired one: what chance does to both alike falls out of its interval.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError
from ..exact import product
from ..measures.intervals import BAND, TROUBLE, Name, ratio, resamples

if TYPE_CHECKING:
    from .results import Results


@dataclass(frozen=True, eq=False)
class Estimate:
    """A number, and what it is in each resample of the replicates."""

    value: float
    drawn: np.ndarray
    """Shape (resamples,); ``nan`` where a denominator is not positive."""

    @property
    def known(self) -> bool:
        """Whether it is identified: at most 2.5 % of its resamples have no value."""
        return math.isfinite(self.value) and float(np.isnan(self.drawn).mean()) <= TROUBLE

    @property
    def low(self) -> float:
        """Lower end of the 90 % interval; ``nan`` where it is not identified."""
        return float(np.nanquantile(self.drawn, BAND[0])) if self.known else math.nan

    @property
    def high(self) -> float:
        """Upper end of the 90 % interval; ``nan`` where it is not identified."""
        return float(np.nanquantile(self.drawn, BAND[1])) if self.known else math.nan

    @property
    def sign(self) -> int:
        """1 or -1 where the whole interval lies on one side of zero, else 0."""
        return int(self.low > 0) - int(self.high < 0)

    def __add__(self, other: Estimate | float) -> Estimate:
        return self._with(other, np.add)

    def __sub__(self, other: Estimate | float) -> Estimate:
        return self._with(other, np.subtract)

    def __mul__(self, other: Estimate | float) -> Estimate:
        return self._with(other, np.multiply)

    def __truediv__(self, other: Estimate | float) -> Estimate:
        return self._with(other, np.divide)

    def _with(self, other: Estimate | float, of: np.ufunc) -> Estimate:
        value, drawn = (other.value, other.drawn) if isinstance(other, Estimate) else (other, other)
        with np.errstate(divide="ignore", invalid="ignore"):
            out = of(self.drawn, drawn)
            return Estimate(float(of(self.value, value)), np.where(np.isfinite(out), out, np.nan))


class Estimates:
    """What a study found, point by point: ``found("arrivals_lost", {"operations.surge.officers": 200})``."""

    def __init__(self, results: Results) -> None:
        self._results = results

    @cached_property
    def _factors(self) -> dict[str, np.ndarray]:
        return self._results.factor_columns()

    def points(self, where: Mapping[str, Any]) -> list[int]:
        """Points at which factors have these values (as the tables show them), in order.

        Raises:
            InputError: where there is no such factor, or no such point.
        """
        mask = np.ones(len(self._results.plan.points), bool)
        for address, value in where.items():
            if address not in self._factors:
                raise InputError(f"{address}: is no factor of this study; its factors are {', '.join(self._factors)}")
            mask &= self._factors[address] == value
        if not mask.any():
            raise InputError(f"no point has {dict(where)}")
        return [int(point) for point in np.flatnonzero(mask)]

    def __call__(self, effect: str, where: Mapping[str, Any] | Iterable[int], key: str | None = None) -> Estimate:
        """An effect at a point; at several, the mean of a number, the ratio of sums of a ratio.

        Replicates that failed at one of the points are left out.

        Args:
            key: which of several rows of the effect; by default the one to read first.
        """
        at = self.points(where) if isinstance(where, Mapping) else list(where)
        terms = self._results.terms[self._name(effect, key)][at].sum(axis=0)
        terms = terms[~np.isnan(terms).any(axis=1)]
        n = len(terms)
        if not n:
            return Estimate(math.nan, np.full(1, np.nan))
        weights = resamples(n, self._results.plan.seed)
        if terms.shape[1] == 1:
            mean = terms[:, 0] / len(at)
            return Estimate(float(mean.mean()), product(weights, mean) / n)
        return Estimate(float(ratio(terms.sum(axis=0))), ratio(product(weights, terms)))

    def _name(self, effect: str, key: str | None) -> Name:
        if key is None:
            return self._results.one(effect)
        found = [name for name in self._results.terms if name[:2] == (effect, key)]
        if not found:
            raise InputError(f"effect {effect!r} has no key {key!r}")
        return found[0]
