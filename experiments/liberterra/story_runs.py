"""Worlds that differ in their measures alone: from one past, under the same chance, each seed kept when it is done.

Both experiments of the Liberterra story run many worlds of the scenario ``liberterra`` that part on its first day. So
the past of a seed is run once, every world goes on from a copy, and what is measured of them is written into one
file a seed. The same command takes up what is there, and runs it anew when scenario, rules or measures changed.
"""

from __future__ import annotations

import argparse
import hashlib
import inspect
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import as_completed
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from waterbed import processes
from waterbed.engine.compiled import version
from waterbed.engine.run import Run, Simulation, simulate
from waterbed.errors import InputError
from waterbed.measures.forking import branch, first_day
from waterbed.measures.intervals import resamples, row
from waterbed.measures.provenance import provenance
from waterbed.measures.tables import whole
from waterbed.scenario.loading import with_settings
from waterbed.scenario.scenario import Scenario
from waterbed.study.keys import text_of, version_of

ROOT = Path(__file__).resolve().parents[2]
STORE = ROOT / "build" / "liberterra_story"
RESULTS = ROOT / "results" / "liberterra_story"
OPERATION = "liberterra"
YEAR = 365
LEAD = 180
"""Days before a measure from which on people are followed: who sets out needs weeks to a border."""

type Arrays = dict[str, np.ndarray]
type Measure = Callable[[Lived, Lived], Arrays]


class Lived(NamedTuple):
    """A run to its end, and which of its people were last recruited by somebody who deceives."""

    run: Run
    deceived: np.ndarray


def live(simulation: Simulation) -> Lived:
    """Run a world to its end."""
    simulation.advance(simulation.last)
    world = simulation.world
    recruiter = world.biographies["recruiter"]
    deceived = (recruiter >= 0) & (world.recruiters["deceptive"][np.maximum(recruiter, 0)] == 1)
    return Lived(simulation.finish(), deceived)


def one_seed(worlds: Mapping[str, Scenario], reference: str, measure: Measure, path: Path, seed: int) -> Path:
    """Run all worlds of a seed and write what is measured of each beside the reference; returns the file."""
    first = min(first_day(scenario) for scenario in worlds.values())
    base = Simulation(worlds[reference].untreated(), seed)
    base.advance(first)
    y = live(branch(base, worlds[reference]))
    kept: Arrays = {}
    for name, scenario in worlds.items():
        x = y if name == reference else live(branch(base, scenario))
        kept |= {f"{name}|{what}": array for what, array in measure(x, y).items()}
    path.mkdir(parents=True, exist_ok=True)
    temporary = path / f".{seed}-{os.getpid()}.npz"
    np.savez_compressed(temporary, allow_pickle=False, **kept)
    return temporary.replace(path / f"{seed}.npz")


def folder(worlds: Mapping[str, Scenario], reference: str, measure: Measure, store: Path) -> Path:
    """Where the seeds of these worlds are kept: named by all that their numbers depend on."""
    total = hashlib.blake2b(version_of(()).encode(), digest_size=8)
    for part in (reference, measure.__name__, inspect.getsource(sys.modules[measure.__module__])):
        total.update(part.encode() + b"\0")
    for name, scenario in worlds.items():
        total.update(f"{name}\0{text_of(scenario)}\0".encode())
    return store / total.hexdigest()


def run(
    worlds: Mapping[str, Scenario], reference: str, measure: Measure, seeds: range, workers: int, store: Path = STORE
) -> list[dict[str, Arrays]]:
    """What is measured of each world, seed by seed; only seeds that are not in the store are run."""
    path = folder(worlds, reference, measure, store)
    left = [seed for seed in seeds if not (path / f"{seed}.npz").exists()]
    work = partial(one_seed, dict(worlds), reference, measure, path)
    began = time.perf_counter()

    def tell(done: int) -> None:
        spent = time.perf_counter() - began
        print(f"{len(seeds) - len(left) + done} of {len(seeds)} seeds of {len(worlds)} worlds, {spent:.0f} s",
              file=sys.stderr, flush=True)  # fmt: skip

    if len(left) > 1 and workers > 1:
        # Compiled here, and found in Numba's cache there.
        simulate(worlds[reference].untreated().replace({"days": 1, "burn_in": 1}))
        with processes.pool(min(workers, len(left))) as pool:
            for done, future in enumerate(as_completed([pool.submit(work, seed) for seed in left]), 1):
                future.result()
                tell(done)
    else:
        for done, seed in enumerate(left, 1):
            work(seed)
            tell(done)
    return [_read(path / f"{seed}.npz") for seed in seeds]


def _read(path: Path) -> dict[str, Arrays]:
    found: dict[str, Arrays] = {}
    with np.load(path, allow_pickle=False) as file:
        for key in file.files:
            world, what = key.split("|")
            found.setdefault(world, {})[what] = file[key]
    return found


class Estimate(NamedTuple):
    """An estimate with its 90 % bootstrap interval over seeds; all ``nan`` where it is not identified."""

    value: float
    low: float
    high: float


def estimate(terms: np.ndarray, seed: int = 0) -> Estimate:
    """Of terms [seed, 1, 2 or 4] as in :mod:`waterbed.measures.intervals`: a mean, a ratio of sums, or a difference."""
    found = row(("", "", ""), np.asarray(terms, float), resamples(len(terms), seed))
    return Estimate(*(float(found[k]) for k in ("mean", "low", "high")))


def change(x: np.ndarray, y: np.ndarray) -> Estimate:
    """Of sums in both worlds, seed by seed: x over y less 1, as a ratio of sums."""
    return estimate(np.stack([x - y, y], axis=1))


def base_scenario(days_after: int, settings: Sequence[str] = ()) -> Scenario:
    """The scenario, long enough for so many days after the last day of its operation; settings as 'PATH=VALUE'."""
    scenario = Scenario.load("liberterra")
    operation = scenario.operations[OPERATION]
    return with_settings(scenario.replace({"days": operation.start + operation.days + days_after}), settings)


def again(scenario: Scenario, times: int) -> dict[str, dict[str, object]]:
    """Operations that repeat that of the scenario a year, two years, … later."""
    operation = scenario.operations[OPERATION].model_dump(mode="json")
    return {f"again{i}": operation | {"start": operation["start"] + YEAR * i} for i in range(1, times + 1)}


def command(arguments: list[str], about: str, seeds: str) -> argparse.Namespace:
    """The command line that both experiments have; seeds as a range."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--seeds", default=seeds, help="first:last + 1")
    parser.add_argument("--workers", type=int, default=1, help="processes")
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", dest="settings",
                        help="under another assumption, say police.arrest_rate=0.001; give another --out")  # fmt: skip
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of the tables and figures")
    parser.add_argument("--store", type=Path, default=STORE, help="folder of the runs that are done")
    given = parser.parse_args(arguments)
    first, _, last = given.seeds.partition(":")
    if not (first.isdecimal() and last.isdecimal() and int(last) - int(first) >= 2):
        raise InputError(f"--seeds: is {given.seeds!r}; give at least two, as in {seeds}")
    given.seeds = range(int(first), int(last))
    return given


def started(main: Callable[[list[str]], int]) -> int:
    """Run a command; its exit code. What is wrong is said in one message; what is done is kept."""
    try:
        return main(sys.argv[1:])
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped. The same command goes on from the seeds that are done.", file=sys.stderr)
        return 130


def write(
    out: Path, name: str, tables: Mapping[str, pd.DataFrame], figures: Mapping[str, Any], scenario: Scenario,
    seeds: range,
) -> None:  # fmt: skip
    """Tables as CSV, figures as PNG and SVG, and where they come from as ``<name>.json``; each whole or not at all."""
    out.mkdir(parents=True, exist_ok=True)
    about = provenance(name, scenario, seeds=[seeds.start, seeds.stop], replicates=len(seeds), model_version=version())
    about["command"] = f"python experiments/liberterra/{name}.py"
    texts = {f"{key}.csv": table.to_csv(index=False, float_format="%.6g") for key, table in tables.items()}
    for file, text in (texts | {f"{name}.json": json.dumps(about, indent=2) + "\n"}).items():
        whole(out / file, partial(_put, text))
    for key, figure in figures.items():
        whole(out / f"{key}.png", partial(figure.savefig, dpi=150, format="png"))
        whole(out / f"{key}.svg", partial(figure.savefig, format="svg", metadata={"Date": None}))
        print(out / f"{key}.png")


def _put(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8")
