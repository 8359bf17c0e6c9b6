"""The fit: ABC-SMC (Toni et al. 2009) by pyABC, on the unit cube, with our own order of proposals.

Parameters are places in the unit interval, where every prior is uniform; what a place means is the caller's. A
population is kept in pyABC's SQLite history as soon as it is whole, and a fit goes on after the last one kept.
"""

from __future__ import annotations

import logging
import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError

type Model = Callable[[Sequence[float], int], Sequence[float]]
"""A picklable function from places in the unit interval and a seed to statistics."""

LEAST_ESS = 0.1
"""Effective points of the last population, over its points, below which a fit counts as degenerate."""


@dataclass(frozen=True)
class Settings:
    """How long and how closely to look; see :class:`~waterbed.calibrate.file.CalibrationFile`."""

    seed: int
    population: int
    populations: int
    runs: int
    tolerance: float


@dataclass(frozen=True)
class Fit:
    """The last population, and how it was reached."""

    places: np.ndarray
    """[point, parameter] in the unit interval."""
    weights: np.ndarray
    """[point], adding up to 1."""
    statistics: np.ndarray
    """[point, target]."""
    distances: np.ndarray
    course: list[dict[str, float]]
    """A row a population: its tolerance, runs, and effective points."""
    trouble: str
    """Why it has not converged; empty where it has."""

    @property
    def runs(self) -> int:
        """Runs that the populations took, those rejected included."""
        return int(sum(row["runs"] for row in self.course))


class NotConverged(Exception):
    """A fit that did not reach its tolerance; the message says how far it came, and what to do."""


@dataclass(frozen=True)
class _Simulated:
    """What pyABC calls: a model under a seed drawn from the proposal's own chance."""

    model: Model

    def __call__(self, parameter: Mapping[str, float]) -> dict[str, float]:
        seed = int(np.random.randint(2**31 - 1))
        found = self.model([parameter[f"p{i}"] for i in range(len(parameter))], seed)
        return {f"s{i}": float(value) for i, value in enumerate(found)}


@dataclass(frozen=True)
class Distance:
    """Root mean square over the targets of misfit over scale; infinite where a statistic is not a number."""

    scales: tuple[float, ...]

    def __call__(self, x: Mapping[str, float], observed: Mapping[str, float]) -> float:
        """Distance of a run's statistics from what was observed."""
        misfits = [(x[f"s{i}"] - observed[f"s{i}"]) / scale for i, scale in enumerate(self.scales)]
        total = sum(misfit * misfit for misfit in misfits)
        return math.sqrt(total / len(misfits)) if math.isfinite(total) else math.inf


def fit(
    model: Model, parameters: int, observed: Sequence[float], scales: Sequence[float], settings: Settings, *,
    history: Path | None = None, executor: Executor | None = None, width: int = 1,
    look: Callable[[int], None] = lambda runs: None,
) -> Fit:  # fmt: skip
    """Fit a model to what was observed; goes on where ``history`` holds populations of the same fit.

    Args:
        model: places in the unit interval and a seed in, statistics out; picklable where an executor is given.
        parameters: how many there are.
        observed: one number a target.
        scales: misfit that counts as 1, one a target.
        settings: seed, sizes and tolerance.
        history: SQLite file of the populations; none: kept in memory alone.
        executor: any ``concurrent.futures.Executor``; none: this very process.
        width: batches that the executor can run at once.
        look: told the runs done, after each one.

    Raises:
        InputError: where pyABC is not installed.
        NotConverged: where not even the first population was filled.
    """
    abc, sampler = _set_up(model, parameters, scales, settings, executor, width, look)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        where = f"sqlite:///{history}" if history else "sqlite://"
        told = {f"s{i}": float(value) for i, value in enumerate(observed)}
        kept = history is not None and history.is_file() and _resume(abc, where, told)
        if not kept:
            abc.new(where, told)
        sampler.before = int(abc.history.total_nr_simulations)
        left = settings.populations - (abc.history.max_t + 1)
        if left > 0 and not _reached(abc, settings):
            abc.run(minimum_epsilon=settings.tolerance, max_nr_populations=left)
        return _result(abc, settings, parameters, len(scales))


def _set_up(
    model: Model, parameters: int, scales: Sequence[float], settings: Settings, executor: Executor | None, width: int,
    look: Callable[[int], None],
) -> tuple[Any, Any]:  # fmt: skip
    try:
        import pyabc
    except ImportError:
        what = "calibration needs the package pyabc; install it with: pip install 'waterbed[calibrate]'"
        raise InputError(what) from None
    from .sampler import Ordered

    class Falling(pyabc.QuantileEpsilon):
        """Medians of the last population's distances, but never below what is asked for."""

        def initialize(self, t: int, get_weighted_distances: Callable[[], Any], *more: Any, **named: Any) -> None:
            """A fit that goes on takes the median of the population kept, not the first tolerance again."""
            if t > 0:
                self._update(t, get_weighted_distances())

        def __call__(self, t: int) -> float:
            return max(float(super().__call__(t)), settings.tolerance)

    for name in ("ABC", "ABC.History", "ABC.Sampler"):
        logging.getLogger(name).setLevel(logging.ERROR)
    prior = pyabc.Distribution(**{f"p{i}": pyabc.RV("uniform", 0.0, 1.0) for i in range(parameters)})
    sampler = Ordered(settings.seed, settings.runs, executor, width, look)
    abc = pyabc.ABCSMC(_Simulated(model), prior, Distance(tuple(scales)), population_size=settings.population,
                       eps=Falling(initial_epsilon=math.inf, alpha=0.5), sampler=sampler)  # fmt: skip
    return abc, sampler


def _resume(abc: Any, where: str, told: dict[str, float]) -> bool:
    """Whether the history held a fit to go on with."""
    try:
        abc.load(where, observed_sum_stat=told)
    except Exception:  # a file that was cut off before its first row: begin anew in it
        return False
    return True


def _reached(abc: Any, settings: Settings) -> bool:
    course = abc.history.get_all_populations()
    return bool((course["epsilon"] <= settings.tolerance * (1 + 1e-9)).any())


def _result(abc: Any, settings: Settings, parameters: int, targets: int) -> Fit:
    history = abc.history
    if history.max_t < 0:
        raise NotConverged(f"not even the first population of {settings.population} points was filled in "
                           f"{settings.runs:,} runs; allow more with runs")  # fmt: skip
    table = history.get_all_populations()
    course = []
    for row in table[table["t"] >= 0].to_dict("records"):
        _, weights = history.get_distribution(0, int(row["t"]))
        course.append({"population": row["t"] + 1, "tolerance": row["epsilon"], "runs": row["samples"],
                       "effective_points": 1.0 / float((np.asarray(weights) ** 2).sum())})  # fmt: skip
    particles = history.get_population(history.max_t).particles
    weights = np.array([p.weight for p in particles])
    return Fit(
        np.array([[p.parameter[f"p{i}"] for i in range(parameters)] for p in particles]),
        weights / weights.sum(),
        np.array([[p.sum_stat[f"s{i}"] for i in range(targets)] for p in particles], float),
        np.array([p.distance for p in particles], float),
        course,
        _trouble(course, settings, _reached(abc, settings)),
    )


def _trouble(course: list[dict[str, float]], settings: Settings, reached: bool) -> str:
    last, runs = course[-1], int(sum(row["runs"] for row in course))
    if not reached:
        budget = f"{len(course)} populations and {runs:,} of at most {settings.runs:,} runs"
        return (f"not converged: after {budget} the tolerance is {last['tolerance']:.3g}, and {settings.tolerance:.3g} "
                "was asked for; allow more runs or populations, widen bounds, or ask for less with tolerance or scale")
    if last["effective_points"] < LEAST_ESS * settings.population:
        return (f"not converged: the last population's {settings.population} points weigh as "
                f"{last['effective_points']:.1f}; enlarge population")  # fmt: skip
    return ""
