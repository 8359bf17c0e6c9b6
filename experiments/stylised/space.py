"""The share of parameter space in which a fact holds: points of a Latin hypercube over parameters of judgement."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from waterbed.scenario.scenario import Scenario
from waterbed.study.factors import Axis, resolve
from waterbed.study.file import load_file

from .catalogue import FACTS
from .fact import Fact
from .store import Store
from .verdict import rows

SCREENING = Path(__file__).parents[1] / "studies" / "screening.toml"
OPERATION = "operations.surge."
DESIGN_SEED = 5


def axes() -> list[Axis]:
    """The screening's factors, with the bounds that their parameters declare."""
    file, _ = load_file(SCREENING)
    return resolve(file.factors, Scenario.load("classroom"), SCREENING.name)


def points(count: int) -> list[str]:
    """Points as JSON of what a laboratory takes; parameters of the classroom's operation go to every operation."""
    from scipy.stats import qmc

    of = axes()
    unit = qmc.LatinHypercube(len(of), rng=np.random.default_rng(DESIGN_SEED)).random(count)
    out = []
    for row in unit:
        values = {axis.address: axis.value(float(u)) for axis, u in zip(of, row, strict=True)}
        mine = {a.removeprefix(OPERATION): v for a, v in values.items() if a.startswith(OPERATION)}
        rest = {a: v for a, v in values.items() if not a.startswith(OPERATION)}
        out.append(json.dumps({"changes": rest, "of_operations": mine}, sort_keys=True))
    return out


def tried() -> list[Fact]:
    """The facts that are cheap enough."""
    return [fact for fact in FACTS if fact.space]


def table(store: Store, facts: list[Fact], at: list[str], seeds: range) -> pd.DataFrame:
    """A row a fact, point and quantity that is demanded: the estimate, and whether it lies in its band."""
    out: list[dict[str, Any]] = []
    for fact in facts:
        for i, point in enumerate(at):
            found = store.terms(fact.number, point, seeds)
            for row in rows(fact, found, by="estimate") if found else ():
                if row["wanted"] != "reported":
                    out.append({"fact": fact.number, "point": i, "quantity": row["quantity"],
                                "estimate": row["estimate"], "holds": row["holds"], "pairs": len(found)})  # fmt: skip
    return pd.DataFrame(out, columns=["fact", "point", "quantity", "estimate", "holds", "pairs"])


def shares(space: pd.DataFrame) -> pd.DataFrame:
    """By fact, the points told, at how many all its quantities lie in their bands, the share and Wilson's 95 %."""
    from scipy.stats import binomtest

    out = []
    held = space.assign(yes=space["holds"] == "yes").groupby(["fact", "point"])["yes"].all()
    for fact, at in held.groupby("fact"):
        n, k = len(at), int(at.sum())
        low, high = binomtest(k, n).proportion_ci(0.95, method="wilson")
        out.append({"fact": fact, "points": n, "held": k, "share": k / n, "low": low, "high": high})
    return pd.DataFrame(out, columns=["fact", "points", "held", "share", "low", "high"])
