"""Clouds of points: every factor against every effect, and the front of what cannot be had together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import style
from .curves import ticks

if TYPE_CHECKING:
    import pandas as pd

_BINS = 8


def scatter_matrix(figure: Any, table: pd.DataFrame, factors: Sequence[str], effects: Sequence[tuple[str, str]],
                   area: tuple[float, float, float, float] = (0.1, 0.1, 0.87, 0.8)) -> np.ndarray:  # fmt: skip
    """A panel a factor and effect: a dot a point of the design, and the mean over an eighth of the points at a time.

    Args:
        table: a row a point, a column a factor and effect.
        effects: columns, by whose names axes are called, and their units.
        area: left, bottom, width and height of all panels, in shares of the figure.

    Returns:
        Axes, shape (effects, factors).
    """
    left, bottom, width, height = area
    grid = np.empty((len(effects), len(factors)), object)
    for i, (effect, unit) in enumerate(effects):
        for j, factor in enumerate(factors):
            w, h = width / len(factors), height / len(effects)
            axes = figure.add_axes((left + j * w, bottom + height - (i + 1) * h, 0.88 * w, 0.82 * h))
            axes.scatter(table[factor], table[effect], s=3.0, color=style.WITH, alpha=0.3, lw=0, rasterized=True)
            _trend(axes, np.asarray(table[factor], float), np.asarray(table[effect], float))
            ticks(axes.yaxis, unit)
            ticks(axes.xaxis)
            axes.xaxis.set_major_locator(_few(3))
            axes.yaxis.set_major_locator(_few(4))
            if j:
                axes.set_yticklabels([])
            else:
                axes.set_ylabel(effect, fontsize=7)
            if i == len(effects) - 1:
                axes.set_xlabel(factor.rpartition(".")[2].replace("_", " "), fontsize=7)
            else:
                axes.set_xticklabels([])
            grid[i, j] = axes
    return grid


def _few(n: int) -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(n)


def _trend(axes: Any, x: np.ndarray, y: np.ndarray) -> None:
    known = np.isfinite(x) & np.isfinite(y)
    if known.sum() < 4 * _BINS:
        return
    parts = np.array_split(np.argsort(x[known], kind="stable"), _BINS)
    axes.plot([x[known][p].mean() for p in parts], [y[known][p].mean() for p in parts], color=style.FEWER, lw=1.4)


def front(table: pd.DataFrame, better: dict[str, int]) -> np.ndarray:
    """Which rows no other row betters: as good in all columns, and better in one.

    Args:
        better: columns, each with 1 where more is better, or -1 where less is.
    """
    values = np.stack([-sign * table[name].to_numpy(float) for name, sign in better.items()], axis=1)
    no_worse = (values[:, None] <= values[None]).all(axis=2)
    somewhere = (values[:, None] < values[None]).any(axis=2)
    out: np.ndarray = ~(no_worse & somewhere).any(axis=0) & np.isfinite(values).all(axis=1)
    return out


def pareto(axes: Any, table: pd.DataFrame, x: str, y: str, better: dict[str, int], label: str | None = None) -> Any:
    """All points in grey, those that no other betters in colour, named by a column.

    They are joined where the two columns drawn are all that count: of three, the front is no line.

    Args:
        table: columns ``x`` and ``y``, with ``x_low``, ``x_high`` and so on where intervals are known.
        better: see :func:`front`; may hold more columns than the two drawn.
    """
    on = front(table, better)
    axes.scatter(table[x][~on], table[y][~on], s=9, color="#B8BCC2", lw=0, zorder=2)
    best = table[on].sort_values(x)
    for record in best.to_dict("records"):
        for name, other, along in ((x, y, True), (y, x, False)):
            if record.get(f"{name}_low") is None:
                continue
            span, fixed = [record[f"{name}_low"], record[f"{name}_high"]], [record[other]] * 2
            axes.plot(*((span, fixed) if along else (fixed, span)), color=style.WITH, lw=0.8, alpha=0.5, zorder=3)
    joined = "-" if set(better) == {x, y} else ""
    axes.plot(best[x], best[y], color=style.WITH, lw=1.0, ls=joined, marker="o", ms=4.5, zorder=4)
    for record in best.to_dict("records") if label else ():
        axes.annotate(str(record[label]), (record[x], record[y]), (5, 5), textcoords="offset points", fontsize=6.5)
    axes.grid(True, axis="both")
    return axes
