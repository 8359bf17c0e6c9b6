"""How a measure runs through the system: relative change of flows, route by route and stage by stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import style
from .style import number, plural
from .timelines import AFTER, BEFORE, of

if TYPE_CHECKING:
    import pandas as pd

    from ..measures.comparison import Comparison

STAGES = {"recruits": "Recruited", "departures": "Departures", "arrivals": "Arrivals", "open_hubs": "Open hubs"}
_LAST = {"online_share": "Recruited online", "exploited": "Exploited"}
_ROUTES = 4


def series(comparison: Comparison) -> dict[str, str]:
    """What is drawn, with its name: stages first, then the busiest routes, two rows of four."""
    flow = comparison.timelines
    flow = flow[(flow["world"] == "without") & flow["series"].str.startswith("route:")]
    busy = flow.groupby("series")["median"].sum().sort_values(ascending=False)
    routes = {name: name.split(":", 1)[1] for name in busy.index[:_ROUTES] if busy[name] > 0}
    rest = [n for n in _LAST if len(routes) < _ROUTES][: _ROUTES - len(routes)]
    return STAGES | routes | {name: _LAST[name] for name in rest}


def extreme(comparison: Comparison, name: str, sign: int = 0) -> Any | None:
    """The row of the median furthest from zero in the year after the start; None where it is not sure.

    Sure: three quarters of the runs are on that side of zero on that day. ``sign``: only falls (-1).
    """
    start = comparison.provenance["window"]["start"]
    part = of(comparison.timelines, name, "relative")
    part = part[(part["day"] >= start) & (part["day"] <= start + AFTER)].dropna()
    if sign < 0:
        part = part[part["median"] < 0]
    if part.empty or not part["median"].abs().max() > 0:
        return None
    row = part.loc[part["median"].abs().idxmax()]
    return row if row["high50"] < 0 or row["low50"] > 0 else None


def title(comparison: Comparison) -> str:
    """Which stages fell, in the order of their lowest days."""
    start = comparison.provenance["window"]["start"]
    found = [
        (row["day"] - start, word.lower(), row["median"])
        for name, word in STAGES.items()
        if name != "open_hubs" and (row := extreme(comparison, name, -1)) is not None
    ]
    if not found:
        return "Neither recruitment nor departures nor arrivals fell in three quarters of the runs"
    words = {"recruited": "recruitment"}
    said = [
        f"{words.get(word, word)} on day {day:.0f} ({number(100 * value)}\u202f%)" for day, word, value in sorted(found)
    ]
    return f"Lowest: {style.listed(said)}"


def draw(comparison: Comparison) -> Any:
    """Small multiples on one scale, in per cent of the mean twin."""
    fig = style.figure(style.PAGE, 98)
    top = style.heading(
        fig,
        title(comparison),
        "Change against the same world without the measure, per cent; trailing 28-day means. Above, stages; below, "
        "the busiest routes.",
    )
    words = (
        f"Line: median of {plural(comparison.replicates, 'paired run')}; bands: half and 90\u202f% of the runs, cut "
        "at the frame. Dot: the median furthest from zero, where three quarters of the runs are on its side of "
        "it. Within pairs, over "
        "the mean twin; recruited online in points of its share."
    )
    room = 98 - top - style.note_height(words, style.PAGE)
    shown = series(comparison)
    parts = {name: _part(comparison, name) for name in shown}
    width = (style.PAGE - 4 - 9) / 4
    for row in range(2):
        names = list(shown)[4 * row : 4 * row + 4]
        limit = _limit([parts[n] for n in names])
        for i, name in enumerate(names):
            axes = style.axes(fig, 11 + i * width, top + 4 + row * (room - 4) / 2, width - 4, (room - 4) / 2 - 10)
            _draw(axes, parts[name], shown[name], limit, comparison, name)
            if i:
                axes.set_yticklabels([])
    style.text(fig, 11, top + room - 3.6, "Days since the measure began", fontsize=7, color=style.SOFT)
    style.note(fig, words)
    return fig


def _part(comparison: Comparison, name: str) -> pd.DataFrame:
    window = comparison.provenance["window"]
    part = of(comparison.timelines, name, "relative")
    part = part[(part["day"] >= window["start"] - BEFORE) & (part["day"] <= window["end"] + AFTER)].copy()
    part["day"] -= window["start"]
    return part


def _limit(parts: list[pd.DataFrame]) -> float:
    """Half the height of a row's scale: holds medians and, on most days, nine runs in ten."""
    medians = max((float(p["median"].abs().max()) for p in parts if len(p.dropna())), default=0.0)
    bands = [float(np.nanquantile(p[["low90", "high90"]].abs().max(axis=1), 0.85)) for p in parts if len(p.dropna())]
    return max(1.15 * medians, *bands, 0.01)


def _draw(axes: Any, part: pd.DataFrame, word: str, limit: float, comparison: Comparison, name: str) -> None:
    window = comparison.provenance["window"]
    axes.axvspan(0, window["end"] - window["start"], color=style.OPERATION, lw=0, zorder=0)
    axes.axhline(0, color=style.INK, lw=0.7, zorder=2)
    axes.fill_between(part["day"], 100 * part["low90"], 100 * part["high90"], color=style.WITH, alpha=0.13, lw=0)
    axes.fill_between(part["day"], 100 * part["low50"], 100 * part["high50"], color=style.WITH, alpha=0.25, lw=0)
    axes.plot(part["day"], 100 * part["median"], color=style.WITH, lw=1.2, zorder=4)
    axes.set_ylim(-100 * limit, 100 * limit)
    axes.set_xlim(-BEFORE, max(int(part["day"].max()) if len(part) else AFTER, 1))
    axes.set_xticks([0, 120, 240, 360])
    axes.yaxis.set_major_formatter(lambda y, _: style.tick(round(y, 9), signed=True))
    axes.set_title(word, loc="left", fontsize=7.8, fontweight="bold", color=style.INK, pad=2)
    row = extreme(comparison, name)
    if row is None:
        return
    day, value = row["day"] - window["start"], 100 * row["median"]
    up = 1 if value < 0 else -1
    side = 1 if day < 0.55 * AFTER else -1
    axes.plot([day], [value], "o", ms=3.6, mfc=style.PAPER, mec=style.WITH, mew=1.1, zorder=6)
    axes.annotate(
        f"{number(value, signed=True)} on day {day:.0f}",
        (day, value),
        xytext=(day + 14 * side, -96 * limit * up),
        fontsize=6.8,
        color=style.WITH,
        va="bottom" if up > 0 else "top",
        ha="left" if side > 0 else "right",
        path_effects=style.halo(),
        arrowprops={"arrowstyle": "-", "lw": 0.5, "color": style.WITH, "shrinkB": 3},
    )
