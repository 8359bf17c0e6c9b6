"""The twin: paired replicates of two worlds under the same chance."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from typing import TYPE_CHECKING, Any

import numpy as np

from ..engine.run import simulate_pair
from ..errors import InputError
from .comparison import Comparison
from .effects import effects_table, resamples
from .operation import operation_table
from .reduce import Reduced, reduce
from .tables import provenance
from .timelines import legs_table, timelines

if TYPE_CHECKING:
    import pandas as pd

    from ..scenario.scenario import Scenario

Progress = Callable[[int, int], None]


def replicate_seeds(seed: int, n: int) -> list[int]:
    """Seeds of the replicates; replicate r of a seed is the same whatever their number."""
    return [int(s.generate_state(1, np.uint64)[0] >> np.uint64(1)) for s in np.random.SeedSequence(seed).spawn(n)]


def run_pair(scenario: str, against: str, seed: int) -> Reduced:
    """One replicate: both worlds, reduced where they were run."""
    from ..scenario.scenario import Scenario

    x, y = (Scenario.model_validate_json(text) for text in (scenario, against))
    return reduce(*simulate_pair(x, y, seed))


def compare(
    scenario: Scenario,
    against: Scenario | None = None,
    *,
    replicates: int = 20,
    seed: int = 1,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Hold a scenario against itself without its operations and policies, or against another one.

    Work goes through ``executor``, by default a process pool of ``workers`` (as many as there are
    processors). The result does not depend on either. An interruption keeps the replicates that were
    done, and says so. Raises :class:`~waterbed.errors.InputError`.
    """
    if replicates < 1:
        raise InputError(f"replicates is {replicates}; it takes a whole number from 1 on")
    other = scenario.untreated() if against is None else against
    if other == scenario:
        raise InputError(
            f"'{scenario.name}' has no operation and no policy, so there is nothing to compare; "
            "add one, or give --against"
        )
    seeds = replicate_seeds(seed, replicates)
    start = time.perf_counter()
    reduced = _gather(scenario, other, seeds, workers, executor, progress)
    done = [r for r in reduced if r is not None]
    if not done:
        raise KeyboardInterrupt
    return _assemble(scenario, other, done, seed, replicates, time.perf_counter() - start)


def _gather(
    scenario: Scenario,
    other: Scenario,
    seeds: list[int],
    workers: int | None,
    executor: Executor | None,
    progress: Progress | None,
) -> list[Reduced | None]:
    texts = scenario.model_dump_json(), other.model_dump_json()
    reduced: list[Reduced | None] = [None] * len(seeds)
    count = min(workers or os.cpu_count() or 1, len(seeds))
    # The first pair runs here: it finds faults early, and compiles before workers would each do so.
    reduced[0] = run_pair(*texts, seeds[0])
    if progress:
        progress(1, len(seeds))
    own = None
    try:
        if executor is None and count == 1:
            for i, seed in enumerate(seeds[1:], 1):
                reduced[i] = run_pair(*texts, seed)
                if progress:
                    progress(i + 1, len(seeds))
            return reduced
        if executor is None:
            import multiprocessing

            executor = own = ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"))
        futures = {executor.submit(run_pair, *texts, seed): i for i, seed in enumerate(seeds[1:], 1)}
        for done, future in enumerate(as_completed(futures), 2):
            reduced[futures[future]] = future.result()
            if progress:
                progress(done, len(seeds))
    except KeyboardInterrupt:
        if own is not None:
            own.shutdown(wait=False, cancel_futures=True)
            own = None
    finally:
        if own is not None:
            own.shutdown(cancel_futures=True)
    return reduced


def _assemble(
    scenario: Scenario, other: Scenario, done: list[Reduced], seed: int, asked: int, seconds: float
) -> Comparison:
    from ..engine.compiled import version
    from ..network import load_world
    from .reduce import window as window_of

    network = load_world(scenario.network).network

    class _About:  # what window() reads of a run
        def __init__(self, scenario: Scenario) -> None:
            self.scenario = scenario

    window = window_of(_About(scenario))  # type: ignore[arg-type]
    about = provenance(
        "comparison",
        scenario,
        against=other.model_dump(mode="json"),
        seed=seed,
        seeds=[r.seed for r in done],
        replicates=len(done),
        asked=asked,
        interrupted=len(done) < asked,
        wall_time_s=round(seconds, 3),
        model_version=version(scenario.plugins),
        window={"start": window[0], "end": window[1]},
    )
    sets: dict[str, Any] = {**done[0].sets.names(network.leg_names), "why": done[0].sets.why}
    total = float(np.mean([r.fates.sum() for r in done]))
    cohort = {
        "people": total,
        "fate_days": scenario.compare.fate_days,
        "late": float(np.mean([r.late for r in done])),
        "agents": total / scenario.persons_per_agent,
        "part_of_interval_due_to_scale": _part_due_to_scale(done, scenario),
    }
    return Comparison(
        effects_table(done, window, seed),
        _fates_table(done, seed),
        operation_table(done, scenario),
        timelines(done),
        legs_table(done, network, seed),
        sets,
        cohort,
        about,
    )


def _fates_table(done: list[Reduced], seed: int) -> pd.DataFrame:
    """People by fate without and with the measure: mean over replicates, 90 % bootstrap interval."""
    import pandas as pd

    names, n = done[0].fate_names, len(done)
    cube = np.stack([r.fates for r in done])
    boot = resamples(n, seed) @ cube.reshape(n, -1) / n
    low, high = np.quantile(boot, [0.05, 0.95], axis=0) if n > 1 else np.full((2, cube[0].size), np.nan)
    mean = cube.mean(axis=0).ravel()
    rows = [(a, b) for a in names for b in names]
    table = pd.DataFrame(rows, columns=["without", "with"]).assign(people=mean, low=low, high=high)
    return table[table["people"] > 0].reset_index(drop=True)


def _part_due_to_scale(done: list[Reduced], scenario: Scenario) -> float | None:
    """Share of the variance over runs of the people who changed fate that is sampling of agents.

    Were each agent's change of fate an independent draw, the number that changed would be binomial
    over the cohort's agents. The ratio of that variance to the one found is the part that a smaller
    ``persons_per_agent`` would remove; clipped to 1.
    """
    agents = np.array([r.fates.sum() for r in done]) / scenario.persons_per_agent
    changed = np.array([r.fates.sum() - np.trace(r.fates) for r in done]) / scenario.persons_per_agent
    if len(done) < 2 or changed.var() <= 0.0:
        return None
    p = changed.sum() / agents.sum()
    return float(min(1.0, agents.mean() * p * (1 - p) / changed.var(ddof=1)))
