"""The course of a disruption: how deep, when, for how long, and how much was lost."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..exact import product
from .intervals import BAND, RESAMPLES, TROUBLE, Name, blank, run_band
from .window import Window

SMOOTH = 7
"""Days of the trailing mean."""
RECOVERED = 0.95
"""Share of the twin's flow at which a flow counts as recovered."""
REACH = 180
"""Days after the end in which the trough is looked for (pattern: back within 90 to 180 days)."""
STEP = 14
"""Days of a step of the course by leg."""
LAST_STEP = 26
"""Steps kept from the start on: a year."""
_CHUNK = 250
_MEAN_COURSE = "of the mean course"
_DOUBT = 0.05
"""Share of swaps of worlds within pairs that may make as deep a trough; of few pairs, the least there can be."""


def trailing_mean(values: np.ndarray, days: int = SMOOTH) -> np.ndarray:
    """Mean of the last days along the last axis: nothing moves before its cause."""
    total = np.cumsum(values, axis=-1, dtype=float)
    out = total.copy()
    out[..., days:] = total[..., days:] - total[..., :-days]
    result: np.ndarray = out / np.minimum(np.arange(values.shape[-1]) + 1, days)
    return result


def by_step(crossings: np.ndarray, window: Window) -> np.ndarray:
    """Crossings [day, leg] in steps of 14 days from the start on, shape (step, leg); a last broken step is left out."""
    steps = min(LAST_STEP, (window.days - window.first) // STEP)
    part = crossings[window.first : window.first + STEP * steps]
    return part.reshape(steps, STEP, -1).sum(axis=1, dtype=np.int64)


def shape(with_it: np.ndarray, without: np.ndarray, window: Window) -> np.ndarray:
    """Depth, day of the trough, days to recover, area lost; from smoothed daily flows, shape (..., days).

    Returns:
        Shape (..., 4): depth as a share of the twin; day since the start; days since the end until the flow
        is back at 95 % of the twin's (``nan`` where the trough is no deeper than that, ``inf`` where the run
        ends before it is back); people lost from the start to the end of the run.
    """
    x, y = with_it[..., window.first : window.days], without[..., window.first : window.days]
    share = np.divide(x, y, out=np.ones(np.broadcast(x, y).shape), where=y > 0)
    length = window.last - window.first
    trough = np.argmin(share[..., : length + REACH], axis=-1)
    lowest = np.take_along_axis(share, trough[..., None], -1)[..., 0]
    back = (share >= RECOVERED) & (np.arange(share.shape[-1]) >= trough[..., None])
    day = np.where(back.any(axis=-1), np.argmax(back, axis=-1) - length, math.inf)
    recover = np.where(lowest < RECOVERED, np.maximum(day, 0.0), math.nan)
    return np.stack([1.0 - lowest, trough.astype(float), recover, (y - x).sum(axis=-1)], axis=-1)


def course_rows(key: str, series: np.ndarray, window: Window, weights: np.ndarray) -> list[dict[str, Any]]:
    """Four rows of the effects from a flow of all replicates, shape (replicates, with or without, days).

    Estimates are of the mean course over replicates. What single runs bring is read from each pair's
    difference laid on the mean twin, since the quotient of two small counts has no trough worth a name. The
    lowest day of a noisy course lies too low: depths, of single runs above all, are biased upward.
    """
    n = len(series)
    names: list[Name] = [
        ("trough_depth", key, "share"), ("trough_day", key, "day after the start"),
        ("days_to_recover", key, "day after the end"), ("resilience_area", key, "person"),
    ]  # fmt: skip
    smooth = trailing_mean(series)
    mean = smooth.mean(axis=0)
    if not mean[1, window.first :].any():
        return [blank(name, n, "no flow in the twin") for name in names]
    if np.array_equal(series[:, 0], series[:, 1]):
        return _unchanged(names, n)
    found = shape(mean[0], mean[1], window)
    boot = np.concatenate([
        shape(product(w, smooth[:, 0]) / n, product(w, smooth[:, 1]) / n, window)
        for w in np.split(weights, range(_CHUNK, RESAMPLES, _CHUNK))
    ])  # fmt: skip
    runs = shape(np.maximum(0.0, mean[1] + smooth[:, 0] - smooth[:, 1]), mean[1], window)
    runs[:, 3] = (smooth[:, 1] - smooth[:, 0])[:, window.first : window.days].sum(axis=1)
    rows = [_course_row(name, n, found[i], boot[:, i], runs[:, i]) for i, name in enumerate(names)]
    by_chance = chance_of_trough(smooth, window) if n > 1 else 0.0
    if by_chance > max(_DOUBT, 0.5**n):
        why = f"chance alone makes a trough as deep in {100 * by_chance:.0f} % of swaps of worlds within pairs"
        rows[:3] = [blank(name, n, why) for name in names[:3]]
    return rows


def is_of_mean_course(row: Mapping[str, Any]) -> bool:
    """Whether an effect is read off the mean course: that of a single run is noisier, and no band for it."""
    return str(row["note"]).startswith(_MEAN_COURSE)


def chance_of_trough(smooth: np.ndarray, window: Window) -> float:
    """How often a trough as deep as the one found comes of swapping the two worlds within pairs by lot.

    The deepest of many days lies below the twin even where nothing happened, and so may its whole bootstrap
    interval: that cannot tell a trough from noise. If the measure did nothing, either world of a pair could have
    been the one with it (a randomisation test). All swaps of up to 11 pairs, else as many by lot; no swap
    at all is one of them, so the result is never less than 1 over their number.
    """
    n = len(smooth)
    if 2**n <= RESAMPLES:
        swapped = np.arange(2**n)[:, None] >> np.arange(n) & 1 == 1
    else:
        swapped = np.random.default_rng(n).random((RESAMPLES, n)) < 0.5
        swapped[0] = False
    signs = np.where(swapped, -1.0, 1.0)
    middle, half = smooth.mean(axis=(0, 1)), (smooth[:, 0] - smooth[:, 1]) / 2.0
    depths = np.concatenate([
        shape(middle + product(s, half) / n, middle - product(s, half) / n, window)[:, 0]
        for s in np.split(signs, range(_CHUNK, len(signs), _CHUNK))
    ])  # fmt: skip
    return float((depths >= depths[0] - 1e-12).mean())


def _unchanged(names: list[Name], n: int) -> list[dict[str, Any]]:
    """The two worlds are one: nothing was lost, and there is no trough to date."""
    rows = []
    for name in names:
        row = blank(name, n, "the two worlds' flows are equal")
        if name[0] in ("trough_depth", "resilience_area"):
            row |= dict.fromkeys(("mean", "low", "high", "run_low", "run_high"), 0.0)
            row |= {"status": "ok"} if n > 1 else dict.fromkeys(("low", "high", "run_low", "run_high"), math.nan)
        rows.append(row)
    return rows


def _course_row(name: Name, n: int, value: float, boot: np.ndarray, runs: np.ndarray) -> dict[str, Any]:
    shallow = float(np.isnan(boot).mean())
    if math.isnan(value) or (n > 1 and shallow > TROUBLE):
        return blank(name, n, "the trough cannot be told from one of under 5 %: nothing to recover from")
    if math.isinf(value):
        return blank(name, n, "not back at 95 % of the twin before the run ends")
    row = blank(name, n, "one replicate: no interval") | {"mean": value}
    if n < 2:
        return row
    low, high = np.quantile(boot[~np.isnan(boot)], BAND, method="nearest")
    row |= {"status": "ok", "note": f"{_MEAN_COURSE} over replicates"}
    row |= {"low": min(low, value), "high": max(high, value)}
    if not low <= value <= high:
        # Resamples of a few pairs hold fewer different courses, and are rougher than their mean.
        row["note"] += "; the interval is widened to the estimate, which lies outside that of its resamples"
    finite = np.isfinite(runs)
    row["run_low"], row["run_high"] = run_band(runs[finite])
    if not finite.all():
        row["note"] += f"; run_low, run_high without {int((~finite).sum())} of {n} runs, not back or never below"
    never = float(np.isinf(boot).mean())
    if never > 0:
        row["note"] += f"; {100 * never:.1f} % of resamples are not back before the run ends"
        row["high"] = math.nan if math.isinf(high) else high
        row["low"] = math.nan if math.isinf(low) else low
    return row
