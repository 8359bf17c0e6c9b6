"""Sensitivity: bars of indices, the plane of μ* and σ, and how indices settle as the sample grows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .. import style
from ..labels import Sheet, around
from .curves import HUES, ticks

if TYPE_CHECKING:
    import pandas as pd

FIRST, TOTAL = style.WITH, "#68A3D9"


def bars(
    axes: Any, table: pd.DataFrame, indices: list[str], chance: float = float("nan"), nulls: bool = False
) -> Any:
    """Indices by factor with their 90 % intervals, the greatest on top; a dashed line at the share that is chance.

    Args:
        table: columns ``factor``, ``index``, ``value``, ``low``, ``high``, of one effect; for ``nulls`` also ``null``.
        indices: which, the one to sort by last; of up to three, side by side.
        chance: share of the variance that is chance, where indices are such shares.
        nulls: whether a stroke across each bar shows what a factor that does nothing has.
    """
    shown = table[table["index"].isin(indices)]
    order = shown[shown["index"] == indices[-1]].sort_values("value", ascending=False)["factor"].tolist()
    colors = dict(zip(indices, (FIRST, TOTAL, style.NOTE), strict=False))
    height = 0.8 / len(indices)
    for row in shown.itertuples(index=False):
        if row.factor not in order:
            continue
        y = order.index(row.factor) - 0.4 + height * (indices.index(row.index) + 0.5)
        axes.barh(y, row.value, height * 0.9, color=colors[row.index], zorder=3)
        if row.low == row.low:
            axes.plot([row.low, row.high], [y, y], color=style.INK, lw=1.0, zorder=4)
        if nulls and row.null > 0.0:
            axes.plot([row.null] * 2, [y - height / 2, y + height / 2], color=style.FEWER, lw=1.2, zorder=5)
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
    axes.set_xlim(0, top)
    axes.set_ylim(0, top)
    _name_apart(axes, wide)
    axes.grid(True, axis="both")
    ticks(axes.xaxis)
    ticks(axes.yaxis)
    return axes


_NAMED = 12
"""Points of a covariance plot that have names, from the greatest μ* on."""
_FAR = 6.0
"""Points between a dot and its name from which on a line joins them."""


def _name_apart(axes: Any, wide: pd.DataFrame) -> None:
    """Names beside the greatest points, none on another name; one that finds no place is left out."""
    order = wide["value"]["mu_star"].sort_values(ascending=False).index
    points = np.column_stack([wide["value"]["mu_star"][order], wide["value"]["sigma"][order]])
    to_points = 72 / axes.figure.dpi
    area = axes.get_window_extent()

    def place(xy: np.ndarray) -> np.ndarray:
        placed: np.ndarray = (axes.transData.transform(xy) - area.p0) * to_points
        return placed

    low, high = (wide[side]["mu_star"][order].to_numpy(float) for side in ("low", "high"))
    spans = np.linspace(low, high, 40)  # a column a factor, as points of a line
    lines = place(np.column_stack([spans.ravel(), np.tile(points[:, 1], len(spans))]))
    sheet = Sheet(area.width * to_points, area.height * to_points, place(points),
                  np.column_stack([lines, np.full(len(lines), 0.5)]))  # fmt: skip
    for factor, (x, y) in list(zip(order, place(points), strict=True))[:_NAMED]:
        name = factor.rpartition(".")[2]
        size = style.extent(name, 7)
        put = sheet.put(name, "factor", size, around(float(x), float(y), size, (4.0, 7.0, 11.0, 16.0)))
        if put is None:
            continue
        whole = np.array([sheet.width, sheet.height])
        axes.annotate(name, (put.x, put.y) / whole, xycoords="axes fraction", fontsize=7, ha="center", va="center",
                      color=style.INK, zorder=6, path_effects=style.halo())  # fmt: skip
        left, bottom, right, top = put.box
        near = np.clip((x, y), (left, bottom), (right, top))
        if np.hypot(*(near - (x, y))) > _FAR:
            axes.plot(*(np.stack([(x, y), near]) / whole).T, transform=axes.transAxes, color=style.NOTE, lw=0.5,
                      zorder=5)  # fmt: skip


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
