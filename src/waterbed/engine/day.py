"""A day of the world. Here, and nowhere else, is decided what happens in which order."""

from __future__ import annotations

from ..agents.hub import risk_raid, see_links
from ..agents.hub import step as hub_step
from ..agents.police import step as police_step
from ..agents.recruiter import step as recruiter_step
from ..agents.recruiter import survey
from .call import call
from .levers import measures_begin_and_end
from .networks import follow_up, legs_adapt, look_ahead, networks_learn
from .people import contacts, crowded, give_birth, migrants_act, record
from .rule import rule
from .search import post_officers, search
from .tally import turn_page


@rule
def day(today, world, parts, plan):
    """One day. Every phase reads the state as it stood when the phase began.

    1. Operations and policies start and end, so that all that follows knows of them.
    2. Police post: units whose due day has come choose posts; officers are counted there.
    3. Hazards: search on legs, raids on hubs, arrests of recruiters add up and come to pass.
    4. Contacts: people begin to consider leaving; recruiters' reach adds up at each origin.
    5. Hubs cool, lie low, reopen, move, grow; dormant legs open and close; routes learn to serve more.
    6. Migrants act: prospects meet recruiters, those who wait choose and apply, hubs admit, legs end.
    7. Investigations opened long enough ago yield leads.
    8. Networks learn from those they carried; the ways are solved anew when planned or needed.
    9. Record: stocks, and the fates of those who have come of age.

    ``parts`` are :data:`PARTS`, and ``plan`` is :func:`.choice.plan`: functions, or addresses of compiled ones.
    """
    for i in range(len(parts)):
        call(parts[i], today, world)
    look_ahead(today, world, plan)
    record(today, world)


@rule
def forces_act(today, world):
    """Operations and policies start and end, police post, legs are searched, hubs at risk of a raid."""
    turn_page(today, world)
    measures_begin_and_end(today, world)
    for i in range(len(world.units)):
        police_step(world.units[i], today, world)
    post_officers(today, world)
    search(today, world)
    for i in range(len(world.hubs)):
        risk_raid(world.hubs[i], today, world)


@rule
def recruiters_act(today, world):
    """Recruiters are at risk of arrest and work; people begin to consider leaving, and are contacted."""
    survey(world)
    for i in range(len(world.recruiters)):
        recruiter_step(world.recruiters[i], today, world)
    give_birth(today, world)
    contacts(today, world)


@rule
def hubs_act(today, world):
    """Hubs look about and have their day; legs open, close and learn to serve more."""
    for i in range(len(world.hubs)):
        see_links(world.hubs[i], today, world)
    for i in range(len(world.hubs)):
        hub_step(world.hubs[i], today, world)
    legs_adapt(today, world)


@rule
def networks_act(today, world):
    """Investigations yield leads, and networks learn."""
    follow_up(today, world)
    networks_learn(today, world)


PARTS = (forces_act, recruiters_act, hubs_act, migrants_act, networks_act)
"""A day but for its end. Compiled each for itself, they take half as long on two cores, and one that a plug-in
leaves alone is not compiled again."""


@rule
def advance(first, last, world, parts, plan):
    """Run the days ``first`` to ``last - 1``; stops early, and says where, when a buffer may overflow."""
    for today in range(first, last):
        if world.state[0].events + world.par[0].event_margin > len(world.events):
            return today
        if world.state[0].opened + world.par[0].event_margin > len(world.investigations):
            return today
        if crowded(today, world):
            return today
        day(today, world, parts, plan)
    return last
