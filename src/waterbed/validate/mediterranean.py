"""The cases `mediterranean-shares` and `mediterranean-nationality`: dated policies as the dose, rolling origin.

The model is the bundled `mediterranean`, its expected detections by quarter under the policies of each year. One
number is fitted at every origin, to the record up to it: how strong the policies are, as a factor on their officers. A
forecast is the last year's detections times the model's change, given the policies in force and nothing else. The
officers of a policy were fitted to the year after it (experiments/natural_experiments.py), so that origins before the
last policy are not out of sample in the strict sense; those after it are.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from .basin import Basin
from .expected import shares_of
from .fitting import misfit
from .forecasts import drift, mean_of_three, persistence
from .frontex import CLASSES, ENTRY, ROUTES, Months, Nationalities
from .rolling import HORIZONS, MODEL, Baselines, Scorecard, by_sector, forecasts, mean_scores
from .routes import STEPS

LEAST_YEARS = 4
STRENGTHS = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0)
"""Factors on the policies' officers that are tried at every origin."""
HELD = "waterbed, total held"
"""The model's shares with the last year's total."""
OFFICERS = {"italy_libya_2009": 180, "niger_2015": 200, "balkan_2016": 200, "eu_turkey_2016": 3000, "libya_2017": 180,
            "morocco_2019": 160}  # fmt: skip
"""In force, after the fits of experiments/natural_experiments.py: in 2016 so many that nobody passes. Those of 2009 are
taken to be those of 2017, those of Niger by judgement."""
CLOSES = {"evros_2012": ("Edirne > Alexandroupoli",)}
LEAST = 0.5
"""Added to every count, so that none is zero."""
SMALLEST = 20.0
"""Detections a year at the baseline of the model from which a nationality on a route is forecast by itself."""


@lru_cache(maxsize=8)
def expected(first: int, last: int, strength: float) -> tuple[np.ndarray, tuple[str, ...], tuple[str, ...]]:
    """Expected detections [year, class, route] from the first year of the scenario on, and names of both.

    Years before the scenario begins, or after its policies end, are like its first and last.
    """
    from datetime import timedelta

    from ..scenario import load

    scenario = load("mediterranean")
    basin = Basin(scenario)
    begin = scenario.start_date
    steps = STEPS * (last - first + 1)
    officers, closed = np.zeros((steps, len(basin.legs))), np.zeros((steps, len(basin.legs)))
    at = np.array([(begin.replace(year=first + k // STEPS) - begin).days + 365.25 * (k % STEPS) / STEPS
                   for k in range(steps)])  # fmt: skip
    share = 365.25 / STEPS
    end = (begin + timedelta(days=scenario.days)) - begin
    for name, o in scenario.operations.items():
        # What lasts to the end of the scenario has no end that is known.
        stop = np.inf if o.start + o.days >= end.days else o.start + o.days
        force = np.clip((np.minimum(at + share, stop) - np.maximum(at, o.start)) / share, 0, 1)
        for leg in o.target.legs:
            officers[:, basin.legs.index(leg)] += strength * OFFICERS[name] / len(o.target.legs) * force
    for name, p in scenario.policies.items():
        for leg in CLOSES[name]:
            closed[:, basin.legs.index(leg)] = (at + share / 2 >= p.start) & (strength > 0)
    path = basin.path(officers, closed)
    years = path.reshape(last - first + 1, STEPS, *path.shape[1:]).sum(axis=1)
    return years, tuple(basin.classes), tuple(basin.routes)


def shares(months: Months) -> Scorecard:
    """Score forecasts of yearly detections by route, against a record by month."""
    years, counts = months.years()

    def model(strength: float) -> np.ndarray:
        table, _, routes = expected(int(years[0]), int(years[-1]), strength)
        return table.sum(axis=1)[:, [routes.index(r) for r in ROUTES]]

    quarter = months.counts[-months.first % 12 :][: 12 * len(years)].reshape(len(years), 12, -1)[:, 9:].sum(axis=1)

    def seasonal(past: np.ndarray, ahead: int) -> np.ndarray:
        """The last quarter, at the mean share of last quarters in their years."""
        n = len(past)
        return np.asarray((quarter[n - 1] + LEAST) / ((quarter[:n] + LEAST) / past).mean(axis=0))

    baselines = {"persistence": persistence, "drift": drift, "last quarter, seasonal": seasonal}
    return _score("mediterranean-shares", years, counts, ROUTES, model, baselines, list(months.skipped))


def nationality(record: Nationalities) -> Scorecard:
    """Score forecasts of yearly detections by nationality and entry route."""
    table, classes, routes = expected(int(record.years[0]), int(record.years[-1]), 0.0)
    order = [classes.index(c) for c in CLASSES]
    start = table[0][order][:, [routes.index(r) for r in ENTRY]]
    here = start >= SMALLEST
    names = [f"{c}, {r}" for i, c in enumerate(CLASSES) for j, r in enumerate(ENTRY) if here[i, j]]

    def model(strength: float) -> np.ndarray:
        found = expected(int(record.years[0]), int(record.years[-1]), strength)[0]
        return np.asarray(found[:, order][:, :, [routes.index(r) for r in ENTRY]][:, here])

    counts = record.counts[:, :, : len(ENTRY)][:, here]
    baselines = {"persistence": persistence, "drift": drift, "mean of three years": mean_of_three}
    return _score("mediterranean-nationality", record.years, counts, names, model, baselines, list(record.skipped))


def _score(
    case: str, years: np.ndarray, counts: np.ndarray, names: Sequence[str], model: Any, baselines: Baselines,
    skipped: list[str],
) -> Scorecard:  # fmt: skip
    """Forecasts from every origin of a record, shape (years, sectors), and their scores."""
    import pandas as pd

    counts = counts + LEAST
    paths = {strength: model(strength) for strength in STRENGTHS}
    rows, fits = [], []
    for i in range(LEAST_YEARS - 1, len(years) - 1):
        if not np.isfinite(counts[: i + 1]).all():
            skipped.append(f"origin {years[i]}: its record is not complete; no forecast is made from it")
            continue
        past = counts[: i + 1]
        strength, missed = _strength(paths, past)
        fits.append({"origin": int(years[i]), "strength": strength, "misfit": missed})
        path = paths[strength]
        for h in HORIZONS:
            if i + h >= len(years):
                continue
            if len(past) < h + 2:
                skipped.append(f"origin {years[i]}, {h} years ahead: {len(past)} years are too few; skipped")
                continue
            own = past[-1] * path[i + h] / np.maximum(path[i], 1e-9)
            ours = {MODEL: own, HELD: own / own.sum() * past[-1].sum()}
            rows += forecasts(int(years[i]), h, ours, past, counts[i + h], baselines, skipped)
    if not rows:
        from ..errors import InputError

        raise InputError(f"validate {case}: the record has {len(years)} whole years; it takes at least "
                         f"{LEAST_YEARS + 1} in a row")  # fmt: skip
    table = pd.DataFrame(rows)
    made = mean_scores([("all origins", table)], (*baselines, HELD))
    return Scorecard(case, made, by_sector(table, names), pd.DataFrame(fits), skipped)


def _strength(paths: dict[float, np.ndarray], past: np.ndarray) -> tuple[float, float]:
    """The factor under which the changes of shares up to now are told best, and what is missed over persistence."""
    found = {}
    for strength, path in paths.items():
        missed, naive = misfit(shares_of(np.maximum(path[: len(past)], 1e-9)), shares_of(past))
        found[strength] = missed / naive if naive > 0 else 1.0
    # Of equal ones the officers as they are: before any policy all tell the same.
    best = min(found, key=lambda s: (round(found[s], 9), abs(s - 1.0)))
    return best, found[best]
