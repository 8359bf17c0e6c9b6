"""What a run will take, before it is started."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
