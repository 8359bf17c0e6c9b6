"""The migrant: from the first thought of leaving to whatever comes of it.

To change a rule, give a function of the same name and arguments in a plug-in file
(see :mod:`waterbed.engine.plugins`).
"""

from __future__ import annotations

import math

from ..engine import generator as g
from ..engine.choice import choose_carrier, choose_leg
from ..engine.generator import alternative, exponential, exponential_days, normal, uniform, uniforms
from ..engine.records import Variable as V
from ..engine.rule import rule
from ..engine.tally import count_total, count_way, open_investigation
from ..engine.world import (
    CROSSINGS,
    DEATHS,
    DEPARTURES,
    DETECTIONS,
    RETURNED,
    RING,
    TURNED_BACK,
    H,
    N,
    P,
    T,
)
from . import states as s
from .police import LEG, PLACE, unit_there

VARIABLES = (
    V("number", "i4", "", "row of the person in this run"),
    V("group", "i4", "", "class and origin"),
    V("ordinal", "i4", "", "number within the group; with it the person's identity"),
    V("due", "i4", "day", "day of the next act"),
    V("threshold", "f8", "1", "cumulative hazard at which the next contact comes"),
    V("since", "i4", "day", "day the present wait or leg began"),
    V("budget", "i4", "cent", "money left"),
    V("debt", "i4", "cent", "money owed"),
    V("paid", "i4", "cent", "fees paid or owed so far"),
    V("hops", "i2", "leg", "decisions on the way"),
    V("place", "i2", "", "where, or where the leg began"),
    V("leg", "i2", "", "leg chosen or travelled, -1 none"),
    V("hub", "i2", "", "hub of the carrier; -1 own way"),
    V("last_hub", "i2", "", "hub before"),
    V("exploited_days", "i2", "day", "days held"),
    V("status", "i1", "", "see states.MIGRANT_STATES"),
    V("channel", "i1", "", "0 recruited in person, 1 online, -1 not"),
    V("deceived", "i1", "", "recruited by a deceptive recruiter"),
    V("pressed", "i1", "", "pressed into recruiting"),
    V("ever_exploited", "i1", "", "has been held at an exploitation hub"),
    V("attempts", "i1", "attempt", "tries after the first"),
    V("contacts", "i1", "contact", "contacts declined"),
)
"""What a migrant's day reads and writes: 64 bytes, a line of a processor's cache."""

BIOGRAPHY = (
    V("birth", "i4", "day", "day of beginning to consider leaving, burn-in included"),
    V("recruiter", "i4", "", "who recruited, -1 nobody"),
    V("crossing_day", "i4", "day", "when the first counted leg was completed"),
    V("arrival_day", "i4", "day", "when, -1 not"),
    V("fate_crossing_day", "i4", "day", "crossing_day when the fate was read"),
    V("fate_paid", "i4", "cent", "fees when the fate was read"),
    V("crossing_leg", "i2", "", "first counted leg completed, -1 none"),
    V("fate_leg", "i2", "", "crossing_leg when the fate was read"),
    V("fate_exploited", "i2", "day", "days held when the fate was read"),
    V("fate", "i1", "", "see states.FATES; -1 not yet read"),
)
"""What is written once in a migrant's life."""


@rule
def visit(self):
    """What a decision on the way is about: place, attempt and hop, in 32 bits."""
    return self.place * 65536 + self.attempts * 1024 + self.hops


@rule
def chance(self, purpose, decision, world):
    """A uniform of this person's own."""
    return uniform(world.par[0], purpose, world.groups[self.group].key, self.ordinal, decision)


@rule
def begin(self, day, world):
    """A person begins to consider leaving, unless policy has removed the cause or opened a legal way."""
    par = world.par[0]
    group = world.groups[self.group]
    place = world.places[group.place]
    self.place = group.place
    a, b, c, d = uniforms(par, g.BUDGET, group.key, self.ordinal, 0, 0)
    dollars = par.budget * math.exp(par.budget_sigma * normal(a, b))
    self.budget = int(min(dollars, 10000000.0) * 100.0)
    if c >= place.keep:
        self.status = s.THINNED
    elif d < place.legal:
        self.status = s.LEGAL
        count_total(world, day, T_LEGAL, 1)
    else:
        consider(self, day, world)


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
    decision = self.attempts * 256 + self.contacts
    origin = world.groups[self.group].place
    self.threshold = world.places[origin].contact + exponential(chance(self, g.CONTACT, decision, world))


@rule
def prospect_day(self, day, world):
    """A prospect's day: contacted, given up, or neither."""
    origin = world.groups[self.group].place
    if world.places[origin].contact > self.threshold:
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
    for trial in range(32):
        guess = int(alternative(par, g.RECRUITER, group.key, self.ordinal, decision, trial) * n)
        candidate = world.recruiters[first + guess]
        if candidate.status == s.ACTIVE and candidate.channel == channel:
            return first + guess
    for step in range(n):
        index = first + (guess + step) % n
        candidate = world.recruiters[index]
        if candidate.status == s.ACTIVE and candidate.channel == channel:
            return index
    return -1


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
    world.choosers[self.place, c] += 1.0
    count_way(self, day, DEPARTURES, world)


@rule
def detection_hazard(self, leg, index, operation, day, world):
    """Officers over the days of the crossing, by Koopman's random search law; 0: standing units."""
    total = world.searched[operation, index, day % RING] - world.searched[operation, index, self.since % RING]
    return total / (leg.search_width * max(1, day - self.since))


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
def carried(self, world):
    """The carrier's network learns from everybody it carried, whatever became of them."""
    if self.hub >= 0:
        hub = world.hubs[self.hub]
        if hub.place == self.place:
            world.carriers[hub.first_carrier + self.leg - world.places[hub.place].first_leg].carried += 1


@rule
def stopped(self, world):
    if self.hub >= 0:
        hub = world.hubs[self.hub]
        hub.stopped += 1
        if hub.place == self.place:
            world.carriers[hub.first_carrier + self.leg - world.places[hub.place].first_leg].stopped += 1


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
    if chance(self, g.INVESTIGATION, visit(self), world) < world.par[0].investigation:
        recruiter = -1 if self.hub >= 0 else world.biographies[self.number].recruiter
        open_investigation(world, day, self.hub, recruiter, place, operation, unit)


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


@rule
def is_raided(self, day, world):
    """Whether the hub that this person is at was raided today."""
    return (self.status == s.STAGED or self.status == s.EXPLOITED) and world.hubs[self.hub].raided_on == day


@rule
def step(self, day, world):
    """One day of a migrant: nothing, unless contacted, raided, or due."""
    if self.status == s.PROSPECT:
        prospect_day(self, day, world)
    elif is_raided(self, day, world):
        raided(self, day, world)
    elif day >= self.due:
        if self.status == s.TRAVELLING:
            finish_leg(self, day, world)
        elif self.status == s.STAGED:
            set_out(self, day, world)
        elif self.status == s.EXPLOITED:
            be_freed(self, day, world)
            settle(self, day, world)
        elif self.status == s.WAITING or self.status == s.STRANDED:
            choose(self, day, world)
        elif self.status == s.PAUSED:
            consider(self, day, world)
        elif self.status == s.DETAINED:
            go_home(self, day, world)


@rule
def ended(self):
    """Whether nothing more can happen to this person."""
    status = self.status
    return (
        status == s.ARRIVED
        or status == s.HOME
        or status == s.PROTECTED
        or status == s.LEGAL
        or status == s.DEAD
        or status == s.LAPSED
        or status == s.THINNED
    )


@rule
def fate(self, past):
    """What has become of the person: the first that applies, so that fates are a partition."""
    status = self.status
    if status == s.DEAD:
        return s.F_DEAD
    if past.crossing_leg >= 0 or status == s.ARRIVED:
        return s.F_CROSSED
    if status == s.PROTECTED:
        return s.F_PROTECTED
    if status == s.EXPLOITED:
        return s.F_EXPLOITED
    if status == s.DETAINED:
        return s.F_DETAINED
    if status == s.LEGAL:
        return s.F_LEGAL
    if status == s.HOME or status == s.PAUSED:
        return s.F_BACK
    if status == s.PROSPECT or status == s.LAPSED or status == s.THINNED:
        return s.F_BACK if self.attempts > 0 else s.F_NEVER
    return s.F_WAY


T_LEGAL = T["legal"]
T_CONTACTS = T["contacts"]
T_RECRUITS = T["recruits"]
T_RECRUITS_ONLINE = T["recruits_online"]
T_STRANDED = T["stranded"]
T_FEES = T["fees_cents"]
T_PROFIT = T["profit_cents"]
T_PROTECTED = T["protected"]
T_ARRIVALS = T["arrivals"]
T_NEWLY_EXPLOITED = T["newly_exploited"]
T_DETAINED = T["detained"]
T_ADMITTED = T["admitted"]
P_CONTACTS = P["contacts"]
P_RECRUITS = P["recruits"]
P_ARRIVALS = P["arrivals"]
P_PROTECTED = P["protected"]
P_NEWLY_EXPLOITED = P["newly_exploited"]
N_RECRUITS = N["recruits"]
N_ADMITTED = N["admitted"]
N_FEES = N["fees_cents"]
N_PROFIT = N["profit_cents"]
N_PROTECTED = N["protected"]
N_NEWLY_EXPLOITED = N["newly_exploited"]
H_CONTACTS = H["contacts"]
H_RECRUITS = H["recruits"]
H_ARRIVALS = H["arrivals"]
H_PROTECTED = H["protected"]
H_NEWLY_EXPLOITED = H["newly_exploited"]
