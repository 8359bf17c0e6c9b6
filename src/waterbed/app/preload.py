"""Loaded once in the process from which sessions are forked: what they share, compiled code included."""

from __future__ import annotations

from ..engine.compiled import engine
from ..engine.run import simulate_pair
from ..measures import compare
from ..scenario import Scenario
from . import describe, lives, results, series, worker

__all__ = ["compare", "describe", "lives", "results", "series", "worker"]

_A_DAY = {"days": 2, "burn_in": 2, "flow": 0.01, "operations.surge.start": 0, "operations.surge.days": 1}

engine()
simulate_pair(scenario := Scenario.load("classroom").replace(_A_DAY), scenario.untreated(), 1)
