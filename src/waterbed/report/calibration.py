"""Calibrations as pictures: the posterior against its prior, its predictions against the observed, and truths' places.

Each parameter has the scale on which its prior is flat, so that whatever rises above the line was learnt.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from . import style

if TYPE_CHECKING:
    import pandas as pd

    from ..calibrate.posterior import Posterior, Scaled

_BINS = 20
_TICKS = (0.1, 0.5, 0.9)
"""Places of the unit interval that bear the value there."""
_MOST = 5
"""Parameters drawn against each other."""
_PLACES = 10


def draw(posterior: Posterior, predictive: pd.DataFrame, folder: Path, title: str) -> list[Path]:
    """Write ``posterior`` and ``predictive`` as SVG and PNG into a folder."""
    return [
        *save(corner(posterior, title), folder, "posterior"),
        *save(predictions(predictive, title), folder, "predictive"),
    ]


def save(fig: Any, folder: Path, name: str) -> list[Path]:
    """A figure as SVG and PNG."""
    from ..measures.tables import whole

    written = []
    with style.context():
        for kind in ("svg", "png"):
            path = folder / f"{name}.{kind}"
            more: dict[str, Any] = {"metadata": {"Date": None}} if kind == "svg" else {"dpi": 200}
            whole(path, lambda temporary, k=kind, m=more: fig.savefig(temporary, format=k, **m))
            written.append(path)
    return written


def corner(posterior: Posterior, title: str) -> Any:
    """On the diagonal each parameter's posterior over its flat prior; below it the points of each two."""
    shown = posterior.axes[:_MOST]
    n, fit = len(shown), posterior.fit
    side = min(48.0, (style.PAGE - 22) / n - 6)
    width = max(style.COLUMN, 22 + n * (side + 6))
    words = ("Blue: posterior; its line: median, shaded: 90 % interval. Grey line: prior. "
             f"{style.plural(len(fit.weights), 'point')}, tolerance {style.number(fit.course[-1]['tolerance'])}, "
             f"{style.plural(fit.runs, 'run')}.")  # fmt: skip
    with style.context():
        fig = style.figure(width, 27 + n * (side + 10))
        top = style.heading(fig, f"{title}: what the fit says of each parameter", words)
        for i, axis in enumerate(shown):
            for j in range(i + 1):
                ax = style.axes(fig, 16 + j * (side + 6), top + 6 + i * (side + 10), side, side)
                u = fit.places[:, j]
                if i == j:
                    _marginal(ax, u, fit.weights)
                    ax.set_title(_named(axis, posterior, i), loc="left", fontsize=7, fontweight="bold",
                                 color=style.INK, pad=3)  # fmt: skip
                else:
                    ax.scatter(u, fit.places[:, i], s=_sizes(fit.weights), color=style.WITH, alpha=0.45, lw=0)
                    ax.grid(True, axis="x")
                    _scale(ax.set_yticks, axis if j == 0 else None)
                    ax.set_ylim(0, 1)
                _scale(ax.set_xticks, shown[j])
                ax.set_xlim(0, 1)
    return fig


def _marginal(ax: Any, u: np.ndarray, weights: np.ndarray) -> None:
    from ..calibrate.posterior import quantiles

    heights, edges = np.histogram(u, np.linspace(0, 1, _BINS + 1), weights=weights)
    ax.stairs(heights * _BINS, edges, fill=True, color=style.WITH, alpha=0.55)
    low, _, middle, _, high = quantiles(u, weights)
    ax.axvspan(low, high, color=style.WITH, alpha=0.10, lw=0)
    ax.axvline(middle, color=style.WITH, lw=1.2)
    ax.axhline(1.0, color=style.WITHOUT, lw=1.2)
    ax.set_ylim(0, max(2.0, 1.1 * float(heights.max()) * _BINS))
    ax.set_yticks([])


def _named(axis: Scaled, posterior: Posterior, i: int) -> str:
    unit = f", {axis.unit}" if axis.unit and axis.unit != "1" else ""
    return f"{axis.address.rpartition('.')[2].replace('_', ' ')}{unit}"


def _sizes(weights: np.ndarray) -> np.ndarray:
    sizes: np.ndarray = np.clip(8.0 * weights * len(weights), 1.0, 40.0)
    return sizes


def _scale(set_ticks: Any, axis: Scaled | None) -> None:
    labels = [style.number(float(axis.value(u)), 2) if axis is not None else "" for u in _TICKS]
    set_ticks(list(_TICKS), labels)


def predictions(predictive: pd.DataFrame, title: str) -> Any:
    """A row a target: what new runs of the posterior give, less what was observed, in units of the target's scale."""
    rows = style.records(predictive)
    words = ("Runs at points drawn from the posterior, less what was observed, in units of each target's scale (the "
             "misfit that counts as 1). Thin: 90\u00a0% of runs; thick: 50\u00a0%; dot: median. On the right: "
             "observed, and median with 90\u00a0% interval.")  # fmt: skip
    with style.context():
        longest = max(style.extent(str(row.target), 7)[0] for row in rows) / 72 / style.MM
        left = min(60.0, longest + 6)
        fig = style.figure(style.PAGE, 36 + 6.2 * len(rows))
        top = style.heading(fig, f"{title}: does the fitted model show what was observed?", words)
        ax = style.axes(fig, left, top + 7, style.PAGE - left - 62, 6.2 * len(rows))
        _bands(ax, rows)
        for i, row in enumerate(rows):
            what = f"{style.number(row.observed, 3)};  {style.number(row.median, 3)} [{style.span(row.low, row.high)}]"
            style.text(fig, style.PAGE - 58, top + 7 + 6.2 * (i + 0.5), what, fontsize=7, va="center")
        style.text(fig, style.PAGE - 58, top + 3, "observed;  median [90 %]", fontsize=7, color=style.SOFT)
    return fig


def _bands(ax: Any, rows: list[Any]) -> None:
    ax.grid(True, axis="x")
    ax.grid(False, axis="y")
    ax.axvline(0.0, color=style.INK, lw=0.8, zorder=2)
    for i, row in enumerate(rows):
        low, low50, middle, high50, high = (
            (value - row.observed) / row.scale for value in (row.low, row.low50, row.median, row.high50, row.high)
        )
        ax.plot([low, high], [i, i], color=style.WITH, lw=1.2, zorder=3, solid_capstyle="butt")
        ax.plot([low50, high50], [i, i], color=style.WITH, lw=3.4, alpha=0.6, zorder=3, solid_capstyle="butt")
        ax.plot([middle], [i], "o", ms=4, color=style.WITH, zorder=4)
    ax.set_yticks(range(len(rows)), [str(row.target) for row in rows])
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.xaxis.set_major_formatter(lambda value, _: style.tick(round(value, 6)))


def places(found: Mapping[str, np.ndarray]) -> Any:
    """Histograms of where truths lie in their posteriors, over the band that uniform places would keep to.

    Args:
        found: places in the unit interval by parameter, one a fit.
    """
    from scipy.stats import binom

    n = len(next(iter(found.values())))
    low, high = binom.interval(0.95, n, 1 / _PLACES)
    words = (f"{style.plural(n, 'fit')} with known parameters: the share of each posterior below the truth, in "
             "tenths. Right posteriors make it uniform: 95 % of bars lie within the grey band "
             f"({low:.0f} to {high:.0f}).")  # fmt: skip
    with style.context():
        fig = style.figure(max(style.MIDDLE, 12 + 56 * len(found)), 66)
        top = style.heading(fig, "Is the truth where posteriors say?", words)
        for k, (name, where) in enumerate(found.items()):
            ax = style.axes(fig, 12 + 56 * k, top + 6, 48, 30)
            ax.axhspan(low, high, color=style.WITHOUT, alpha=0.18, lw=0)
            counts, edges = np.histogram(where, np.linspace(0, 1, _PLACES + 1))
            ax.stairs(counts, edges, fill=True, color=style.WITH, alpha=0.75)
            ax.axhline(n / _PLACES, color=style.WITHOUT, lw=1)
            ax.set_title(name, loc="left", fontsize=7.5, fontweight="bold", color=style.INK, pad=3)
            ax.set_xlim(0, 1)
            ax.set_ylim(0, 1.15 * max(high, float(counts.max()), 1.0))
            ax.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
            ax.yaxis.get_major_locator().set_params(integer=True)
            ax.set_xlabel("share of the posterior below the truth", fontsize=7)
            if k == 0:
                ax.set_ylabel("fits", fontsize=7)
    return fig
