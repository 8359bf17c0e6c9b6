"""Are the expected flows by which `southwest` is fitted those of its simulation?

    python experiments/southwest_check.py [--seeds 6] [--out results/validation/southwest]

For every fiscal year 1993-2000 the distance of sector shares (total variation) between simulated detections and the
expected ones, with routes that learn to serve more as fitted, and without; by people an agent. Leaves simulated.csv.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from waterbed.engine.run import simulate
from waterbed.engine.world import DETECTIONS
from waterbed.network import load_world
from waterbed.scenario import Scenario
from waterbed.validate.expected import Shared, shares_of
from waterbed.validate.record import KM, SECTORS, read
from waterbed.validate.southwest import BUILD_UP, border, dose

SETTINGS = ((1000, True), (1000, False), (250, True))


def simulated(people: int, grow: bool, seed: int) -> np.ndarray:
    """Detections by fiscal year and sector, in people."""
    changes = {"persons_per_agent": people, "world.weather_sd": 0.0}
    run = simulate(Scenario.load("southwest").replace(changes if grow else changes | {"hubs.route_growth": 0.0}), seed)
    route = run.world.network.legs["route"].to_numpy()
    daily = np.stack([run.legs[:, route == s.title(), DETECTIONS].sum(axis=1) for s in SECTORS], axis=1)
    first, last = BUILD_UP
    begin = date(first - 1, 10, 1)
    ends = [(date(year, 10, 1) - begin).days for year in range(first - 1, last + 1)]
    return np.array([daily[a:b].sum(axis=0) for a, b in zip(ends, ends[1:], strict=False)]) * people


def expected(grow: bool) -> np.ndarray:
    """The same, expected under the shipped parameters."""
    s, world = Scenario.load("southwest"), load_world("southwest")
    width = world.network.legs.set_index("route").loc["Tucson", "search_width"] / KM[SECTORS.index("tucson")]
    growth = s.hubs.route_growth if grow else 0.0
    shared = Shared(width, s.choice.loss_stopped, s.learning.half_experience, growth, s.migration.retry)
    constants = world.constants.groupby("route")["constant"].first()
    model = border()
    model.set_constants(np.array([constants[sector.title()] for sector in SECTORS]))
    years, agents = dose(read().until(BUILD_UP[1]))
    return model.detections(shared, agents[years >= BUILD_UP[0]])


def main() -> None:
    """Run, compare, write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("--out", type=Path, default=Path("results/validation/southwest"))
    args = parser.parse_args()
    rows = []
    for people, grow in SETTINGS:
        told = expected(grow)
        for seed in range(1, 1 + (args.seeds if people >= 1000 else 1)):
            found = simulated(people, grow, seed)
            apart = np.abs(shares_of(found) - shares_of(told)).sum(axis=1) / 2
            rows += [(people, grow, seed, BUILD_UP[0] + i, apart[i], found[i].sum() / told[i].sum())
                     for i in range(len(apart))]  # fmt: skip
            print(people, "growing" if grow else "not growing", seed, apart.round(3), flush=True)
    columns = ["persons_per_agent", "routes_grow", "seed", "fiscal_year", "share_distance", "total_over_expected"]
    args.out.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(rows, columns=columns).to_csv(args.out / "simulated.csv", index=False, float_format="%.4g")


if __name__ == "__main__":
    main()
