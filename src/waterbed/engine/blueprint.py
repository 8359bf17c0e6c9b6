"""The blueprint: a scenario's tables as arrays, made once and copied for every run."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import exact
from ..agents.states import EXPLOITATION, TRANSIT
from . import world as w
from .elimination import plan_elimination
from .records import dtype

if TYPE_CHECKING:
    from ..network import WorldTables
    from ..scenario.scenario import Scenario

MODES = {"road": w.ROAD, "desert": w.DESERT, "sea": w.SEA, "air": w.AIR}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def key(*parts: object) -> int:
    """A 32-bit identity by name, so that adding one thing does not shift another's chance."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest(), "little")


@dataclass(frozen=True)
class Names:
    """What the indices of a world stand for; legs by their row in legs.csv."""

    places: list[str]
    legs: list[str]
    countries: list[str]
    regions: list[str]
    networks: list[str]
    classes: list[str]
    routes: list[str]
    operations: list[str]
    hubs: list[str]


@dataclass(frozen=True)
class Blueprint:
    """Arrays of a scenario before chance: copied by :func:`waterbed.engine.run.start`."""

    arrays: dict[str, np.ndarray]
    names: Names
    leg_rows: np.ndarray
    """leg_rows[i]: row in legs.csv of leg i (legs are sorted by their tail)."""
    class_season: np.ndarray
    """[class, month] factor on births, mean 1."""
    counted_routes: list[str]


def _records(variables: tuple[Any, ...], n: int) -> np.ndarray:
    return np.zeros(n, dtype(variables))


def build(scenario: Scenario, tables: WorldTables) -> Blueprint:
    """A scenario's world as arrays."""
    from .baseline import settle

    a, names, leg_rows = lay_out(scenario, tables)
    season = settle(a, scenario, names)
    counted = list(
        dict.fromkeys(
            names.routes[r] for r, c in zip(a["legs"]["route"], a["legs"]["counted"], strict=True) if c and r >= 0
        )
    )
    return Blueprint(a, names, leg_rows, season, counted)


def lay_out(scenario: Scenario, tables: WorldTables) -> tuple[dict[str, np.ndarray], Names, np.ndarray]:
    """The arrays as far as they need no compiled code, their names, and the rows of the legs."""
    from .forces import lay_out_hubs, lay_out_operations, lay_out_policies, lay_out_recruiters, lay_out_units

    a: dict[str, np.ndarray] = {}
    names, leg_rows = _lay_out_network(a, scenario, tables)
    _lay_out_people(a, scenario, tables, names)
    lay_out_hubs(a, scenario, tables, names)
    lay_out_policies(a, scenario, names)
    lay_out_operations(a, scenario, tables, names)
    lay_out_units(a, scenario, tables, names)
    a["par"] = parameters(scenario)
    _lay_out_tables(a, scenario, names)
    lay_out_recruiters(a, scenario, names)
    return a, names, leg_rows


def parameters(scenario: Scenario) -> np.ndarray:
    """All scalar parameters, and what is derived from them, as one record."""
    p: dict[str, float | int] = {"key0": 0, "key1": 0, "ppa": scenario.persons_per_agent}
    p |= {"burn_in": scenario.burn_in, "fate_days": scenario.compare.fate_days, "event_margin": 0}
    for section in (scenario.choice, scenario.migration):
        for name in type(section).model_fields:
            p[name] = getattr(section, name)
    r, h, n, q = scenario.recruiting, scenario.hubs, scenario.learning, scenario.police
    for name in (
        "reach_in_person",
        "reach_online",
        "commission",
        "channel_days",
        "channel_scale",
        "online_setup",
        "loss_arrest",
        "replaced_days",
        "heat_per_recruit",
    ):
        p[name] = getattr(r, name)
    for name in (
        "heat_floor",
        "heat_per_arrest",
        "heat_per_raid",
        "reopen_heat",
        "reopen_rate",
        "linked_days",
        "relocate_days",
        "capacity_step",
        "markup_fill",
        "markup_heat",
        "markup_belief",
        "opening_factor",
        "raid_held",
        "raid_arrests",
        "exploited_days",
        "exploited_risk",
        "pyramid",
        "rescued",
    ):
        p[name] = getattr(h, name)
    for name in (
        "patrol_days",
        "raid_rate",
        "arrest_rate",
        "lead_weight",
        "swamped",
        "danger",
        "identification",
        "investigation",
        "investigation_days",
        "cooperation",
        "linked_recruiters",
    ):
        p[name] = getattr(q, name)
    p |= {
        "recruiter_lie_low": r.lie_low_heat,
        "hub_lie_low": h.lie_low_heat,
        "heat_decay": 2.0 ** (-1.0 / h.heat_half_life),
        "lead_decay": 2.0 ** (-1.0 / q.lead_half_life),
        "demand_decay": 2.0 ** (-1.0 / 30.0),
        "of_a_year": 1.0 / 365.0,
        "of_ripening": 1.0 / 60.0,
        "growth_step": math.log1p(h.route_growth),
        # Without a burn-in nothing is known of what is usual, so nothing is more.
        "growth_most": math.log(h.route_growth_most) if scenario.burn_in > 0 else 0.0,
        "learning": n.rate,
        "half_experience": n.half_experience,
        "rumour": n.rumour,
        "drift": 1.0 - 2.0 ** (-1.0 / n.drift_half_life),
        "feedback": int(scenario.world.feedback),
        "typical_conversion": 1.0 / (1.0 + math.exp(-scenario.migration.intercept)),
        "typical_conversion_online": 1.0
        / (1.0 + math.exp(-scenario.migration.intercept - scenario.migration.online_trust)),
    }
    kinds = [(name, "i8" if isinstance(value, int) else "f8") for name, value in p.items()]
    record = np.zeros(1, np.dtype(kinds, align=True))
    record[0] = tuple(p.values())
    return record


def _lay_out_network(a: dict[str, np.ndarray], scenario: Scenario, tables: WorldTables) -> tuple[Names, np.ndarray]:
    places, legs = tables.network.places, tables.network.legs
    place_names = list(places["name"])
    at = {name: i for i, name in enumerate(place_names)}
    countries = list(dict.fromkeys(places["country"]))
    regions = list(dict.fromkeys(places["region"]))
    tails = np.array([at[t] for t in legs["tail"]])
    rows = np.argsort(tails, kind="stable")
    legs = legs.iloc[rows]
    routes = [r for r in dict.fromkeys(tables.network.legs["route"]) if r]
    networks = list(dict.fromkeys(tables.hubs["network"]))
    p = a["places"] = _records(w.PLACE, len(places))
    p["country"] = [countries.index(c) for c in places["country"]]
    p["region"] = [regions.index(r) for r in places["region"]]
    p["push"] = p["push_now"] = places["push"]
    p["demand"] = places["exploitation_demand"]
    p["keep"] = 1.0
    g = a["legs"] = _records(w.LEG, len(legs))
    g["tail"] = tails[rows]
    g["head"] = [at[h] for h in legs["head"]]
    p["first_leg"] = np.searchsorted(g["tail"], np.arange(len(p)))
    p["legs"] = np.bincount(g["tail"], minlength=len(p))
    g["mode"] = [MODES[m] for m in legs["mode"]]
    g["route"] = [routes.index(r) if r else -1 for r in legs["route"]]
    g["counted"] = legs["counted"]
    seasons = list(tables.seasons["season"])
    g["season"] = [seasons.index(s) if s else -1 for s in legs["season"]]
    g["dormant"] = legs["dormant"]
    g["open"] = ~legs["dormant"].to_numpy(bool)
    g["opening_cost"] = np.nan_to_num(legs["opening_cost"].to_numpy(float))
    for name in ("days", "fee", "death", "detection", "search_width", "turned_back", "returned"):
        g[name] = legs[name]
    g["prior"] = g["belief"] = g["detection"] * np.minimum(1.0, g["turned_back"] + g["returned"])
    g["tail_country"] = p["country"][g["tail"]]
    g["head_country"] = p["country"][g["head"]]
    c = a["countries"] = _records(w.COUNTRY, len(countries))
    c["key"] = [key("country", name) for name in countries]
    c["kept"] = c["lent"] = 1.0
    a["regions"] = _records(w.REGION, len(regions))
    a["routes"] = _records(w.ROUTE, len(routes))
    factors = tables.seasons[list(MONTHS)].to_numpy(float).reshape(-1, 12)
    log = exact.log(factors / factors.max(axis=1, keepdims=True))
    a["seasons"] = np.column_stack([log, log.mean(axis=1)]) if len(log) else np.zeros((1, 13))
    a["networks"] = np.array([key("network", n) for n in networks] or [0], np.int64)
    names = Names(
        place_names,
        list(legs["tail"] + " > " + legs["head"]),
        countries,
        regions,
        networks,
        list(tables.classes["class"]),
        routes,
        list(scenario.operations),
        [f"{n} @ {q}" for n, q in zip(tables.hubs["network"], tables.hubs["place"], strict=True)],
    )
    return names, rows


def _lay_out_people(a: dict[str, np.ndarray], scenario: Scenario, tables: WorldTables, names: Names) -> None:
    c = a["classes"] = _records(w.CLASS, len(names.classes))
    values = tables.classes
    c["time_value"] = values["time_value"].fillna(scenario.choice.time_value)
    c["aversion"] = values["aversion"].fillna(scenario.choice.aversion)
    at = {name: i for i, name in enumerate(names.places)}
    per_year = dict(zip(values["class"], values["people_per_year"], strict=True))
    g = a["groups"] = _records(w.GROUP, len(tables.origins))
    g["class_"] = [names.classes.index(k) for k in tables.origins["class"]]
    g["place"] = [at[p] for p in tables.origins["place"]]
    g["key"] = [key("group", k, p) for k, p in zip(tables.origins["class"], tables.origins["place"], strict=True)]
    yearly = np.array([per_year[k] for k in tables.origins["class"]], float)
    g["rate"] = scenario.flow * yearly * tables.origins["share"].to_numpy(float) / 365.25
    a["destination"] = np.zeros((len(names.places), len(c)))
    for k, p, weight in zip(*(tables.destinations[x] for x in ("class", "place", "weight")), strict=True):
        a["destination"][at[p], names.classes.index(k)] = weight
    a["constant"] = np.zeros((len(names.routes) + 1, len(c)))
    for k, r, usd in zip(*(tables.constants[x] for x in ("class", "route", "constant")), strict=True):
        a["constant"][names.routes.index(r) + 1, names.classes.index(k)] = usd
    births = np.bincount(g["place"], g["rate"], minlength=len(names.places))
    a["places"]["stock"] = births * scenario.recruiting.stock_days
    a["regions"]["stock"] = np.bincount(a["places"]["region"], a["places"]["stock"], minlength=len(names.regions))


def _lay_out_tables(a: dict[str, np.ndarray], scenario: Scenario, names: Names) -> None:
    """Arrays that a run fills."""
    n_class, n_leg, n_place = len(names.classes), len(names.legs), len(names.places)
    days, total = scenario.days, scenario.days + scenario.burn_in
    n_op = len(names.operations)
    first = scenario.start_date - timedelta(days=scenario.burn_in)
    a["calendar"] = np.array([(first + timedelta(days=d)).month - 1 for d in range(total + 1)], np.int64)
    a["state"] = _records(w.STATE, 1)
    a["value"] = np.zeros((n_place, n_class))
    a["alike"] = _alike(a["classes"], a["constant"])
    a["own_weight"] = np.zeros((n_leg, n_class))
    a["leg_weight"] = np.zeros((n_leg, n_class))
    a["fee_ahead"] = np.zeros((n_place, n_class))
    a["choosers"] = np.zeros((n_place, n_class))
    a["demand"] = np.zeros((len(names.routes), n_class))
    a["usual"] = np.zeros((len(names.routes), n_class))
    a["head"] = a["legs"]["head"].astype(np.int64)
    a |= plan_elimination(a["legs"]["tail"], a["legs"]["head"], a["destination"])
    a["linked"] = np.full((len(a["hubs"]), len(a["hubs"])), -100000, np.int32)
    a["leg_officers"] = np.zeros((n_op + 1, n_leg))
    a["place_officers"] = np.zeros((n_op + 1, n_place))
    a["online_officers"] = np.zeros((n_op + 1, len(names.countries)))
    a["trades"] = _records(w.TRADE, 2 * n_place)
    a["watch"] = np.zeros((n_op + 1, n_place, 2))
    a["searched"] = np.zeros((n_op + 1, w.RING, n_leg))
    a["counts_leg"] = np.zeros((days, n_leg, len(w.LEG_COUNTS)), np.int32)
    a["counts_total"] = np.zeros((days, len(w.TOTALS)), np.int64)
    a["counts_place"] = np.zeros((days, n_place, len(w.PLACE_COUNTS)), np.int32)
    a["counts_country"] = np.zeros((days, len(names.countries), len(w.COUNTRY_COUNTS)), np.int32)
    a["counts_network"] = np.zeros((days, len(a["networks"]), len(w.NETWORK_COUNTS)), np.int64)
    a["counts_channel"] = np.zeros((days, 2, len(w.CHANNEL_COUNTS)), np.int32)
    a["counts_operation"] = np.zeros((max(1, n_op), len(w.OPERATION_COUNTS)), np.int64)
    a["mean_fee"] = np.full(days, np.nan)
    a["mean_belief"] = np.full(days, np.nan)
    a["leg_fee"] = np.zeros((days, n_leg), np.float32)
    a["leg_belief"] = np.zeros((days, n_leg), np.float32)
    a["use"] = np.zeros(len(a["networks"]))
    a["contact"] = np.zeros(n_place)
    a["marks"] = np.zeros(w.BLOCK, np.uint8)
    a["race"] = np.zeros((int(a["places"]["legs"].max(initial=0)), 3))
    a["network_belief"] = np.zeros((days, len(a["networks"])), np.float32)


def _alike(classes: np.ndarray, constant: np.ndarray) -> np.ndarray:
    """For each route and class, the first class of the same tastes and constant there, shape (routes + 1, classes)."""
    firsts = np.zeros(constant.shape, np.int64)
    for route, usd in enumerate(constant):
        seen: dict[tuple[float, ...], int] = {}
        for c, (tastes, own) in enumerate(zip(classes.tolist(), usd.tolist(), strict=True)):
            firsts[route, c] = seen.setdefault((*tastes, own), c)
    return firsts


KINDS = {"transit": TRANSIT, "exploitation": EXPLOITATION}
