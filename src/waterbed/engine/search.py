"""Phases 2 and 3: officers are counted at their posts, and search adds up along the legs."""

from __future__ import annotations

from ..agents.police import stand
from .rule import rule
from .tally import count_total
from .world import RING, C, T

_OFFICER_DAYS = T["officer_days"]
_OFFICER_DAYS_THERE = C["officer_days"]


@rule
def post_officers(today, world):
    """Officers at each post today, standing units and each operation apart."""
    for o in range(len(world.leg_officers)):
        for leg in range(len(world.legs)):
            world.leg_officers[o, leg] = 0.0
        for place in range(len(world.places)):
            world.place_officers[o, place] = 0.0
        for country in range(len(world.countries)):
            world.online_officers[o, country] = 0.0
    for c in range(len(world.countries)):
        world.countries[c].posted = 0.0
    for o in range(len(world.operations)):
        world.operations[o].absent = 0 if world.operations[o].strike == today else 1
    # Units are fractions of a force, so officers are added up before they are counted.
    posted = 0.0
    for i in range(len(world.units)):
        officers = stand(world.units[i], today, world)
        posted += officers
        world.countries[world.units[i].country].posted += officers
    count_total(world, today, _OFFICER_DAYS, int(posted + 0.5))
    record = today - world.par[0].burn_in
    if record >= 0:
        for c in range(len(world.countries)):
            world.counts_country[record, c, _OFFICER_DAYS_THERE] += int(world.countries[c].posted + 0.5)


@rule
def search(today, world):
    """Cumulative officer-days on each leg, by which a crossing's search is read off at its end."""
    par = world.par[0]
    for o in range(len(world.leg_officers)):
        for index in range(len(world.legs)):
            officers = world.leg_officers[o, index]
            if par.swamped > 0.0 and officers > 0.0:
                flow = world.legs[index].flow * par.ppa
                officers /= 1.0 + flow / (par.swamped * officers)
            if o > 0:
                officers *= world.operations[o - 1].search
            before = world.searched[o, (today + RING - 1) % RING, index]
            world.searched[o, today % RING, index] = before + officers
    for c in range(len(world.countries)):
        country = world.countries[c]
        learn_risk(country, par)
        country.leads = 0.0
    for p in range(len(world.places)):
        world.places[p].leads = 0.0
        world.places[p].heat *= par.heat_decay


@rule
def learn_risk(country, par):
    """Recruiters' perceived rate of arrest in each channel, from yesterday's arrests in the country."""
    if country.active_in_person > 0:
        country.risk_in_person += 0.05 * (country.arrests_in_person / country.active_in_person - country.risk_in_person)
    if country.active_online > 0:
        country.risk_online += 0.05 * (country.arrests_online / country.active_online - country.risk_online)
    country.arrests_in_person = 0
    country.arrests_online = 0
    country.active_in_person = 0
    country.active_online = 0
