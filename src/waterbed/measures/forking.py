"""One twin for many worlds: the days before a measure, and the world without it, are simulated once.

All points of a study that differ in operations and policies alone have the same twin under the same seed, and
are bit for bit that twin until their first measure begins. So the twin is run once, with copies kept of some
of its days, and each point goes on from the last copy before its start.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from ..engine.run import Run, Simulation, blueprint
from .reading import Reading
from .window import Window, find_window

if TYPE_CHECKING:
    from ..scenario.scenario import Scenario

type Look = Callable[[], None] | None

COPIES = 4
"""Copies of a twin kept at most, one a first day of a measure: points between two days use the earlier one."""
_PAUSE = 0.05
"""Seconds between two looks at the clock, where a day does not take longer."""

_OF_MEASURES = (
    "operations", "policies", "posts", "taking", "policy_place", "policy_leg", "target_leg", "target_hub", "publicity",
    "counts_operation",
)  # fmt: skip
"""Arrays of a world that speak of its measures alone."""
_BY_FORCE = ("leg_officers", "place_officers", "online_officers", "watch", "searched")
"""Arrays with a row for standing units, and one more an operation."""


def first_day(scenario: Scenario) -> int:
    """Day, burn-in included, on which a scenario's first measure begins; the last where it has none."""
    starts = [operation.start for operation in scenario.operations.values()]
    starts += [policy.start for policy in scenario.policies.values()]
    return scenario.burn_in + min([*starts, scenario.days])


def advance(simulation: Simulation, to: int, look: Look = None) -> None:
    """Run to the start of a day; ``look`` is called after every day, or every 50 ms where days are quicker."""
    if look is None:
        simulation.advance(to)
        return
    block = 1
    while simulation.day < to:
        began = time.perf_counter()
        simulation.advance(min(to, simulation.day + block))
        took = time.perf_counter() - began
        block = max(1, min(2 * block, int(block * _PAUSE / max(took, 1e-6))))
        look()


class Twin:
    """The world without measures under a seed, run to its end, from which worlds with them branch off."""

    def __init__(self, scenario: Scenario, seed: int, days: Sequence[int], look: Look = None) -> None:
        base = Simulation(scenario, seed)
        wanted = sorted({min(day, base.last) for day in days})
        if len(wanted) > COPIES:
            wanted = [wanted[i * len(wanted) // COPIES] for i in range(COPIES)]
        self._copies: list[Simulation] = []
        for day in wanted:
            advance(base, day, look)
            self._copies.append(base.copy(scenario))
        advance(base, base.last, look)
        self.run: Run = base.finish()
        self._readings: dict[Window, Reading] = {}

    def reading(self, scenario: Scenario) -> Reading:
        """What a comparison with a scenario reads of this world, kept for the last windows that were asked for."""
        window = find_window(scenario, self.run.scenario)
        if window not in self._readings:
            while len(self._readings) >= COPIES:
                del self._readings[next(iter(self._readings))]
            self._readings[window] = Reading(self.run, window)
        return self._readings[window]

    def with_measures(self, scenario: Scenario, look: Look = None) -> Run:
        """The run of a scenario whose untreated twin this is."""
        day = first_day(scenario)
        before = [copy for copy in self._copies if copy.day <= day]
        world = branch(before[-1], scenario) if before else Simulation(scenario, self.run.seed)
        advance(world, world.last, look)
        return world.finish()


def branch(base: Simulation, scenario: Scenario) -> Simulation:
    """A copy of an untreated world before any measure, to go on with a scenario's measures."""
    world = base.copy(scenario)
    old, new = world.world, _measures(scenario)
    changed: dict[str, Any] = {name: new[name].copy() for name in _OF_MEASURES}
    for name in _BY_FORCE:
        standing = getattr(old, name)
        changed[name] = np.zeros((len(scenario.operations) + 1, *standing.shape[1:]), standing.dtype)
        changed[name][0] = standing[0]
    changed["units"] = new["units"].copy()
    changed["units"][: len(old.units)] = old.units
    world.world = old._replace(**changed)
    return world


@lru_cache(maxsize=2048)
def _measures(scenario: Scenario) -> dict[str, np.ndarray]:
    """What a scenario's blueprint has beyond its twin's: small, and so kept for more points than the whole is."""
    arrays, twin = blueprint(scenario)[0].arrays, blueprint(scenario.untreated())[0].arrays
    ours = (*_OF_MEASURES, *_BY_FORCE, "units")
    # Compiled code would read beyond the end of an array that measures lengthen and that is not named here.
    for name in arrays.keys() - set(ours):
        if arrays[name].shape != twin[name].shape:
            raise NotImplementedError(f"{name} depends on a scenario's measures: name it in {__name__}")
    return {name: arrays[name].copy() for name in (*_OF_MEASURES, "units")}


def pair(scenario: Scenario, seed: int, look: Look = None) -> tuple[Run, Run]:
    """Both worlds of one point alone: the days before its first measure are simulated once."""
    treated = Simulation(scenario, seed)
    advance(treated, min(first_day(scenario), treated.last), look)
    untreated = treated.without_measures()
    for world in (treated, untreated):
        advance(world, world.last, look)
    return treated.finish(), untreated.finish()
