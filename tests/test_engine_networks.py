"""How networks learn and adapt: beliefs, rumours, drift, routes, dormant legs, and what investigations lead to."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rooms import fresh
from waterbed.engine import networks as rules
from waterbed.engine.choice import set_fees, weigh_place
from waterbed.engine.run import Simulation
from waterbed.engine.tally import open_investigation
from waterbed.engine.world import DEPARTURES
from waterbed.scenario.scenario import Scenario

DAY = 400


def hub_of(world, plan, name):
    return world.hubs[plan.names.hubs.index(name)]


def test_experience_moves_a_belief_and_disuse_lets_it_drift_back():
    world, plan = fresh(persons_per_agent=3)
    hub = hub_of(world, plan, "Mid boats @ Midport")
    offer, idle = world.carriers[hub.first_carrier], world.carriers[hub.first_carrier + 1]
    offer.belief, offer.carried, offer.stopped = 0.1, 5, 2
    idle.belief = 0.6
    prior = world.legs[idle.leg].prior
    rules.learn(hub, DAY, world)
    assert offer.belief == pytest.approx(0.1 + 0.36 * 15 / (15 + 10) * (2 / 5 - 0.1))
    assert idle.belief == pytest.approx(0.6 + (1 - 2 ** (-1 / 60)) * (prior - 0.6))
    assert (offer.carried, offer.stopped) == (0, 0)


def test_rumours_bring_beliefs_together_and_the_lonely_believe_the_mean():
    world, plan = fresh()
    place = next(p for p in range(len(world.places)) if world.place_hubs[p, 1] >= 0)
    first, second = (world.hubs[world.place_hubs[place, k]] for k in (0, 1))
    a, b = world.carriers[first.first_carrier], world.carriers[second.first_carrier]
    a.belief, b.belief, a.use, b.use = 0.2, 0.6, 30.0, 10.0
    rules.share_rumours(place, world)
    assert world.legs[world.places[place].first_leg].belief == pytest.approx((30 * 0.2 + 10 * 0.6) / 40)
    assert a.belief == pytest.approx(0.2 + 0.02 * 0.2) and b.belief == pytest.approx(0.6 - 0.02 * 0.2)


def test_a_fee_carries_the_markup_of_fill_heat_and_danger():
    world, plan = fresh()
    hub = hub_of(world, plan, "Mid boats @ Midport")
    hub.capacity, hub.occupancy, hub.heat = 100.0, 90, 0.5
    offer = world.carriers[hub.first_carrier]
    offer.belief = 0.25
    set_fees(hub.place, world)
    assert offer.fee == pytest.approx(world.legs[offer.leg].fee * (1 + 0.3 * 0.5 + 0.1 * 0.5 + 0.6 * 0.25))


def test_routes_learn_to_serve_more_by_eight_per_cent_a_month_at_most_five_fold():
    world, plan = fresh()
    r = plan.names.routes.index("Central")
    route = world.routes[r]
    for c in range(len(world.classes)):
        world.usual[r, c] = 5.0
        world.classes[c].births = 1.0
    usual = 5.0 * len(world.classes)
    world.demand[r, 0] = 1.2 * 1.1 * usual + 10.0 / 365.0
    months = []
    for _ in range(5):
        rules.grow_routes(world)
        months.append(route.growth / math.log(1.08))
    assert months == pytest.approx([1.0, 2.0, 1.0, 2.0, 1.0])  # a tenth more than it bears: it learns that, no more
    world.demand[r, 0] = 1.2 * 6.0 * usual
    for _ in range(60):
        rules.grow_routes(world)
    assert route.growth == pytest.approx(math.log(5))
    world.classes[0].births += 0.2 * len(world.classes)  # the same demand, with more people born, is no excess
    rules.grow_routes(world)
    assert route.growth == pytest.approx(math.log(5) - math.log(1.08))


def test_an_excess_of_fewer_than_ten_agents_a_year_is_chance():
    world, plan = fresh()
    r = plan.names.routes.index("Central")
    for agents, grown in ((9.9, 0.0), (10.1, math.log(1.08))):
        world.demand[r, 0] = agents / 365.0
        rules.grow_routes(world)
        assert world.routes[r].growth == pytest.approx(grown)


def test_a_year_s_demand_and_births_are_means_of_what_was_counted():
    simulation = Simulation(Scenario.load("classroom").untreated().replace({"burn_in": 0, "days": 200}), 3)
    world, days = simulation.world, simulation.last
    legs = world.legs
    uncounted = np.flatnonzero((legs["route"] >= 0) & (legs["counted"] == 1))[0]
    legs["counted"][uncounted] = 0  # it still has its route
    simulation.advance(days)
    counted = (legs["route"] >= 0) & (legs["counted"] == 1)
    left = (1.0 - 1.0 / 365.0) ** (days - np.arange(days))
    departed = world.counts_leg[:, :, DEPARTURES]
    for r in range(len(world.routes)):
        by_day = departed[:, counted & (legs["route"] == r)].sum(axis=1)
        assert world.demand[r].sum() == pytest.approx((left @ by_day) / 365.0)
    born = np.zeros((days, len(world.classes)))
    classes = world.groups["class_"][world.migrants["group"]]
    np.add.at(born, (np.minimum(world.biographies["birth"], days - 1), classes), world.biographies["birth"] < days)
    ripening = births = np.zeros(len(world.classes))
    for day in range(days):
        births = births + (ripening - births) / 365.0
        ripening = ripening * (1.0 - 1.0 / 60.0) + born[day] / 60.0
    assert world.classes["births"] == pytest.approx(births)
    assert world.classes["ripening"] == pytest.approx(ripening)


def test_nothing_is_learnt_where_nobody_is_driven_to_a_route():
    for burn_in in (360, 0):
        simulation = Simulation(Scenario.load("classroom").untreated().replace({"burn_in": burn_in}), 3)
        simulation.advance(simulation.last)
        assert list(simulation.world.routes["growth"]) == [0.0, 0.0, 0.0]


def test_growth_makes_a_way_more_attractive_down_to_the_floor_of_costs():
    world, plan = fresh()
    index = plan.names.legs.index("Midport > Harbour")
    leg, route = world.legs[index], world.routes[plan.names.routes.index("Central")]
    weigh_place(leg.tail, 12, world)
    before = [world.leg_weight[index, c] for c in range(len(world.classes))]
    route.growth = math.log(2)
    weigh_place(leg.tail, 12, world)
    after = [world.leg_weight[index, c] for c in range(len(world.classes))]
    assert all(y == pytest.approx(2 * x) for x, y in zip(before, after, strict=True) if x > 0.0)


def dormant(world):
    return next(i for i in range(len(world.legs)) if world.legs[i].dormant == 1)


def test_a_dormant_leg_opens_after_ninety_days_of_promise_and_closes_unused(monkeypatch):
    world, plan = fresh()
    index = dormant(world)
    leg = world.legs[index]
    leg.opening_cost = 1000.0
    promise = {"usd": 1500.0}
    monkeypatch.setattr(rules, "expected_profit", lambda *_: promise["usd"])
    for week in range(12):
        rules.look_at_dormant(index, DAY + 7 * week, world)
    assert leg.open == 0
    promise["usd"] = 900.0
    rules.look_at_dormant(index, DAY + 84, world)
    promise["usd"] = 1500.0
    for week in range(13, 26):
        assert leg.open == 0, "one week without promise starts the count anew"
        rules.look_at_dormant(index, DAY + 7 * week, world)
    assert leg.open == 1 and world.places[leg.tail].stale == 1
    opened = leg.opened_on
    leg.flow = 50.0
    leg.used_on = opened + 170
    rules.look_at_dormant(index, opened + 175, world)
    assert leg.open == 1
    rules.look_at_dormant(index, opened + 351, world)
    assert leg.open == 0, "180 days unused"


def test_an_open_leg_that_no_longer_pays_is_given_up_but_not_in_its_first_ninety_days():
    world, plan = fresh()
    index = dormant(world)
    leg = world.legs[index]
    leg.open, leg.opened_on, leg.used_on, leg.flow, leg.opening_cost = 1, DAY, DAY + 95, 0.001, 1e6
    rules.look_at_dormant(index, DAY + 84, world)
    assert leg.open == 1
    rules.look_at_dormant(index, DAY + 98, world)
    assert leg.open == 0


@pytest.mark.parametrize("cooperation", [0.0, 1.0])
def test_leads_come_after_a_delay_and_cross_borders_by_cooperation(cooperation):
    world, plan = fresh(police={"cooperation": cooperation})
    about = hub_of(world, plan, "Mid boats @ Midport")
    abroad = next(h for h in (world.hubs[i] for i in range(len(world.hubs)))
                  if world.places[h.place].country != world.places[about.place].country)  # fmt: skip
    world.linked[about.number, abroad.number] = DAY - 10
    open_investigation(world, DAY, about.number, -1, about.place, 0, -1)
    rules.follow_up(DAY + 29, world)
    assert about.leads == 0.0
    rules.follow_up(DAY + 30, world)
    assert about.leads == 1.0 and abroad.leads == cooperation
    rules.follow_up(DAY + 31, world)
    assert about.leads == 1.0, "each investigation yields its leads once"


def test_a_lead_fades_by_half_in_ninety_days():
    from waterbed.agents.hub import step

    world, plan = fresh()
    hub = hub_of(world, plan, "Mid boats @ Midport")
    hub.leads = 1.0
    for day in range(90):
        step(hub, DAY + day, world)
    assert hub.leads == pytest.approx(0.5)


def test_an_arrest_leads_to_the_network_of_the_arrested():
    world, plan = fresh()
    me = world.recruiters[world.places[plan.names.places.index("Cedar")].first_recruiter]
    open_investigation(world, DAY, -1, me.number, me.place, 0, -1)
    rules.follow_up(DAY + 30, world)
    found = [r for r in (world.recruiters[i] for i in range(len(world.recruiters))) if r.leads > 0]
    assert 1 <= len(found) <= 2 and all((r.network, r.place) == (me.network, me.place) for r in found)
    hubs = [world.hubs[i] for i in range(len(world.hubs))]
    assert all((h.leads > 0) == (h.network == me.network and h.place == me.place) for h in hubs)
