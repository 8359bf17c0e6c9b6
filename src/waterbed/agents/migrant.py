"""The migrant: from the first thought of leaving to whatever comes of it.

To change a rule, give a function of the same name and arguments in a plug-in file
(see :mod:`waterbed.engine.plugins`).
"""

from __future__ import annotations

import math

from ..engine import generator as g
from ..engine.generator import normal, uniforms
from ..engine.records import Variable as V
from ..engine.rule import rule
from ..engine.tally import count_total
from ..engine.world import T
from . import states as s
from .crossing import finish_leg, go_home, settle
from .prospect import consider, prospect_day
from .victim import be_freed, raided
from .waiting import choose, set_out

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

T_LEGAL = T["legal"]


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
def is_raided(self, day, world):
    """Whether the hub that this person is at was raided today."""
    return (self.status == s.STAGED or self.status == s.EXPLOITED) and world.hubs[self.hub].raided_on == day


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
