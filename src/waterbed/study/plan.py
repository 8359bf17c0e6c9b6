"""From points and replicates to what has to be run, in an order in which twins are shared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ..measures.compare import replicate_seeds
from ..measures.forking import first_day
from .designs import Points
from .functions import version_of_callable
from .keys import Keys, version_of
from .worker import Spec

if TYPE_CHECKING:
    from ..scenario.scenario import Scenario

_LOOKED_AT = 64
"""Points of a group whose first day is looked up, to choose which days its twin is copied at."""


@dataclass(frozen=True)
class Group:
    """Points that share their twin, and the days at which copies of it are kept; no days for a point alone."""

    points: np.ndarray
    days: tuple[int, ...]


@dataclass
class Plan:
    """Every run of a study by point and replicate, with its key."""

    base: Scenario | None
    points: Points
    replicates: int
    seed: int
    spec: Spec
    version: str
    seeds: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.seeds = replicate_seeds(self.seed, self.replicates)
        self._keys = Keys(self.base, self.points.axes, self.version)
        self._of_point: list[bytes | None] = [None] * len(self.points)

    def __len__(self) -> int:
        return len(self.points) * self.replicates

    def key(self, point: int, replicate: int) -> str:
        """The key of a run."""
        known = self._of_point[point]
        if known is None:
            known = self._of_point[point] = self._keys.point(self.points.values(point))
        return Keys.run(known, self.seeds[replicate])

    def keys(self) -> Iterator[str]:
        """Keys of all runs, by point, then replicate."""
        for point in range(len(self.points)):
            for replicate in range(self.replicates):
                yield self.key(point, replicate)

    def groups(self) -> Iterator[Group]:
        """Points by their twin, each group whole."""
        axes = self.points.axes
        worlds = [i for i, axis in enumerate(axes) if not axis.of_measures]
        if self.base is None or len(worlds) == len(axes):
            for point in range(len(self.points)):
                yield Group(np.array([point]), ())
            return
        _, first, group = np.unique(self.points.unit[:, worlds], axis=0, return_index=True, return_inverse=True)
        order = np.argsort(group.ravel(), kind="stable")
        parts = np.split(order, np.cumsum(np.bincount(group.ravel()))[:-1])
        for at in np.argsort(first):
            members = parts[at]
            yield Group(members, self._days(members) if len(members) > 1 else ())

    def _days(self, members: np.ndarray) -> tuple[int, ...]:
        some = members[:: max(1, len(members) // _LOOKED_AT)]
        moving = any(a.address.rpartition(".")[2] == "start" or a.levels for a in self.points.axes if a.of_measures)
        return tuple(sorted({first_day(self.scenario(int(p))) for p in (some if moving else some[:1])}))

    def scenario(self, point: int) -> Scenario:
        """The scenario at a point."""
        assert self.base is not None
        values: Any = self.points.values(point)
        return self.base.replace(dict(zip(self.spec.addresses, values, strict=True)))


def plan_of(
    base: Scenario | None, points: Points, replicates: int, seed: int, deadline: float, model: Any = None
) -> Plan:
    """The plan of a study on a scenario, or on a function in its place."""
    if base is None:
        version = version_of_callable(model)
        spec = Spec("", tuple(a.address for a in points.axes), deadline, model)
    else:
        version = version_of(base.plugins)
        spec = Spec(base.model_dump_json(), tuple(a.address for a in points.axes), deadline)
    return Plan(base, points, replicates, seed, spec, version)
