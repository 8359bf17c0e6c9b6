"""What a stylised fact is: a finding, the worlds that are compared for it, and where its quantities have to lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from eight_patterns import START, Operation, Quantity, Terms
from scratch import scratch

from waterbed.engine.run import Run, simulate
from waterbed.network import generators
from waterbed.network.csv_pair import write_world
from waterbed.scenario.addresses import addresses
from waterbed.scenario.scenario import Scenario

YEAR = 360
"""Days of a year under measure: twelve windows of thirty."""
ROUTES = ["West", "Central", "East"]
CENTRAL = ["Midport > Harbour", "Newport > Harbour"]
"""Border legs of the route in the middle."""


@dataclass(frozen=True, eq=False)
class Lab:
    """A place in parameter space, and the worlds there; without changes the shipped defaults."""

    changes: Mapping[str, Any] = field(default_factory=dict)
    """Values by address; what a world of a fact sets itself comes after them."""
    of_operations: Mapping[str, Any] = field(default_factory=dict)
    """Likewise, of every operation that does not set them itself."""

    def scenario(self, *operations: Operation, base: str = "classroom", **more: Any) -> Scenario:
        """A bundled scenario under these operations instead of its own, from day START on; none: the twin."""
        named = {f"operation{i}": {"start": START} | dict(self.of_operations) | op for i, op in enumerate(operations)}
        bundled = Scenario.load(base)
        changed: dict[str, Any] = {f"operations.{name}": False for name in bundled.operations}
        changed |= {"days": START + 2 * YEAR} | dict(self.changes) | {"operations": named} | more
        return bundled.replace(changed)

    def run(self, seed: int, *operations: Operation, base: str = "classroom", **more: Any) -> Run:
        """A run of such a scenario."""
        return simulate(self.scenario(*operations, base=base, **more), seed)

    def value(self, address: str) -> Any:
        """What a parameter of classroom is here."""
        return self.changes.get(address, addresses(Scenario.load("classroom"))[address][0])


@dataclass(frozen=True)
class Fact:
    """A finding of the literature as a test that was declared before the runs that decide it."""

    number: int
    title: str
    source: str
    band: str
    """What the source found, and what is demanded here."""
    worlds: str
    """The worlds that are compared; they differ in one thing."""
    measure: Callable[[Lab, int], Terms]
    quantities: tuple[Quantity, ...]
    pairs: int = 60
    first: int = 5000
    """First seed of what is reported."""
    space: bool = True
    """Whether it is cheap enough to be tried all over parameter space."""
    again: str = ""
    """Why it was declared anew after a first run on other seeds, and reported on fresh ones."""
    why: str = ""
    """What has to be said of the result: where it fails, why."""


def effective(counts: np.ndarray) -> float:
    """Effective number, the exponential of Shannon's entropy."""
    share = counts[counts > 0] / counts.sum()
    return float(np.exp(-(share * np.log(share)).sum()))


@cache
def made(kind: str, **how: Any) -> str:
    """Folder of a world of the generator of that name."""
    folder = scratch(kind)
    write_world(getattr(generators, kind)(**how), folder)
    return folder
