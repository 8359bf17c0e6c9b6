"""The model docked on others: its choice of the way on a second implementation, its arrivals on Flee's Mali 2012.

1. The recursive logit, written a second time from the world's tables alone (Fosgerau, Frejinger & Karlstroem 2013, as
   a linear system by NumPy), against the engine's probabilities on every leg of the bundled worlds.
2. Mali 2012 (Flee: Suleimenova, Bell & Groen 2017): refugees by camp. The folder is read by our Flee reader, with its
   closures; zones become origins on the days on which their conflict begins. As in Flee the total is given, and what
   is compared is how it spreads over the camps. Flee's own mean error, published or measured, is 0.27 to 0.37.

    python experiments/docking.py [--flee FOLDER] [--seeds 5] [--out results/docking]

Leaves choice.csv, camps.csv, docking.csv, the figure camps and provenance.json.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scratch import scratch

from waterbed.engine.baseline import shares
from waterbed.engine.blueprint import build
from waterbed.engine.run import simulate
from waterbed.measures.provenance import provenance
from waterbed.network import WorldTables, load_world, read_flee, read_flee_closures
from waterbed.network.csv_pair import write_world
from waterbed.report import style
from waterbed.scenario.scenario import Scenario

FLEE = Path(__file__).parents[2] / "shared" / "data" / "flee_mali2012"
PUBLISHED = (0.27, 0.37)
WORLDS = ("classroom", "southwest", "liberterra")
PEOPLE = 50_000
"""People a year who consider leaving, in a run of a part of the conflict: shares are read off, not sizes."""


# The recursive logit, a second time --------------------------------------------------------------------------------


def logit(world: WorldTables, scenario: Scenario) -> tuple[np.ndarray, list[str]]:
    """Probability of each leg of legs.csv at its tail, [leg, class], before anything has happened; and the classes.

    Only tables and parameters are read. All groups believe the legs' own stop probability, ask their fees with the
    markup for danger, and share 1 less the weight of going alone.
    """
    places, legs, c = list(world.network.places["name"]), world.network.legs, scenario.choice
    tail, head = (legs[end].map({p: i for i, p in enumerate(places)}).to_numpy() for end in ("tail", "head"))
    transit = set(world.hubs.loc[world.hubs["kind"] == "transit", "place"])
    served = np.array([t in transit for t in legs["tail"]])
    believed = (legs["detection"] * np.minimum(1, legs["turned_back"] + legs["returned"])).to_numpy()
    fee = legs["fee"].to_numpy() * (1 + scenario.hubs.markup_belief * believed)
    alone = legs["mode"].isin(["road", "desert"]).to_numpy()
    factors = world.seasons.set_index("season")
    log_season = {s: np.log(row[list(factors.columns[:12])].astype(float)) for s, row in factors.iterrows()}
    season = np.array([(log_season[s] - log_season[s].max()).mean() if s else 0.0 for s in legs["season"]])
    declared = legs["tail"].map(legs["tail"].value_counts()).to_numpy()
    extra = c.season_weight * season - np.log(declared)
    found = np.zeros((len(legs), len(world.classes)))
    for k, row in enumerate(world.classes.itertuples(index=False)):
        value, averse = _own(row.time_value, c.time_value), _own(row.aversion, c.aversion)
        of = world.constants[world.constants["class"] == world.classes["class"].iloc[k]]
        constant = legs["route"].map(dict(zip(of["route"], of["constant"], strict=True))).fillna(0.0).to_numpy(float)
        weight = np.zeros(len(legs))
        for share, ask, hard in ((1 - c.own_way_weight, fee, 1.0), (c.own_way_weight, 0.0 * fee, c.own_way_factor)):
            risk = believed * c.loss_stopped + legs["death"].to_numpy() * hard * c.loss_death
            cost = ask + value * legs["days"].to_numpy() * hard + averse * risk + constant
            offered = served if hard == 1.0 else alone
            weight += offered * share * np.exp(extra - np.maximum(c.cost_floor, cost) / c.scale)
        weight[legs["dormant"].to_numpy(bool)] = 0.0
        goals = world.destinations[world.destinations["class"] == world.classes["class"].iloc[k]]
        b = np.zeros(len(places))
        b[[places.index(p) for p in goals["place"]]] = goals["weight"]
        weight[b[tail] > 0] = 0.0
        system = np.eye(len(places))
        np.subtract.at(system, (tail, head), weight)
        z = np.linalg.solve(system, b)
        reached = z[tail] > 0
        found[reached, k] = (weight * z[head])[reached] / z[tail][reached]
    return found, list(world.classes["class"])


def _own(of_class: float, default: float) -> float:
    return default if math.isnan(of_class) else of_class


def compare_choice(name: str) -> dict[str, Any]:
    """Greatest difference of a probability between the two implementations, on one bundled scenario."""
    scenario = Scenario.load(name).untreated()
    world = load_world(scenario.network)
    ours, _ = logit(world, scenario)
    plan = build(scenario, world)
    engine = np.zeros_like(ours)
    for k in range(ours.shape[1]):
        engine[plan.leg_rows, k] = shares(plan.arrays, k)
    differences = np.abs(ours - engine)
    return {"world": name, "legs": len(ours), "classes": ours.shape[1], "greatest_difference": differences.max(),
            "mean_probability": ours[ours > 0].mean()}  # fmt: skip


# Mali 2012 -----------------------------------------------------------------------------------------------------------


def published(folder: Path) -> pd.DataFrame:
    """Refugees by camp (columns) and day (rows), interpolated between the published dates as Flee does."""
    with open(folder / "input" / "sim_period.csv", encoding="utf-8") as file:
        period = dict(row for row in csv.reader(file) if len(row) == 2)
    first, days = date.fromisoformat(period["StartDate"]), int(period["Length"])
    table = {}
    with open(folder / "validation" / "data_layout.csv", encoding="utf-8") as file:
        layout = [row for row in csv.reader(file) if len(row) == 2 and row[0] != "total"]
    for camp, name in layout:
        with open(folder / "validation" / name, encoding="utf-8") as file:
            rows = [row for row in csv.reader(file) if len(row) == 2 and row[0][:2] == "20"]
        at = [(date.fromisoformat(day) - first).days for day, _ in rows]
        table[camp] = np.interp(np.arange(days), at, [float(n) for _, n in rows])
    return pd.DataFrame(table)


def conflicts(folder: Path) -> list[tuple[int, list[str]]]:
    """(day, zones in conflict from then on), at each day on which that changes."""
    with open(folder / "input" / "locations.csv", encoding="utf-8") as file:
        zones = [(int(row[6]), row[0]) for row in csv.reader(file) if row[5] == "conflict_zone"]
    return [(day, [z for d, z in zones if d <= day]) for day in sorted({d for d, _ in zones})]


def spread(folder: Path, zones: list[str], closed: tuple[str, ...], seeds: int, sized: bool) -> dict[str, float]:
    """Share of arrivals by camp when people leave these zones, some legs being closed: a small run a seed.

    Camps attract alike, or (``sized``) by the capacity that Flee's own input gives them.
    """
    world = read_flee(folder / "input", people_per_year=PEOPLE)
    origins = world.origins[world.origins["place"].isin(zones)].copy()
    origins["share"] /= origins["share"].sum()
    goals = world.destinations.copy()
    if sized:
        capacity = world.network.places.set_index("name")["flee_population"].replace("", "0").astype(float)
        goals["weight"] = goals["place"].map(capacity)
    place = scratch("mali")
    write_world(replace(world, origins=origins, destinations=goals), place)
    given: dict[str, Any] = {"name": "mali", "network": place, "days": 200, "burn_in": 60, "persons_per_agent": 5,
                             "compare": {"fate_days": 60}, "world": {"weather_sd": 0.0}}  # fmt: skip
    if closed:
        given["policies"] = {"closure": {"start": 0, "closes": closed}}
    arrived = np.zeros(len(world.network.places))
    for seed in range(seeds):
        run = simulate(Scenario.model_validate(given), seed)
        arrived += run.places[100:, :, _arrivals()].sum(axis=0)
    names = world.network.places["name"].tolist()
    return {n: a / arrived.sum() for n, a in zip(names, arrived, strict=True) if a}


def _arrivals() -> int:
    from waterbed.engine.run import observed

    return list(observed("places")).index("arrivals")


def mali(folder: Path, seeds: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Refugees by day and camp, published and simulated; and errors of the model and of two naive spreads."""
    told = published(folder)
    network = read_flee(folder / "input").network
    closures = read_flee_closures(folder / "input", network)
    days = sorted({0, *(d for d, _ in conflicts(folder)), *(c.start + c.days for c in closures if c.days)})
    shares_by_day: dict[bool, dict[int, dict[str, float]]] = {False: {}, True: {}}
    for day in days:
        zones = [z for d, z in conflicts(folder) if d <= day][-1]
        closed = tuple(leg for c in closures if c.start <= day < (c.start + c.days if c.days else 10**6)
                       for leg in c.legs)  # fmt: skip
        for sized, by_day in shares_by_day.items():
            by_day[day] = spread(folder, zones, closed, seeds, sized)
    total = told.sum(axis=1).to_numpy()
    share = {
        sized: np.array([[by_day[max(d for d in days if d <= day)].get(camp, 0.0) for camp in told]
                         for day in range(len(told))])
        for sized, by_day in shares_by_day.items()
    }  # fmt: skip
    first = told.iloc[0].to_numpy()
    simulated = {
        "waterbed": _follow(total, first, share[False]),
        "waterbed, camps by capacity": _follow(total, first, share[True]),
        "equal shares": _follow(total, first, np.full(told.shape, 1 / told.shape[1])),
        "first day's shares": _follow(total, first, np.tile(first / first.sum(), (len(total), 1))),
    }
    rows = [(name, float((np.abs(s - told.to_numpy()).sum(axis=1) / total).mean())) for name, s in simulated.items()]
    errors = pd.DataFrame(rows, columns=["forecast", "mean_error"])
    long = pd.concat([
        pd.DataFrame({"day": np.arange(len(told)), "camp": camp, "published": told[camp],
                      "waterbed": simulated["waterbed"][:, k],
                      "by_capacity": simulated["waterbed, camps by capacity"][:, k]})
        for k, camp in enumerate(told)
    ], ignore_index=True)  # fmt: skip
    return long, errors


def _follow(total: np.ndarray, first: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Those who are new go by the day's shares; where the total falls, all camps fall alike."""
    counts = [first.astype(float)]
    for day in range(1, len(total)):
        change = total[day] - total[day - 1]
        now = counts[-1]
        counts.append(now + change * share[day] if change > 0 else now * total[day] / total[day - 1])
    return np.array(counts)


def draw(camps: pd.DataFrame, errors: pd.DataFrame) -> Any:
    """A panel a camp: refugees published and simulated."""
    error = errors.set_index("forecast")["mean_error"]
    fig = style.figure(style.PAGE, 112)
    top = style.heading(fig, "Mali 2012: refugees by camp, published and as the model spreads them",
                        "Thousands, by days from 29 February 2012. Grey: UNHCR. Blue: waterbed, given the total (thin: "
                        f"camps attract by capacity). Mean error {error['waterbed']:.2f} "
                        f"({error['waterbed, camps by capacity']:.2f}); Flee's own is {PUBLISHED[0]:.2f} to "
                        f"{PUBLISHED[1]:.2f}, equal shares {error['equal shares']:.2f}.")  # fmt: skip
    for k, (camp, part) in enumerate(camps.groupby("camp", sort=False)):
        ax = style.axes(fig, 8 + k % 4 * 43.5, top + 5 + k // 4 * 46, 36, 32)
        ax.plot(part["day"], part["published"] / 1e3, color=style.WITHOUT, lw=1.6)
        ax.plot(part["day"], part["waterbed"] / 1e3, color=style.WITH, lw=1.6)
        ax.plot(part["day"], part["by_capacity"] / 1e3, color=style.WITH, lw=0.7)
        ax.set_title(str(camp), loc="left", fontsize=8, fontweight="bold", color=style.INK, pad=3)
        ax.set_ylim(0, None)
        ax.set_xticks([0, 100, 200, 300])
        ax.yaxis.set_major_formatter(lambda value, _: style.tick(round(value, 6)))
    return fig


def main() -> None:
    """Both docks, and their tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--flee", type=Path, default=FLEE, help="folder with input/ and validation/ of Mali 2012")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--out", type=Path, default=Path("results/docking"))
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    choice = pd.DataFrame([compare_choice(name) for name in WORLDS])
    print(choice.to_string(index=False))
    choice.to_csv(args.out / "choice.csv", index=False, float_format="%.6g")
    if args.flee.is_dir():
        camps, errors = mali(args.flee, args.seeds)
        errors["flee_low"], errors["flee_high"] = PUBLISHED
        print(errors.to_string(index=False))
        camps[camps["day"] % 30 == 0].to_csv(args.out / "camps.csv", index=False, float_format="%.5g")
        errors.to_csv(args.out / "docking.csv", index=False, float_format="%.4g")
        with style.context():
            fig = draw(camps, errors)
            fig.savefig(args.out / "camps.svg", metadata={"Date": None})
            fig.savefig(args.out / "camps.png", dpi=200)
    else:
        print(f"{args.flee} is not there: Mali 2012 is skipped; it comes with github.com/djgroen/flee")
    about = provenance("docking", Scenario.load("classroom"), seeds=args.seeds)
    (args.out / "provenance.json").write_text(json.dumps(about, indent=2) + "\n")


if __name__ == "__main__":
    main()
