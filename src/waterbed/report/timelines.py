"""Both worlds day by day, and their difference within pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..measures.displacement import nowhere_else
from . import style
from .style import interval, number, percent, plural

if TYPE_CHECKING:
    import pandas as pd

    from ..measures.comparison import Comparison

BEFORE, AFTER = 60, 360
"""Days drawn before the start and after the end."""
_EARLY = 150
"""Days after the start that the scale of the difference must hold; later bands may be cut."""
_NARROW = 88.0
"""Millimetres of both panels in one column."""
_LOW = 70
"""Points below which a panel of differences has room for one line of words below its bands."""


def title(comparison: Comparison) -> str:
    """What became of the treated flow, as far as it can be told."""
    depth = comparison.effect("trough_depth", "treated")
    if depth["status"] != "ok":
        return "No change of flow on the treated legs can be told from zero"
    if not depth["low"] > 0.05:
        return "The flow on the treated legs changed little, if at all"
    text = f"Crossings on the treated legs fell by up to {percent(depth['mean'])}"
    back = comparison.effect("days_to_recover", "treated")
    if back["status"] != "ok":
        return f"{text} and did not recover before the run ends" if "before the run ends" in back["note"] else text
    if not sharp(back):
        if back["high"] == back["high"]:
            return f"{text}; they were back {number(back['low'])} to {plural(back['high'], 'day')} after the end"
        return f"{text}; when they were back cannot be told"
    return f"{text} and were back {plural(back['mean'], 'day')} after the end"


def sharp(row: dict[str, Any]) -> bool:
    """Whether a day is known well enough to be named alone."""
    return bool(row["high"] - row["low"] <= max(0.5 * row["mean"], 7.0))


def subtitle() -> str:
    """What is drawn."""
    return "Completed crossings a day, with and without the measure, under the same chance. Trailing 7-day mean."


def others_matter(comparison: Comparison) -> bool:
    """Whether counted legs that are not treated carry enough for a curve of their own."""
    return not _nowhere_else(comparison)


def _nowhere_else(comparison: Comparison) -> str:
    legs = comparison.legs
    treated = np.flatnonzero(legs["part"].eq("treated"))
    return nowhere_else(legs["without"].to_numpy(float), treated, legs["counted"].to_numpy(bool))


def notes(comparison: Comparison) -> str:
    """Bands, the deepest day, and why a curve may be missing."""
    said = (
        f"Line: median of {plural(comparison.replicates, 'paired run')}; bands: above, half of the runs; below, "
        "half and 90\u202f% of them, cut at the frame where they leave it. Differences within pairs."
    )
    depth, back = (comparison.effect(name, "treated") for name in ("trough_depth", "days_to_recover"))
    if depth["status"] == "ok":
        said += (
            f" Mean course at its deepest: \u2212{percent(depth['mean'])} "
            f"({interval(depth['low'], depth['high'], share=True)}, bootstrap)"
        )
        said += (
            f"; back at 95\u202f%: {plural(back['mean'], 'day')} after the end "
            f"(90\u202f%: {style.days(back['low'], back['high'])})."
            if back["status"] == "ok"
            else "."
        )
    if not others_matter(comparison):
        said += f" {no_others(comparison)}"
    return said


def no_others(comparison: Comparison) -> str:
    """Why there is no curve of untreated legs, in a sentence."""
    said = _nowhere_else(comparison)
    return f"{said[:1].upper()}{said[1:]}."


def draw(comparison: Comparison, width: float = style.PAGE) -> Any:
    """Two panels on one axis of days: crossings a day in both worlds, and the difference within pairs."""
    words = notes(comparison)
    below = style.note_height(words, width)
    above = style.heading_height(title(comparison), subtitle(), width)
    height = 112.0 if width == style.PAGE else _NARROW + above + below
    fig = style.figure(width, height)
    top = style.heading(fig, title(comparison), subtitle())
    panel(fig, 2, top, width - 4, height - top - below, comparison)
    style.note(fig, words)
    return fig


def panel(fig: Any, left: float, top: float, width: float, height: float, comparison: Comparison) -> tuple[Any, Any]:
    """The two axes in a box of millimetres."""
    room = height - 20.5
    upper = style.axes(fig, left + 9, top + 5, width - 10, 0.54 * room)
    lower = style.axes(fig, left + 9, top + 11 + 0.54 * room, width - 10, 0.46 * room)
    window = comparison.provenance["window"]
    start, length = window["start"], window["end"] - window["start"]
    lines = comparison.timelines
    lines = lines[(lines["day"] >= start - BEFORE) & (lines["day"] <= window["end"] + AFTER)].copy()
    lines["day"] -= start
    last = int(lines["day"].max())
    for axes in (upper, lower):
        if length < last:
            axes.axvspan(0, length, color=style.OPERATION, zorder=0, lw=0)
        axes.set_xlim(max(-BEFORE, int(lines["day"].min())), last)
        axes.spines["bottom"].set_visible(axes is lower)
        axes.yaxis.set_major_formatter(lambda y, _: style.tick(y))
    upper.set_xticks([])
    upper.yaxis.set_major_locator(_ticks())
    lower.yaxis.set_major_locator(_ticks())
    lower.xaxis.set_major_locator(_days(length))
    _worlds(upper, lines, length)
    _differences(lower, lines, length, comparison)
    lower.yaxis.set_major_formatter(lambda y, _: style.tick(round(y, 9), signed=True))
    lower.set_xlabel("Days since the measure began", fontsize=7.5, labelpad=2)
    for axes, words in ((upper, "Treated legs, people a day"), (lower, "Difference, with minus without, people a day")):
        axes.set_title(words, loc="left", fontsize=7, color=style.SOFT, pad=4.5, x=-9 / (width - 10))
    return upper, lower


def _fitting(axes: Any, day: float, words: str, size: float) -> float:
    """The day at which words may begin, so that they end within the frame."""
    first, last = axes.get_xlim()
    wide = 72 * axes.get_window_extent().width / axes.figure.dpi
    longest = max(style.extent(line, size)[0] for line in words.split("\n")) + 5
    return float(max(first, min(day, last - longest / wide * (last - first))))


def _days(length: float) -> Any:
    """A mark every two months, or every year where there are many."""
    from matplotlib.ticker import MultipleLocator

    return MultipleLocator(60 if length <= 900 else 360)


def _ticks() -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(5, prune="upper", steps=[1, 2, 5, 10])


def of(lines: pd.DataFrame, series: str, world: str) -> pd.DataFrame:
    """One curve."""
    return lines[(lines["series"] == series) & (lines["world"] == world)]


def _worlds(axes: Any, lines: pd.DataFrame, length: int) -> None:
    without, with_it = of(lines, "treated", "without"), of(lines, "treated", "with")
    # Before the measure the two worlds are one.
    with_it = with_it[with_it["day"] >= 0]
    for part, color in ((without, style.WITHOUT), (with_it, style.WITH)):
        axes.fill_between(part["day"], part["low50"], part["high50"], color=color, alpha=0.2, lw=0)
        axes.plot(part["day"], part["median"], color=color, lw=1.3)
    highest = max(float(without["high50"].max()), float(with_it["high50"].max()))
    highest = highest if highest > 0 else 1.0
    axes.set_ylim(0, 1.18 * highest)
    axes.text(
        _fitting(axes, length + 2, "the measure", 7),
        1.165 * highest,
        "the measure",
        fontsize=7,
        color=style.OPERATION_TEXT,
        va="top",
        path_effects=style.halo(),
    )
    pair = without.set_index("day")["median"].loc[0:], with_it.set_index("day")["median"]
    gap = (pair[0] - pair[1]).rolling(9, min_periods=1).mean().loc[length : length + _EARLY]
    at = int(gap.abs().idxmax()) if len(gap) and gap.abs().max() > 0 else length + 20
    above, below = ("without", "with") if gap.get(at, 1.0) >= 0 else ("with", "without")
    near = lines[(lines["day"] - at).abs() <= 12]
    for word, where, offset in ((above, "high50", 2), (below, "low50", -2)):
        part = of(near, "treated", word)
        y = float(
            part[where].max()
            if offset > 0
            else max(part[where].min(), 1.18 * highest * 12 / (72 * axes.get_window_extent().height / axes.figure.dpi))
        )
        axes.annotate(
            word,
            (at, y),
            xytext=(0, offset),
            textcoords="offset points",
            ha="center",
            va="bottom" if offset > 0 else "top",
            fontsize=8,
            fontweight="bold",
            color=style.WITH if word == "with" else style.WITHOUT,
            path_effects=style.halo(),
        )


def _differences(axes: Any, lines: pd.DataFrame, length: int, comparison: Comparison) -> None:
    axes.axhline(0, color=style.INK, lw=0.8, zorder=3)
    shown = [("treated", style.WITH, "treated legs")]
    if others_matter(comparison):
        shown.append(("other", style.MORE, "other counted legs"))
    reach = [0.0]
    for series, color, _ in reversed(shown):
        part = of(lines, series, "difference")
        axes.fill_between(part["day"], part["low90"], part["high90"], color=color, alpha=0.13, lw=0)
        axes.fill_between(part["day"], part["low50"], part["high50"], color=color, alpha=0.25, lw=0)
        axes.plot(part["day"], part["median"], color=color, lw=1.3, zorder=4)
        early = part[part["day"] <= length + _EARLY]
        reach += [early["low90"].abs().max(), early["high90"].abs().max(), part["median"].abs().max()]
    limit = float(np.nanmax(reach))
    limit = limit if limit > 0 else 1.0
    tall = 72 * axes.get_window_extent().height / axes.figure.dpi
    floor = max(1.3, 26 / tall * 2.6) * limit
    axes.set_ylim(-floor, 1.2 * limit)
    unit = (1.2 * limit + floor) / tall
    for series, color, word in shown:
        part = of(lines, series, "difference")
        early = part[(part["day"] >= 0) & (part["day"] <= length + _EARLY)]
        if series == "treated":
            _trough(axes, early, color, word, -floor, tall < _LOW)
        elif early["median"].max() > 0:
            top = early.loc[early["median"].idxmax()]
            above = float(early["high90"].loc[: top.name].max())
            # Above its band, and no higher than the frame: over that stands the heading.
            y = min(above + 2 * unit, 1.2 * limit - (style.extent(word, 7.5)[1] + 1) * unit)
            axes.text(_fitting(axes, top["day"], word, 7.5), y, word, fontsize=7.5, color=color, va="bottom",
                      path_effects=style.halo(), zorder=5)  # fmt: skip


def _trough(axes: Any, early: pd.DataFrame, color: str, word: str, floor: float, tight: bool) -> None:
    """The lowest point of the curve as drawn, with what 90 % of runs have there."""
    if early.empty or not early["median"].min() < 0:
        axes.text(0.99, 0.06, f"{word}: no fall", transform=axes.transAxes, ha="right", fontsize=7.5, color=color)
        return
    low = early.loc[early["median"].idxmin()]
    axes.plot([low["day"]], [low["median"]], "o", ms=4, mfc=style.PAPER, mec=color, mew=1.2, zorder=6)
    said = f"{word}, lowest on day {low['day']:.0f}: {number(low['median'])} a day"
    if low["low90"] < low["high90"]:
        said += (
            f"{' ' if tight else chr(10)}(90\u202f% of runs: {number(low['low90'], signed=True)} to "
            f"{number(low['high90'], signed=True)})"
        )
    axes.annotate(
        said,
        (low["day"], low["median"]),
        xytext=(_fitting(axes, low["day"] + 14, said, 7.2), 0.93 * floor),
        fontsize=7.2,
        color=color,
        va="bottom",
        linespacing=1.0,
        path_effects=style.halo(),
        zorder=7,
        arrowprops={"arrowstyle": "-", "lw": 0.5, "color": color, "shrinkA": 1, "shrinkB": 3},
    )
