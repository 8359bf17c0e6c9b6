"""The case `southwest`: nine Border Patrol sectors, agents by year as the dose, rolling origin.

The model is fitted to the record up to a year and then given the agents of later years, but none of their
apprehensions. A forecast is the last year's apprehensions times the model's change of simulated detections, scaled
so that the border's total stays that of the last year: the fit sees shares alone, so it learns nothing of how many
will come. What the model's own total would have scored stands beside the naive forecasts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .expected import Border, Shared, shares_of
from .fitting import PRIORS, Fit, fit
from .forecasts import BASELINES
from .record import KM, SECTORS, Record
from .rolling import COLUMNS, HORIZONS, MODEL, Scorecard, by_sector, forecasts, mean_scores
from .scores import skill

if TYPE_CHECKING:
    import pandas as pd

LEAST_YEARS = 4
"""Years with agents before a first origin."""
BUILD_UP = (1993, 2000)
LATE = 2000
"""Origins from this year on are also scored apart."""
OWN_TOTAL = "waterbed, own total"


def border() -> Border:
    """The bundled border, whose dose is to be given."""
    from ..scenario import load

    return Border(load("southwest"), [sector.title() for sector in SECTORS], KM)


def dose(record: Record) -> tuple[np.ndarray, np.ndarray]:
    """Years from the first with agents of all sectors on, and their agents; a gap is filled with the year before."""
    first = int(np.flatnonzero(np.isfinite(record.agents).all(axis=1))[0])
    agents = record.agents[first:].copy()
    for i in range(1, len(agents)):
        agents[i] = np.where(np.isfinite(agents[i]), agents[i], agents[i - 1])
    return record.years[first:], agents


def fit_until(record: Record, year: int, world: Border | None = None) -> Fit:
    """The fit to everything known after a year, and nothing later."""
    seen = record.until(year)
    years, agents = dose(seen)
    return fit(world or border(), agents, seen.apprehensions[-len(years) :])


def validate(
    record: Record, keep: Path | None = None, progress: Callable[[int, int], None] | None = None
) -> Scorecard:
    """Fit at every origin, predict 1, 3 and 5 years ahead given the dose, and score against the naive forecasts.

    ``keep`` is a folder of fits, from which an interrupted validation goes on; ``progress`` is told how many of the
    origins are done.
    """
    import pandas as pd

    world, skipped, rows, fits = border(), list(record.skipped), [], []
    years, agents = dose(record)
    counts = record.apprehensions[-len(years) :]
    complete = np.isfinite(counts).all(axis=1) & np.isfinite(record.agents[-len(years) :]).all(axis=1)
    origins = [i for i in range(LEAST_YEARS - 1, len(years) - 1)]
    for n, i in enumerate(origins):
        if progress:
            progress(n, len(origins))
        if not complete[i]:
            skipped.append(f"origin {years[i]}: its record is not complete; no forecast is made from it")
            continue
        found = _kept(record, int(years[i]), world, keep)
        fits.append(_fit_row(int(years[i]), found))
        if not found.converged:
            skipped.append(f"origin {years[i]}: no convergence in {found.evaluations} evaluations; skipped")
            continue
        world.set_constants(found.constants)
        path = world.detections(found.shared, agents)
        for h in HORIZONS:
            if i + h < len(years):
                past = record.apprehensions[: len(record.years) - len(years) + i + 1]
                own = past[-1] * path[i + h] / path[i]
                model = own / own.sum() * past[-1].sum()
                known = np.isfinite(record.agents[-len(years) :][i + h])
                observed = np.where(known, counts[i + h], np.nan)
                points = {MODEL: model, OWN_TOTAL: own}
                rows += forecasts(int(years[i]), h, points, past, observed, BASELINES, skipped)
    table = pd.DataFrame(rows)
    periods = [("all origins", table), (f"from {LATE}", table[table["origin"] >= LATE])]
    made = mean_scores(periods, (*BASELINES, OWN_TOTAL))
    scores = pd.concat([made, _in_sample(record, world, keep)], ignore_index=True)
    return Scorecard("southwest", scores, by_sector(table, SECTORS), pd.DataFrame(fits), skipped)


def _in_sample(record: Record, world: Border, keep: Path | None) -> pd.DataFrame:
    """The build-up, fitted to all of it: distance of shares against persistence. No forecast."""
    import pandas as pd

    first, last = BUILD_UP
    years, agents = dose(record.until(last))
    counts = record.until(last).apprehensions[-len(years) :]
    if years[-1] < last or not np.isfinite(counts).all():
        return pd.DataFrame(columns=COLUMNS)
    found = _kept(record, last, world, keep)
    world.set_constants(found.constants)
    predicted = shares_of(world.detections(found.shared, agents))
    observed, rows = shares_of(counts), []
    begin = int(np.flatnonzero(years == first)[0])
    for h in HORIZONS:
        ours, theirs = [], []
        for i in range(begin, len(years) - h):
            point = shares_of(observed[i] * predicted[i + h] / predicted[i])
            ours.append(float(np.abs(point - observed[i + h]).sum() / 2))
            theirs.append(float(np.abs(observed[i] - observed[i + h]).sum() / 2))
        better = skill(np.array(ours), np.array(theirs), h)
        rows.append((f"in sample {first}-{last}", h, "share_distance", np.mean(ours), np.mean(theirs), "persistence",
                     *better, len(ours)))  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def _fit_row(year: int, found: Fit) -> dict[str, Any]:
    constants = {f"constant.{s}": c for s, c in zip(SECTORS, found.constants.tolist(), strict=True)}
    about = {"objective": found.objective, "evaluations": found.evaluations, "converged": found.converged}
    return {"origin": year} | asdict(found.shared) | constants | {"level": found.level} | about


def _kept(record: Record, year: int, world: Border, keep: Path | None) -> Fit:
    """A fit from the folder of fits, if it was made from the same record by the same rules; else made and kept."""
    from ..engine.compiled import version
    from ..measures.tables import whole

    if keep is None:
        return fit_until(record, year, world)
    seen = record.until(year)
    text = f"{version()}{PRIORS}{seen.years.tolist()}{seen.apprehensions.tolist()}{seen.agents.tolist()}"
    key = hashlib.sha256(text.encode()).hexdigest()[:16]
    path = keep / f"{year}-{key}.json"
    if path.is_file():
        row = json.loads(path.read_text("utf-8"))
        return Fit(Shared(**row.pop("shared")), np.array(row.pop("constants")), **row)
    found = fit_until(record, year, world)
    row = asdict(found) | {"constants": found.constants.tolist()}
    whole(path, lambda temporary: temporary.write_text(json.dumps(row, indent=2) + "\n"))
    return found
