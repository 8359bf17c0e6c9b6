"""What is kept of each world of the Liberterra story: sums in agents, and the same people in two worlds.

A file of its own, since an edit here means that the runs have to be done again (see :mod:`story_runs`).
"""

from __future__ import annotations

import numpy as np
from story_runs import LEAD, OPERATION, YEAR, Arrays, Lived

from waterbed.engine.run import Run
from waterbed.engine.world import ARREST, CROSSINGS, DEPARTURES, OPERATION_COUNTS
from waterbed.measures.displacement import moves
from waterbed.scenario.scenario import Scenario

KINDS = ("deceived", "in debt", "neither")
SUFFERED = ("ever exploited", "exploited days", "crossed", "people")
AFTER = 90


def operation_days(scenario: Scenario) -> tuple[int, int]:
    """First day of the operation, and the day after its last."""
    operation = scenario.operations[OPERATION]
    return operation.start, operation.start + operation.days


def spans(first: int, last: int) -> dict[str, tuple[int, int]]:
    """Half-open ranges of days from the operation's first day on, by name."""
    return {
        "during and 90 days after": (first, last + AFTER), "first year": (first, first + YEAR),
        "three years": (first, first + 3 * YEAR),
    }  # fmt: skip


def regions(run: Run) -> list[str]:
    """Regions of the places, in alphabetical order."""
    return sorted(set(run.world.network.places["region"]))


def routes(run: Run) -> list[str]:
    """Labels of the counted legs, in alphabetical order."""
    legs = run.world.network.legs
    return sorted({r for r in legs["route"][legs["counted"]] if r})


def _born(x: Lived, first: int, last: int) -> np.ndarray:
    """People born on these days whose fate was read; the same rows in all worlds of a seed."""
    people = x.run.people
    return np.flatnonzero((people["birth"] >= first) & (people["birth"] < last) & (people["fate"] >= 0))


def _by_region(run: Run) -> np.ndarray:
    """Departures [region, day] on legs that start there."""
    network = run.world.network
    region = network.legs["tail"].map(network.places.set_index("name")["region"]).to_numpy()
    return np.stack([run.legs[:, region == r, DEPARTURES].sum(axis=1) for r in regions(run)]).astype(np.float32)


def _arrests_by_region(run: Run, first: int, last: int) -> np.ndarray:
    """Arrests [region], by the place of the recruiter."""
    of_place = run.world.network.places["region"].to_numpy()
    events = run.events
    there = (events["kind"] == ARREST) & (events["day"] >= first) & (events["day"] < last)
    return np.array([(of_place[events["place"][there]] == r).sum() for r in regions(run)], float)


def _route_of(run: Run, rows: np.ndarray) -> np.ndarray:
    """Index of the route by which each person first crossed, and one more for nobody's and for no crossing."""
    named = routes(run)
    label = run.world.network.legs["route"].to_numpy()
    index = np.array([named.index(r) if r in named else len(named) for r in label] + [len(named)])
    found: np.ndarray = index[run.people["crossing_leg"][rows]]  # -1, no crossing, is the last
    return found


def _suffered(x: Lived, rows: np.ndarray) -> np.ndarray:
    """Sums [KINDS, SUFFERED] over people, by how they were made vulnerable."""
    people, deceived = x.run.people[rows], x.deceived[rows]
    debt = people["vulnerable"] & ~deceived
    masks = (deceived, debt, ~deceived & ~debt)
    return np.array([
        [people["ever_exploited"][m].sum(), people["exploited_days"][m].sum(),
         (people["crossing_leg"][m] >= 0).sum(), m.sum()]
        for m in masks
    ], float)  # fmt: skip


def what_it_did(x: Lived, y: Lived) -> Arrays:
    """Of a world with the operation, beside the same without: by region, route, channel and kind of victim."""
    first, last = operation_days(Scenario.load("liberterra"))
    run = x.run
    windows = spans(first, last).values()
    named = routes(run)
    rows = _born(y, first - LEAD, first + YEAR)
    n = len(named) + 1
    both = np.bincount(_route_of(y.run, rows) * n + _route_of(run, rows), minlength=n * n).reshape(n, n)
    counted = run.legs[..., CROSSINGS]
    label = run.world.network.legs["route"].to_numpy()
    by_route = np.stack([counted[:, label == r].sum(axis=1) for r in named], axis=1)
    return {
        "totals": np.stack([run.totals[a:b].sum(axis=0) for a, b in windows]).astype(float),
        "channels": np.stack([run.channels[a:b].sum(axis=0) for a, b in windows]).astype(float),
        "routes": np.stack([by_route[a:b].sum(axis=0) for a, b in windows]).astype(float),
        "departures": _by_region(run),
        "crossings": by_route.sum(axis=1).astype(np.float32),
        "arrests": _arrests_by_region(run, first, last),
        "between": both.astype(float),
        "suffered": _suffered(x, rows),
        "moves": moves(run.people[rows], y.run.people[rows], len(label)),
        "operations": np.array(
            [sum(row[c] for row in run.operations.values()) for c in OPERATION_COUNTS], float
        ),
    }  # fmt: skip


def what_next(x: Lived, y: Lived) -> Arrays:
    """Of a world with more than the operation, beside that with the operation alone; one and three years on."""
    scenario = Scenario.load("liberterra")
    last = operation_days(scenario)[1]
    run = x.run
    kept: dict[str, list[np.ndarray]] = {"totals": [], "channels": [], "legs": [], "crossed": []}
    out: Arrays = {}
    for years in (1, 3):
        days = slice(last, last + YEAR * years)
        # Their fate is read a year after birth, so the last of them are born a year before the end.
        readable = run.scenario.days - run.scenario.compare.fate_days
        rows = _born(y, last - LEAD, min(last + YEAR * years - LEAD, readable))
        kept["totals"].append(run.totals[days].sum(axis=0))
        kept["channels"].append(run.channels[days].sum(axis=0))
        kept["legs"].append(run.legs[days, :, CROSSINGS].sum(axis=0))
        kept["crossed"].append((run.people["crossing_leg"][rows] >= 0).sum())
        out[f"moves{years}"] = moves(run.people[rows], y.run.people[rows], run.legs.shape[1])
    return out | {name: np.stack(arrays).astype(float) for name, arrays in kept.items()}
