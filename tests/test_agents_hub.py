"""The hub's rules, one by one, on an interpreted world."""

from __future__ import annotations

import math

import pytest

from rooms import fresh
from waterbed.agents import hub as rules
from waterbed.agents.states import CLOSED, EXPLOITATION, LYING_LOW, OPEN, TRANSIT
from waterbed.engine import generator as g
from waterbed.engine.generator import exponential, uniform
from waterbed.engine.run import blueprint
from waterbed.engine.world import NEVER
from waterbed.scenario import Scenario

DAY = 400


def named(world, plan, name):
    return world.hubs[plan.names.hubs.index(name)]


def test_heat_is_what_was_stopped_arrested_and_raided_over_capacity():
    world, plan = fresh()
    hub = named(world, plan, "Mid boats @ Midport")
    hub.capacity, hub.heat, hub.stopped, hub.arrested = 50.0, 0.2, 4, 2
    rules.step(hub, DAY, world)
    assert hub.heat == pytest.approx(0.2 * 2 ** (-1 / 30) + (4 + 3 * 2) / 50)
    assert (hub.stopped, hub.arrested, hub.status) == (0, 0, OPEN)
    hub.stormed = 1
    heat = hub.heat
    rules.step(hub, DAY + 1, world)
    assert hub.heat == pytest.approx(heat * 2 ** (-1 / 30) + 20 / 50)


def test_a_hot_hub_lies_low_and_is_off_the_offer_at_once():
    world, plan = fresh()
    hub = named(world, plan, "Mid boats @ Midport")
    hub.heat = 1.2
    rules.step(hub, DAY, world)
    assert hub.status == LYING_LOW and hub.closures == 1 and hub.closed_on == DAY
    assert world.places[hub.place].stale == 1 and world.state[0].changed == 1


@pytest.mark.parametrize(("linked", "rate"), [(0.0, 0.05 * 0.05), (0.5, 0.05 * (0.05 + 0.95 * 0.25)), (1.0, 0.05)])
def test_reopening_is_slower_the_fewer_linked_hubs_are_open(linked, rate):
    world, plan = fresh()
    hub = named(world, plan, "Mid boats @ Midport")
    hub.status, hub.heat, hub.linked_open = LYING_LOW, 0.25, linked
    rules.step(hub, DAY, world)
    assert hub.reopening == pytest.approx(rate)
    hub.heat = 0.5
    rules.step(hub, DAY + 1, world)
    assert hub.reopening == pytest.approx(rate), "it is too hot to reopen"
    hub.heat, hub.reopening = 0.0, 100.0
    rules.step(hub, DAY + 2, world)
    assert hub.status == OPEN


def test_linked_are_hubs_that_exchanged_people_within_ninety_days():
    world, plan = fresh()
    me, near, shut, old = (world.hubs[i] for i in range(4))
    me.status = shut.status = CLOSED
    for other, day in ((near, DAY - 90), (shut, DAY), (old, DAY - 91)):
        world.linked[me.number, other.number] = day
    rules.see_links(me, DAY, world)
    assert me.linked_open == 0.5


def test_a_raided_hub_still_hot_moves_to_the_busiest_place_one_leg_away_in_either_direction():
    world, plan = fresh()
    hub, places = named(world, plan, "Mid boats @ Midport"), plan.names.places
    hub.status, hub.heat, hub.closed_on = CLOSED, 0.9, DAY - 60
    # Fort lies before Midport on the way, Newport beside it, Vale two legs away.
    for name, people in (("Fort", 5.0), ("Newport", 1.0), ("Vale", 100.0)):
        world.choosers[places.index(name), 0] = people
    rules.step(hub, DAY, world)
    assert places[hub.place] == "Fort" and hub.heat == 0.0 and hub.relocations == 1
    assert hub.status == CLOSED, "it has to open first, like any closed hub"
    at = world.places[hub.place]
    mine = [world.carriers[hub.first_carrier + slot].leg for slot in range(at.legs)]
    assert mine == list(range(at.first_leg, at.first_leg + at.legs))
    assert hub.number in [world.place_hubs[hub.place, k] for k in range(rules.hubs_at(hub.place, world))]
    old = places.index("Midport")
    assert hub.number not in [world.place_hubs[old, k] for k in range(rules.hubs_at(old, world))]
    day = DAY
    while hub.status == CLOSED:
        day += 1
        rules.step(hub, day, world)
    due = exponential(uniform(world.par[0], g.REOPEN, hub.key, hub.closures, 0))
    rate = world.par[0].reopen_rate * (0.05 + 0.95 * hub.linked_open**2)
    assert day - DAY == math.floor(due / rate) + 1


def test_a_hub_that_cannot_move_today_looks_again_tomorrow(monkeypatch):
    world, plan = fresh()
    hub = named(world, plan, "Mid boats @ Midport")
    hub.status, hub.heat, hub.closed_on = CLOSED, 0.95, DAY - 59
    rules.step(hub, DAY, world)
    assert hub.relocations == 0, "sixty days have not passed"
    with monkeypatch.context() as here:
        here.setattr(rules, "can_settle", lambda *_: False)
        rules.step(hub, DAY + 1, world)
    assert hub.relocations == 0
    rules.step(hub, DAY + 2, world)
    assert hub.relocations == 1


def test_an_exploitation_hub_moves_only_where_there_is_demand():
    world, plan = fresh()
    hub = next(world.hubs[i] for i in range(len(world.hubs)) if world.hubs[i].kind == EXPLOITATION)
    for p in range(len(world.places)):
        world.places[p].demand = 0.0
    hub.status, hub.heat, hub.closed_on = CLOSED, 0.9, DAY - 60
    rules.step(hub, DAY, world)
    assert hub.relocations == 0
    for p in range(len(world.places)):
        world.places[p].demand = 0.1
    rules.step(hub, DAY + 1, world)
    assert hub.relocations == 1


def test_capacity_grows_when_full_and_shrinks_when_half_empty():
    world, plan = fresh()
    hub = named(world, plan, "Mid boats @ Midport")
    hub.capacity, hub.least, hub.occupancy, hub.fill = 100.0, 60.0, 95, 0.95
    day = DAY - DAY % 30 + hub.number % 30
    rules.resize(hub, day, world)
    assert hub.capacity == pytest.approx(105.0)
    rules.resize(hub, day + 1, world)
    assert hub.capacity == pytest.approx(105.0), "once a month"
    hub.occupancy, hub.fill = 10, 0.1
    rules.resize(hub, day + 30, world)
    assert hub.capacity == pytest.approx(105.0 * 0.95)
    hub.capacity = 61.0
    rules.resize(hub, day + 60, world)
    assert hub.capacity == 60.0, "never below the least"


def test_the_rate_of_a_raid():
    world, plan = fresh()
    hub = named(world, plan, "Mid boats @ Midport")
    hub.heat, hub.leads, hub.threshold = 0.4, 2.0, 1e9
    world.place_officers[0, hub.place] = 30.0
    rules.risk_raid(hub, DAY, world)
    assert hub.hazard == pytest.approx(1e-4 * 30 * (0.4 + 2.0))
    hub.heat = 0.0
    rules.risk_raid(hub, DAY, world)
    assert hub.hazard == pytest.approx(1e-4 * 30 * (0.4 + 2.0 + 0.05 + 2.0)), "the floor of heat"
    hub.status = LYING_LOW
    before = hub.hazard
    rules.risk_raid(hub, DAY, world)
    assert hub.hazard == before


def test_a_case_comes_to_its_strike_though_its_builders_have_moved_on():
    world, plan = fresh(strike=5)
    start = int(world.operations[0].start)
    hub = named(world, plan, "Mid boats @ Midport")
    hub.heat, hub.threshold = 0.5, 0.01
    for day in range(start, start + 5):
        world.place_officers[1, hub.place] = 1000.0 if day < start + 2 else 0.0
        rules.risk_raid(hub, day, world)
        assert hub.raids == 0, "the case is only built"
    assert hub.case == pytest.approx(2 * 1e-4 * 1000 * 0.5)
    rules.risk_raid(hub, start + 5, world)
    assert hub.raids == 1 and hub.raided_by == 1 and hub.case == 0.0
    assert world.counts_operation[0, 5] == 1


def test_one_by_one_targets_are_hit_in_turn():
    world, plan = fresh(target={"hub_rank": "betweenness", "hub_count": 3, "one_by_one": 4})
    start = int(world.operations[0].start)
    begins = {i: world.target_hub[0, i] for i in range(len(world.hubs)) if world.target_hub[0, i] < NEVER}
    assert sorted(begins.values()) == [start, start + 4, start + 8]
    assert all(world.hubs[i].kind == TRANSIT for i in begins)
    last = world.hubs[max(begins, key=begins.get)]
    last.threshold, last.heat = 1e9, 0.05
    world.place_officers[1, last.place] = 10.0
    rules.risk_raid(last, start, world)
    quiet = last.hazard
    rules.risk_raid(last, start + 8, world)
    assert quiet == pytest.approx(1e-3 * 0.05) and last.hazard - quiet == pytest.approx(1e-3 * 1.05)


def test_a_hub_may_be_the_target_of_two_operations():
    once = {"start": 40, "days": 12, "officers": 50, "target": {"hubs": ["Midport"]}}
    scenario = Scenario.load("classroom").replace(
        {"days": 200, "burn_in": 0, "operations.surge": False, "operations": {"a": once, "b": once | {"start": 80}}}
    )
    arrays, names = blueprint(scenario)[0].arrays, blueprint(scenario)[0].names
    there = [i for i, name in enumerate(names.hubs) if name.endswith("@ Midport")]
    transit = [i for i in there if arrays["hubs"]["kind"][i] == TRANSIT]
    assert arrays["target_hub"][:, transit].tolist() == [[40] * len(transit), [80] * len(transit)]


def test_a_raid_closes_heats_arrests_and_opens_a_case():
    world, plan = fresh(police={"investigation": 0.6}, hubs={"raid_arrests": 0.5})
    raids = opened = arrested = there = 0
    for i in range(len(world.hubs)):
        hub = world.hubs[i]
        at = world.places[hub.place]
        mine = [world.recruiters[r] for r in range(at.first_recruiter, at.first_recruiter + at.recruiters)]
        mine = [r for r in mine if r.network == hub.network and r.status == 0]
        before = int(world.state[0].opened)
        rules.be_raided(hub, 0, DAY, world)
        assert hub.status == CLOSED and hub.stormed == 1 and hub.raided_on == DAY
        assert math.isfinite(hub.threshold) and hub.hazard == 0.0
        raids, opened = raids + 1, opened + int(world.state[0].opened) - before
        there, arrested = there + len(mine), arrested + sum(r.status == 2 for r in mine)
    assert world.counts_total[DAY - world.par[0].burn_in, rules_total("raids")] == raids
    assert abs(arrested - 0.5 * there) < 4 * math.sqrt(0.25 * there)
    assert opened >= 0.3 * raids


def rules_total(name):
    from waterbed.engine.world import T

    return T[name]
