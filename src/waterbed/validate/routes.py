"""Routes that learn, in expectation: the engine's rule (:func:`waterbed.engine.networks.grow_routes`) by quarters."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..engine.networks import ALLOWANCE, EXCESS

STEPS = 4
"""Steps a year: beliefs and routes move, and the ways are solved anew, at each."""
WOBBLE = 0.1
"""How widely a route's demand varies from look to look around its expectation, in logarithms: where it stands at the
threshold of growth, it is found above it half the time."""
_OF_A_YEAR = 1.0 - math.exp(-1.0 / STEPS)


class Routes:
    """Log gains in attractiveness, and the year's demand that they hang on; births are taken as constant.

    Args:
        usual: departures a day by route before anything happens, in people.
        scenario: with the pace and bound of growth, and the people for whom an agent stands.
        route_growth: monthly growth, where it is not the scenario's.
    """

    def __init__(self, usual: np.ndarray, scenario: Any, route_growth: float | None = None) -> None:
        monthly = scenario.hubs.route_growth if route_growth is None else route_growth
        self._step, self._most = math.log1p(monthly) * 12.0 / STEPS, math.log(scenario.hubs.route_growth_most)
        self._chance = ALLOWANCE * scenario.persons_per_agent / 365.25
        self._usual, self._recent = usual, usual
        self.growth = np.zeros(len(usual))
        """Log gain in attractiveness by route."""

    def learn(self, demand: np.ndarray) -> None:
        """A quarter with so many departures a day by route."""
        self._recent = self._recent + _OF_A_YEAR * (demand - self._recent)
        least = EXCESS * self._usual * np.exp(self.growth) + self._chance
        above = 1.0 / (1.0 + (least / np.maximum(self._recent, 1e-12)) ** (1.0 / WOBBLE))
        self.growth = np.clip(self.growth + self._step * (2.0 * above - 1.0), 0.0, self._most)
