"""Phase 1: operations and policies start and end."""

from __future__ import annotations

import math

from .rule import rule
from .tally import note
from .world import ENDED, LEG_CLOSED, LEG_OPENED, STARTED


@rule
def measures_begin_and_end(today, world):
    """Announce and end operations, set policies' levers, and send officers to operations."""
    changed = today == 0
    for o in range(len(world.operations)):
        operation = world.operations[o]
        if operation.officers > 0:
            if today == operation.start:
                begin_operation(o, today, world)
                changed = True
            elif today == operation.end:
                note(world, today, ENDED, o, -1, -1, o)
                changed = True
    for i in range(len(world.policies)):
        if today == world.policies[i].start or today == world.policies[i].end:
            changed = True
            close_legs(i, today, world)
    if changed:
        redeploy(today, world)
        set_levers(today, world)
        set_recognition(today, world)


@rule
def begin_operation(o, today, world):
    """The first day: where it is public, networks hear of its targets, as far as its officers make it credible."""
    operation = world.operations[o]
    note(world, today, STARTED, o, -1, -1, o)
    if operation.announced == 1 and world.par[0].feedback == 1:
        for index in range(len(world.legs)):
            leg = world.legs[index]
            leg.belief += operation.announcement * world.publicity[o, index] * (1.0 - leg.belief)
        for carrier in range(len(world.carriers)):
            offer = world.carriers[carrier]
            if offer.leg >= 0:
                offer.belief += operation.announcement * world.publicity[o, offer.leg] * (1.0 - offer.belief)


@rule
def close_legs(i, today, world):
    """A policy that closes legs begins or ends."""
    for index in range(len(world.legs)):
        if world.policy_leg[i, index] == 1:
            leg = world.legs[index]
            leg.closed = 1 if today == world.policies[i].start else 0
            world.places[leg.tail].stale = 1
            world.state[0].changed = 1
            note(world, today, LEG_CLOSED if leg.closed == 1 else LEG_OPENED, -1, leg.tail, index, -1)


@rule
def redeploy(today, world):
    """Officers whom operations take from the standing units' posts: no more than a country has."""
    for c in range(len(world.countries)):
        taken = 0.0
        for i in range(len(world.units)):
            unit = world.units[i]
            if unit.operation > 0 and unit.country == c and unit.start <= today < unit.end:
                if world.operations[unit.operation - 1].redeployed == 1:
                    taken += unit.officers
        country = world.countries[c]
        country.kept = max(0.0, 1.0 - taken / country.officers) if country.officers > 0.0 else 1.0
        country.lent = min(1.0, country.officers / taken) if taken > 0.0 else 1.0


@rule
def set_levers(today, world):
    """What policies make of push, campaigns, legal pathways, monitoring."""
    par = world.par[0]
    for p in range(len(world.places)):
        place = world.places[p]
        push = place.push
        campaign = 0.0
        legal = 0.0
        for i in range(len(world.policies)):
            policy = world.policies[i]
            if policy.start <= today < policy.end and world.policy_place[i, p] == 1:
                push += policy.push
                campaign = max(campaign, policy.campaign)
                legal = max(legal, policy.legal)
        place.push_now = max(0.0, min(place.push, push))
        place.campaign = campaign
        place.legal = legal
        place.keep = 1.0
        if place.push_now < place.push:
            ratio = place.push_now / place.push
            place.keep = math.exp(par.push_elasticity * math.log(ratio)) if ratio > 0.0 else 0.0


@rule
def set_recognition(today, world):
    """Early identification and platform monitoring, by policies and operations."""
    for c in range(len(world.countries)):
        world.countries[c].identification = 0.0
        world.countries[c].monitoring = 0.0
    for index in range(len(world.legs)):
        leg = world.legs[index]
        leg.identification = 0.0
        for o in range(len(world.operations)):
            operation = world.operations[o]
            if operation.officers > 0 and operation.start <= today < operation.end and world.target_leg[o, index] == 1:
                leg.identification = max(leg.identification, operation.identification)
    for i in range(len(world.policies)):
        policy = world.policies[i]
        if policy.start <= today < policy.end:
            for p in range(len(world.places)):
                if world.policy_place[i, p] == 1:
                    country = world.countries[world.places[p].country]
                    country.identification = max(country.identification, policy.identification)
                    country.monitoring = max(country.monitoring, policy.monitoring)
