"""Facts about what is known: signals, rumours, and what an evaluator would see where nothing was done."""

from __future__ import annotations

import numpy as np
from eight_patterns import (
    START,
    Operation,
    Terms,
    against_hubs,
    change,
    legs,
    on_legs,
    pressing,
    seasonless,
    surge,
    total,
)

from waterbed.engine.run import Run
from waterbed.engine.world import CROSSINGS, DEPARTURES, DETECTIONS, RETURNED, TURNED_BACK
from waterbed.measures.evaluators import wdq_parts
from waterbed.measures.reduce import reduce
from waterbed.measures.sets import declared_sets
from waterbed.scenario.scenario import Scenario

from .fact import ROUTES, YEAR, Lab


def coordination(lab: Lab, seed: int) -> Terms:
    """21: the same officer-days at Central alone, or at Central and then at its neighbour."""
    horizon = {"days": START + 114 + YEAR}
    second = surge(200) | {"start": START + 12, "target": {"routes": ["East"]}}
    y = lab.run(seed, **horizon)
    arms = {"alone": [surge(200) | {"days": 24}], "sequenced": [surge(200), second], "first only": [surge(200)]}
    runs = {name: lab.run(seed, *operations, **horizon) for name, operations in arms.items()}
    share = {name: reduce(runs[name], y).terms["displacement_spatial", "", "share of loss"]
             for name in ("alone", "sequenced")}  # fmt: skip
    west = [on_legs(runs[name], legs(y, "West"), 0, 114, CROSSINGS) for name in ("sequenced", "first only")]
    return {
        "displaced share, alone": share["alone"], "displaced share, sequenced": share["sequenced"],
        "sequenced, less alone": (*share["sequenced"], *share["alone"]),
        "third route, what the second closing adds": change(*west),
    }  # fmt: skip


def signal_or_hubs(lab: Lab, seed: int) -> Terms:
    """22: the same officers for 12 days as a signal, public and spread over all borders, or against central hubs.

    A hundred officers can take on one hub, ten thousand ten.
    """
    world = {"network": seasonless()}
    y = lab.run(seed, **world)

    def lost(operation: Operation) -> tuple[float, float]:
        return change(*(total(r, "arrivals", 0, 360) for r in (lab.run(seed, operation, **world), y)))

    terms: Terms = {}
    for name, officers, hubs in (("small", 100, 1), ("large", 10_000, 10)):
        signal = lost({"officers": officers, "days": 12, "strategy": "random", "target": {"routes": ROUTES}})
        raids = lost(against_hubs(officers, 12, target={"hub_rank": "betweenness", "hub_count": hubs}))
        terms |= {f"{name} budget: signal": signal, f"{name} budget: hubs": raids,
                  f"{name} budget: signal, less hubs": (*signal, *raids)}  # fmt: skip
    return terms


def rumours(lab: Lab, seed: int) -> Terms:
    """23: no rumours, or a tenth of the difference mixed a day; half a year of 100 officers at Central, not public."""
    operation = pressing(100, routes=["Central"]) | {"days": 180}
    found = {}
    for rumour in (0.0, 0.1):
        how = {"learning.rumour": rumour}
        y, x, other = lab.run(seed, **how), lab.run(seed, operation, **how), lab.run(seed + 10_000, **how)
        central, border = legs(y, "Central"), legs(y)
        share = [on_legs(r, central, 0, 360, CROSSINGS) / max(1.0, on_legs(r, border, 0, 360, CROSSINGS))
                 for r in (y, other)]  # fmt: skip
        found[rumour] = {
            "apart": (share[0] - share[1]) ** 2,
            "stopped": (on_legs(y, border, 0, 720, TURNED_BACK, RETURNED), on_legs(y, border, 0, 720, DEPARTURES)),
            "fall": change(*(on_legs(r, central, 0, 60, DEPARTURES) for r in (x, y))),
        }
    none, some = found[0.0], found[0.1]
    return {
        "variance of routes between runs": change(some["apart"], none["apart"]),
        "stopped per departure": (*some["stopped"], *none["stopped"]),
        "fall in the first 60 days": (*some["fall"], *none["fall"]),
    }


PLACEBOS = 300
"""Placebo operations in a run; half of them below the median size of the treated count."""
WINDOW = 102
"""Days counted: twelve of an operation and ninety after."""


def placebo(lab: Lab, seed: int) -> Terms:
    """28: operations of no officers at border legs and days drawn by lot in the world of real places."""
    zero = {"officers": 0, "days": 12}
    run = lab.run(seed, zero, base="liberterra")
    # The first row is of nobody: sums of a span are differences of two rows.
    detections = np.cumsum(np.pad(run.legs[..., DETECTIONS], ((1, 0), (0, 0))), axis=0, dtype=np.int64)
    lot = np.random.default_rng([seed, 28])
    border = legs(run)
    busy = border[detections[-1, border] >= 20]
    found = []
    while len(found) < PLACEBOS:
        sets = declared_sets(_at(run, int(lot.choice(busy))), run.scenario, run.world)
        day = int(lot.integers(365, run.scenario.days - WINDOW))
        if sets is None or not len(sets.buffer) or not len(sets.control):
            continue
        spans = [(day - 365, day - 365 + WINDOW), (day, day + WINDOW)]
        counts = [[float((detections[b, rows] - detections[a, rows]).sum()) for a, b in spans]
                  for rows in (sets.treated, sets.buffer, sets.control)]  # fmt: skip
        top, bottom = wdq_parts(*counts)
        if np.isfinite(top) and np.isfinite(bottom) and bottom != 0.0:
            found.append((top / bottom, counts[0][0]))
    quotient, size = np.array(found).T
    small = size < np.median(size)
    wide = np.abs(quotient) > 1.0
    return {
        "WDQ above 0, of all": (float((quotient > 0).sum()), float(len(quotient))),
        "beyond 1 either way, of all": (float(wide.sum()), float(len(wide))),
        "beyond 1, small counts less large": (float((wide & small).sum()), float(small.sum()),
                                              float((wide & ~small).sum()), float((~small).sum())),
    }  # fmt: skip


def _at(run: Run, leg: int) -> Scenario:
    """The run's scenario with this leg as what is treated."""
    return run.scenario.replace({"compare.treated": [run.world.network.leg_names[leg]]})
