"""Daily numbers for the timelines, from the counts that the engine keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..engine.world import CROSSINGS, T
from ..measures.sets import declared_sets

if TYPE_CHECKING:
    from ..engine.run import Simulation
    from ..scenario.scenario import Scenario

CHARTS = {
    "treated": ("Crossings, targeted", "people a day"),
    "others": ("Crossings, elsewhere", "people a day"),
    "crossings": ("Crossings", "people a day"),
    "arrivals": ("Arrivals", "people a day"),
    "deaths": ("Deaths", "people a day"),
    "exploited": ("Held in exploitation", "people"),
    "recruits_online": ("Recruited online", "people a day"),
    "open_hubs": ("Hubs open", "hubs"),
}
"""Names of series, with title and unit; one more for each route follows them. What can have no data is left out."""
_OF_PEOPLE = ("arrivals", "deaths", "exploited", "recruits_online")


class Series:
    """Which legs make up which series, for one scenario."""

    def __init__(self, scenario: Scenario, simulation: Simulation) -> None:
        plan, legs = simulation.plan, simulation.world.legs
        counted = legs["counted"] == 1
        # A comparison speaks of legs by their row in legs.csv, the engine in the order of their tails.
        sets = declared_sets(scenario, scenario.untreated(), simulation.tables)
        treated = np.isin(plan.leg_rows, sets.treated) if sets is not None else np.zeros(len(legs), bool)
        self.treated = treated
        self._scale = scenario.persons_per_agent
        self._burn_in = scenario.burn_in
        names = plan.names.routes
        # Legs are told apart only where some are treated and others are not.
        parts = {"treated": treated, "others": counted & ~treated}
        self._legs = parts if all(part.any() for part in parts.values()) else {"crossings": counted}
        self._legs |= {f"route:{r}": counted & (legs["route"] == names.index(r)) for r in plan.counted_routes}
        possible = {*self._legs, *_OF_PEOPLE, "open_hubs"} - (set() if legs["death"].any() else {"deaths"})
        self.names = [name for name in dict.fromkeys((*CHARTS, *self._legs)) if name in possible]

    def about(self) -> list[dict[str, str]]:
        """Name, title and unit of each series."""
        said = {name: CHARTS.get(name, (f"Crossings: {name.removeprefix('route:')}", "people a day"))
                for name in self.names}  # fmt: skip
        return [{"name": name, "title": title, "unit": unit} for name, (title, unit) in said.items()]

    def values(self, simulation: Simulation, first: int, last: int) -> np.ndarray:
        """[series, day] float32 over days after the burn-in, ``first`` to ``last - 1``."""
        world = simulation.world
        days = slice(first, last)
        crossings = world.counts_leg[days, :, CROSSINGS]
        rows = []
        for name in self.names:
            if name in self._legs:
                rows.append(crossings[:, self._legs[name]].sum(axis=1) * self._scale)
            else:
                scale = self._scale if name in _OF_PEOPLE else 1
                rows.append(world.counts_total[days, T[name]] * scale)
        return np.stack(rows).astype(np.float32)
