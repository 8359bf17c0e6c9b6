"""Loaded once in the process from which sessions are forked: what they share, compiled code included."""

from __future__ import annotations

import os


def _load() -> None:
    os.nice(5)  # first of all: the server and the browser come before this, in loading and in running
    from ..engine.compiled import engine
    from ..engine.run import simulate_pair
    from ..measures import compare  # noqa: F401
    from ..scenario import Scenario
    from . import describe, lives, results, series, worker  # noqa: F401

    a_day = {"days": 2, "burn_in": 2, "flow": 0.01, "operations.surge.start": 0, "operations.surge.days": 1}
    engine()
    simulate_pair(scenario := Scenario.load("classroom").replace(a_day), scenario.untreated(), 1)


_load()
