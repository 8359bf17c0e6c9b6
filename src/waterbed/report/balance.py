"""Where people went, net of those who did the reverse.

Of the same people in two worlds many change their fate both ways, whatever the measure: nearly every route loses
about as many as it wins. What is told is the difference; the ways there and back are in the figure of fates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .style import listed, of_hundred

if TYPE_CHECKING:
    import pandas as pd

    from ..measures.comparison import Comparison

CROSSED = "crossed: "
_NAMES = {"never_left": "never left", "back": "turned back", "dead": "died"}
_TOLD = 0.005
"""Share of the loss below which a fate is not told."""


def net(table: pd.DataFrame, mine: str, theirs: str) -> float:
    """People of fate ``mine`` without and ``theirs`` with the measure, less the reverse; ``CROSSED``: by any route."""

    def people(without: str, with_it: str) -> float:
        return float(table.loc[_is(table["without"], without) & _is(table["with"], with_it), "people"].sum())

    return people(mine, theirs) - people(theirs, mine)


def _is(fates: pd.Series, name: str) -> pd.Series:
    return fates.str.startswith(CROSSED) if name == CROSSED else fates.eq(name)


def fewer(comparison: Comparison) -> dict[str, float]:
    """People of the cohort who cross no more, net, by what became of them; nothing where that is not a loss.

    The loss has to be told from zero: the 90 % interval of its mean over replicates lies above it.
    """
    from ..measures.intervals import resamples, row

    runs = comparison.runs[comparison.runs["effect"] == "fate_change"]
    change = runs[runs["key"].str.startswith(CROSSED)].groupby("replicate")["value"].sum().to_numpy(float)
    if len(change) < 2:
        return {}
    lost = row(("", "", "person"), -change[:, None], resamples(len(change), int(comparison.provenance["seed"])))
    if not lost["low"] > 0:
        return {}
    table = comparison.fates
    others = [f for f in dict.fromkeys([*table["with"], *table["without"]]) if not f.startswith(CROSSED)]
    return {fate: net(table, CROSSED, fate) for fate in others}


def told(comparison: Comparison) -> str:
    """'of 100 fewer people who crossed, 92 never left and 8 turned back', or nothing."""
    found = fewer(comparison)
    total = sum(found.values())
    parts = [
        f"{of_hundred(found[fate], total)} {name}"
        for fate, name in _NAMES.items()
        if fate in found and found[fate] >= _TOLD * total
    ]
    return f"of 100 fewer people who crossed, {listed(parts)}" if parts else ""
