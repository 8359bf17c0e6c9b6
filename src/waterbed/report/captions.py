"""Captions of the page's figures: each can be read without the page, and is computed from the comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import operation
from .style import listed, plural
from .timelines import subtitle as _crossings

if TYPE_CHECKING:
    from ..measures.comparison import Comparison

_NAMED = 3
"""Operations and policies that a caption names."""
SAID = {
    "timelines": "Unit: people a day. Lines: medians of the runs. Bands: above, half of the runs; below, of the "
    "differences within pairs, half and 90\u202f% of them.",
    "courses": "Unit: per cent of the mean flow without, 28-day means. Stages above, the busiest routes below. "
    "Lines: medians of the differences within pairs. Bands: half and 90\u202f% of the runs.",
    "fates": "Unit: people, as means of the runs. Beside them the change, with what 90\u202f% of runs change by. Each "
    "person lives in both worlds; no field study can observe this.",
    "effects": "Unit: per cent of the world without, or as each group says. Dot: estimate. Thick bar: its 90\u202f% "
    "bootstrap interval. Thin bar: what 90\u202f% of single runs bring; it is the one to plan with. Of "
    "deaths, victims and days of exploitation it is in per cent of the mean without, and may pass all of it.",
    "evaluators": "Unit: per cent or detections, as each group says. Filled: the truth, both worlds compared. Hollow: "
    "what an evaluator says who sees one world. Thick bar: 90\u202f% bootstrap interval of the truth. Thin bars: "
    "90\u202f% of the runs.",
    "operation": "Unit: people, arrests or investigations, on a logarithmic scale. Dot: mean of the runs with the "
    "operation. Bars: 50 and 90\u202f% of them. Outputs, as those who took part record them, not outcomes.",
    "doses": "Unit: as each panel says. Dot: estimate, filled at the planned number of officers. Dark band: its "
    "90\u202f% bootstrap interval. Light band: what 90\u202f% of single runs bring. Dashed, if any: in proportion.",
}
"""Unit of each figure, and what its lines, bars and bands are."""


def caption(comparison: Comparison, figure: str) -> str:
    """What a figure of :data:`.html.INLINE` shows: world, measure, pairs, unit, and what its bars or bands are."""
    said = [about(comparison)]
    if figure == "timelines":
        said.append(_crossings())
    said.append(SAID[figure])
    if figure == "operation" and (more := operation.chance_alone(comparison)):
        said.append(f"Diamond: published; open circle: naive forecast. {more}")
    return " ".join(said)


def about(comparison: Comparison) -> str:
    """Scenario, measure and number of pairs: how each caption begins."""
    pairs = f"{plural(comparison.replicates, 'pair')} of runs"
    single = "" if comparison.replicates > 1 else "; one pair has neither bands nor intervals"
    return f"Scenario {comparison.name}, {_measure(comparison)}: {pairs}, with and without{single}."


def _measure(comparison: Comparison) -> str:
    scenario = comparison.provenance["scenario"]
    parts = [_some("operation", "operations", list(scenario["operations"])),
             _some("policy", "policies", list(scenario["policies"]))]  # fmt: skip
    return " and ".join(p for p in parts if p) or "other parameters"


def _some(one: str, many: str, names: list[str]) -> str:
    if len(names) > _NAMED:
        return f"{len(names)} {many}"
    return f"{one if len(names) == 1 else many} {listed(names)}" if names else ""
