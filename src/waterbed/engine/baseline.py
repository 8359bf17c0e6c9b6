"""The baseline: ways, flows and capacities as expected before anything happens."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from .. import exact
from ..agents import migrant
from ..agents.states import EXPLOITATION, TRANSIT
from . import world as w
from .records import dtype

if TYPE_CHECKING:
    from ..scenario.scenario import Scenario
    from .blueprint import Names

_MEAN_SEASON = 12
_MEDIAN_JOURNEY_MONTHS = 1
_LEAST_CAPACITY = 5.0


def bare_world(a: dict[str, np.ndarray]) -> w.World:
    """A world without people, on the given arrays (not copied)."""
    more = {
        "migrants": np.zeros(0, dtype(migrant.VARIABLES)),
        "biographies": np.zeros(0, dtype(migrant.BIOGRAPHY)),
        "events": np.zeros(0, dtype(w.EVENT)),
        "investigations": np.zeros(0, dtype(w.INVESTIGATION)),
        **lists_of_people(0),
    }
    return w.World(**{name: more[name] if name in more else a[name] for name in w.World._fields})


def lists_of_people(n: int) -> dict[str, np.ndarray]:
    """Room for ``n`` people who may still act: who they are, and what a day makes of the list."""
    numbers = {name: np.zeros(n, np.int32) for name in ("listed", "due", "called", "applicants", "queue")}
    return numbers | {"origin": np.zeros(n, np.uint16), "threshold": np.zeros(n), "lot": np.zeros(n),
                      "doing": np.zeros(n, np.int8)}  # fmt: skip


def settle(a: dict[str, np.ndarray], scenario: Scenario, names: Names) -> np.ndarray:
    """Solve the baseline, then set what is measured against it.

    Sets the values of leaving, hubs' capacities and operations' units; returns the factor on births by class
    and month, shape (classes, 12), mean 1.
    """
    from .compiled import engine
    from .forces import send_units

    engine(scenario.plugins).plan(_MEAN_SEASON, bare_world(a))
    for group in a["groups"]:
        z = a["value"][group["place"], group["class_"]]
        group["base_value"] = math.log(z) if z > 0 else 0.0
    visits = expected_visits(a, scenario)
    leg_flow, by_class = _leg_flows(a, visits)
    _set_capacities(a, scenario, by_class)
    births = np.bincount(a["groups"]["place"], a["groups"]["rate"], minlength=len(names.places))
    through = np.maximum(0.0, visits.sum(axis=0) - births)
    _set_recruiter_risk(a)
    send_units(a, scenario, names, visits.sum(axis=0), leg_flow, through)
    return _birth_seasons(a, by_class)


def expected_visits(a: dict[str, np.ndarray], scenario: Scenario) -> np.ndarray:
    """People a day who choose a way at each place, by class, shape (classes, places).

    An absorbing Markov chain: starts are converted prospects, transitions the choice probabilities,
    losses on the legs are neglected.
    """
    m, r = scenario.migration, scenario.recruiting
    starts = np.zeros(a["value"].T.shape)
    in_person = r.reach_in_person * (1 - r.online_share) * r.per_daily_birth / r.stock_days
    online = r.reach_online * r.online_share * r.per_daily_birth / r.stock_days
    for group in a["groups"]:
        logit = m.intercept + m.push_slope * (a["places"]["push"][group["place"]] - 0.5)
        rate = in_person / (1 + math.exp(-logit)) + online / (1 + math.exp(-logit - m.online_trust))
        if a["value"][group["place"], group["class_"]] > 0:
            starts[group["class_"], group["place"]] += group["rate"] * rate / (rate + 1 / m.lapse_days)
    n = len(a["places"])
    visits = np.zeros_like(starts)
    for c in range(len(starts)):
        chain = np.zeros((n, n))
        np.add.at(chain, (a["legs"]["tail"], a["legs"]["head"]), shares(a, c))
        visits[c] = np.linalg.solve(np.eye(n) - chain.T, starts[c])
        visits[c, a["destination"][:, c] > 0] = 0.0
    return np.maximum(visits, 0.0)


def shares(a: dict[str, np.ndarray], c: int) -> np.ndarray:
    """Choice probability of each leg at its tail for a class; 0 at destinations."""
    z, legs = a["value"][:, c], a["legs"]
    with np.errstate(divide="ignore", invalid="ignore"):
        p = a["leg_weight"][:, c] * z[legs["head"]] / z[legs["tail"]]
    p = np.nan_to_num(p, nan=0.0, posinf=0.0)
    p[a["destination"][legs["tail"], c] > 0] = 0.0
    return p


def _leg_flows(a: dict[str, np.ndarray], visits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """People a day on each leg: in all, and by class."""
    by_class = np.stack([visits[c][a["legs"]["tail"]] * shares(a, c) for c in range(len(visits))])
    return by_class.sum(axis=0), by_class


def _set_capacities(a: dict[str, np.ndarray], scenario: Scenario, by_class: np.ndarray) -> None:
    """Capacity by rule: a multiple of the people expected to be staged."""
    stay = scenario.migration.stay_days + 1.0
    rivals = np.bincount(a["hubs"]["place"][a["hubs"]["kind"] == TRANSIT], minlength=len(a["places"]))
    for row in a["hubs"]:
        place = a["places"][row["place"]]
        legs = slice(place["first_leg"], place["first_leg"] + place["legs"])
        if row["capacity"] <= 0.0:
            if row["kind"] == TRANSIT:
                # At the baseline all hubs of a place ask and believe the same, so they share alike.
                with np.errstate(divide="ignore", invalid="ignore"):
                    alone = np.nan_to_num(a["own_weight"][legs] / a["leg_weight"][legs])
                people = ((1.0 - alone).T * by_class[:, legs]).sum() * stay / rivals[row["place"]]
            else:
                people = by_class[:, legs].sum()
            row["capacity"] = max(_LEAST_CAPACITY, scenario.hubs.capacity_factor * people)
        row["least"] = 0.5 * row["capacity"]
        if row["kind"] == EXPLOITATION:
            row["least"] = row["capacity"]


def _set_recruiter_risk(a: dict[str, np.ndarray]) -> None:
    """Perceived rates of arrest at the start: what the standing force in a country amounts to."""
    par, countries = a["par"][0], a["countries"]
    posts = np.zeros(len(countries))
    for unit in a["units"]:
        posts[unit["country"]] = unit["posts"]
    rate = par["arrest_rate"] * par["heat_floor"] * countries["officers"] / np.maximum(1.0, posts)
    countries["risk_in_person"] = rate
    countries["risk_online"] = rate


def _birth_seasons(a: dict[str, np.ndarray], by_class: np.ndarray) -> np.ndarray:
    """Births follow the season of the legs that a class will travel, brought forward by the journey."""
    legs = a["legs"]
    factors = np.ones((len(by_class), 12))
    seasonal = legs["season"] >= 0
    if not seasonal.any():
        return factors
    weight = exact.exp(a["seasons"][:, :12])
    weight /= weight.mean(axis=1, keepdims=True)
    for c, flow in enumerate(by_class):
        crossing = flow * (legs["counted"] == 1)
        if crossing.sum() <= 0.0:
            continue
        part = crossing / crossing.sum()
        factors[c] = part[~seasonal].sum() + (part[seasonal, None] * weight[legs["season"][seasonal]]).sum(axis=0)
    return np.roll(factors, -_MEDIAN_JOURNEY_MONTHS, axis=1)
