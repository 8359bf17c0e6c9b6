"""The police unit: stands at a post for some days, then chooses the next.

To add a strategy, write ``def my_strategy(self, post, day, world): return weight`` in a plug-in file
and name it in ``police.strategy`` or an operation's ``strategy``
(see :mod:`waterbed.engine.plugins`).
"""

from __future__ import annotations

from ..engine import generator as g
from ..engine.generator import exponential, uniform, uniforms
from ..engine.records import Variable as V
from ..engine.rule import rule

VARIABLES = (
    V("number", "i4", "", "row of the unit"),
    V("key", "i8", "", "hash of country or operation, and index"),
    V("country", "i2", "", "where it may stand"),
    V("operation", "i2", "", "operation + 1, or 0 for a standing unit"),
    V("officers", "f8", "officer", "size"),
    V("strategy", "i2", "", "see STRATEGIES; from 100 on, plug-ins"),
    V("start", "i4", "day", "first day"),
    V("end", "i4", "day", "day after the last"),
    V("first_post", "i4", "", "first of its possible posts"),
    V("posts", "i4", "post", "how many"),
    V("post", "i4", "", "the present one, -1 none"),
    V("due", "i4", "day", "day of the next choice"),
    V("arrests", "i4", "arrest", "made by it"),
    V("detections", "i4", "agent", "people it detected at the end of a leg, standing there"),
    V("protected", "i4", "agent", "victims it recognised or freed"),
    V("investigations", "i4", "investigation", "opened on what it found"),
)

STRATEGIES = ("static", "random", "hotspot", "intelligence", "interdiction")
STATIC, RANDOM, HOTSPOT, INTELLIGENCE, INTERDICTION = range(5)
LEG, PLACE, ONLINE_POST = 0, 1, 2


@rule
def own_strategy(self, post, day, world):
    """Weight of a post under a plug-in's strategy; replaced when plug-ins are loaded."""
    return 1.0


@rule
def attraction(self, post, day, world):
    """Weight of a post in this unit's choice, by its strategy."""
    if self.strategy >= 100:
        return own_strategy(self, post, day, world)
    if self.strategy == HOTSPOT:
        if post.kind == LEG:
            return 0.01 + world.legs[post.target].detected
        if post.kind == PLACE:
            return 0.01 + world.places[post.target].heat
        return 0.01
    if self.strategy == INTELLIGENCE:
        if post.kind == LEG:
            return 0.2 + world.places[world.legs[post.target].tail].leads
        if post.kind == PLACE:
            return 0.2 + world.places[post.target].leads
        return 0.2 + world.countries[post.target].leads
    if self.strategy == INTERDICTION:
        # In a flow network a leg's flow-weighted betweenness is the flow that passes it.
        return 0.001 + world.legs[post.target].flow if post.kind == LEG else 0.0
    return 1.0


@rule
def step(self, day, world):
    """Choose a post when due: an exponential race of all posts in reach."""
    if day < self.start or day >= self.end:
        self.post = -1
        self.due = self.start
        return
    if day < self.due:
        return
    best = 1e300
    chosen = -1
    u0, u1, u2, u3 = 0.5, 0.5, 0.5, 0.5
    for i in range(self.posts):
        if i & 3 == 0:
            u0, u1, u2, u3 = uniforms(world.par[0], g.POST, self.key, i >> 2, day - self.start, 0)
        u = u0
        u0, u1, u2 = u1, u2, u3
        weight = attraction(self, world.posts[self.first_post + i], day, world)
        if weight > 0.0:
            time = exponential(u) / weight
            if time < best:
                best = time
                chosen = self.first_post + i
    self.post = chosen
    self.due = day + world.par[0].patrol_days if self.strategy != STATIC else 1000000000


@rule
def stand(self, day, world):
    """Count this unit's officers where it stands; returns how many."""
    if self.post < 0:
        return 0.0
    officers = self.officers
    if self.operation == 0:
        officers *= world.countries[self.country].kept
    else:
        of = world.operations[self.operation - 1]
        if of.redeployed == 1:
            officers *= world.countries[self.country].lent
        of.spent += officers
        of.absent = 0
    post = world.posts[self.post]
    if post.kind == LEG:
        world.leg_officers[self.operation, post.target] += officers
    elif post.kind == PLACE:
        world.place_officers[self.operation, post.target] += officers
    else:
        world.online_officers[self.operation, post.target] += officers
    return officers


@rule
def unit_there(world, operation, kind, target, key, number):
    """Whose deed it was: an exponential race of the units of an operation that stand at a post; -1: of none.

    ``key`` and ``number`` say what the deed is about. It decides nothing but whom it is credited to.
    """
    best = 1e300
    winner = -1
    for i in range(len(world.units)):
        unit = world.units[i]
        if unit.operation == operation and unit.post >= 0:
            post = world.posts[unit.post]
            if post.kind == kind and post.target == target:
                u = uniform(world.par[0], g.CREDIT, unit.key, key, number)
                time = exponential(u) / unit.officers
                if time < best:
                    best = time
                    winner = i
    return winner
