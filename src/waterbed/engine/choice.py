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
        weight = world.leg_weight[c, leg]
        if weight > 0.0:
            weight *= world.value[c, world.legs[leg].head]
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
    own = world.weight[c, leg]
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
            weight = world.weight[c, hub.first_carrier + slot]
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
def utility(c, index, fee, days, belief, death, extra, month, world):
    """exp(u) of a leg with a carrier for a class, but for the carrier's weight and ln m."""
    par = world.par[0]
    leg = world.legs[index]
    of = world.classes[c]
    cost = fee + of.time_value * days
    cost += of.aversion * (belief * par.loss_stopped + death * par.loss_death)
    cost += world.constant[c, leg.route + 1]
    if leg.route >= 0:
        cost -= par.scale * world.routes[leg.route].growth
    u = -max(par.cost_floor, cost) / par.scale + extra
    if leg.season >= 0:
        u += par.season_weight * world.seasons[leg.season, month]
    return math.exp(u)


@rule
def weigh_place(place, month, world):
    """exp(u) of every leg and carrier at a place, for every class; closed ones weigh nothing."""
    par = world.par[0]
    at = world.places[place]
    hubs = open_carriers(place, world)
    log_m = math.log(max(1, at.legs))
    for slot in range(at.legs):
        index = at.first_leg + slot
        leg = world.legs[index]
        usable = leg.open == 1 and leg.closed == 0
        alone = usable and leg.mode <= DESERT and par.own_way_weight > 0.0
        for c in range(len(world.classes)):
            total = 0.0
            own = 0.0
            if alone:
                own = par.own_way_weight * utility(
                    c,
                    index,
                    0.0,
                    leg.days * par.own_way_factor,
                    leg.belief,
                    leg.death * par.own_way_factor,
                    -log_m,
                    month,
                    world,
                )
            world.weight[c, index] = own
            total += own
            for k in range(world.place_hubs.shape[1]):
                h = world.place_hubs[place, k]
                if h < 0:
                    break
                hub = world.hubs[h]
                if hub.kind != _TRANSIT:
                    continue
                w = 0.0
                carrier = hub.first_carrier + slot
                if usable and hub.status == _OPEN:
                    offer = world.carriers[carrier]
                    share = (1.0 - par.own_way_weight) / hubs
                    w = share * utility(c, index, offer.fee, leg.days, offer.belief, leg.death, -log_m, month, world)
                world.weight[c, carrier] = w
                total += w
            world.leg_weight[c, index] = total


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
def solve(c, world):
    """z = exp(V) for a class, by Gauss-Seidel from the last solution, to 1e-10 relative."""
    for _ in range(_SWEEPS):
        worst = 0.0
        for i in range(len(world.places)):
            p = world.order[c, i]
            fixed = world.destination[c, p]
            if fixed > 0.0:
                world.value[c, p] = fixed
                continue
            at = world.places[p]
            z = 0.0
            for leg in range(at.first_leg, at.first_leg + at.legs):
                weight = world.leg_weight[c, leg]
                if weight > 0.0:
                    z += weight * world.value[c, world.legs[leg].head]
            worst = max(worst, abs(z - world.value[c, p]) / max(1e-300, z))
            world.value[c, p] = z
        if worst < 1e-10:
            return


@rule
def expect_fees(c, world):
    """Expected fees of the rest of the way, place by place: a few sweeps from the last solution."""
    for _ in range(3):
        for i in range(len(world.places)):
            p = world.order[c, i]
            if world.destination[c, p] > 0.0 or world.value[c, p] <= 0.0:
                world.fee_ahead[c, p] = 0.0
                continue
            at = world.places[p]
            fees = 0.0
            for leg in range(at.first_leg, at.first_leg + at.legs):
                total = world.leg_weight[c, leg]
                if total > 0.0:
                    head = world.legs[leg].head
                    share = total * world.value[c, head] / world.value[c, p]
                    paid = 1.0 - world.weight[c, leg] / total
                    fees += share * (paid * world.legs[leg].fee + world.fee_ahead[c, head])
            world.fee_ahead[c, p] = fees


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
    for c in range(len(world.classes)):
        solve(c, world)
        expect_fees(c, world)
    world.state[0].changed = 0


@rule
def plan_again(world):
    """After an opening or closing: the same prices, other ways."""
    for c in range(len(world.classes)):
        solve(c, world)
    world.state[0].changed = 0
