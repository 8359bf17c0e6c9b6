"""From measured terms to estimates, intervals and verdicts."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
import pandas as pd
from eight_patterns import Quantity, Terms

from waterbed.measures.intervals import ratio, resamples

from .fact import Fact

BAND = (0.025, 0.975)


def rows(fact: Fact, found: list[Terms], by: Literal["", "estimate"] = "") -> list[dict[str, Any]]:
    """A row a quantity: estimate, 95 % interval over pairs, and whether it lies where it has to.

    Args:
        by: ``estimate`` to judge all quantities by it, without intervals.
    """
    out = []
    for q in fact.quantities:
        terms = np.array([t[q.name] for t in found], float)
        low = high = math.nan
        value = _estimate(terms.sum(axis=0), len(found))
        if not by:
            low, high = np.nanquantile(_estimate(resamples(len(found), fact.number) @ terms, len(found)), BAND)
        a, b = (value, value) if by or q.holds_by == "estimate" else (low, high)
        out.append({
            "fact": fact.number, "title": fact.title, "source": fact.source, "quantity": q.name, "unit": q.unit,
            "estimate": float(value), "low": float(low), "high": float(high), "wanted": q.wanted,
            "holds": verdict(q, float(a), float(b)), "pairs": len(found),
        })  # fmt: skip
    return out


def _estimate(sums: np.ndarray, pairs: int) -> Any:
    return sums[..., 0] / pairs if sums.shape[-1] == 1 else ratio(sums)


def verdict(q: Quantity, low: float, high: float) -> str:
    """Whether both ends lie in the band; nothing where nothing is demanded. What is not identified does not hold."""
    return "" if q.wanted == "reported" else "yes" if q.above < low and high < q.below else "no"


def summary(facts: tuple[Fact, ...], quantities: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """A row a fact: its deciding quantity (the one that fails, else the last demanded), verdict and share of space."""
    out = []
    at = shares.set_index("fact")
    for fact in facts:
        mine = quantities[quantities["fact"] == fact.number]
        if mine.empty:
            continue
        demanded = mine[mine["wanted"] != "reported"]
        failing = demanded[demanded["holds"] == "no"]
        told = (failing if len(failing) else demanded).iloc[0 if len(failing) else -1]
        share = at.loc[fact.number] if fact.number in at.index else None
        out.append({
            "fact": fact.number, "title": fact.title, "source": fact.source, "band": fact.band,
            "quantity": told["quantity"], "unit": told["unit"], "value": told["estimate"], "low": told["low"],
            "high": told["high"], "verdict": "fails" if len(failing) else "holds",
            "share_of_parameter_space": math.nan if share is None else share["share"],
            "share_low": math.nan if share is None else share["low"],
            "share_high": math.nan if share is None else share["high"],
            "points": 0 if share is None else int(share["points"]), "pairs": told["pairs"], "why": fact.why,
        })  # fmt: skip
    return pd.DataFrame(out)
