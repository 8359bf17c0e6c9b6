"""The world as the rules see it: a handful of arrays of records and a few plain arrays.

Each tuple below is the single list of what a kind of thing carries. The four kinds of agent declare
theirs beside their rules, in :mod:`waterbed.agents`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .records import Variable as V

STATE = (
    V("n_people", "i8", "agent", "people of this run, born or not yet"),
    V("born", "i8", "agent", "people born so far; they are numbered by day of birth"),
    V("aged", "i8", "agent", "people whose fate has been read"),
    V("active", "i8", "agent", "entries of the list of people who may still act"),
    V("gone", "i8", "agent", "of these, people who are done"),
    V("applicants", "i8", "agent", "people who applied at a hub today"),
    V("events", "i8", "event", "events recorded"),
    V("opened", "i8", "investigation", "investigations opened"),
    V("matured", "i8", "investigation", "investigations that have yielded their leads"),
    V("changed", "i1", "", "an opening or closing since the choice tables were solved"),
    V("raided", "i1", "", "a hub was raided today"),
    V("levers", "i1", "", "policies changed today"),
    V("held_in_person", "i8", "agent", "people held at exploitation hubs who were recruited in person"),
    V("held_online", "i8", "agent", "people held at exploitation hubs who were recruited online"),
)

PLACE = (
    V("country", "i2", "", "index of the country"),
    V("region", "i2", "", "index of the region that shares online recruiters"),
    V("first_leg", "i4", "", "first leg that starts here"),
    V("legs", "i4", "", "legs that start here, dormant ones included"),
    V("push", "f8", "1", "root causes, before policy"),
    V("push_now", "f8", "1", "root causes, under policy"),
    V("demand", "f8", "1", "demand for exploitation"),
    V("stock", "f8", "person", "baseline prospects in reach"),
    V("in_person", "f8", "1/day", "today's hazard of contact in person"),
    V("online", "f8", "1/day", "today's hazard of contact online"),
    V("recruiters_here", "i4", "recruiter", "active in-person recruiters"),
    V("recruited", "i4", "agent", "people recruited in person since yesterday"),
    V("pressed", "i4", "agent", "victims pressed into recruiting for this origin"),
    V("first_recruiter", "i4", "", "first recruiter of the place"),
    V("recruiters", "i4", "recruiter", "roster of the place"),
    V("campaign", "f8", "share", "prospects reached by an information campaign"),
    V("legal", "f8", "share", "prospects who can leave legally"),
    V("keep", "f8", "share", "prospects who still consider leaving under lower push"),
    V("share", "f8", "1", "weight of each open hub among the carriers, when last weighed"),
    V("stale", "i1", "", "its carriers changed since they were weighed"),
    V("heat", "f8", "1", "recent arrests and raids, for patrols"),
    V("leads", "f8", "lead", "leads on hubs and recruiters here, for patrols"),
)

REGION = (
    V("stock", "f8", "person", "baseline prospects in reach"),
    V("recruiters_online", "i4", "recruiter", "active online recruiters"),
    V("recruited", "i4", "agent", "people recruited online since yesterday"),
    V("first_recruiter", "i4", "", "first recruiter of the region"),
    V("recruiters", "i4", "recruiter", "roster of the region"),
)

TRADE = (
    V("recruits", "f8", "agent/recruiter", "recruits since yesterday per active recruiter in reach"),
    V("active", "i4", "recruiter", "active ones"),
    V("at_large", "i4", "recruiter", "active ones and those who lie low, before today's arrests"),
)

COUNTRY = (
    V("key", "i8", "", "hash of the name"),
    V("officers", "f8", "officer", "standing force"),
    V("kept", "f8", "share", "standing officers not redeployed to operations"),
    V("lent", "f8", "share", "officers of redeployed operations whom the standing force has"),
    V("posted", "f8", "officer", "at posts today, of whatever force"),
    V("monitoring", "f8", "officer", "platform monitoring by policy"),
    V("identification", "f8", "probability", "recognition added by policy"),
    V("risk_in_person", "f8", "1/day", "perceived rate of arrest in person"),
    V("risk_online", "f8", "1/day", "perceived rate of arrest online"),
    V("arrests_in_person", "i4", "arrest", "today"),
    V("arrests_online", "i4", "arrest", "today"),
    V("active_in_person", "i4", "recruiter", "today"),
    V("active_online", "i4", "recruiter", "today"),
    V("leads", "f8", "lead", "leads on online recruiters, for patrols"),
)

LEG = (
    V("tail", "i4", "", "place it starts from"),
    V("head", "i4", "", "place it leads to"),
    V("mode", "i1", "", "0 road, 1 desert, 2 sea, 3 air"),
    V("route", "i2", "", "index of its route label, or -1"),
    V("counted", "i1", "", "crossings are counted here"),
    V("season", "i2", "", "row of its season, or -1"),
    V("open", "i1", "", "not dormant, or opened"),
    V("closed", "i1", "", "closed by a policy"),
    V("dormant", "i1", "", "dormant until somebody opens it"),
    V("opened_on", "i4", "day", "day of opening"),
    V("used_on", "i4", "day", "last day of use"),
    V("looks", "i2", "", "weekly looks in a row at which opening it would have paid"),
    V("opening_cost", "f8", "USD", "cost of opening, people at scale"),
    V("days", "f8", "day", "travel days"),
    V("fee", "f8", "USD", "fee before markup"),
    V("death", "f8", "probability", "per crossing"),
    V("detection", "f8", "probability", "per crossing with no unit posted"),
    V("search_width", "f8", "officer", "officers at whom search reaches a hazard of 1 over a crossing"),
    V("turned_back", "f8", "share", "of detections"),
    V("returned", "f8", "share", "of detections"),
    V("prior", "f8", "probability", "of being stopped, at baseline"),
    V("belief", "f8", "probability", "of being stopped, mean of the networks"),
    V("extra", "f8", "1", "log of season and of the place's legs, when last weighed"),
    V("ease", "f8", "USD", "what its route has learnt, when last weighed"),
    V("departed", "i4", "agent", "departures today"),
    V("caught", "i4", "agent", "detections today"),
    V("flow", "f8", "agent/day", "recent departures"),
    V("detected", "f8", "agent/day", "recent detections"),
    V("tail_country", "i2", "", "country of the tail"),
    V("head_country", "i2", "", "country of the head"),
    V("identification", "f8", "probability", "recognition added by operations"),
)

CARRIER = (
    V("leg", "i4", "", "leg that is offered"),
    V("hub", "i4", "", "hub that offers it"),
    V("belief", "f8", "probability", "of being stopped"),
    V("believed", "f8", "probability", "the same when last weighed"),
    V("fee", "f8", "USD", "fee asked"),
    V("use", "f8", "agent", "people carried, recent"),
    V("carried", "i4", "agent", "people whose leg ended today"),
    V("stopped", "i4", "agent", "of these, turned back or returned"),
)

CLASS = (
    V("time_value", "f8", "USD/day", "of a day on the way"),
    V("aversion", "f8", "1", "weight of expected losses"),
    V("ripening", "f8", "agent/day", "births of the last months, who are about to leave"),
    V("births", "f8", "agent/day", "the same, as a mean of a year"),
)

GROUP = (
    V("key", "i8", "", "hash of class and place"),
    V("class_", "i2", "", "class of people"),
    V("place", "i4", "", "origin"),
    V("rate", "f8", "person/day", "people who begin to consider leaving, at baseline"),
    V("base_value", "f8", "1", "value of leaving at baseline"),
)

ROUTE = (
    V("growth", "f8", "1", "log gain in attractiveness"),
)

POST = (
    V("kind", "i1", "", "0 leg, 1 place, 2 online in the country"),
    V("target", "i4", "", "leg, place or country"),
)

OPERATION = (
    V("key", "i8", "", "hash of the name"),
    V("start", "i4", "day", "first day, burn-in included"),
    V("end", "i4", "day", "day after the last"),
    V("officers", "i8", "officer", "who take part"),
    V("cooperation", "f8", "probability", "of sharing a lead"),
    V("announcement", "f8", "1", "rise of beliefs"),
    V("announced", "i1", "", "made public"),
    V("redeployed", "i1", "", "officers are taken from standing units"),
    V("strike", "i4", "day", "day of the delayed strike, or -1"),
    V("identification", "f8", "probability", "recognition added on its legs"),
    V("search", "f8", "1", "effect of its officers on legs, over standing ones"),
    V("arrests", "f8", "1", "rate of arrest of its officers, over standing ones"),
    V("raids", "f8", "1", "rate of raids of its officers, over standing ones"),
    V("investigations", "f8", "1", "probability of an investigation, over that of others"),
    V("targets_recruiters", "i1", "", "recruiters carry a lead while it lasts"),
    V("spent", "f8", "officer-day", "officers at posts, summed over days"),
    V("absent", "i1", "", "none of its officers are at a post today, and its strike does not fall due"),
)

POLICY = (
    V("start", "i4", "day", "first day, burn-in included"),
    V("end", "i4", "day", "day after the last"),
    V("push", "f8", "1", "change of push"),
    V("campaign", "f8", "share", "of prospects reached"),
    V("legal", "f8", "share", "of prospects who can leave legally"),
    V("monitoring", "f8", "officer", "online, per country"),
    V("identification", "f8", "probability", "added recognition"),
)

INVESTIGATION = (
    V("day", "i4", "day", "of opening"),
    V("hub", "i4", "", "hub it is about, or -1"),
    V("recruiter", "i4", "", "recruiter it is about, or -1"),
    V("country", "i2", "", "country that leads it"),
    V("operation", "i2", "", "operation + 1, or 0"),
)

EVENT = (
    V("day", "i4", "day", "day of the event"),
    V("kind", "i1", "", "see EVENT_KINDS"),
    V("actor", "i4", "", "recruiter, hub or operation"),
    V("place", "i4", "", "place, or -1"),
    V("leg", "i4", "", "leg, or -1"),
    V("operation", "i2", "", "operation, or -1"),
)

EVENT_KINDS = (
    "arrest",
    "raid",
    "closed",
    "reopened",
    "relocated",
    "leg_opened",
    "leg_closed",
    "investigation",
    "operation_start",
    "operation_end",
)
ARREST, RAID, CLOSED, REOPENED, RELOCATED, LEG_OPENED, LEG_CLOSED, INVESTIGATION_OPENED, STARTED, ENDED = range(10)

LEG_COUNTS = ("departures", "crossings", "detections", "turned_back", "returned", "deaths")
DEPARTURES, CROSSINGS, DETECTIONS, TURNED_BACK, RETURNED, DEATHS = range(6)

TOTALS = (
    "contacts",
    "recruits",
    "recruits_online",
    "arrivals",
    "departures",
    "crossings",
    "detections",
    "turned_back",
    "returned",
    "deaths",
    "newly_exploited",
    "exploited",
    "protected",
    "detained",
    "stranded",
    "legal",
    "arrests",
    "raids",
    "closures",
    "relocations",
    "legs_opened",
    "investigations",
    "officer_days",
    "open_hubs",
    "fees_cents",
    "profit_cents",
    "births",
    "admitted",
    "active_recruiters",
)
T = {name: i for i, name in enumerate(TOTALS)}

DEEDS = ("arrests", "raids", "closures", "relocations", "investigations")
"""What befalls networks: counted in all, at its place, in its country and for its network."""
D_ARREST, D_RAID, D_CLOSURE, D_RELOCATION, D_INVESTIGATION = range(5)

PLACE_COUNTS = (*DEEDS, "contacts", "recruits", "arrivals", "exploited", "newly_exploited", "protected")
COUNTRY_COUNTS = (*DEEDS, "officer_days")
NETWORK_COUNTS = (*DEEDS, *LEG_COUNTS, "carried", "stopped", "admitted", "recruits", "exploited", "newly_exploited",
                  "protected", "fees_cents", "profit_cents")  # fmt: skip
CHANNEL_COUNTS = (*LEG_COUNTS, "contacts", "recruits", "arrests", "arrivals", "exploited", "newly_exploited",
                  "protected")  # fmt: skip
P = {name: i for i, name in enumerate(PLACE_COUNTS)}
C = {name: i for i, name in enumerate(COUNTRY_COUNTS)}
N = {name: i for i, name in enumerate(NETWORK_COUNTS)}
H = {name: i for i, name in enumerate(CHANNEL_COUNTS)}
OPERATION_COUNTS = (
    "arrests",
    "victims_protected",
    "irregular_migrants_detected",
    "investigations_opened",
    "officer_days",
    "raids",
)

ROAD, DESERT, SEA, AIR = range(4)


class World(NamedTuple):
    """Everything a run changes, and what it stands on. Rules are given the world and change it in place."""

    par: Any
    state: Any
    places: Any
    regions: Any
    countries: Any
    legs: Any
    carriers: Any
    classes: Any
    groups: Any
    routes: Any
    posts: Any
    operations: Any
    policies: Any
    investigations: Any
    events: Any
    migrants: Any
    biographies: Any  # [migrant] what is written once in a life
    recruiters: Any
    hubs: Any
    units: Any
    trades: Any  # [2 * place + channel] the recruiters of a place who work one channel
    place_hubs: Any  # [place, k] hubs by place, -1 after the last
    networks: Any  # [network] hashes of names
    destination: Any  # [place, class] weight, 0 elsewhere
    constant: Any  # [route + 1, class] USD
    value: Any  # [place, class] exp(V)
    alike: Any  # [route + 1, class] first class that sees the route with the same eyes
    own_weight: Any  # [leg, class] exp(u) of one's own way
    leg_weight: Any  # [leg, class] sum of exp(u) over the open carriers
    fee_ahead: Any  # [place, class] expected fees of the rest of the way
    choosers: Any  # [place, class] people who chose a way here, recent
    demand: Any  # [route, class] departures a day on its counted legs, mean of a year
    usual: Any  # [route, class] the same for each birth, at the end of the burn-in
    head: Any  # [leg] the legs' heads, close together in memory
    entry: Any  # [leg] its seat among the ways
    steps: Any  # [place] in order of elimination
    ends: Any  # ways out of each class's destinations
    joined: Any  # ways into and out of each place when it is eliminated
    through: Any  # seats that their products go to
    ways: Any  # [seat, class] sums of weights between two places
    calendar: Any  # [day] month, 0-11
    seasons: Any  # [season, month] log factor over its maximum; [season, 12] its mean
    linked: Any  # [hub, hub] last day they exchanged people
    taking: Any  # [operation, country] takes part
    policy_place: Any  # [policy, place] is touched
    policy_leg: Any  # [policy, leg] is closed
    target_leg: Any  # [operation, leg] is a target
    target_hub: Any  # [operation, hub] first day it is a target, NEVER for the others
    publicity: Any  # [operation, leg] share of an announcement that its officers there make credible
    leg_officers: Any  # [operation + 1, leg] officers today; 0: standing
    place_officers: Any  # [operation + 1, place]
    online_officers: Any  # [operation + 1, country]
    watch: Any  # [operation + 1, place, channel] officers in reach of recruiters
    searched: Any  # [operation + 1, ring, leg] cumulative officer-days
    listed: Any  # [entry] rows of the people who may still act, -1 of those who are done
    due: Any  # [entry] day of the next act
    origin: Any  # [entry] place of origin
    threshold: Any  # [entry] a prospect's: cumulative hazard at which the next contact comes
    contact: Any  # [place] cumulative hazard of being contacted there
    marks: Any  # [entry of a block] whether the person acts today
    called: Any  # [agent] entries of those who act today
    doing: Any  # [agent] what they are doing, a status
    applicants: Any  # [agent] people who applied today
    queue: Any  # [agent] the same, by hub
    lot: Any  # [agent] their uniforms
    counts_leg: Any
    counts_total: Any
    counts_place: Any
    counts_country: Any
    counts_network: Any
    counts_channel: Any
    counts_operation: Any  # [operation, count]
    mean_fee: Any  # [day] USD, of those who paid
    mean_belief: Any  # [day] by those who depart
    leg_fee: Any  # [day, leg] USD asked by the networks, by people carried
    leg_belief: Any  # [day, leg] of being stopped, mean of the networks, by people carried
    network_belief: Any  # [day, network] of being stopped on the legs it offers, by people carried
    use: Any  # [network] room for one day's weights
    race: Any  # [leg of a place, 3] room for one choice: uniforms, rates, least times


BLOCK = 2048
"""Entries of the list of people who may still act that have their day together."""
NEVER = 2000000000
"""A day that does not come."""
RING = 128
"""Days of search kept per leg; a crossing may take at most this long less one."""
