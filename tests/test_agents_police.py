"""The police unit's rules: where it goes by its strategy, how many it counts for, what it is credited with."""

from __future__ import annotations

import numpy as np
import pytest

from rooms import fresh
from waterbed.agents import police as rules
from waterbed.engine.levers import redeploy
from waterbed.engine.run import Simulation, simulate
from waterbed.engine.search import post_officers, search
from waterbed.scenario.scenario import Scenario

DAY = 200


@pytest.mark.parametrize(
    ("strategy", "kind", "weight"),
    [("random", 0, 1.0), ("hotspot", 0, 3.01), ("hotspot", 1, 2.01), ("intelligence", 0, 4.2), ("intelligence", 1, 4.2),
     ("intelligence", 2, 5.2), ("interdiction", 0, 7.001), ("interdiction", 1, 0.0)],
)  # fmt: skip
def test_what_draws_a_unit(strategy, kind, weight):
    world, _ = fresh()
    unit = world.units[0]
    unit.strategy = rules.STRATEGIES.index(strategy)
    post = next(world.posts[i] for i in range(len(world.posts)) if world.posts[i].kind == kind)
    if kind == rules.LEG:
        leg = world.legs[post.target]
        leg.detected, leg.flow, world.places[leg.tail].leads = 3.0, 7.0, 4.0
    elif kind == rules.PLACE:
        world.places[post.target].heat, world.places[post.target].leads = 2.0, 4.0
    else:
        world.countries[post.target].leads = 5.0
    assert rules.attraction(unit, post, DAY, world) == pytest.approx(weight)


def test_a_unit_stays_for_patrol_days_and_a_static_one_for_good():
    world, _ = fresh()
    unit, still = world.units[0], world.units[1]
    still.strategy = rules.STATIC
    posts, kept = [], set()
    for day in range(70):
        for one in (unit, still):
            rules.step(one, day, world)
        posts.append(unit.post)
        kept.add(still.post)
    weeks = [set(posts[day : day + 7]) for day in range(0, 70, 7)]
    assert all(len(week) == 1 for week in weeks) and len(set(posts)) > 3
    assert len(kept) == 1 and kept != {-1}


def test_redeployed_officers_are_missed_elsewhere():
    world, plan = fresh(operation={"redeployed": True, "countries": ["EAS"]}, officers=10)
    start = int(world.operations[0].start)
    east = plan.names.countries.index("EAS")
    redeploy(start - 1, world)
    assert world.countries[east].kept == 1.0
    redeploy(start, world)
    standing = world.countries[east].officers
    assert world.countries[east].kept == pytest.approx(1.0 - 10 / standing)
    assert all(world.countries[c].kept == 1.0 for c in range(len(world.countries)) if c != east)
    for i in range(len(world.units)):
        rules.step(world.units[i], start, world)
    post_officers(start, world)
    assert world.countries[east].posted == pytest.approx(standing), "ten stand elsewhere, not ten more"
    assert world.operations[0].spent == pytest.approx(10.0)


def test_no_more_officers_are_redeployed_than_a_country_has():
    world, plan = fresh(operation={"redeployed": True, "countries": ["EAS"]}, officers=5000)
    start = int(world.operations[0].start)
    country = world.countries[plan.names.countries.index("EAS")]
    assert country.officers < 5000
    redeploy(start, world)
    for i in range(len(world.units)):
        rules.step(world.units[i], start, world)
    post_officers(start, world)
    assert country.kept == 0.0 and country.posted == pytest.approx(country.officers)


@pytest.mark.parametrize("officers", [1, 7, 100, 1234])
def test_officer_days_are_whole_however_officers_are_split(officers):
    s = Scenario.load("classroom").replace(
        {"days": 40, "burn_in": 5, "operations.surge.start": 10, "operations.surge.officers": officers,
         "operations.surge.target": {"routes": []}, "compare.fate_days": 10}
    )  # fmt: skip
    assert simulate(s, 1).operations["surge"]["officer_days"] == 12 * officers


def test_swamped_officers_search_less():
    world, _ = fresh(police={"swamped": 5.0})
    world.legs[0].flow, world.leg_officers[0, 0] = 40.0, 8.0
    search(DAY, world)
    assert world.searched[0, DAY % 128, 0] == pytest.approx(8.0 / (1.0 + 40.0 / (5.0 * 8.0)))


def test_deeds_are_credited_to_units_that_stood_there():
    s = Scenario.load("classroom").replace(
        {"days": 60, "burn_in": 10, "operations.surge.start": 20, "compare.fate_days": 10, "police.raid_rate": 1e-3,
         "police.arrest_rate": 3e-3, "operations.surge.officers": 2000, "operations.surge.strategy": "random",
         "operations.surge.target": {"routes": [], "recruiters": True}}
    )  # fmt: skip
    simulation = Simulation(s, 3)
    simulation.advance(simulation.last)
    run, units = simulation.finish(), simulation.world.units
    of_operation = units["operation"] == 1
    table = run.operations["surge"]
    assert units["arrests"][of_operation].sum() == table["arrests"] > 5
    assert units["investigations"][of_operation].sum() == table["investigations_opened"] > 0
    assert 0 < units["detections"].sum() < run.legs[..., 2].sum() + 10
    assert len(np.unique(units["arrests"])) > 1
