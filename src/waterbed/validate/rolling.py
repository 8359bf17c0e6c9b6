"""What all cases with a rolling origin share: rows of forecasts, mean scores with skill, and the table of forecasts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .forecasts import draws
from .scores import METRICS, score, skill

if TYPE_CHECKING:
    import pandas as pd

HORIZONS = (1, 3, 5)
MODEL = "waterbed"
COLUMNS = ["period", "horizon", "metric", "model", "baseline", "baseline_name", "skill", "low", "high", "n"]

type Baselines = Mapping[str, Callable[[np.ndarray, int], np.ndarray]]
"""Naive forecasts: from counts of shape (years, sectors) and years ahead to a point of shape (sectors,)."""


@dataclass(frozen=True)
class Scorecard:
    """What a validation leaves."""

    case: str
    scores: pd.DataFrame
    forecasts: pd.DataFrame
    """A row a forecast and sector: origin, horizon, year, sector, forecaster, point, interval, observed."""
    fits: pd.DataFrame
    skipped: list[str]


def forecasts(
    origin: int,
    h: int,
    ours: Mapping[str, np.ndarray],
    past: np.ndarray,
    observed: np.ndarray,
    baselines: Baselines,
    skipped: list[str],
) -> list[dict[str, Any]]:
    """A row a forecaster, with its scores; what cannot be made or scored is named in ``skipped``."""
    if not np.isfinite(observed).any():
        skipped.append(f"origin {origin}, {h} years ahead: nothing is known of {origin + h}; skipped")
        return []
    rows = []
    for name, point in (dict(ours) | {n: f(past, h) for n, f in baselines.items()}).items():
        if np.isfinite(point).all():
            sample = draws(point, past, h)
            rows.append({"origin": origin, "horizon": h, "forecaster": name, "point": point, "sample": sample,
                         "observed": observed} | score(point, sample, observed))  # fmt: skip
        else:
            skipped.append(f"origin {origin}, {h} years ahead: '{name}' needs a year that is missing; skipped")
    return rows


def mean_scores(periods: Iterable[tuple[str, pd.DataFrame]], names: Sequence[str]) -> pd.DataFrame:
    """Mean scores by period, horizon, metric and baseline, with skill and its interval."""
    import pandas as pd

    rows = []
    for period, chosen in periods:
        for h in HORIZONS:
            by = {n: g.set_index("origin") for n, g in chosen[chosen["horizon"] == h].groupby("forecaster")}
            for name in names:
                if MODEL not in by or name not in by:
                    continue
                origins = by[MODEL].index.intersection(by[name].index)
                for metric in METRICS:
                    ours, theirs = (by[n].loc[origins, metric].to_numpy(float) for n in (MODEL, name))
                    better = (math.nan,) * 3 if metric.startswith("coverage") else skill(ours, theirs, h)
                    rows.append((period, h, metric, ours.mean(), theirs.mean(), name, *better, len(origins)))
    return pd.DataFrame(rows, columns=COLUMNS)


def by_sector(table: pd.DataFrame, sectors: Sequence[str]) -> pd.DataFrame:
    """A row a forecast and sector, with the 50 and 90 % intervals."""
    import pandas as pd

    rows = []
    for row in table.to_dict("records"):
        low, low50, high50, high = np.quantile(row["sample"], (0.05, 0.25, 0.75, 0.95), axis=0)
        for k, sector in enumerate(sectors):
            rows.append((row["origin"], row["horizon"], row["origin"] + row["horizon"], sector, row["forecaster"],
                         row["point"][k], low[k], high[k], low50[k], high50[k], row["observed"][k]))  # fmt: skip
    columns = ["origin", "horizon", "year", "sector", "forecaster", "point", "low", "high", "low50", "high50",
               "observed"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)
