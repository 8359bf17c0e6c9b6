"""Counting: what rules write down as it happens. Sums of whole numbers, so that order is of no account."""

from __future__ import annotations

from .rule import rule
from .world import (
    D_INVESTIGATION,
    DEATHS,
    DEEDS,
    DEPARTURES,
    DETECTIONS,
    INVESTIGATION_OPENED,
    LEG_COUNTS,
    RETURNED,
    TURNED_BACK,
    H,
    N,
    T,
)

_TOTAL = {
    DEPARTURES: "departures",
    DETECTIONS: "detections",
    TURNED_BACK: "turned_back",
    RETURNED: "returned",
    DEATHS: "deaths",
}
_LEG_TOTAL = tuple(T[_TOTAL.get(i, "crossings")] for i in range(6))
_DEED_TOTAL = tuple(T[name] for name in DEEDS)
_NETWORK_WAY = N[LEG_COUNTS[0]]
_CHANNEL_WAY = H[LEG_COUNTS[0]]


@rule
def count_total(world, day, column, amount):
    """Add to one of the TOTALS; the burn-in is not recorded."""
    record = day - world.par[0].burn_in
    if record >= 0:
        world.counts_total[record, column] += amount


@rule
def turn_page(day, world):
    """A day's counts by leg begin at nothing: written in order here, they are near when people act in no order."""
    record = day - world.par[0].burn_in
    if record >= 0:
        counts = world.counts_leg
        for leg in range(len(world.legs)):
            counts[record, leg, 0] = 0


@rule
def count_leg(world, day, leg, column):
    """Count one agent on a leg, by LEG_COUNTS, and in the total."""
    record = day - world.par[0].burn_in
    if record >= 0:
        world.counts_leg[record, leg, column] += 1
        world.counts_total[record, _LEG_TOTAL[column]] += 1


@rule
def count_way(self, day, column, world):
    """Count a migrant on the leg travelled: there, in all, for the carrier's network and for the channel."""
    count_leg(world, day, self.leg, column)
    record = day - world.par[0].burn_in
    if record >= 0:
        world.counts_channel[record, self.channel, _CHANNEL_WAY + column] += 1
        if self.hub >= 0:
            world.counts_network[record, world.hubs[self.hub].network, _NETWORK_WAY + column] += 1


@rule
def count_deed(world, day, deed, place, network):
    """Count one of DEEDS; no network: -1."""
    count_total(world, day, _DEED_TOTAL[deed], 1)
    record = day - world.par[0].burn_in
    if record >= 0:
        world.counts_place[record, place, deed] += 1
        world.counts_country[record, world.places[place].country, deed] += 1
        if network >= 0:
            world.counts_network[record, network, deed] += 1


@rule
def note(world, day, kind, actor, place, leg, operation):
    """Write an event down; the caller of a run sees to it that there is room."""
    record = day - world.par[0].burn_in
    state = world.state[0]
    if record >= 0 and state.events < len(world.events):
        event = world.events[state.events]
        event.day = record
        event.kind = kind
        event.actor = actor
        event.place = place
        event.leg = leg
        event.operation = operation
        state.events += 1


@rule
def opens(operation, world):
    """Probability that an arrest, a raid or a protected victim opens an investigation; 0: of no operation."""
    chance = world.par[0].investigation
    return chance * world.operations[operation - 1].investigations if operation > 0 else chance


@rule
def open_investigation(world, day, hub, recruiter, place, operation, unit):
    """Open an investigation about a hub or a recruiter (else -1); it yields leads after a fixed delay."""
    state = world.state[0]
    network = -1
    if hub >= 0:
        network = world.hubs[hub].network
    elif recruiter >= 0:
        network = world.recruiters[recruiter].network
    if operation > 0:
        world.counts_operation[operation - 1, 3] += 1
    if unit >= 0:
        world.units[unit].investigations += 1
    count_deed(world, day, D_INVESTIGATION, place, network)
    note(world, day, INVESTIGATION_OPENED, max(hub, recruiter), place, -1, operation - 1)
    if state.opened < len(world.investigations):
        case = world.investigations[state.opened]
        case.day = day
        case.hub = hub
        case.recruiter = recruiter
        case.country = world.places[place].country
        case.operation = operation
        state.opened += 1
