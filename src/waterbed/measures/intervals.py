"""Numbers over replicates: means, ratios of sums and their differences, with bootstrap intervals.

Each replicate gives a few terms for an effect; how many says what they are:

======  ========================  ==========================================
terms   meaning                   estimate
======  ========================  ==========================================
1       a number                  mean over replicates
2       a, b                      sum(a) / sum(b)
4       a, b, c, d                sum(a) / sum(b) - sum(c) / sum(d)
======  ========================  ==========================================

A mean of ratios is not the ratio of sums, and has no moments where denominators come near zero: tried, 0.61
against 0.41 for one and the same operation.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..exact import product

RESAMPLES = 2000
BAND = (0.05, 0.95)
TROUBLE = 0.025
"""Share of bootstrap denominators that may fail to be positive."""

Name = tuple[str, str, str]
"""Effect, key, unit."""
COLUMNS = (
    "effect", "key", "unit", "mean", "low", "high", "run_low", "run_high", "replicates", "status", "note",
    "scale_part",
)  # fmt: skip


def resamples(n: int, seed: int) -> np.ndarray:
    """Bootstrap weights over replicates, shape (RESAMPLES, n); each row sums to n."""
    rng = np.random.default_rng([seed, n])
    return rng.multinomial(n, np.full(n, 1.0 / n), RESAMPLES).astype(float)


def blank(name: Name, n: int, note: str) -> dict[str, Any]:
    """A row that identifies nothing, and says why."""
    effect, key, unit = name
    row: dict[str, Any] = dict.fromkeys(COLUMNS, math.nan)
    return row | {"effect": effect, "key": key, "unit": unit, "replicates": n, "status": "not identified", "note": note}


def ratio(sums: np.ndarray) -> np.ndarray:
    """Estimates from sums of terms along the last axis; ``nan`` where a denominator is not positive."""
    top, bottom = sums[..., 0::2], sums[..., 1::2]
    value = np.divide(top, bottom, out=np.full(top.shape, math.nan), where=bottom > 0)
    return value[..., 0] if value.shape[-1] == 1 else value[..., 0] - value[..., 1]


def row(name: Name, terms: np.ndarray, weights: np.ndarray, second: np.ndarray | None = None) -> dict[str, Any]:
    """One row of the effects from the terms of all replicates.

    Args:
        terms: shape (replicates, 1, 2 or 4).
        weights: see :func:`resamples`.
        second: shape (replicates, 3), within each replicate the sums over people of a², ab and b², for the
            part of the variance that is due to the scale of agents.
    """
    n, k = terms.shape
    if k == 1:
        values = terms[:, 0]
        out = _filled(name, n, float(values.mean()), product(weights, values) / n, values)
    else:
        sums = terms.sum(axis=0)
        if (sums[1::2] <= 0).any():
            why = "the denominator is not positive" if sums.any() else "there was nothing to take a share of"
            return blank(name, n, why)
        resampled = product(weights, terms)
        bad = (resampled[:, 1::2] <= 0).any(axis=1).mean()
        if n > 1 and bad > TROUBLE:
            return blank(name, n, f"{100 * bad:.1f} % of bootstrap denominators are not positive")
        out = _filled(name, n, float(ratio(sums)), ratio(resampled), ratio(terms))
    if second is not None and n > 1 and k <= 2:
        out["scale_part"] = scale_part(terms, second)
    return out


def _filled(name: Name, n: int, value: float, resampled: np.ndarray, single: np.ndarray) -> dict[str, Any]:
    out = blank(name, n, "one replicate: no interval")
    out["mean"] = value
    if n < 2:
        return out
    out |= {"status": "ok", "note": ""}
    out["low"], out["high"] = np.nanquantile(resampled, BAND)
    out["run_low"], out["run_high"] = run_band(single)
    lost = int(np.isnan(single).sum())
    if lost:
        out["note"] = f"run_low, run_high without {lost} of {n} runs, whose own denominator is not positive"
    return out


def run_band(single: np.ndarray) -> tuple[float, float]:
    """What 90 % of single runs hold; ``nan`` where none has a value."""
    single = single[~np.isnan(single)]
    low, high = np.quantile(single, BAND) if len(single) else (math.nan, math.nan)
    return float(low), float(high)


def scale_part(terms: np.ndarray, second: np.ndarray) -> float:
    """Share of the variance between runs that comes from agents being few, each standing for many.

    Were what happens to each agent an independent draw given the run, a replicate's ``a - R b`` would vary
    by the sum over agents of ``(a_i - R b_i)²`` (the person-level bootstrap within a run, in closed form).
    That part shrinks in proportion to ``persons_per_agent``; weather, arrests and what follows from them do
    not. Agents also act on each other, which no single run can tell apart: so it is the direct part, a
    lower bound, clipped to 1. ``nan`` where runs do not differ.
    """
    slope = terms[:, 0].sum() / terms[:, 1].sum() if terms.shape[1] == 2 else 0.0
    rest = terms[:, 0] - slope * terms[:, 1] if terms.shape[1] == 2 else terms[:, 0]
    between = rest.var(ddof=1)
    if not between > 0:
        return math.nan
    within = (second * np.array([1.0, -2.0 * slope, slope * slope])).sum(axis=1).mean()
    return float(min(1.0, max(0.0, within / between)))
