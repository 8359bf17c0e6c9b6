"""Fit sizes of classes and route constants of ``liberterra``: ``sizes.csv`` and ``constants.csv`` in its sources.

    python -m tools.world.fit [--rounds 3] [--seeds 3]

A constant is what a route costs its classes beyond fee, days and danger, in USD; it stands for all that the tables do
not hold, and is *fitted, not validated*. First the model's own expectation is fitted (choice probabilities as an
absorbing Markov chain, no losses), then it is corrected by what runs of the engine count, and fitted again. Sizes are
those of ``corridors.csv``, but for the classes whose routes have published counts: these are scaled together, so that
corridors add up to what routes and flights carry. Afterwards run ``python -m tools.world --accept``.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from pathlib import Path

import numpy as np

from waterbed.engine.baseline import bare_world, expected_visits, shares
from waterbed.engine.compiled import engine
from waterbed.engine.run import blueprint, simulate
from waterbed.engine.world import CROSSINGS, DETECTIONS
from waterbed.network.csv_pair import whole
from waterbed.scenario.scenario import Scenario

from .__main__ import SOURCES
from .build import build, write
from .people import SETS_OUT
from .sources import Sources, read

_MEAN_SEASON = 12
_STEPS = 40
_DAYS = 720
_FEW = 20
"""Agents counted at which a correction has half its weight."""
_LEAST = -2000.0
"""Least constant in USD: where a route cannot be made attractive enough, it is not made absurd either."""
_ENOUGH = 100
"""People of a class that must have set out in the runs, for their share to be believed."""

AIR = "Air (direct)"
EUROPE = ("Central Mediterranean", "Eastern Mediterranean", "Western Mediterranean", "West African", "Eastern Borders",
          AIR)  # fmt: skip
"""Every way into Europe of a Europe-bound class takes one of these."""
SINGLE = {"English Channel": None, "Eastern Route": 0.9, "Andaman Sea": 0.9}
"""Routes of a class of their own, and the share of its journeys that take them (judgement); None: all have to."""
AIR_SHARE = 0.1
"""Share of journeys to Europe by air with borrowed or forged documents (judgement; range 0.03-0.3)."""


def targets(sources: Sources) -> dict[str, tuple[int, float]]:
    """What each route is fitted to: which count, and how many people a year (means of the published years).

    2015 is left out for the routes into Europe, as in the rates of death.
    """
    out: dict[str, tuple[int, float]] = {}
    for route in dict.fromkeys(r["route"] for r in sources["published"]):
        rows = [r for r in sources["published"] if r["route"] == route and (route in SINGLE or r["year"] != "2015")]
        for column, count in (("detections", DETECTIONS), ("crossings", CROSSINGS)):
            values = [float(r[column]) for r in rows if r[column]]
            if values:
                out[route] = (count, sum(values) / len(values))
    return out


class Fit:
    """A world that is built anew each round, its arrays, and the constants and sizes that are tried on it."""

    def __init__(self, sources: Sources, folder: Path) -> None:
        self.sources, self.folder = sources, folder
        self.targets = targets(sources)
        self.correction = dict.fromkeys(self.targets, 1.0)
        corridors = sources["corridors"]
        self.group = {r["class"]: r["sum"] for r in corridors}
        self.fly = {r["class"] for r in corridors if r["flight_to"]}
        self.journeys = {r["class"]: float(r["people_per_year"]) for r in corridors}
        self.sets_out = dict.fromkeys(self.journeys, SETS_OUT)
        for row in sources["sizes"]:
            self.journeys[row["class"]], self.sets_out[row["class"]] = float(row["journeys"]), float(row["sets_out"])
        self.constant = dict.fromkeys((*self.targets, AIR), 0.0)
        for row in sources["constants"]:
            self.constant[row["route"]] = float(row["constant"]) if SINGLE.get(row["route"], 1.0) else 0.0
        self.round = 0
        self.lay_out()

    def lay_out(self) -> None:
        """Build the world with the present constants and sizes, and its arrays."""
        self.round += 1
        self.sources.tables["constants"], self.sources.tables["sizes"] = self.constants(), self.sizes()
        here = self.folder / f"round{self.round}"
        here.mkdir()
        write(build(self.sources), here)
        base = Scenario.load("liberterra").untreated()
        self.scenario = base.replace({"network": str(here), "days": _DAYS})
        plan, self.tables = blueprint(self.scenario)
        self.arrays, self.names = {name: array.copy() for name, array in plan.arrays.items()}, plan.names
        # Constants are tried one after another, so no two classes may be taken to weigh a route alike.
        self.arrays["alike"][:] = np.arange(len(self.names.classes))
        self.route = np.array([self.names.routes[r] if r >= 0 else "" for r in self.arrays["legs"]["route"]])

    def classes_of(self, route: str) -> list[str]:
        """Classes that a route's constant is for."""
        if route in SINGLE:
            return [c for c, group in self.group.items() if group == route]
        mine = [c for c, group in self.group.items() if group in ("Europe", "English Channel")]
        return [c for c in mine if c in self.fly] if route == AIR else mine

    def expect(self) -> np.ndarray:
        """Expected people a year by class and leg at the present constants and sizes."""
        a, classes = self.arrays, self.names.classes
        for route, value in self.constant.items():
            rows = [classes.index(c) for c in self.classes_of(route)]
            a["constant"][self.names.routes.index(route) + 1, rows] = value
        engine(()).plan(_MEAN_SEASON, bare_world(a))
        visits = expected_visits(a, self.scenario)
        flow = np.stack([visits[c][a["legs"]["tail"]] * shares(a, c) for c in range(len(classes))])
        # Everybody who sets out takes a first leg; what they are in number is known, so only shares are used.
        starts = np.stack([self._starts(flow, c) for c in range(len(classes))])
        return flow * (np.array([self.journeys[c] for c in classes]) / np.maximum(starts, 1e-12))[:, None]

    def _starts(self, flow: np.ndarray, c: int) -> float:
        """Who ends somewhere has started: what flows into the destinations of a class."""
        return float(flow[c, self.arrays["destination"][self.arrays["legs"]["head"], c] > 0].sum())

    def by_route(self, flow: np.ndarray) -> dict[str, float]:
        """Expected count of each fitted route: detections or crossings, corrected by what runs showed."""
        legs, people = self.arrays["legs"], flow.sum(axis=0)
        share = {DETECTIONS: legs["detection"], CROSSINGS: np.ones(len(legs))}
        return {
            route: float((people * share[count])[self.route == route].sum()) * self.correction[route]
            for route, (count, _) in self.targets.items()
        }

    def solve(self) -> None:
        """Constants and sizes at which the expectation meets the targets."""
        half = 0.5 * self.scenario.choice.scale
        for _ in range(_STEPS):
            flow = self.expect()
            found = self.by_route(flow)
            for route, (_, wanted) in self.targets.items():
                if route in SINGLE:
                    mine = self.classes_of(route)
                    self._scale(route, wanted / max(found[route], 1.0))
                    if SINGLE[route] is None:
                        continue
                    here = flow[[self.names.classes.index(c) for c in mine]][:, self.route == route].sum()
                    here /= sum(self.journeys[c] for c in mine)
                    self.constant[route] += half * math.log(max(here, 1e-6) / SINGLE[route])
                else:
                    self.constant[route] += half * math.log(max(found[route], 1.0) / wanted)
            bound = [self.names.classes.index(c) for c, group in self.group.items() if group == "Europe"]
            share = flow[bound][:, self.route == AIR].sum() / flow[bound][:, np.isin(self.route, EUROPE)].sum()
            self.constant[AIR] += half * math.log(max(share, 1e-6) / AIR_SHARE)
            routes = [r for r in EUROPE if r != AIR]
            self._scale("Europe", sum(self.targets[r][1] for r in routes) / sum(found[r] for r in routes))
            # The ways into Europe can all cost more or less without a change: the cheapest constant of them is 0.
            least = min(self.constant[r] for r in EUROPE)
            self.constant |= {r: self.constant[r] - least for r in EUROPE}
            self.constant |= {r: max(_LEAST, value) for r, value in self.constant.items()}

    def _scale(self, group: str, ratio: float) -> None:
        for name, mine in self.group.items():
            if mine == group:
                self.journeys[name] *= min(2.0, max(0.5, ratio)) ** 0.5

    def correct(self, seeds: int) -> None:
        """Run the engine, and correct the expectation and the shares that set out by what it counts."""
        self.lay_out()
        flow = self.expect()
        counted = dict.fromkeys(self.targets, 0.0)
        born, left = (np.zeros(len(self.names.classes)) for _ in range(2))
        label = self.tables.network.legs["route"].to_numpy()
        for seed in range(seeds):
            run = simulate(self.scenario, seed=seed)
            year = run.legs.sum(axis=0) * run.scenario.persons_per_agent * 365.25 / _DAYS / seeds
            for route, (count, _) in self.targets.items():
                counted[route] += float(year[label == route, count].sum())
            # Who was born within 120 days of the end may still set out.
            people = run.people[(run.people["birth"] >= 0) & (run.people["birth"] < _DAYS - 120)]
            born += np.bincount(people["class_"], minlength=len(born))
            left += np.bincount(people["class_"][people["channel"] >= 0], minlength=len(born))
        for c, name in enumerate(self.names.classes):
            if left[c] >= _ENOUGH:
                flow[c] *= left[c] / born[c] / self.sets_out[name]
                self.sets_out[name] = float(left[c] / born[c])
        expected = self.by_route(flow)
        for route, (_, wanted) in self.targets.items():
            cost = self.constant[route]
            print(f"  {route}: wanted {wanted:,.0f}, counted {counted[route]:,.0f}, constant {cost:,.0f}")
            # A count of few agents says little: as much again is believed of what was expected.
            prior = _FEW * self.scenario.persons_per_agent * 365.25 / _DAYS / seeds
            self.correction[route] *= (counted[route] + prior) / (expected[route] + prior)

    def sizes(self) -> list[dict[str, str]]:
        """Rows of sizes.csv."""
        fitted = "journeys scaled to published counts of their routes; share that sets out measured in runs"
        note = {"Europe": fitted} | dict.fromkeys(SINGLE, fitted)
        return [
            {"class": c, "journeys": f"{n:.0f}", "sets_out": f"{self.sets_out[c]:.4f}",
             "source": note.get(self.group[c], "journeys of corridors.csv; share that sets out measured in runs")
                       + " (python -m tools.world.fit)", "basis": "derived"} for c, n in self.journeys.items()
        ]  # fmt: skip

    def constants(self) -> list[dict[str, str]]:
        """Rows of constants.csv: one a class and route."""
        source = "fitted to published detections and crossings by python -m tools.world.fit; not validated"
        return [
            {"class": c, "route": route, "constant": f"{value:.0f}", "source": source, "basis": "derived"}
            for route, value in self.constant.items() for c in self.classes_of(route)
        ]  # fmt: skip

    def save(self, folder: Path) -> None:
        """Write both tables."""
        for name, rows in (("sizes", self.sizes()), ("constants", self.constants())):
            lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
            whole(folder / f"{name}.csv", "\n".join(lines) + "\n")


def main(arguments: list[str] | None = None) -> int:
    """The command; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.world.fit", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--sources", type=Path, default=SOURCES)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="waterbed-fit-") as folder:
        fit = Fit(read(given.sources, verify=False), Path(folder))
        for number in range(given.rounds):
            fit.solve()
            print(f"Round {number + 1}", flush=True)
            fit.correct(given.seeds)
        fit.solve()
        fit.save(given.sources)
    return 0


if __name__ == "__main__":
    sys.exit(main())
