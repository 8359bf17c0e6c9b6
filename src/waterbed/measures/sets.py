"""Which legs are treated, which are their buffer, and which can serve as control.

All three hold counted border legs only: crossings and detections are known there, as in the record, and a
person's crossing is the first completed leg of that kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .window import differing

if TYPE_CHECKING:
    import pandas as pd

    from ..network import WorldTables
    from ..scenario.measure import Operation
    from ..scenario.scenario import Scenario

FAR = 3
"""Legs between a control leg and the nearest treated one, at least."""
MOST = 0.8
"""Share of the whole loss that legs which the measure lowers most make up together (judgement)."""


@dataclass(frozen=True)
class Sets:
    """Rows of legs.csv by their part in a comparison, and why."""

    treated: np.ndarray
    buffer: np.ndarray
    control: np.ndarray
    why: str
    chosen: bool = False
    """Treated legs were chosen by their loss in the same runs, which flatters that loss."""

    def names(self, legs: list[str]) -> dict[str, list[str]]:
        """The sets by the names of their legs."""
        return {k: [legs[i] for i in getattr(self, k)] for k in ("treated", "buffer", "control")}


def declared_sets(scenario: Scenario, against: Scenario, world: WorldTables) -> Sets | None:
    """The sets that scenario and world decide before any run; None where the loss of flow has to decide."""
    network = world.network
    legs, counted = network.legs, network.counted
    if scenario.compare.treated:
        named = np.isin(network.leg_names, scenario.compare.treated)
        return _around(world, named & counted, "the counted legs that compare.treated names")
    treated, reasons = np.zeros(len(legs), bool), []
    for name, operation in differing(scenario.operations, against.operations).items():
        found = _targets(operation, world)
        if found is not None:
            mask, kind = found
            treated |= mask & counted
            reasons.append(f"{kind} of operation '{name}'")
    return _around(world, treated, "counted legs: " + "; ".join(reasons)) if reasons else None


def sets_by_loss(world: WorldTables, loss: np.ndarray) -> Sets:
    """Sets whose treated legs are the counted ones that lose most flow, ``loss`` being summed over replicates.

    They are the fewest legs that make up four fifths of what all losing legs lose together.
    """
    counted = world.network.counted
    order = np.argsort(-loss, kind="stable")
    order = order[counted[order] & (loss[order] > 0)]
    treated = np.zeros(len(loss), bool)
    if len(order):
        share = np.cumsum(loss[order]) / loss[order].sum()
        treated[order[: int(np.searchsorted(share, MOST)) + 1]] = True
    why = "the counted legs whose flow the measure lowers most in sum, up to 80 % of the loss"
    return _around(world, treated, why if len(order) else "no counted leg lost any flow", chosen=True)


def _targets(operation: Operation, world: WorldTables) -> tuple[np.ndarray, str] | None:
    """Legs at which an operation aims, and what they are; None where it names no place at all."""
    legs, target = world.network.legs, operation.target
    if target.legs or target.routes:
        named = np.isin(world.network.leg_names, target.legs) | legs["route"].isin(target.routes).to_numpy(bool)
        return named, "the legs and routes"
    if target.hubs:
        places = {hub.split(" @ ")[-1] for hub in target.hubs}
        return legs["tail"].isin(places).to_numpy(bool), "those out of the hubs' places"
    if operation.countries or not (target.hub_rank or target.recruiters or target.online):
        country = _country(world)
        taking = set(operation.countries) or set(country.values())
        touch = legs["tail"].map(country).isin(taking) | legs["head"].map(country).isin(taking)
        return touch.to_numpy(bool), "those that touch a country"
    return None


def _country(world: WorldTables) -> dict[str, str]:
    places = world.network.places
    return dict(zip(places["name"], places["country"], strict=True))


def _around(world: WorldTables, treated: np.ndarray, why: str, chosen: bool = False) -> Sets:
    """Buffer and control of a treated set: near it, and at least three legs from it."""
    legs = world.network.legs
    counted = world.network.counted
    none = np.zeros(0, np.int64)
    if not treated.any():
        return Sets(none, none, none, f"none ({why})" if why else "none", chosen)
    country = _country(world)
    ends = set(legs["tail"][treated]) | set(legs["head"][treated])
    goals = {country[head] for head in legs["head"][treated]}
    beside = legs["tail"].isin(ends) | legs["head"].isin(ends) | legs["head"].map(country).isin(goals)
    buffer = counted & ~treated & beside.to_numpy(bool)
    control = counted & ~treated & ~buffer & (legs_away(legs, treated) >= FAR)
    return Sets(np.flatnonzero(treated), np.flatnonzero(buffer), np.flatnonzero(control), why, chosen)


def legs_away(legs: pd.DataFrame, treated: np.ndarray) -> np.ndarray:
    """How many legs each leg is from the nearest treated one, whatever the direction; at most ``FAR``.

    0 for the treated, 1 for those that share a place with one of them, and so on.
    """
    places, ends = np.unique(np.concatenate([legs["tail"], legs["head"]]).astype(str), return_inverse=True)
    tail, head = ends[: len(legs)], ends[len(legs) :]
    away = np.where(treated, 0, FAR)
    seen = np.zeros(len(places), bool)
    for step in range(FAR):
        at = away <= step
        seen[tail[at]] = seen[head[at]] = True
        away = np.where(~at & (seen[tail] | seen[head]), np.minimum(away, step + 1), away)
    return away
