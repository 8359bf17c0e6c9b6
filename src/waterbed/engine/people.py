"""Phases 4, 6 and 9: people begin to consider leaving, act, and are recorded."""

from __future__ import annotations

from ..agents.draws import visit
from ..agents.migrant import begin, ended, fate, is_raided, step
from ..agents.recruiter import trade_of
from ..agents.states import EXPLOITED, IN_PERSON, ONLINE, OPEN, PROSPECT, TRANSIT, TRAVELLING
from ..agents.waiting import admitted
from . import generator as g
from .generator import uniform
from .rule import rule
from .tally import count_total
from .world import BLOCK, NEVER, H, N, P, T

_BIRTHS = T["births"]
_EXPLOITED = T["exploited"]
_OPEN_HUBS = T["open_hubs"]
_ACTIVE_RECRUITERS = T["active_recruiters"]
_EXPLOITED_THERE = P["exploited"]
_EXPLOITED_BY = N["exploited"]
_EXPLOITED_THROUGH = H["exploited"]


@rule
def crowded(today, world):
    """Whether the list of people who may still act may be too short for those who are born today."""
    state = world.state[0]
    born = state.born
    while born < state.n_people and world.biographies[born].birth <= today:
        born += 1
    return state.active + born - state.born > len(world.listed)


@rule
def give_birth(today, world):
    """People who begin to consider leaving today; who and when was drawn before any policy."""
    state = world.state[0]
    first = state.born
    while state.born < state.n_people and world.biographies[state.born].birth <= today:
        migrant = world.migrants[state.born]
        begin(migrant, today, world)
        if not ended(migrant):
            world.listed[state.active] = migrant.number
            world.origin[state.active] = migrant.place
            enter(state.active, migrant, world)
            state.active += 1
        state.born += 1
    count_total(world, today, _BIRTHS, state.born - first)
    par = world.par[0]
    for c in range(len(world.classes)):
        of = world.classes[c]
        of.births += par.of_a_year * (of.ripening - of.births)
        of.ripening -= par.of_ripening * of.ripening
    for row in range(first, state.born):
        world.classes[world.groups[world.migrants[row].group].class_].ripening += par.of_ripening


@rule
def contacts(today, world):
    """The hazard of being contacted, at each origin: active recruiters in reach over the baseline stock."""
    par = world.par[0]
    count_recruiters(today, world)
    for p in range(len(world.places)):
        place = world.places[p]
        if place.stock <= 0.0:
            continue
        region = world.regions[place.region]
        here = place.recruiters_here + place.pressed * par.ppa
        place.in_person = par.reach_in_person * here / place.stock
        place.online = par.reach_online * region.recruiters_online / region.stock
        world.contact[p] += place.in_person + place.online


@rule
def count_recruiters(today, world):
    """How many are active, by place or by the region that shares them, and at large, by country."""
    for r in range(len(world.regions)):
        world.regions[r].recruiters_online = 0
        world.regions[r].recruited = 0
    active = 0
    for p in range(len(world.places)):
        place = world.places[p]
        country = world.countries[place.country]
        street = trade_of(p, IN_PERSON, world)
        online = trade_of(p, ONLINE, world)
        place.recruited = 0
        place.recruiters_here = street.active
        world.regions[place.region].recruiters_online += online.active
        country.active_in_person += street.at_large
        country.active_online += online.at_large
        active += street.active + online.active
    count_total(world, today, _ACTIVE_RECRUITERS, active)


@rule
def migrants_act(today, world):
    """Those who are called today have a day; then hubs admit; those who are done leave the list."""
    state = world.state[0]
    state.applicants = 0
    for first in range(0, state.active, BLOCK):
        call_block(first, min(BLOCK, state.active - first), today, world)
    admit(today, world)
    if 8 * state.gone > state.active:
        close_ranks(world)
    state.raided = 0


@rule
def call_block(first, n, today, world):
    """A block of the list has its day: who is called is found first, then all journeys end, then the rest.

    Read block by block and kind by kind, people come out of memory, and branches are foreseen, several times
    as fast as one after another; nobody's day depends on whose came before.
    """
    mark_called(first, n, today, world)
    listed, marks, queue, doing, called = world.listed, world.marks, world.queue, world.doing, world.called
    found = 0
    for k in range(n):
        queue[found] = first + k
        found += marks[k]
    # Their records are sent for together, before anything hangs on what one of them says.
    for k in range(found):
        doing[k] = world.migrants[listed[queue[k]]].status
    front = 0
    back = found - 1
    for k in range(found):
        on_leg = 1 if doing[k] == TRAVELLING else 0
        called[front] = queue[k]
        called[back] = queue[k]
        front += on_leg
        back -= 1 - on_leg
    for k in range(found):
        i = called[k]
        migrant = world.migrants[listed[i]]
        step(migrant, today, world)
        if ended(migrant):
            world.listed[i] = -1
            world.due[i] = NEVER
            world.threshold[i] = 1e300
            world.state[0].gone += 1
        else:
            enter(i, migrant, world)


@rule
def mark_called(first, n, today, world):
    """Whether each of a block is due, contacted, or at a hub that was raided today."""
    # Columns by local names and without branches: a loop that is read so is compiled for many entries at a time.
    due, origin = world.due[first : first + n], world.origin[first : first + n]
    threshold, contact, marks = world.threshold[first : first + n], world.contact, world.marks
    for k in range(n):
        marks[k] = (due[k] <= today) | (contact[origin[k]] > threshold[k])
    if world.state[0].raided == 1:
        for k in range(n):
            number = world.listed[first + k]
            if number >= 0 and is_raided(world.migrants[number], today, world):
                marks[k] = 1


@rule
def enter(i, migrant, world):
    """What decides when the person is called again. An applicant who was admitted is called once too often."""
    world.due[i] = migrant.due
    world.threshold[i] = migrant.threshold if migrant.status == PROSPECT else 1e300


@rule
def close_ranks(world):
    """Take those who are done off the list; the others keep their order."""
    state = world.state[0]
    kept = 0
    for i in range(state.active):
        if world.listed[i] >= 0:
            world.listed[kept] = world.listed[i]
            world.due[kept] = world.due[i]
            world.origin[kept] = world.origin[i]
            world.threshold[kept] = world.threshold[i]
            kept += 1
    state.active = kept
    state.gone = 0


@rule
def admit(today, world):
    """Each hub admits as many applicants as it has free places: those of the smallest uniform."""
    par = world.par[0]
    n = world.state[0].applicants
    for h in range(len(world.hubs)):
        world.hubs[h].applied = 0
    for i in range(n):
        world.hubs[world.migrants[world.applicants[i]].hub].applied += 1
    start = 0
    for h in range(len(world.hubs)):
        hub = world.hubs[h]
        hub.first_applicant = start
        start += hub.applied
        hub.applied = 0
    for i in range(n):
        migrant = world.migrants[world.applicants[i]]
        hub = world.hubs[migrant.hub]
        spot = hub.first_applicant + hub.applied
        hub.applied += 1
        world.queue[spot] = migrant.number
        purpose = g.ADMISSION + 64 * (1 + hub.network)
        world.lot[spot] = uniform(par, purpose, world.groups[migrant.group].key, migrant.ordinal, visit(migrant))
    for h in range(len(world.hubs)):
        hub = world.hubs[h]
        last = hub.first_applicant + hub.applied
        if hub.applied > hub.room:
            sort_queue(hub.first_applicant, last, world)
            last = hub.first_applicant + hub.room
        for i in range(hub.first_applicant, last):
            admitted(world.migrants[world.queue[i]], today, world)


@rule
def sort_queue(first, last, world):
    """Heapsort of a hub's applicants by their uniform, ties by number."""
    n = last - first
    for root in range(n // 2 - 1, -1, -1):
        sift(first, root, n, world)
    for end in range(n - 1, 0, -1):
        swap(first, first + end, world)
        sift(first, 0, end, world)


@rule
def after(i, j, world):
    """Whether one entry of the queue comes after another: by their uniforms, then by number."""
    if world.lot[i] != world.lot[j]:
        return world.lot[i] > world.lot[j]
    return world.queue[i] > world.queue[j]


@rule
def swap(i, j, world):
    """Exchange two entries of the queue."""
    number = world.queue[i]
    world.queue[i] = world.queue[j]
    world.queue[j] = number
    u = world.lot[i]
    world.lot[i] = world.lot[j]
    world.lot[j] = u


@rule
def sift(first, root, n, world):
    """Let an entry sink to its place in the heap."""
    while 2 * root + 1 < n:
        child = 2 * root + 1
        if child + 1 < n and after(first + child + 1, first + child, world):
            child += 1
        if not after(first + child, first + root, world):
            return
        swap(first + root, first + child, world)
        root = child


@rule
def record(today, world):
    """Stocks of the day, and the fates of those who have come of age."""
    state = world.state[0]
    par = world.par[0]
    while state.aged < state.born and world.biographies[state.aged].birth + par.fate_days <= today:
        migrant = world.migrants[state.aged]
        past = world.biographies[state.aged]
        past.fate = fate(migrant, past)
        past.fate_leg = past.crossing_leg
        past.fate_crossing_day = past.crossing_day
        past.fate_paid = migrant.paid
        past.fate_exploited = migrant.exploited_days
        if migrant.status == EXPLOITED:
            past.fate_exploited = min(30000, migrant.exploited_days + today - migrant.since)
        state.aged += 1
    held = 0
    up = 0
    recorded = today - par.burn_in
    for h in range(len(world.hubs)):
        hub = world.hubs[h]
        if hub.kind != TRANSIT:
            held += hub.occupancy
            if recorded >= 0:
                world.counts_place[recorded, hub.place, _EXPLOITED_THERE] += hub.occupancy
                world.counts_network[recorded, hub.network, _EXPLOITED_BY] += hub.occupancy
        if hub.status == OPEN:
            up += 1
    if recorded >= 0:
        world.counts_channel[recorded, IN_PERSON, _EXPLOITED_THROUGH] = state.held_in_person
        world.counts_channel[recorded, ONLINE, _EXPLOITED_THROUGH] = state.held_online
    count_total(world, today, _EXPLOITED, held)
    count_total(world, today, _OPEN_HUBS, up)
