"""The migrant as a prospect: considers leaving, is contacted, and is convinced or not."""

from __future__ import annotations

import math

from ..engine import generator as g
from ..engine.generator import NONE_DRAWN, exponential, exponential_days, in_turn, uniforms
from ..engine.rule import rule
from ..engine.tally import count_total
from ..engine.world import H, N, P, T
from . import states as s
from .draws import chance
from .waiting import rest

T_CONTACTS = T["contacts"]
T_RECRUITS = T["recruits"]
T_RECRUITS_ONLINE = T["recruits_online"]
P_CONTACTS = P["contacts"]
P_RECRUITS = P["recruits"]
N_RECRUITS = N["recruits"]
H_CONTACTS = H["contacts"]
H_RECRUITS = H["recruits"]


@rule
def consider(self, day, world):
    """Become a prospect, to be contacted or to give up, each by a draw of one's own."""
    par = world.par[0]
    self.status = s.PROSPECT
    self.contacts = 0
    self.due = day + 1 + exponential_days(chance(self, g.LAPSE, self.attempts, world), par.lapse_days)
    await_contact(self, world)


@rule
def await_contact(self, world):
    """Draw the cumulative hazard at which the next contact comes."""
    decision = self.attempts * 256 + self.contacts
    origin = world.groups[self.group].place
    self.threshold = world.contact[origin] + exponential(chance(self, g.CONTACT, decision, world))


@rule
def prospect_day(self, day, world):
    """A prospect's day: contacted, given up, or neither."""
    origin = world.groups[self.group].place
    if world.contact[origin] > self.threshold:
        meet_recruiter(self, day, world)
    elif day >= self.due:
        self.status = s.LAPSED


@rule
def meet_recruiter(self, day, world):
    """A contact: through which channel, by whom, and is the person convinced?"""
    par = world.par[0]
    group = world.groups[self.group]
    place = world.places[group.place]
    decision = self.attempts * 256 + self.contacts
    a, b, c, d = uniforms(par, g.CHANNEL, group.key, self.ordinal, decision, 0)
    # An exponential race of the two channels; a channel without recruiters cannot win it.
    online = place.online > 0.0 and (
        place.in_person <= 0.0 or exponential(b) / place.online < exponential(a) / place.in_person
    )
    channel = s.ONLINE if online else s.IN_PERSON
    count_total(world, day, T_CONTACTS, 1)
    record = day - par.burn_in
    if record >= 0:
        world.counts_place[record, group.place, P_CONTACTS] += 1
        world.counts_channel[record, channel, H_CONTACTS] += 1
    reached = d < place.campaign
    if c < 1.0 / (1.0 + math.exp(-conversion_logit(self, channel, reached, world))):
        self.channel = channel
        recruit(self, channel, reached, day, world)
    else:
        self.contacts = min(self.contacts + 1, 100)
        await_contact(self, world)


@rule
def conversion_logit(self, channel, reached, world):
    """Log odds of leaving, for a contacted person: push, value of the way, trust, money."""
    par = world.par[0]
    group = world.groups[self.group]
    value = world.value[group.place, group.class_]
    if value <= 0.0:
        return -50.0
    logit = par.intercept + par.push_slope * (world.places[group.place].push_now - 0.5)
    logit += par.value_slope * (math.log(value) - group.base_value)
    if channel == s.ONLINE:
        logit += par.online_trust
    if reached:
        logit -= 1.0
    fees = world.fee_ahead[group.place, group.class_]
    money = self.budget * 0.01
    if fees > money:
        logit -= par.unpaid_slope * (1.0 - money / fees)
    return max(-50.0, min(50.0, logit))


@rule
def recruit(self, channel, reached, day, world):
    """Convinced: the recruiter earns, heats up and may have lied; the person sets out."""
    par = world.par[0]
    group = world.groups[self.group]
    who = find_recruiter(self, channel, world)
    world.biographies[self.number].recruiter = who
    record = day - par.burn_in
    if who >= 0:
        recruiter = world.recruiters[who]
        recruiter.recruits += 1
        if recruiter.deceptive == 1 and not reached:
            self.deceived = 1
        if record >= 0:
            world.counts_network[record, recruiter.network, N_RECRUITS] += 1
    if record >= 0:
        world.counts_place[record, group.place, P_RECRUITS] += 1
        world.counts_channel[record, channel, H_RECRUITS] += 1
    count_total(world, day, T_RECRUITS, 1)
    if channel == s.ONLINE:
        count_total(world, day, T_RECRUITS_ONLINE, 1)
        world.regions[world.places[group.place].region].recruited += 1
    else:
        world.places[group.place].recruited += 1
    rest(self, day, world)


@rule
def find_recruiter(self, channel, world):
    """An active recruiter of the channel, all alike: drawn from the fixed roster until one is active.

    So the recruiter changes between two worlds only if the one drawn is no longer there.
    """
    par = world.par[0]
    group = world.groups[self.group]
    place = world.places[group.place]
    first = place.first_recruiter
    n = place.recruiters
    if channel == s.ONLINE:
        first = world.regions[place.region].first_recruiter
        n = world.regions[place.region].recruiters
    if n == 0:
        return -1
    decision = self.attempts * 256 + self.contacts
    guess = 0
    drawn = NONE_DRAWN
    for trial in range(32):
        drawn = in_turn(drawn, par, g.RECRUITER, group.key, self.ordinal, decision, trial)
        guess = int(drawn[0] * n)
        candidate = world.recruiters[first + guess]
        if candidate.status == s.ACTIVE and candidate.channel == channel:
            return first + guess
    for step in range(n):
        index = first + (guess + step) % n
        candidate = world.recruiters[index]
        if candidate.status == s.ACTIVE and candidate.channel == channel:
            return index
    return -1
