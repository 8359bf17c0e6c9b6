"""The comparison under many seeds, as the page tells it: a sentence, the effects with intervals, the fates."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .answers import COMPARED, answers, lookup

if TYPE_CHECKING:
    from ..measures import Comparison
    from ..scenario import Scenario

TOLD = {
    "treated_crossings_lost": "Crossings lost where the officers were",
    "displacement_spatial": "of that loss, moved to other routes",
    "other_crossings_gained": "Crossings gained elsewhere",
    "arrivals_lost": "Arrivals lost",
    "trough_depth": "Depth of the trough",
    "trough_day": "Deepest day, after the start",
    "days_to_recover": "Days after the end until the flow is back at 95 %",
    "deaths_change": "Deaths, with minus without",
    "exploited_person_days_change": "Person-days of exploitation, with minus without",
    "mean_fee_change": "Change of the mean fee",
    "fee_index_change": "Change of fees on the same legs",
    "officer_days_per_prevented_crossing": "Officer-days for one crossing prevented anywhere",
}
"""Effects that the page shows, in this order, and their names in plain words."""
_KEY = {"trough_depth": "treated", "trough_day": "treated", "days_to_recover": "treated"}


def results(
    scenario: Scenario, seed: int, replicates: int, progress: Callable[[int, int], None],
    before: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:  # fmt: skip
    """Pairs of runs, summed up; ``before``: what was ``compared`` of the setting that the tasks compare with.

    ``progress`` may raise to end it. Raises InputError.
    """
    from ..measures import compare
    from ..report.story import headline

    # One process: others, with their own pages, want the machine too.
    done = compare(scenario, replicates=replicates, seed=seed, workers=1, progress=progress)
    known = lookup({name: math.nan if x is None else x for name, x in row.items()} for row in before)
    return {
        "replicates": done.replicates, "headline": headline(done), "effects": _effects(done),
        "fates": _fates(done), "changes": _changes(done), "fate_days": done.cohort["fate_days"],
        "people": done.cohort["people"], "window": done.provenance["window"],
        "csv": done.effects.to_csv(index=False), "compared": _compared(done), "answers": answers(done.effect, known),
    }  # fmt: skip


def _effects(done: Comparison) -> list[dict[str, Any]]:
    from ..measures.course import is_of_mean_course

    told = []
    for name, words in TOLD.items():
        rows = done.effects[done.effects["effect"] == name]
        if name in _KEY:
            rows = rows[rows["key"] == _KEY[name]]
        if rows.empty:
            continue
        row = rows.iloc[0]
        numbers = {c: _number(row[c]) for c in ("mean", "low", "high", "run_low", "run_high")}
        if is_of_mean_course(row):
            numbers |= {"run_low": None, "run_high": None}
        told.append({"effect": name, "words": words, "unit": str(row["unit"]), "status": str(row["status"]),
                     "note": str(row["note"]), "key": str(row["key"])} | numbers)  # fmt: skip
    return told


def _compared(done: Comparison) -> list[dict[str, Any]]:
    """What a comparison with this setting needs of it."""
    rows = done.effects[done.effects["effect"].isin(COMPARED)].to_dict("records")
    texts, numbers = ("effect", "key", "status", "note"), ("mean", "low", "high")
    return [{c: str(row[c]) for c in texts} | {c: _number(row[c]) for c in numbers} for row in rows]


def _fates(done: Comparison) -> list[list[Any]]:
    columns = ["without", "with", "people", "low", "high"]
    rows = done.fates[columns].itertuples(index=False)
    return [[r[0], r[1], *(_number(x) for x in r[2:])] for r in rows]


def _changes(done: Comparison) -> dict[str, list[float]]:
    """People whom each fate has more with the measure, pair by pair: what is gathered has an interval of its own."""
    rows = done.runs[done.runs["effect"] == "fate_change"].sort_values("replicate")
    return {str(fate): [float(value) for value in group["value"]] for fate, group in rows.groupby("key")}


def _number(value: Any) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None
