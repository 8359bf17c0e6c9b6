"""The way chosen, against closed forms: the logit's shares and an absorbing chain's arrivals, on two-way networks."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from waterbed.agents.states import ARRIVED, DEAD
from waterbed.engine import generator as g
from waterbed.engine.baseline import shares
from waterbed.engine.choice import choose_leg
from waterbed.engine.generator import alternative
from waterbed.engine.run import Simulation, blueprint, simulate
from waterbed.network import WorldTables, grid, random_geometric
from waterbed.network.csv_pair import write_world
from waterbed.scenario.scenario import Scenario

MAKERS = {"grid": lambda: grid(6, 3, people_per_year=60000, seed=2),
          "random_geometric": lambda: random_geometric(16, 7.0, people_per_year=60000, seed=5)}  # fmt: skip
DEATH = 0.03


def plain(maker: str, folder: Path, **more: object) -> Scenario:
    """A scenario without feedback, police or exploitation: one class, all legs equally deadly."""
    world: WorldTables = MAKERS[maker]()
    world.network.places["exploitation_demand"] = 0.0
    legs = world.network.legs
    legs["death"], legs["turned_back"], legs["returned"] = DEATH, 0.0, 0.0
    write_world(world, folder / "w")
    given: dict[str, object] = {
        "name": "plain", "network": str(folder / "w"), "days": 900, "burn_in": 0, "compare": {"fate_days": 60},
        "world": {"feedback": False, "weather_sd": 0.0}, "choice": {"season_weight": 0.0},
        "police": {"raid_rate": 0.0, "arrest_rate": 0.0},
    }  # fmt: skip
    return Scenario.model_validate(given | more)


def passing(arrays: dict[str, np.ndarray]) -> np.ndarray:
    """Probability of outliving each leg: going alone is half as deadly again."""
    legs, weight = arrays["legs"], arrays["leg_weight"][:, 0]
    alone = np.divide(arrays["own_weight"][:, 0], weight, out=np.zeros_like(weight), where=weight > 0)
    return 1.0 - legs["death"] * (1.0 + 0.5 * alone)


@pytest.mark.parametrize("maker", MAKERS)
def test_simulated_shares_are_those_of_the_recursive_logit(maker: str, tmp_path: Path) -> None:
    s = plain(maker, tmp_path)
    plan, _ = blueprint(s)
    legs = plan.arrays["legs"]
    assert {(t, h) for t, h in zip(legs["tail"], legs["head"], strict=True)} & {
        (h, t) for t, h in zip(legs["tail"], legs["head"], strict=True)
    }, "the network is one-way"
    p = shares(plan.arrays, 0)
    departed = simulate(s, 3).legs[..., 0].sum(axis=0)[plan.leg_rows]
    tested = 0
    for place in range(len(plan.names.places)):
        mine = legs["tail"] == place
        n = departed[mine].sum()
        if n < 200:
            continue
        assert p[mine].sum() == pytest.approx(1.0)
        # Given how many left a place, how they divide is multinomial: 4.5 standard errors over some 60 legs.
        error = 4.5 * np.sqrt(n * p[mine] * (1 - p[mine])) + 1.0
        assert (np.abs(departed[mine] - n * p[mine]) <= error).all(), plan.names.places[place]
        tested += 1
    assert tested >= 6


def test_the_leg_chosen_is_the_first_of_an_exponential_race() -> None:
    """With every logarithm taken, which the rule saves; rates over five orders of magnitude, some of them nothing."""
    legs, chance = 7, np.random.default_rng(4)
    world = SimpleNamespace(
        par=[SimpleNamespace(key0=11, key1=5)], groups=[SimpleNamespace(key=97)], race=np.zeros((legs, 3)),
        places=[SimpleNamespace(first_leg=2, legs=legs)], head=np.arange(legs + 2), value=np.ones((legs + 2, 1)),
    )  # fmt: skip
    firsts = set()
    for ordinal in range(3000):
        world.leg_weight = 10.0 ** chance.uniform(-5, 0, (legs + 2, 1)) * (chance.uniform(size=(legs + 2, 1)) < 0.8)
        person = SimpleNamespace(place=0, group=0, ordinal=ordinal, attempts=1, hops=3)
        u = [alternative(world.par[0], g.LEG, 97, ordinal, 1027, 2048 + i) for i in range(legs)]
        times = [-math.log(x) / w if w > 0 else math.inf for x, w in zip(u, world.leg_weight[2:, 0], strict=True)]
        expected = 2 + int(np.argmin(times)) if min(times) < math.inf else -1
        assert choose_leg(person, 0, 2, world) == expected
        firsts.add(expected)
    assert firsts >= set(range(2, legs + 2))


@pytest.mark.parametrize("maker", MAKERS)
def test_arrivals_are_those_of_the_absorbing_chain(maker: str, tmp_path: Path) -> None:
    s = plain(maker, tmp_path)
    simulation = Simulation(s, 8)
    simulation.advance(simulation.last)
    a, people, past = simulation.plan.arrays, simulation.world.migrants, simulation.world.biographies
    legs, n = a["legs"], len(a["places"])
    chain = np.zeros((n, n))
    np.add.at(chain, (legs["tail"], legs["head"]), shares(a, 0) * passing(a))
    goal = a["destination"][:, 0] > 0
    through = np.linalg.inv(np.eye(n) - chain)
    tested = 0
    for group in range(len(a["groups"])):
        origin = a["groups"]["place"][group]
        # Recruited long before the end, so that nearly all have come to an end.
        mine = people[(people["group"] == group) & (past["recruiter"] >= 0) & (past["birth"] < 500)]
        ended = np.isin(mine["status"], (ARRIVED, DEAD))
        assert ended.mean() > 0.995
        for place in np.flatnonzero(goal):
            p = through[origin, place]
            seen = ((mine["status"] == ARRIVED) & (mine["place"] == place)).sum()
            late = (~ended).sum()
            error = 4.5 * math.sqrt(len(mine) * p * (1 - p)) + 1.0
            assert len(mine) * p - error - late <= seen <= len(mine) * p + error
            tested += 1
        dead, q = (mine["status"] == DEAD).mean(), 1.0 - through[origin, goal].sum()
        assert abs(dead - q) <= 4.5 * math.sqrt(q * (1 - q) / len(mine)) + (~ended).mean()
        assert q > DEATH
    assert tested >= 6


@pytest.mark.parametrize("seed", range(4))
def test_same_bits_on_random_networks(seed: int, tmp_path: Path) -> None:
    """Both engines, with everything switched on, on networks and parameters that the seed chooses."""
    lot = np.random.default_rng(seed)
    write_world(random_geometric(int(lot.integers(8, 20)), float(lot.uniform(2, 9)), seed=seed), tmp_path / "w")
    given = {
        "name": "random", "network": str(tmp_path / "w"), "days": 60, "burn_in": 40, "compare": {"fate_days": 20},
        "choice": {"scale": float(lot.uniform(200, 1600)), "cost_floor": float(lot.uniform(50, 300))},
        "hubs": {"relocate_days": 30, "lie_low_heat": 0.5, "reopen_heat": 0.1, "pyramid": 0.3},
        "recruiting": {"deceptive_share": 0.2, "channel_days": 14},
        "police": {"raid_rate": float(lot.uniform(1e-4, 3e-2)), "arrest_rate": float(lot.uniform(1e-4, 1e-2)),
                   "strategy": str(lot.choice(["random", "hotspot", "intelligence", "interdiction"]))},
        "operations": {"all": {"start": 10, "days": 12, "officers": int(lot.integers(1, 2000)),
                               "delayed_strike": int(lot.integers(0, 11)), "redeployed": bool(lot.integers(2)),
                               "target": {"hub_rank": "betweenness", "hub_count": 3, "one_by_one": 2}}},
    }  # fmt: skip
    s = Scenario.model_validate(given)
    compiled, interpreted = simulate(s, seed), simulate(s, seed, compiled=False)
    assert compiled.digest == interpreted.digest
    assert compiled.legs.sum() > 0
