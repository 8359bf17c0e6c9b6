"""Phases 5, 7 and 8: legs and routes adapt, investigations yield leads, networks learn."""

from __future__ import annotations

import math

from . import generator as g
from .call import call
from .choice import AGAIN, weigh_stale
from .generator import uniform
from .rule import rule
from .tally import count_total, note
from .world import LEG_CLOSED, LEG_OPENED, N, T

_LEGS_OPENED = T["legs_opened"]
_ADMITTED = T["admitted"]
_FEES = T["fees_cents"]
_CARRIED = N["carried"]
_STOPPED = N["stopped"]
_OPEN = 0
_TRANSIT = 0
EXCESS = 1.2
"""Demand over what is usual from which a route learns."""
ALLOWANCE = 10.0
"""Agents a year by which demand may be over that by chance."""


@rule
def legs_adapt(today, world):
    """Dormant legs open and close, routes learn; what changed is weighed anew at once."""
    par = world.par[0]
    for p in range(len(world.places)):
        for c in range(len(world.classes)):
            world.choosers[p, c] *= par.demand_decay
    if par.feedback == 1 and today >= par.burn_in:
        if today == par.burn_in:
            set_baselines(today, world)
        if today % 7 == 0:
            for index in range(len(world.legs)):
                if world.legs[index].dormant == 1:
                    look_at_dormant(index, today, world)
        if today % 30 == 0:
            grow_routes(world)
    weigh_stale(world.calendar[today], world)


@rule
def expected_profit(index, world):
    """USD in 180 days from a dormant leg, if it were open: demand at its tail, its share, its margin."""
    par = world.par[0]
    leg = world.legs[index]
    margin = leg.fee * (0.5 - leg.belief)
    if not served(leg.tail, world) or margin <= 0.0:
        return 0.0
    log_m = math.log(max(1, world.places[leg.tail].legs))
    flow = 0.0
    for c in range(len(world.classes)):
        people = world.choosers[leg.tail, c] * (1.0 - par.demand_decay)
        z = world.value[leg.tail, c]
        if people > 0.0 and z > 0.0:
            of = world.classes[c]
            cost = leg.fee + of.time_value * leg.days + world.constant[leg.route + 1, c]
            cost += of.aversion * (leg.belief * par.loss_stopped + leg.death * par.loss_death)
            w = math.exp(-max(par.cost_floor, cost) / par.scale - log_m) * world.value[leg.head, c]
            flow += people * w / (z + w)
    return 180.0 * flow * par.ppa * margin


@rule
def served(place, world):
    """Whether some network has an open hub here."""
    for k in range(world.place_hubs.shape[1]):
        h = world.place_hubs[place, k]
        if h < 0:
            return False
        if world.hubs[h].status == _OPEN and world.hubs[h].kind == _TRANSIT:
            return True
    return False


@rule
def set_baselines(today, world):
    """At the end of the burn-in: what demand and opening a leg are measured against."""
    par = world.par[0]
    for index in range(len(world.legs)):
        leg = world.legs[index]
        if leg.dormant == 1 and leg.opening_cost <= 0.0:
            leg.opening_cost = max(1000.0, par.opening_factor * expected_profit(index, world))
    for r in range(len(world.routes)):
        for c in range(len(world.classes)):
            births = world.classes[c].births
            world.usual[r, c] = world.demand[r, c] / births if births > 0.0 else 0.0


@rule
def look_at_dormant(index, today, world):
    """The weekly look at a dormant leg: open after 90 days of promise, closed when it no longer pays."""
    leg = world.legs[index]
    if leg.open == 0:
        leg.looks = min(leg.looks + 1, 1000) if expected_profit(index, world) > leg.opening_cost else 0
        if leg.looks * 7 >= 90:
            leg.open = 1
            leg.looks = 0
            leg.opened_on = today
            leg.used_on = today
            mark_leg(leg, world)
            count_total(world, today, _LEGS_OPENED, 1)
            note(world, today, LEG_OPENED, -1, leg.tail, index, -1)
        return
    profit = 180.0 * leg.flow * world.par[0].ppa * leg.fee * (0.5 - leg.belief)
    if today - leg.used_on >= 180 or (today - leg.opened_on >= 90 and profit < 0.5 * leg.opening_cost):
        leg.open = 0
        mark_leg(leg, world)
        note(world, today, LEG_CLOSED, -1, leg.tail, index, -1)


@rule
def mark_leg(leg, world):
    """Have the ways from the leg's tail weighed and solved anew."""
    world.places[leg.tail].stale = 1
    world.state[0].changed = 1


@rule
def grow_routes(world):
    """Routes learn to serve more: attractiveness grows while people are driven to them, else decays.

    A year's demand is held against what births would bring by the shares of the burn-in, and against what the route
    has learnt already, so that its own growth is no reason to grow.
    """
    par = world.par[0]
    for r in range(len(world.routes)):
        route = world.routes[r]
        demand = 0.0
        usual = 0.0
        for c in range(len(world.classes)):
            demand += world.demand[r, c]
            usual += world.usual[r, c] * world.classes[c].births
        if demand > EXCESS * usual * math.exp(route.growth) + ALLOWANCE * par.of_a_year:
            route.growth = min(par.growth_most, route.growth + par.growth_step)
        else:
            route.growth = max(0.0, route.growth - par.growth_step)


@rule
def follow_up(today, world):
    """Investigations opened long enough ago yield leads, each once; they go on after the operation."""
    par = world.par[0]
    state = world.state[0]
    while state.matured < state.opened and world.investigations[state.matured].day + par.investigation_days <= today:
        case = world.investigations[state.matured]
        state.matured += 1
        if case.hub >= 0:
            lead_from_hub(case, world)
        elif case.recruiter >= 0:
            lead_from_recruiter(case, world)


@rule
def shares(case, key, country, world):
    """Whether a lead reaches a country: its own at once, others by cooperation."""
    if country == case.country:
        return True
    cooperation = world.par[0].cooperation
    if case.operation > 0 and world.taking[case.operation - 1, country] == 1:
        cooperation = max(cooperation, world.operations[case.operation - 1].cooperation)
    origin = world.countries[country].key
    return uniform(world.par[0], g.SHARING, origin, key, case.day) < cooperation


@rule
def lead_from_hub(case, world):
    """Leads on the hubs that this one lately exchanged people with, and on its network's recruiters there."""
    about = world.hubs[case.hub]
    for other in range(len(world.hubs)):
        hub = world.hubs[other]
        if other == case.hub or case.day - world.linked[case.hub, other] <= world.par[0].linked_days:
            if shares(case, about.key, world.places[hub.place].country, world):
                hub.leads += 1.0
    place = world.places[about.place]
    if shares(case, about.key, place.country, world):
        lead_on_recruiters(place, about.network, place.first_recruiter + case.day % max(1, place.recruiters), world)


@rule
def lead_from_recruiter(case, world):
    """Leads on the network's hub at the place, and on its other recruiters there."""
    about = world.recruiters[case.recruiter]
    place = world.places[about.place]
    if not shares(case, about.key, place.country, world):
        return
    for k in range(world.place_hubs.shape[1]):
        h = world.place_hubs[about.place, k]
        if h < 0:
            break
        if world.hubs[h].network == about.network:
            world.hubs[h].leads += 1.0
    lead_on_recruiters(place, about.network, case.recruiter + 1, world)


@rule
def lead_on_recruiters(place, network, start, world):
    """Leads on a few recruiters of a network at a place: the next ones of the roster from ``start`` on."""
    found = 0
    for step in range(place.recruiters):
        r = place.first_recruiter + (start - place.first_recruiter + step) % place.recruiters
        if world.recruiters[r].network == network:
            world.recruiters[r].leads += 1.0
            found += 1
            if found == world.par[0].linked_recruiters:
                return


@rule
def networks_learn(today, world):
    """Networks learn, rumours spread, flows are smoothed."""
    par = world.par[0]
    if par.feedback == 1:
        for h in range(len(world.hubs)):
            if world.hubs[h].kind == _TRANSIT:
                learn(world.hubs[h], today, world)
        for p in range(len(world.places)):
            share_rumours(p, world)
    observe_offers(today, world)
    smooth_flows(today, world)


@rule
def look_ahead(today, world, plan):
    """The ways are solved anew when planned or needed."""
    tomorrow = min(today + 1, len(world.calendar) - 1)
    if (today + 1) % world.par[0].planning_days == 0:
        call(plan, world.calendar[tomorrow], world)
    elif world.state[0].changed == 1:
        call(plan, AGAIN, world)


@rule
def learn(hub, today, world):
    """Each of a hub's carriers: experience where people were carried, drift to the prior where not."""
    par = world.par[0]
    record = today - par.burn_in
    for slot in range(world.places[hub.place].legs):
        offer = world.carriers[hub.first_carrier + slot]
        offer.use *= par.demand_decay
        if offer.carried > 0:
            n = offer.carried * par.ppa
            step = par.learning * n / (n + par.half_experience)
            offer.belief += step * (offer.stopped / offer.carried - offer.belief)
            offer.use += offer.carried
            if record >= 0:
                world.counts_network[record, hub.network, _CARRIED] += offer.carried
                world.counts_network[record, hub.network, _STOPPED] += offer.stopped
            offer.carried = 0
            offer.stopped = 0
        else:
            prior = world.legs[offer.leg].prior
            offer.belief += par.drift * (prior - offer.belief)


@rule
def share_rumours(p, world):
    """Beliefs about each leg mix a little; those who go alone believe the networks' mean."""
    par = world.par[0]
    place = world.places[p]
    for slot in range(place.legs):
        leg = world.legs[place.first_leg + slot]
        n = 0
        total = 0.0
        weight = 0.0
        weighted = 0.0
        for k in range(world.place_hubs.shape[1]):
            h = world.place_hubs[p, k]
            if h < 0:
                break
            if world.hubs[h].kind == _TRANSIT:
                offer = world.carriers[world.hubs[h].first_carrier + slot]
                n += 1
                total += offer.belief
                weight += offer.use + 1e-9
                weighted += (offer.use + 1e-9) * offer.belief
        if n == 0:
            leg.belief += par.drift * (leg.prior - leg.belief)
            continue
        leg.belief = weighted / weight
        mean = total / n
        for k in range(world.place_hubs.shape[1]):
            h = world.place_hubs[p, k]
            if h < 0:
                break
            if world.hubs[h].kind == _TRANSIT:
                offer = world.carriers[world.hubs[h].first_carrier + slot]
                offer.belief += par.rumour * (mean - offer.belief)


@rule
def observe_offers(today, world):
    """What networks ask and believe today: by leg and by network, each offer weighted by people lately carried."""
    record = today - world.par[0].burn_in
    if record < 0:
        return
    for k in range(len(world.networks)):
        world.use[k] = 0.0
    for index in range(len(world.legs)):
        leg = world.legs[index]
        use = 0.0
        fees = 0.0
        for k in range(world.place_hubs.shape[1]):
            h = world.place_hubs[leg.tail, k]
            if h < 0:
                break
            hub = world.hubs[h]
            if hub.kind == _TRANSIT:
                offer = world.carriers[hub.first_carrier + index - world.places[leg.tail].first_leg]
                weight = offer.use + 1e-9
                use += weight
                fees += weight * offer.fee
                total = world.use[hub.network] + weight
                belief = world.network_belief[record, hub.network]
                world.network_belief[record, hub.network] = belief + weight / total * (offer.belief - belief)
                world.use[hub.network] = total
        world.leg_fee[record, index] = fees / use if use > 0.0 else leg.fee
        world.leg_belief[record, index] = leg.belief


@rule
def smooth_flows(today, world):
    """Recent departures and detections of legs and routes; the day's mean fee and belief."""
    par = world.par[0]
    record = today - par.burn_in
    for r in range(len(world.routes)):
        for c in range(len(world.classes)):
            world.demand[r, c] -= par.of_a_year * world.demand[r, c]
    people = 0
    belief = 0.0
    for index in range(len(world.legs)):
        leg = world.legs[index]
        leg.flow += (1.0 - par.demand_decay) * (leg.departed - leg.flow)
        leg.detected += (1.0 - par.demand_decay) * (leg.caught - leg.detected)
        people += leg.departed
        belief += leg.departed * leg.belief
        leg.departed = 0
        leg.caught = 0
    if record >= 0 and people > 0:
        world.mean_belief[record] = belief / people
    if record >= 0 and world.counts_total[record, _ADMITTED] > 0:
        world.mean_fee[record] = 0.01 * world.counts_total[record, _FEES] / world.counts_total[record, _ADMITTED]
