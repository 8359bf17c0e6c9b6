"""Facts about displacement: how much of a loss comes up elsewhere, when, for whom, and where."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import networkx as nx
import numpy as np
import pandas as pd
from eight_patterns import START, Terms, change, legs, on_legs, pressing, total
from scratch import scratch

from waterbed.engine.run import Run
from waterbed.engine.world import CROSSINGS
from waterbed.measures.evaluators import wdq
from waterbed.measures.reduce import reduce
from waterbed.network import load_world
from waterbed.network.csv_pair import write_world

from .fact import CENTRAL, ROUTES, YEAR, Lab, made

EUROPE = ("Western Mediterranean", "Eastern Mediterranean", "West African", "Eastern Borders")
"""Other ways by sea and land to Europe than the Central Mediterranean."""
GROUPS = {
    "from Libya and Tunisia": ("LBY", "TUN"), "from Egypt": ("EGY",), "from Sudan": ("SDN",), "from Ethiopia": ("ETH",),
    "from Nigeria": ("NGA",), "from Afghanistan": ("AFG",), "from Syria, Iraq and Iran": ("SYR", "IRQ", "IRN"),
}  # fmt: skip
"""Countries of birth, from the shore of the route that closes to the hinterland of another."""


def observations(lab: Lab, seed: int) -> Terms:
    """15: an operation drawn by lot (route, size, length), one a pair; what it did, and what an evaluator would see.

    The evaluator has crossings of the treated world, now and a year before: the route treated, the neighbour (the
    largest other route) and the rest as control.
    """
    lot = np.random.default_rng([seed, 15])
    route, officers, days = (of[int(lot.integers(len(of)))] for of in (ROUTES, (20, 50, 100, 200), (12, 30, 90)))
    operation = {"officers": officers, "days": days, "strategy": "hotspot", "target": {"routes": [route]}}
    horizon = {"days": START + days + 90 + YEAR}
    x, y = lab.run(seed, operation, **horizon), lab.run(seed, **horizon)

    def counts(name: str) -> tuple[float, float]:
        rows = legs(x, name)
        return on_legs(x, rows, -YEAR, -YEAR + days + 90, CROSSINGS), on_legs(x, rows, 0, days + 90, CROSSINGS)

    others = sorted((counts(name) for name in ROUTES if name != route), key=lambda c: -c[0])
    treated, (buffer, control) = counts(route), others
    fell = control[0] * control[1] > 0 and treated[1] / control[1] < treated[0] / control[0]
    said = wdq(treated, buffer, control) if fell else math.nan
    moved = (buffer[1] - buffer[0]) - (control[1] - control[0])
    z = moved / math.sqrt(max(1.0, sum(buffer) + sum(control)))
    return {
        "displaced share of the loss": reduce(x, y).terms["displacement_spatial", "", "share of loss"],
        "WDQ above -1, of those that see a fall": (float(said > -1), float(fell)),
        "evaluations that see displacement": (float(z > 1.96), 1.0),
        "evaluations that see diffusion": (float(z < -1.96), 1.0),
    }


@cache
def no_substitute() -> str:
    """Classroom where the other routes cost everybody 5,000 USD more."""
    world = load_world("classroom")
    rows = [{"class": name, "route": route, "constant": 5000.0, "source": "experiment", "basis": "judgement"}
            for name in world.classes["class"] for route in ("West", "East")]  # fmt: skip
    folder = scratch("no-substitute")
    write_world(replace(world, constants=pd.DataFrame(rows)), folder)
    return folder


def permanent_block(lab: Lab, seed: int) -> Terms:
    """16: both legs of Central closed for good, where others are a substitute and where they are none."""
    horizon = {"days": START + 3 * YEAR}
    block = {"block": {"start": START, "closes": CENTRAL}}

    def read(network: str, *windows: tuple[int, int]) -> list[tuple[float, float]]:
        x = lab.run(seed, network=network, policies=block, **horizon)
        y = lab.run(seed, network=network, **horizon)
        main, others = legs(x, "Central"), legs(x, "West", "East")
        return [(on_legs(x, others, a, b, CROSSINGS) - on_legs(y, others, a, b, CROSSINGS),
                 on_legs(y, main, a, b, CROSSINGS) - on_legs(x, main, a, b, CROSSINGS))
                for a, b in windows]  # fmt: skip

    two, early, late, third = read("classroom", (0, 720), (0, 180), (540, 720), (720, 1080))
    (none,) = read(no_substitute(), (0, 720))
    half = (third[0], 2.0 * third[1])
    return {
        "substitute: displaced in two years": two, "no substitute: displaced in two years": none,
        "months 1-6, less half of the third year": (*early, *half),
        "months 19-24, less half of the third year": (*late, *half),
    }  # fmt: skip


def by_origin(lab: Lab, seed: int) -> Terms:
    """17: the sea legs of the Central Mediterranean closed for two years in the world of real places."""
    y = lab.run(seed, base="liberterra")
    table, places = y.world.network.legs, y.world.network.places
    closed = (table["route"] == "Central Mediterranean").to_numpy(bool)
    names = list(np.array(y.world.network.leg_names)[closed])
    x = lab.run(seed, base="liberterra", policies={"closed": {"start": START, "closes": names}})
    others = table["route"].isin(EUROPE).to_numpy(bool)
    country = places["country"].to_numpy(str)

    def crossed(run: Run, origins: tuple[str, ...], where: np.ndarray) -> float:
        people = run.people
        leg, day = people["crossing_leg"], people["crossing_day"]
        of = (leg >= 0) & (day >= START) & (day < START + 2 * YEAR) & np.isin(country[people["origin"]], origins)
        return float(where[leg[of]].sum())

    terms: Terms = {}
    for name, origins in GROUPS.items():
        gain = crossed(x, origins, others) - crossed(y, origins, others)
        terms[name] = (gain, crossed(y, origins, closed) - crossed(x, origins, closed))
    first, *_, last = terms.values()
    return terms | {"last group less first": (*last, *first)}


def next_cheapest(lab: Lab, seed: int) -> Terms:
    """26: the busiest border leg closes, in eight made-up networks of 30 places: who gains, whose way is cheapest."""
    network = made("random_geometric", places=30, radius=5.0, seed=seed % 8)
    y = lab.run(seed, network=network)
    border = legs(y)
    busiest = border[np.argmax(y.legs[START:, border, CROSSINGS].sum(axis=0))]
    x = lab.run(seed, network=network, policies={"b": {"start": START, "closes": [y.world.network.leg_names[busiest]]}})
    gain = x.legs[START + 60 :, :, CROSSINGS].sum(axis=0).astype(float) - y.legs[START + 60 :, :, CROSSINGS].sum(axis=0)
    others = border[border != busiest]
    cheap = [-cost for cost in _way_costs(lab, y, busiest, others)]
    rank = pd.Series(cheap).corr(pd.Series(gain[others]), method="spearman")
    return {"rank correlation of cheapness and gain": (0.0 if math.isnan(rank) else float(rank),)}


def _way_costs(lab: Lab, run: Run, closed: int, border: np.ndarray) -> list[float]:
    """Least generalised cost of a way over each border leg, mean over origins, at baseline dangers; USD."""
    table = run.world.network.legs
    stopped = table["detection"] * (table["turned_back"] + table["returned"])
    cost = (table["fee"] + lab.value("choice.time_value") * table["days"] + lab.value("choice.aversion") * (
        stopped * lab.value("choice.loss_stopped") + table["death"] * lab.value("choice.loss_death")))  # fmt: skip
    cost = cost.clip(lower=lab.value("choice.cost_floor")).to_numpy(float)
    ways = nx.DiGraph()
    for i, (tail, head) in enumerate(zip(table["tail"], table["head"], strict=True)):
        if i != closed:
            ways.add_edge(tail, head, cost=cost[i])
    before = [nx.single_source_dijkstra_path_length(ways, o, weight="cost") for o in run.world.origins["place"]]
    back = ways.reverse()
    after = nx.multi_source_dijkstra_path_length(back, set(run.world.destinations["place"]) & set(back), weight="cost")
    tails, heads = table["tail"].to_numpy(), table["head"].to_numpy()
    to = [float(np.mean([at.get(tails[i], 1e6) for at in before])) for i in border]
    return [start + cost[i] + after.get(heads[i], 1e6) for start, i in zip(to, border, strict=True)]


DISCOURAGED = {
    "migration.value_slope": 3.0, "migration.intercept": -2.0, "migration.lapse_days": 20.0, "migration.retry": 0.3,
    "choice.scale": 800.0, "hubs.route_growth": 0.0,
}  # fmt: skip
"""Within the plausible ranges: leaving hangs on the way's worth, few are persuaded, most give up early, and the other
routes learn nothing."""


def diffusion(lab: Lab, seed: int) -> Terms:
    """29: four officers at Central for two years among people who are easily discouraged; four times as many people,
    for the size of the effect."""
    here = DISCOURAGED | {"flow": 4.0}
    x, y = lab.run(seed, pressing(4, routes=["Central"]), **here), lab.run(seed, **here)
    own, others = ([on_legs(r, legs(x, *names), 60, 720, CROSSINGS) for r in (x, y)] for names in
                   (("Central",), ("West", "East")))  # fmt: skip
    return {"treated route": change(*own), "other routes": change(*others),
            "arrivals": change(*(total(r, "arrivals", 60, 720) for r in (x, y)))}  # fmt: skip
