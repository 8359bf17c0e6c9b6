"""The migrant's rules, one by one, on an interpreted world."""

from __future__ import annotations

import math

import pytest

from rooms import fresh
from waterbed.agents import crossing, migrant, prospect, victim, waiting
from waterbed.agents import states as s
from waterbed.engine import choice
from waterbed.engine.people import admit

DAY = 200


def person(world, i=0):
    one = world.migrants[i]
    migrant.begin(one, DAY, world)
    one.channel = s.IN_PERSON
    return one


def sent(world, plan, leg, hub=None, i=0):
    """A migrant who is on a leg, carried by a hub or alone."""
    one = person(world, i)
    index = plan.names.legs.index(leg)
    one.leg, one.place = index, world.legs[index].tail
    one.hub = -1 if hub is None else plan.names.hubs.index(hub)
    one.status, one.since, one.hops = s.TRAVELLING, DAY - 3, 2
    return one, world.legs[index]


def test_who_cannot_pay_converts_less_and_goes_into_debt():
    world, plan = fresh()
    one = person(world)
    ahead = world.fee_ahead[one.place, world.groups[one.group].class_]
    one.budget = int(100 * ahead) + 100
    rich = prospect.conversion_logit(one, s.IN_PERSON, False, world)
    one.budget = int(50 * ahead)
    assert prospect.conversion_logit(one, s.IN_PERSON, False, world) == pytest.approx(rich - 0.5, abs=1e-4)
    assert prospect.conversion_logit(one, s.ONLINE, False, world) == pytest.approx(rich - 0.5 - 0.8, abs=1e-4)
    one, leg = sent(world, plan, "Midport > Harbour", "Mid boats @ Midport")
    one.budget = 10_000
    waiting.admitted(one, DAY, world)
    assert one.budget == 0 and one.debt == one.paid - 10_000 > 0 and one.status == s.STAGED


def test_conversion_rises_with_the_value_of_leaving():
    world, plan = fresh()
    one = person(world)
    c = world.groups[one.group].class_
    before = prospect.conversion_logit(one, s.IN_PERSON, False, world)
    world.value[one.place, c] *= math.exp(-2.0)
    assert prospect.conversion_logit(one, s.IN_PERSON, False, world) == pytest.approx(before - 0.6 * 2.0)


def test_going_alone_is_half_as_deadly_again_and_danger_grows_with_search():
    outcomes = {}
    for name, hub, danger in (("carried", "Elm road @ Elm", 0.0), ("alone", None, 0.0), ("pressed", None, 0.9)):
        world, plan = fresh(police={"danger": danger})
        index = plan.names.legs.index("Elm > Westport")
        world.legs[index].death, world.legs[index].detection = 0.2, 0.0
        dead = 0
        for i in range(1500):
            one, leg = sent(world, plan, "Elm > Westport", hub, i)
            if danger:
                world.searched[0, DAY % 128, index] = leg.search_width * 3 * 0.5
            crossing.finish_leg(one, DAY, world)
            dead += one.status == s.DEAD
        outcomes[name] = dead / 1500
    for name, p in (("carried", 0.2), ("alone", 0.3), ("pressed", 0.3 * math.exp(0.45))):
        assert abs(outcomes[name] - p) < 4 * math.sqrt(p * (1 - p) / 1500), name


def test_what_detection_leads_to():
    world, plan = fresh()
    seen = dict.fromkeys(("back", "returned", "on"), 0)
    for i in range(1500):
        one, leg = sent(world, plan, "Midport > Harbour", "Mid boats @ Midport", i)
        crossing.detected(one, leg, one.leg, 0.0, 0.999, DAY, world)
        place = plan.names.places[one.place]
        key = "on" if place == "Harbour" else "back" if place == "Midport" and one.leg == -1 or (
            one.status == s.HOME and place == "Midport") else "returned"  # fmt: skip
        seen[key] += 1
    for key, p in (("back", 0.5), ("returned", 0.2), ("on", 0.3)):
        assert abs(seen[key] / 1500 - p) < 4 * math.sqrt(p * (1 - p) / 1500), (key, seen)
    hub = world.hubs[plan.names.hubs.index("Mid boats @ Midport")]
    assert hub.stopped == seen["back"] + seen["returned"], "only the stopped teach fear and bring heat"


def test_without_a_way_one_waits_and_is_stranded_after_thirty_days(monkeypatch):
    world, plan = fresh()
    one = person(world)
    waiting.rest(one, DAY, world)
    with monkeypatch.context() as here:
        here.setattr(waiting, "choose_leg", lambda *_: -1)
        for day in range(DAY, DAY + 30):
            waiting.choose(one, day, world)
            assert one.status == s.WAITING
        waiting.choose(one, DAY + 30, world)
        assert one.status == s.STRANDED
    waiting.choose(one, DAY + 60, world)
    assert one.status != s.STRANDED, "a way has opened"


def test_hubs_admit_those_of_the_smallest_uniform_and_the_others_race_again_with_the_same():
    world, plan = fresh()
    hub = world.hubs[plan.names.hubs.index("Mid boats @ Midport")]
    index = plan.names.legs.index("Midport > Harbour")
    people = []
    for i in range(40):
        one = person(world, i)
        one.place, one.leg, one.hub, one.hops, one.status = hub.place, index, hub.number, 3, s.WAITING
        world.applicants[i] = one.number
        people.append(one)
    world.state[0].applicants, hub.room = 40, 10
    admit(DAY, world)
    first = {one.number for one in people if one.status == s.STAGED}
    assert len(first) == 10 and hub.occupancy == 10
    lots = {world.queue[k]: world.lot[k] for k in range(40)}
    assert max(lots[n] for n in first) < min(lot for n, lot in lots.items() if n not in first)
    # Ten more the next day: the next ten of the same queue.
    rest = [one for one in people if one.status == s.WAITING]
    for k, one in enumerate(rest):
        world.applicants[k] = one.number
    world.state[0].applicants = len(rest)
    admit(DAY + 1, world)
    second = {one.number for one in rest if one.status == s.STAGED}
    assert max(lots[n] for n in second) < min(lots[one.number] for one in rest if one.number not in second)


def test_full_and_closed_hubs_take_nobody():
    world, plan = fresh()
    hub = world.hubs[plan.names.hubs.index("Mid boats @ Midport")]
    index = plan.names.legs.index("Midport > Harbour")
    one = person(world)
    one.place, one.hops = hub.place, 2
    c = world.groups[one.group].class_
    assert choice.choose_carrier(one, c, index, world) >= 0
    for k in range(world.place_hubs.shape[1]):
        if world.place_hubs[hub.place, k] >= 0:
            world.hubs[world.place_hubs[hub.place, k]].room = 0
    assert choice.choose_carrier(one, c, index, world) == -2, "the sea cannot be crossed alone"


def test_the_deceived_and_the_indebted_are_taken_where_there_is_demand_and_some_are_pressed():
    world, plan = fresh(hubs={"pyramid": 0.4})
    hub = next(world.hubs[i] for i in range(len(world.hubs)) if world.hubs[i].kind == s.EXPLOITATION)
    world.places[hub.place].demand = 0.5
    taken = {}
    for name, deceived, debt in (("deceived", 1, 0), ("in debt", 0, 100_000), ("neither", 0, 0)):
        n = 0
        for i in range(600):
            one = person(world, i)
            one.place, one.hops, one.deceived, one.debt, one.budget = hub.place, 2, deceived, debt, 0
            n += victim.fall_victim(one, DAY, world)
        taken[name] = n / 600
    for name, p in (("deceived", 0.5), ("in debt", 0.5 * 0.1), ("neither", 0.0)):
        assert abs(taken[name] - p) <= 4 * math.sqrt(p * (1 - p) / 600), taken
    held = hub.occupancy
    pressed = sum(world.places[p].pressed for p in range(len(world.places)))
    assert held == world.state[0].held_in_person == round(600 * (taken["deceived"] + taken["in debt"]))
    assert abs(pressed - 0.4 * held) < 4 * math.sqrt(0.24 * held)


def test_of_people_at_a_raided_hub_three_in_ten_are_held():
    world, plan = fresh()
    hub = world.hubs[plan.names.hubs.index("Mid boats @ Midport")]
    held = 0
    for i in range(1000):
        one = person(world, i)
        one.status, one.hub, one.place, one.hops = s.STAGED, hub.number, hub.place, 2
        hub.occupancy += 1
        victim.raided(one, DAY, world)
        assert one.status in (s.DETAINED, s.WAITING)
        held += one.status == s.DETAINED
    assert hub.occupancy == 0 and abs(held - 300) < 4 * math.sqrt(210)


def test_a_protected_victim_without_a_hub_leads_to_the_recruiter():
    world, plan = fresh(police={"investigation": 0.6})
    for i in range(50):
        one, leg = sent(world, plan, "Elm > Westport", None, i)
        world.biographies[one.number].recruiter = 3
        victim.protect(one, leg.head, 0, -1, DAY, world)
    cases = [world.investigations[k] for k in range(int(world.state[0].opened))]
    assert 15 < len(cases) < 45 and all((c.hub, c.recruiter) == (-1, 3) for c in cases)
