"""The hub: a network's station at a place. It gets hot, lies low, is raided, reopens, grows or moves."""

from __future__ import annotations

import math

from ..engine import generator as g
from ..engine.generator import alternative, exponential, uniform, uniforms
from ..engine.records import Variable as V
from ..engine.rule import rule
from ..engine.tally import count_deed, note, open_investigation, opens
from ..engine.world import CLOSED as CLOSED_EVENT
from ..engine.world import D_CLOSURE, D_RAID, D_RELOCATION, RAID, RELOCATED, REOPENED
from . import states as s
from .police import PLACE, unit_there
from .recruiter import arrest

VARIABLES = (
    V("number", "i4", "", "row of the hub"),
    V("key", "i8", "", "hash of network, place and kind at the start"),
    V("network", "i2", "", "criminal group"),
    V("place", "i4", "", "where"),
    V("kind", "i1", "", "0 recruitment and transit, 1 exploitation"),
    V("status", "i1", "", "0 open, 1 lying low, 2 closed by a raid"),
    V("first_carrier", "i4", "", "first of its carriers, one for each leg of the place"),
    V("capacity", "f8", "person", "people it can hold"),
    V("least", "f8", "person", "capacity below which it does not shrink"),
    V("occupancy", "i4", "agent", "people it holds"),
    V("room", "i4", "agent", "free places today"),
    V("applied", "i4", "agent", "applicants today"),
    V("first_applicant", "i4", "", "where its applicants stand in the queue"),
    V("fill", "f8", "1", "recent mean of occupancy over capacity"),
    V("heat", "f8", "1", "what police know"),
    V("leads", "f8", "lead", "leads of investigations"),
    V("hazard", "f8", "1", "cumulative hazard of a raid"),
    V("case", "f8", "1", "hazard saved up for a delayed strike"),
    V("built_by", "i2", "", "operation + 1 that saves it up, or 0"),
    V("threshold", "f8", "1", "hazard at which a raid comes"),
    V("raids", "i4", "raid", "times raided"),
    V("raided_on", "i4", "day", "day of the last raid"),
    V("raided_by", "i2", "", "operation + 1 of the last raid, or 0"),
    V("closures", "i4", "closure", "times closed"),
    V("closed_on", "i4", "day", "day of the last closure"),
    V("reopening", "f8", "1", "cumulative hazard of reopening"),
    V("linked_open", "f8", "share", "of linked hubs that are open"),
    V("stopped", "i4", "agent", "people carried who were stopped, since yesterday"),
    V("arrested", "i4", "arrest", "arrests of its recruiters here, since yesterday"),
    V("stormed", "i4", "raid", "raids since yesterday"),
    V("relocations", "i4", "move", "times moved"),
)


@rule
def risk_raid(self, day, world):
    """Accumulate the hazard of a raid; operations that build their case first save theirs up."""
    if self.status != s.OPEN:
        return
    par = world.par[0]
    known = max(self.heat, par.heat_floor) + par.lead_weight * self.leads
    best = 1e300
    winner = 0
    for operation in range(len(world.leg_officers)):
        officers = world.place_officers[operation, self.place]
        rate = par.raid_rate * officers * known
        if operation > 0:
            of = world.operations[operation - 1]
            if day >= world.target_hub[operation - 1, self.number]:
                rate += par.raid_rate * officers * par.lead_weight
            rate *= of.raids
            if of.strike > day:
                self.case += rate
                if rate > 0.0:
                    self.built_by = operation
                continue
            # A case comes to its strike wherever those who built it stand by then.
            if of.strike == day and self.built_by == operation:
                rate += self.case
                self.case = 0.0
                self.built_by = 0
        if rate <= 0.0:
            continue
        self.hazard += rate
        time = exponential(uniform(par, g.ATTRIBUTION, self.key, self.raids, operation)) / rate
        if time < best:
            best = time
            winner = operation
    if self.hazard > self.threshold:
        be_raided(self, winner, day, world)


@rule
def be_raided(self, operation, day, world):
    """Raided: closed, its people freed or held, some of its recruiters arrested, a case opened."""
    par = world.par[0]
    self.raids += 1
    a, b, c, d = uniforms(par, g.RAID, self.key, self.raids, 0, 0)
    self.hazard = 0.0
    self.threshold = exponential(a)
    self.raided_on = day
    self.raided_by = operation
    self.stormed += 1
    self.leads = 0.0
    world.state[0].raided = 1
    close(self, s.CLOSED, day, world)
    place = world.places[self.place]
    place.heat += 5.0
    count_deed(world, day, D_RAID, self.place, self.network)
    unit = unit_there(world, operation, PLACE, self.place, self.key, self.raids)
    if operation > 0:
        world.counts_operation[operation - 1, 5] += 1
    note(world, day, RAID, self.number, self.place, -1, operation - 1)
    for r in range(place.first_recruiter, place.first_recruiter + place.recruiters):
        recruiter = world.recruiters[r]
        if recruiter.network == self.network and recruiter.status != s.ARRESTED:
            if alternative(par, g.RAID_ARREST, self.key, self.raids, recruiter.number, 0) < par.raid_arrests:
                arrest(recruiter, operation, unit, day, world)
    if b < opens(operation, world):
        open_investigation(world, day, self.number, -1, self.place, operation, unit)


@rule
def close(self, status, day, world):
    """Closed by a raid or lying low, counted and noted; the ways from its place change."""
    self.status = status
    self.closures += 1
    self.closed_on = day
    self.reopening = 0.0
    mark(self, world)
    count_deed(world, day, D_CLOSURE, self.place, self.network)
    note(world, day, CLOSED_EVENT, self.number, self.place, -1, self.raided_by - 1 if status == s.CLOSED else -1)


@rule
def mark(self, world):
    """The ways from this place have to be weighed and solved anew."""
    world.places[self.place].stale = 1
    world.state[0].changed = 1


@rule
def see_links(self, day, world):
    """How many of the hubs that this one lately exchanged people with are open."""
    if self.status == s.OPEN:
        return
    n = 0
    up = 0
    for other in range(len(world.hubs)):
        if day - world.linked[self.number, other] <= world.par[0].linked_days:
            n += 1
            if world.hubs[other].status == s.OPEN:
                up += 1
    self.linked_open = up / n if n > 0 else 1.0


@rule
def step(self, day, world):
    """One day: heat, lying low, reopening, moving, growing."""
    par = world.par[0]
    self.leads *= par.lead_decay
    if par.feedback == 1:
        news = self.stopped * par.ppa + par.heat_per_arrest * self.arrested + par.heat_per_raid * self.stormed
        self.heat = self.heat * par.heat_decay + news / max(1.0, self.capacity)
    self.stopped = 0
    self.arrested = 0
    self.stormed = 0
    if self.status == s.OPEN:
        world.places[self.place].leads += self.leads
        if self.heat > par.hub_lie_low:
            close(self, s.LYING_LOW, day, world)
    elif self.heat < par.reopen_heat or par.feedback == 0:
        try_to_reopen(self, day, world)
    elif self.status == s.CLOSED and day - self.closed_on >= par.relocate_days:
        relocate(self, day, world)
    if par.feedback == 1:
        resize(self, day, world)
    free = math.ceil((self.capacity - self.occupancy * par.ppa) / par.ppa)
    self.room = int(max(0.0, min(free, 1e9))) if par.feedback == 1 else 1000000000


@rule
def try_to_reopen(self, day, world):
    """Reopen at a rate that grows with the square of the open share of the linked hubs."""
    par = world.par[0]
    self.reopening += par.reopen_rate * (0.05 + 0.95 * self.linked_open * self.linked_open)
    if self.reopening > exponential(uniform(par, g.REOPEN, self.key, self.closures, 0)):
        self.status = s.OPEN
        mark(self, world)
        note(world, day, REOPENED, self.number, self.place, -1, -1)


@rule
def resize(self, day, world):
    """Capacity grows when it is nearly full and shrinks when it is half empty, month by month."""
    par = world.par[0]
    self.fill += (self.occupancy * par.ppa / max(1.0, self.capacity) - self.fill) / 30.0
    if self.status == s.OPEN and day % 30 == self.number % 30:
        if self.fill > 0.9:
            self.capacity *= 1.0 + par.capacity_step
        elif self.fill < 0.5:
            self.capacity = max(self.least, self.capacity * (1.0 - par.capacity_step))


@rule
def relocate(self, day, world):
    """Move to the best place nearby, one leg away in either direction; where there is none, look again tomorrow."""
    best = 0.0
    goal = -1
    for leg in range(len(world.legs)):
        way = world.legs[leg]
        p = -1
        if way.tail == self.place:
            p = way.head
        elif way.head == self.place:
            p = way.tail
        if p >= 0:
            worth = worth_of(self, p, world)
            if worth > best:
                best = worth
                goal = p
    if goal >= 0:
        move(self, goal, day, world)


@rule
def worth_of(self, place, world):
    """What a place is worth to a hub that moves: traffic over the hubs already there; 0 where it cannot work."""
    at = world.places[place]
    if at.legs == 0 or not can_settle(self, place, world) or (self.kind == s.EXPLOITATION and at.demand <= 0.0):
        return 0.0
    traffic = 0.0
    for c in range(len(world.classes)):
        traffic += world.choosers[place, c]
    return (traffic + 1e-6) / (1.0 + hubs_at(place, world))


@rule
def hubs_at(place, world):
    """How many hubs have their seat at a place, whatever their kind and status."""
    n = 0
    for k in range(world.place_hubs.shape[1]):
        if world.place_hubs[place, k] < 0:
            break
        n += 1
    return n


@rule
def can_settle(self, place, world):
    """Room in the tables, and no hub of the same network and kind there."""
    if hubs_at(place, world) >= world.place_hubs.shape[1]:
        return False
    for k in range(world.place_hubs.shape[1]):
        h = world.place_hubs[place, k]
        if h < 0:
            break
        if world.hubs[h].network == self.network and world.hubs[h].kind == self.kind:
            return False
    return True


@rule
def move(self, goal, day, world):
    """Give up the old place for a new one, with the others' beliefs about its legs.

    There it has to open first, like any closed hub: where its partners are closed too, that takes longer.
    """
    here = self.place
    last = hubs_at(here, world) - 1
    for k in range(last):
        if world.place_hubs[here, k] == self.number:
            world.place_hubs[here, k] = world.place_hubs[here, last]
    world.place_hubs[here, last] = -1
    world.place_hubs[goal, hubs_at(goal, world)] = self.number
    mark(self, world)
    self.place = goal
    self.heat = 0.0
    self.relocations += 1
    at = world.places[goal]
    for slot in range(at.legs):
        offer = world.carriers[self.first_carrier + slot]
        offer.leg = at.first_leg + slot
        offer.belief = world.legs[offer.leg].belief
        offer.fee = world.legs[offer.leg].fee * (1.0 + world.par[0].markup_belief * offer.belief)
        offer.carried = 0
        offer.stopped = 0
    mark(self, world)
    count_deed(world, day, D_RELOCATION, goal, self.network)
    note(world, day, RELOCATED, self.number, goal, -1, -1)
