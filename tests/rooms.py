"""A world for testing rules one by one: classroom before its first day, as interpreted rules see it."""

from __future__ import annotations

from typing import Any

from waterbed.engine.records import interpreted
from waterbed.engine.run import Simulation
from waterbed.scenario.scenario import Scenario

START = 40


def fresh(*, strike: int = 0, seed: int = 1, target: dict[str, Any] | None = None, officers: int = 200,
          operation: dict[str, Any] | None = None, **more: Any) -> tuple[Any, Any]:  # fmt: skip
    """The interpreted world and its plan; one operation of 12 days on day 40, and what else is given."""
    surge = {"officers": officers, "start": START, "days": 12, "delayed_strike": strike, "target": target or {}}
    given = {"name": "room", "network": "classroom", "days": 900, "burn_in": 120}
    scenario = Scenario.model_validate(given | {"operations": {"surge": surge | (operation or {})}} | more)
    simulation = Simulation(scenario, seed)
    return interpreted(simulation.world), simulation.plan
