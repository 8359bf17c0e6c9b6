"""Which legs are treated, which are their buffer, and which can serve as control."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ..engine.run import Run
    from ..scenario.scenario import Scenario

_FAR = 3


@dataclass(frozen=True)
class Sets:
    """Rows of legs.csv by their part in a comparison, and why."""

    treated: np.ndarray
    buffer: np.ndarray
    control: np.ndarray
    why: str

    def names(self, legs: list[str]) -> dict[str, list[str]]:
        """The sets by the names of their legs."""
        return {k: [legs[i] for i in getattr(self, k)] for k in ("treated", "buffer", "control")}


def find_sets(run: Run, lowered: np.ndarray | None = None) -> Sets:
    """Treated, buffer and control legs among the counted border legs, by the rules of the ODD.

    ``lowered`` is the loss of flow by leg, used where no operation names its target.
    """
    scenario, network = run.scenario, run.world.network
    names, legs = network.leg_names, network.legs
    counted = legs["counted"].to_numpy(bool)
    treated, why = _treated(scenario, run, names, counted)
    if not treated.any() and lowered is not None and (lowered > 0).any():
        order = np.argsort(-lowered, kind="stable")
        order = order[counted[order] & (lowered[order] > 0)]
        share = np.cumsum(lowered[order]) / lowered[order].sum() if len(order) else np.zeros(0)
        treated[order[: int(np.searchsorted(share, 0.8)) + 1]] = True
        why = "the counted legs whose flow the measure lowers most, to 80 % of the loss"
    near = _distance(network.legs, treated)
    ends = set(legs["tail"][treated]) | set(legs["head"][treated])
    country = dict(zip(network.places["name"], network.places["country"], strict=True))
    goals = {country[h] for h in legs["head"][treated]}
    beside = legs["tail"].isin(ends) | legs["head"].isin(ends) | legs["head"].map(country).isin(goals)
    buffer = counted & ~treated & beside.to_numpy(bool)
    control = counted & ~treated & ~buffer & (near >= _FAR)
    return Sets(np.flatnonzero(treated), np.flatnonzero(buffer), np.flatnonzero(control), why)


def _treated(scenario: Scenario, run: Run, names: list[str], counted: np.ndarray) -> tuple[np.ndarray, str]:
    legs = run.world.network.legs
    if scenario.compare.treated:
        return np.isin(names, scenario.compare.treated), "named under compare.treated"
    treated = np.zeros(len(legs), bool)
    places = run.world.network.places
    country = dict(zip(places["name"], places["country"], strict=True))
    why = []
    for name, op in scenario.operations.items():
        if op.officers == 0:
            continue
        target = op.target
        if target.legs or target.routes:
            treated |= np.isin(names, target.legs) | legs["route"].isin(target.routes).to_numpy(bool) & counted
            why.append(f"legs that {name} names")
        elif target.hubs:
            at = {h.split(" @ ")[-1] for h in target.hubs}
            treated |= legs["tail"].isin(at).to_numpy(bool) & counted
            why.append(f"legs out of the places of the hubs that {name} names")
        elif not (target.hub_rank or target.recruiters or target.online):
            taking = set(op.countries) or set(places["country"])
            touch = legs["tail"].map(country).isin(taking) | legs["head"].map(country).isin(taking)
            treated |= counted & touch.to_numpy(bool)
            why.append(f"counted legs that touch a country of {name}")
    return treated, "; ".join(why)


def _distance(legs: object, treated: np.ndarray) -> np.ndarray:
    """Legs between each leg and the nearest treated one, whatever the direction."""
    tail, head = legs["tail"].to_numpy(), legs["head"].to_numpy()  # type: ignore[index]
    away = np.where(treated, 0, 10_000)
    seen = set(tail[treated]) | set(head[treated])
    for step in range(1, _FAR + 1):
        touched = (np.isin(tail, list(seen)) | np.isin(head, list(seen))) & (away > step)
        away[touched] = step
        seen |= set(tail[touched]) | set(head[touched])
    return away
