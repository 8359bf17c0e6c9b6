"""A table of rows with a dot and two bars each: an estimate, how well it is known, and what single runs bring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import style
from .style import MM

ROW = 5.4
"""Millimetres a row."""


@dataclass(frozen=True)
class Row:
    """One line: values in the unit of its group's axis; ``nan`` where there is none; ``why`` it has no estimate."""

    name: str
    when: str = ""
    mean: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    run_low: float = float("nan")
    run_high: float = float("nan")
    why: str = ""
    said: tuple[str, ...] = ()
    """Estimate, how well it is known, what 90 % of runs bring, in words."""
    rival: tuple[float, float, float] | None = None
    """An evaluator's estimate with what 90 % of runs would have given."""

    @property
    def known(self) -> bool:
        """Whether there is something to draw."""
        return not self.why and self.mean == self.mean


def height(rows: list[Row], plain: bool = False) -> float:
    """Millimetres that a group takes."""
    return 5.2 + ROW * len(rows) + (4.0 if plain or not any(r.known for r in rows) else 8.5)


def group(
    fig: Any,
    left: float,
    top: float,
    width: float,
    title: str,
    unit: str,
    rows: list[Row],
    show: Callable[[float], str],
    head: tuple[str, ...] = (),
    names: float = 0.37,
    axis: float = 0.27,
    plain: bool = False,
) -> float:
    """Draw a group from a place in millimetres on; returns where the next may begin.

    Args:
        names, axis: shares of the width for names and for the axis; the words of the estimates get the rest.
        plain: no axis: rows of different units, in words alone.
    """
    start = left + names * width
    style.text(fig, left, top, title, fontsize=8.2, fontweight="bold")
    if unit and not plain:
        style.text(fig, start + axis * width / 2, top + 0.3, unit, fontsize=7, color=style.SOFT, ha="center")
    places = _columns(left, width, names + axis, 3 if len(head) == 3 else 2)
    for word, x in zip(head, places, strict=False):
        style.text(fig, x, top + 0.3, word, fontsize=7, color=style.SOFT, ha="right")
    begin, top = top, top + 4.6
    _rule(fig, left, top, width)
    for i, row in enumerate(rows):
        y = top + 0.6 + ROW * i
        if i % 2 == 0:
            _stripe(fig, left, y, width)
        middle = y + ROW / 2
        style.text(fig, left + 1, middle, row.name, fontsize=7.4, fontweight="bold", va="center")
        if row.when:
            shift = style.extent(row.name, 7.4, "bold")[0] / 72 / MM
            style.text(fig, left + 2.2 + shift, middle, row.when, fontsize=6.8, color=style.SOFT, va="center")
        if row.why:
            x = start if not plain else left + (names + 0.02) * width
            words = style.wrap(row.why, (left + width - x - 1) * MM * 72, 6.8)
            style.text(
                fig,
                x,
                middle,
                words[0] + (" …" if len(words) > 1 else ""),
                fontsize=6.8,
                color=style.SOFT,
                va="center",
                zorder=9,
                bbox={"facecolor": style.PAPER if i % 2 else style.STRIPE, "pad": 0.8, "lw": 0},
            )
            continue
        for j, (word, x) in enumerate(zip(row.said, places, strict=False)):
            style.text(
                fig,
                x,
                middle,
                word,
                fontsize=7.4 if j == 0 else 6.8,
                ha="right",
                va="center",
                fontweight="bold" if j == 0 else "normal",
                color=style.WITH if j == 0 else style.SOFT,
            )
    if not plain and any(r.known for r in rows):
        _axis(fig, start, top + 0.6, axis * width, ROW * len(rows), rows, show)
    return begin + height(rows, plain)


def _columns(left: float, width: float, used: float, count: int) -> list[float]:
    """Right edges of the columns of words."""
    free = (1 - used) * width
    shares = (0.24, 0.62, 1.0) if count == 3 else (0.36, 1.0)
    return [left + used * width + free * s - 0.8 for s in shares]


def _rule(fig: Any, left: float, top: float, width: float) -> None:
    axes = style.axes(fig, left, top, width, 0.3, bare=True)
    axes.axhline(0.4, color=style.INK, lw=1.0)


def _stripe(fig: Any, left: float, top: float, width: float) -> None:
    from matplotlib.patches import Rectangle

    wide, high = (side / MM for side in fig.get_size_inches())
    fig.add_artist(
        Rectangle(
            (left / wide, 1 - (top + ROW) / high),
            width / wide,
            ROW / high,
            facecolor=style.STRIPE,
            transform=fig.transFigure,
            zorder=0,
            lw=0,
        )
    )


def _axis(
    fig: Any, left: float, top: float, width: float, tall: float, rows: list[Row], show: Callable[[float], str]
) -> None:
    axes = style.axes(fig, left, top, width, tall)
    axes.patch.set_alpha(0)
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    axes.set_yticks([])
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="x", length=0, pad=1.5)
    known = [r for r in rows if r.known]
    low, high = reach(known)
    axes.set_xlim(low, high)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.axvline(0, color=style.INK, lw=0.9, zorder=2)
    from matplotlib.ticker import MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(lambda x, _: show(round(x, 9)))
    for i, row in enumerate(rows):
        if row.known:
            _draw(axes, i, row, (low, high))


def reach(rows: list[Row]) -> tuple[float, float]:
    """Limits of an axis: all estimates with their bootstrap bars, and runs' bars up to three times as far."""
    core = [v for r in rows for v in (r.mean, r.low, r.high, *(r.rival[:1] if r.rival else ()), 0.0) if v == v]
    tail = [v for r in rows for v in (r.run_low, r.run_high, *(r.rival[1:] if r.rival else ())) if v == v]
    far = 3.0 * max(map(abs, core)) or 1.0
    low, high = (f(core + [max(-far, min(far, v)) for v in tail]) for f in (min, max))
    pad = 0.06 * (high - low or 1.0)
    return low - pad, high + pad


def _draw(axes: Any, y: int, row: Row, limits: tuple[float, float]) -> None:
    shift = 0.17 if row.rival else 0.0
    _bar(axes, y - shift, row.run_low, row.run_high, limits, style.WITH, 0.9)
    if row.low == row.low:
        axes.plot([row.low, row.high], [y - shift] * 2, color=style.WITH, lw=2.6, solid_capstyle="butt", zorder=4)
    axes.plot([row.mean], [y - shift], "o", ms=4.4, color=style.WITH, zorder=5)
    if row.rival:
        value, low, high = row.rival
        _bar(axes, y + 0.22, low, high, limits, style.WITHOUT, 1.2)
        axes.plot([value], [y + 0.22], "o", ms=4.4, mfc=style.PAPER, mec=style.WITHOUT, mew=1.2, zorder=5)


def _bar(axes: Any, y: float, low: float, high: float, limits: tuple[float, float], color: str, width: float) -> None:
    """A thin bar; an arrow where it leaves the frame."""
    if not low == low:
        return
    ends = max(low, limits[0]), min(high, limits[1])
    axes.plot(ends, [y, y], color=color, lw=width, solid_capstyle="butt", zorder=3)
    for end, beyond, mark in ((ends[0], low < limits[0], "<"), (ends[1], high > limits[1], ">")):
        if beyond:
            axes.plot([end], [y], mark, ms=3.2, color=color, zorder=3, clip_on=False, mew=0)
