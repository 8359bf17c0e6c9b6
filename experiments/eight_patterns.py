"""The eight patterns: the worlds they compare, what they measure in a pair of them, and what they demand.

A pattern compares worlds that differ in one thing, under the same chance. :mod:`patterns` runs them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

import numpy as np
from scratch import scratch

from waterbed.engine.run import Run, Simulation, blueprint, simulate
from waterbed.engine.world import CROSSINGS, DEATHS, DEPARTURES, RETURNED, TURNED_BACK, T
from waterbed.measures.reduce import reduce
from waterbed.network import load_world
from waterbed.network.csv_pair import write_world
from waterbed.scenario.scenario import Scenario

START = 360
"""Day on which every measure begins, after a year without."""

type Terms = dict[str, tuple[float, ...]]
type Operation = dict[str, Any]


@dataclass(frozen=True)
class Quantity:
    """A number, and where its interval (or only its estimate) has to lie for the pattern to hold."""

    name: str
    unit: str
    above: float = -math.inf
    below: float = math.inf
    holds_by: Literal["interval", "estimate"] = "interval"

    @property
    def wanted(self) -> str:
        """The criterion in words."""
        ends = {"above": self.above, "below": self.below}
        told = [f"{word} {end:g}" for word, end in ends.items() if math.isfinite(end)]
        return f"{self.holds_by} {' and '.join(told)}" if told else "reported"


@dataclass(frozen=True)
class Pattern:
    """What the literature found, how it is measured in one pair of worlds, and what is demanded of it."""

    title: str
    source: str
    measure: Callable[[int], Terms]
    quantities: tuple[Quantity, ...]


def scenario(*operations: Operation, **more: Any) -> Scenario:
    """Classroom under these operations instead of its own; none: the twin without."""
    named = {f"operation{i}": {"start": START} | op for i, op in enumerate(operations)}
    changed = {"days": START + 720, "operations.surge": False, "operations": named} | more
    return Scenario.load("classroom").replace(changed)


@cache
def seasonless() -> str:
    """Folder of the classroom world without its seasons."""
    world = load_world("classroom")
    folder = scratch("seasonless")
    write_world(replace(world, network=replace(world.network, legs=world.network.legs.assign(season=""))), folder)
    return folder


def surge(officers: int) -> Operation:
    """Officers on the Central route for 12 days, made public: the scenario's own operation at another size."""
    return {"officers": officers, "days": 12, "strategy": "hotspot", "target": {"routes": ["Central"]}}


def pressing(officers: int, **target: Any) -> Operation:
    """Officers at borders for two years, not made public."""
    return {"officers": officers, "days": 720, "announced": False, "strategy": "hotspot", "target": target}


def against_hubs(officers: int, days: int, **more: Any) -> Operation:
    """Officers at hubs, not made public."""
    return {"officers": officers, "days": days, "announced": False} | more


def legs(run: Run, *routes: str) -> np.ndarray:
    """Rows of the counted legs of these routes; of all without any."""
    table = run.world.network.legs
    return np.flatnonzero(table["counted"].to_numpy(bool) & (table["route"].isin(routes) if routes else True))


def on_legs(run: Run, rows: np.ndarray, first: int, last: int, *counts: int) -> float:
    """Sum of counts on legs from day first of the measure until before day last."""
    return float(run.legs[START + first : START + last, rows][..., counts].sum())


def total(run: Run, name: str, first: int, last: int) -> float:
    """Sum of a daily total over days of the measure."""
    return float(run.totals[START + first : START + last, T[name]].sum())


def change(x: float, y: float) -> tuple[float, float]:
    """Terms of x / y - 1 as a ratio of sums."""
    return x - y, y


def crackdown(seed: int) -> Terms:
    """Arrivals of those who crossed by the treated route: journeys take weeks, and so do consequences."""
    x, y = (simulate(s, seed) for s in (scenario(surge(200)), scenario()))
    rows = legs(x, "Central")

    def window(first: int, last: int) -> tuple[float, float]:
        sums = []
        for run in (x, y):
            people = run.people[run.people["arrived"] & np.isin(run.people["crossing_leg"], rows)]
            day = people["arrival_day"] - START
            sums.append(float(((day >= first) & (day < last)).sum()))
        return change(*sums)

    during, dip, fading, late = window(0, 12), window(12, 57), window(57, 102), window(102, 192)
    return {
        "during": during, "1-45 days after": dip, "1-45 days after, less during": (*dip, *during),
        "46-90 days after": fading, "91-180 days after": late, "91-180, less 1-45": (*late, *dip),
        "136-180 days after": window(147, 192),
    }  # fmt: skip


def displacement(seed: int) -> Terms:
    """Displaced share of the loss, person by person, and the change on the other routes."""
    # So many days that the cohort ends with the people whom the crackdown met.
    x, y = (simulate(s.replace({"days": START + 102 + 360}), seed) for s in (scenario(surge(200)), scenario()))
    terms = reduce(x, y).terms
    rows = legs(x, "West", "East")
    return {
        "displaced share of the loss": terms["displacement_spatial", "", "share of loss"],
        "crossings on other routes": change(*(on_legs(r, rows, 0, 102, CROSSINGS) for r in (x, y))),
    }


def _effective(counts: np.ndarray) -> float:
    """Effective number, the exponential of Shannon's entropy."""
    share = counts[counts > 0] / counts.sum()
    return float(np.exp(-(share * np.log(share)).sum()))


def spreading(seed: int) -> Terms:
    """Effective numbers of border legs, and of all legs, in the second half of two years of pressure."""
    worlds = {
        "main route": scenario(pressing(20, routes=["Central"])),
        "all routes": scenario(pressing(60, routes=["West", "Central", "East"])),
    }
    y = simulate(scenario(), seed)
    terms: Terms = {}
    for name, world in worlds.items():
        x = simulate(world, seed)
        for what, column, rows in (("border legs", CROSSINGS, legs(x)), ("legs", DEPARTURES, slice(None))):
            a, b = (_effective(r.legs[START + 180 : START + 720, rows, column].sum(axis=0)) for r in (x, y))
            terms[f"{name}: effective {what}"] = (a - b,)
    return terms


def _most_central(count: int) -> list[str]:
    """Hubs in the order in which an operation by rank takes them."""
    target = {"hub_rank": "betweenness", "hub_count": count, "one_by_one": 1}
    plan, _ = blueprint(scenario(against_hubs(1, 1, target=target)))
    begins = plan.arrays["target_hub"][0]
    return [plan.names.hubs[i] for i in np.argsort(begins, kind="stable")[:count]]


def removal(seed: int) -> Terms:
    """Arrivals after raids on the most central hub, on ten at once, and on the same ten a month apart.

    Without seasons, or it would count who was raided in a month of many crossings.
    """
    network = {"network": seasonless()}
    one = {"hub_rank": "betweenness", "hub_count": 1}
    ten = {"hub_rank": "betweenness", "hub_count": 10}
    each = [
        against_hubs(1000, 12, start=START + 30 * i, target={"hubs": [name]})
        for i, name in enumerate(_most_central(10))
    ]
    runs = {
        "one": simulate(scenario(against_hubs(1000, 12, target=one), **network), seed),
        "ten together": simulate(scenario(against_hubs(10000, 12, target=ten), **network), seed),
        "ten one by one": simulate(scenario(*each, **network), seed),
    }
    y = simulate(scenario(**network), seed)
    terms = {name: change(*(total(r, "arrivals", 0, 720) for r in (x, y))) for name, x in runs.items()}
    lasting = change(*(total(r, "arrivals", 102, 372) for r in (runs["one"], y)))
    return terms | {
        "one, 91-360 days after": lasting,
        "together, less one by one": (*terms["ten together"], *terms["ten one by one"]),
    }


def _countries_of(hubs: list[str]) -> list[str]:
    """Countries in which one of these hubs or an origin lies, so that every officer has a target."""
    tables = blueprint(scenario())[1]
    places = {hub.split(" @ ")[-1] for hub in hubs} | set(tables.origins["place"])
    country = dict(zip(tables.network.places["name"], tables.network.places["country"], strict=True))
    return sorted({country[place] for place in places})


def coordination(seed: int) -> Terms:
    """Arrivals under the same officer-days against hubs and recruiters, together and each country for itself.

    Without seasons, for the same reason as in :func:`removal`.
    """
    network = {"network": seasonless()}
    hubs = _most_central(10)
    target = {"recruiters": True, "hubs": hubs}
    countries = _countries_of(hubs)
    together = against_hubs(60 * len(countries), 60, target=target, cooperation=1.0)
    at_once_alone = against_hubs(60 * len(countries), 60, target=target, cooperation=0.0)
    spread = [
        against_hubs(60, 60, start=START + 30 * i, target=target, cooperation=0.0, countries=[c])
        for i, c in enumerate(countries)
    ]
    y = simulate(scenario(**network), seed)
    worlds = {"coordinated": [together], "at once, no leads shared": [at_once_alone], "spread": spread}
    terms = {
        name: change(*(total(r, "arrivals", 0, 540) for r in (simulate(scenario(*ops, **network), seed), y)))
        for name, ops in worlds.items()
    }
    return terms | {
        "coordinated, less spread": (*terms["coordinated"], *terms["spread"]),
        "leads shared, less not shared": (*terms["coordinated"], *terms["at once, no leads shared"]),
    }


def _offers(world: Scenario, seed: int) -> tuple[Run, list[np.ndarray]]:
    """A run, and what carriers ask on each leg every 30 days of the second year under measure."""
    simulation = Simulation(world, seed)
    first = world.burn_in + START + 360
    offers = []
    for day in range(first, first + 360, 30):
        simulation.advance(day)
        offers.append(simulation.world.carriers[["leg", "fee", "use"]].copy())
    simulation.advance(simulation.last)
    return simulation.finish(), offers


def _dearer(x: list[np.ndarray], y: list[np.ndarray], border: np.ndarray) -> float:
    """Rise of what is asked at borders, for the same basket: weights are the use in the other world."""
    with_it = without = 0.0
    for a, b in zip(x, y, strict=True):
        same = (a["leg"] == b["leg"]) & (b["leg"] >= 0) & border[b["leg"]]
        with_it += float((b["use"] * a["fee"])[same].sum())
        without += float((b["use"] * b["fee"])[same].sum())
    return with_it / without - 1


def prices(seed: int) -> Terms:
    """Fees under pressure on all borders; deaths where the safest leg is pressed and the others are more dangerous."""
    x, asked_x = _offers(scenario(pressing(60, routes=["West", "Central", "East"])), seed)
    y, asked_y = _offers(scenario(), seed)
    rows = legs(x)

    def stopped(run: Run) -> float:
        return on_legs(run, rows, 360, 720, TURNED_BACK, RETURNED) / on_legs(run, rows, 360, 720, DEPARTURES)

    safest = simulate(scenario(pressing(60, legs=["Eastport > Bridge"])), seed)

    def deaths(run: Run) -> tuple[float, float]:
        everywhere = np.arange(run.legs.shape[1])
        return 1000 * on_legs(run, everywhere, 90, 720, DEATHS), on_legs(run, rows, 90, 720, CROSSINGS)

    border = blueprint(scenario())[0].arrays["legs"]["counted"] == 1
    fee, stop = _dearer(asked_x, asked_y, border), stopped(x) / stopped(y) - 1
    return {
        "probability of being stopped": (stop,), "fee": (fee,), "elasticity of the fee": (fee, stop),
        "deaths per 1,000 crossings": (*deaths(safest), *deaths(y)),
    }  # fmt: skip


DOSES = (25, 50, 100, 200, 400, 800)


def returns(seed: int) -> Terms:
    """Crossings that the treated legs lose, per officer, as officers grow in number."""
    y = simulate(scenario(), seed)
    rows = legs(y, "Central")
    base = on_legs(y, rows, 0, 102, CROSSINGS)
    lost = {n: base - on_legs(simulate(scenario(surge(n)), seed), rows, 0, 102, CROSSINGS) for n in DOSES}
    terms: Terms = {f"{n} officers": (lost[n] / n,) for n in DOSES}
    return terms | {
        "200, less 50": (lost[200] / 200 - lost[50] / 50,), "800, less 200": (lost[800] / 800 - lost[200] / 200,),
    }  # fmt: skip


def channels(seed: int) -> Terms:
    """Share of recruits who are won online while recruiters in person are pressed, and in the year after."""
    x, y = (simulate(s, seed) for s in (scenario(against_hubs(100, 180, target={"recruiters": True})), scenario()))

    def online(first: int, last: int) -> tuple[float, ...]:
        return tuple(total(r, name, first, last) for r in (x, y) for name in ("recruits_online", "recruits"))

    with_it, without = online(30, 180)[:2], online(30, 180)[2:]
    return {
        "online, with": with_it, "online, without": without, "online, with less without": online(30, 180),
        "recruits": change(total(x, "recruits", 30, 180), total(y, "recruits", 30, 180)),
    }  # fmt: skip


PATTERNS = (
    Pattern(
        "A short crackdown makes a dip, deepest after it, which fades", "Sherman 1990", crackdown,
        (
            Quantity("during", "share"),
            Quantity("1-45 days after", "share", below=0.0),
            Quantity("1-45 days after, less during", "share", below=0.0),
            Quantity("46-90 days after", "share"),
            Quantity("91-180 days after", "share"),
            Quantity("91-180, less 1-45", "share", above=0.0),
            Quantity("136-180 days after", "share", -0.1, 0.1, "estimate"),
        ),
    ),
    Pattern(
        "Local pressure displaces part of the flow, not all", "Bowers & Johnson 2003; Guerette & Bowers 2009",
        displacement,
        (Quantity("displaced share of the loss", "share", 0.0, 1.0), Quantity("crossings on other routes", "share")),
    ),
    Pattern(
        "Sustained interdiction spreads traffic", "Magliocca et al. 2019", spreading,
        (
            Quantity("main route: effective legs", "leg", above=0.0),
            Quantity("main route: effective border legs", "leg", above=0.0),
            Quantity("all routes: effective legs", "leg", above=0.0),
            Quantity("all routes: effective border legs", "leg"),
        ),
    ),
    Pattern(
        "One hub matters little for long; ten together more than one by one", "Duijn, Kashirin & Sloot 2014", removal,
        (
            Quantity("one", "share"),
            Quantity("one, 91-360 days after", "share", -0.1, 0.1),
            Quantity("ten together", "share"),
            Quantity("ten one by one", "share"),
            Quantity("together, less one by one", "share", below=0.0),
        ),
    ),
    Pattern(
        "Coordinated across countries, the same officer-days do more", "model specification", coordination,
        (
            Quantity("coordinated", "share"),
            Quantity("at once, no leads shared", "share"),
            Quantity("spread", "share"),
            Quantity("coordinated, less spread", "share", below=0.0),
            Quantity("leads shared, less not shared", "share"),
        ),
    ),
    Pattern(
        "Fees rise with pressure, less than in proportion; deaths when flow moves to more dangerous legs",
        "Gathmann 2008; funnel effect", prices,
        (
            Quantity("probability of being stopped", "share", above=0.0),
            Quantity("fee", "share", above=0.0),
            Quantity("elasticity of the fee", "1", 0.0, 1.0),
            Quantity("deaths per 1,000 crossings", "1/1000", above=0.0),
        ),
    ),
    Pattern(
        "Returns to officers diminish", "model specification", returns,
        (
            *(Quantity(f"{n} officers", "crossing/officer") for n in DOSES),
            Quantity("200, less 50", "crossing/officer", below=0.0),
            Quantity("800, less 200", "crossing/officer", below=0.0),
        ),
    ),
    Pattern(
        "Pressure on recruiting in person moves recruiting online", "model specification", channels,
        (
            Quantity("online, without", "share"),
            Quantity("online, with", "share"),
            Quantity("online, with less without", "share", above=0.0),
            Quantity("recruits", "share"),
        ),
    ),
)  # fmt: skip
