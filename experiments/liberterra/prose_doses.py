"""Fewer officers and more, in sentences; every number out of ``doses.csv`` of the comparison of 100 pairs."""

from __future__ import annotations

from typing import Any

import pandas as pd
from story_words import P, estimate_words, size

from waterbed.measures.doses import RESPONSE
from waterbed.report.style import listed, span, whole
from waterbed.report.words import first

_MANY = {0.25: "a quarter", 0.5: "half", 2.0: "twice", 4.0: "four times"}
COST = "officer_days_per_prevented_crossing"
AROUND = "during and after"


def doses(table: pd.DataFrame, pairs: int) -> str:
    """What each number of officers prevents, and what the last of them cost."""
    at = {float(dose): table[table["dose"] == dose] for dose in table["dose"].unique()}
    planned = first(at[1.0], "treated_crossings_lost", AROUND)
    assert planned is not None
    less = [_fewer(dose, at[dose]) for dose in sorted(at) if dose < 1]
    more = [_more(dose, at[dose]) for dose in sorted(at) if dose > 1]
    costs = [_cost(dose, part) for dose, part in sorted(at.items()) if dose in (min(at), 1.0, max(at))]
    return (
        f"In {pairs} pairs of runs, each with five numbers of officers against one world without them, the officers "
        f"who took part lower crossings of the treated borders by "
        f"{size(planned['mean'], planned['low'], planned['high'])} in those months. {listed(less)}. {listed(more)}. "
        f"{_verdict(at)} One crossing prevented takes {listed(costs)}."
    )


def _response(part: pd.DataFrame) -> dict[str, Any]:
    found = first(part, RESPONSE, "prevented_crossings")
    assert found is not None and found["status"] == "ok"
    return found


def _fewer(dose: float, part: pd.DataFrame) -> str:
    r = _response(part)
    held = size(r["mean"], r["low"], r["high"])
    start = f"{_MANY[dose].capitalize()} of the officers prevent" if dose == min(_MANY) else f"{_MANY[dose]} of them"
    return f"{start} {held}{' of the crossings that all prevent' if dose == min(_MANY) else ''}"


def _more(dose: float, part: pd.DataFrame) -> str:
    r = _response(part)
    held = size(r["mean"] - 1, r["low"] - 1, r["high"] - 1)
    return f"{_MANY[dose].capitalize()} as many prevent {held} more" if dose == 2 else f"{_MANY[dose]} as many {held}"


def _verdict(at: dict[float, pd.DataFrame]) -> str:
    """Whether returns fall at every dose, as far as the intervals tell."""
    falling = [(_response(p)["high"] < dose) if dose > 1 else (_response(p)["low"] > dose) for dose, p in at.items()
               if dose != 1]  # fmt: skip
    return "Each further officer prevents less." if all(falling) else "Not at each step can falling returns be told."


def _cost(dose: float, part: pd.DataFrame) -> str:
    r = first(part, COST, AROUND)
    assert r is not None
    officers = whole(float(part["officers"].iloc[0]))
    known = f"(90{P}: {span(r['low'], r['high'])})"
    return f"{estimate_words(r['mean'], r['low'], r['high'], False)} officer-days with {officers} officers {known}"
