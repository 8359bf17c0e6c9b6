"""Summary statistics: a number of the tables ``daily`` and ``legs_daily``, read from the counts they are made of.

A fit asks for a few numbers of thousands of runs, and the whole table takes longer than a short run: so the same
counts are added up here (tests hold both against each other).
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

import numpy as np

from ..engine.world import (
    CHANNEL_COUNTS,
    COUNTRY_COUNTS,
    LEG_COUNTS,
    NETWORK_COUNTS,
    PLACE_COUNTS,
    TOTALS,
)
from ..measures.tables import PEOPLE

if TYPE_CHECKING:
    from ..engine.run import Run
    from ..network import WorldTables
    from .file import Target

Kind = Literal["all", "route", "leg", "place", "country", "network", "channel"]
COLUMNS: dict[Kind, tuple[str, ...]] = {
    "all": TOTALS, "route": LEG_COUNTS, "leg": LEG_COUNTS, "place": PLACE_COUNTS, "country": COUNTRY_COUNTS,
    "network": NETWORK_COUNTS, "channel": CHANNEL_COUNTS,
}  # fmt: skip
"""Measures by what they are counted by."""
CHANNELS = ["in person", "online"]


def value(run: Run, target: Target) -> float:
    """A target's statistic of a run, in people (or as the measure's name says); NaN for a share of nothing."""
    counts, keys = _counts(run, target.key_kind)
    first, last = target.days or (0, run.scenario.days)
    part = counts[first:last, :, COLUMNS[target.key_kind].index(target.measure)]
    by_key = part.sum(axis=0, dtype=float)
    own = float(by_key[keys.index(target.key)])
    if target.reduce == "share":
        total = float(by_key.sum())
        return own / total if total else float("nan")
    if target.measure in PEOPLE or target.measure.endswith("cents"):
        own *= run.scenario.persons_per_agent
    return own / len(part) if target.reduce == "mean" else own


def _counts(run: Run, kind: Kind) -> tuple[np.ndarray, list[str]]:
    """Counts [day, key, column], and the keys."""
    if kind == "all":
        return run.totals[:, None, :], [""]
    if kind == "leg":
        return run.legs, list(run.world.network.leg_names)
    if kind == "place":
        return run.places, run.world.network.places["name"].tolist()
    if kind == "country":
        return run.countries, run.country_names
    if kind == "network":
        return run.networks, run.network_names
    if kind == "channel":
        return run.channels, CHANNELS
    labels = run.world.network.legs["route"].to_numpy()
    routes = _routes(run.world)
    return np.stack([run.legs[:, labels == route].sum(axis=1) for route in routes], axis=1), routes


def _routes(world: WorldTables) -> list[str]:
    return [str(route) for route in dict.fromkeys(world.network.legs["route"]) if route]


def faults(target: Target, world: WorldTables, networks: list[str], days: int) -> list[str]:
    """What of a target a scenario's runs do not have, each with the nearest that they have."""
    found = []
    columns = COLUMNS[target.key_kind]
    if target.measure not in columns:
        found.append(f"measure: is {target.measure!r}; {_nearest(target.measure, list(columns))}")
    keys = {
        "all": [""], "route": _routes(world), "leg": list(world.network.leg_names),
        "place": world.network.places["name"].tolist(), "channel": CHANNELS, "network": networks,
        "country": sorted(set(world.network.places["country"])),
    }[target.key_kind]  # fmt: skip
    if target.key not in keys:
        found.append(f"key: is {target.key!r}; {_nearest(target.key, keys)}")
    if target.days and target.days[1] > days:
        found.append(f"days: end at {target.days[1]}, but a run has {days} days; end them earlier, or set days")
    return found


def _nearest(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, 1)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"known are {', '.join(known[:12])}{', …' if len(known) > 12 else ''}"
