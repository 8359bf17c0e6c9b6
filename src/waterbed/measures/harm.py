"""Harm and cost: who paid, and what it took."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..agents.states import FATES
from ..engine.world import CROSSINGS, DEATHS, T

if TYPE_CHECKING:
    from ..engine.run import Run
    from .window import Window

_WORLDS = ("with", "without")


def harm(terms: dict, x: Run, y: Run, p: np.ndarray, q: np.ndarray, window: Window) -> None:
    """Deaths, exploitation, protection and fees, in both worlds and as the change, with minus without.

    Deaths are counted over the days during and after; exploitation and protection to the end of the run,
    since they come late; fees over the cohort.
    """
    ppa = float(x.scenario.persons_per_agent)
    _deaths(terms, [r.legs for r in (x, y)], window, ppa)
    totals = [r.totals[window.first : window.days] for r in (x, y)]
    for name, column, unit in (
        ("exploited_person_days", "exploited", "person-day"), ("newly_exploited", "newly_exploited", "person"),
        ("victims_protected", "protected", "person"),
    ):  # fmt: skip
        _both(terms, name, "to the end", unit, [float(t[:, T[column]].sum()) * ppa for t in totals])
    fees = [float(people["paid"].sum(dtype=np.int64)) * ppa / 100.0 for people in (p, q)]
    for world, paid in zip(_WORLDS, fees, strict=True):
        terms["fees_paid", world, "USD"] = (paid,)
    terms["fees_paid_change", "cohort", "share"] = (fees[0] - fees[1], fees[1])
    never = [float((people["fate"] == FATES.index("never_left")).sum()) * ppa for people in (p, q)]
    terms["never_left_change", "cohort", "person"] = (never[0] - never[1],)


def _deaths(terms: dict, legs: list[np.ndarray], window: Window, ppa: float) -> None:
    """Per 1,000 who completed a leg, so that it compares with risk tables of the record."""
    parts: list[float] = []
    for run in legs:
        span = run[window.first : window.after]
        parts += [1000.0 * float(span[..., DEATHS].sum()) * ppa, float(span[..., CROSSINGS].sum()) * ppa]
    terms["deaths_per_1000_crossings_change", "during and after", "1/1000"] = tuple(parts)
    for i, world in enumerate(_WORLDS):
        terms["deaths_per_1000_crossings", world, "1/1000"] = tuple(parts[2 * i : 2 * i + 2])
    _both(terms, "deaths", "during and after", "person", [parts[0] / 1000.0, parts[2] / 1000.0])


def _both(terms: dict, name: str, span: str, unit: str, values: list[float]) -> None:
    terms[f"{name}_change", span, unit] = (values[0] - values[1],)
    for world, value in zip(_WORLDS, values, strict=True):
        terms[name, world, unit] = (value,)


def cost(terms: dict, x: Run, y: Run, prevented: float, window: Window) -> None:
    """Officer-days spent more than in the twin, by operations and (as declared) policies; per crossing prevented.

    ``prevented`` is the fall of all counted crossings, on whatever leg: displaced ones are not prevented.
    """
    spent = _officer_days(x, window) - _officer_days(y, window)
    terms["officer_days", "difference", "officer-day"] = (spent,)
    terms["prevented_crossings", "during and after", "person"] = (prevented,)
    terms["officer_days_per_prevented_crossing", "during and after", "officer-day/person"] = (spent, prevented)


def _officer_days(run: Run, window: Window) -> float:
    policies = sum(
        p.cost * max(0, min(window.days, p.start + (p.days or window.days)) - p.start)
        for p in run.scenario.policies.values()
    )
    return float(sum(row["officer_days"] for row in run.operations.values()) + policies)
