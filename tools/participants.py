"""Choose the countries that take part in the liberterra scenario: by a rule, or at random.

INTERPOL published that 119 countries took part in Liberterra III, and no list of them. Always in: those that its
statement or the press name (``data/sources/participants.csv``). By rule, the rest are those with the largest border
flow: the expected yearly journeys over the legs that cross a border into or out of a country in the bundled world,
largest first, until 119 are in. At random, the rest are drawn from all other members of INTERPOL in the world, so
that a study can tell what the choice matters.

    python tools/participants.py              # the rule's list as TOML, and the share of the flow that it touches
    python tools/participants.py --seed 1     # a random list
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np

SOURCE = Path(__file__).resolve().parents[1] / "data" / "sources" / "participants.csv"
NOT_MEMBERS = frozenset({"ESH", "HKG", "MAC", "PRK", "TWN", "XKX"})
"""Territories in the tables that are not members of INTERPOL and so cannot take part."""

SIZE = 119


def named() -> list[str]:
    """Countries that public sources name as taking part: hosts of coordination units, and those that acted."""
    with SOURCE.open(encoding="utf-8", newline="") as file:
        return [row["country"] for row in csv.DictReader(file)]


def border_flow(world: str = "liberterra") -> dict[str, float]:
    """Expected journeys a year over the borders of each country, in and out together, before any operation."""
    from waterbed.engine.baseline import expected_visits, shares
    from waterbed.engine.run import blueprint
    from waterbed.scenario.scenario import Scenario

    scenario = Scenario.load("liberterra").untreated().replace({"network": world})
    plan, tables = blueprint(scenario)
    a, visits = plan.arrays, expected_visits(plan.arrays, scenario)
    people = sum(visits[c][a["legs"]["tail"]] * shares(a, c) for c in range(len(visits))) * 365.25
    country = dict.fromkeys(tables.network.places["country"], 0.0)
    for leg, n in zip(a["legs"], people, strict=True):
        if leg["tail_country"] != leg["head_country"]:
            country[plan.names.countries[leg["tail_country"]]] += float(n)
            country[plan.names.countries[leg["head_country"]]] += float(n)
    return country


def by_rule(flow: Mapping[str, float], size: int = SIZE) -> list[str]:
    """The named countries, then those of the largest border flow; ISO 3166-1 alpha-3 codes in alphabetical order."""
    always = named()
    ranked = sorted(_others(flow, always), key=lambda c: (-flow[c], c))
    return sorted([*always, *ranked[: size - len(always)]])


def at_random(flow: Mapping[str, float], seed: int, size: int = SIZE) -> list[str]:
    """The named countries, and others drawn without replacement, each as likely; the same seed, the same list."""
    always = named()
    drawn = np.random.default_rng(seed).choice(_others(flow, always), size=size - len(always), replace=False)
    return sorted([*always, *drawn.tolist()])


def _others(flow: Mapping[str, float], always: list[str]) -> list[str]:
    return sorted(c for c in flow if c not in NOT_MEMBERS | set(always))


def main() -> None:
    """Print a list for the scenario file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, help="draw at random under this seed")
    seed = parser.parse_args().seed
    flow = border_flow()
    chosen = by_rule(flow) if seed is None else at_random(flow, seed)
    for i in range(0, len(chosen), 17):
        print("  " + ", ".join(f'"{code}"' for code in chosen[i : i + 17]) + ",")
    print(f"# {sum(flow[c] for c in chosen) / sum(flow.values()):.1%} of the border flow")


if __name__ == "__main__":
    main()
