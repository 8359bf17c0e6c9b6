"""The fate matrix: what became of the same people in both worlds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..agents.states import FATES
from ..errors import InputError

if TYPE_CHECKING:
    from ..engine.run import Run

_CROSSED = FATES.index("crossed")
LATE_DAYS = 30


def fate_names(run: Run) -> list[str]:
    """Labels of the fates: one for each route crossed, then the others."""
    return [f"crossed: {r}" for r in run.route_names] + [f for f in FATES if f != "crossed"]


def match(x: Run, y: Run) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the people who are in both worlds, by group and ordinal."""
    if len(x.people) == len(y.people) and np.array_equal(
        x.people[["group", "ordinal"]], y.people[["group", "ordinal"]]
    ):
        rows = np.arange(len(x.people))
        return rows, rows
    keys = [r.people["group"].astype(np.int64) << 32 | r.people["ordinal"] for r in (x, y)]
    _, a, b = np.intersect1d(*keys, return_indices=True)
    return a, b


def cohort(x: Run, y: Run, start: int) -> tuple[np.ndarray, np.ndarray]:
    """People of both worlds, born from ``lead_days`` before the start until ``fate_days`` before the end."""
    about = x.scenario.compare
    last = min(x.scenario.days, y.scenario.days) - about.fate_days
    if last <= start - about.lead_days:
        need = start - about.lead_days + about.fate_days + 1
        raise InputError(
            f"days is {x.scenario.days}: too short for a cohort whose fate is read {about.fate_days} days after birth; "
            f"give at least {need}, or lower compare.fate_days"
        )
    a, b = match(x, y)
    p, q = x.people[a], y.people[b]
    inside = (p["birth"] >= start - about.lead_days) & (p["birth"] < last) & (p["fate"] >= 0) & (q["fate"] >= 0)
    return p[inside], q[inside]


def codes(people: np.ndarray, routes: int) -> np.ndarray:
    """Index into :func:`fate_names` for each person."""
    others = np.cumsum([f != "crossed" for f in FATES]) - 1 + routes
    return np.where(people["fate"] == _CROSSED, np.clip(people["fate_route"], 0, routes - 1), others[people["fate"]])


def fate_matrix(p: np.ndarray, q: np.ndarray, routes: int) -> tuple[np.ndarray, int]:
    """[without, with] agents of the cohort by fate, and how many crossed the same way over 30 days later."""
    n = routes + len(FATES) - 1
    x, y = codes(p, routes), codes(q, routes)
    matrix = np.bincount(y * n + x, minlength=n * n).reshape(n, n)
    late = (x == y) & (p["fate"] == _CROSSED) & (p["crossing_day"] - q["crossing_day"] > LATE_DAYS)
    return matrix, int(late.sum())
