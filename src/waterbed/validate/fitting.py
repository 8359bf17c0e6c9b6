"""The fit of the border: five shared parameters, and one constant a sector, to a record up to a year.

Sector constants are those under which the last year's shares are the record's (a contraction, no search). The
shared parameters are sought by SciPy's Nelder-Mead: they minimise how far the changes of shares between all pairs of
years at most five apart lie from the record's, as total variation, over what persistence would have missed, with a
weak prior on each. Nothing later than the last year given is seen.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .expected import Border, Shared, shares_of

SPAN = 5
"""Longest pair of years compared."""
PRIOR_WEIGHT = 0.1
"""Weight of the prior in the objective, over the number of years fitted."""


@dataclass(frozen=True)
class Prior:
    """A normal prior on a transformed parameter: ``log``, ``logit`` or ``none``."""

    name: str
    unit: str
    scale: str
    centre: float
    sd: float
    source: str

    def out(self, x: float) -> float:
        """The parameter from its transformed value."""
        if self.scale == "log":
            return math.exp(min(50.0, x))
        if self.scale == "logit":
            return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, x))))
        return max(0.0, x)


def _logit(p: float) -> float:
    return math.log(p / (1.0 - p))


PRIORS = (
    Prior("width", "officer/km", "log", math.log(25.0), 1.0,
          "judgement: San Diego, with 10 agents a km in 1992, would find a third of those who cross"),
    Prior("loss_stopped", "USD", "log", math.log(2000.0), 0.7, "default of the model, plausible 500-8000 USD"),
    Prior("half_experience", "person", "log", math.log(3e4), 1.5,
          "judgement: at a main sector's 2,000 people a day a memory of weeks to a year"),
    Prior("route_growth", "1/month", "none", 0.04, 0.04, "half of the model's default, plausible 0-0.15"),
    Prior("retry", "probability", "logit", _logit(0.8), 0.7, "model's plausible range 0.3-0.95"),
)  # fmt: skip


@dataclass(frozen=True)
class Fit:
    """What was found, and how well."""

    shared: Shared
    constants: np.ndarray
    """USD by sector, mean 0."""
    level: float
    """Factor on the world's people at which the last year's detections add up."""
    objective: float
    evaluations: int
    converged: bool


def misfit(predicted: np.ndarray, observed: np.ndarray, span: int = SPAN) -> tuple[float, float]:
    """Total variation missed by the model and by persistence, summed over all pairs of years up to ``span`` apart.

    Both arguments are shares, shape (years, sectors). A forecast multiplies the earlier year's observed shares by
    the model's change; years without a complete row are left out.
    """
    model = naive = 0.0
    for _, early, forecast, late in foretold(predicted, observed, span):
        model += float(np.abs(forecast - late).sum()) / 2
        naive += float(np.abs(early - late).sum()) / 2
    return model, naive


def foretold(
    predicted: np.ndarray, observed: np.ndarray, span: int = SPAN
) -> Iterator[tuple[int, np.ndarray, np.ndarray, np.ndarray]]:
    """By years apart: shares of the earlier years, forecasts from them, and of the later years; each [pair, sector]."""
    full = np.isfinite(observed).all(axis=1)
    for lag in range(1, span + 1):
        both = full[:-lag] & full[lag:]
        if both.any():
            early, late = observed[:-lag][both], observed[lag:][both]
            yield lag, early, shares_of(early * predicted[lag:][both] / predicted[:-lag][both]), late


def fit(border: Border, officers: np.ndarray, counts: np.ndarray, most: int = 300) -> Fit:
    """Fit to counts of shape (years, sectors) under officers of the same shape; the last row has to be complete.

    Years with a missing count (NaN) are left out of the comparison, but their officers count.
    """
    from scipy.optimize import minimize

    observed = shares_of(counts)
    constants = best = np.zeros(counts.shape[1])
    evaluations = 0

    def objective(x: np.ndarray) -> float:
        nonlocal constants
        # Constants follow the search from step to step, and are matched in full at its end.
        found = border.fit_constants(parameters(x), officers, observed[-1], constants, rounds=4)
        if not np.isfinite(found).all():
            return 10.0
        constants = found
        model, naive = misfit(shares_of(border.detections(parameters(x), officers)), observed)
        z = [(value - p.centre) / p.sd for value, p in zip(x, PRIORS, strict=True)]
        return model / max(naive, 1e-12) + PRIOR_WEIGHT / len(counts) * sum(v * v for v in z)

    def search(x: np.ndarray, step: np.ndarray) -> Any:
        simplex = np.vstack([x, x + np.diag(step)])
        options = {"initial_simplex": simplex, "maxfev": most, "xatol": 0.05, "fatol": 1e-3}
        return minimize(objective, x, method="Nelder-Mead", options=options)

    spread = np.array([p.sd for p in PRIORS])
    done: Any = None
    for start in _starts():
        constants = np.zeros(counts.shape[1])
        found = search(start, spread)
        evaluations += found.nfev
        if done is None or found.fun < done.fun:
            done, best = found, constants
    # Once more from where the best one ended, for a simplex may have shrunk too early.
    found = search(done.x, -0.5 * spread)
    evaluations += found.nfev
    if found.fun < done.fun:
        done, best = found, constants
    constants = best
    shared = parameters(done.x)
    constants = border.fit_constants(shared, officers, observed[-1], constants, rounds=40)
    last = border.detections(shared, officers)[-1]
    matched = bool(np.abs(np.log(shares_of(last)) - np.log(observed[-1])).max() < 0.05)
    return Fit(shared, constants, float(counts[-1].sum() / last.sum()), float(done.fun), evaluations,
               bool(done.success) and matched)  # fmt: skip


def _starts() -> list[np.ndarray]:
    """Where searches begin: the priors' centres, and two where officers find more, or routes learn faster."""
    centre, sd = np.array([p.centre for p in PRIORS]), np.array([p.sd for p in PRIORS])
    return [centre, centre + sd * [-1, 0, 0, 0, 0], centre + sd * [-0.5, -0.5, 0, 1, 0.5]]


def parameters(x: np.ndarray) -> Shared:
    """Shared parameters from their transformed values, in the order of PRIORS."""
    return Shared(**{p.name: p.out(float(value)) for p, value in zip(PRIORS, x, strict=True)})
