"""The engine: same bits at two speeds, common chance, conservation, known answers."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from waterbed.agents.migrant import ended
from waterbed.agents.states import EXPLOITED, STAGED, TRANSIT, UNBORN
from waterbed.engine.baseline import bare_world
from waterbed.engine.blueprint import build
from waterbed.engine.compiled import engine
from waterbed.engine.records import Rows
from waterbed.engine.run import Simulation, simulate, simulate_pair
from waterbed.engine.world import CROSSINGS, DETECTIONS
from waterbed.network import load_world
from waterbed.scenario.scenario import Scenario

WORLDS = Path(__file__).parents[1] / "src" / "waterbed" / "network" / "worlds"
SURGE = {"officers": 200, "start": 40, "days": 12, "strategy": "hotspot", "target": {"routes": ["Central"]}}


def scenario(**more):
    given = {"name": "test", "network": "classroom", "days": 150, "burn_in": 120, "compare": {"fate_days": 60}}
    return Scenario.model_validate(given | {"operations": {"surge": SURGE}} | more)


def same(a, b):
    return a.digest == b.digest


def test_same_bits_compiled_and_interpreted():
    s = scenario()
    assert same(simulate(s, 3), simulate(s, 3, compiled=False))
    assert not same(simulate(s, 3), simulate(s, 4))


def test_same_bits_on_the_world():
    s = Scenario.load("liberterra").replace(
        {
            "days": 4,
            "burn_in": 4,
            "persons_per_agent": 20000,
            "compare.fate_days": 2,
            "operations.liberterra.start": 1,
            "operations.liberterra.days": 2,
        }
    )
    assert same(simulate(s, 1), simulate(s, 1, compiled=False))


@settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    scale=st.floats(200, 1600),
    rate=st.floats(0, 1),
    danger=st.floats(0, 1),
    swamped=st.floats(0, 50),
    strategy=st.sampled_from(["static", "random", "hotspot", "intelligence", "interdiction"]),
    strike=st.integers(0, 6),
    redeployed=st.booleans(),
    seed=st.integers(0, 2**40),
)
def test_same_bits_whatever_the_parameters(scale, rate, danger, swamped, strategy, strike, redeployed, seed):
    surge = SURGE | {
        "strategy": strategy,
        "delayed_strike": strike,
        "redeployed": redeployed,
        "start": 10,
        "target": {},
    }
    s = scenario(
        days=50,
        burn_in=40,
        choice={"scale": scale},
        learning={"rate": rate},
        operations={"surge": surge},
        police={"danger": danger, "swamped": swamped, "raid_rate": 3e-3, "arrest_rate": 3e-3, "strategy": strategy},
        policies={
            "care": {
                "start": 5,
                "push": -0.2,
                "campaign": 0.3,
                "legal_pathways": 0.1,
                "online_monitoring": 50.0,
                "identification": 0.2,
                "closes": ["Midport > Harbour"],
            }
        },
    )
    assert same(simulate(s, seed), simulate(s, seed, compiled=False))


def test_an_operation_of_no_officers_changes_nothing():
    nothing = simulate(scenario(operations={"surge": SURGE | {"officers": 0}}), 5)
    without = simulate(scenario().untreated(), 5)
    for name in ("legs", "totals", "places", "countries", "networks", "channels", "people", "mean_fee"):
        np.testing.assert_array_equal(getattr(nothing, name), getattr(without, name))
    assert set(nothing.operations["surge"].values()) == {0}
    assert not np.array_equal(simulate(scenario(), 5).legs, without.legs)


def test_people_are_the_same_in_both_worlds():
    with_it, without = simulate(scenario(), 5), simulate(scenario().untreated(), 5)
    for name in ("group", "ordinal", "birth"):
        np.testing.assert_array_equal(with_it.people[name], without.people[name])
    # Nothing can differ before the operation begins.
    np.testing.assert_array_equal(with_it.legs[:40], without.legs[:40])


def test_one_more_person_changes_nobody_elses_fate(tmp_path):
    folder = shutil.copytree(WORLDS / "classroom", tmp_path / "fuller")
    classes = pd.read_csv(folder / "classes.csv")
    classes.loc[classes["class"] == "Easterners", "people_per_year"] *= 3
    classes.to_csv(folder / "classes.csv", index=False)
    # Contacts depend on the stock in reach, so hold reach and stock together by turning contact risk off
    # for shared places: Westerners live at Amber and Basin, Easterners at Cedar and Dune.
    alone = {
        "world": {"feedback": False},
        "operations": {},
        "recruiting": {"online_share": 0.0, "online_setup": 1e5, "deceptive_share": 0.0},
        "hubs": {"pyramid": 0.0, "exploited_risk": 0.0},
        "police": {"raid_rate": 0.0, "arrest_rate": 0.0},
    }
    few, many = simulate(scenario(**alone), 2), simulate(scenario(**alone, network=str(folder)), 2)
    names = ["class_", "origin", "ordinal"]
    columns = ["fate", "crossing_leg", "crossing_day", "attempts", "paid"]
    west = few.people[few.people["class_"] == 0]
    west_too = many.people[many.people["class_"] == 0]
    west, west_too = np.sort(west, order=names), np.sort(west_too, order=names)
    assert len(many.people) > 1.3 * len(few.people)
    assert len(west) > 500 and (west["crossing_leg"] >= 0).sum() > 20
    for column in [*names, *columns]:
        np.testing.assert_array_equal(west[column], west_too[column])


def test_nobody_is_lost_or_doubled():
    simulation = Simulation(
        scenario(
            operations={"surge": SURGE | {"target": {}, "officers": 2000}},
            police={"raid_rate": 3e-3},
            recruiting={"deceptive_share": 0.3},
        ),
        1,
    )
    rows = Rows(simulation.world.migrants)
    for day in range(1, 260, 13):
        simulation.advance(day)
        world = simulation.world
        people = world.migrants
        active = world.listed[: int(world.state["active"][0])]
        active = np.sort(active[active >= 0])
        alive = [i for i in np.flatnonzero(people["status"] != UNBORN) if not ended(rows[int(i)])]
        np.testing.assert_array_equal(active, alive)
        for status, kinds in ((STAGED, world.hubs["kind"] == TRANSIT), (EXPLOITED, world.hubs["kind"] != TRANSIT)):
            held = np.bincount(people["hub"][people["status"] == status], minlength=len(world.hubs))
            np.testing.assert_array_equal(held[kinds], world.hubs["occupancy"][kinds])
    assert (simulation.world.hubs["raids"] > 0).any()


@pytest.mark.parametrize("name", ["classroom", "liberterra"])
def test_values_solve_the_linear_system(name):
    s = Scenario.load(name).untreated()
    a = build(s, load_world(s.network)).arrays
    legs, n = a["legs"], len(a["places"])
    for c in range(len(a["classes"])):
        chain = np.zeros((n, n))
        np.add.at(chain, (legs["tail"], legs["head"]), a["leg_weight"][:, c])
        goal = a["destination"][:, c] > 0
        chain[goal] = 0.0
        radius = np.abs(np.linalg.eigvals(chain)).max()
        assert radius <= math.exp(-s.choice.cost_floor / s.choice.scale) + 1e-9
        z = np.linalg.solve(np.eye(n) - chain, a["destination"][:, c])
        np.testing.assert_allclose(a["value"][:, c], z, rtol=1e-8, atol=1e-300)


def test_shares_are_those_of_the_logit():
    s = scenario(
        world={"feedback": False, "weather_sd": 0.0},
        operations={},
        days=700,
        flow=4.0,
        choice={"season_weight": 0.0},
        police={"raid_rate": 0.0, "arrest_rate": 0.0},
    )
    run = simulate(s, 1)
    arrays = build(s, load_world("classroom")).arrays
    engine().plan(0, bare_world(arrays))
    names = run.world.network.leg_names
    mine = [i for i, n in enumerate(names) if n.startswith("Cedar > ")]
    counts = run.legs[:, mine, 0].sum(axis=0)
    # Southerners and Easterners both start at Cedar; the expected shares lie between theirs.
    from waterbed.engine.baseline import shares

    rows = build(s, load_world("classroom")).leg_rows
    by_class = {c: {int(rows[i]): p for i, p in enumerate(shares(arrays, c))} for c in (1, 2)}
    share = counts / counts.sum()
    error = 4 * np.sqrt(0.25 / counts.sum())
    for i, leg in enumerate(mine):
        low, high = sorted(by_class[c][leg] for c in (1, 2))
        assert low - error <= share[i] <= high + error


def test_detection_follows_koopman():
    surge = SURGE | {
        "officers": 30,
        "strategy": "static",
        "start": 0,
        "days": 400,
        "officers_per_unit": 30,
        "announced": False,
        "countries": ["EAS"],
        "target": {"legs": ["Eastport > Bridge"]},
    }
    s = scenario(
        world={"feedback": False}, days=400, flow=6.0, operations={"surge": surge}, police={"strategy": "static"}
    )
    run = simulate(s, 1)
    leg = run.world.network.leg_names.index("Eastport > Bridge")
    row = run.world.network.legs.iloc[leg]
    ends = run.legs[10:, leg, DETECTIONS].sum() + 0
    registered = 1 - row["turned_back"] - row["returned"]
    p = 1 - (1 - row["detection"]) * math.exp(-30 / row["search_width"])
    # Crossings completed are those never detected and those registered and let on; victims are few.
    completed = run.legs[10:, leg, CROSSINGS].sum()
    n = completed / (1 - p + p * registered)
    assert abs(ends - n * p) < 4 * math.sqrt(n * p * (1 - p)) + 0.02 * n
    bare = simulate(s.untreated(), 1)
    assert bare.legs[10:, leg, DETECTIONS].sum() / bare.legs[10:, leg, CROSSINGS].sum() < 0.5 * ends / completed


def test_a_fork_ends_like_an_unforked_run():
    s = scenario()
    fork = Simulation(s, 9)
    fork.advance(100)
    twin = fork.copy(s)
    fork.advance(fork.last)
    twin.advance(twin.last)
    assert fork.finish().digest == twin.finish().digest == simulate(s, 9).digest


def test_a_pair_is_the_two_runs_alone():
    s = scenario(policies={"care": {"start": 60, "push": -0.1, "closes": ["Midport > Harbour"]}})
    with_it, without = simulate_pair(s, s.untreated(), 9)
    assert with_it.digest == simulate(s, 9).digest
    assert without.digest == simulate(s.untreated(), 9).digest
