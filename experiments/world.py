"""What the world ``liberterra`` gives without any operation, beside what is published.

By route: simulated detections, crossings and deaths a year and, over all, the mean fee of a journey, each as a mean
over runs with its 95 % interval (bootstrap over runs), beside published means (``data/sources/published.csv``). Route
constants were fitted to the detections and crossings: that these agree is a check of the fit, not of the model.

    python experiments/world.py [--seeds 200:224] [--workers 2] [--out results/world]

Leaves world.csv, legs.csv (journeys by leg), growth.csv (what routes have learnt to serve after these years, though
nothing was done to them), world.png and world-light.png, and provenance.json. Exit code 1 where
deaths of a route into Europe by sea are not within a factor of two of what is published, or the fee is not within
2,000 to 4,000 USD.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import world_map

from waterbed.engine.compiled import version
from waterbed.engine.run import Simulation, blueprint, simulate
from waterbed.engine.world import CROSSINGS, DEATHS, DEPARTURES, DETECTIONS, N, T
from waterbed.measures.intervals import resamples
from waterbed.measures.provenance import provenance
from waterbed.network import load_world
from waterbed.scenario.scenario import Scenario

ROOT = Path(__file__).resolve().parents[1]
PUBLISHED = ROOT / "data" / "sources" / "published.csv"
type Run = tuple[np.ndarray, np.ndarray, np.ndarray]
YEARS = 2
BY_SEA = ("Central Mediterranean", "Eastern Mediterranean", "Western Mediterranean", "West African")
FEE = (2000.0, 4000.0)
COUNTS = {"detections": DETECTIONS, "crossings": CROSSINGS, "deaths": DEATHS}


def baseline() -> Scenario:
    """The world without operations, for two years after its burn-in."""
    return Scenario.load("liberterra").untreated().replace({"days": 365 * YEARS})


def measure(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of a run: people a year by leg and count, (fees paid in USD a year, people who set out, carried, departed), and
    the factor by which each route has become more attractive at the end.
    """
    simulation = Simulation(baseline(), seed)
    simulation.advance(simulation.last)
    run = simulation.finish()
    people = run.scenario.persons_per_agent
    totals = run.totals.sum(axis=0) / YEARS
    fees, recruits = totals[T["fees_cents"]] * people / 100.0, totals[T["recruits"]] * people
    carried = run.networks[:, :, N["carried"]].sum() * people / YEARS
    legs = run.legs.sum(axis=0) * people / YEARS
    grown = np.exp(simulation.world.routes["growth"])
    return legs, np.array([fees, recruits, carried, legs[:, DEPARTURES].sum()]), grown


def published() -> dict[tuple[str, str], tuple[float, float, float, str]]:
    """(route, count) -> mean, least and greatest of the published years, and which years."""
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    out = {}
    for route in dict.fromkeys(row["route"] for row in rows):
        for count in COUNTS:
            known = [(int(row["year"]), float(row[count])) for row in rows if row["route"] == route and row[count]]
            if known:
                values, years = [v for _, v in known], [y for y, _ in known]
                out[route, count] = (float(np.mean(values)), min(values), max(values), f"{min(years)}-{max(years)}")
    return out


def learnt(runs: list[Run]) -> pd.DataFrame:
    """A row a route: mean of the factor, 90 % of the runs, and in how many of them it is over two."""
    names = blueprint(baseline())[0].names.routes
    grown = np.array([g for _, _, g in runs])
    low, high = np.quantile(grown, (0.05, 0.95), axis=0)
    columns = {"route": names, "factor": grown.mean(axis=0), "low": low, "high": high,
               "over_two": (grown > 2.0).mean(axis=0)}  # fmt: skip
    return pd.DataFrame(columns).sort_values("factor", ascending=False)


def table(runs: list[Run]) -> pd.DataFrame:
    """A row a route and count, and one for the fee and one for facilitation."""
    routes = load_world("liberterra").network.legs["route"].to_numpy()
    known, weights = published(), resamples(len(runs), 0)
    rows = []
    for route in sorted(set(routes) - {""}):
        for count, column in COUNTS.items():
            values = np.array([legs[routes == route, column].sum() for legs, _, _ in runs])
            low, high = np.quantile(weights @ values / len(runs), (0.025, 0.975))
            mean, least, most, years = known.get((route, count), (np.nan, np.nan, np.nan, ""))
            rows.append((route, count, "person/year", values.mean(), low, high, mean, least, most, years))
    money = np.array([m for _, m, _ in runs])
    for name, unit, top, under, least, most, what in (
        ("fee of a journey", "USD", 0, 1, 2200.0, 2800.0, "UNODC 2018"),
        ("legs with a smuggler", "share", 2, 3, 0.9, 1.0, "Europol-INTERPOL 2016, EU"),
    ):
        drawn = (weights @ money[:, top]) / (weights @ money[:, under])
        low, high = np.quantile(drawn, (0.025, 0.975))
        value = money[:, top].sum() / money[:, under].sum()
        rows.append(("World", name, unit, value, low, high, (least + most) / 2, least, most, what))
    seen = ("published", "published_low", "published_high", "published_in")
    return pd.DataFrame(rows, columns=["route", "count", "unit", "simulated", "low", "high", *seen])


def verdicts(found: pd.DataFrame) -> list[str]:
    """What is out of the bounds that were set."""
    at = found.set_index(["route", "count"])
    wrong = []
    for route in BY_SEA:
        ratio = at.loc[(route, "deaths"), "simulated"] / at.loc[(route, "deaths"), "published"]
        if not 0.5 <= ratio <= 2.0:
            wrong.append(f"deaths of the {route} are {ratio:.2f} times the published mean")
    fee = at.loc[("World", "fee of a journey"), "simulated"]
    if not FEE[0] <= fee <= FEE[1]:
        wrong.append(f"the fee of a journey is {fee:,.0f} USD")
    return wrong


def main() -> int:
    """The command; its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default="200:224", help="first:last+1")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=ROOT / "results" / "world")
    given = parser.parse_args()
    first, last = (int(x) for x in given.seeds.split(":"))
    simulate(baseline().replace({"days": 1, "burn_in": 1}))  # compiles before the workers start
    with ProcessPoolExecutor(given.workers, mp_context=get_context("spawn")) as pool:
        runs = list(pool.map(measure, range(first, last)))
    found = table(runs)
    given.out.mkdir(parents=True, exist_ok=True)
    found.round(4).to_csv(given.out / "world.csv", index=False)
    grown = learnt(runs)
    grown.round(3).to_csv(given.out / "growth.csv", index=False)
    journeys = np.mean([legs[:, DEPARTURES] for legs, _, _ in runs], axis=0)
    world = load_world("liberterra").network
    flows: dict[str, Any] = {"leg": world.leg_names, "mode": world.legs["mode"], "departures": journeys.round(1)}
    pd.DataFrame(flows).to_csv(given.out / "legs.csv", index=False)
    for name, dark in (("world", True), ("world-light", False)):
        world_map.draw(world, journeys, len(runs), dark).savefig(given.out / f"{name}.png", dpi=130)
    more = {"seeds": [first, last], "model_version": version()}
    (given.out / "provenance.json").write_text(json.dumps(provenance("world", baseline(), **more), indent=2) + "\n")
    with pd.option_context("display.width", 160, "display.max_rows", 100, "display.float_format", "{:,.2f}".format):
        shown = found[found["published"].notna()].drop(columns=["unit"])
        print(shown.to_string(index=False))
        print(grown.to_string(index=False))
    wrong = verdicts(found)
    print("\n".join(wrong) if wrong else "All within the bounds that were set.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
