"""Counting: what rules write down as it happens. Sums of whole numbers, so that order is of no account."""

from __future__ import annotations

from .rule import rule
from .world import DEATHS, DEPARTURES, DETECTIONS, INVESTIGATION_OPENED, RETURNED, TURNED_BACK, T

_TOTAL = {
    DEPARTURES: "departures",
    DETECTIONS: "detections",
    TURNED_BACK: "turned_back",
    RETURNED: "returned",
    DEATHS: "deaths",
}
_LEG_TOTAL = tuple(T[_TOTAL.get(i, "crossings")] for i in range(6))
_INVESTIGATIONS = T["investigations"]


@rule
def count_total(world, day, column, amount):
    """Add to one of the TOTALS; the burn-in is not recorded."""
    record = day - world.par[0].burn_in
    if record >= 0:
        world.counts_total[record, column] += amount


@rule
def count_leg(world, day, leg, column):
    """Count one agent on a leg, by LEG_COUNTS, and in the total."""
    record = day - world.par[0].burn_in
    if record >= 0:
        world.counts_leg[record, leg, column] += 1
        world.counts_total[record, _LEG_TOTAL[column]] += 1


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
def open_investigation(world, day, hub, recruiter, country, operation):
    """Open an investigation about a hub or a recruiter; it yields leads after a fixed delay."""
    state = world.state[0]
    record = day - world.par[0].burn_in
    if operation > 0:
        world.counts_operation[operation - 1, 3] += 1
    if record >= 0:
        world.counts_country[record, country, 3] += 1
    count_total(world, day, _INVESTIGATIONS, 1)
    note(world, day, INVESTIGATION_OPENED, max(hub, recruiter), -1, -1, operation - 1)
    if state.opened < len(world.investigations):
        case = world.investigations[state.opened]
        case.day = day
        case.hub = hub
        case.recruiter = recruiter
        case.country = country
        case.operation = operation
        state.opened += 1
