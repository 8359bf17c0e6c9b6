"""Words of the Liberterra story: estimates with their intervals, and what levers are called.

A change whose interval holds zero is never told as one: the words are chosen by the interval, not by hope.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from story_worlds import LEVERS, PLACEBO, REPEAT

from waterbed.report.style import number, span, whole

P = "\u202f%"
_TIMES = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
SHORT = {
    "investigate": "Investigate", "collaborate": "Collaborate", "monitor": "Monitor platforms",
    "identify": "Identify early", "root_causes": "Root causes", REPEAT: "Repeat each November",
    "placebo": "One more officer",
}  # fmt: skip


NOUNS = {
    "investigate": "following up the investigations", "collaborate": "closer collaboration",
    "monitor": "monitoring platforms", "identify": "identifying victims early", "root_causes": "addressing root causes",
    REPEAT: "repeating the operation", "placebo": "one more officer",
}  # fmt: skip
"""Levers as the subject of a sentence."""


def short(world: str) -> str:
    """A lever or a pair of them in few words."""
    parts = [SHORT[p].split(" each")[0] for p in world.split(" + ")]
    if len(parts) == 1:
        return SHORT[world]
    first, second = (p.split(" platforms")[0].split(" early")[0] for p in parts)
    return f"{first} + {second[0].lower()}{second[1:]}"


def singles() -> list[str]:
    """Levers alone, repeating, and the placebo."""
    return [*LEVERS, REPEAT, "placebo"]


def estimate_words(value: float, low: float, high: float, plus: bool = True) -> str:
    """An estimate of at most two digits, and no finer than the wider end of its interval makes sense of."""
    widest = max(abs(low), abs(high))
    places = 1 - math.floor(math.log10(widest)) if 0 < widest < math.inf else 0
    places = max(1, places) if widest < 100 else places
    own = 1 - math.floor(math.log10(abs(value))) if value else places
    return number(round(value, min(places, own)), signed=plus)  # once: 12.54 over 12.5 would be 12


def times(n: int) -> str:
    """A small number in words."""
    return _TIMES[n] if n < len(_TIMES) else whole(n)


def size(value: float, low: float, high: float) -> str:
    """'23 % (90 %: 16 to 32 %)' of a fall or a rise, without its sign."""
    a, b = sorted((abs(low), abs(high)))
    return f"{share(abs(value), a, b, plus=False)} (90{P}: {span(a, b, share=True)})"


def brief(value: float, low: float, high: float) -> str:
    """'−23 %, 90 %: −32 to −16 %', for brackets."""
    return f"{share(value, low, high)}, 90{P}: {span(low, high, share=True, signed=True)}"


def share(value: float, low: float, high: float, plus: bool = True) -> str:
    """A share or a relative change in per cent; plus: of a change, which is told with its sign."""
    return f"{estimate_words(100 * value, 100 * low, 100 * high, plus)}{P}"


def three(r: Any, column: str = "change") -> tuple[float, float, float]:
    """Estimate and ends of its interval."""
    value, low, high = (float(r[c]) for c in (column, f"{column}_low", f"{column}_high"))
    return value, low, high


def off_zero(r: Any, column: str = "change") -> bool:
    """Whether the interval lies off zero."""
    _, low, high = three(r, column)
    return low > 0 or high < 0


def floor(at: Any, outcome: str, years: int = 3) -> float:
    """The wider end of what one more officer does: a change no larger than that is not told as an effect."""
    return max(abs(end) for end in three(at.loc[(PLACEBO, years, outcome)])[1:])


def beyond(at: Any, world: str, outcome: str, years: int = 3) -> bool:
    """Whether a change of a table by world, years and outcome lies off zero and beyond the floor."""
    r = at.loc[(world, years, outcome)]
    return off_zero(r) and abs(float(r["change"])) > floor(at, outcome, years)


def moved(r: Any, column: str = "change", fell: str = "fell", rose: str = "rose") -> str:
    """'fell by 23 % (…)', 'rose by …', or that the change cannot be told from zero."""
    value, low, high = three(r, column)
    if math.isnan(value) or math.isnan(low):
        return "cannot be given"
    if not off_zero(r, column):
        return f"cannot be told from unchanged (90{P}: {span(low, high, share=True, signed=True)})"
    return f"{fell if value < 0 else rose} by {size(value, low, high)}"


def points(r: Any) -> str:
    """A change of a share, in points."""
    value, low, high = (100 * float(r[c]) for c in ("change", "change_low", "change_high"))
    if not (low > 0 or high < 0):
        return f"cannot be told from unchanged (90{P}: {span(low, high, signed=True)} points)"
    said = estimate_words(abs(value), low, high, False)
    return f"{'fell' if value < 0 else 'rose'} by {said} points (90{P}: {span(low, high, signed=True)})"


def people(r: Any, column: str) -> str:
    """A number of people with its interval, which lies off zero, without its sign."""
    a, b = sorted(abs(r[f"{column}_{end}"]) for end in ("low", "high"))
    return f"{estimate_words(abs(r[column]), a, b, False)} (90{P}: {span(a, b)})"


def shown_regions(table: pd.DataFrame) -> pd.DataFrame:
    """Regions with at least a thousandth of all journeys: the others are too small to speak of."""
    return table[table["journeys"] >= 0.001 * table["journeys"].sum()]
