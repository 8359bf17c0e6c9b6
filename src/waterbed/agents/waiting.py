"""The migrant at a place: waits, chooses leg and carrier, is admitted at a hub, and sets out."""

from __future__ import annotations

from ..engine import generator as g
from ..engine.choice import choose_carrier, choose_leg
from ..engine.generator import exponential_days
from ..engine.rule import rule
from ..engine.tally import count_total, count_way
from ..engine.world import DEPARTURES, N, T
from . import states as s
from .draws import chance, visit

T_STRANDED = T["stranded"]
T_FEES = T["fees_cents"]
T_PROFIT = T["profit_cents"]
T_ADMITTED = T["admitted"]
N_ADMITTED = N["admitted"]
N_FEES = N["fees_cents"]
N_PROFIT = N["profit_cents"]


@rule
def rest(self, day, world):
    """Wait at a place before choosing the next leg."""
    self.status = s.WAITING
    self.leg = -1
    self.hub = -1
    self.hops = min(self.hops + 1, 1023)
    self.since = day
    self.due = day + 1 + exponential_days(chance(self, g.WAIT, visit(self), world), world.par[0].wait_days)


@rule
def choose(self, day, world):
    """One who waits chooses leg and carrier; a hub must still admit, one's own way is free."""
    par = world.par[0]
    c = world.groups[self.group].class_
    waited = day - self.since
    rounds = waited // par.patience_days if waited >= par.patience_days else 0
    if self.leg < 0 or waited == rounds * par.patience_days:
        self.leg = choose_leg(self, c, min(rounds, 255), world)
    if self.leg < 0:
        if waited >= par.stranded_days and self.status != s.STRANDED:
            self.status = s.STRANDED
            count_total(world, day, T_STRANDED, 1)
        self.due = day + par.planning_days
        return
    if self.status == s.STRANDED:
        self.status = s.WAITING
    carrier = choose_carrier(self, c, self.leg, world)
    self.due = day + 1
    if carrier == -2:
        return
    self.hub = carrier
    if carrier == -1:
        depart(self, day, world)
    else:
        world.applicants[world.state[0].applicants] = self.number
        world.state[0].applicants += 1


@rule
def admitted(self, day, world):
    """Admitted at a hub: pay, and stay until departure."""
    par = world.par[0]
    hub = world.hubs[self.hub]
    leg = world.legs[self.leg]
    carrier = world.carriers[hub.first_carrier + self.leg - world.places[hub.place].first_leg]
    fee = int(min(carrier.fee, 1000000.0) * 100.0)
    own = min(fee, self.budget)
    self.budget -= own
    self.debt = min(self.debt + fee - own, 2000000000)
    self.paid = min(self.paid + fee, 2000000000)
    count_total(world, day, T_FEES, fee)
    profit = fee - int(leg.fee * 50.0)
    count_total(world, day, T_PROFIT, profit)
    count_total(world, day, T_ADMITTED, 1)
    record = day - par.burn_in
    if record >= 0:
        world.counts_network[record, hub.network, N_ADMITTED] += 1
        world.counts_network[record, hub.network, N_FEES] += fee
        world.counts_network[record, hub.network, N_PROFIT] += profit
    hub.occupancy += 1
    if self.last_hub >= 0 and self.last_hub != self.hub:
        world.linked[self.last_hub, self.hub] = day
        world.linked[self.hub, self.last_hub] = day
    self.last_hub = self.hub
    self.status = s.STAGED
    self.due = day + 1 + exponential_days(chance(self, g.STAY, visit(self), world), par.stay_days)


@rule
def set_out(self, day, world):
    """The stay at a hub is over: set out, or choose another way where a policy has closed this one meanwhile."""
    if world.legs[self.leg].closed == 1:
        world.hubs[self.hub].occupancy -= 1
        rest(self, day, world)
    else:
        depart(self, day, world)


@rule
def depart(self, day, world):
    """Set out on the leg: the days on the road are its travel time, rounded by a draw."""
    leg = world.legs[self.leg]
    c = world.groups[self.group].class_
    days = leg.days
    if self.hub >= 0:
        world.hubs[self.hub].occupancy -= 1
    else:
        days *= world.par[0].own_way_factor
    self.status = s.TRAVELLING
    self.since = day
    whole = int(days)
    if days > whole and chance(self, g.DAYS, visit(self), world) < days - whole:
        whole += 1
    self.due = day + max(1, whole)
    leg.used_on = day
    leg.departed += 1
    if leg.route >= 0 and leg.counted == 1:
        world.demand[leg.route, c] += world.par[0].of_a_year
    world.choosers[self.place, c] += 1.0
    count_way(self, day, DEPARTURES, world)
