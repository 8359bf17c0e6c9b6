"""Dose and response: the same pairs of worlds again, with fewer officers and with more.

A dose is a factor on the officers of every operation that makes the two worlds differ. All doses meet the same
people under the same chance, and are held against one twin, so that differences between doses are paired too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from ..engine.run import simulate, simulate_pair
from ..errors import InputError
from .effects import effects_table
from .forking import Twin, first_day
from .intervals import COLUMNS, Name, resamples, row
from .reading import Reading
from .reduce import Reduced, reduce, reduce_against
from .window import Window, differing, find_window

if TYPE_CHECKING:
    import pandas as pd

    from ..network import RouteNetwork
    from ..scenario.scenario import Scenario

RESPONSE = "dose_response"
"""Rows of this name hold what a dose does over what the planned one does; their key is the effect."""
RETURN = "dose_return"
"""Crossings prevented by each further officer, from the dose below (first, from none) to this one."""
RETURN_CHANGE = "dose_return_change"
"""The same, less what it was one dose below."""
PREVENTED: Name = ("prevented_crossings", "during and after", "person")
OF: tuple[Name, ...] = (
    PREVENTED,
    ("treated_crossings_lost", "during and after", "share"),
    ("arrivals_lost", "during and after", "share"),
)
"""Effects whose sum over replicates (the first term) is held against that of the planned dose."""
MOST = 8
"""Doses beside the planned one, at most: each costs a world a pair."""
LARGEST = 1e6


def factors(doses: Iterable[float]) -> tuple[float, ...]:
    """Doses other than the planned one, each once, in order.

    Raises:
        InputError: for what is no positive number, for too many, and for the planned one alone.
    """
    try:
        wanted = None if isinstance(doses, str) else [float(dose) for dose in doses]
    except (TypeError, ValueError):
        wanted = None
    if wanted is None:
        raise InputError(f"doses: {doses!r}: is no list of numbers; give factors, as (0.5, 2)")
    found = sorted({*wanted} - {1.0})
    wrong = [f"doses: {dose:g}: is no factor; give positive numbers up to {LARGEST:g}, 0.5 for half of the officers"
             for dose in found if not 0 < dose <= LARGEST]  # fmt: skip
    if len(found) > MOST:
        wrong.append(f"doses: {len(found)} beside the planned one; give at most {MOST}, or run a study over officers")
    if wanted and not found:
        wrong.append("doses: 1: is the planned one, which is run anyway; give others")
    if wrong:
        raise InputError(wrong)
    return tuple(found)


def at_doses(scenario: Scenario, against: Scenario, doses: tuple[float, ...]) -> list[Scenario]:
    """The scenario with the officers of its operations at each dose, in whole officers.

    Raises:
        InputError: where the other world has one of these operations too, none of them has officers, or a dose is
            beyond their bounds, leaves one without officers, or gives the same officers as another.
    """
    if not doses:
        return []
    planned = dosed(scenario, against)
    both = sorted(planned.keys() & against.operations.keys())
    if both:
        raise InputError(f"doses: operation '{both[0]}' is in {against.name} too, in another size or shape, so that a "
                         "dose of it is none of what is compared; hold it against a world without it")  # fmt: skip
    if not any(planned.values()):
        raise InputError(f"doses: {scenario.name} has no operation with officers that the other world lacks, so "
                         "there is nothing to give more or less of; leave the doses out")  # fmt: skip
    found, faults, seen = [], [], {tuple(planned.values()): 1.0}
    for dose in doses:
        officers = {name: round(dose * n) for name, n in planned.items()}
        empty = [name for name, n in officers.items() if planned[name] and not n]
        twin = seen.setdefault(tuple(officers.values()), dose)
        if empty:
            faults.append(f"doses: {dose:g}: leaves operation '{empty[0]}' without officers; give a larger one")
        elif twin != dose:
            faults.append(f"doses: {dose:g}: gives as many whole officers as {twin:g}; leave one of them out")
        else:
            try:
                found.append(scenario.replace({f"operations.{name}.officers": n for name, n in officers.items()}))
            except InputError as error:
                faults += [f"doses: {dose:g}: {fault}" for fault in error.faults]
    if faults:
        raise InputError(faults)
    return found


def dosed(scenario: Scenario, against: Scenario) -> dict[str, int]:
    """Officers by operation, of those that make the two worlds differ."""
    theirs = differing(scenario.operations, against.operations)
    return {name: o.officers for name, o in scenario.operations.items() if name in theirs}


def officers_alone(scenario: Scenario, against: Scenario) -> bool:
    """Whether the worlds differ in nothing but operations, so that without officers they are one and the same."""
    return not scenario.policies and against == scenario.untreated()


def run_worlds(worlds: list[Scenario], against: Scenario, seed: int) -> list[Reduced]:
    """One replicate of each world against the same other one, reduced as far as the treated legs are known."""
    if len(worlds) == 1:
        return [reduce(*simulate_pair(worlds[0], against, seed))]
    if all(world.untreated() == against for world in worlds):
        twin = Twin(against, seed, [first_day(world) for world in worlds])
        return [reduce_against(twin.with_measures(world), twin.reading(world)) for world in worlds]
    other = Reading(simulate(against, seed), find_window(worlds[0], against))
    return [reduce_against(simulate(world, seed), other) for world in worlds]


def doses_table(
    by_dose: dict[float, list[Reduced]], officers: dict[float, int], from_none: bool, network: RouteNetwork,
    window: Window, seed: int,
) -> pd.DataFrame:  # fmt: skip
    """All effects at every dose, the planned one (1.0) among them.

    Columns dose (factor), officers (of all operations that differ), and those of ``effects.csv``. Rows
    ``dose_response`` hold what a dose does over what the planned one does, as a ratio of sums over the same pairs;
    rows ``dose_return`` what each further officer prevents, from the dose below on, and ``dose_return_change`` how
    that changes; ``from_none``: without officers there would be no difference at all.
    """
    import pandas as pd

    planned, parts = by_dose[1.0], []
    weights = resamples(len(planned), seed)
    returns = _returns(by_dose, officers, from_none, weights)
    for dose, reduced in sorted(by_dose.items()):
        rows = [_response(name, reduced, planned, weights) for name in OF if all(name in r.terms for r in planned)]
        rows += returns.get(dose, [])
        table = pd.concat([pd.DataFrame(rows, columns=list(COLUMNS)), effects_table(reduced, network, window, seed)])
        table.insert(0, "dose", dose)
        table.insert(1, "officers", officers[dose])
        parts.append(table)
    return pd.concat(parts, ignore_index=True)


def _response(name: Name, reduced: list[Reduced], planned: list[Reduced], weights: np.ndarray) -> dict[str, Any]:
    pairs = np.array([(r.terms[name][0], p.terms[name][0]) for r, p in zip(reduced, planned, strict=True)])
    return row((RESPONSE, name[0], "times the planned"), pairs, weights)


def _returns(
    by_dose: dict[float, list[Reduced]], officers: dict[float, int], from_none: bool, weights: np.ndarray
) -> dict[float, list[dict[str, Any]]]:
    """What the officers between two doses prevent each, and how that changes from step to step; by the upper dose."""
    found: dict[float, list[dict[str, Any]]] = {}
    below: tuple[int, np.ndarray] | None = (0, np.zeros(len(weights.T))) if from_none else None
    before: np.ndarray | None = None
    for dose, reduced in sorted(by_dose.items()):
        here = np.array([r.terms[PREVENTED][0] for r in reduced])
        if below is not None:
            step = (here - below[1]) / (officers[dose] - below[0])
            found[dose] = [row((RETURN, PREVENTED[0], "person/officer"), step[:, None], weights)]
            if before is not None:
                name = (RETURN_CHANGE, PREVENTED[0], "person/officer")
                found[dose].append(row(name, (step - before)[:, None], weights))
            before = step
        below = officers[dose], here
    return found
