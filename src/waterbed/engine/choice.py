"""Choice of the way: a recursive logit (Fosgerau, Frejinger & Karlström 2013) and races to draw from it.

``z = exp(V)`` solves ``z[place] = sum over legs of (sum over carriers of exp(u)) * z[head]`` with
``z[destination] = weight``. The term ``-ln m(place)`` (legs declared there) bounds every row sum by
``exp(-cost_floor / scale)``, so that the fixed point exists on any network. A draw is an exponential
race, which is counterfactually stable (Oberst & Sontag 2019).
"""

from __future__ import annotations

import math

from . import generator as g
from .generator import NONE_DRAWN, alternative, exponential, in_turn
from .rule import rule
from .world import DESERT

AGAIN = -1
"""No month: prices stay."""

_OPEN = 0
_TRANSIT = 0


@rule
def choose_leg(self, c, rounds, world):
    """The leg a person takes from here, or -1 if no way leads on."""
    par = world.par[0]
    place = world.places[self.place]
    key = world.groups[self.group].key
    decision = self.place * 65536 + self.attempts * 1024 + self.hops
    race, weight, value, head = world.race, world.leg_weight, world.value, world.head
    first = place.first_leg
    soonest = 1e300
    chosen = -1
    drawn = NONE_DRAWN
    for i in range(place.legs):
        drawn = in_turn(drawn, par, g.LEG, key, self.ordinal, decision, rounds * 1024 + i)
        rate = weight[first + i, c] * value[head[first + i], c]
        # An exponential is at least 1 - u: whoever is first by that wins most races, and few others still can.
        least = (1.0 - drawn[0]) / rate if rate > 0.0 else 1e300
        race[i, 0] = drawn[0]
        race[i, 1] = rate
        race[i, 2] = least
        if least < soonest:
            soonest = least
            chosen = i
    if chosen < 0:
        return -1
    best = exponential(race[chosen, 0]) / race[chosen, 1]
    ahead = chosen
    for i in range(place.legs):
        if race[i, 2] < best and i != ahead:
            time = exponential(race[i, 0]) / race[i, 1]
            if time < best or (time == best and i < chosen):
                best = time
                chosen = i
    return first + chosen


@rule
def choose_carrier(self, c, leg, world):
    """Who carries: the index of a hub with room, -1 for one's own way, -2 for nobody today."""
    par = world.par[0]
    way = world.legs[leg]
    if way.open == 0 or way.closed == 1:
        return -2
    own = world.own_weight[leg, c]
    if world.place_hubs[self.place, 0] < 0:
        return -1 if own > 0.0 else -2
    key = world.groups[self.group].key
    decision = self.place * 65536 + self.attempts * 1024 + self.hops
    best = 1e300
    chosen = -2
    if own > 0.0:
        best = exponential(alternative(par, g.CARRIER, key, self.ordinal, decision, 0)) / own
        chosen = -1
    share = world.places[self.place].share
    slot = leg - world.places[self.place].first_leg
    for k in range(world.place_hubs.shape[1]):
        index = world.place_hubs[self.place, k]
        if index < 0:
            break
        hub = world.hubs[index]
        if hub.status == _OPEN and hub.kind == _TRANSIT and hub.room > 0:
            offer = world.carriers[hub.first_carrier + slot]
            weight = share * attraction(way, offer.fee, way.days, offer.believed, way.death, c, world)
            if weight > 0.0:
                u = alternative(par, g.CARRIER, key, self.ordinal, decision, 1 + hub.network)
                time = exponential(u) / weight
                if time < best:
                    best = time
                    chosen = index
    return chosen


@rule
def attraction(leg, fee, days, belief, death, c, world):
    """exp(u) of a leg for a class, at a carrier's fee, days and dangers."""
    par = world.par[0]
    of = world.classes[c]
    risk = belief * par.loss_stopped + death * par.loss_death
    cost = fee - leg.ease + of.time_value * days + of.aversion * risk + world.constant[leg.route + 1, c]
    return math.exp(leg.extra - max(par.cost_floor, cost) / par.scale)


@rule
def open_carriers(place, world):
    """How many hubs offer ways from a place today."""
    n = 0
    for k in range(world.place_hubs.shape[1]):
        index = world.place_hubs[place, k]
        if index < 0:
            break
        if world.hubs[index].status == _OPEN and world.hubs[index].kind == _TRANSIT:
            n += 1
    return n


@rule
def weigh_place(place, month, world):
    """exp(u) of every leg at a place, for every class, summed over its carriers; closed ones weigh nothing."""
    par = world.par[0]
    at = world.places[place]
    at.share = (1.0 - par.own_way_weight) / max(1, open_carriers(place, world))
    for index in range(at.first_leg, at.first_leg + at.legs):
        leg = world.legs[index]
        leg.extra = -math.log(max(1, at.legs))
        if leg.season >= 0:
            leg.extra += par.season_weight * world.seasons[leg.season, month]
        # What a route has learnt counts as money, so that the floor on costs still bounds it.
        leg.ease = par.scale * world.routes[leg.route].growth if leg.route >= 0 else 0.0
        for c in range(len(world.classes)):
            world.own_weight[index, c] = 0.0
            world.leg_weight[index, c] = 0.0
        if leg.open == 1 and leg.closed == 0:
            weigh_own_way(index, leg, world)
            for k in range(world.place_hubs.shape[1]):
                h = world.place_hubs[place, k]
                if h < 0:
                    break
                hub = world.hubs[h]
                if hub.kind == _TRANSIT and hub.status == _OPEN:
                    weigh_offer(index, leg, hub.first_carrier + index - at.first_leg, at.share, world)
            share_between_classes(index, leg, world)


@rule
def weigh_own_way(index, leg, world):
    """Nobody's help: no fee, by road or desert only, longer and more dangerous."""
    par = world.par[0]
    if leg.mode > DESERT:
        return
    hard = par.own_way_factor
    for c in range(len(world.classes)):
        if world.alike[leg.route + 1, c] == c:
            weight = par.own_way_weight * attraction(leg, 0.0, leg.days * hard, leg.belief, leg.death * hard, c, world)
            world.own_weight[index, c] = weight
            world.leg_weight[index, c] = weight


@rule
def weigh_offer(index, leg, carrier, share, world):
    """A hub's offer adds to the weight of its leg; what it believes is kept for the choice of the carrier."""
    offer = world.carriers[carrier]
    offer.believed = offer.belief
    for c in range(len(world.classes)):
        if world.alike[leg.route + 1, c] == c:
            weight = share * attraction(leg, offer.fee, leg.days, offer.believed, leg.death, c, world)
            world.leg_weight[index, c] += weight


@rule
def share_between_classes(index, leg, world):
    """Classes that see a route with the same eyes weigh it alike: only the first of them was computed."""
    for c in range(len(world.classes)):
        first = world.alike[leg.route + 1, c]
        world.own_weight[index, c] = world.own_weight[index, first]
        world.leg_weight[index, c] = world.leg_weight[index, first]


@rule
def set_fees(place, world):
    """What each open hub of a place asks: the fee and its markup for fill, heat and danger."""
    par = world.par[0]
    at = world.places[place]
    for k in range(world.place_hubs.shape[1]):
        h = world.place_hubs[place, k]
        if h < 0:
            break
        hub = world.hubs[h]
        if hub.kind != _TRANSIT:
            continue
        fill = hub.occupancy * par.ppa / max(1.0, hub.capacity)
        markup = 1.0
        if par.feedback == 1:
            markup += par.markup_fill * min(1.0, max(0.0, fill - 0.8) / 0.2) + par.markup_heat * hub.heat
        for slot in range(at.legs):
            offer = world.carriers[hub.first_carrier + slot]
            offer.fee = world.legs[at.first_leg + slot].fee * (markup + par.markup_belief * offer.belief)


@rule
def solve(world):
    """z = exp(V) of every place and class, exactly: places are eliminated, then values put back."""
    eliminate(world)
    value, destination = world.value, world.destination
    for p in range(len(value)):
        for c in range(len(world.classes)):
            value[p, c] = destination[p, c]
    substitute(value, world)


@rule
def eliminate(world):
    """Gaussian elimination of the places, all classes side by side, in the order of :mod:`.elimination`.

    A place is taken out by joining each leg into it with each leg out of it, over all rounds that lead back
    to it. Everything is a sum or product of positive numbers, and the row sums below one make each round's
    factor finite, so that no pivot is sought. Nothing leads on from a class's destinations.
    """
    # Arrays by local names: a loop that looks one up in the world anew at each step is not vectorised.
    ways, weight, joined, through = world.ways, world.leg_weight, world.joined, world.through
    n = len(world.classes)
    for entry in range(len(ways)):
        for c in range(n):
            ways[entry, c] = 0.0
    for index in range(len(world.legs)):
        entry = world.entry[index]
        for c in range(n):
            ways[entry, c] += weight[index, c]
    for i in range(len(world.ends)):
        ways[world.ends[i].entry, world.ends[i].class_] = 0.0
    target = 0
    for i in range(len(world.steps)):
        step = world.steps[i]
        rounds = step.rounds
        for c in range(n):
            ways[rounds, c] = 1.0 / (1.0 - ways[rounds, c])
        for j in range(step.first_in, step.first_out):
            into = joined[j].entry
            for c in range(n):
                ways[into, c] *= ways[rounds, c]
            for k in range(step.first_out, step.last_out):
                out = joined[k].entry
                goal = through[target]
                target += 1
                for c in range(n):
                    ways[goal, c] += ways[into, c] * ways[out, c]


@rule
def substitute(right, world):
    """Solve (1 - ways) x = right in place, [place, class], after :func:`eliminate`."""
    ways, steps, joined = world.ways, world.steps, world.joined
    n = len(world.classes)
    for i in range(len(steps)):
        step = steps[i]
        here = step.place
        for j in range(step.first_in, step.first_out):
            before = joined[j].place
            into = joined[j].entry
            for c in range(n):
                right[before, c] += ways[into, c] * right[here, c]
    for i in range(len(steps) - 1, -1, -1):
        step = steps[i]
        here = step.place
        rounds = step.rounds
        for j in range(step.first_out, step.last_out):
            after = joined[j].place
            out = joined[j].entry
            for c in range(n):
                right[here, c] += ways[out, c] * right[after, c]
        for c in range(n):
            right[here, c] *= ways[rounds, c]


@rule
def expect_fees(world):
    """Expected fees of the rest of the way, for those who do not go alone: the same system, other right side."""
    value, fees, weight, own = world.value, world.fee_ahead, world.leg_weight, world.own_weight
    n = len(world.classes)
    for p in range(len(world.places)):
        at = world.places[p]
        for c in range(n):
            fees[p, c] = 0.0
        for leg in range(at.first_leg, at.first_leg + at.legs):
            head = world.legs[leg].head
            fee = world.legs[leg].fee
            for c in range(n):
                fees[p, c] += (weight[leg, c] - own[leg, c]) * fee * value[head, c]
        for c in range(n):
            if world.destination[p, c] > 0.0:
                fees[p, c] = 0.0
    substitute(fees, world)
    for p in range(len(world.places)):
        for c in range(n):
            fees[p, c] = fees[p, c] / value[p, c] if value[p, c] > 0.0 else 0.0


@rule
def weigh_stale(month, world):
    """Weigh anew the ways from places where something opened or closed: a closed carrier is masked at once."""
    for p in range(len(world.places)):
        if world.places[p].stale == 1:
            weigh_place(p, month, world)
            world.places[p].stale = 0


@rule
def plan(month, world):
    """Prices and choice tables, all anew; ``AGAIN``, after an opening or closing: the same prices, other ways."""
    if month != AGAIN:
        for p in range(len(world.places)):
            set_fees(p, world)
            weigh_place(p, month, world)
            world.places[p].stale = 0
    solve(world)
    if month != AGAIN:
        expect_fees(world)
    world.state[0].changed = 0
