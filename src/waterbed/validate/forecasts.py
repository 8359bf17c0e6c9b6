"""Forecasts of counts by sector: the naive ones, and the spread that all of them carry.

The spread is the record's own: changes over the same number of years in the 25 years before the origin, for all
sectors together, centred, are added to a forecast's logarithm. So models and baselines differ in where they point and
not in how sure they sound; a model whose errors are smaller than history's is not rewarded with narrower intervals.
"""

from __future__ import annotations

import numpy as np

MEMORY = 25
DRIFT_YEARS = 5


def persistence(past: np.ndarray, ahead: int) -> np.ndarray:
    """The last year again."""
    return past[-1]


def drift(past: np.ndarray, ahead: int) -> np.ndarray:
    """The mean growth of the last five years, in logarithms, goes on; NaN where there are fewer."""
    if len(past) <= DRIFT_YEARS:
        return np.full(past.shape[1], np.nan)
    growth = (np.log(past[-1]) - np.log(past[-1 - DRIFT_YEARS])) / DRIFT_YEARS
    return past[-1] * np.exp(growth * ahead)


def mean_of_three(past: np.ndarray, ahead: int) -> np.ndarray:
    """The mean of the last three years: what smoothing away a single year's season-like swing would say.

    A yearly record has no season, so that the seasonal-naive forecast is persistence; this one stands in for it.
    """
    return past[-3:].mean(axis=0)


BASELINES = {"persistence": persistence, "drift": drift, "mean of three years": mean_of_three}


def spread(past: np.ndarray, ahead: int) -> np.ndarray:
    """Log errors to draw from, shape (draws, sectors): past changes over ``ahead`` years, centred by sector.

    Each is taken with both signs, so that the draws are symmetric in logarithms. Raises :class:`ValueError` where the
    record before the origin is shorter than ``ahead`` + 2 years.
    """
    log = np.log(past[-(MEMORY + ahead) :])
    log = log[np.isfinite(log).all(axis=1)]
    if len(log) < ahead + 2:
        raise ValueError(f"{len(log)} years are too few for a spread {ahead} years ahead")
    change = log[ahead:] - log[:-ahead]
    change = change - change.mean(axis=0)
    return np.concatenate([change, -change])


def draws(point: np.ndarray, past: np.ndarray, ahead: int) -> np.ndarray:
    """A forecast's sample, shape (draws, sectors), in counts."""
    return point * np.exp(spread(past, ahead))
