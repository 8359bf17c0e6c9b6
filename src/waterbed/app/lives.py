"""What has become of the same people by today, in both worlds: the fates so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..agents import states as s
from ..engine.run import OTHER_WAYS
from ..measures.fates import fate_names

if TYPE_CHECKING:
    from ..engine.run import Simulation


def fates_now(status: np.ndarray, crossing_leg: np.ndarray, attempts: np.ndarray) -> np.ndarray:
    """The fate of each person as of today: :func:`waterbed.agents.migrant.fate`, for arrays."""
    back = np.isin(status, (s.HOME, s.PAUSED))
    prospect = np.isin(status, (s.PROSPECT, s.LAPSED, s.THINNED))
    conditions = [
        status == s.DEAD, (crossing_leg >= 0) | (status == s.ARRIVED), status == s.PROTECTED, status == s.EXPLOITED,
        status == s.DETAINED, status == s.LEGAL, back | (prospect & (attempts > 0)), prospect,
    ]  # fmt: skip
    fates = [s.F_DEAD, s.F_CROSSED, s.F_PROTECTED, s.F_EXPLOITED, s.F_DETAINED, s.F_LEGAL, s.F_BACK, s.F_NEVER]
    return np.select(conditions, fates, s.F_WAY)


def fate_flows(without: Simulation, treated: Simulation, first: int) -> dict[str, Any]:
    """People by fate without and with the measure, of those who have begun to consider leaving since a day.

    ``first`` counts from the end of the burn-in. Both runs stand at the same day. Returns ``names`` and ``flows``,
    a list of [without, with, people] by index into names; pairs that nobody has are left out.
    """
    burn, scale = treated.scenario.burn_in, treated.scenario.persons_per_agent
    born = int(treated.world.state["born"][0])
    low = int(np.searchsorted(treated.world.biographies["birth"][:born], first + burn))
    names = fate_names([*treated.plan.counted_routes, OTHER_WAYS])
    x, y = (_codes(run, slice(low, born), names) for run in (without, treated))
    pairs, people = np.unique(x * len(names) + y, return_counts=True)
    flows = [[int(p) // len(names), int(p) % len(names), int(n) * scale] for p, n in zip(pairs, people, strict=True)]
    return {"names": names, "flows": flows, "people": (born - low) * scale, "day": treated.day - burn, "from": first}


def _codes(simulation: Simulation, rows: slice, names: list[str]) -> np.ndarray:
    m, plan = simulation.world.migrants, simulation.plan
    leg = simulation.world.biographies["crossing_leg"][rows]
    fate = fates_now(m["status"][rows], leg, m["attempts"][rows])
    index = {name: i for i, name in enumerate(names)}
    of_fate = np.array([index.get(name, 0) for name in s.FATES])
    label = np.array([plan.counted_routes.index(r) if r in plan.counted_routes else len(plan.counted_routes)
                      for r in plan.names.routes] + [len(plan.counted_routes)])  # fmt: skip
    route = simulation.world.legs["route"][np.maximum(0, leg)]
    other = len(plan.counted_routes)
    crossed = np.where(leg >= 0, label[route], other)
    return np.where(fate == s.F_CROSSED, crossed, of_fate[fate])
