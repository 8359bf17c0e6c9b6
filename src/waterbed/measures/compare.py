"""The twin: paired replicates of two worlds under the same chance."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import BrokenExecutor, Executor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..engine.run import prepare
from ..errors import InputError
from ..exact import product
from ..processes import cores, share
from .comparison import Comparison
from .doses import at_doses, dosed, doses_table, factors, officers_alone, run_worlds
from .effects import effects_table, runs_table
from .fates import MARGINS, comparable_window
from .intervals import BAND, resamples
from .operation import operation_table
from .provenance import provenance
from .reduce import Reduced, settle
from .sets import sets_by_loss
from .timelines import legs_course, legs_table, timelines
from .window import Window

if TYPE_CHECKING:
    import pandas as pd

    from ..network import WorldTables
    from ..scenario.scenario import Scenario

Progress = Callable[[int, int], None]


def replicate_seeds(seed: int, n: int) -> list[int]:
    """Seeds of the replicates, 63 bits each; that of replicate r is the same whatever their number."""
    children = np.random.SeedSequence(seed).spawn(n)
    return [int(child.generate_state(1, np.uint64)[0] >> np.uint64(1)) for child in children]


def run_pair(scenario: str, against: str, seed: int) -> Reduced:
    """One replicate from two scenarios as JSON: both worlds, reduced where they were run."""
    return run_round((scenario,), against, seed)[0]


def run_round(worlds: tuple[str, ...], against: str, seed: int) -> list[Reduced]:
    """One replicate of several scenarios as JSON, each against the same other world."""
    return run_worlds([_scenario(text) for text in worlds], _scenario(against), seed)


def make_ready(scenario: str) -> None:
    """What a process has to do once before its first run."""
    prepare(_scenario(scenario))


def _scenario(text: str) -> Scenario:
    from ..scenario.scenario import Scenario

    return Scenario.model_validate_json(text)


def compare(
    scenario: Scenario,
    against: Scenario | None = None,
    *,
    replicates: int = 20,
    seed: int = 1,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    doses: Iterable[float] = (),
) -> Comparison:
    """Hold a scenario against itself without its operations and policies, or against another one.

    Args:
        against: another scenario on the same network, at the same scale.
        replicates: pairs of runs.
        seed: of the whole comparison; each pair's own is written into ``Comparison.runs``.
        workers: processes, this one among them; by default as many as there are processors.
        executor: any other :class:`concurrent.futures.Executor` to run pairs in, instead of these.
        progress: called with the number of pairs done and of all.
        doses: factors on the officers of the operations, say ``(0.5, 2)``; each is one world more a pair, and
            :attr:`Comparison.doses` tells what they do beside the planned one.

    Returns:
        The same for any number of workers and any order in which they finish. After an interruption, or
        where a worker was killed, what is done by then: see ``Comparison.stopped``.

    Raises:
        InputError: where the scenarios cannot be compared.
        KeyboardInterrupt: where it was interrupted before the first pair was done.
    """
    other = scenario.untreated() if against is None else against
    world = _comparable(scenario, other, replicates)
    window, more = comparable_window(scenario, other), factors(doses)
    worlds = dict(zip((1.0, *more), (scenario, *at_doses(scenario, other, more)), strict=True))
    began = time.perf_counter()
    work = _Work(tuple(w.model_dump_json() for w in worlds.values()), other.model_dump_json(),
                 replicate_seeds(seed, replicates))  # fmt: skip
    stopped = work.run(workers, executor, progress)
    rounds = _settled([found for found in work.done if found is not None], world)
    by_dose = dict(zip(worlds, map(list, zip(*rounds, strict=True)), strict=True))
    done = by_dose[1.0]
    about = _provenance(scenario, other, window, done, seed=seed, asked=replicates, stopped=stopped,
                        wall_time_s=round(time.perf_counter() - began, 3),
                        **({"doses": more} if more else {}))  # fmt: skip
    found = assemble(scenario, world, window, done, about)
    if not more:
        return found
    sizes = {dose: sum(dosed(w, other).values()) for dose, w in worlds.items()}
    table = doses_table(by_dose, sizes, officers_alone(scenario, other), world.network, window, seed)
    return replace(found, doses=table)


def _settled(rounds: list[list[Reduced]], world: WorldTables) -> list[list[Reduced]]:
    """Replicates whose treated legs are known: where the loss has to decide, that of the first world, for all."""
    planned = [found[0] for found in rounds]
    if all(r.sets is not None for r in planned):
        return rounds
    loss = sum((r.legs[1] - r.legs[0] for r in planned), np.zeros(len(world.network.legs)))
    sets = sets_by_loss(world, loss)
    return [[settle(r, sets, world) for r in found] for found in rounds]


def _comparable(scenario: Scenario, other: Scenario, replicates: int) -> WorldTables:
    """The world of both. Raises InputError with every reason why there is nothing to compare."""
    from ..network import load_world

    faults = []
    if replicates < 1:
        faults.append(f"replicates: is {replicates}; give a whole number from 1 on")
    if other == scenario:
        faults.append(f"{scenario.name}: has no operations or policies, or is held against itself, so there is "
                      "nothing to compare; add one, or name another scenario with --against")  # fmt: skip
    for field in ("network", "persons_per_agent", "burn_in"):
        a, b = getattr(scenario, field), getattr(other, field)
        if a != b:
            faults.append(f"{field}: is {a!r} in {scenario.name} and {b!r} in {other.name}; the same people have to "
                          "live in both worlds, so give both the same")  # fmt: skip
    if faults:
        raise InputError(faults)
    return load_world(scenario.network)


@dataclass
class _Work:
    """Replicates to run, and what has come of them so far."""

    worlds: tuple[str, ...]
    against: str
    seeds: list[int]

    def __post_init__(self) -> None:
        self.done: list[list[Reduced] | None] = [None] * len(self.seeds)

    def run(self, workers: int | None, executor: Executor | None, progress: Progress | None) -> str:
        """Run all; returns why it stopped short of that, or nothing."""
        # Here first: faults are found early, and the model is compiled before others would each do so.
        make_ready(self.worlds[0])
        rounds = [(self.worlds, self.against, seed) for seed in self.seeds]

        def tell() -> None:
            if progress is not None:
                progress(sum(r is not None for r in self.done), len(self.seeds))

        try:
            share(run_round, rounds, self.done.__setitem__, workers=cores(workers), executor=executor, tell=tell)
        except KeyboardInterrupt:
            if not any(self.done):
                raise
            return "interrupted"
        except BrokenExecutor as error:
            return f"a worker ended before its time ({error})"
        return ""


def _provenance(
    scenario: Scenario, other: Scenario, window: Window, done: list[Reduced], **more: Any
) -> dict[str, Any]:
    from ..engine.compiled import version

    return provenance(
        "comparison", scenario, against=other.model_dump(mode="json"), seeds=[r.seed for r in done],
        replicates=len(done), interrupted=bool(more["stopped"]), model_version=version(scenario.plugins),
        window={"start": window.first, "end": window.last, "after": window.after}, **more,
    )  # fmt: skip


def assemble(
    scenario: Scenario, world: WorldTables, window: Window, done: list[Reduced], about: dict[str, Any]
) -> Comparison:
    """A comparison from reduced pairs whose treated legs are known."""
    network, seed = world.network, int(about["seed"])
    effects = effects_table(done, network, window, seed)
    found = done[0].sets
    assert found is not None
    sets = {**found.names(network.leg_names), "why": found.why}
    names = done[0].fate_names
    return Comparison(
        effects, fates_table(done, names, seed), operation_table(done, scenario), timelines(done),
        legs_table(done, network, seed), legs_course(done, network, window.first, seed), runs_table(done, names), sets,
        _cohort(done, scenario, window, effects), about,
    )  # fmt: skip


def fates_table(done: list[Reduced], names: list[str], seed: int) -> pd.DataFrame:
    """People of the cohort by fate without and with the measure: mean over replicates, 90 % interval.

    Columns without, with, people, low, high, delayed: of those, who crossed the same way over 30 days later.
    Pairs of fates that never occur are left out, so that people still sum to the cohort.
    """
    import pandas as pd

    n = len(done)
    cube = np.stack([r.fates for r in done]).reshape(n, -1)
    there = cube.any(axis=0)
    low, high = np.full((2, cube.shape[1]), np.nan)
    if n > 1:
        low[there], high[there] = np.quantile(product(resamples(n, seed), cube[:, there]) / n, BAND, axis=0)
    delayed = np.diag(np.mean([r.delayed for r in done], axis=0)).ravel()
    rows = [(a, b) for a in names for b in names]
    table = pd.DataFrame(rows, columns=["without", "with"])
    table = table.assign(people=cube.mean(axis=0), low=low, high=high, delayed=delayed)
    return table[there].reset_index(drop=True)


def _cohort(done: list[Reduced], scenario: Scenario, window: Window, effects: pd.DataFrame) -> dict[str, Any]:
    """The cohort in numbers: size, who was delayed, margins, and the part of the variance due to scale."""
    about = scenario.compare
    people = float(np.mean([r.fates.sum() for r in done]))
    both = np.mean([r.margins for r in done], axis=0)
    part = effects.loc[(effects["effect"] == "treated_loss") & (effects["key"] == "cohort"), "scale_part"]
    due = float(part.iloc[0]) if len(part) else float("nan")
    return {
        "people": people, "agents": people / scenario.persons_per_agent, "fate_days": about.fate_days,
        "born_from": window.first - about.lead_days, "born_to": window.days - about.fate_days - 1,
        "late": float(np.mean([r.delayed.sum() for r in done])),
        "margins": {
            name: {"with": float(both[0, i]), "without": float(both[1, i]), "unit": unit}
            for i, (name, unit) in enumerate(zip(MARGINS, ("person", "attempt", "day", "cent"), strict=True))
        },
        "part_of_interval_due_to_scale": None if np.isnan(due) else due,
    }  # fmt: skip
