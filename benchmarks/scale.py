"""How the whole model scales: bytes a migrant, and cost of an event, from thousands of people to ten million.

An event is what a person does or undergoes: beginning to consider, being contacted, setting out, ending a leg. Each
size runs in a process of its own, so that its peak of memory is its own; the cost is CPU time of the days alone.
"""

from __future__ import annotations

import json
import subprocess
import sys

DAYS, BURN_IN = 365, 30
CLASSROOM_BIRTHS = 17.0
"""People of `classroom` a day at flow 1; it only sets the size, what is counted is exact."""


def one(people: int, seed: int = 1) -> dict[str, float]:
    """A run of `classroom` with about so many people; called in a process of its own."""
    import resource
    import time

    from waterbed.engine.run import Simulation, simulate
    from waterbed.engine.world import T
    from waterbed.scenario.scenario import Scenario

    short = {"days": DAYS, "burn_in": BURN_IN, "operations.surge.start": 120, "compare.fate_days": 180}
    simulate(Scenario.load("classroom").replace(short | {"flow": 0.1}), seed)  # what is compiled is loaded
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    flow = people / (CLASSROOM_BIRTHS * (DAYS + BURN_IN))
    simulation = Simulation(Scenario.load("classroom").replace(short | {"flow": flow}), seed)
    simulation.advance(BURN_IN)
    began = time.process_time()
    simulation.advance(simulation.last)
    seconds = time.process_time() - began
    run = simulation.finish()
    names = ("births", "contacts", "departures", "crossings", "detections", "deaths")
    events = int(run.totals[:, [T[name] for name in names]].sum())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    migrants, past = simulation.world.migrants, simulation.world.biographies
    return {
        "people": len(migrants), "events": events, "ns_an_event": seconds / events * 1e9, "peak_mb": peak / 1024,
        "record_bytes": migrants.dtype.itemsize + past.dtype.itemsize,
        "bytes_a_migrant": (peak - base) * 1024 / len(migrants),
    }  # fmt: skip


def measure(sizes: tuple[int, ...]) -> list[dict[str, float]]:
    """A row a size, each from a fresh process: the one of median cost among five, or among one where it is large."""
    rows = []
    for people in sizes:
        found = [_apart(people) for _ in range(5 if people <= 100_000 else 1)]
        rows.append(sorted(found, key=lambda row: row["ns_an_event"])[len(found) // 2])
    return rows


def _apart(people: int) -> dict[str, float]:
    told = subprocess.run([sys.executable, __file__, str(people)], check=True, capture_output=True, text=True)
    return json.loads(told.stdout)  # type: ignore[no-any-return]


if __name__ == "__main__":
    print(json.dumps(one(int(sys.argv[1]))))
