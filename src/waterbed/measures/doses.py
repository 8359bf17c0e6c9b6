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
OF: tuple[Name, ...] = (
    ("prevented_crossings", "during and after", "person"),
    ("treated_crossings_lost", "during and after", "share"),
    ("arrivals_lost", "during and after", "share"),
)
"""Effects whose sum over replicates (the first term) is held against that of the planned dose."""
MOST = 8
"""Doses beside the planned one, at most: each costs a world a pair."""


def factors(doses: Iterable[float]) -> tuple[float, ...]:
    """Doses other than the planned one, each once, in order.

    Raises:
        InputError: for one that is no positive number, and for too many.
    """
    found = sorted({float(dose) for dose in doses} - {1.0})
    wrong = [f"doses: {dose:g}: is no factor; give positive numbers, 0.5 for half of the officers"
             for dose in found if not 0 < dose < float("inf")]  # fmt: skip
    if len(found) > MOST:
        wrong.append(f"doses: {len(found)} beside the planned one; give at most {MOST}, or run a study over officers")
    if wrong:
        raise InputError(wrong)
    return tuple(found)


def at_doses(scenario: Scenario, against: Scenario, doses: tuple[float, ...]) -> list[Scenario]:
    """The scenario with the officers of its operations at each dose, in whole officers.

    Raises:
        InputError: where no operation that the other world lacks has officers, or a dose is beyond their bounds.
    """
    planned = _officers(scenario, against)
    if doses and not any(planned.values()):
        raise InputError(f"doses: {scenario.name} has no operation with officers that the other world lacks, so "
                         "there is nothing to give more or less of; leave the doses out")  # fmt: skip
    found, faults = [], []
    for dose in doses:
        try:
            found.append(scenario.replace({address: round(dose * n) for address, n in planned.items()}))
        except InputError as error:
            faults += [f"doses: {dose:g}: {fault}" for fault in error.faults]
    if faults:
        raise InputError(faults)
    return found


def officers(scenario: Scenario, against: Scenario) -> int:
    """Officers of all operations that make the two worlds differ."""
    return sum(_officers(scenario, against).values())


def _officers(scenario: Scenario, against: Scenario) -> dict[str, int]:
    theirs = differing(scenario.operations, against.operations)
    return {f"operations.{n}.officers": o.officers for n, o in scenario.operations.items() if n in theirs}


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
    by_dose: dict[float, list[Reduced]], officers: dict[float, int], network: RouteNetwork, window: Window, seed: int
) -> pd.DataFrame:
    """All effects at every dose, the planned one (1.0) among them.

    Columns dose (factor), officers (of all operations that differ), and those of ``effects.csv``. Rows
    ``dose_response`` hold what a dose does over what the planned one does, as a ratio of sums over the same pairs.
    """
    import pandas as pd

    planned, parts = by_dose[1.0], []
    weights = resamples(len(planned), seed)
    for dose, reduced in sorted(by_dose.items()):
        rows = [_response(name, reduced, planned, weights) for name in OF if all(name in r.terms for r in planned)]
        table = pd.concat([pd.DataFrame(rows, columns=list(COLUMNS)), effects_table(reduced, network, window, seed)])
        table.insert(0, "dose", dose)
        table.insert(1, "officers", officers[dose])
        parts.append(table)
    return pd.concat(parts, ignore_index=True)


def _response(name: Name, reduced: list[Reduced], planned: list[Reduced], weights: np.ndarray) -> dict[str, Any]:
    pairs = np.array([(r.terms[name][0], p.terms[name][0]) for r, p in zip(reduced, planned, strict=True)])
    return row((RESPONSE, name[0], "times the planned"), pairs, weights)
