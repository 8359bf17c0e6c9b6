"""Both worlds day by day, and their difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import style
from .style import interval, number, percent

if TYPE_CHECKING:
    import pandas as pd

    from ..measures.comparison import Comparison

BEFORE, AFTER = 60, 270


def title(comparison: Comparison) -> str:
    """What became of the treated flow, as far as it can be told."""
    depth = comparison.effect("trough_depth", "treated")
    if depth["status"] != "ok":
        return "No change of flow on the treated legs can be told from zero"
    if not depth["low"] > 0.05:
        return "The flow on the treated legs changed little, if at all"
    text = f"Crossings on the treated legs fell by up to {percent(depth['mean'])}"
    back = comparison.effect("days_to_recover", "treated")
    if back["status"] == "ok" and back["mean"] > 0:
        return f"{text} and were back {number(back['mean'], 3)} days after the end"
    return text + ("" if back["status"] == "ok" else " and did not recover within the horizon")


def draw(comparison: Comparison) -> Any:
    """Two panels on one axis of days: crossings a day in both worlds, and the difference within pairs."""
    from matplotlib import patheffects

    window = comparison.provenance["window"]
    start, end = window["start"], window["end"]
    fig = style.figure(4.3)
    room = style.heading(
        fig,
        title(comparison),
        "Completed crossings a day, with and without the measure, under the same chance. Trailing 7-day mean.",
    )
    top, below = fig.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": (1, 0.85)})
    fig.subplots_adjust(left=0.065, right=0.985, top=room - 0.055, bottom=0.15, hspace=0.28)
    lines = comparison.timelines
    lines = lines[(lines["day"] >= start - BEFORE) & (lines["day"] <= end + AFTER)]
    for axes in (top, below):
        axes.axvspan(0, end - start, color=style.OPERATION, zorder=0, lw=0)
        axes.spines["bottom"].set_visible(axes is below)
        axes.tick_params(axis="x", length=3 if axes is below else 0)
    _worlds(top, lines, start)
    _differences(below, lines, start)
    top.text(
        end - start + 2,
        0.97,
        "operation" if comparison.provenance["scenario"]["operations"] else "measure",
        transform=top.get_xaxis_transform(),
        ha="left",
        va="top",
        fontsize=7,
        color=style.OPERATION_TEXT,
        path_effects=[patheffects.withStroke(linewidth=2, foreground="white")],
    )
    below.set_xlabel("Days since the measure began", fontsize=7.5)
    below.set_xlim(-BEFORE, min(end + AFTER, int(lines["day"].max())) - start)
    unit = "people a day"
    top.set_title(f"Treated legs, {unit}", loc="left", fontsize=7.5, color=style.SOFT, pad=9)
    below.set_title(f"Difference, with minus without, {unit}", loc="left", fontsize=7.5, color=style.SOFT, pad=4)
    depth = comparison.effect("trough_depth", "treated")
    said = (
        f" Deepest: \u2212{percent(depth['mean'])} ({interval(depth['low'], depth['high'], share=True)}, bootstrap)."
        if depth["status"] == "ok"
        else ""
    )
    fig.text(
        0.012,
        0.02,
        f"Line: median of {comparison.replicates} paired runs; bands 50 % and 90 % of runs; differences within pairs."
        + said,
        fontsize=6.3,
        color=style.NOTE,
    )
    return fig


def _of(lines: pd.DataFrame, series: str, world: str) -> pd.DataFrame:
    return lines[(lines["series"] == series) & (lines["world"] == world)]


def _band(axes: Any, part: pd.DataFrame, start: int, color: str, label: str, **style_of_line: Any) -> None:
    day = part["day"] - start
    axes.fill_between(day, part["low90"], part["high90"], color=color, alpha=0.13, lw=0)
    axes.fill_between(day, part["low50"], part["high50"], color=color, alpha=0.25, lw=0)
    axes.plot(day, part["median"], color=color, lw=1.5, label=label, **style_of_line)


def _worlds(axes: Any, lines: pd.DataFrame, start: int) -> None:
    without, with_it = _of(lines, "treated", "without"), _of(lines, "treated", "with")
    _band(axes, without, start, style.WITHOUT, "without")
    # Before the measure the two worlds are one; drawing both would only darken the band.
    _band(axes, with_it[with_it["day"] >= start], start, style.WITH, "with")
    axes.set_ylim(bottom=0)
    handles = axes.legend(
        loc="upper right",
        frameon=False,
        fontsize=8,
        handlelength=1.2,
        ncols=2,
        borderaxespad=0,
        bbox_to_anchor=(1, 1.2),
        labelcolor="linecolor",
    )
    for text in handles.get_texts():
        text.set_fontweight("bold")


def _differences(axes: Any, lines: pd.DataFrame, start: int) -> None:
    axes.axhline(0, color=style.INK, lw=0.8)
    for series, color, label in (("treated", style.WITH, "treated legs"), ("other", style.MORE, "other counted legs")):
        _band(axes, _of(lines, series, "difference"), start, color, label)
    axes.legend(
        loc="upper right",
        frameon=False,
        fontsize=7.5,
        handlelength=1.2,
        ncols=2,
        borderaxespad=0,
        bbox_to_anchor=(1, 1.17),
        labelcolor="linecolor",
    )
