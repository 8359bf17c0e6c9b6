"""Choice of the way: a recursive logit (Fosgerau, Frejinger & Karlström 2013) and races to draw from it.

``z = exp(V)`` solves ``z[place] = sum over legs of (sum over carriers of exp(u)) * z[head]`` with
``z[destination] = weight``. The term ``-ln m(place)`` (legs declared there) bounds every row sum by
``exp(-cost_floor / scale)``, so that the fixed point exists on any network. A draw is an exponential
race, which is counterfactually stable (Oberst & Sontag 2019).
"""

from __future__ import annotations

import math

from . import generator as g
from .generator import alternative, exponential, uniforms
from .rule import rule
from .world import DESERT

_OPEN = 0
_TRANSIT = 0
_SWEEPS = 500
_TOLERANCE = 1e-10


@rule
def choose_leg(self, c, rounds, world):
    """The leg a person takes from here, or -1 if no way leads on."""
    par = world.par[0]
    place = world.places[self.place]
    key = world.groups[self.group].key
    decision = self.place * 65536 + self.attempts * 1024 + self.hops
    best = 1e300
    chosen = -1
    u0, u1, u2, u3 = 0.5, 0.5, 0.5, 0.5
    for i in range(place.legs):
        if i & 3 == 0:
            u0, u1, u2, u3 = uniforms(par, g.LEG, key, self.ordinal, decision, rounds * 256 + (i >> 2))
        u = u0
        u0, u1, u2 = u1, u2, u3
        leg = place.first_leg + i
        weight = world.leg_weight[leg, c]
        if weight > 0.0:
            weight *= world.value[world.head[leg], c]
            if weight > 0.0:
                time = exponential(u) / weight
                if time < best:
                    best = time
                    chosen = leg
    return chosen


@rule
def choose_carrier(self, c, leg, world):
    """Who carries: the index of a hub with room, -1 for one's own way, -2 for nobody today."""
    par = world.par[0]
    key = world.groups[self.group].key
    decision = self.place * 65536 + self.attempts * 1024 + self.hops
    best = 1e300
    chosen = -2
    own = world.weight[leg, c]
    if own > 0.0:
        best = exponential(alternative(par, g.CARRIER, key, self.ordinal, decision, 0)) / own
        chosen = -1
    slot = leg - world.places[self.place].first_leg
    for k in range(world.place_hubs.shape[1]):
        index = world.place_hubs[self.place, k]
        if index < 0:
            break
        hub = world.hubs[index]
        if hub.status == _OPEN and hub.kind == _TRANSIT and hub.room > 0:
            weight = world.weight[hub.first_carrier + slot, c]
            if weight > 0.0:
                u = alternative(par, g.CARRIER, key, self.ordinal, decision, 1 + hub.network)
                time = exponential(u) / weight
                if time < best:
                    best = time
                    chosen = index
    return chosen


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
    """exp(u) of every leg and carrier at a place, for every class; closed ones weigh nothing."""
    par = world.par[0]
    at = world.places[place]
    shared = (1.0 - par.own_way_weight) / max(1, open_carriers(place, world))
    for slot in range(at.legs):
        index = at.first_leg + slot
        leg = world.legs[index]
        extra = -math.log(max(1, at.legs))
        if leg.season >= 0:
            extra += par.season_weight * world.seasons[leg.season, month]
        # What a route has learnt counts as money, so that the floor on costs still bounds it.
        ease = par.scale * world.routes[leg.route].growth if leg.route >= 0 else 0.0
        usable = leg.open == 1 and leg.closed == 0
        own = par.own_way_weight if usable and leg.mode <= DESERT else 0.0
        hard = par.own_way_factor
        weigh(index, own, -ease, leg.days * hard, leg.belief, leg.death * hard, leg, extra, world)
        for c in range(len(world.classes)):
            world.leg_weight[index, c] = world.weight[index, c]
        for k in range(world.place_hubs.shape[1]):
            h = world.place_hubs[place, k]
            if h < 0:
                break
            hub = world.hubs[h]
            if hub.kind == _TRANSIT:
                carrier = hub.first_carrier + slot
                offer = world.carriers[carrier]
                share = shared if usable and hub.status == _OPEN else 0.0
                weigh(carrier, share, offer.fee - ease, leg.days, offer.belief, leg.death, leg, extra, world)
                for c in range(len(world.classes)):
                    world.leg_weight[index, c] += world.weight[carrier, c]


@rule
def weigh(carrier, share, fee, days, belief, death, leg, extra, world):
    """A carrier's share times exp(u), for every class; 0 where a class has arrived."""
    par = world.par[0]
    risk = belief * par.loss_stopped + death * par.loss_death
    for c in range(len(world.classes)):
        if share <= 0.0 or world.destination[leg.tail, c] > 0.0:
            world.weight[carrier, c] = 0.0
            continue
        of = world.classes[c]
        cost = fee + of.time_value * days + of.aversion * risk + world.constant[leg.route + 1, c]
        world.weight[carrier, c] = share * math.exp(extra - max(par.cost_floor, cost) / par.scale)


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
    """z = exp(V) for all classes, by Gauss-Seidel from the last solution, to 1e-10 relative."""
    for _ in range(_SWEEPS):
        if sweep(world) == 0:
            return


@rule
def sweep(world):
    """One sweep over the places, all classes side by side; whether anything still moved.

    At a class's destinations its legs weigh nothing, so that there z stays the destination's weight.
    """
    value, weight, sums, heads = world.value, world.leg_weight, world.sums, world.head
    destination = world.destination
    n = len(sums)
    moved = 0
    for i in range(len(world.order)):
        p = world.order[i]
        at = world.places[p]
        for c in range(n):
            sums[c] = destination[p, c]
        for leg in range(at.first_leg, at.first_leg + at.legs):
            head = heads[leg]
            for c in range(n):
                sums[c] += weight[leg, c] * value[head, c]
        for c in range(n):
            moved |= abs(sums[c] - value[p, c]) > _TOLERANCE * sums[c]
            value[p, c] = sums[c]
    return moved


@rule
def expect_fees(world):
    """Expected fees of the rest of the way, place by place: a few sweeps from the last solution."""
    value, fees, sums = world.value, world.fee_ahead, world.sums
    n = len(sums)
    for _ in range(3):
        for i in range(len(world.order)):
            p = world.order[i]
            at = world.places[p]
            for c in range(n):
                sums[c] = 0.0
            for leg in range(at.first_leg, at.first_leg + at.legs):
                head = world.head[leg]
                fee = world.legs[leg].fee
                for c in range(n):
                    total = world.leg_weight[leg, c]
                    paid = total - world.weight[leg, c]
                    sums[c] += value[head, c] * (paid * fee + total * fees[head, c])
            for c in range(n):
                fees[p, c] = sums[c] / value[p, c] if value[p, c] > 0.0 else 0.0


@rule
def weigh_stale(month, world):
    """Weigh anew the ways from places where something opened or closed: a closed carrier is masked at once."""
    for p in range(len(world.places)):
        if world.places[p].stale == 1:
            weigh_place(p, month, world)
            world.places[p].stale = 0


@rule
def plan(month, world):
    """Prices and choice tables, all anew."""
    for p in range(len(world.places)):
        set_fees(p, world)
        weigh_place(p, month, world)
        world.places[p].stale = 0
    solve(world)
    expect_fees(world)
    world.state[0].changed = 0


@rule
def plan_again(world):
    """After an opening or closing: the same prices, other ways."""
    solve(world)
    world.state[0].changed = 0
