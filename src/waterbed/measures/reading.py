"""One world of a pair, read for the days that are compared: what holds of it whatever the other world is.

Points of a study share their twin. What is read of it is kept with it, and read once for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..engine.world import CROSSINGS, DEPARTURES, DETECTIONS, T
from . import evaluation
from .course import by_step
from .structure import connection

if TYPE_CHECKING:
    from ..engine.run import Run
    from .window import Window

_TOTALS = ("arrivals", "departures", "deaths", "exploited", "recruits", "recruits_online")


@dataclass(frozen=True, eq=False)
class Reading:
    """A run, and the window for which it is read. Flows are in people."""

    run: Run
    window: Window

    @property
    def scale(self) -> float:
        """People an agent stands for."""
        return float(self.run.scenario.persons_per_agent)

    @cached_property
    def crossings(self) -> np.ndarray:
        """[day, leg] agents who completed a leg."""
        return np.ascontiguousarray(self.run.legs[: self.window.days, :, CROSSINGS])

    @cached_property
    def sparse(self) -> tuple[np.ndarray, np.ndarray]:
        """Places in the flat [day, leg] table where a counted leg was completed, and by how many; int and float32."""
        at = np.flatnonzero(self.crossings * self.run.world.network.counted)
        people = self.crossings.ravel()[at] * self.scale
        return at.astype(np.int32 if self.crossings.size < 2**31 else np.int64), people.astype(np.float32)

    @cached_property
    def spans(self) -> np.ndarray:
        """[span, leg] crossings in the spans of the window."""
        return np.stack([self.crossings[a:b].sum(axis=0) for a, b in self.window.spans.values()]) * self.scale

    @cached_property
    def steps(self) -> np.ndarray:
        """[step, leg] crossings, see :func:`.course.by_step`; float32."""
        steps: np.ndarray = (by_step(self.crossings, self.window) * self.scale).astype(np.float32)
        return steps

    @cached_property
    def detections(self) -> np.ndarray:
        """[period, leg] detections, see :data:`.evaluation.PERIODS`."""
        return evaluation.by_period(self.run.legs[..., DETECTIONS], self.window) * self.scale

    @cached_property
    def used(self) -> np.ndarray:
        """[leg] whether somebody set out on it, during and after."""
        used: np.ndarray = self.run.legs[self.window.first : self.window.after, :, DEPARTURES].any(axis=0)
        return used

    @cached_property
    def connection(self) -> tuple[float, float, float]:
        """Efficiency, largest component and number of the legs in use."""
        network = self.run.world.network
        tail, head = (end[self.used] for end in network.ends)
        return (*connection(tail, head, len(network.places)), float(self.used.sum()))

    @cached_property
    def series(self) -> dict[str, np.ndarray]:
        """Flows and stocks by day, by name; float32."""
        network, days = self.run.world.network, self.window.days
        label = np.where(network.counted, network.routes, "")
        of_routes = {f"route:{r}": self.crossings[:, label == r].sum(axis=1) for r in self.run.route_names[:-1]}
        totals = {name: self.run.totals[:days, T[name]] for name in _TOTALS}
        series = {name: counts * self.scale for name, counts in (of_routes | totals).items()}
        series["open_hubs"] = self.run.totals[:days, T["open_hubs"]]
        return {name: values.astype(np.float32) for name, values in series.items()}


def daily(sparse: tuple[np.ndarray, np.ndarray], rows: np.ndarray, legs: int, days: int) -> np.ndarray:
    """[day] people who completed one of some legs, from what :attr:`Reading.sparse` holds; float32."""
    at, people = sparse
    some = np.zeros(legs, bool)
    some[rows] = True
    inside = some[at % legs]
    return np.bincount(at[inside] // legs, people[inside], days).astype(np.float32)
