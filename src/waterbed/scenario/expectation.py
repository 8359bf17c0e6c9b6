"""What a run will take, before it is started."""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING

from ..errors import InputError
from .scenario import Scenario

if TYPE_CHECKING:
    from ..network import WorldTables

_BYTES_AN_AGENT = 100
_SECONDS_AN_AGENT = 8e-6
"""Of a whole life, measured on the bundled scenarios on one core of 2026; an order of magnitude."""
_SECONDS_A_DAY_AND_LEG = 4e-7
_OBSERVATIONS_A_LEG = 6


def expect(scenario: Scenario, tables: WorldTables) -> dict[str, float]:
    """People and agents born, memory in MB and seconds on one core to expect of one run."""
    years = (scenario.days + scenario.burn_in) / 365.25
    people = float(tables.classes["people_per_year"].sum()) * scenario.flow * years
    agents = people / scenario.persons_per_agent
    legs = len(tables.network.legs)
    memory = agents * _BYTES_AN_AGENT + scenario.days * legs * _OBSERVATIONS_A_LEG * 4
    seconds = agents * _SECONDS_AN_AGENT + (scenario.days + scenario.burn_in) * legs * _SECONDS_A_DAY_AND_LEG
    return {"people": people, "agents": agents, "memory_mb": memory / 1e6, "seconds": seconds}


def require_memory(scenario: Scenario, tables: WorldTables) -> None:
    """Refuse what cannot fit into this machine. Raises :class:`~waterbed.errors.InputError`, with what would fit."""
    if not hasattr(os, "sysconf"):  # Windows does not tell
        return
    there = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e6
    expected = expect(scenario, tables)
    if expected["memory_mb"] > there:
        least = math.ceil(scenario.persons_per_agent * expected["memory_mb"] / there)
        raise InputError(
            f"{scenario.name}: persons_per_agent: is {scenario.persons_per_agent}, which makes about "
            f"{expected['agents']:,.0f} agents and takes {expected['memory_mb']:,.0f} MB a run, but this machine has "
            f"{there:,.0f} MB; raise it to about {least}, or lower flow or days"
        )
