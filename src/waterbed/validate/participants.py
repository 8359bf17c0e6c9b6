"""Which countries take part in an operation of which the press names only some: by rule, or at random."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np

NOT_MEMBERS = frozenset({"ESH", "HKG", "MAC", "PRK", "TWN", "XKX"})
"""Territories in the world's tables that are not members of INTERPOL and so cannot take part."""


def border_flow(world: str = "liberterra") -> dict[str, float]:
    """Expected journeys a year over the borders of each country, in and out together, before any operation."""
    return dict(_border_flow(world))


@lru_cache(maxsize=2)
def _border_flow(world: str) -> tuple[tuple[str, float], ...]:
    from ..engine.baseline import expected_visits, shares
    from ..engine.run import blueprint
    from ..scenario.scenario import Scenario

    scenario = Scenario.load("liberterra").untreated().replace({"network": world})
    plan, tables = blueprint(scenario)
    a, visits = plan.arrays, expected_visits(plan.arrays, scenario)
    people = sum(visits[c][a["legs"]["tail"]] * shares(a, c) for c in range(len(visits))) * 365.25
    country = dict.fromkeys(tables.network.places["country"], 0.0)
    for leg, n in zip(a["legs"], people, strict=True):
        if leg["tail_country"] != leg["head_country"]:
            country[plan.names.countries[leg["tail_country"]]] += float(n)
            country[plan.names.countries[leg["head_country"]]] += float(n)
    return tuple(country.items())


def regions(world: str = "liberterra") -> dict[str, str]:
    """The region (UN M49) of each country of a world."""
    from ..network import load_world

    places = load_world(world).network.places
    return dict(zip(places["country"], places["region"], strict=True))


def by_rule(flow: Mapping[str, float], named: Iterable[str], size: int) -> list[str]:
    """The named countries, then those of the largest border flow; ISO 3166-1 alpha-3 codes in alphabetical order.

    ``flow`` holds the countries that may take part; where they are too few, all of them do.
    """
    always = list(named)
    ranked = sorted(_others(flow, always), key=lambda c: (-flow[c], c))
    return sorted([*always, *ranked[: max(0, size - len(always))]])


def at_random(flow: Mapping[str, float], named: Iterable[str], size: int, seed: int) -> list[str]:
    """The named countries, and others drawn without replacement, each as likely; the same seed, the same list."""
    always = list(named)
    drawn = np.random.default_rng(seed).choice(_others(flow, always), size=size - len(always), replace=False)
    return sorted([*always, *drawn.tolist()])


def _others(flow: Mapping[str, float], always: list[str]) -> list[str]:
    return sorted(c for c in flow if c not in NOT_MEMBERS | set(always))
