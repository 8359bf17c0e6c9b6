"""Where the flow fell and rose: legs as bows, as wide as the change."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from . import style
from .style import number

if TYPE_CHECKING:
    from ..measures.comparison import Comparison

_WIDEST = 5.0
_LABELS = 8


def draw(comparison: Comparison) -> Any:
    """Legs whose change has a 90 % interval without zero, on the land where places are real."""
    legs = comparison.legs
    sure = legs[((legs["low"] > 0) | (legs["high"] < 0)) & (legs["difference"] != 0)]
    fig = style.figure(4.6)
    real = legs["tail_lat"].abs().max() > 32 and len(legs) > 100
    window = comparison.provenance["window"]
    days = window["end"] - window["start"] + comparison.provenance["scenario"]["compare"]["after_days"]
    if sure.empty:
        title = "On no leg can a change of flow be told from zero"
    else:
        down, up = (
            -sure.loc[sure["difference"] < 0, "difference"].sum(),
            sure.loc[sure["difference"] > 0, "difference"].sum(),
        )
        title = f"Legs that lost flow lost {number(down)} crossings, legs that gained it gained {number(up)}"
    said = f"Change of crossings by leg over {days} days, with minus without; width in people."
    room = style.heading(fig, title, said)
    axes = fig.add_axes((0.01, 0.06, 0.98, room - 0.07))
    axes.set_axis_off()
    axes.set_aspect(1.0 / math.cos(math.radians(25)) if real else "equal")
    if real:
        _land(axes)
    for row in style.records(legs):
        if not real:
            axes.plot(*_bow(row), color="#D9DCE0", lw=0.7, zorder=1)
    top = sure["difference"].abs().max() if len(sure) else 1.0
    for row in style.records(sure.sort_values("difference", key=abs)):
        color = style.FEWER if row.difference < 0 else style.MORE
        axes.plot(
            *_bow(row),
            color=color,
            lw=0.4 + _WIDEST * abs(row.difference) / top,
            alpha=0.85,
            solid_capstyle="round",
            zorder=3,
        )
    _frame(axes, legs if not real else sure, real)
    _places(axes, legs, sure, real)
    axes.plot([], [], color=style.FEWER, lw=3, label="fewer")
    axes.plot([], [], color=style.MORE, lw=3, label="more")
    axes.legend(loc="lower left", frameon=False, fontsize=8, labelcolor="linecolor", handlelength=1.4)
    fig.text(
        0.012,
        0.015,
        f"Drawn only where the 90 % interval of the mean over {comparison.replicates} pairs excludes zero. "
        f"Widest: {number(top)} people." + (" Base map: Natural Earth." if real else " Places are invented."),
        fontsize=6.3,
        color=style.NOTE,
    )
    return fig


def _bow(row: Any) -> tuple[np.ndarray, np.ndarray]:
    """A line bowed by 7 % of its length, so that the two directions part."""
    t = np.linspace(0, 1, 24)
    dx, dy = row.head_lon - row.tail_lon, row.head_lat - row.tail_lat
    lift = 0.28 * t * (1 - t)
    return row.tail_lon + t * dx - lift * dy, row.tail_lat + t * dy + lift * dx


def _land(axes: Any) -> None:
    from matplotlib.collections import PolyCollection

    from .basemap import land

    rings = [np.asarray(ring) for _, polygons in land() for ring in polygons]
    axes.add_collection(PolyCollection(rings, facecolor=style.LAND, edgecolor=style.COAST, lw=0.3, zorder=0))


def _frame(axes: Any, shown: Any, real: bool) -> None:
    if real:
        axes.set_xlim(-125, 155)
        axes.set_ylim(-40, 62)
        return
    xs, ys = (
        np.concatenate([shown["tail_lon"], shown["head_lon"]]),
        np.concatenate([shown["tail_lat"], shown["head_lat"]]),
    )
    pad = 0.12 * max(np.ptp(xs), np.ptp(ys), 1.0)
    axes.set_xlim(xs.min() - pad, xs.max() + pad)
    axes.set_ylim(ys.min() - 0.5 * pad, ys.max() + 0.5 * pad)


def _places(axes: Any, legs: Any, sure: Any, real: bool) -> None:
    """Names by rule: every place of a small world, else the ends of the largest changes, none on another."""
    at = {row.tail: (row.tail_lon, row.tail_lat) for row in style.records(legs)}
    at |= {row.head: (row.head_lon, row.head_lat) for row in style.records(legs)}
    names = list(at)
    if real:
        largest = sure.sort_values("difference", key=lambda d: -d.abs())
        names = list(dict.fromkeys(n for row in style.records(largest) for n in (row.tail, row.head)))
    taken: list[tuple[float, float]] = []
    width, height = (22.0, 5.0) if real else (0.0, 0.0)
    for name in names:
        x, y = at[name]
        axes.plot([x], [y], "o", ms=2.2, color=style.INK, zorder=4)
        if any(abs(x - a) < width and abs(y - b) < height for a, b in taken) or (real and len(taken) >= _LABELS):
            continue
        taken.append((x, y))
        text = axes.annotate(name, (x, y), xytext=(4, 3), textcoords="offset points", fontsize=7, zorder=5)
        from matplotlib import patheffects

        text.set_path_effects([patheffects.withStroke(linewidth=2, foreground="white")])
