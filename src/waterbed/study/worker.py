"""What runs in a worker: a batch of points, each against its twin, reduced to the terms of its effects.

Nothing here raises for a run that fails: it comes back as a row with its error. Only a function that gives what no
effect can be ends its study.
"""

from __future__ import annotations

import threading
import time
import traceback
from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from ..measures import forking
from ..measures.intervals import Name
from ..measures.reading import Reading
from ..measures.window import find_window
from .store import TERMS

if TYPE_CHECKING:
    from ..engine.run import Run
    from ..measures.sets import Sets
    from ..scenario.scenario import Scenario

_TWINS = 2
"""Twins that a worker keeps: batches come in order, so that the next one mostly wants the last one's."""


class Overdue(Exception):
    """A run that took longer than its deadline."""


class Unreadable(InputError):
    """What a function in place of the model gave, which is no effects: a fault of the study and not of a run."""


@dataclass(frozen=True)
class Spec:
    """What all batches of a study share; small, since it goes with each of them."""

    scenario: str
    """The base scenario as JSON; empty where a function stands in for the model."""
    addresses: tuple[str, ...]
    deadline: float = 0.0
    model: Callable[[dict[str, Any], int], Mapping[str, Any]] | None = None
    """A picklable function from the factors' values and a seed to numbers by name, in place of the model."""


@dataclass(frozen=True)
class Job:
    """Points under one seed."""

    seed: int
    days: tuple[int, ...]
    """First days of the measures of all points that share the twin, of which it keeps copies; none: not shared."""
    points: tuple[tuple[str, tuple[Any, ...]], ...]
    """Key and values of each."""


@dataclass
class Rows:
    """Runs that are done, in a form that costs little to send: one array of numbers, and the names it holds."""

    keys: list[str] = field(default_factory=list)
    seeds: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    """Empty for a run that succeeded."""
    traces: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    layouts: list[int] = field(default_factory=list)
    names: list[tuple[tuple[Name, int], ...]] = field(default_factory=list)
    """Layouts that occur: (effect, key, unit) and number of terms, in the order of ``numbers``."""
    numbers: array[float] = field(default_factory=lambda: array("d"))
    absent: dict[Name, str] = field(default_factory=dict)
    wall: float = 0.0

    def add(self, key: str, seed: int, seconds: float, terms: Mapping[Name, tuple[float, ...]], error: str = "",
            trace: str = "") -> None:  # fmt: skip
        """One run more."""
        layout = tuple((name, len(values)) for name, values in terms.items())
        if layout not in self.names:
            self.names.append(layout)
        self.keys.append(key)
        self.seeds.append(seed)
        self.errors.append(error)
        self.traces.append(trace)
        self.seconds.append(seconds)
        self.layouts.append(self.names.index(layout))
        for values in terms.values():
            self.numbers.extend(values)


def run_batch(spec: Spec, jobs: tuple[Job, ...]) -> Rows:
    """Run all points of some jobs, in order. Raises Unreadable."""
    rows = Rows()
    began = time.perf_counter()
    for job in jobs:
        for key, values in job.points:
            started = time.perf_counter()
            try:
                terms, absent = _terms(spec, job, values)
            except Unreadable:
                raise
            except (Exception, SystemExit) as error:
                rows.add(key, job.seed, time.perf_counter() - started, {}, _said(error), traceback.format_exc()[-4000:])
                continue
            rows.absent |= absent
            rows.add(key, job.seed, time.perf_counter() - started, terms)
    rows.wall = time.perf_counter() - began
    return rows


def _said(error: BaseException) -> str:
    first = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__}: {first[0]}"[:500]


def _terms(spec: Spec, job: Job, values: tuple[Any, ...]) -> tuple[Mapping[Name, tuple[float, ...]], dict[Name, str]]:
    if spec.model is not None:
        found = spec.model(dict(zip(spec.addresses, values, strict=True)), job.seed)
        return told(found), {}
    base = _scenario(spec.scenario)
    scenario = base.replace(dict(zip(spec.addresses, values, strict=True)))
    if job.days:
        twin = _twin(scenario.untreated(), job, spec)
        return reduced(twin.with_measures(scenario, _deadline(spec)), twin.reading(scenario))
    x, y = forking.pair(scenario, job.seed, _deadline(spec))
    return reduced(x, Reading(y, find_window(x.scenario, y.scenario)))


def told(found: Any) -> dict[Name, tuple[float, ...]]:
    """The terms of what a function gave. Raises Unreadable for anything but numbers, or tuples of terms, by name."""
    if not isinstance(found, Mapping):
        raise Unreadable(f"model: gave {_short(found)}; let it return numbers by name, as {{'lost': 0.5}}")
    terms: dict[Name, tuple[float, ...]] = {}
    for name, value in found.items():
        if not isinstance(name, str) or not name or "|" in name:
            raise Unreadable(f"model: gave an effect the name {name!r}; let it be text without |")
        parts = value if isinstance(value, tuple) else (value,)
        try:
            numbers = tuple(map(float, parts))
        except (TypeError, ValueError):
            numbers = ()
        if len(numbers) not in TERMS:
            raise Unreadable(f"model: gave {name} = {_short(value)}; let it be a number, or a tuple of numerator and "
                             "denominator, or of two such pairs")  # fmt: skip
        terms[name, "", ""] = numbers
    return terms


def _short(value: Any) -> str:
    said = repr(value)
    return said if len(said) <= 80 else f"{said[:80]}…"


def reduced(x: Run, y: Reading) -> tuple[Mapping[Name, tuple[float, ...]], dict[Name, str]]:
    """The terms of a pair's effects; those on treated legs only where scenario and world name these.

    Where the loss itself would have to choose them, it would be the loss of all replicates together, which
    no single run knows.
    """
    from ..measures.displacement import SPATIAL
    from ..measures.flows import ON_SETS
    from ..measures.reduce import gather, settle

    pair, sets = gather(Reading(x, y.window), y), _sets(x.scenario)
    if sets is not None:
        pair = settle(pair, sets, x.world)
        return pair.terms, pair.absent
    why = "the scenario names no treated legs; name them under compare.treated"
    return pair.terms, dict.fromkeys((*ON_SETS, *SPATIAL), why)


@lru_cache(maxsize=2048)
def _sets(scenario: Scenario) -> Sets | None:
    """The treated legs that scenario and world declare, the same for every seed."""
    from ..measures.sets import declared_sets
    from ..network import load_world

    return declared_sets(scenario, scenario.untreated(), load_world(scenario.network))


def _deadline(spec: Spec) -> Callable[[], None] | None:
    if not spec.deadline:
        return None
    end = time.monotonic() + spec.deadline

    def look() -> None:
        if time.monotonic() > end:
            raise Overdue(f"took longer than the deadline of {spec.deadline:g} s")

    return look


@lru_cache(maxsize=8)
def _scenario(text: str) -> Scenario:
    from ..scenario.scenario import Scenario

    return Scenario.model_validate_json(text)


_kept = threading.local()
"""Twins of this thread, the last one used at the end."""


def _twin(untreated: Scenario, job: Job, spec: Spec) -> forking.Twin:
    """The twin of a point, kept for the points that come next."""
    twins: dict[tuple[str, int], forking.Twin] = _kept.__dict__.setdefault("twins", {})
    key = (untreated.key, job.seed)
    twin = twins.pop(key, None)
    if twin is None:
        while len(twins) >= _TWINS:
            del twins[next(iter(twins))]
        twin = forking.Twin(untreated, job.seed, job.days, _deadline(spec))
    twins[key] = twin
    return twin
