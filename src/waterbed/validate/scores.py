"""Scores of forecasts by sector, and skill over a baseline with its interval.

A forecast is a sample of counts, shape (draws, sectors), and a point, shape (sectors,). Sectors of which the record
tells nothing (NaN) are left out.
"""

from __future__ import annotations

import numpy as np

METRICS = ("share_distance", "rmsle", "wape", "crps", "coverage_50", "coverage_90")
RESAMPLES = 4000


def share_distance(point: np.ndarray, observed: np.ndarray) -> float:
    """Total variation distance of shares, 0 to 1."""
    known = np.isfinite(observed)
    p, o = point[known] / point[known].sum(), observed[known] / observed[known].sum()
    return float(np.abs(p - o).sum() / 2)


def rmsle(point: np.ndarray, observed: np.ndarray) -> float:
    """Root mean square of log(1 + forecast) - log(1 + observed)."""
    known = np.isfinite(observed)
    return float(np.sqrt(np.mean((np.log1p(point[known]) - np.log1p(observed[known])) ** 2)))


def wape(point: np.ndarray, observed: np.ndarray) -> float:
    """Sum of absolute errors over the sum observed."""
    known = np.isfinite(observed)
    return float(np.abs(point[known] - observed[known]).sum() / observed[known].sum())


def sample_crps(draws: np.ndarray, observed: np.ndarray | float) -> np.ndarray:
    """Continuous ranked probability score of samples along the first axis: E|X - y| - E|X - X'|/2."""
    x, n = np.sort(draws, axis=0), len(draws)
    weight = (2 * np.arange(1, n + 1) - n - 1).reshape(-1, *[1] * (x.ndim - 1))
    return np.asarray(np.abs(x - observed).mean(axis=0) - (x * weight).sum(axis=0) / n**2)


def crps(draws: np.ndarray, observed: np.ndarray) -> float:
    """Continuous ranked probability score, summed over sectors, over the sum observed (Gneiting & Raftery 2007)."""
    known = np.isfinite(observed)
    y = observed[known]
    return float(sample_crps(draws[:, known], y).sum() / y.sum())


def coverage(draws: np.ndarray, observed: np.ndarray, level: float) -> float:
    """Share of sectors whose count lies in the central interval of a level."""
    known = np.isfinite(observed)
    low, high = np.quantile(draws[:, known], ((1 - level) / 2, (1 + level) / 2), axis=0)
    return float(np.mean((low <= observed[known]) & (observed[known] <= high)))


def score(point: np.ndarray, draws: np.ndarray, observed: np.ndarray) -> dict[str, float]:
    """All METRICS of a forecast."""
    return {
        "share_distance": share_distance(point, observed),
        "rmsle": rmsle(point, observed),
        "wape": wape(point, observed),
        "crps": crps(draws, observed),
        "coverage_50": coverage(draws, observed, 0.5),
        "coverage_90": coverage(draws, observed, 0.9),
    }


def skill(model: np.ndarray, baseline: np.ndarray, block: int, seed: int = 1) -> tuple[float, float, float]:
    """1 - sum of the model's errors over the baseline's, and its 90 % interval by a circular block bootstrap.

    Both are errors by origin, in order of time. Forecasts of ``block`` years from neighbouring origins share years,
    so whole blocks are drawn. With fewer origins than three there is no interval (NaN).
    """
    total = float(baseline.sum())
    estimate = 1.0 - float(model.sum()) / total if total > 0 else float("nan")
    n = len(model)
    if n < 3:
        return estimate, float("nan"), float("nan")
    block = max(1, min(block, n - 1))
    rng = np.random.default_rng([seed, n, block])
    starts = rng.integers(0, n, (RESAMPLES, -(-n // block)))
    drawn = ((starts[:, :, None] + np.arange(block)) % n).reshape(RESAMPLES, -1)[:, :n]
    values = 1.0 - model[drawn].sum(axis=1) / baseline[drawn].sum(axis=1)
    low, high = np.quantile(values, (0.05, 0.95))
    return estimate, float(low), float(high)
