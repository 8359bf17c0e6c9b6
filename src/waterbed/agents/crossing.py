"""The migrant at the end of a leg: dead, stopped, or at the next place."""

from __future__ import annotations

import math

from ..engine import generator as g
from ..engine.generator import alternative, exponential, exponential_days, uniforms
from ..engine.rule import rule
from ..engine.tally import count_total, count_way
from ..engine.world import CROSSINGS, DEATHS, DETECTIONS, RETURNED, RING, TURNED_BACK, H, P, T
from . import states as s
from .draws import chance, visit
from .police import LEG, unit_there
from .victim import fall_victim, protect
from .waiting import rest

T_ARRIVALS = T["arrivals"]
P_ARRIVALS = P["arrivals"]
H_ARRIVALS = H["arrivals"]


@rule
def finish_leg(self, day, world):
    """The end of a leg: dead, stopped, recognised, or at the next place."""
    par = world.par[0]
    index = self.leg
    leg = world.legs[index]
    decision = visit(self)
    u_death, u_detected, u_known, u_days = uniforms(
        par, g.CROSSING, world.groups[self.group].key, self.ordinal, decision, 0
    )
    searched = 0.0
    for operation in range(len(world.leg_officers)):
        searched += detection_hazard(self, leg, index, operation, day, world)
    missed = math.exp(-searched) if searched > 0.0 else 1.0
    death = leg.death
    if par.danger > 0.0:
        death *= math.exp(min(20.0, par.danger * searched))
    if self.hub < 0:
        death *= par.own_way_factor
    carried(self, world)
    if u_death < death:
        self.status = s.DEAD
        count_way(self, day, DEATHS, world)
        return
    if u_detected >= 1.0 - (1.0 - leg.detection) * missed:
        complete(self, leg, index, day, world)
        return
    detected(self, leg, index, searched, u_known, day, world)


@rule
def detection_hazard(self, leg, index, operation, day, world):
    """Officers over the days of the crossing, by Koopman's random search law; 0: standing units."""
    total = world.searched[operation, day % RING, index] - world.searched[operation, self.since % RING, index]
    return total / (leg.search_width * max(1, day - self.since))


@rule
def carried(self, world):
    """The carrier's network learns from everybody it carried, whatever became of them."""
    if self.hub >= 0:
        hub = world.hubs[self.hub]
        if hub.place == self.place:
            world.carriers[hub.first_carrier + self.leg - world.places[hub.place].first_leg].carried += 1


@rule
def detected(self, leg, index, searched, u_known, day, world):
    """Detected: recognised as a victim, turned back, returned, or registered and let on."""
    par = world.par[0]
    key = world.groups[self.group].key
    decision = visit(self)
    count_way(self, day, DETECTIONS, world)
    leg.caught += 1
    operation = attribute(self, leg, index, searched, decision, day, world)
    unit = -1
    if world.leg_officers[operation, index] > 0.0:
        unit = unit_there(world, operation, LEG, index, self.number, decision)
        if unit >= 0:
            world.units[unit].detections += 1
    if operation > 0:
        world.counts_operation[operation - 1, 2] += 1
    a, b, c, d = uniforms(par, g.CONSEQUENCE, key, self.ordinal, decision, 0)
    known = par.identification + world.countries[leg.head_country].identification + leg.identification
    if self.deceived == 1 and u_known < known:
        protect(self, leg.head, operation, unit, day, world)
    elif a < leg.turned_back:
        count_way(self, day, TURNED_BACK, world)
        stopped(self, world)
        turn_back(self, day, world)
    elif b * (1.0 - leg.turned_back) < leg.returned:
        count_way(self, day, RETURNED, world)
        stopped(self, world)
        go_home(self, day, world)
    else:
        complete(self, leg, index, day, world)


@rule
def attribute(self, leg, index, searched, decision, day, world):
    """Whose detection it was: an exponential race of all searchers; 0: no operation's."""
    operations = len(world.leg_officers)
    if operations == 1:
        return 0
    par = world.par[0]
    base = -math.log(max(1e-12, 1.0 - leg.detection)) + detection_hazard(self, leg, index, 0, day, world)
    best = 1e300
    winner = 0
    for operation in range(operations):
        rate = base if operation == 0 else detection_hazard(self, leg, index, operation, day, world)
        if rate > 0.0:
            u = alternative(par, g.ATTRIBUTION, world.groups[self.group].key, self.ordinal, decision, operation)
            time = exponential(u) / rate
            if time < best:
                best = time
                winner = operation
    return winner


@rule
def stopped(self, world):
    """Turned back or returned: it heats the hub that sent the person, whose network learns from it."""
    if self.hub >= 0:
        hub = world.hubs[self.hub]
        hub.stopped += 1
        if hub.place == self.place:
            world.carriers[hub.first_carrier + self.leg - world.places[hub.place].first_leg].stopped += 1


@rule
def turn_back(self, day, world):
    """Turned back to the tail of the leg: try again after a pause, or give up."""
    again = chance(self, g.RETRY, self.attempts, world) < world.par[0].retry
    pause = chance(self, g.PAUSE, self.attempts, world)
    self.attempts = min(self.attempts + 1, 63)
    if again:
        rest(self, day, world)
        self.due += exponential_days(pause, world.par[0].pause_days)
    else:
        self.status = s.HOME


@rule
def go_home(self, day, world):
    """Returned to the origin: a prospect again after a pause, or not."""
    again = chance(self, g.RETRY, self.attempts, world) < world.par[0].retry
    pause = chance(self, g.PAUSE, self.attempts, world)
    self.attempts = min(self.attempts + 1, 63)
    self.place = world.groups[self.group].place
    self.leg = -1
    self.hub = -1
    if again:
        self.status = s.PAUSED
        self.due = day + 1 + exponential_days(pause, world.par[0].pause_days)
    else:
        self.status = s.HOME


@rule
def complete(self, leg, index, day, world):
    """A leg completed: counted, and on to what the place holds."""
    count_way(self, day, CROSSINGS, world)
    if leg.counted == 1:
        past = world.biographies[self.number]
        if past.crossing_leg < 0:
            past.crossing_leg = index
            past.crossing_day = day
    self.place = leg.head
    if not fall_victim(self, day, world):
        settle(self, day, world)


@rule
def settle(self, day, world):
    """Arrive, if this is the end of the way; else wait for the next leg."""
    par = world.par[0]
    if world.destination[self.place, world.groups[self.group].class_] > 0.0:
        self.status = s.ARRIVED
        world.biographies[self.number].arrival_day = day
        count_total(world, day, T_ARRIVALS, 1)
        record = day - par.burn_in
        if record >= 0:
            world.counts_place[record, self.place, P_ARRIVALS] += 1
            world.counts_channel[record, self.channel, H_ARRIVALS] += 1
    else:
        rest(self, day, world)
