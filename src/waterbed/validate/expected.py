"""Expected yearly detections by sector, from the model's own choice rule.

A simulation draws people one by one; here the same equations are followed in expectation, so that a fit can ask
thousands of times. Ways are chosen by the engine's own solver (:func:`waterbed.engine.choice.plan`) on the arrays of
the scenario's blueprint; only the people are replaced by their expected number, an absorbing Markov chain in which
who is turned back chooses again at the staging city. Left out: the days on the way, crowding, chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .routes import STEPS, Routes

_MEAN_SEASON = 12


@dataclass(frozen=True)
class Shared:
    """The shared parameters of the border, at most five; sector constants come beside them."""

    width: float
    """Officers per km of border at which a crossing is searched with a hazard of 1."""
    loss_stopped: float
    """Loss of being turned back, USD."""
    half_experience: float
    """People carried at which a day's experience has half its weight in a group's belief."""
    route_growth: float
    """Monthly growth of a route's attractiveness while people are driven to it."""
    retry: float
    """Probability that one who was turned back tries again."""


class Border:
    """A scenario whose counted legs are sectors under a yearly dose of officers.

    Args:
        scenario: bundled ``southwest``, or one like it.
        sectors: labels of the counted legs, in the order in which results are given.
        km: length of border of each sector.
    """

    def __init__(self, scenario: Any, sectors: Sequence[str], km: Sequence[float]) -> None:
        from ..engine.baseline import bare_world
        from ..engine.blueprint import build
        from ..engine.compiled import engine
        from ..engine.handle import Handle
        from ..network import load_world

        plan = build(scenario.untreated(), load_world(scenario.network))
        a = self._a = {name: array.copy() for name, array in plan.arrays.items()}
        routes = plan.names.routes
        self._route = np.array([routes.index(s) for s in sectors])
        legs = a["legs"]
        counted = legs["counted"] == 1
        self.leg = np.array([int(np.flatnonzero((legs["route"] == r) & counted)[0]) for r in self._route])
        self._km = np.asarray(km, float)
        self._world = Handle(bare_world(a))
        self._plan = engine(scenario.plugins).plan
        self._scenario = scenario
        self._contacted = self._share_contacted()
        carriers = a["carriers"]
        self._offers = [np.flatnonzero(carriers["leg"] == leg) for leg in self.leg]
        self._groups = np.array([len(offers) for offers in self._offers], float)

    def _share_contacted(self) -> float:
        """Contacts until a prospect lapses, on average, at the start."""
        r, m = self._scenario.recruiting, self._scenario.migration
        return (
            r.per_daily_birth
            / r.stock_days
            * (r.reach_in_person * (1 - r.online_share) + r.reach_online * r.online_share)
            * m.lapse_days
        )

    def set_constants(self, constants: np.ndarray) -> None:
        """Constants of the sectors in USD, the same for all classes."""
        self._a["constant"][self._route + 1] = constants[:, None]

    def detections(self, shared: Shared, officers: np.ndarray) -> np.ndarray:
        """Detections a year by sector, shape (years, sectors), under officers of the same shape, in people.

        Before the first year beliefs are those of its officers, as after a burn-in.
        """
        a, s = self._a, self._scenario
        a["par"]["loss_stopped"], a["par"]["retry"] = shared.loss_stopped, shared.retry
        caught = 1.0 - np.exp(-np.asarray(officers, float) / (shared.width * self._km))
        self._start(caught[0])
        belief = caught[0].copy()
        found = np.zeros_like(caught)
        routes = Routes(self._flows(belief, np.zeros(len(self.leg)), caught[0], shared.retry), s, shared.route_growth)
        for year in range(len(caught)):
            for _ in range(STEPS):
                demand = self._flows(belief, routes.growth, caught[year], shared.retry)
                found[year] += demand * caught[year] * 365.25 / STEPS
                n = demand * self._guided()
                weight = s.learning.rate * n / (n + shared.half_experience)
                belief += (1.0 - (1.0 - weight) ** (365.25 / STEPS)) * (caught[year] - belief)
                routes.learn(demand)
        return found

    def _start(self, caught: np.ndarray) -> None:
        """Baseline values, against which conversion is measured."""
        self._solve(caught, np.zeros(len(self.leg)))
        groups = self._a["groups"]
        groups["base_value"] = np.log(self._a["value"][groups["place"], groups["class_"]])

    def _solve(self, belief: np.ndarray, growth: np.ndarray) -> None:
        a = self._a
        for leg, offers, value in zip(self.leg, self._offers, belief, strict=True):
            a["carriers"]["belief"][offers] = value
            a["legs"]["belief"][leg] = value
        a["routes"]["growth"][self._route] = growth
        self._plan(_MEAN_SEASON, self._world)

    def _flows(self, belief: np.ndarray, growth: np.ndarray, caught: np.ndarray, retry: float) -> np.ndarray:
        """Departures a day on each sector's leg, in people."""
        a = self._a
        self._solve(belief, growth)
        legs, value = a["legs"], a["value"]
        tail, head = legs["tail"], legs["head"]
        # [leg, class]: nothing leads on from a destination, so no tail is one.
        chosen = a["leg_weight"] * value[head] / value[tail]
        lost = np.zeros(len(legs))
        lost[self.leg] = caught
        n, classes = len(a["places"]), value.shape[1]
        chain = np.zeros((n, n, classes))
        # No two legs join the same places, and one border leg leaves a staging city, so nothing is overwritten.
        chain[tail, head] = chosen * ((1.0 - lost) * (1.0 - legs["death"]))[:, None]
        chain[tail[self.leg], tail[self.leg]] = chosen[self.leg] * (caught * retry)[:, None]
        visits = np.linalg.solve(np.eye(n) - chain.transpose(2, 1, 0), self._starts().T[:, :, None])[..., 0]
        return (visits.T[tail[self.leg]] * chosen[self.leg]).sum(axis=1)

    def _guided(self) -> np.ndarray:
        """Share of a sector's departures that each of the groups at its staging city carries."""
        a, legs = self._a, self.leg
        return (1.0 - a["own_weight"][legs].sum(axis=1) / a["leg_weight"][legs].sum(axis=1)) / self._groups

    def _starts(self) -> np.ndarray:
        """Converted prospects a day, [place, class]."""
        a, m = self._a, self._scenario.migration
        groups = a["groups"]
        place, of = groups["place"], groups["class_"]
        logit = m.intercept + m.push_slope * (a["places"]["push"][place] - 0.5)
        logit = logit + m.value_slope * (np.log(a["value"][place, of]) - groups["base_value"])
        rate = self._contacted / (1.0 + np.exp(-logit))
        starts = np.zeros(a["value"].shape)
        np.add.at(starts, (place, of), groups["rate"] * rate / (1.0 + rate))
        return starts

    def fit_constants(
        self, shared: Shared, officers: np.ndarray, share: np.ndarray, start: np.ndarray, rounds: int = 12
    ) -> np.ndarray:
        """Constants under which the last year's shares are ``share``, by a contraction from ``start``; their mean is 0.

        The step is that of Berry, Levinsohn & Pakes (1995): the logit's scale times the log error.
        """
        constants = start.astype(float).copy()
        scale = self._scenario.choice.scale
        for _ in range(rounds):
            self.set_constants(constants)
            found = self.detections(shared, officers)[-1]
            error = np.log(share) - np.log(found / found.sum())
            if np.abs(error).max() < 0.002:
                break
            constants -= scale * error
            constants -= constants.mean()
        self.set_constants(constants)
        return constants


def shares_of(counts: np.ndarray) -> np.ndarray:
    """Rows divided by their sums."""
    counts = np.asarray(counts, float)
    return counts / counts.sum(axis=-1, keepdims=True)


def named(values: Mapping[str, float]) -> Shared:
    """Shared parameters from a mapping with their names."""
    return Shared(**{name: float(values[name]) for name in Shared.__dataclass_fields__})
