"""Settings of a page: a scenario and what is changed in it, and the controls that the declarations make of it.

Nothing here has a default of its own: values, bounds, units and words are those of the scenario's declarations.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from pydantic import BaseModel

from ..errors import InputError
from ..scenario import Scenario, addresses, bundled, load, parse
from ..scenario.checking import STRATEGIES, require
from ..scenario.expectation import expect
from .limits import AGENTS, PAIRS, SECONDS, UNITS

if TYPE_CHECKING:
    from ..network import WorldTables

_OPTIONS = 16
"""A list with no more names than this is ticked, a longer one is written."""


def build(name: str, toml: str, changes: Mapping[str, Any], started_with: str) -> tuple[Scenario, WorldTables]:
    """The scenario that a page asks for, checked like a file, and its world.

    ``toml`` is the text of a scenario file, or empty for the one called ``name``: a bundled one, or the one that the
    app was started with. Raises InputError.
    """
    from ..network import load_world

    if not toml and name not in (*bundled(), started_with):
        raise InputError(f"{name}: is not one of {', '.join(bundled())}; open your own with: waterbed app FILE")
    scenario = _from_text(toml, started_with) if toml else load(name)
    scenario = scenario.replace(_as_declared(scenario, changes)) if changes else scenario
    tables = load_world(scenario.network)
    require(scenario, tables)
    _require_modest(scenario, tables)
    return scenario, tables


def usual_pairs(scenario: Scenario, tables: WorldTables) -> int:
    """Pairs of runs that the answer of a task rests on, unless somebody chooses."""
    of_one = 2 * expect(scenario, tables)["seconds"]
    return next((pairs for pairs in PAIRS if pairs * of_one <= SECONDS), PAIRS[-1])


def _from_text(toml: str, started_with: str) -> Scenario:
    """A scenario from a page. What comes from a page opens no files: bundled bases and worlds, and no code."""
    try:
        tree = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"your file: not valid TOML: {error}; mend that line") from None
    except RecursionError:
        raise InputError("your file: is nested too deeply for any scenario; a table holds two more at most") from None
    faults = []
    if "base" in tree and tree["base"] not in bundled():
        faults.append(f"your file: base: is {tree['base']!r}; in the app it has to be one of {', '.join(bundled())}")
    if tree.get("plugins"):
        faults.append("your file: plugins: the app runs no code that comes with a page; run it with waterbed run")
    if not faults:
        from ..network import bundled_worlds

        scenario = parse(toml, "your file")
        known = {*bundled_worlds(), load(started_with).network}
        if scenario.network in known:
            return scenario
        faults.append(f"your file: network: is {scenario.network!r}; in the app it has to be one of "
                      f"{', '.join(sorted(known))}; open your own world with: waterbed app FILE")  # fmt: skip
    raise InputError(faults)


def _as_declared(scenario: Scenario, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Values from JSON, which knows lists and whole numbers only; paths and code are not to be changed here."""
    known = addresses(scenario)
    fixed = [a for a in ("network", "plugins", "format") if a in changes]
    if fixed:
        raise InputError(f"{a}: cannot be changed in the app; change it in the scenario file" for a in fixed)
    return {a: tuple(v) if isinstance(v, list) and a in known else v for a, v in changes.items()}


def _require_modest(scenario: Scenario, tables: WorldTables) -> None:
    expected = expect(scenario, tables)
    if expected["agents"] > AGENTS:
        raise InputError(
            f"this setting makes {expected['agents']:,.0f} simulated people, and a page may have {AGENTS:,}; "
            "lower flow or days, or raise persons_per_agent (one dot for many people). The command line has no such "
            "limit: waterbed compare"
        )
    units = {name: o.officers / o.officers_per_unit for name, o in scenario.operations.items()}
    if sum(units.values()) > UNITS:
        largest = max(units, key=lambda name: units[name])
        operation = scenario.operations[largest]
        raise InputError(
            f"operations.{largest}.officers: is {operation.officers:,}, which makes {units[largest]:,.0f} police "
            f"units, and a page may have {UNITS:,}; lower it, or raise officers_per_unit "
            f"(now {operation.officers_per_unit})"
        )
    if expected["seconds"] > SECONDS:
        raise InputError(
            f"days: is {scenario.days}; a run would take {expected['seconds']:,.0f} s, and a page may take "
            f"{SECONDS} s; lower days, or use the command line"
        )


def controls(scenario: Scenario, tables: WorldTables) -> list[dict[str, Any]]:
    """One control for each parameter that can be set by hand, as the page draws it.

    ``kind`` is number, flag, choice, names (ticked) or list (written); ``main`` marks those of the measures and the
    flow, which come first.
    """
    made = []
    for address, (value, declared) in addresses(scenario).items():
        if address in ("format", "name", "title", "network", "plugins", "start_date"):
            continue
        options = _options(scenario, tables, address)
        kind = _kind(value, options)
        made.append({
            "address": address, "kind": kind, "value": list(value) if isinstance(value, tuple) else value,
            "low": declared.low, "high": declared.high, "plausible": declared.plausible, "unit": declared.unit,
            "meaning": declared.meaning, "source": declared.source, "options": options,
            "whole": isinstance(value, int) and not isinstance(value, bool),
            "main": address.startswith(("operations.", "policies.")) or address == "flow",
        })  # fmt: skip
    return made


def _kind(value: Any, options: list[str]) -> str:
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, tuple):
        return "names" if options and len(options) <= _OPTIONS else "list"
    return "choice" if options else "text"


def _options(scenario: Scenario, tables: WorldTables, address: str) -> list[str]:
    """The names that a parameter takes, where they are known."""
    legs = tables.network.legs
    last = address.rsplit(".", 1)[-1]
    if last == "strategy":
        return list(STRATEGIES)
    if last == "routes":
        return sorted({str(route) for route in legs["route"].dropna()} - {""})
    if last == "countries":
        return sorted({str(country) for country in tables.network.places["country"]})
    if last in ("legs", "closes", "treated"):
        return list(tables.network.leg_names)
    if last == "hubs" and address.startswith("operations."):
        return [f"{n} @ {p}" for n, p in zip(tables.hubs["network"], tables.hubs["place"], strict=True)]
    return [str(word) for word in _literal(scenario, address.split("."))]


def _literal(section: Any, way: list[str]) -> tuple[Any, ...]:
    """The words that the parameter at an address may be, if it is one of a few."""
    for name in way[:-1]:
        section = section[name] if isinstance(section, Mapping) else getattr(section, name)
    assert isinstance(section, BaseModel)
    kind = type(section).model_fields[way[-1]].annotation
    return get_args(kind) if get_origin(kind) is Literal else ()
