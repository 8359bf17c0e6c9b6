"""Hubs, recruiters, police units, operations and policies of a scenario, as arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .. import exact
from ..agents import hub, police, recruiter
from ..agents.states import IN_PERSON, ONLINE, TRANSIT
from ..errors import InputError
from . import world as w
from .records import dtype

if TYPE_CHECKING:
    from ..network import WorldTables
    from ..scenario.measure import Operation
    from ..scenario.scenario import Scenario
    from .blueprint import Names

_SPARE = 3
"""Hubs that may move to a place beyond those of the table."""

type Arrays = dict[str, np.ndarray]


def _key(*parts: object) -> int:
    from .blueprint import key

    return key(*parts)


def lay_out_hubs(a: Arrays, scenario: Scenario, tables: WorldTables, names: Names) -> None:
    """Hubs at their places, and a carrier for each of their legs; capacities come with the baseline."""
    from .blueprint import KINDS

    at = {name: i for i, name in enumerate(names.places)}
    h = a["hubs"] = np.zeros(len(tables.hubs), dtype(hub.VARIABLES))
    h["number"] = np.arange(len(h))
    h["network"] = [names.networks.index(n) for n in tables.hubs["network"]]
    h["place"] = [at[p] for p in tables.hubs["place"]]
    h["kind"] = [KINDS[k] for k in tables.hubs["kind"]]
    h["key"] = [_key("hub", *row) for row in zip(*(tables.hubs[c] for c in ("network", "place", "kind")), strict=True)]
    h["capacity"] = np.nan_to_num(tables.hubs["capacity"].to_numpy(float))
    h["raided_on"] = -1
    h["room"] = 1_000_000_000
    counts = np.bincount(h["place"], minlength=len(names.places))
    a["place_hubs"] = np.full((len(names.places), int(counts.max(initial=0)) + _SPARE), -1, np.int64)
    filled = np.zeros(len(names.places), int)
    for i, p in enumerate(h["place"]):
        a["place_hubs"][p, filled[p]] = i
        filled[p] += 1
    slots = int(a["places"]["legs"].max())
    h["first_carrier"] = slots * np.arange(len(h))
    c = a["carriers"] = np.zeros(slots * len(h), dtype(w.CARRIER))
    c["leg"] = -1
    c["hub"] = -1
    for row in h:
        place = a["places"][row["place"]]
        mine = slice(row["first_carrier"], row["first_carrier"] + place["legs"])
        c["leg"][mine] = np.arange(place["first_leg"], place["first_leg"] + place["legs"])
        c["hub"][row["first_carrier"] : row["first_carrier"] + slots] = row["number"]
        c["belief"][mine] = a["legs"]["prior"][c["leg"][mine]]


def lay_out_recruiters(a: Arrays, scenario: Scenario, names: Names) -> None:
    """A roster at every origin, by daily births, of the networks there; sorted by region and place."""
    births = np.bincount(a["groups"]["place"], a["groups"]["rate"], minlength=len(names.places))
    sizes = np.where(births > 0, np.maximum(1, np.rint(births * scenario.recruiting.per_daily_birth)), 0).astype(int)
    order = np.lexsort((np.arange(len(sizes)), a["places"]["region"]))
    r = a["recruiters"] = np.zeros(int(sizes.sum()), dtype(recruiter.VARIABLES))
    r["number"] = np.arange(len(r))
    first = 0
    places, regions = a["places"], a["regions"]
    regions["first_recruiter"] = -1
    online, deceptive = scenario.recruiting.online_share, scenario.recruiting.deceptive_share
    for p in order:
        n, region = int(sizes[p]), int(places["region"][p])
        places["first_recruiter"][p], places["recruiters"][p] = first, n
        if regions["first_recruiter"][region] < 0:
            regions["first_recruiter"][region] = first
        regions["recruiters"][region] += n
        nearby = _networks_at(a, int(p)) or [0]
        for i in range(n):
            row = r[first + i]
            row["network"] = nearby[i % len(nearby)]
            row["place"] = p
            row["key"] = _key("recruiter", names.places[p], i)
            # Evenly spread shares: the first ones of each hundred work online, and so on.
            row["channel"] = ONLINE if (i * 0.618034 + 0.5) % 1.0 < online else IN_PERSON
            row["deceptive"] = int((i * 0.414214 + 0.25 + (row["key"] % 97) / 97.0) % 1.0 < deceptive)
        first += n
    regions["first_recruiter"] = np.maximum(0, regions["first_recruiter"])


def _networks_at(a: Arrays, place: int) -> list[int]:
    """Networks with a transit hub at a place, else at the heads of its legs."""

    def here(p: int) -> list[int]:
        hubs = [h for h in a["place_hubs"][p] if h >= 0]
        return [int(a["hubs"]["network"][h]) for h in hubs if a["hubs"]["kind"][h] == TRANSIT]

    found = here(place)
    if not found:
        at = a["places"][place]
        for leg in range(at["first_leg"], at["first_leg"] + at["legs"]):
            found += here(int(a["legs"]["head"][leg]))
    return list(dict.fromkeys(found))


def lay_out_policies(a: Arrays, scenario: Scenario, names: Names) -> None:
    """Policies and the places and legs that they touch."""
    policies = scenario.policies
    rows = a["policies"] = np.zeros(len(policies), dtype(w.POLICY))
    a["policy_place"] = np.zeros((max(1, len(policies)), len(names.places)), np.int64)
    a["policy_leg"] = np.zeros((max(1, len(policies)), len(names.legs)), np.int64)
    total = scenario.burn_in + scenario.days
    for i, policy in enumerate(policies.values()):
        start = scenario.burn_in + policy.start
        row = rows[i]
        row["start"], row["end"] = start, start + policy.days if policy.days else total + 1
        row["push"], row["campaign"], row["legal"] = policy.push, policy.campaign, policy.legal_pathways
        row["monitoring"], row["identification"] = policy.online_monitoring, policy.identification
        inside = [not policy.countries or names.countries[c] in policy.countries for c in a["places"]["country"]]
        a["policy_place"][i] = inside
        for leg in policy.closes:
            a["policy_leg"][i, names.legs.index(leg)] = 1


def lay_out_operations(a: Arrays, scenario: Scenario, tables: WorldTables, names: Names) -> None:
    """Operations: who takes part, and which legs and hubs are targets."""
    operations = scenario.operations
    rows = a["operations"] = np.zeros(len(operations), dtype(w.OPERATION))
    a["taking"] = np.zeros((max(1, len(operations)), len(names.countries)), np.int64)
    a["target_leg"] = np.zeros((max(1, len(operations)), len(names.legs)), np.int64)
    a["target_hub"] = np.full((max(1, len(operations)), len(a["hubs"])), w.NEVER, np.int32)
    a["publicity"] = np.zeros(a["target_leg"].shape)
    for o, (name, op) in enumerate(operations.items()):
        row = rows[o]
        row["key"] = _key("operation", name)
        row["start"] = scenario.burn_in + op.start
        row["end"] = row["start"] + op.days
        row["officers"], row["cooperation"] = op.officers, op.cooperation
        row["announced"], row["announcement"] = op.announced, op.announcement
        row["redeployed"], row["identification"] = op.redeployed, op.identification
        for effect in ("search", "arrests", "raids", "investigations"):
            row[effect] = getattr(op, effect)
        row["strike"] = row["start"] + op.delayed_strike if op.delayed_strike else -1
        row["targets_recruiters"] = op.target.recruiters or op.target.online
        a["taking"][o] = [not op.countries or c in op.countries for c in names.countries]
        a["target_leg"][o] = _target_legs(a, o, op, names)


def _all_targeted(op: Operation) -> bool:
    t = op.target
    return not (t.legs or t.routes or t.hubs or t.hub_rank or t.recruiters or t.online)


def _target_legs(a: Arrays, o: int, op: Operation, names: Names) -> np.ndarray:
    """Legs that the operation is about: named, by route, out of targeted hubs' places, or by country."""
    legs, taking = a["legs"], a["taking"][o].astype(bool)
    if _all_targeted(op):
        return taking[legs["tail_country"]] | taking[legs["head_country"]]
    named = np.isin(names.legs, op.target.legs)
    routes = [names.routes.index(r) for r in op.target.routes]
    return named | np.isin(legs["route"], routes)


def target_hubs(a: Arrays, op: Operation, names: Names, flow: np.ndarray, betweenness: np.ndarray) -> list[int]:
    """Transit hubs that the operation is about, by name, place or rank."""
    h = a["hubs"]
    transit = [i for i in range(len(h)) if h["kind"][i] == TRANSIT]
    named = [i for i in transit if names.hubs[i] in op.target.hubs or names.places[h["place"][i]] in op.target.hubs]
    if not op.target.hub_rank:
        return named
    worth = {
        "flow": flow[h["place"]],
        "betweenness": betweenness[h["place"]],
        "random": np.array([_key("lot", k) for k in h["key"]], float),
    }[op.target.hub_rank]
    return named + sorted(transit, key=lambda i: (-worth[i], i))[: op.target.hub_count]


def lay_out_units(a: Arrays, scenario: Scenario, tables: WorldTables, names: Names) -> None:
    """Standing units by the police table; units of operations by their officers."""
    rows: list[tuple[Any, ...]] = []
    posts: list[tuple[int, int]] = []
    always = scenario.burn_in + scenario.days + 1
    legs, places = a["legs"], a["places"]
    hub_places = set(a["hubs"]["place"].tolist())
    for country, officers, units in zip(*(tables.police[c] for c in ("country", "officers", "units")), strict=True):
        if country not in names.countries or officers <= 0:
            continue
        c = names.countries.index(country)
        a["countries"]["officers"][c] += officers
        mine = [(0, int(i)) for i in np.flatnonzero((legs["tail_country"] == c) | (legs["head_country"] == c))]
        mine += [
            (1, int(p)) for p in np.flatnonzero(places["country"] == c) if p in hub_places or places["stock"][p] > 0
        ]
        mine += [(2, c)]
        first = len(posts)
        posts += mine
        for u in range(int(units)):
            key = _key("unit", country, u)
            rows.append((key, c, 0, officers / units, scenario.police.strategy, 0, always, first, len(mine)))
    a["posts"] = np.zeros(len(posts), dtype(w.POST))
    for i, (kind, target) in enumerate(posts):
        a["posts"][i] = (kind, target)
    a["units"] = _units(rows, scenario)


def _units(rows: list[tuple[Any, ...]], scenario: Scenario) -> np.ndarray:
    units = np.zeros(len(rows), dtype(police.VARIABLES))
    for i, (key, country, operation, officers, strategy, start, end, first, n) in enumerate(rows):
        units[i]["number"], units[i]["key"], units[i]["country"] = i, key, country
        units[i]["operation"], units[i]["officers"] = operation, officers
        units[i]["strategy"] = strategy_code(strategy, scenario)
        units[i]["start"], units[i]["end"], units[i]["due"] = start, end, start
        units[i]["first_post"], units[i]["posts"], units[i]["post"] = first, n, -1
    return units


def strategy_code(name: str, scenario: Scenario) -> int:
    """The number of a strategy: built in, or of a plug-in (from 100 on). Raises InputError for an unknown one."""
    if name in police.STRATEGIES:
        return police.STRATEGIES.index(name)
    from .plugins import load

    own = list(load(scenario.plugins).strategies)
    if name in own:
        return 100 + own.index(name)
    raise InputError(f"police strategy '{name}' is unknown; known are {', '.join([*police.STRATEGIES, *own])}")


def send_units(
    a: Arrays, scenario: Scenario, names: Names, flow: np.ndarray, leg_flow: np.ndarray, betweenness: np.ndarray
) -> None:
    """Units of operations: officers split over the countries that take part and have a target."""
    rows: list[tuple[Any, ...]] = []
    posts = [tuple(p) for p in a["posts"].tolist()]
    for o, (name, op) in enumerate(scenario.operations.items()):
        hubs = target_hubs(a, op, names, flow, betweenness)
        for rank, h in enumerate(hubs):
            a["target_hub"][o, h] = scenario.burn_in + op.start + rank * op.target.one_by_one
            leg = a["places"][a["hubs"][h]["place"]]
            a["target_leg"][o, leg["first_leg"] : leg["first_leg"] + leg["legs"]] = 1
        if op.officers == 0:
            continue
        start, end = scenario.burn_in + op.start, scenario.burn_in + op.start + op.days
        reach = _posts_of(a, o, op, hubs)
        share = _allocation(a, op, reach, leg_flow)
        a["publicity"][o] = a["target_leg"][o] * _publicity(a, op, reach, share)
        for c, mine in reach.items():
            officers = op.officers * share[c]
            units = max(1, round(officers / op.officers_per_unit))
            first = len(posts)
            posts += mine
            for u in range(units):
                key = _key("operation unit", name, names.countries[c], u)
                rows.append((key, c, o + 1, officers / units, op.strategy, start, end, first, len(mine)))
    a["posts"] = np.array(posts, a["posts"].dtype)
    standing = a["units"]
    new = _units(rows, scenario)
    new["number"] += len(standing)
    a["units"] = np.concatenate([standing, new])


def _publicity(
    a: Arrays, op: Operation, reach: dict[int, list[tuple[int, int]]], share: dict[int, float]
) -> np.ndarray:
    """How far an announcement is credible on each leg: 1 - exp(-officers / search width), by those to be expected.

    Expected are the officers of each country spread evenly over its posts; those at a place count for the
    legs out of it. So one officer announces next to nothing, and none nothing at all.
    """
    legs = a["legs"]
    on_leg, at_place = np.zeros(len(legs)), np.zeros(len(a["places"]))
    for c, mine in reach.items():
        for kind, target in mine:
            if kind < 2:
                (on_leg, at_place)[kind][target] += op.officers * op.search * share[c] / len(mine)
    return 1.0 - exact.exp(-(on_leg + at_place[legs["tail"]]) / legs["search_width"])


def _posts_of(a: Arrays, o: int, op: Operation, hubs: list[int]) -> dict[int, list[tuple[int, int]]]:
    """Possible posts of an operation's units, by country that takes part."""
    legs, places, everything = a["legs"], a["places"], _all_targeted(op)
    reach: dict[int, list[tuple[int, int]]] = {}
    hub_places = {int(a["hubs"]["place"][h]) for h in (range(len(a["hubs"])) if everything else hubs)}
    by_leg = everything or bool(op.target.legs or op.target.routes)
    for c in np.flatnonzero(a["taking"][o]):
        mine: list[tuple[int, int]] = []
        if by_leg:
            touching = (legs["tail_country"] == c) | (legs["head_country"] == c)
            mine += [(0, int(i)) for i in np.flatnonzero(touching & (a["target_leg"][o] == 1))]
        for p in np.flatnonzero(places["country"] == c):
            origin = places["stock"][p] > 0 and (everything or op.target.recruiters)
            if int(p) in hub_places or origin:
                mine.append((1, int(p)))
        if everything or op.target.online:
            mine.append((2, int(c)))
        if mine:
            reach[int(c)] = mine
    return reach


def _allocation(
    a: Arrays, op: Operation, reach: dict[int, list[tuple[int, int]]], leg_flow: np.ndarray
) -> dict[int, float]:
    """Each country's share of the officers."""
    legs = a["legs"]
    if op.allocation == "flow":
        worth = {c: float(leg_flow[(legs["tail_country"] == c) | (legs["head_country"] == c)].sum()) for c in reach}
    elif op.allocation == "police":
        worth = {c: float(a["countries"]["officers"][c]) for c in reach}
    else:
        worth = dict.fromkeys(reach, 1.0)
    total = sum(worth.values())
    if total <= 0.0:
        return dict.fromkeys(reach, 1.0 / max(1, len(reach)))
    return {c: v / total for c, v in worth.items()}
