"""Choose the countries that take part in the liberterra scenario, by the rule stated there.

INTERPOL published that 119 countries took part in Liberterra III, and named few of them. Always in: those
(below). The rest by border flow: the expected yearly journeys over the legs that cross a border into or out of a
country, largest first, until 119 are in. Prints the list as TOML.

    python tools/participants.py LEGS_CSV     # needs tail_iso3, head_iso3 and example_flow_per_year
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

NAMED = ("DZA", "GBR", "LAO", "SLV")
"""Hosts of the operation's coordination units, as INTERPOL named them."""

NOT_MEMBERS = frozenset({"ESH", "HKG", "MAC", "PRK", "TWN", "XKX"})
"""Territories in the tables that are not members of INTERPOL and so cannot take part."""

SIZE = 119


def participants(legs: Iterable[Mapping[str, str]]) -> list[str]:
    """The ISO 3166-1 alpha-3 codes of the participants, in alphabetical order."""
    flow: dict[str, float] = defaultdict(float)
    for leg in legs:
        if leg["tail_iso3"] != leg["head_iso3"]:
            for country in (leg["tail_iso3"], leg["head_iso3"]):
                flow[country] += float(leg["example_flow_per_year"] or 0)
    ranked = sorted((c for c in flow if c not in NOT_MEMBERS | set(NAMED)), key=lambda c: (-flow[c], c))
    return sorted([*NAMED, *ranked[: SIZE - len(NAMED)]])


def main() -> None:
    """Print the list for the scenario file."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: python tools/participants.py LEGS_CSV")
    with Path(sys.argv[1]).open(encoding="utf-8", newline="") as file:
        chosen = participants(csv.DictReader(file))
    for i in range(0, len(chosen), 17):
        print("  " + ", ".join(f'"{code}"' for code in chosen[i : i + 17]) + ",")


if __name__ == "__main__":
    main()
