"""Effects as dots with intervals: the mean, how well it is known, and what a single run may bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import style
from .style import number, percent

if TYPE_CHECKING:
    import pandas as pd

    from ..measures.comparison import Comparison

_SHARES = ("share", "share of loss")
_DRAWN = (
    "treated_crossings_lost", "other_crossings_gained", "arrivals_lost", "departures_lost", "recruits_lost",
    "profit_lost", "displacement_spatial", "stopped", "displacement_temporal", "diffusion_of_benefits",
    "fees_paid_change", "mean_fee_change", "trough_depth",
)  # fmt: skip
"""Effects of one kind and scale; levels, evaluators' estimates and what happened after alone are in the table."""
_ONE_SIDED = ("trough_depth", "displacement_temporal")
"""Drawn, but not counted in the title: they are above zero by their making, even by chance alone."""
_ROW = 0.27


def title(comparison: Comparison) -> str:
    """How many of the shares drawn can be told from zero."""
    rows = [r for r in _shown(comparison) if r.effect not in _ONE_SIDED]
    sure = sum(bool(r.low > 0 or r.high < 0) for r in rows)
    if not rows:
        return "No effect that is a share is identified"
    return f"{sure} of {len(rows)} effects measured as shares can be told from zero"


def _shown(comparison: Comparison) -> list[Any]:
    table = _shares(comparison)
    return style.records(table[table["status"] == "ok"])


def _shares(comparison: Comparison) -> pd.DataFrame:
    table = comparison.effects
    return table[table["unit"].isin(_SHARES) & table["effect"].isin(_DRAWN) & (table["key"] != "after")]


def draw(comparison: Comparison) -> Any:
    """One row an effect; those that are not identified are counted in the note, never drawn."""
    rows = _shown(comparison)
    silent = int((_shares(comparison)["status"] != "ok").sum())
    fig = style.figure(1.25 + _ROW * max(len(rows), 1))
    height = fig.get_figheight()
    room = style.heading(
        fig, title(comparison),
        "Dot: mean. Thick bar: how well the mean is known. Thin bar: what a single run may bring. Both 90 %.",
    )  # fmt: skip
    bottom = 0.5 / height
    axes = fig.add_axes((0.40, bottom, 0.31, room - 0.03 - bottom))
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    axes.set_yticks([])
    axes.axvline(0, color=style.INK, lw=0.9, zorder=2)
    for i, row in enumerate(rows):
        if i % 2 == 0:
            axes.axhspan(i - 0.5, i + 0.5, xmin=-1.3, xmax=1.95, color="#F5F6F7", lw=0, zorder=0, clip_on=False)
        _row(axes, i, row)
    axes.set_ylim(max(len(rows), 1) - 0.5, -0.5)
    axes.margins(x=0.06)
    axes.xaxis.set_major_formatter(lambda x, _: number(100 * round(x, 6), 2))
    axes.text(0.5, 1.01, "per cent", transform=axes.transAxes, fontsize=7, color=style.SOFT, ha="center", va="bottom")
    note = f"{comparison.replicates} paired runs. An effect may be a share of a loss and lie outside 0 to 100."
    fig.text(0.012, 0.06 / height, f"{note} Not identified, so not drawn: {silent}.", fontsize=6.3, color=style.NOTE)
    return fig


def _row(axes: Any, y: int, row: Any) -> None:
    across = axes.get_yaxis_transform()
    name = row.effect.replace("_", " ")
    axes.text(-1.27, y, name[0].upper() + name[1:], transform=across, fontsize=7.5, fontweight="bold", va="center")
    if row.key:
        axes.text(-0.04, y, row.key, transform=across, fontsize=7, color=style.SOFT, va="center", ha="right")
    if row.run_low == row.run_low:
        axes.plot([row.run_low, row.run_high], [y, y], color=style.WITH, lw=0.8, alpha=0.6, zorder=3)
    if row.low == row.low:
        axes.plot([row.low, row.high], [y, y], color=style.WITH, lw=2.4, solid_capstyle="butt", zorder=3)
    axes.plot([row.mean], [y], "o", ms=4.2, color=style.WITH, zorder=4)
    axes.text(1.28, y, percent(row.mean), transform=across, fontsize=7.5, fontweight="bold", color=style.WITH,
              va="center", ha="right")  # fmt: skip
    known = f"({number(100 * row.low)} to {number(100 * row.high)})" if row.low == row.low else "(no interval)"
    axes.text(1.33, y, known, transform=across, fontsize=7, color=style.SOFT, va="center")
