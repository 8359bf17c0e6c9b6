"""Effects over replicates: ratios of sums, with bootstrap intervals, or 'not identified'."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from .reduce import Reduced

if TYPE_CHECKING:
    import pandas as pd

RESAMPLES = 2000
_SMOOTH = 7
_RECOVERED = 0.95


def resamples(n: int, seed: int) -> np.ndarray:
    """Bootstrap weights over replicates, shape (RESAMPLES, n)."""
    rng = np.random.default_rng([seed, n])
    return rng.multinomial(n, np.full(n, 1.0 / n), RESAMPLES).astype(float)


def trailing_mean(values: np.ndarray, days: int = _SMOOTH) -> np.ndarray:
    """Mean of the last days along the last axis; nothing moves before its cause."""
    total = np.cumsum(values, axis=-1, dtype=float)
    out = total.copy()
    out[..., days:] = total[..., days:] - total[..., :-days]
    width = np.minimum(np.arange(values.shape[-1]) + 1, days)
    result: np.ndarray = out / width
    return result


def effects_table(reduced: list[Reduced], window: tuple[int, int], seed: int) -> pd.DataFrame:
    """The table of effects, one row an effect and key; columns as in ``effects.csv``."""
    import pandas as pd

    weights = resamples(len(reduced), seed)
    names = list(dict.fromkeys(name for r in reduced for name in r.ratios))
    rows = [_row(name, [r.ratios.get(name, (0.0, 0.0)) for r in reduced], weights) for name in names]
    rows += _course(reduced, window, weights)
    columns = ["effect", "key", "unit", "mean", "low", "high", "run_low", "run_high", "replicates", "status", "note"]
    table = pd.DataFrame(rows, columns=columns)
    table.attrs["interval"] = "90 %: low, high by bootstrap over replicates; run_low, run_high of single runs"
    return table


def _blank(name: tuple[str, str, str], n: int, note: str) -> dict[str, Any]:
    nothing = dict.fromkeys(("mean", "low", "high", "run_low", "run_high"), math.nan)
    return (
        dict(zip(("effect", "key", "unit"), name, strict=True))
        | nothing
        | {"replicates": n, "status": "not identified", "note": note}
    )


def _row(name: tuple[str, str, str], pairs: list[tuple[float, float]], weights: np.ndarray) -> dict[str, Any]:
    a, b = np.array(pairs).T
    n = len(a)
    row = _blank(name, n, "")
    if np.isnan(b).all():
        means = weights @ a / n
        row |= {"mean": a.mean(), "run_low": np.quantile(a, 0.05), "run_high": np.quantile(a, 0.95)}
    else:
        if b.sum() <= 0.0 or a.sum() == 0.0 == b.sum():
            return _blank(name, n, "the denominator is not positive")
        below = weights @ b
        if (below <= 0.0).mean() > 0.025:
            return _blank(name, n, "over 2.5 % of bootstrap denominators are not positive")
        with np.errstate(divide="ignore", invalid="ignore"):
            means = np.where(below > 0, weights @ a / np.where(below > 0, below, 1.0), np.nan)
            single = a[b > 0] / b[b > 0]
        row |= {"mean": a.sum() / b.sum(), "run_low": np.quantile(single, 0.05), "run_high": np.quantile(single, 0.95)}
    row["status"] = "ok"
    if n < 2:
        row["note"] = "one replicate: no interval"
        row |= {"run_low": math.nan, "run_high": math.nan}
    else:
        row["low"], row["high"] = np.nanquantile(means, [0.05, 0.95])
    return row


def _course(reduced: list[Reduced], window: tuple[int, int], weights: np.ndarray) -> list[dict[str, Any]]:
    """Depth and day of the trough, days to recover and the area lost, on the smoothed treated series."""
    first, last = window
    series = np.stack([trailing_mean(r.series["treated"]) for r in reduced])
    n = len(reduced)
    names = [
        ("trough_depth", "treated", "share"),
        ("trough_day", "treated", "day after the start"),
        ("days_to_recover", "treated", "day after the end"),
        ("resilience_area", "treated", "person"),
    ]
    if not series[:, 1].any() or np.array_equal(series[:, 0], series[:, 1]):
        return [_blank(name, n, "the two worlds' treated flows are equal") for name in names]
    whole = _shape(series.mean(axis=0), first, last)
    boot = np.array([_shape(np.tensordot(w, series, 1) / n, first, last) for w in weights[:400]])
    rows = []
    for i, name in enumerate(names):
        row = _blank(name, n, "no recovery within the horizon" if i == 2 else "")
        if not math.isnan(whole[i]):
            row |= {"mean": whole[i], "status": "ok", "note": "of the mean course over replicates"}
            if n > 1:
                row["low"], row["high"] = np.nanquantile(boot[:, i], [0.05, 0.95])
        rows.append(row)
    return rows


def _shape(pair: np.ndarray, first: int, last: int) -> tuple[float, float, float, float]:
    with_it, without = pair[:, first:]
    ratio = np.where(without > 0, with_it / np.where(without > 0, without, 1.0), 1.0)
    horizon = min(len(ratio), last - first + 180)
    trough = int(np.argmin(ratio[:horizon]))
    back = np.flatnonzero(ratio[trough:] >= _RECOVERED)
    recovered = float(trough + back[0] - (last - first)) if len(back) else math.nan
    return 1.0 - float(ratio[trough]), float(trough), recovered, float((without - with_it).sum())
