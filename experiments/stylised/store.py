"""What measures gave, kept as it comes: an append-only file of JSON lines, so that a run goes on where it stopped."""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache, lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import eight_patterns
from eight_patterns import Terms

from waterbed.engine.compiled import version
from waterbed.engine.run import simulate
from waterbed.errors import InputError

from . import fact as common
from .catalogue import FACTS
from .fact import Fact, Lab

BATCH = 4
"""Seeds in a job: a blueprint made for one serves the others."""


@dataclass(frozen=True)
class Job:
    """A fact to be measured at a point of parameter space (as JSON; empty: the defaults) under some seeds."""

    number: int
    point: str
    seeds: tuple[int, ...]


def by_number(number: int) -> Fact:
    """The fact of that number."""
    return next(f for f in FACTS if f.number == number)


@cache
def fingerprint(number: int) -> str:
    """Hash of all that a measured value depends on: the rules, and the code of the measure; not the bands."""
    modules = (sys.modules[by_number(number).measure.__module__], common, eight_patterns)
    code = [ast.dump(ast.parse(inspect.getsource(module))) for module in modules]
    return hashlib.sha256("".join([version(), *code]).encode()).hexdigest()[:16]


def key(number: int, point: str, seed: int) -> str:
    """What a value is kept under."""
    return f"{fingerprint(number)}:{number}:{hashlib.sha256(point.encode()).hexdigest()[:16]}:{seed}"


@lru_cache(maxsize=4)
def lab(point: str) -> Lab:
    """The laboratory at a point."""
    return Lab(**json.loads(point)) if point else Lab()


def do(job: Job) -> list[tuple[str, Any]]:
    """Keys and terms of a job; in place of terms a sentence where a scenario is refused at its point."""
    fact, out = by_number(job.number), []
    for seed in job.seeds:
        try:
            found: Any = fact.measure(lab(job.point), seed)
        except (InputError, ZeroDivisionError) as error:
            found = f"{type(error).__name__}: {error}"
        out.append((key(job.number, job.point, seed), found))
    return out


class Store:
    """Terms by key, in a file to which is only ever added."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.found: dict[str, Any] = {}
        if path.is_file():
            for line in path.read_text("utf-8").splitlines():
                try:
                    self.found |= [json.loads(line)]
                except (json.JSONDecodeError, ValueError):
                    continue  # a line cut short by a crash: its value is made again

    def fill(self, wanted: Iterable[tuple[int, str, int]], workers: int) -> None:
        """Run what is wanted and not there yet; what is done is kept whatever happens."""
        jobs = list(_batches((n, p, s) for n, p, s in wanted if key(n, p, s) not in self.found))
        if not jobs:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        simulate(Lab().scenario(), 0)  # compiled here, and found in Numba's cache there
        torn = self.path.is_file() and not self.path.read_bytes().endswith(b"\n")
        pool = ProcessPoolExecutor(workers, get_context("spawn"))
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write("\n" if torn else "")
                for i, done in enumerate(as_completed([pool.submit(do, job) for job in jobs])):
                    for name, terms in done.result():
                        self.found[name] = terms
                        file.write(json.dumps([name, terms]) + "\n")
                    file.flush()
                    if sys.stderr.isatty():
                        print(f"\r{i + 1} of {len(jobs)} jobs", end="", file=sys.stderr)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def terms(self, number: int, point: str, seeds: Iterable[int]) -> list[Terms]:
        """What was measured; seeds at which the scenario was refused are left out."""
        found = [self.found[key(number, point, seed)] for seed in seeds]
        return [{name: tuple(values) for name, values in f.items()} for f in found if not isinstance(f, str)]


def _batches(wanted: Iterable[tuple[int, str, int]]) -> Iterator[Job]:
    groups: dict[tuple[int, str], list[int]] = {}
    for number, point, seed in wanted:
        groups.setdefault((number, point), []).append(seed)
    for (number, point), seeds in groups.items():
        for i in range(0, len(seeds), BATCH):
            yield Job(number, point, tuple(seeds[i : i + BATCH]))
