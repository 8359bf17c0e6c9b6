"""Facts about networks: hubs, members, recruiters, and how far traffic spreads."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from eight_patterns import START, Terms, against_hubs, change, legs, on_legs, pressing, seasonless, total

from waterbed.agents.states import TRANSIT
from waterbed.engine.run import Run, Simulation, blueprint, simulate
from waterbed.engine.world import CROSSINGS, DEPARTURES, RETURNED, TURNED_BACK, N

from .fact import ROUTES, YEAR, Lab, effective, made

EVERY_HUB = {"hub_rank": "betweenness", "hub_count": 100}
A_HUB = 200
"""Officers at each hub in :func:`case_building`; classroom has 23 transit hubs."""


def _spread(run: Run, first: int, last: int) -> tuple[float, float]:
    """Effective number of border legs by crossings, and of all legs by departures."""
    at = slice(START + first, START + last)
    border = run.legs[at, legs(run), CROSSINGS].sum(axis=0)
    return effective(border), effective(run.legs[at, :, DEPARTURES].sum(axis=0))


def interdiction(lab: Lab, seed: int) -> Terms:
    """1: units that follow the flow at all borders for two years."""
    x = lab.run(seed, pressing(60, routes=ROUTES) | {"strategy": "interdiction"})
    y = lab.run(seed)
    a, b = _spread(x, 180, 720), _spread(y, 180, 720)
    stopped = [on_legs(r, legs(r), 180, 720, TURNED_BACK, RETURNED) for r in (x, y)]
    more = {"effective legs": (a[1] - b[1],), "effective border legs": (a[0] - b[0],)}
    return more | {"people stopped": change(*stopped)}


def years_of_pressure(lab: Lab, seed: int) -> Terms:
    """2: twenty officers more at all borders each year, for five years."""
    days = 5 * YEAR
    ramp = [pressing(20, routes=ROUTES) | {"start": START + YEAR * i, "days": days - YEAR * i} for i in range(5)]
    x, y = lab.run(seed, *ramp, days=START + days), lab.run(seed, days=START + days)
    first, last = ([_spread(r, YEAR * k, YEAR * (k + 1)) for r in (x, y)] for k in (0, 4))
    grown = [(last[0][i] - last[1][i]) - (first[0][i] - first[1][i]) for i in (0, 1)]
    return {"effective legs, fifth year less first": (grown[1],), "effective border legs, likewise": (grown[0],)}


def _carried(run: Run, without: set[str], first: int, last: int) -> float:
    """People whom networks other than these carry."""
    others = [i for i, name in enumerate(run.network_names) if name not in without]
    return float(run.networks[START + first : START + last, others, N["carried"]].sum())


def kingpin(lab: Lab, seed: int) -> Terms:
    """4: a thousand officers at the most central hub for 12 days. Without seasons, as in the pattern of removal."""
    world = {"network": seasonless()}
    one = lab.scenario(against_hubs(1000, 12, target={"hub_rank": "betweenness", "hub_count": 1}), **world)
    plan = blueprint(one)[0]
    hub = plan.names.hubs[int(np.argmin(plan.arrays["target_hub"][0]))]
    x, y = simulate(one, seed), lab.run(seed, **world)
    group = {hub.split(" @ ")[0]}
    return {
        "arrivals, 1-90 days after": change(*(total(r, "arrivals", 12, 102) for r in (x, y))),
        "arrivals, 91-360 days after": change(*(total(r, "arrivals", 102, 372) for r in (x, y))),
        "share of rivals, 1-90 days after": tuple(_carried(r, who, 12, 102) for r in (x, y) for who in (group, set())),
    }


@lru_cache(maxsize=64)
def _takings(lab: Lab, network: str) -> tuple[list[str], list[str]]:
    """Transit hubs by what they take, before any operation and in one run; and all of them by name."""
    scenario = lab.scenario(network=network)
    simulation = Simulation(scenario, 0)
    simulation.advance(scenario.burn_in + START)
    offers, hubs, names = simulation.world.carriers, simulation.world.hubs, simulation.plan.names.hubs
    at = offers["leg"] >= 0
    taken = np.bincount(offers["hub"][at], (offers["use"] * offers["fee"])[at], len(hubs))
    transit = np.flatnonzero(hubs["kind"] == TRANSIT)
    order = transit[np.argsort(-taken[transit], kind="stable")]
    return [names[i] for i in order], [names[i] for i in transit]


def ranking(lab: Lab, seed: int) -> Terms:
    """5: five hubs at once, the central ones, those with the money, or any; in six made-up networks of 30 places."""
    network = made("random_geometric", places=30, radius=5.0, seed=seed % 6)
    rich, every = _takings(lab, network)
    lot = [str(h) for h in np.random.default_rng(seed).choice(every, 5, replace=False)]
    targets = {"central": {"hub_rank": "betweenness", "hub_count": 5}, "money": {"hubs": rich[:5]},
               "random": {"hubs": lot}}  # fmt: skip
    y = lab.run(seed, network=network)
    at, after = {}, {}
    for name, target in targets.items():
        x = lab.run(seed, against_hubs(5000, 12, target=target), network=network)
        at[name], after[name] = (
            [sum(total(r, "arrivals", a, a + 90) for a in windows) / len(windows) for r in (x, y)]
            for windows in ((30,), (360, 450, 540, 630))
        )
    gap = {when: (of["random"][0] - of["central"][0]) / of["random"][1] for when, of in (("at", at), ("after", after))}
    return {
        "arrivals at the hit, central less money": (*change(*at["central"]), *change(*at["money"])),
        "arrivals at the hit, money less random": (*change(*at["money"]), *change(*at["random"])),
        "gap of central and random, after less at the hit": (gap["after"] - gap["at"],),
    }


def share_arrested(lab: Lab, seed: int) -> Terms:
    """7: recruiters and hubs together, at three sizes of the operation: what a share of members taken costs."""
    world = {"network": seasonless()}
    plan = blueprint(lab.scenario(**world))[0]
    members = len(plan.arrays["recruiters"]) + int((plan.arrays["hubs"]["kind"] == TRANSIT).sum())
    y = lab.run(seed, **world)
    base = total(y, "arrivals", 0, 360)
    share, lost = [], []
    for officers in (800, 3200, 12800):
        target = {"recruiters": True, "online": True} | EVERY_HUB
        x = lab.run(seed, against_hubs(officers, 12, target=target), **world)
        told = x.operations["operation0"]
        share.append((told["arrests"] + told["raids"]) / members)
        lost.append(base - total(x, "arrivals", 0, 360))
    slopes = [(lost[0] / base, share[0]), ((lost[2] - lost[1]) / base, share[2] - share[1])]
    return {
        "members taken, smallest": (share[0],), "members taken, largest": (share[2],),
        "loss per share taken, last step less first": (*slopes[1], *slopes[0]),
    }  # fmt: skip


def recruitment(lab: Lab, seed: int) -> Terms:
    """9: recruiters' reach halved, or the rates of arrests and raids doubled, from the start; the fifth year."""
    days = 5 * YEAR
    y = lab.run(seed, days=days)
    halved = {name: 0.5 * lab.value(name) for name in ("recruiting.reach_in_person", "recruiting.reach_online")}
    doubled = {name: 2.0 * lab.value(name) for name in ("police.arrest_rate", "police.raid_rate")}
    terms: Terms = {}
    for name, changes in {"recruiting halved": halved, "incapacitation doubled": doubled}.items():
        x = lab.run(seed, days=days, **changes)
        terms[name] = change(*(total(r, "arrivals", 4 * YEAR - START, 5 * YEAR - START) for r in (x, y)))
    named = {"at recruiters": {"recruiters": True, "online": True}, "at hubs": EVERY_HUB}
    officers = [lab.run(seed, against_hubs(100, days, target=t) | {"start": 0}, days=days) for t in named.values()]
    last = [change(*(total(r, "arrivals", 4 * YEAR - START, 5 * YEAR - START) for r in (x, y))) for x in officers]
    rates = [x for part in terms.values() for x in part]
    return terms | {
        "recruiting halved, less incapacitation doubled": tuple(rates),
        "100 officers at recruiters, less as many at hubs": (*last[0], *last[1]),
    }


def case_building(lab: Lab, seed: int) -> Terms:
    """25: all hubs and recruiters for 30 days, cases struck together on the last day or one by one as they come."""
    world = {"network": seasonless()}
    y = lab.run(seed, **world)
    target = {"recruiters": True} | EVERY_HUB
    arms = [lab.run(seed, against_hubs(23 * A_HUB, 30, target=target, delayed_strike=k), **world) for k in (29, 0)]
    delayed, at_once = (change(total(x, "arrivals", 0, 540), total(y, "arrivals", 0, 540)) for x in arms)
    return {"struck together": delayed, "at once": at_once, "struck together, less at once": (*delayed, *at_once)}
