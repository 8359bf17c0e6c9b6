"""Whether the choice of the way has a fixed point on a network (``docs/odd.md``, choice of the way)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .world import RouteNetwork

__all__ = ["fixed_point_faults", "spectral_radius"]


def spectral_radius(
    network: RouteNetwork,
    scale: float,
    cost_floor: float,
    *,
    alternatives: Mapping[str, float] | None = None,
    costs: Sequence[float] | None = None,
) -> float:
    """Greatest absolute eigenvalue of the matrix whose row for a place holds ``exp(-cost / scale) / m(place)``.

    Values of places, ``z = M z + b``, exist for every destination if and only if it is below 1 (Fosgerau, Frejinger
    & Karlstroem 2013). The carriers' shares of a leg add up to 1, so they drop out.

    Args:
        network: places and legs; legs to a place in ``network.places`` only.
        scale: of the logit, in USD, above 0.
        cost_floor: least cost of a leg, in USD.
        alternatives: m(place), what each place's choices are divided by; by default the number of its legs, as in
            the model. Give 1 everywhere for a plain recursive logit.
        costs: of the legs in their order, in USD; by default all are as cheap as can be, which is the worst case.
    """
    names = list(network.places["name"])
    at = {name: i for i, name in enumerate(names)}
    tails = np.array([at[t] for t in network.legs["tail"]], int)
    heads = np.array([at[h] for h in network.legs["head"]], int)
    degree = np.bincount(tails, minlength=len(names)).astype(float)
    if alternatives is not None:
        degree = np.array([alternatives.get(name, 1.0) for name in names], float)
    cost = np.full(len(tails), float(cost_floor)) if costs is None else np.maximum(np.asarray(costs, float), cost_floor)
    matrix = np.zeros((len(names), len(names)))
    np.add.at(matrix, (tails, heads), np.exp(-cost / scale) / degree[tails])
    return float(np.abs(np.linalg.eigvals(matrix)).max(initial=0.0))


def fixed_point_faults(
    network: RouteNetwork,
    scale: float,
    cost_floor: float,
    *,
    alternatives: Mapping[str, float] | None = None,
    costs: Sequence[float] | None = None,
) -> list[str]:
    """Why choices on a network would have no fixed point: one fault with its remedy each, none if they have one.

    ``scale``, ``cost_floor``, ``alternatives`` and ``costs`` are as in :func:`spectral_radius`; any values are allowed.
    """
    found = []
    if not (math.isfinite(scale) and scale > 0):
        found.append(f"choice.scale is {scale:g}; it takes a number of USD above 0")
    if not (math.isfinite(cost_floor) and cost_floor > 0):
        found.append(f"choice.cost_floor is {cost_floor:g}; it takes a number of USD above 0")
    if alternatives is not None:
        for place, number in alternatives.items():
            if not (math.isfinite(number) and number > 0):
                found.append(f"alternatives of '{place}' are {number:g}; it takes a number above 0")
    if found or not len(network.legs):
        return found
    radius = spectral_radius(network, scale, cost_floor, alternatives=alternatives, costs=costs)
    # So near to 1 the solver would need more sweeps than it makes, and its tolerance would mean nothing.
    if radius >= 1.0 - 1e-9:
        found.append(
            f"legs.csv: choice has no fixed point: its spectral radius is {radius:.4g}, and has to be below 1; raise "
            f"choice.cost_floor ({cost_floor:g}), lower choice.scale ({scale:g}), or divide by more alternatives"
        )
    return found
