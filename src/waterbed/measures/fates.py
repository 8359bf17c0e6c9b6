"""The fate matrix: what became of the same people in both worlds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..agents.states import FATES
from ..errors import InputError
from .window import Window, find_window

if TYPE_CHECKING:
    from ..engine.run import Run
    from ..scenario.scenario import Scenario

_CROSSED = FATES.index("crossed")
LATE_DAYS = 30
"""Who crosses the same way more than these days later is counted as delayed."""
MARGINS = ("ever_exploited", "attempts", "exploited_days", "paid")


def fate_names(route_names: list[str]) -> list[str]:
    """Labels of the fates: one for each route crossed, then the others."""
    return [f"crossed: {r}" for r in route_names] + [f for f in FATES if f != "crossed"]


def comparable_window(scenario: Scenario, against: Scenario) -> Window:
    """The window over which two scenarios are compared. Raises InputError as :func:`require_horizon` does."""
    window = find_window(scenario, against)
    require_horizon(scenario, window)
    return window


def require_horizon(scenario: Scenario, window: Window) -> None:
    """Refuse a run too short for a cohort.

    Raises:
        InputError: naming ``days``, its value and the smallest that will do.
    """
    about = scenario.compare
    need = max(window.first - about.lead_days, -scenario.burn_in) + about.fate_days + 1
    if window.days < need:
        raise InputError(
            f"days: is {window.days}, too short for a cohort whose fate is read {about.fate_days} days after "
            f"birth; set days to at least {need}, or lower compare.fate_days or raise compare.lead_days"
        )


def match(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the people who are in both worlds, by group and ordinal."""
    if len(x) == len(y) and all(np.array_equal(x[name], y[name]) for name in ("group", "ordinal")):
        rows = np.arange(len(x))
        return rows, rows
    keys = [people["group"].astype(np.int64) << 32 | people["ordinal"] for people in (x, y)]
    _, a, b = np.intersect1d(*keys, return_indices=True)
    return a, b


def cohort(x: Run, y: Run, window: Window) -> tuple[np.ndarray, np.ndarray]:
    """The same people in both worlds, born from ``lead_days`` before the start, of an age for a fate by the end.

    Returns:
        Rows of ``Run.people`` of x and of y, in the same order.

    Raises:
        InputError: where the run is too short for anybody's fate to be read.
    """
    require_horizon(x.scenario, window)
    about = x.scenario.compare
    a, b = match(x.people, y.people)
    birth = x.people["birth"][a]
    inside = (birth >= window.first - about.lead_days) & (birth < window.days - about.fate_days)
    inside &= (x.people["fate"][a] >= 0) & (y.people["fate"][b] >= 0)
    return x.people[a[inside]], y.people[b[inside]]


def codes(people: np.ndarray, routes: int) -> np.ndarray:
    """Index into :func:`fate_names` for each person."""
    others = np.cumsum([f != "crossed" for f in FATES]) - 1 + routes
    return np.where(
        people["fate"] == _CROSSED, np.clip(people["fate_route"], 0, routes - 1), others[people["fate"]]
    )


def fate_matrix(p: np.ndarray, q: np.ndarray, routes: int) -> tuple[np.ndarray, np.ndarray]:
    """Agents of the cohort by fate [without, with], and how many of each crossed the same way much later.

    ``p`` and ``q`` are the same people with and without the measure. The matrix sums to their number; the
    second array has a value for each fate, 0 for all that are not a crossing.
    """
    n = routes + len(FATES) - 1
    x, y = codes(p, routes), codes(q, routes)
    matrix = np.bincount(y * n + x, minlength=n * n).reshape(n, n)
    late = (x == y) & (p["fate"] == _CROSSED) & (p["crossing_day"].astype(np.int64) - q["crossing_day"] > LATE_DAYS)
    return matrix, np.bincount(x[late], minlength=n)


def margins(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Sums over the cohort's agents [with, without; MARGINS]: ever exploited, attempts, days, cents."""
    return np.array([[people[name].sum(dtype=np.int64) for name in MARGINS] for people in (p, q)], float)
