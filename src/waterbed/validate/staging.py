"""INTERPOL's operations as they were published, staged on the world ``liberterra``: what is simulated of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from .participants import NOT_MEMBERS, at_random, border_flow, by_rule, regions

if TYPE_CHECKING:
    import pandas as pd

    from ..scenario.scenario import Scenario

EFFECTS = (0.5, 1.5, 5.0, 16.0)
SEARCHES = (0.005, 0.03, 0.2, 1.0)
"""The grid: effects on arrests and raids, and on search, over officers of standing units."""
COUNTS = ("arrests", "victims", "migrants", "investigations", "raids")
RESPONSE_COLUMNS = ("operation", "draw", "effect", "search", "runs", "persons_per_agent", *COUNTS)
RANDOM_LISTS = 8
PREDICTED = "Liberterra III"


@cache
def operations() -> pd.DataFrame:
    """What is published of each operation, by name; ``use`` is *earlier* or *predicted*. Outcomes not known are nan."""
    import pandas as pd

    with (files("waterbed.measures") / "operations.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file).set_index("operation")


def participants(name: str, draw: int = 0) -> list[str]:
    """Countries of an operation that the world has: those named, the rest by rule (draw 0) or at random.

    By rule: the largest border flows of the operation's regions, until as many are in as are published. At random:
    drawn from all of these regions' members of INTERPOL, a list for each number from 1 on.
    """
    row, where, flow = operations().loc[name], regions(), border_flow()
    wide = row["regions"] == "World"
    reach = {c: f for c, f in flow.items() if wide or where[c] in row["regions"].split("; ")}
    named = [c for c in row["named"].split() if c in flow]
    size = int(row["countries"]) - (len(row["named"].split()) - len(named))
    size = min(size, len(named) + len(set(reach) - set(named) - NOT_MEMBERS))
    return at_random(reach, named, size, draw) if draw else by_rule(reach, named, size)


def staged(name: str, draw: int = 0, persons_per_agent: int = 200) -> Scenario:
    """The world ``liberterra`` with one operation from day 0 on, as published; nothing after its last day.

    Officers are known of Liberterra III alone; the others have as many for each country as that one.
    """
    from ..scenario.scenario import Scenario

    table = operations()
    row, countries = table.loc[name], participants(name, draw)
    known = table[table["officers"].notna()]
    each = float(known["officers"].sum() / known["countries"].sum())
    base = Scenario.load("liberterra")
    kept = base.operations["liberterra"]
    operation = {"start": 0, "days": int(row["days"]), "officers": round(each * len(countries)),
                 "countries": countries, "allocation": kept.allocation, "announced": kept.announced}  # fmt: skip
    text = {"name": name, "start_date": row["start"], "days": int(row["days"]), "persons_per_agent": persons_per_agent}
    return Scenario.model_validate(
        base.untreated().model_dump(mode="json") | text | {"operations": {"operation": operation}}
    )


def respond(name: str, draw: int, seeds: Iterable[int], persons_per_agent: int = 200) -> list[tuple[Any, ...]]:
    """Mean outcome of an operation at each point of the grid, over runs that share their burn-in.

    Returns:
        Rows (operation, draw, arrests effect, search effect, runs, persons an agent, then :data:`COUNTS` in
        arrests, people, people, investigations, raids).
    """
    from ..engine.run import Simulation
    from ..engine.world import OPERATION_COUNTS

    scenario = staged(name, draw, persons_per_agent)
    column = [OPERATION_COUNTS.index(c) for c in ("arrests", "victims_protected", "irregular_migrants_detected",
                                                  "investigations_opened", "raids")]  # fmt: skip
    scale = np.array([1, persons_per_agent, persons_per_agent, 1, 1])
    sums = np.zeros((len(EFFECTS), len(SEARCHES), len(COUNTS)))
    runs = 0
    for seed in seeds:
        start = Simulation(scenario, seed)
        start.advance(scenario.burn_in)
        runs += 1
        for i, effect in enumerate(EFFECTS):
            for j, search in enumerate(SEARCHES):
                run = start.copy(scenario)
                of = run.world.operations
                of["arrests"], of["raids"], of["search"], of["investigations"] = effect, effect, search, 1.0
                run.advance(run.last)
                sums[i, j] += run.world.counts_operation[0, column] * scale
    return [(name, draw, effect, search, runs, persons_per_agent, *(sums[i, j] / runs))
            for i, effect in enumerate(EFFECTS) for j, search in enumerate(SEARCHES)]  # fmt: skip


@cache
def shipped() -> pd.DataFrame:
    """Responses of all operations as shipped: ``experiments/liberterra/prediction.py --ship`` made them.

    The column ``model_version`` says of which rules; see :func:`waterbed.engine.compiled.version`.
    """
    import pandas as pd

    with (files("waterbed.validate") / "responses.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file)


def tasks(replicates: int = 10, lists: int = RANDOM_LISTS, seed: int = 1) -> list[tuple[str, int, list[int]]]:
    """What has to be simulated: (operation, list of countries, seeds); at random lists of the predicted one alone."""
    seeds = [int(s) for s in np.random.SeedSequence(seed).generate_state(replicates)]
    few = seeds[: max(1, replicates // 4)]
    return [(name, 0, seeds) for name in operations().index] + [(PREDICTED, d, few) for d in range(1, lists + 1)]


def responses(
    replicates: int = 10, seed: int = 1, executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Simulate all operations: some minutes on two processors. See :func:`respond`."""
    import pandas as pd

    todo = tasks(replicates, seed=seed)
    calls = [executor.submit(respond, *t).result if executor else (lambda t=t: respond(*t)) for t in todo]
    rows: list[tuple[Any, ...]] = []
    for i, call in enumerate(calls):
        rows += call()
        if progress is not None:
            progress(i + 1, len(calls))
    return pd.DataFrame(rows, columns=list(RESPONSE_COLUMNS))
