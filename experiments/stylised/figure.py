"""All facts in one figure: verdict, what was found against its band, and the share of parameter space."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd

from waterbed.report import style

from .catalogue import FACTS

ROW = 9.2
"""Height of a fact, mm."""
COLOUR = {"holds": style.WITH, "fails": style.FEWER}


def draw(table: pd.DataFrame, quantities: pd.DataFrame, folder: Path) -> None:
    """facts.png and facts.svg of the facts in the table, one row each."""
    with style.context():
        held = int((table["verdict"] == "holds").sum())
        top, high = 23.5, 30.0 + ROW * len(table)
        fig = style.figure(style.PAGE, high)
        style.heading(
            fig, f"{held} of {len(table)} testable stylised facts hold at the shipped parameters",
            "Middle: the quantity that decided, its estimate and 95 % interval over pairs of runs; shaded: where it "
            "has to lie. Right: share of a Latin hypercube over the parameters of judgement in which all demanded "
            "estimates lie in their bands, with Wilson's 95 % interval.",
        )  # fmt: skip
        heads = {8.0: "fact", 76.0: "verdict", 88.0: "found, and where it has to lie", 136.0: "share of space"}
        for left, head in heads.items():
            style.text(fig, left, top - 5.0, head, fontsize=6.6, color=style.NOTE)
        for i, row in enumerate(style.records(table)):
            _row(fig, row, top + ROW * i)
        style.note(fig, "No share: the fact was tested on a larger world, too dear to run all over parameter space.")
        for ending in ("png", "svg"):
            how = {"metadata": {"Date": None}} if ending == "svg" else {"dpi": 200}
            fig.savefig(folder / f"facts.{ending}", **how)


def _row(fig: Any, row: Any, at: float) -> None:
    colour = COLOUR[row.verdict]
    style.text(fig, 2.0, at, str(row.fact), fontsize=7.5, fontweight="bold", color=colour)
    style.paragraph(fig, 8.0, at, 66.0, row.title, 7.2)
    style.text(fig, 76.0, at, row.verdict, fontsize=7.2, fontweight="bold", color=colour)
    _interval(style.axes(fig, 88.0, at, 40.0, 2.8), row, colour)
    words = f"{row.quantity}: {style.number(row.value)} {'' if row.unit in ('1', 'share') else row.unit}"
    style.paragraph(fig, 88.0, at + 3.4, 47.0, words.strip(), 5.6, color=style.SOFT)
    if math.isfinite(row.share_of_parameter_space):
        _share(style.axes(fig, 136.0, at, 28.0, 2.8), row)
        style.text(fig, 166.0, at, style.percent(row.share_of_parameter_space), fontsize=7.2)
    else:
        style.text(fig, 136.0, at, "not tried", fontsize=7.2, color=style.NOTE)


def _bare(axes: Any, low: float, high: float) -> None:
    axes.set_xlim(low, high)
    axes.set_ylim(-1, 1)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(False)
    axes.spines["bottom"].set_visible(False)


def _interval(axes: Any, row: Any, colour: str) -> None:
    """Estimate and interval over the band; the scale is the fact's own, and holds 0 and the band's near end."""
    q = next(q for f in FACTS if f.number == row.fact for q in f.quantities if q.name == row.quantity)
    ends = [0.0, row.low, row.high, *(e for e in (q.above, q.below) if math.isfinite(e))]
    room = 0.12 * (max(ends) - min(ends))
    low, high = min(ends) - room, max(ends) + room
    axes.axvspan(max(q.above, low), min(q.below, high), color=style.OPERATION, zorder=0)
    axes.axvline(0.0, color=style.INK, linewidth=0.6)
    axes.plot([row.low, row.high], [0, 0], color=colour, linewidth=1.6, solid_capstyle="butt")
    axes.plot([row.value], [0], "o", color=colour, markersize=3.4)
    _bare(axes, low, high)


def _share(axes: Any, row: Any) -> None:
    axes.barh(0, 1.0, 1.2, color=style.GRID, zorder=0)
    axes.barh(0, row.share_of_parameter_space, 1.2, color=style.ROUTES[1], zorder=1)
    axes.plot([row.share_low, row.share_high], [0, 0], color=style.INK, linewidth=1.1, zorder=2)
    _bare(axes, 0.0, 1.0)
