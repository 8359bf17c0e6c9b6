"""Expected detections by class of people and route, from the model's own choice rule.

As :mod:`waterbed.validate.expected` does for a border of sectors, the equations of a simulation are followed in
expectation on a network of any shape: ways are chosen by the engine's own solver on the arrays of the scenario's
blueprint, and people are replaced by their expected number, an absorbing Markov chain in which who is turned back
chooses again. Left out: the days on the way, crowding, weather, season, raids, exploitation, chance.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .routes import STEPS, Routes

LIMIT = 6000.0
"""Largest constant of a route, USD: beyond it nobody goes."""
ONWARD = "Western Balkan"
"""The route on which people of another route are counted again."""
AGAIN = 0.74
"""Detections on it over those of the Eastern Mediterranean: Frontex, Annual Risk Analyses, 2014 and 2016."""
_MEAN_SEASON = 12
_QUANTILES = 9


class Basin:
    """A scenario's people and routes, without its operations and policies.

    Args:
        scenario: bundled ``mediterranean``, or one like it.
    """

    def __init__(self, scenario: Any) -> None:
        from ..engine.baseline import bare_world
        from ..engine.blueprint import build
        from ..engine.compiled import engine
        from ..engine.handle import Handle
        from ..network import load_world

        plan = build(scenario.untreated(), load_world(scenario.network))
        a = self._a = {name: array.copy() for name, array in plan.arrays.items()}
        self.scenario = scenario
        self.classes, self.routes, self.legs = plan.names.classes, plan.counted_routes, plan.names.legs
        """Names, in the order of results; legs as ``Tail > Head``, sorted by their tails."""
        self._seat = np.array([plan.names.routes.index(r) for r in self.routes])
        self._on = [np.flatnonzero((a["legs"]["route"] == s) & (a["legs"]["counted"] == 1)) for s in self._seat]
        self._world = Handle(bare_world(a))
        self._plan = engine(scenario.plugins).plan
        self._offers = [np.flatnonzero(a["carriers"]["leg"] == leg) for leg in range(len(a["legs"]))]
        self._prior = a["legs"]["prior"].copy()
        self._home = np.bincount(a["groups"]["class_"], a["groups"]["rate"], minlength=len(self.classes))
        self._budgets = self._quantiles_of_budget()

    def _quantiles_of_budget(self) -> np.ndarray:
        from statistics import NormalDist

        m, normal = self.scenario.migration, NormalDist()
        at = [normal.inv_cdf((i + 0.5) / _QUANTILES) for i in range(_QUANTILES)]
        return m.budget * np.exp(m.budget_sigma * np.array(at))

    @property
    def people(self) -> np.ndarray:
        """People a year who begin to consider leaving, by class."""
        return self._home * 365.25

    def set_people(self, people: np.ndarray) -> None:
        """Change the sizes of classes, people a year."""
        groups = self._a["groups"]
        # A class without people keeps a trace, so that it can grow again.
        groups["rate"] *= (np.maximum(people, 1e-6) / self.people)[groups["class_"]]
        self._home = np.bincount(groups["class_"], groups["rate"], minlength=len(self.classes))

    @property
    def constants(self) -> np.ndarray:
        """USD, [class, route]."""
        return np.asarray(self._a["constant"][self._seat + 1].T.copy())

    def set_constants(self, constants: np.ndarray) -> None:
        """Change them, [class, route] in USD; and with them what is the baseline."""
        self._a["constant"][self._seat + 1] = constants.T
        # Classes were laid out by what they had in common; with other constants all differ.
        self._a["alike"][:] = np.arange(len(self.classes))[None, :]
        self._solve(self._prior, np.zeros(len(self.routes)), np.zeros(len(self.legs), bool))
        groups = self._a["groups"]
        value = self._a["value"][groups["place"], groups["class_"]]
        groups["base_value"] = np.log(np.maximum(value, 1e-300))

    def _solve(self, belief: np.ndarray, growth: np.ndarray, closed: np.ndarray) -> None:
        a = self._a
        for offers, value in zip(self._offers, belief, strict=True):
            a["carriers"]["belief"][offers] = value
        a["legs"]["belief"] = belief
        a["legs"]["closed"] = closed
        a["routes"]["growth"][self._seat] = growth
        self._plan(_MEAN_SEASON, self._world)

    def _starts(self) -> np.ndarray:
        """Converted prospects a day, [class, place]."""
        a, m, r = self._a, self.scenario.migration, self.scenario.recruiting
        groups = a["groups"]
        place, of = groups["place"], groups["class_"]
        value = np.log(np.maximum(a["value"][place, of], 1e-300))
        logit = m.intercept + m.push_slope * (a["places"]["push"][place] - 0.5)
        logit = logit + m.value_slope * (value - groups["base_value"])
        fees = np.maximum(a["fee_ahead"][place, of], 1e-9)
        short = np.maximum(0.0, 1.0 - self._budgets[:, None] / fees)
        logit = logit - m.unpaid_slope * short
        per_stock = r.per_daily_birth / r.stock_days
        convinced = per_stock * r.reach_in_person * (1 - r.online_share) / (1 + np.exp(-logit))
        convinced = convinced + per_stock * r.reach_online * r.online_share / (1 + np.exp(-logit - m.online_trust))
        share = (convinced / (convinced + 1 / m.lapse_days)).mean(axis=0)
        starts = np.zeros((len(self.classes), len(a["places"])))
        np.add.at(starts, (of, place), groups["rate"] * share)
        return starts

    def _flows(self, officers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Departures and detections a day, each [class, leg], with the ways as last solved."""
        from ..engine.baseline import shares

        a = self._a
        legs = a["legs"]
        caught = 1.0 - (1.0 - legs["detection"]) * np.exp(-officers / legs["search_width"])
        back, home = caught * legs["turned_back"], caught * legs["returned"]
        alive = 1.0 - legs["death"]
        chosen = np.stack([shares(a, c) for c in range(len(self.classes))])
        # What nobody takes.
        chosen[chosen < 1e-12] = 0.0
        on = chosen * alive * (1.0 - back - home)
        again = chosen * alive * back * self.scenario.migration.retry
        visits = _absorbed(self._starts(), legs["tail"], legs["head"], on, again)
        departures = visits[:, legs["tail"]] * chosen
        return departures, departures * alive * caught

    def _by_route(self, flows: np.ndarray) -> np.ndarray:
        return np.stack([flows[:, legs].sum(axis=1) for legs in self._on], axis=1)

    def baseline(self) -> np.ndarray:
        """Detections a year before any policy, [class, route]."""
        self._solve(self._prior, np.zeros(len(self.routes)), np.zeros(len(self.legs), bool))
        return self._by_route(self._flows(np.zeros(len(self.legs)))[1]) * 365.25

    def path(self, officers: np.ndarray, closed: np.ndarray) -> np.ndarray:
        """Detections by step of a quarter, [step, class, route], under officers and closures of shape [step, leg].

        It starts from the baseline: beliefs are those of the legs' own detection, routes have not grown.
        """
        s, legs = self.scenario, self._a["legs"]
        belief = self._prior.copy()
        self._solve(belief, np.zeros(len(self.routes)), np.zeros(len(self.legs), bool))
        routes = Routes(self._by_route(self._flows(np.zeros(len(self.legs)))[0]).sum(axis=0), s)
        found = []
        for standing, shut in zip(officers, closed, strict=True):
            caught = 1.0 - (1.0 - legs["detection"]) * np.exp(-standing / legs["search_width"])
            stopped = caught * np.minimum(1.0, legs["turned_back"] + legs["returned"])
            # Beliefs and ways settle together within the quarter.
            for _ in range(3):
                self._solve(belief, routes.growth, shut.astype(bool))
                departures, detected = self._flows(standing)
                belief = self._learnt(belief, stopped, departures.sum(axis=0), 365.25 / STEPS / 3)
            found.append(self._by_route(detected) * 365.25 / STEPS)
            routes.learn(self._by_route(departures).sum(axis=0))
        return np.array(found)

    def _learnt(self, belief: np.ndarray, stopped: np.ndarray, people: np.ndarray, days: float) -> np.ndarray:
        """Beliefs after some days with so many people a day on each leg, and drift to the prior on days with none."""
        learning, ppa = self.scenario.learning, self.scenario.persons_per_agent
        each = people / np.array([max(1, len(offers)) for offers in self._offers])
        nobody = np.exp(-each / ppa)
        carried = ppa * np.maximum(1.0, each / ppa)
        learn = (1.0 - nobody) * learning.rate * carried / (carried + learning.half_experience)
        drift = nobody * (1.0 - 2.0 ** (-1.0 / learning.drift_half_life))
        goal = (learn * stopped + drift * self._prior) / np.maximum(1e-12, learn + drift)
        kept = (1.0 - np.minimum(1.0, learn + drift)) ** days
        return np.asarray(goal + kept * (belief - goal))

    def fit(self, wanted: np.ndarray, rounds: int = 60) -> float:
        """Find people and constants under which baseline detections are ``wanted``, [class, route]; NaN is free.

        The step is that of Berry, Levinsohn & Pakes (1995): the logit's scale times the log error. In each class the
        least constant is 0, but for the route on which people are counted again. Returns the largest log error left,
        that route apart,
        and what no way leads to.
        """
        scale, again = self.scenario.choice.scale, np.array([r == ONWARD for r in self.routes])
        sought = wanted > 0
        constants = np.where(sought | again, 0.0, LIMIT)
        self.set_constants(constants)
        # What no way leads to is not sought: a handful of detections may have come otherwise.
        sought = sought & (self.baseline() > 0)
        entry = np.where(sought & ~again, wanted, 0.0)
        error = math.inf
        for _ in range(rounds):
            self.set_constants(constants)
            found = self.baseline()
            total = found[:, ~again].sum(axis=1)
            self.set_people(self.people * entry.sum(axis=1) / np.maximum(total, 1e-9))
            share = found / np.maximum(total, 1e-9)[:, None]
            goal = np.where(sought, wanted, 1.0) / np.maximum(entry.sum(axis=1, keepdims=True), 1e-9)
            off = np.where(sought, np.log(goal) - np.log(np.maximum(share, 1e-12)), 0.0)
            error = float(np.abs(off[:, ~again]).max())
            if error < 0.01:
                break
            # A leg counted twice on the way to a goal answers less than one to one, hence the smaller step.
            constants = constants - 0.8 * scale * off
            # Constants differ by what they differ; below 0 they would meet the floor on costs.
            least = np.where(sought & ~again, constants, np.inf).min(axis=1, keepdims=True)
            constants = np.where(sought & ~again, constants - least, constants)
            constants = np.clip(constants, -LIMIT, LIMIT)
        return error


def _absorbed(starts: np.ndarray, tail: np.ndarray, head: np.ndarray, on: np.ndarray, again: np.ndarray) -> np.ndarray:
    """Visits of each place, [class, place], of people who go on to the head of a leg or stay at its tail.

    A sparse system of all classes at once: a dense one fills with numbers too small to be computed with at speed.
    """
    from scipy.sparse import coo_array, eye_array
    from scipy.sparse.linalg import spsolve

    classes, n = starts.shape
    first = (n * np.arange(classes))[:, None]
    rows = np.concatenate([first + head, first + tail]).ravel()
    columns = np.concatenate([first + tail, first + tail]).ravel()
    chain = coo_array((np.concatenate([on, again]).ravel(), (rows, columns)), shape=(classes * n, classes * n))
    system = (eye_array(classes * n) - chain).tocsc()
    return np.asarray(spsolve(system, starts.ravel())).reshape(classes, n)


def with_onward(basin: Basin, wanted: Mapping[tuple[str, str], float]) -> np.ndarray:
    """A table [class, route] of detections by name; those who are counted again follow from the eastern ones."""
    table = np.zeros((len(basin.classes), len(basin.routes)))
    for (of, route), value in wanted.items():
        table[basin.classes.index(of), basin.routes.index(route)] = value
    if ONWARD in basin.routes:
        table[:, basin.routes.index(ONWARD)] = AGAIN * table[:, basin.routes.index("Eastern Mediterranean")]
    return table


def fit_world(
    folder: str | Path, wanted: Mapping[tuple[str, str], float]
) -> tuple[dict[str, float], dict[tuple[str, str], float]]:
    """People a year by class, and constants (USD) by class and route, for a world in a folder.

    Raises :class:`ValueError` where the fit does not settle, with what is left.
    """
    from ..scenario import Scenario

    basin = Basin(Scenario.load("mediterranean").replace({"network": str(folder)}))
    error = basin.fit(with_onward(basin, wanted))
    if error > 0.05:
        raise ValueError(f"{folder}: the fit leaves a factor of {math.exp(error):.2f}; ways or costs are amiss")
    people = dict(zip(basin.classes, basin.people.tolist(), strict=True))
    constants = {(c, r): float(basin.constants[i, j])
                 for i, c in enumerate(basin.classes) for j, r in enumerate(basin.routes)}  # fmt: skip
    return people, constants
