"""Three natural experiments of the Mediterranean, simulated with one parameter set and read as the record was read.

    python experiments/natural_experiments.py --months FILE --nationality FILE [--replicates 20] [--workers 2]

The files are the user's own download of Frontex' monthly detections (columns of the loaders in
waterbed/validate/frontex.py); they are not shipped, and no count of theirs is written. For each shock the sizes and
route constants of the nationalities are fitted to the year before it, and the number of officers to the fall of the
closed route in the year after it; all else is the scenario `mediterranean`. Then shock and twin are simulated, two
years before and two years after, and detections are read by

- the raw share: gain elsewhere over the drop, 12 months before against the 12 months that end 12, 18 or 24 after;
- the matched share: sum of clip(gain, -drop, drop) over sum of drops, nationalities with over 0.2 % of the drop.

The bands below were declared before the first run. Leaves natural_experiments.csv and a figure.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import shutil
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from waterbed.engine.run import Simulation
from waterbed.engine.world import DETECTIONS
from waterbed.errors import InputError
from waterbed.measures.provenance import provenance
from waterbed.measures.tables import digest, whole
from waterbed.network import load_world
from waterbed.scenario import Scenario
from waterbed.validate.basin import Basin, with_onward
from waterbed.validate.frontex import CLASSES, ENTRY, ROUTES, Months, Nationalities, read_months, read_nationalities

OUT = Path("results/validation/mediterranean")
WEST = ("Western Mediterranean", "West African")
MONTH, BEFORE, AFTER = 30.4375, 24, 24
"""Days of a month; months simulated before and after a shock."""
LEAST_SHARE = 0.002
LARGEST = 15
BOOTSTRAP = 1000


@dataclass(frozen=True)
class Shock:
    """A dated policy: its operations and the routes that it closes and may fill."""

    name: str
    title: str
    base_year: int
    first: tuple[int, int]
    """Year and month of the first month after."""
    closed: str
    elsewhere: tuple[str, ...]
    operation: str
    also: dict[str, int]
    """Officers of a second operation."""
    persons_per_agent: int


SHOCKS = (
    Shock("eu_turkey_2016", "EU–Turkey 2016", 2015, (2016, 4), "Eastern Mediterranean",
          ("Central Mediterranean", *WEST), "eu_turkey_2016", {"balkan_2016": 200}, 100),
    Shock("libya_2017", "Libya 2017", 2016, (2017, 7), "Central Mediterranean", WEST, "libya_2017", {}, 50),
    Shock("morocco_2019", "Morocco 2019", 2018, (2019, 2), "Western Mediterranean", ("West African",),
          "morocco_2019", {}, 20),
)  # fmt: skip
UNLIKELY = ("Nigeria", "Eritrea", "Sudan", "Somalia")
BANDS: dict[tuple[str, str], tuple[float, float]] = {
    ("eu_turkey_2016", "raw 12"): (-0.05, 0.05), ("eu_turkey_2016", "matched 12"): (-0.03, 0.03),
    ("libya_2017", "raw 12"): (0.05, 0.15), ("libya_2017", "raw 24"): (0.15, 0.30),
    ("libya_2017", "raw 24 over 12"): (1.5, math.inf), ("libya_2017", "Spearman 24"): (0.5, 1.0),
    ("morocco_2019", "raw 12"): (0.0, 0.08), ("morocco_2019", "raw 18"): (0.05, 0.20),
} | {("libya_2017", f"{name} 24"): (-math.inf, 0.05) for name in UNLIKELY}  # fmt: skip
WINDOWS = (12, 18, 24)


def fitted(shock: Shock, record: Nationalities, months: Months, folder: Path) -> Scenario:
    """The scenario of a shock, on a world of the year before it, with officers that make the recorded fall."""
    world = folder / shock.name
    shutil.copytree(load_world("mediterranean").folder, world)
    base = Scenario.load("mediterranean").replace({"network": str(world)})
    basin = Basin(base)
    counts = record.of(shock.base_year)
    wanted = {(c, r): float(counts[i, j]) for i, c in enumerate(CLASSES) for j, r in enumerate(ENTRY)}
    basin.fit(with_onward(basin, wanted), rounds=120)
    _rewrite(world / "classes.csv", {(c,): f"{n:.1f}" for c, n in zip(basin.classes, basin.people, strict=True)},
             ("class",), "people_per_year")  # fmt: skip
    _rewrite(world / "constants.csv",
             {(c, r): f"{basin.constants[i, j]:.2f}" for i, c in enumerate(basin.classes)
              for j, r in enumerate(basin.routes)}, ("class", "route"), "constant")  # fmt: skip
    officers = dose(shock, basin, record_fall(shock, months))
    drop = {f"operations.{n}": False for n in base.operations if n not in (shock.operation, *shock.also)}
    start = round(BEFORE * MONTH)
    changes: dict[str, Any] = {
        "start_date": date(shock.first[0] - BEFORE // 12, shock.first[1], 1),
        "days": round((BEFORE + AFTER) * MONTH) + 1,
        "persons_per_agent": shock.persons_per_agent,
    }  # fmt: skip
    for name, number in {shock.operation: officers, **shock.also}.items():
        changes |= {f"operations.{name}.start": start, f"operations.{name}.days": round(AFTER * MONTH),
                    f"operations.{name}.officers": number, f"operations.{name}.officers_per_unit": 10}  # fmt: skip
    return base.replace(drop | {"policies.evros_2012": False}).replace(changes)


def _rewrite(path: Path, values: dict[tuple[str, ...], str], keys: tuple[str, ...], column: str) -> None:
    """Replace a column of a table where its keys are known."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row[column] = values[tuple(row[k] for k in keys)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def record_fall(shock: Shock, months: Months) -> float:
    """Recorded detections of the closed route in the 12 months after, over the 12 before."""
    j = ROUTES.index(shock.closed)
    year, month = shock.first
    return float(months.window(year, month)[j] / months.window(year - 1, month)[j])


def dose(shock: Shock, basin: Basin, goal: float) -> int:
    """Officers under whom the closed route falls as recorded, expected over a year; by bisection in logarithms."""
    scenario, closed = Scenario.load("mediterranean"), basin.routes.index(shock.closed)
    base = basin.baseline()[:, closed].sum()
    low, high = 20.0, 20000.0
    for _ in range(10):
        middle = math.sqrt(low * high)
        standing = np.zeros((4, len(basin.legs)))
        for name, number in {shock.operation: middle, **shock.also}.items():
            legs = scenario.operations[name].target.legs
            standing[:, [basin.legs.index(leg) for leg in legs]] = number / len(legs)
        left = basin.path(standing, np.zeros_like(standing))[:, :, closed].sum() / base
        low, high = (middle, high) if left > goal else (low, middle)
    return int(10 * round(math.sqrt(low * high) / 10))


def by_month(world: Simulation) -> np.ndarray:
    """Detections by month, class (of CLASSES) and route of ENTRY, in people.

    A leg's detections are split over nationalities as the first crossings of the month on its route are.
    """
    burn, ppa, names = world.scenario.burn_in, world.scenario.persons_per_agent, world.plan.names
    legs, past = world.world.legs, world.world.biographies
    route = np.array([names.routes.index(r) for r in ENTRY])
    months = BEFORE + AFTER
    month_of = np.minimum((np.arange(world.scenario.days) / MONTH).astype(int), months)
    daily = world.world.counts_leg[:, :, DETECTIONS]
    totals = np.stack([[daily[month_of == m][:, (legs["route"] == r) & (legs["counted"] == 1)].sum() for r in route]
                       for m in range(months)])  # fmt: skip
    crossed = np.flatnonzero((past["crossing_leg"] >= 0) & (past["crossing_day"] >= burn))
    seat = {int(r): k for k, r in enumerate(route)}
    where = np.array([seat.get(int(r), -1) for r in legs["route"][past["crossing_leg"][crossed]]])
    when = month_of[np.minimum(past["crossing_day"][crossed] - burn, world.scenario.days - 1)]
    order = np.array([list(CLASSES).index(c) for c in names.classes])
    who = order[world.world.groups["class_"][world.world.migrants["group"][crossed]]]
    counts = np.zeros((months, len(CLASSES), len(ENTRY)))
    good = (where >= 0) & (when < months)
    np.add.at(counts, (when[good], who[good], where[good]), 1.0)
    shares = counts / np.maximum(1.0, counts.sum(axis=1, keepdims=True))
    return shares * totals[:, None, :] * ppa


def pair(task: tuple[Scenario, int]) -> np.ndarray:
    """Both worlds of a shock under one seed: [with, without] x months x classes x routes."""
    scenario, seed = task
    treated = Simulation(scenario, seed)
    treated.advance(scenario.burn_in + round(BEFORE * MONTH))
    twin = treated.without_measures()
    for world in (treated, twin):
        world.advance(world.last)
    return np.stack([by_month(treated), by_month(twin)])


def window(series: np.ndarray, end: int) -> np.ndarray:
    """The 12 months that end so many months after the shock, summed: [..., class, route]."""
    return np.asarray(series[..., BEFORE + end - 12 : BEFORE + end, :, :].sum(axis=-3))


def matched(gain: np.ndarray, drop: np.ndarray) -> float:
    """Sum of clip(gain, -drop, drop) over the sum of drops, of nationalities with over 0.2 % of all."""
    large = drop > LEAST_SHARE * drop.sum()
    return float(np.clip(gain[large], -drop[large], drop[large]).sum() / drop.sum())


def read(shock: Shock, runs: np.ndarray, recorded: np.ndarray) -> dict[str, float]:
    """All quantities of a set of runs, [run, world, month, class, route], as ratios of sums over runs."""
    closed, other = ENTRY.index(shock.closed), [ENTRY.index(r) for r in shock.elsewhere]
    total = runs.sum(axis=0)
    before = window(total[0], 0)
    found: dict[str, float] = {}
    for end in WINDOWS:
        after, twin = window(total[0], end), window(total[1], end)
        drop = before[:, closed] - after[:, closed]
        gain = (after - before)[:, other].sum(axis=1)
        found[f"raw {end}"] = gain.sum() / drop.sum()
        found[f"matched {end}"] = matched(gain, drop)
        found[f"against the twin {end}"] = (after - twin)[:, other].sum() / (twin - after)[:, closed].sum()
        found[f"twin's change elsewhere over the drop {end}"] = (twin - before)[:, other].sum() / drop.sum()
        found[f"closed route left {end}"] = after[:, closed].sum() / before[:, closed].sum()
        if end == 24 and (shock.name, "Spearman 24") in BANDS:
            share = gain / np.where(drop > 0, drop, np.nan)
            largest = np.argsort(-drop)[:LARGEST]
            found["Spearman 24"] = spearman(share[largest], recorded[largest])
            found |= {f"{name} 24": float(share[i]) for i, name in enumerate(CLASSES)}
    early = window(total[0], -12)
    found["pre-trend elsewhere over the drop"] = (before - early)[:, other].sum() / (
        before[:, closed] - window(total[0], 12)[:, closed]
    ).sum()
    found["raw 24 over 12"] = found["raw 24"] / found["raw 12"]
    return found


def spearman(a: np.ndarray, b: np.ndarray) -> float:
    """Rank correlation where both are known."""
    known = np.isfinite(a) & np.isfinite(b)
    return float(pd.Series(a[known]).corr(pd.Series(b[known]), method="spearman"))


def recorded(shock: Shock, months: Months, record: Nationalities) -> tuple[dict[str, float], np.ndarray]:
    """What the record gives for the same quantities, and by nationality (year before against two years later)."""
    closed, other = ROUTES.index(shock.closed), [ROUTES.index(r) for r in shock.elsewhere]
    year, month = shock.first
    before, found = months.window(year - 1, month), {}
    for end in WINDOWS:
        later = 12 * year + month - 1 + end - 12
        after = months.window(later // 12, later % 12 + 1)
        found[f"raw {end}"] = (after - before)[other].sum() / (before - after)[closed]
        found[f"closed route left {end}"] = after[closed] / before[closed]
    early, after = months.window(year - 2, month), months.window(year, month)
    found["pre-trend elsewhere over the drop"] = (before - early)[other].sum() / (before - after)[closed]
    shares = np.full(len(CLASSES), math.nan)
    for end, later in ((12, shock.base_year + 1), (24, shock.base_year + 2)):
        one, two = record.of(shock.base_year), record.of(later)
        drop, gain = (one - two)[:, closed], (two - one)[:, other].sum(axis=1)
        found[f"matched {end}"] = matched(gain, drop)
        shares = gain / np.where(drop > 0, drop, np.nan)
    return found, shares


def table(shock: Shock, runs: np.ndarray, facts: dict[str, float], shares: np.ndarray) -> pd.DataFrame:
    """Estimate, 90 % interval by bootstrap over replicates, and 90 % of single runs, against bands and record."""
    rng = np.random.default_rng(1)
    estimate = read(shock, runs, shares)
    drawn = [read(shock, runs[rng.integers(0, len(runs), len(runs))], shares) for _ in range(BOOTSTRAP)]
    single = [read(shock, runs[i : i + 1], shares) for i in range(len(runs))]
    rows = []
    for name, value in estimate.items():
        if math.isnan(value):
            continue
        low, high = np.nanquantile([d[name] for d in drawn], (0.05, 0.95))
        run_low, run_high = np.nanquantile([s[name] for s in single], (0.05, 0.95))
        band = BANDS.get((shock.name, name), (math.nan, math.nan))
        verdict = "" if math.isnan(band[0]) else "met" if band[0] <= value <= band[1] else "missed"
        rows.append((shock.name, name, *band, value, low, high, run_low, run_high, facts.get(name, math.nan), verdict))
    columns = ["experiment", "quantity", "band_low", "band_high", "simulated", "low", "high", "run_low", "run_high",
               "record", "verdict"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def main() -> None:
    """Fit, simulate, read, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--months", type=Path, required=True, help="own download: month,route,detections")
    parser.add_argument("--nationality", type=Path, required=True, help="the same by year and nationality")
    parser.add_argument("--replicates", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    try:
        months, record = read_months(args.months), read_nationalities(args.nationality)
    except InputError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    found, officers = [], {}
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(args.workers) as pool:
        for shock in SHOCKS:
            scenario = fitted(shock, record, months, Path(folder))
            officers[shock.name] = {n: o.officers for n, o in scenario.operations.items()}
            print(shock.title, officers[shock.name], flush=True)
            runs = np.stack(list(pool.map(pair, [(scenario, seed) for seed in range(1, args.replicates + 1)])))
            facts, shares = recorded(shock, months, record)
            found.append(table(shock, runs, facts, shares))
            told = found[-1][found[-1]["verdict"] != ""]
            print(told.drop(columns=["experiment"]).to_string(index=False, float_format="%.3f"), flush=True)
    results = pd.concat(found, ignore_index=True)
    store(results, officers, args.replicates, args.out)


def store(results: pd.DataFrame, officers: dict[str, Any], replicates: int, folder: Path) -> None:
    """Write table, figure and provenance."""
    from natural_figure import draw

    text = results.to_csv(index=False, float_format="%.4g", lineterminator="\n")
    whole(folder / "natural_experiments.csv", lambda temporary: temporary.write_text(text, "utf-8"))
    draw(results, {s.name: s.title for s in SHOCKS}, folder)
    about = provenance("experiment", Scenario.load("mediterranean"), replicates=replicates, officers=officers,
                       digest=digest({"natural_experiments": results}), record="own download of Frontex")  # fmt: skip
    whole(folder / "provenance.json", lambda temporary: temporary.write_text(json.dumps(about, indent=2) + "\n"))


if __name__ == "__main__":
    main()
