"""What the answers share: what a study found, how a number with its interval is said, and figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from waterbed.measures.intervals import resamples
from waterbed.report import style
from waterbed.report.studies.curves import dots
from waterbed.study.estimates import Estimate, Estimates
from waterbed.study.study import StudyResult


@dataclass
class Answer:
    """What an experiment says: sentences made from its numbers, a small table, a figure."""

    lines: list[str]
    table: pd.DataFrame
    figure: Any
    """Matplotlib figure; nothing for a study that draws its own."""


class Found:
    """A study's result, to be asked."""

    def __init__(self, result: StudyResult) -> None:
        self.result = result
        self.of = Estimates(result.results)

    def levels(self, address: str) -> list[Any]:
        """The levels of a factor, by name where they have one."""
        return list(dict.fromkeys(self.result.results.factor_columns()[address]))

    def arms(self, effect: str, address: str, key: str | None = None) -> dict[Any, Estimate]:
        """An effect at each level of a factor, over all levels of the others together."""
        return {level: self.of(effect, {address: level}, key) for level in self.levels(address)}

    def share(self, hit: pd.Series, among: pd.Series) -> Estimate:
        """The share of single runs (rows of the study's runs), by bootstrap over replicates."""
        runs = self.result.runs
        n = self.result.study.file.replicates
        counts = [np.bincount(runs["replicate"][mask], minlength=n) for mask in (hit & among, among)]
        weights = resamples(n, self.result.study.file.seed)
        top, bottom = (weights @ c for c in counts)
        drawn = np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0)
        hits, of = (int(c.sum()) for c in counts)
        return Estimate(hits / max(1, of), drawn)


def said(estimate: Estimate, unit: str = "share", signed: bool = False) -> str:
    """'13 % (90 %: 12 to 14 %)'; a difference of shares ("points") as '+2.7 points (90 %: +1.9 to +3.5)'."""
    if not estimate.known:
        return "not identified"
    if unit == "points":
        hundred = estimate * 100.0
        known = style.interval(hundred.low, hundred.high, signed=True)
        return f"{style.number(hundred.value, signed=True)} points ({known})"
    share = unit == "share"
    value = (style.percent if share else style.number)(estimate.value, signed=signed)
    return f"{value} ({style.interval(estimate.low, estimate.high, share, signed)})"


def against(difference: Estimate, more: str, less: str, same: str) -> str:
    """Which of three things a difference lets one say."""
    return {1: more, -1: less, 0: same}[difference.sign]


def matched(levels: Sequence[float], reached: Sequence[Estimate], wanted: Estimate) -> Estimate:
    """The level at which a rising response reaches what is wanted, by straight lines between levels.

    The response is taken as rising: its running maximum. Beyond the last level the answer is that level.
    """
    at = np.asarray(levels, float)

    def level(response: np.ndarray, goal: float) -> float:
        return float(np.interp(goal, np.maximum.accumulate(response), at))

    drawn = np.stack([r.drawn for r in reached], axis=1)
    found = [level(row, goal) for row, goal in zip(drawn, wanted.drawn, strict=True)]
    return Estimate(level(np.array([r.value for r in reached]), wanted.value), np.array(found))


def tidy(rows: dict[str, dict[str, Estimate]], name: str) -> pd.DataFrame:
    """A row an arm and effect: estimate, low, high."""
    return pd.DataFrame([
        {name: arm, "effect": effect, "estimate": e.value, "low": e.low, "high": e.high}
        for arm, effects in rows.items() for effect, e in effects.items()
    ])  # fmt: skip


def panels(title: str, subtitle: str, count: int, high: float = 52.0, left: float = 14.0, right: float = 4.0,
           gap: float = 14.0, below: float = 12.0) -> tuple[Any, list[Any]]:  # fmt: skip
    """A figure with its finding, and panels side by side below it; margins in mm."""
    trial = style.figure(style.PAGE, 60.0)
    top = style.heading(trial, title, subtitle) + 6.0
    figure = style.figure(style.PAGE, top + high + below)
    style.heading(figure, title, subtitle)
    width = (style.PAGE - left - right - (count - 1) * gap) / count
    return figure, [style.axes(figure, left + i * (width + gap), top, width, high) for i in range(count)]


def of_arms(title: str, table: pd.DataFrame, arms: list[str], shown: list[tuple[str, str, str]]) -> Any:
    """Arms from the top, a panel an effect: dots with intervals. ``shown``: effect, what the axis says, unit."""
    subtitle = "Dot: estimate. Bar: its 90\u202f% interval over replicates, which share their seeds in all arms."
    room = 6.0 + max(style.extent(arm, 7)[0] for arm in arms) / 72 / style.MM
    figure, axes = panels(title, subtitle, len(shown), 6.2 * len(arms), room, gap=8.0)
    for i, (effect, name, unit) in enumerate(shown):
        rows = table[table["effect"] == effect]
        dots(axes[i], rows[["estimate", "low", "high"]], arms if not i else [""] * len(arms), unit)
        axes[i].set_xlabel(name)
    return figure
