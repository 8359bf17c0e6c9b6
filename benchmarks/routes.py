"""The common workload: the engine against C, Mesa and mesa-frames, in million agent-days a second."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable

import numpy as np
from peers import Measured, build_reference, frames_python, run_frames, run_mesa, run_reference
from workload import WARM_UP, scenario, tables

from waterbed.engine.run import Simulation
from waterbed.engine.world import CROSSINGS, DEATHS, DETECTIONS

DAYS = 365
ON_THE_WAY = 73.0
"""People on their way for each who begins a day, measured; only sets the size, what is counted is exact."""


def run_engine(migrants: int, seed: int, days: int = DAYS) -> tuple[float, np.ndarray, float]:
    """The real engine on the workload after its warm-up: seconds, counts by leg, agent-days."""
    simulation = Simulation(scenario(365.0 * migrants / ON_THE_WAY, days), seed)
    simulation.advance(WARM_UP)
    seconds, agents = 0.0, []
    for first in range(WARM_UP, WARM_UP + days, 73):
        agents.append(int(simulation.world.state[0]["active"]))
        began = time.perf_counter()
        simulation.advance(min(first + 73, WARM_UP + days))
        seconds += time.perf_counter() - began
    agents.append(int(simulation.world.state[0]["active"]))
    counts = simulation.finish().legs[:, :, [CROSSINGS, DETECTIONS, DEATHS]].sum(axis=0)
    order = simulation.plan.leg_rows
    return seconds, counts[order], days * float(np.mean(agents))


def measure(quick: bool) -> list[dict]:
    """Rows of peer, migrants, rate and its ratio to the engine; one round of all peers after another."""
    t = tables()
    peers: dict[str, tuple[Callable[[int, int, int], Measured], tuple[int, ...], int]] = {
        "Mesa do": (lambda n, d, s: run_mesa(t, n, d, s, "do"), (10_000,), 60),
        "Mesa shuffle_do": (lambda n, d, s: run_mesa(t, n, d, s), (10_000,), 60),
    }
    sizes = (10_000,) if quick else (10_000, 100_000, 1_000_000)
    skipped = []
    try:
        program = build_reference()
        peers["C"] = (lambda n, d, s: run_reference(program, t, n, d, s), sizes, DAYS)
    except (RuntimeError, subprocess.CalledProcessError) as error:
        skipped.append({"peer": "C", "note": f"skipped: {error}"})
    try:
        python = frames_python()
        peers["mesa-frames"] = (lambda n, d, s: run_frames(python, t, n, d, s), sizes, 60)
    except (OSError, subprocess.CalledProcessError) as error:
        skipped.append({"peer": "mesa-frames", "note": f"skipped: {error}"})
    rates: dict[tuple[str, int], list[float]] = {}
    for n in sizes:
        for round_ in range(1 if quick else 5 if n < 1_000_000 else 3):
            seconds, _, agent_days = run_engine(n, round_)
            rates.setdefault(("waterbed", n), []).append(agent_days / seconds / 1e6)
            for name, (run, fit, days) in peers.items():
                if n in fit:
                    seconds, _ = run(n, days, round_)
                    rates.setdefault((name, n), []).append(n * days / seconds / 1e6)
    return [_row(name, n, rates) for name, n in rates] + skipped


_BARS = {("Mesa shuffle_do", 10_000): 30.0, ("mesa-frames", 1_000_000): 3.0, ("C", 10_000): 0.3}


def _row(name: str, n: int, rates: dict[tuple[str, int], list[float]]) -> dict:
    mine, own = np.array(rates["waterbed", n]), np.array(rates[name, n])
    low, ratio, high = np.quantile(mine / own, [0.25, 0.5, 0.75])
    return {
        "peer": name, "migrants": n, "million_agent_days_a_second": float(np.median(own)),
        "waterbed_over_peer": float(ratio), "low": float(low), "high": float(high), "bar": _BARS.get((name, n)),
        "rounds": len(own),
    }  # fmt: skip
