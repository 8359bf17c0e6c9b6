"""Faults of a scenario that only show when it is held against its world."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ..errors import InputError
from .addresses import unknown
from .expectation import expect
from .measure import Operation
from .scenario import Scenario

if TYPE_CHECKING:
    from ..network import WorldTables

_MOST_AGENTS = 2**31 - 1
STRATEGIES = ("static", "random", "hotspot", "intelligence", "interdiction")
"""Those of waterbed.agents.police, named here too: a scenario is checked without importing the engine."""


def faults(scenario: Scenario, tables: WorldTables, origin: str = "") -> list[str]:
    """Every name in the scenario that its world does not know, and every measure that could never act.

    Args:
        scenario: what is to be run.
        tables: its world.
        origin: what the sentences begin with; by default the scenario's name.

    Returns:
        One sentence each, ``file: dotted.address: what, and what to do``; empty when there is none.
    """
    said = origin or scenario.name
    return [f"{said}: {address}: {fault}" for address, fault in _faults(scenario, tables)]


def require(scenario: Scenario, tables: WorldTables, origin: str = "") -> None:
    """Raise :class:`~waterbed.errors.InputError` with all faults, if there are any."""
    found = faults(scenario, tables, origin)
    if found:
        raise InputError(found)


def unknown_names(scenario: Scenario, tables: WorldTables) -> Iterator[tuple[str, str]]:
    """Address and sentence for every name in the scenario that its world does not know."""
    leg_names = list(tables.network.leg_names)
    routes = sorted({str(r) for r in tables.network.legs["route"].dropna()} - {""})
    countries = sorted({str(c) for c in tables.network.places["country"]})
    hubs = [f"{n} @ {p}" for n, p in zip(tables.hubs["network"], tables.hubs["place"], strict=True)]
    hubs += sorted({str(p) for p in tables.hubs["place"]})
    try:
        strategies = [*STRATEGIES, *_own_strategies(scenario)]
    except InputError as error:
        yield from (("plugins", fault.removeprefix("plugins: ")) for fault in error.faults)
        strategies = [scenario.police.strategy, *(o.strategy for o in scenario.operations.values())]  # may be theirs

    yield from _names("compare.treated", scenario.compare.treated, leg_names)
    yield from _names("police.strategy", [scenario.police.strategy], strategies)
    for name, operation in scenario.operations.items():
        at = f"operations.{name}"
        yield from _known_countries(f"{at}.countries", operation.countries, countries)
        yield from _names(f"{at}.target.legs", operation.target.legs, leg_names)
        yield from _names(f"{at}.target.routes", operation.target.routes, routes)
        yield from _names(f"{at}.target.hubs", operation.target.hubs, hubs)
        yield from _names(f"{at}.strategy", [operation.strategy], strategies)
    for name, policy in scenario.policies.items():
        at = f"policies.{name}"
        yield from _known_countries(f"{at}.countries", policy.countries, countries)
        yield from _names(f"{at}.closes", policy.closes, leg_names)


def _faults(scenario: Scenario, tables: WorldTables) -> Iterator[tuple[str, str]]:
    yield from _beyond_the_calendar(scenario)
    yield from _too_many(scenario, tables)
    yield from unknown_names(scenario, tables)
    yield from _at_odds(scenario, tables, ())


def beside(scenario: Scenario, tables: WorldTables, gone: Collection[str]) -> Iterator[tuple[str, str]]:
    """What more may be said of a scenario without the addresses that are at fault by themselves, ``gone`` from it.

    Addresses that are at odds with one of those are not told: with its right value they may not be.
    """
    yield from unknown_names(scenario, tables)
    yield from _at_odds(scenario, tables, gone)


def _at_odds(scenario: Scenario, tables: WorldTables, gone: Collection[str]) -> Iterator[tuple[str, str]]:
    """Values of a measure that do not go together, where none of them is ``gone``."""
    def whole(*addresses: str) -> bool:
        return not any(f"{one}.".startswith(f"{address}.") for address in addresses for one in gone)

    for name, operation in scenario.operations.items():
        at = f"operations.{name}"
        if whole("days", f"{at}.start"):
            yield from _late(f"{at}.start", operation.start, scenario.days)
        if operation.delayed_strike >= operation.days and whole(f"{at}.delayed_strike", f"{at}.days"):
            yield (f"{at}.delayed_strike", f"is {operation.delayed_strike}, but the operation lasts {operation.days} "
                   "days, counted from 0; strike before it ends")
        if whole(f"{at}.countries", f"{at}.target"):
            yield from _out_of_reach(f"{at}.countries", operation, tables)
    for name, policy in scenario.policies.items():
        if whole("days", f"policies.{name}.start"):
            yield from _late(f"policies.{name}.start", policy.start, scenario.days)


def _beyond_the_calendar(scenario: Scenario) -> Iterator[tuple[str, str]]:
    first, last = date.min + timedelta(scenario.burn_in), date.max - timedelta(scenario.days + 1)
    if not first <= scenario.start_date <= last:
        yield ("start_date", f"is {scenario.start_date}; with {scenario.burn_in} days of burn-in and {scenario.days} "
               f"days it has to lie between {first} and {last}")


def _too_many(scenario: Scenario, tables: WorldTables) -> Iterator[tuple[str, str]]:
    agents = expect(scenario, tables)["agents"]
    if agents > _MOST_AGENTS:
        least = math.ceil(scenario.persons_per_agent * agents / _MOST_AGENTS)
        yield ("persons_per_agent", f"is {scenario.persons_per_agent}, which makes about {agents:,.0f} agents, more "
               f"than can be numbered ({_MOST_AGENTS:,}); raise it to at least {least}, or lower flow or days")


def _out_of_reach(address: str, operation: Operation, tables: WorldTables) -> Iterator[tuple[str, str]]:
    """An operation whose named targets lie in none of its countries would stand nowhere, and do nothing."""
    target, legs = operation.target, tables.network.legs
    if not operation.countries or target.online or target.hub_rank:
        return
    chosen = [name in target.legs for name in tables.network.leg_names]
    named = legs["route"].isin(target.routes).to_numpy(bool) | chosen
    places = {*legs["tail"][named], *legs["head"][named], *(hub.split(" @ ")[-1] for hub in target.hubs)}
    if target.recruiters:
        places |= set(tables.origins["place"])
    country = dict(zip(tables.network.places["name"], tables.network.places["country"], strict=True))
    there = sorted({country[place] for place in places if place in country})
    known = set(operation.countries) <= set(country.values())
    if there and known and not set(there) & set(operation.countries):
        listed = ", ".join(there[:12]) + (", …" if len(there) > 12 else "")
        yield address, f"none of them has a target of the operation; its targets lie in {listed}"


def _own_strategies(scenario: Scenario) -> Iterable[str]:
    if not scenario.plugins:
        return ()
    from ..engine.plugins import load

    return load(scenario.plugins).strategies


def _late(address: str, start: int, days: int) -> Iterator[tuple[str, str]]:
    if start >= days:
        yield address, f"is {start}, but only days 0 to {days - 1} are simulated; start earlier or raise days"


def _names(address: str, given: Iterable[str], known: list[str]) -> Iterator[tuple[str, str]]:
    for name in given:
        if name not in known:
            yield address, f"{name!r}: {unknown(name, known)}"


def _known_countries(address: str, given: Iterable[str], countries: list[str]) -> Iterator[tuple[str, str]]:
    for code in given:
        if not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()):
            yield address, f"{code!r}: is no ISO 3166-1 alpha-3 code; write three capital letters, as 'ITA'"
        elif code not in countries:
            # It could never act, and is more often a slip than a wish.
            near = get_close_matches(code, countries, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "leave it out"
            yield address, f"{code!r}: has no place in this world; {hint}"
