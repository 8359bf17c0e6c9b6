"""The common workload, "migrants on a route network", as a world of the model and as plain tables for its peers.

150 places, about 600 directed legs of 1 to 10 days, ten of the places destinations. One who waits leaves each day
with probability 0.3 by a leg of the place; at a leg's end one dies (0.005), is set back to its tail (0.05) or is
there; who has arrived or died starts again at a random origin. Peers take the probabilities of legs that the engine's
recursive logit gives, so all do the same work, and crossings by leg can be compared.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np

from waterbed.engine.run import Simulation
from waterbed.network.assembly import assemble, leg
from waterbed.network.csv_pair import write_world
from waterbed.scenario.scenario import Scenario

PLACES, PAIRS, DESTINATIONS = 150, 300, 10
LEAVE, DEATH, DETECTION = 0.3, 0.005, 0.05
WARM_UP = 240
"""Days until as many end their journey as begin one."""


@dataclass(frozen=True)
class Tables:
    """The workload for peers: legs sorted by tail, and the cumulative probability of each at its tail."""

    head: np.ndarray
    days: np.ndarray
    first: np.ndarray
    """[place + 1] first leg of each place."""
    cumulative: np.ndarray
    origins: np.ndarray
    is_destination: np.ndarray


@cache
def _folder(people_per_year: float) -> str:
    rng = np.random.default_rng(7)
    at = rng.uniform(0, 20, (PLACES, 2))
    at = at[np.argsort(at[:, 0])]
    names = [f"P{i:03d}" for i in range(PLACES)]
    places = [
        {"name": n, "country": "AAA", "region": "All", "lat": round(float(a), 4), "lon": round(float(b), 4),
         "push": 0.5, "exploitation_demand": 0.0}
        for n, (a, b) in zip(names, at, strict=True)
    ]  # fmt: skip
    pairs = {(i, i + 1) for i in range(PLACES - 1)}
    while len(pairs) < PAIRS:
        i = int(rng.integers(PLACES))
        near = np.argsort(np.hypot(*(at - at[i]).T))[1:9]
        j = int(rng.choice(near))
        pairs.add((min(i, j), max(i, j)))
    legs = []
    for i, j in sorted(pairs):
        days = int(rng.integers(1, 11))
        for a, b in ((i, j), (j, i)):
            row = leg(names[a], names[b], 100.0, "road", "")
            legs.append(row | {"days": float(days), "fee": 20.0 * days, "death": DEATH, "detection": DETECTION,
                               "turned_back": 1.0, "returned": 0.0, "counted": False})  # fmt: skip
    origins = [("All", n, 1.0) for n in names[:-DESTINATIONS]]
    goals = [("All", n) for n in names[-DESTINATIONS:]]
    world = assemble("routes", (places, legs), {"All": people_per_year}, origins, goals, officers=0)
    folder = mkdtemp(prefix="waterbed-routes-")
    write_world(world, folder)
    for table in ("hubs", "police"):
        path = Path(folder) / f"{table}.csv"
        path.write_text(path.read_text().splitlines()[0] + "\n")
    return folder


def scenario(people_per_year: float, days: int = 365) -> Scenario:
    """The workload as a scenario: everything that it does not use is switched off."""
    return Scenario(name="routes", network="corridor", days=days, burn_in=WARM_UP).replace({
        "network": _folder(people_per_year),
        "world": {"feedback": False, "weather_sd": 0.0},
        "choice": {"own_way_weight": 0.9, "own_way_factor": 1.0, "planning_days": 60},
        "migration": {
            "intercept": 10.0, "push_slope": 0.0, "value_slope": 0.0, "unpaid_slope": 0.0, "online_trust": 0.0,
            "wait_days": -1.0 / math.log(1.0 - LEAVE), "retry": 1.0, "pause_days": 0.0, "lapse_days": 3650.0,
        },
        "recruiting": {
            "per_daily_birth": 0.02, "reach_in_person": 100.0, "stock_days": 1.0, "online_share": 0.0,
            "deceptive_share": 0.0,
        },
    })  # fmt: skip


@cache
def tables() -> Tables:
    """The same network and probabilities of legs, for peers."""
    world = Simulation(scenario(100.0), 0).world
    legs = world.legs
    weight = world.leg_weight[:, 0] * world.value[legs["head"], 0]
    count = np.bincount(legs["tail"], minlength=PLACES)
    first = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    cumulative = np.empty(len(legs))
    for p in range(PLACES):
        part = weight[first[p] : first[p + 1]]
        cumulative[first[p] : first[p + 1]] = np.cumsum(part) / part.sum() if part.sum() > 0 else 1.0
    goal = world.destination[:, 0] > 0
    return Tables(
        legs["head"].astype(np.int64), legs["days"].astype(np.int64), first, cumulative, np.flatnonzero(~goal), goal
    )
