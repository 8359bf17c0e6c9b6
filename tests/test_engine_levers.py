"""Operations and policies as they begin and end: what each lever does, and that it ends."""

from __future__ import annotations

import numpy as np
import pytest

from rooms import START, fresh
from waterbed.agents.crossing import detected
from waterbed.agents.migrant import begin
from waterbed.agents.prospect import conversion_logit, recruit
from waterbed.agents.states import LEGAL, PROSPECT, PROTECTED, THINNED
from waterbed.engine.levers import measures_begin_and_end
from waterbed.engine.run import simulate
from waterbed.scenario.scenario import Scenario

FIRST = 120 + START


def policy(**levers):
    return {"care": {"start": START, "days": 30} | levers}


def test_an_announcement_raises_beliefs_on_its_targets_alone():
    world, plan = fresh(target={"routes": ["Central"]})
    index = plan.names.legs.index("Midport > Harbour")
    other = plan.names.legs.index("Westport > Isle")
    before, credible = world.legs[index].belief, world.publicity[0, index]
    elsewhere = world.legs[other].belief
    measures_begin_and_end(FIRST, world)
    assert 0.5 < credible <= 1.0
    assert world.legs[index].belief == pytest.approx(before + 0.3 * credible * (1 - before))
    assert world.legs[other].belief == elsewhere
    told = [c for c in (world.carriers[i] for i in range(len(world.carriers))) if c.leg == index]
    assert told and all(c.belief > before for c in told)


@pytest.mark.parametrize("silent", [{"officers": 0}, {"operation": {"announced": False}}])
def test_no_officers_or_no_announcement_no_rumour(silent):
    world, plan = fresh(target={"routes": ["Central"]}, **silent)
    before = [world.legs[i].belief for i in range(len(world.legs))]
    measures_begin_and_end(FIRST, world)
    assert [world.legs[i].belief for i in range(len(world.legs))] == before


def born(world, n=400):
    """The first people of a world, as they begin to consider leaving."""
    people = [world.migrants[i] for i in range(n)]
    for one in people:
        begin(one, FIRST, world)
    return np.array([one.status for one in people])


def test_lower_push_thins_and_legal_pathways_divert_the_same_people():
    world, _ = fresh(policies=policy(push=-0.2, legal_pathways=0.25))
    measures_begin_and_end(0, world)
    assert (born(world) == PROSPECT).all()
    measures_begin_and_end(FIRST, world)
    status = born(world)
    place = world.places[world.groups[world.migrants[0].group].place]
    assert place.push_now == pytest.approx(place.push - 0.2) and 0.0 < place.keep < 1.0
    kept = np.array([world.places[world.groups[world.migrants[i].group].place].keep for i in range(400)])
    assert abs((status == THINNED).mean() - (1 - kept).mean()) < 4 * np.sqrt(0.25 / 400)
    assert abs((status == LEGAL).sum() / (status != THINNED).sum() - 0.25) < 4 * np.sqrt(0.19 / 300)
    measures_begin_and_end(FIRST + 30, world)
    assert (born(world) == PROSPECT).all(), "the policy has ended"


def test_a_campaign_makes_the_reached_harder_to_convince_and_to_deceive():
    world, plan = fresh(policies=policy(campaign=0.5))
    measures_begin_and_end(FIRST, world)
    one = world.migrants[0]
    begin(one, FIRST, world)
    assert world.places[one.place].campaign == 0.5
    assert conversion_logit(one, 0, True, world) == pytest.approx(conversion_logit(one, 0, False, world) - 1.0)
    for i in range(len(world.recruiters)):
        world.recruiters[i].deceptive = 1
    for reached, deceived in ((False, 1), (True, 0)):
        one.deceived = 0
        recruit(one, 0, reached, FIRST, world)
        assert one.deceived == deceived


def test_a_policy_acts_in_its_countries_only():
    world, plan = fresh(policies=policy(online_monitoring=50.0, identification=0.3, countries=["EAS"]))
    measures_begin_and_end(FIRST, world)
    for c, name in enumerate(plan.names.countries):
        wanted = (50.0, 0.3) if name == "EAS" else (0.0, 0.0)
        assert (world.countries[c].monitoring, world.countries[c].identification) == wanted


def test_legs_are_closed_while_a_policy_lasts():
    world, plan = fresh(policies=policy(closes=["Midport > Harbour"]))
    leg = world.legs[plan.names.legs.index("Midport > Harbour")]
    measures_begin_and_end(FIRST, world)
    assert leg.closed == 1 and world.places[leg.tail].stale == 1
    measures_begin_and_end(FIRST + 30, world)
    assert leg.closed == 0
    s = Scenario.load("classroom").replace({"days": 90, "burn_in": 60, "compare.fate_days": 20})
    s = s.replace({"operations.surge": False})
    closed = Scenario.model_validate(
        s.model_dump() | {"policies": {"shut": {"start": 0, "closes": ["Midport > Harbour"]}}}
    )
    index = plan.names.legs.index("Midport > Harbour")
    row = plan.leg_rows[index]
    assert simulate(s, 1).legs[20:, row, 0].sum() > 0 == simulate(closed, 1).legs[:, row, 0].sum()


def test_early_identification_protects_the_deceived_alone():
    world, plan = fresh(policies=policy(identification=0.95))
    measures_begin_and_end(FIRST, world)
    index = plan.names.legs.index("Midport > Harbour")
    leg = world.legs[index]
    outcome = {}
    for deceived in (0, 1):
        found = 0
        for i in range(200):
            one = world.migrants[i]
            begin(one, FIRST, world)
            one.place, one.leg, one.hub, one.channel, one.deceived = leg.tail, index, -1, 0, deceived
            detected(one, leg, index, 0.0, (i + 0.5) / 200, FIRST, world)
            found += one.status == PROTECTED
        outcome[deceived] = found
    assert outcome[0] == 0 and outcome[1] == 200, "0.05 by default and 0.95 more"
