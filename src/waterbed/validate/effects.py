"""Effects of an operation's officers, and of reporting, calibrated on operations of the past.

With m(k) the mean simulated outcome of operation k at given effects of its officers, interpolated on a grid, n(k) its
countries times days, and c the mean over the calibrating operations of log m - log n, the published outcome y is

    log y = log n(k) + c + w (log m(k) - log n(k) - c) + log reporting + spread · e,   e ~ N(0, 1).

The weight w says how much of the simulated differences between operations is in what was published: with w = 1 the
simulation alone speaks, with w = 0 only its level does, which is a rate for each country and day. Priors are in
:data:`PARAMETERS`; the posterior is a weighted sample of them (Sobol' points, importance weights), block by block:
arrests give the effect on arrests and raids, migrants the effect on search, then victims, then investigations. What
comes later in that order does not bear on what came before.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .staging import COUNTS, operations

if TYPE_CHECKING:
    import pandas as pd

DRAWS, TRIES = 2**14, 8
"""Draws kept of the posterior, and draws of the prior for each of these."""


class Parameter(NamedTuple):
    """A calibrated parameter: log-normal a priori with ``low`` and ``high`` its 5 and 95 %, or uniform between them."""

    name: str
    layer: str
    unit: str
    low: float
    high: float
    meaning: str
    source: str
    uniform: bool = False

    def prior(self, u: np.ndarray) -> np.ndarray:
        """Values at quantiles: logarithms, where it is log-normal."""
        from scipy.stats import norm

        if self.uniform:
            return self.low + (self.high - self.low) * u
        middle, sd = 0.5 * np.log(self.low * self.high), np.log(self.high / self.low) / (2 * norm.ppf(0.95))
        return middle + sd * norm.ppf(np.clip(u, 1e-9, 1 - 1e-9))

    def value(self, draws: np.ndarray) -> np.ndarray:
        """Draws in the parameter's own unit."""
        return draws if self.uniform else np.exp(draws)


_SPREAD = "published outcomes per country and day differ three- to fifteen-fold between operations"


def _weight(of: str) -> Parameter:
    meaning = (f"How much of the simulated differences in {of} between operations, beyond countries times days, is in "
               "what is published.")  # fmt: skip
    return Parameter(f"weight_{of}", "reporting", "1", 0.0, 1.0, meaning, "judgement", True)


def _spread(of: str) -> Parameter:
    return Parameter(f"spread_{of}", "operation", "1", 0.2, 1.5, f"Spread (log) of {of} between operations.", _SPREAD)


PARAMETERS = {p.name: p for p in (
    Parameter("arrests", "model", "1", 0.5, 12.0, "Rate at which an officer of an operation arrests recruiters and "
              "raids hubs, over a standing officer: operations.*.arrests and operations.*.raids.",
              "NarcoLogic: police capacity at baseline to surge 1:2 to 1:6, widened"),
    Parameter("search", "model", "1", 0.005, 2.0, "What an officer of an operation does in searching a leg, over a "
              "standing officer: operations.*.search.", "judgement"),
    Parameter("investigations", "model", "1", 0.3, 3.3, "Probability that what an operation finds opens an "
              "investigation, over police.investigation: operations.*.investigations.", "judgement"),
    Parameter("all_arrests", "reporting", "1", 1.2, 4.0, "Arrests reported for one for trafficking or smuggling; the "
              "model has no other crimes.", "judgement"),
    Parameter("victims", "reporting", "1", 1.0, 300.0, "Potential victims reported for one that is freed or "
              "recognised in the model, which holds only those exploited on the ways of its corridors.", "judgement"),
    *(_weight(b) for b in ("arrests", "migrants", "victims", "investigations")),
    *(_spread(b) for b in ("arrests", "migrants", "victims", "investigations")),
    Parameter("spread_all_arrests", "operation", "1", 0.1, 1.0, "Spread (log) of arrests reported for one of these.",
              "judgement"),
)}  # fmt: skip
RATE = Parameter("rate", "naive", "1/(country day)", 0.01, 1000.0, "Outcome per country and day.", "judgement")
BLOCKS = {
    "arrests": ("arrests", "all_arrests", "weight_arrests", "spread_arrests", "spread_all_arrests"),
    "migrants": ("search", "weight_migrants", "spread_migrants"),
    "victims": ("victims", "weight_victims", "spread_victims"),
    "investigations": ("investigations", "weight_investigations", "spread_investigations"),
}
BLOCK_OF = {"arrests_trafficking_smuggling": "arrests", "arrests": "arrests", "victims_protected": "victims",
            "irregular_migrants_detected": "migrants", "investigations_opened": "investigations"}  # fmt: skip
_TOLD = {b: r for r, b in BLOCK_OF.items()}
"""The outcome by which a block's level is told: of arrests, all of them."""

type Draws = dict[str, np.ndarray]


class Surface:
    """Mean simulated outcomes of an operation, interpolated in logarithms between the points of the grid."""

    def __init__(self, of: pd.DataFrame) -> None:
        from scipy.interpolate import RegularGridInterpolator

        at = of.sort_values(["effect", "search"])
        e, s = (np.log(np.unique(at[c])) for c in ("effect", "search"))
        self._by = {}
        for count in COUNTS:
            # Half of the least that could have been seen, where nothing was.
            least = 0.5 / at["runs"] * (at["persons_per_agent"] if count in ("victims", "migrants") else 1)
            values = np.log(np.maximum(at[count], least)).to_numpy().reshape(len(e), len(s))
            self._by[count] = RegularGridInterpolator((e, s), values, bounds_error=False, fill_value=None)

    def log(self, count: str, d: Draws) -> np.ndarray:
        """Log of the mean at the drawn effects; before search is calibrated (arrests do not depend on it), at 0.1."""
        search = d.get("search", np.full(len(d["arrests"]), np.log(0.1)))
        return self._by[count](np.column_stack([d["arrests"], search]))


type Surfaces = dict[tuple[str, int], Surface]
"""By operation and number of the list of countries."""


def surfaces_of(table: pd.DataFrame) -> Surfaces:
    """From the table of responses."""
    return {(str(k[0]), int(k[1])): Surface(g) for k, g in table.groupby(["operation", "draw"])}


@cache
def _log_size(name: str) -> float:
    row = operations().loc[name]
    return float(np.log(row["countries"] * row["days"]))


@cache
def _most_investigations() -> float:
    """Log of the effect at which everything opens an investigation."""
    from ..scenario.scenario import Scenario

    return float(-np.log(Scenario.load("liberterra").police.investigation))


def known(outcome: str, names: list[str]) -> list[str]:
    """Those operations of which an outcome is published."""
    return [n for n in names if operations().loc[n, outcome] == operations().loc[n, outcome]]


@dataclass
class Calibration:
    """Draws of all parameters (logarithms, but for weights), given the outcomes of some operations."""

    names: list[str]
    surfaces: Surfaces
    draws: Draws
    effective: dict[str, float]
    """By block: how many independent draws its weights were worth."""

    def forecast(self, outcome: str, name: str, draw: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of the logarithm of an outcome, for each draw of the parameters."""
        block = BLOCK_OF[outcome]
        centre = np.mean(list(self._told(block).values()), axis=0)
        return self._around(outcome, name, self._excess(block, name, draw), centre)

    def simulated(self, outcome: str, name: str, lists: list[int]) -> float:
        """What the simulation itself gives at the calibrated effects, before any reporting: median over draws."""
        mean = np.mean([self.surfaces[name, n].log(BLOCK_OF[outcome], self.draws) for n in lists], axis=0)
        return float(np.median(np.exp(mean + (self.draws["investigations"] if outcome.startswith("inv") else 0.0))))

    def weigh(self, block: str) -> np.ndarray:
        """Log likelihood of the block's outcomes, for each draw."""
        d, told, weight = self.draws, self._told(block), np.zeros(DRAWS * TRIES)
        centre = np.mean(list(told.values()), axis=0)
        for outcome in (r for r, b in BLOCK_OF.items() if b == block):
            for name in known(outcome, self.names):
                y, own = (float(operations().loc[name, c]) for c in (outcome, "arrests_trafficking_smuggling"))
                if outcome == "arrests" and own == own:
                    # What else was there is known, so the ratio is told by itself.
                    weight += _density(y / own, d["all_arrests"], np.exp(d["spread_all_arrests"]))
                else:
                    weight += _density(y, *self._around(outcome, name, told[name], centre))
        return weight

    def _excess(self, block: str, name: str, draw: int = 0) -> np.ndarray:
        """Log of the simulated outcome for each country and day."""
        return self.surfaces[name, draw].log(block, self.draws) - _log_size(name)

    def _told(self, block: str) -> Draws:
        return {n: self._excess(block, n) for n in known(_TOLD[block], self.names)}

    def _around(self, outcome: str, name: str, own: np.ndarray, centre: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        d, block = self.draws, BLOCK_OF[outcome]
        mean = _log_size(name) + centre + d[f"weight_{block}"] * (own - centre)
        sd = np.exp(d[f"spread_{block}"])
        if outcome == "arrests":
            return mean + d["all_arrests"], np.hypot(sd, np.exp(d["spread_all_arrests"]))
        if block == "victims":
            mean = mean + d["victims"]
        if block == "investigations":
            mean = mean + d["investigations"]
        return mean, sd


def fit(names: list[str], surfaces: Surfaces, seed: int) -> Calibration:
    """Calibrate on some operations."""
    found = Calibration(names, surfaces, {}, {})
    for i, (block, members) in enumerate(BLOCKS.items()):
        found.draws = {k: np.tile(v, TRIES) for k, v in found.draws.items()}
        found.draws |= sample([PARAMETERS[m] for m in members], seed + i)
        kept, found.effective[block] = resample(found.weigh(block), seed + 10 * i)
        found.draws = {k: v[kept] for k, v in found.draws.items()}
    return found


def fit_rate(outcome: str, names: list[str], seed: int) -> Draws:
    """The naive model: a rate for each country and day, and a spread, fitted likewise."""
    draws = sample([RATE, PARAMETERS["spread_arrests"]._replace(name="spread")], seed)
    weight = np.zeros(DRAWS * TRIES)
    for name in known(outcome, names):
        y = float(operations().loc[name, outcome])
        weight += _density(y, draws["rate"] + _log_size(name), np.exp(draws["spread"]))
    kept, _ = resample(weight, seed)
    return {k: v[kept] for k, v in draws.items()}


def sample(parameters: list[Parameter], seed: int) -> Draws:
    """Sobol' points of the prior."""
    from scipy.stats import qmc

    u = qmc.Sobol(len(parameters), rng=seed).random(DRAWS * TRIES)
    draws = {p.name: p.prior(u[:, i]) for i, p in enumerate(parameters)}
    if "investigations" in draws:
        draws["investigations"] = np.minimum(draws["investigations"], _most_investigations())
    return draws


def resample(log_weight: np.ndarray, seed: int) -> tuple[np.ndarray, float]:
    """Which draws to keep (systematic resampling), and the effective number that the weights leave."""
    w = np.exp(log_weight - log_weight.max())
    w /= w.sum()
    rng = np.random.default_rng(seed)
    kept = np.searchsorted(np.cumsum(w), (np.arange(DRAWS) + rng.random()) / DRAWS)
    return rng.permutation(np.minimum(kept, len(w) - 1)), float(1.0 / np.square(w).sum())


def _density(y: float, mean: np.ndarray, sd: np.ndarray) -> np.ndarray:
    """Log density of log y, up to a constant."""
    return -0.5 * np.square((np.log(y) - mean) / sd) - np.log(sd)
