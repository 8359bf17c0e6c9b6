"""The recruiter: reaches prospects in person or online, gets hot, lies low, is arrested and replaced."""

from __future__ import annotations

import math

from ..engine import generator as g
from ..engine.generator import exponential, exponential_days, uniform, uniforms
from ..engine.records import Variable as V
from ..engine.rule import rule
from ..engine.tally import count_deed, note, open_investigation, opens
from ..engine.world import ARREST, D_ARREST, H
from . import states as s
from .police import ONLINE_POST, PLACE, unit_there

VARIABLES = (
    V("number", "i4", "", "row of the recruiter"),
    V("key", "i8", "", "hash of network, place and index"),
    V("network", "i2", "", "criminal group"),
    V("place", "i4", "", "where"),
    V("status", "i1", "", "0 active, 1 lying low, 2 arrested until replaced"),
    V("channel", "i1", "", "0 in person, 1 online"),
    V("deceptive", "i1", "", "leads people to exploitation"),
    V("arrests", "i4", "arrest", "times arrested"),
    V("recruits", "i4", "agent", "people recruited"),
    V("heat", "f8", "1", "what police know"),
    V("leads", "f8", "lead", "leads of investigations"),
    V("hazard", "f8", "1", "cumulative hazard of arrest"),
    V("case", "f8", "1", "hazard saved up for a delayed strike"),
    V("built_by", "i2", "", "operation + 1 that saves it up, or 0"),
    V("threshold", "f8", "1", "hazard at which arrest comes"),
    V("due", "i4", "day", "day of the next choice of channel, or of replacement"),
)

_ARRESTS = H["arrests"]


@rule
def trade_of(place, channel, world):
    """The recruiters of a place who work one channel, taken together."""
    return world.trades[2 * place + channel]


@rule
def survey(world):
    """What the recruiters of a place and channel share today: yesterday's recruits, and the officers in their reach.

    Heat is that of recruits per active recruiter, or its size would depend on how many people an agent stands for.
    """
    for p in range(len(world.places)):
        place = world.places[p]
        region = world.regions[place.region]
        street = trade_of(p, s.IN_PERSON, world)
        online = trade_of(p, s.ONLINE, world)
        street.recruits = place.recruited / max(1, place.recruiters_here)
        online.recruits = region.recruited / max(1, region.recruiters_online)
        street.active = 0
        online.active = 0
        street.at_large = 0
        online.at_large = 0
        for operation in range(len(world.leg_officers)):
            world.watch[operation, p, s.IN_PERSON] = world.place_officers[operation, p]
            world.watch[operation, p, s.ONLINE] = world.online_officers[operation, place.country]
        world.watch[0, p, s.ONLINE] += world.countries[place.country].monitoring


@rule
def exposure(self, operation, world):
    """Officers in reach of this recruiter, of one operation (0: standing): street patrol or monitoring."""
    return world.watch[operation, self.place, self.channel]


@rule
def step(self, day, world):
    """One day: cool down, run the risk of arrest, choose the channel, come back; counted where it works."""
    if self.status == s.ARRESTED:
        if day >= self.due:
            come_back(self, day, world)
        return
    par = world.par[0]
    if self.leads > 0.0:
        self.leads *= par.lead_decay
    if par.feedback == 1:
        recruits = trade_of(self.place, self.channel, world).recruits if self.status == s.ACTIVE else 0.0
        self.heat = self.heat * par.heat_decay + par.heat_per_recruit * par.ppa * recruits
    if self.status == s.QUIET:
        if self.heat < 0.5 * par.recruiter_lie_low:
            self.status = s.ACTIVE
    elif self.heat > par.recruiter_lie_low:
        self.status = s.QUIET
    if day >= self.due:
        choose_channel(self, day, world)
    if self.leads > 0.0:
        tell_patrols(self, world)
    trade = trade_of(self.place, self.channel, world)
    trade.at_large += 1
    risk_arrest(self, day, world)
    trade.active += 1 if self.status == s.ACTIVE else 0


@rule
def tell_patrols(self, world):
    """Leads guide patrols to the place, or online to the country's platforms."""
    if self.channel == s.ONLINE:
        world.countries[world.places[self.place].country].leads += self.leads
    else:
        world.places[self.place].leads += self.leads


@rule
def come_back(self, day, world):
    """Replaced after an arrest."""
    par = world.par[0]
    self.status = s.ACTIVE
    self.heat = 0.0
    self.due = day + 1 + int(uniform(par, g.REPLACED, self.key, self.arrests, 1) * par.channel_days)
    trade_of(self.place, self.channel, world).active += 1


@rule
def risk_arrest(self, day, world):
    """Accumulate the hazard of arrest; operations that build their case first save theirs up."""
    par = world.par[0]
    known = max(self.heat, par.heat_floor) + par.lead_weight * self.leads
    if self.status == s.QUIET:
        known = par.heat_floor + par.lead_weight * self.leads
    struck = 0
    self.hazard += par.arrest_rate * exposure(self, 0, world) * known
    for operation in range(1, len(world.leg_officers)):
        of = world.operations[operation - 1]
        if of.absent == 1:
            continue
        officers = exposure(self, operation, world)
        rate = par.arrest_rate * of.arrests * officers * (known + par.lead_weight * of.targets_recruiters)
        if of.strike > day:
            self.case += rate
            if rate > 0.0:
                self.built_by = operation
        else:
            self.hazard += rate
        # A case comes to its strike wherever those who built it stand by then.
        if of.strike == day and self.built_by == operation:
            self.hazard += self.case
            self.case = 0.0
            self.built_by = 0
            struck = operation
    if self.hazard > self.threshold:
        operation = struck if struck > 0 else responsible(self, day, world)
        kind = PLACE if self.channel == s.IN_PERSON else ONLINE_POST
        target = self.place if self.channel == s.IN_PERSON else world.places[self.place].country
        arrest(self, operation, unit_there(world, operation, kind, target, self.key, self.arrests), day, world)


@rule
def responsible(self, day, world):
    """Whose arrest it was: an exponential race of all officers in reach; 0: standing units."""
    if len(world.leg_officers) == 1:
        return 0
    best = 1e300
    winner = 0
    for operation in range(len(world.leg_officers)):
        officers = exposure(self, operation, world)
        if operation > 0:
            officers *= world.operations[operation - 1].arrests
        if officers > 0.0:
            u = uniform(world.par[0], g.ATTRIBUTION, self.key, self.arrests, operation)
            time = exponential(u) / officers
            if time < best:
                best = time
                winner = operation
    return winner


@rule
def arrest(self, operation, unit, day, world):
    """Arrested by a unit (-1: none known), until replaced; heats its network's hub, may open an investigation."""
    par = world.par[0]
    place = world.places[self.place]
    self.arrests += 1
    a, b, c, d = uniforms(par, g.ARREST, self.key, self.arrests, 0, 0)
    self.status = s.ARRESTED
    self.hazard = 0.0
    self.case = 0.0
    self.threshold = exponential(a)
    self.due = day + 1 + exponential_days(b, par.replaced_days)
    self.leads = 0.0
    place.heat += 1.0
    if self.channel == s.ONLINE:
        world.countries[place.country].arrests_online += 1
    else:
        world.countries[place.country].arrests_in_person += 1
    count_deed(world, day, D_ARREST, self.place, self.network)
    record = day - par.burn_in
    if record >= 0:
        world.counts_channel[record, self.channel, _ARRESTS] += 1
    if operation > 0:
        world.counts_operation[operation - 1, 0] += 1
    if unit >= 0:
        world.units[unit].arrests += 1
    note(world, day, ARREST, self.number, self.place, -1, operation - 1)
    for k in range(world.place_hubs.shape[1]):
        h = world.place_hubs[self.place, k]
        if h < 0:
            break
        if world.hubs[h].network == self.network:
            world.hubs[h].arrested += 1
    if c < opens(operation, world):
        open_investigation(world, day, -1, self.number, self.place, operation, unit)


@rule
def choose_channel(self, day, world):
    """In person or online, by expected profit until the next choice, given each channel's perceived risk."""
    par = world.par[0]
    place = world.places[self.place]
    country = world.countries[place.country]
    days = par.channel_days
    in_person = -par.loss_arrest * country.risk_in_person * days
    online = -par.loss_arrest * country.risk_online * days - par.online_setup
    in_person += par.commission * par.reach_in_person * days * place.push_now * par.typical_conversion
    online += par.commission * par.reach_online * days * place.push_now * par.typical_conversion_online
    a, b, c, d = uniforms(par, g.TRADE, self.key, day, 0, 0)
    gap = max(-50.0, min(50.0, (online - in_person) / par.channel_scale))
    # An exponential race between weights 1 and exp(gap).
    self.channel = s.ONLINE if exponential(b) < exponential(a) * math.exp(gap) else s.IN_PERSON
    self.due = day + days
