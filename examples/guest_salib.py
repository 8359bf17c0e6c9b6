"""SALib's ProblemSpec drives the model: bounds come from the parameters' own declarations."""

from __future__ import annotations

from typing import Any

import numpy as np
from SALib import ProblemSpec

import waterbed as wb
from waterbed.scenario import addresses

FACTORS = ["choice.scale", "learning.rate", "operations.surge.cooperation"]
QUICK = {"flow": 0.1, "days": 320, "burn_in": 40, "operations.surge.start": 100, "compare.fate_days": 100,
         "compare.lead_days": 60}  # fmt: skip
BASE = wb.Scenario.load("classroom").replace(QUICK)


def arrivals_lost(points: np.ndarray) -> np.ndarray:
    """Share of arrivals lost to the operation at each point, shape (points,): all under one seed."""
    found = []
    for point in points:
        x, y = wb.simulate_pair(*_worlds(dict(zip(FACTORS, map(float, point), strict=True))), seed=1)
        with_it, without = (run.people["arrived"].sum() for run in (x, y))
        found.append(1.0 - with_it / without)
    return np.array(found)


def _worlds(values: dict[str, Any]) -> tuple[wb.Scenario, wb.Scenario]:
    scenario = BASE.replace(values)
    return scenario, scenario.untreated()


def screen(trajectories: int) -> Any:
    """Morris' μ* and σ of the three factors."""
    known = addresses(BASE)
    bounds = [list(known[name][1].plausible) for name in FACTORS]
    problem = ProblemSpec({"names": FACTORS, "bounds": bounds, "outputs": ["arrivals lost"]})
    problem.sample_morris(trajectories, seed=1).evaluate(arrivals_lost).analyze_morris(seed=1)
    return problem.analysis


if __name__ == "__main__":
    print(screen(4).to_df())
