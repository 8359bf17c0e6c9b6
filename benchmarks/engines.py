"""Compiled over interpreted, with the parts: the same run on both engines, and the generator alone at both speeds."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from waterbed.engine.generator import uniforms
from waterbed.engine.records import Rows
from waterbed.engine.run import Simulation, simulate
from waterbed.scenario.scenario import Scenario


def measure(rounds: int) -> list[dict[str, Any]]:
    """One row: the ratio of seconds, and the part of the interpreted run that is the generator in Python."""
    short = {"days": 120, "burn_in": 60, "operations.surge.start": 40, "compare.fate_days": 60, "flow": 3.2}
    scenario = Scenario.load("classroom").replace(short)
    simulate(scenario, 0)
    slow, fast = [], []
    for seed in range(rounds):
        began = time.process_time()
        done = simulate(scenario, seed)
        fast.append(time.process_time() - began)
        began = time.process_time()
        same = simulate(scenario, seed, compiled=False).digest == done.digest
        slow.append(time.process_time() - began)
        assert same, "the engines differ"
    draw = _draw(scenario)
    ratios = np.array(slow) / np.array(fast)
    return [{
        "migrants": len(done.people), "interpreted_over_compiled": float(np.median(ratios)),
        "low": float(ratios.min()), "high": float(ratios.max()), "microseconds_a_draw_interpreted": draw * 1e6,
        "rounds": rounds,
    }]  # fmt: skip


def _draw(scenario: Scenario, n: int = 20_000) -> float:
    """Seconds that one interpreted block of four uniforms takes."""
    par = Rows(Simulation(scenario, 1).world.par)[0]
    began = time.process_time()
    for i in range(n):
        uniforms(par, 1, 12345, i, 0, 0)
    return (time.process_time() - began) / n
