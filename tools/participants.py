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

from waterbed.validate import participants
from waterbed.validate.participants import NOT_MEMBERS, border_flow

__all__ = ["NOT_MEMBERS", "at_random", "border_flow", "by_rule", "named"]

SOURCE = Path(__file__).resolve().parents[1] / "data" / "sources" / "participants.csv"
SIZE = 119


def named() -> list[str]:
    """Countries that public sources name as taking part: hosts of coordination units, and those that acted."""
    with SOURCE.open(encoding="utf-8", newline="") as file:
        return [row["country"] for row in csv.DictReader(file)]


def by_rule(flow: Mapping[str, float], size: int = SIZE) -> list[str]:
    """The named countries, then those of the largest border flow; ISO 3166-1 alpha-3 codes in alphabetical order."""
    return participants.by_rule(flow, named(), size)


def at_random(flow: Mapping[str, float], seed: int, size: int = SIZE) -> list[str]:
    """The named countries, and others drawn without replacement, each as likely; the same seed, the same list."""
    return participants.at_random(flow, named(), size, seed)


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
