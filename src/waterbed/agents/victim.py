"""The migrant as a victim: held, freed, recognised and protected; and whoever is at a hub that is raided."""

from __future__ import annotations

from ..engine import generator as g
from ..engine.generator import exponential_days
from ..engine.rule import rule
from ..engine.tally import count_total, open_investigation, opens
from ..engine.world import H, N, P, T
from . import states as s
from .draws import chance, visit
from .police import PLACE, unit_there
from .waiting import rest

T_PROTECTED = T["protected"]
T_NEWLY_EXPLOITED = T["newly_exploited"]
T_DETAINED = T["detained"]
P_PROTECTED = P["protected"]
P_NEWLY_EXPLOITED = P["newly_exploited"]
N_PROTECTED = N["protected"]
N_NEWLY_EXPLOITED = N["newly_exploited"]
H_PROTECTED = H["protected"]
H_NEWLY_EXPLOITED = H["newly_exploited"]


@rule
def fall_victim(self, day, world):
    """Taken by an exploitation hub of the place? The deceived always may be, others by their debt."""
    par = world.par[0]
    demand = world.places[self.place].demand
    if demand <= 0.0:
        return False
    risk = demand
    if self.deceived == 0:
        risk = demand * par.exploited_risk * self.debt / (self.debt + self.budget + 1.0)
    if chance(self, g.EXPLOITATION, visit(self), world) >= risk:
        return False
    for k in range(world.place_hubs.shape[1]):
        index = world.place_hubs[self.place, k]
        if index < 0:
            break
        hub = world.hubs[index]
        if hub.kind == s.EXPLOITATION and hub.status == s.OPEN:
            be_held(self, index, day, world)
            return True
    return False


@rule
def be_held(self, index, day, world):
    """Held at an exploitation hub for an exponential time; some are pressed into recruiting."""
    par = world.par[0]
    hold(self, index, 1, world)
    self.hub = index
    self.status = s.EXPLOITED
    self.since = day
    self.ever_exploited = 1
    self.due = day + 1 + exponential_days(chance(self, g.HELD, visit(self), world), par.exploited_days)
    count_total(world, day, T_NEWLY_EXPLOITED, 1)
    record = day - par.burn_in
    if record >= 0:
        world.counts_place[record, self.place, P_NEWLY_EXPLOITED] += 1
        world.counts_channel[record, self.channel, H_NEWLY_EXPLOITED] += 1
        world.counts_network[record, world.hubs[index].network, N_NEWLY_EXPLOITED] += 1
    if chance(self, g.PRESSED, visit(self), world) < par.pyramid:
        self.pressed = 1
        world.places[world.groups[self.group].place].pressed += 1


@rule
def hold(self, hub, change, world):
    """One person more or less at an exploitation hub."""
    world.hubs[hub].occupancy += change
    if self.channel == s.ONLINE:
        world.state[0].held_online += change
    else:
        world.state[0].held_in_person += change


@rule
def be_freed(self, day, world):
    """No longer held: the days are added up and nobody presses any more."""
    hold(self, self.hub, -1, world)
    self.exploited_days = min(self.exploited_days + day - self.since, 30000)
    self.deceived = 0
    if self.pressed == 1:
        self.pressed = 0
        world.places[world.groups[self.group].place].pressed -= 1


@rule
def protect(self, place, operation, unit, day, world):
    """Recognised as a victim and protected; this may open an investigation of the hub, else of the recruiter."""
    self.status = s.PROTECTED
    count_total(world, day, T_PROTECTED, 1)
    record = day - world.par[0].burn_in
    if record >= 0:
        world.counts_place[record, place, P_PROTECTED] += 1
        world.counts_channel[record, self.channel, H_PROTECTED] += 1
        if self.hub >= 0:
            world.counts_network[record, world.hubs[self.hub].network, N_PROTECTED] += 1
    if operation > 0:
        world.counts_operation[operation - 1, 1] += 1
    if unit >= 0:
        world.units[unit].protected += 1
    if chance(self, g.INVESTIGATION, visit(self), world) < opens(operation, world):
        recruiter = -1 if self.hub >= 0 else world.biographies[self.number].recruiter
        open_investigation(world, day, self.hub, recruiter, place, operation, unit)


@rule
def raided(self, day, world):
    """The hub this person is at was raided today: held, freed, or on to choose again."""
    par = world.par[0]
    hub = world.hubs[self.hub]
    u = chance(self, g.RAIDED, day, world)
    if self.status == s.EXPLOITED:
        if u < par.rescued:
            unit = unit_there(world, hub.raided_by, PLACE, hub.place, hub.key, hub.raids)
            be_freed(self, day, world)
            protect(self, hub.place, hub.raided_by, unit, day, world)
        return
    hub.occupancy -= 1
    if u < par.raid_held:
        self.status = s.DETAINED
        count_total(world, day, T_DETAINED, 1)
        if hub.raided_by > 0:
            world.counts_operation[hub.raided_by - 1, 2] += 1
        self.due = day + 1 + exponential_days(chance(self, g.PAUSE, day, world), par.detained_days)
        hub.stopped += 1
    else:
        rest(self, day, world)
