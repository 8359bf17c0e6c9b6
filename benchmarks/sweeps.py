"""Sweeps: a study against mesa.batch_run on the same model, and what a study's own machinery costs.

    python benchmarks/sweeps.py [--only batch-run interpreted efficiency store pool large] [--repeats 3] [--json]

Every figure is a ratio of two sides that ran in one sitting, in turn; 90 % intervals are of the geometric mean over
repeats, by bootstrap. Process start is included on both sides, except where a warm pool is what is measured.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import waterbed as wb
from waterbed.measures.compare import replicate_seeds
from waterbed.study import pools
from waterbed.study.worker import Job, run_batch

STUDY = """
name = "sweep"
scenario = "classroom"
replicates = {replicates}
keep = ["arrivals_lost"]
{settings}
[design]
kind = "grid"
[factors."operations.surge.officers"]
levels = {levels}
"""
SHORT = {"days": 40, "burn_in": 10, "flow": 0.2, "operations.surge.start": 5, "compare.fate_days": 20,
         "compare.lead_days": 10}  # fmt: skip
SMALL = {"days": 150, "burn_in": 30, "flow": 0.5, "operations.surge.start": 20, "compare.fate_days": 30,
         "compare.lead_days": 30}  # fmt: skip
"""About 1,000 people who begin to consider leaving, in 180 days."""


def study(levels: list[int], replicates: int, settings: dict[str, Any] | None = None) -> wb.Study:
    lines = "".join(f"{json.dumps(name)} = {value}\n" for name, value in (settings or {}).items())
    block = f"[settings]\n{lines}" if lines else ""
    return wb.Study.parse(STUDY.format(replicates=replicates, settings=block, levels=levels))


def batch_run(levels: list[int], replicates: int, engine: str, processes: int, settings: dict[str, Any]) -> float:
    """Seconds that mesa.batch_run takes for the same worlds: no officers at all is the twin."""
    import mesa

    parameters = {"scenario": "classroom", "engine": engine, **{k: [v] for k, v in settings.items()},
                  "operations.surge.officers": [0, *levels]}  # fmt: skip
    days = settings.get("days", 900)
    began = time.perf_counter()
    rows = mesa.batch_run(wb.SmugglingModel, parameters, number_processes=processes, rng=replicate_seeds(1, replicates),
                          max_steps=days, display_progress=False)  # fmt: skip
    assert len(rows) >= (len(levels) + 1) * replicates
    return time.perf_counter() - began


def timed(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def spread(ratios: list[float]) -> dict[str, float]:
    """Geometric mean over repeats and its 90 % interval."""
    logs = np.log(ratios)
    boot = np.random.default_rng(1).choice(logs, (2000, len(logs))).mean(axis=1)
    low, high = np.exp(np.quantile(boot, (0.05, 0.95)))
    return {"ratio": float(np.exp(logs.mean())), "low": float(low), "high": float(high), "repeats": len(ratios)}


def against_batch_run(repeats: int) -> dict[str, Any]:
    """The same worlds of classroom by both, on two processes: runs a second over runs a second."""
    levels, replicates = [100, 200, 300, 400, 500], 3
    ratios, rates = [], []
    for _ in range(repeats):
        ours = timed(lambda: study(levels, replicates).run(workers=2))
        theirs = batch_run(levels, replicates, "compiled", 2, {})
        ratios.append(theirs / ours)
        rates.append((len(levels) + 1) * replicates / ours)
    return spread(ratios) | {"worlds_a_second": round(float(np.median(rates)), 2), "at_least": 3.0}


def against_interpreted(repeats: int) -> dict[str, Any]:
    """The same, with Mesa's agents interpreted one by one; short runs of few people, for that takes long."""
    levels = [50, 100, 150, 200, 250, 300, 350, 400]
    ratios = []
    for _ in range(repeats):
        # Each side runs long enough for its start to count little: a hundred times as many worlds here.
        ours = timed(lambda: study(levels, 100, SHORT).run(workers=2)) / 100
        theirs = batch_run(levels, 1, "mesa", 2, SHORT)
        ratios.append(theirs / ours)
    return spread(ratios) | {"at_least": 50.0}


def efficiency(repeats: int) -> dict[str, Any]:
    """Two processes against one, both warm: speed-up over two."""
    made = study([100, 200, 300, 400], 8)
    plan = made.plan
    points = [tuple((plan.key(p, r), made.points.values(p)) for p in range(4)) for r in range(8)]
    jobs = [Job(seed, (720,), mine) for seed, mine in zip(plan.seeds, points, strict=True)]
    ratios = []
    one, two = pools.own(2), pools.own(2)
    for pool in (one, two):
        list(pool.map(run_batch, [plan.spec] * 2, [(jobs[0],)] * 2))
    for _ in range(repeats):
        alone = timed(lambda: [one.submit(run_batch, plan.spec, (job,)).result() for job in jobs])
        both = timed(lambda: list(two.map(run_batch, [plan.spec] * 8, [(job,) for job in jobs])))
        ratios.append(alone / both / 2)
    one.shutdown()
    two.shutdown()
    return spread(ratios) | {"at_least": 0.85}


NAMES = [f"effect_{i}" for i in range(65)]


def busy(values: dict[str, Any], seed: int) -> dict[str, Any]:
    """Ten milliseconds of work, and as many numbers as a pair of runs leaves."""
    end = time.perf_counter() + 0.010
    while time.perf_counter() < end:
        pass
    return quick(values, seed)


def quick(values: dict[str, Any], seed: int) -> dict[str, Any]:
    """As many numbers as a pair of runs leaves: counts of people, over counts of people."""
    draw = random.Random(seed ^ hash(values["x"]))
    return {name: (float(draw.randrange(200)), float(200 + draw.randrange(5000))) for name in NAMES}


def _function(points: int, model: Any) -> wb.Study:
    design = f'[design]\nkind = "halton"\npoints = {points}\n'
    return wb.Study.parse(f'name = "f"\nreplicates = 1\n{design}[factors.x]\nbounds = [0.0, 1.0]\n', model=model)


def store_overhead(repeats: int) -> dict[str, Any]:
    """A study of runs of 10 ms, stored, against the same calls in a loop: what sending, storing, resuming cost."""
    from waterbed.study.runner import Runner
    from waterbed.study.store import Store

    ratios = []
    plan = _function(1000, busy).plan
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as folder:
            stored = timed(lambda: Runner(plan, Store(Path(folder)), 1, None, None).run())
        bare = timed(lambda: [busy({"x": plan.points.values(p)[0]}, plan.seeds[0]) for p in range(1000)])
        ratios.append(stored / bare)
    return spread(ratios) | {"at_most": 1.10}


def warm_pool(repeats: int) -> dict[str, Any]:
    """Pairs of runs of about 1,000 people in 180 days, with all effects, by two warm processes: worlds a second."""
    levels, replicates = [50, 100, 150, 200, 250, 300, 350], 24
    made = study(levels, replicates, SMALL)
    plan, days = made.plan, next(iter(made.plan.groups())).days
    jobs = [Job(s, days, tuple((plan.key(p, r), made.points.values(p)) for p in range(len(levels))))
            for r, s in enumerate(plan.seeds)]  # fmt: skip
    rates = []
    with pools.own(2) as pool:
        list(pool.map(run_batch, [plan.spec] * 2, [(jobs[0],)] * 2))
        for _ in range(repeats):
            took = timed(lambda: list(pool.map(run_batch, [plan.spec] * len(jobs), [(job,) for job in jobs])))
            rates.append((len(levels) + 1) * replicates / took)
    from waterbed.engine.run import simulate

    people = len(simulate(plan.scenario(0), 1).people)
    return {"worlds_a_second": float(np.median(rates)), "people": people, "at_least": 500.0}


def large(repeats: int) -> dict[str, Any]:
    """100,000 runs in one study: memory as it grows, bytes stored a run, and how long it takes to see all is done."""
    from waterbed.study.runner import Runner, Tally
    from waterbed.study.store import Store

    plan = _function(100_000, quick).plan
    memory: list[tuple[int, float]] = []

    def note(tally: Tally) -> None:
        memory.append((tally.done, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        Runner(plan, Store(path), os.cpu_count() or 1, None, note).run()
        Store(path).compact(all_of_it=True)
        size = sum(file.stat().st_size for file in path.glob("*.parquet"))
        again = _function(100_000, quick).plan
        decided = timed(lambda: Runner(again, Store(path), 1, None, None).run())
    at = {share: next(mb for done, mb in memory if done >= share * 100_000) for share in (0.25, 0.5, 1.0)}
    return {"mb_at_quarter": at[0.25], "mb_at_half": at[0.5], "mb_at_end": at[1.0], "bytes_a_run": size / 100_000,
            "resume_decision_s": decided, "at_most": {"bytes_a_run": 1000, "resume_decision_s": 5}}  # fmt: skip


BENCHMARKS: dict[str, Callable[[int], dict[str, Any]]] = {
    "batch-run": against_batch_run, "interpreted": against_interpreted, "efficiency": efficiency,
    "store": store_overhead, "pool": warm_pool, "large": large,
}  # fmt: skip


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=list(BENCHMARKS), default=list(BENCHMARKS))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    found = {}
    for name in given.only:
        found[name] = BENCHMARKS[name](given.repeats)
        if not given.json:
            shown = ", ".join(f"{k} {v:.4g}" if isinstance(v, float) and math.isfinite(v) else f"{k} {v}"
                              for k, v in found[name].items())  # fmt: skip
            print(f"{name:12} {shown}", flush=True)
    if given.json:
        print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main(sys.argv[1:])
