"""Fewer officers and more, in sentences; every number out of ``doses.csv`` of the comparison of 100 pairs."""

from __future__ import annotations

from typing import Any

import pandas as pd
from story_words import P, estimate_words, size

from waterbed.errors import InputError
from waterbed.measures.doses import RESPONSE, RETURN, RETURN_CHANGE
from waterbed.report.style import span, whole
from waterbed.report.words import first

DOSES = (0.25, 0.5, 1.0, 2.0, 4.0)
AROUND = "during and after"


def doses(table: pd.DataFrame, pairs: int) -> str:
    """What each number of officers prevents, and what a crossing costs the first of them and the last.

    Raises InputError for other doses than :data:`DOSES`.
    """
    at = {float(dose): table[table["dose"] == dose] for dose in table["dose"].unique()}
    if tuple(sorted(at)) != DOSES:
        raise InputError(f"doses.csv: has doses {sorted(at)}; make it with --doses 0.25,0.5,2,4")
    planned = _row(at[1.0], "treated_crossings_lost", AROUND)
    quarter, half, twice, four = (_row(at[d], RESPONSE, "prevented_crossings") for d in (0.25, 0.5, 2.0, 4.0))
    return (
        f"In {pairs} pairs of runs, each with five numbers of officers against one world without them, the officers "
        f"who took part lower crossings of the borders of the countries that took part, nearly all there are, by "
        f"{_size(planned)} in the {_days(table)}. A quarter of the officers prevent {_size(quarter)} of the crossings "
        f"that all prevent, half of them {_size(half)}; twice as many prevent {_size(twice, 1)} more, four times as "
        f"many {_size(four, 1)}. {_verdict(table)} For each crossing that they prevent the first "
        f"{_officers(at[0.25])} take {_cost(at[0.25])} officer-days, the last {_officers(at[4.0], at[2.0])} take "
        f"{_cost(at[4.0])}. These are the "
        "first months alone, and other pairs of runs than above: over three years one and the same operation prevents "
        "more for its officer-days, and what is rare, as deaths and days of exploitation are, comes out otherwise from "
        "one set of pairs to the next."
    )


def _row(part: pd.DataFrame, effect: str, key: str) -> dict[str, Any]:
    found = first(part, effect, key)
    assert found is not None and found["status"] == "ok"
    return found


def _size(row: dict[str, Any], less: float = 0.0) -> str:
    return size(*(float(row[name]) - less for name in ("mean", "low", "high")))


def _days(table: pd.DataFrame) -> str:
    days = _row(table[table["dose"] == 1.0], "officer_days", "difference")["mean"]
    officers = float(table[table["dose"] == 1.0]["officers"].iloc[0])
    return f"{whole(days / officers)} days of the operation and the 90 after it"


def _officers(part: pd.DataFrame, below: pd.DataFrame | None = None) -> str:
    return whole(float(part["officers"].iloc[0]) - (0.0 if below is None else float(below["officers"].iloc[0])))


def _verdict(table: pd.DataFrame) -> str:
    """Whether each step up brings less than the one below, as far as the intervals tell."""
    steps = table[table["effect"] == RETURN_CHANGE]
    falling = (steps["high"] < 0).all()
    return "Each further officer prevents less." if falling else "Not at each step can falling returns be told."


def _cost(part: pd.DataFrame) -> str:
    """Officer-days for a crossing that is prevented by the officers beyond the dose below."""
    officers = float(part["officers"].iloc[0])
    days = _row(part, "officer_days", "difference")["mean"] / officers
    r = _row(part, RETURN, "prevented_crossings")
    value, low, high = (days / float(r[name]) for name in ("mean", "high", "low"))
    return f"{estimate_words(value, low, high, False)} (90{P}: {span(low, high)})"
