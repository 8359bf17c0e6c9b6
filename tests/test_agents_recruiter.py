"""The recruiter's rules, one by one, on an interpreted world."""

from __future__ import annotations

import math

import pytest

from rooms import START, fresh
from waterbed.agents import recruiter as rules
from waterbed.agents.states import ACTIVE, ARRESTED, IN_PERSON, ONLINE, QUIET

DAY = 400


def at(world, plan, place):
    """An in-person recruiter of a place, whom nothing has happened to, and who need not choose a channel soon."""
    first = world.places[plan.names.places.index(place)].first_recruiter
    me = world.recruiters[first]
    me.channel, me.due, me.threshold, me.heat = IN_PERSON, 10**6, 1e9, 0.0
    return me


def test_recruits_heat_and_the_hot_lie_low_until_half_is_left():
    world, plan = fresh()
    me = at(world, plan, "Cedar")
    here = world.places[me.place]
    trade = rules.trade_of(me.place, IN_PERSON, world)
    here.recruited, here.recruiters_here = 60, 3
    rules.survey(world)
    rules.step(me, DAY, world)
    assert me.heat == pytest.approx(0.02 * 20) and (trade.active, trade.at_large) == (1, 1)
    me.heat = 1.2
    here.recruited = 0
    for day, heat, status in ((1, 1.2, QUIET), (2, 0.52, QUIET), (3, 0.49, ACTIVE)):
        me.heat = heat
        rules.survey(world)
        rules.step(me, DAY + day, world)
        assert me.status == status and (trade.active, trade.at_large) == (int(status == ACTIVE), 1)


def test_the_rate_of_arrest_in_person_and_online():
    world, plan = fresh()
    me = at(world, plan, "Cedar")
    country = world.places[me.place].country
    me.heat, me.leads = 0.3, 1.5
    world.place_officers[0, me.place] = 20.0
    rules.survey(world)
    rules.risk_arrest(me, DAY, world)
    assert me.hazard == pytest.approx(3e-4 * 20 * 1.8)
    me.channel, me.hazard = ONLINE, 0.0
    rules.risk_arrest(me, DAY, world)
    assert me.hazard == 0.0, "street patrol does not see who works online"
    world.online_officers[0, country], world.countries[country].monitoring = 3.0, 7.0
    rules.survey(world)
    rules.risk_arrest(me, DAY, world)
    assert me.hazard == pytest.approx(3e-4 * 10 * 1.8)
    me.status, me.hazard = QUIET, 0.0
    rules.risk_arrest(me, DAY, world)
    assert me.hazard == pytest.approx(3e-4 * 10 * 1.55), "who lies low shows the floor of heat"


def test_targeted_recruiters_carry_one_lead():
    world, plan = fresh(target={"recruiters": True})
    me = at(world, plan, "Cedar")
    world.place_officers[1, me.place] = 20.0
    rules.survey(world)
    rules.risk_arrest(me, START + 120, world)
    assert me.hazard == pytest.approx(3e-4 * 20 * 1.05)


def test_an_arrest_is_counted_heats_the_hub_and_ends_with_a_replacement():
    world, plan = fresh()
    me = at(world, plan, "Cedar")
    hubs = [world.hubs[i] for i in range(len(world.hubs))]
    mine = [h for h in hubs if h.network == me.network and h.place == me.place]
    me.leads, me.case, me.heat = 2.0, 0.5, 0.7
    rules.arrest(me, 1, -1, DAY, world)
    assert me.status == ARRESTED and me.arrests == 1 and me.leads == 0.0 and me.case == 0.0
    assert math.isfinite(me.threshold) and me.due > DAY and world.counts_operation[0, 0] == 1
    assert mine and all(h.arrested == 1 for h in mine)
    rules.step(me, me.due - 1, world)
    assert me.status == ARRESTED
    rules.step(me, me.due, world)
    assert me.status == ACTIVE and me.heat == 0.0


@pytest.mark.parametrize("channel", [IN_PERSON, ONLINE])
def test_a_case_comes_to_its_strike_though_its_builders_have_moved_on(channel):
    world, plan = fresh(strike=5)
    start = int(world.operations[0].start)
    me = at(world, plan, "Cedar")
    me.channel, me.threshold, me.heat = channel, 0.01, 0.5
    officers = world.place_officers if channel == IN_PERSON else world.online_officers
    where = me.place if channel == IN_PERSON else world.places[me.place].country
    for day in range(start, start + 5):
        officers[1, where] = 500.0 if day < start + 2 else 0.0
        rules.survey(world)
        rules.risk_arrest(me, day, world)
        assert me.status == ACTIVE
    rules.survey(world)
    rules.risk_arrest(me, start + 5, world)
    assert me.status == ARRESTED and world.counts_operation[0, 0] == 1


def test_danger_in_person_moves_recruiters_online():
    world, plan = fresh()
    online = []
    for danger in (0.0, 0.01, 0.05):
        for c in range(len(world.countries)):
            world.countries[c].risk_in_person, world.countries[c].risk_online = danger, 0.0
        n = 0
        for i in range(len(world.recruiters)):
            rules.choose_channel(world.recruiters[i], DAY, world)
            n += world.recruiters[i].channel
        online.append(n / len(world.recruiters))
    assert online[0] < online[1] < online[2] and online[2] > 0.9
