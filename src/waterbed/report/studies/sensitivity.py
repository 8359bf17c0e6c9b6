"""Sensitivity: bars of indices, the plane of μ* and σ, and how indices settle as the sample grows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import style
from .curves import HUES, ticks

if TYPE_CHECKING:
    import pandas as pd

FIRST, TOTAL = style.WITH, "#68A3D9"


def bars(axes: Any, table: pd.DataFrame, indices: list[str], chance: float = float("nan")) -> Any:
    """Indices by factor with their 90 % intervals, the greatest on top; a dashed line at the share that is chance.

    Args:
        table: columns ``factor``, ``index``, ``value``, ``low``, ``high``, of one effect.
        indices: which, the one to sort by last; of up to three, side by side.
    """
    shown = table[table["index"].isin(indices)]
    order = shown[shown["index"] == indices[-1]].sort_values("value", ascending=False)["factor"].tolist()
    colors = dict(zip(indices, (FIRST, TOTAL, style.NOTE), strict=False))
    height = 0.8 / len(indices)
    for row in shown.itertuples(index=False):
        if row.factor not in order:
            continue
        y = order.index(row.factor) - 0.4 + height * (indices.index(row.index) + 0.5)
        axes.barh(y, max(row.value, 0.0), height * 0.9, color=colors[row.index], zorder=3)
        if row.low == row.low:
            axes.plot([row.low, row.high], [y, y], color=style.INK, lw=1.0, zorder=4)
    axes.axvline(0.0, color=style.INK, lw=0.8, zorder=2)
    if chance == chance:
        axes.axvline(chance, color=style.FEWER, lw=1.2, ls="--", zorder=2)
    axes.set_yticks(range(len(order)), order)
    axes.set_ylim(len(order) - 0.5, -0.5)
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    ticks(axes.xaxis)
    return axes


def covariance(axes: Any, table: pd.DataFrame) -> Any:
    """Morris: how much a factor moves the effect (μ*), and how much that depends on all others (σ).

    Points above the line σ = μ* act through interactions or bends more than by themselves.

    Args:
        table: rows ``mu_star`` and ``sigma`` of one effect.
    """
    wide = table.pivot(index="factor", columns="index", values=["value", "low", "high"])
    mu, sigma = wide["value"]["mu_star"], wide["value"]["sigma"]
    top = 1.12 * max(float(mu.max()), float(wide["high"]["mu_star"].max()), float(sigma.max()), 1e-12)
    axes.plot([0, top], [0, top], color=style.NOTE, lw=0.8, ls=":", zorder=2)
    for factor in wide.index:
        span = [wide["low"]["mu_star"][factor], wide["high"]["mu_star"][factor]]
        axes.plot(span, [sigma[factor]] * 2, color=style.WITH, lw=0.9, alpha=0.6, zorder=3)
        axes.plot(mu[factor], sigma[factor], "o", color=style.WITH, ms=4.5, zorder=4)
    _name_apart(axes, [(float(mu[f]), float(sigma[f]), f.rpartition(".")[2]) for f in wide.index], top)
    axes.set_xlim(0, top)
    axes.set_ylim(0, top)
    axes.grid(True, axis="both")
    ticks(axes.xaxis)
    ticks(axes.yaxis)
    return axes


_NAMED = 12
"""Points of a covariance plot that have names, from the greatest μ* on."""


def _name_apart(axes: Any, points: list[tuple[float, float, str]], top: float) -> None:
    """Names beside the greatest points; one that would lie on another name is left out."""
    taken: list[tuple[float, float]] = []
    for x, y, name in sorted(points, reverse=True)[:_NAMED]:
        if any(abs(y - b) < 0.035 * top and abs(x - a) < 0.3 * top for a, b in taken):
            continue
        taken.append((x, y))
        left = x > 0.7 * top
        axes.annotate(name, (x, y), (-4 if left else 4, 4), textcoords="offset points", fontsize=7, va="bottom",
                      ha="right" if left else "left", color=style.INK, zorder=6, path_effects=style.halo())  # fmt: skip


def growth(axes: Any, table: pd.DataFrame, index: str) -> Any:
    """An index of each factor as the sample grows, with its interval; lines that are level have settled.

    Args:
        table: columns ``factor``, ``index``, ``n``, ``value``, ``low``, ``high``, of one effect.
    """
    part = table[table["index"] == index]
    last = part[part["n"] == part["n"].max()].sort_values("value", ascending=False)["factor"].tolist()
    for i, factor in enumerate(last):
        rows = part[part["factor"] == factor].sort_values("n")
        color = HUES[i] if i < 5 else "#C9CCD1"
        axes.fill_between(rows["n"], rows["low"], rows["high"], color=color, alpha=0.12, lw=0)
        axes.plot(rows["n"], rows["value"], color=color, lw=1.4, marker="o", ms=3, zorder=4,
                  label=factor.rpartition(".")[2] if i < 5 else None)  # fmt: skip
    axes.axhline(0.0, color=style.INK, lw=0.8)
    axes.set_xscale("log", base=2)
    axes.set_xticks(sorted(set(part["n"])), [style.tick(n) for n in sorted(set(part["n"]))])
    axes.minorticks_off()
    ticks(axes.yaxis)
    if last:
        axes.legend(frameon=False, fontsize=6.5, loc="upper left", bbox_to_anchor=(1.0, 1.02), borderaxespad=0.2)
    return axes
