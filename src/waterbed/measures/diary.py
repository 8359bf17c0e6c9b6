"""Diaries: what happened to a few simulated people, day by day, in both worlds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..agents.states import MIGRANT_STATES, PROSPECT, STAGED, TRAVELLING, UNBORN, WAITING
from ..engine.run import Simulation

if TYPE_CHECKING:
    import pandas as pd

    from ..scenario.scenario import Scenario

_NOTICED = ("status", "place", "leg", "attempts")
"""A change in one of these is worth a line."""


def diaries(scenario: Scenario, against: Scenario | None, seed: int, n: int) -> pd.DataFrame:
    """Lives of ``n`` people with the measure and without, under the same chance.

    Those whose fates differ between the worlds come first, evenly over the days of their births; then others.
    A line is a day on which what a person does, or where, has changed; several acts of one day make one line.

    Returns:
        Columns ``person`` (class, origin and number), ``world`` (with | without), ``day`` (negative: burn-in),
        ``state``, ``place``, ``leg``, ``paid`` (USD so far) and ``what`` (the line in words).
    """
    import pandas as pd

    worlds = {"with": scenario, "without": scenario.untreated() if against is None else against}
    ends = {}
    for name, chosen in worlds.items():
        simulation = Simulation(chosen, seed)
        simulation.advance(simulation.last)
        ends[name] = _identified(simulation)
    people = _choose(ends["with"], ends["without"], n)
    lines: list[dict[str, Any]] = []
    for name, chosen in worlds.items():
        lines += _follow(Simulation(chosen, seed), people, name)
    order = {person: i for i, person in enumerate(people)}
    lines.sort(key=lambda line: order[line["key"]])
    table = pd.DataFrame(lines).drop(columns="key")
    table.attrs["units"] = {"day": "day", "paid": "USD"}
    return table


def _identified(simulation: Simulation) -> dict[tuple[int, int], tuple[int, int]]:
    """Fate and birth of everybody who has paid a fee, by group and ordinal."""
    m, past = simulation.world.migrants, simulation.world.biographies
    seen = np.flatnonzero((past["fate"] >= 0) & (m["paid"] > 0))
    rows = zip(m["group"][seen], m["ordinal"][seen], past["fate"][seen], past["birth"][seen], strict=True)
    return {(int(g), int(o)): (int(f), int(b)) for g, o, f, b in rows}


def _choose(x: dict[Any, tuple[int, int]], y: dict[Any, tuple[int, int]], n: int) -> list[tuple[int, int]]:
    both = sorted(set(x) & set(y), key=lambda person: (x[person][1], person))
    changed = [person for person in both if x[person][0] != y[person][0]]
    same = [person for person in both if x[person][0] == y[person][0]]
    chosen = _spread(changed, n)
    return chosen + _spread(same, n - len(chosen))


def _spread(people: list[tuple[int, int]], n: int) -> list[tuple[int, int]]:
    """At most ``n`` of a list, evenly over it."""
    n = min(n, len(people))
    return [people[i * len(people) // n] for i in range(n)]


def _follow(simulation: Simulation, people: list[tuple[int, int]], world: str) -> list[dict[str, Any]]:
    """Advance day by day, and note what changes for these people."""
    m = simulation.world.migrants
    row = {(int(g), int(o)): i for i, (g, o) in enumerate(zip(m["group"], m["ordinal"], strict=True))}
    known: dict[tuple[int, int], tuple[int, ...]] = {}
    lines = []
    for day in range(simulation.last):
        simulation.advance(day + 1)
        for person in people:
            now = simulation.world.migrants[row[person]]
            state = tuple(int(now[name]) for name in _NOTICED)
            if now["status"] == UNBORN or known.get(person) == state:
                continue
            known[person] = state
            lines.append(_line(simulation, person, now, world, day))
    return lines


def _line(simulation: Simulation, person: tuple[int, int], now: Any, world: str, day: int) -> dict[str, Any]:
    names = simulation.plan.names
    group = simulation.world.groups[person[0]]
    status, leg, place = int(now["status"]), int(now["leg"]), names.places[int(now["place"])]
    state = MIGRANT_STATES[status]
    way = names.legs[leg] if leg >= 0 else ""
    paid = int(now["paid"]) / 100.0
    what = f"{state}: {way}" if status == TRAVELLING else f"{state}, {place}"
    if way and status in (WAITING, STAGED):
        what += f", for {way}"
    if status != PROSPECT and paid > 0.0:
        what += f"; {paid:,.0f} USD in fees so far"
    name = f"{names.classes[int(group['class_'])]}, {names.places[int(group['place'])]}, no. {person[1]}"
    return {
        "person": name, "world": world, "day": day - simulation.scenario.burn_in, "state": state, "place": place,
        "leg": way, "paid": paid, "what": what, "key": person,
    }  # fmt: skip
