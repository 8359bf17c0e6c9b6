"""The worlds of the Liberterra story, as changes of the bundled scenario; equal cost by ``costs.csv`` beside this file.

The budget is the operation's own officer-days, again each year. Every lever is given that much, a pair of them half
each, from the day after the operation on until the end of the run.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from story_runs import OPERATION, ROOT, YEAR, again, base_scenario

from waterbed.scenario.scenario import Scenario

COSTS = Path(__file__).with_name("costs.csv")
YEARS = 3
LEVERS = {
    "investigate": "Follow up the investigations",
    "collaborate": "Collaborate more closely",
    "monitor": "Monitor platforms",
    "identify": "Identify victims early",
    "root_causes": "Address root causes",
}
"""Levers by name, and what they are called."""
REPEAT, PLACEBO, NOTHING, WITHOUT = "repeat", "placebo", "nothing more", "no operation"
JOINT = 0.9
"""Probability that a joint team shares a lead with each other country that takes part."""
CHEAP = 2.0
"""Central over lowest cost from which on a lever is run at both; in a narrower range effects are taken as linear."""
SMALL = 47
"""Countries of Liberterra I."""


@dataclass(frozen=True)
class Cost:
    """What a unit of a lever costs: a central value, and the range of what it may be."""

    low: float
    central: float
    high: float


def costs() -> dict[str, Cost]:
    """The cost model, by item of ``costs.csv``."""
    with COSTS.open(encoding="utf-8", newline="") as file:
        return {r["item"]: Cost(*(float(r[k]) for k in ("low", "central", "high"))) for r in csv.DictReader(file)}


def budget(scenario: Scenario) -> float:
    """Officer-days a year: what the operation itself took."""
    operation = scenario.operations[OPERATION]
    return float(operation.officers * operation.days)


def dose(lever: str, officer_days: float, unit: float, scenario: Scenario, known: dict[str, Cost]) -> float:
    """What so many officer-days a year buy of a lever at a cost of ``unit``.

    Officers for investigations and collaboration, officers a country for monitoring, probability of being recognised
    for identification, fall of push for root causes.
    """
    if lever in ("investigate", "collaborate"):
        return officer_days / YEAR / unit
    if lever == "monitor":
        return officer_days / YEAR / unit / len(scenario.operations[OPERATION].countries)
    if lever == "identify":
        return min(1.0, officer_days / (unit * known["people_detected"].central))
    return 0.01 * officer_days * known["officer_day"].central / unit


def measure_of(lever: str, amount: float, scenario: Scenario) -> dict[str, Any]:
    """A lever at a dose, as operations and policies from the day after the operation on."""
    operation = scenario.operations[OPERATION]
    start = operation.start + operation.days
    common: dict[str, Any] = {"start": start, "countries": list(operation.countries)}
    if lever in ("investigate", "collaborate"):
        team: dict[str, Any] = common | {
            "days": scenario.days - start, "officers": round(amount), "allocation": operation.allocation,
            "announced": False, "strategy": "intelligence", "target": {"recruiters": True, "online": True},
            "cooperation": JOINT if lever == "collaborate" else scenario.police.cooperation,
        }  # fmt: skip
        return {"operations": {lever: team}}
    if lever == "root_causes":
        return {"policies": {lever: {"start": start, "push": -amount}}}  # where people live, whoever takes part
    what = {"monitor": "online_monitoring", "identify": "identification"}[lever]
    return {"policies": {lever: common | {what: amount}}}


def _with(scenario: Scenario, *measures: dict[str, Any]) -> Scenario:
    merged: dict[str, dict[str, Any]] = {"operations": {}, "policies": {}}
    for measure in measures:
        for kind, table in measure.items():
            merged[kind] |= table
    return scenario.replace({kind: table for kind, table in merged.items() if table})


def next_worlds(settings: Sequence[str] = ()) -> dict[str, Scenario]:
    """After the operation: nothing more, each lever, pairs of them, the operation again, and two checks.

    ``<lever> cheap`` is a lever at the lowest cost of a wide range: how its effect grows with what it is given.
    """
    scenario, known = base_scenario(YEARS * YEAR, settings), costs()
    spent = budget(scenario)

    def at(lever: str, share: float, unit: float) -> dict[str, Any]:
        return measure_of(lever, dose(lever, share * spent, unit, scenario, known), scenario)

    placebo = measure_of("investigate", 1.0, scenario)["operations"]["investigate"]
    worlds = {
        NOTHING: scenario, WITHOUT: scenario.untreated(),
        PLACEBO: scenario.replace({"operations": {"placebo": placebo}}),
        REPEAT: scenario.replace({"operations": again(scenario, YEARS)}),
    }  # fmt: skip
    for lever in LEVERS:
        worlds[lever] = _with(scenario, at(lever, 1.0, known[lever].central))
        if known[lever].central > CHEAP * known[lever].low:
            worlds[f"{lever} cheap"] = _with(scenario, at(lever, 1.0, known[lever].low))
    for a, b in combinations(LEVERS, 2):
        worlds[f"{a} + {b}"] = _with(scenario, *(at(lever, 0.5, known[lever].central) for lever in (a, b)))
    return worlds


def did_worlds(settings: Sequence[str] = ()) -> dict[str, Scenario]:
    """The operation once, three times a year apart, with 47 countries, and not at all."""
    sys.path.insert(0, str(ROOT))
    from tools.participants import border_flow, by_rule

    scenario = base_scenario(YEARS * YEAR, settings)
    operation = scenario.operations[OPERATION]
    few = by_rule(border_flow(), SMALL)
    fewer = round(operation.officers * SMALL / len(operation.countries))
    address = f"operations.{OPERATION}"
    return {
        WITHOUT: scenario.untreated(),
        "once": scenario,
        "each November": scenario.replace({"operations": again(scenario, YEARS - 1)}),
        "47 countries": scenario.replace({f"{address}.countries": few, f"{address}.officers": fewer}),
        "47 countries, all officers": scenario.replace({f"{address}.countries": few}),
    }
