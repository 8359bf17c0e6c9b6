"""A table of rows with a dot and two bars each: an estimate, how well it is known, and what single runs bring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import style
from .style import MM

ROW = 5.4
"""Millimetres a row."""
_CLEAR = 0.24
"""Half the height of the lines of zero and grid in a stacked row, as a share of it."""


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


@dataclass(frozen=True)
class Layout:
    """Where the parts of a group stand: shares of its width, and millimetres downward.

    By default names, axis and words are beside each other. ``stacked`` puts names and estimates over the bars and
    intervals, a row two lines high, for a column of print.
    """

    names: float = 0.37
    axis: float = 0.27
    stacked: bool = False

    @property
    def row(self) -> float:
        """Height of a row."""
        return 6.9 if self.stacked else ROW

    @property
    def head(self) -> float:
        """Height of what stands over the rows."""
        return 8.0 if self.stacked else 4.6

    def lines(self, top: float) -> tuple[float, float]:
        """Middles of the line of the name and of that of the bars, in a row that begins at a place."""
        return (top + 0.28 * self.row, top + 0.74 * self.row) if self.stacked else (top + self.row / 2,) * 2

    def columns(self, left: float, width: float, count: int) -> list[float]:
        """Right edges of the words of a row."""
        if self.stacked:
            return [left + width * s - 0.8 for s in (1.0, 0.73, 1.0)]
        used = self.names + self.axis
        shares = (0.24, 0.62, 1.0) if count == 3 else (0.36, 1.0)
        return [left + used * width + (1 - used) * width * s - 0.8 for s in shares]


BESIDE = Layout()
STACKED = Layout(names=0.012, axis=0.44, stacked=True)
"""For a page, and for one column of print."""


def height(rows: list[Row], plain: bool = False, layout: Layout = BESIDE) -> float:
    """Millimetres that a group takes."""
    axis = 4.0 if plain or not any(r.known for r in rows) else 8.5
    return layout.head + 0.6 + layout.row * len(rows) + axis


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
    plain: bool = False,
    layout: Layout = BESIDE,
) -> float:
    """Draw a group from a place in millimetres on; returns where the next may begin.

    Args:
        plain: no axis: rows of different units, in words alone.
        layout: where names, axis and the words of the estimates stand.
    """
    start = left + layout.names * width
    places = layout.columns(left, width, len(head))
    _head(fig, left, top, title, "" if plain else unit, start + layout.axis * width / 2, head, places, layout)
    begin, top = top, top + layout.head
    _rule(fig, left, top, width)
    for i, row in enumerate(rows):
        y = top + 0.6 + layout.row * i
        if i % 2 == 0:
            _stripe(fig, left, y, width, layout.row)
        upper, lower = layout.lines(y)
        _name(fig, left, upper, row)
        if row.why:
            x = start + (0.02 * width if plain and not layout.stacked else 0.0)
            ground = "none" if layout.stacked else style.PAPER if i % 2 else style.STRIPE
            _why(fig, x, lower, left + width - x - 1, row.why, ground)
            continue
        for j, (word, x) in enumerate(zip(row.said, places, strict=False)):
            look: dict[str, Any] = {"fontsize": 6.8, "color": style.SOFT}
            if j == 0:
                look = {"fontsize": 7.4, "color": style.WITH, "fontweight": "bold"}
            style.text(fig, x, lower if j else upper, word, ha="right", va="center", **look)
    if not plain and any(r.known for r in rows):
        _axis(fig, start, top + 0.6, layout.axis * width, layout, rows, show)
    return begin + height(rows, plain, layout)


def _head(
    fig: Any,
    left: float,
    top: float,
    title: str,
    unit: str,
    middle: float,
    head: tuple[str, ...],
    places: list[float],
    layout: Layout,
) -> None:
    """Title, unit over the axis, and what the columns of words are."""
    lower = top + (3.5 if layout.stacked else 0.3)
    style.text(fig, left, top, title, fontsize=8.2, fontweight="bold")
    if unit:
        style.text(fig, middle, lower, unit, fontsize=7, color=style.SOFT, ha="center")
    for j, (word, x) in enumerate(zip(head, places, strict=False)):
        style.text(fig, x, lower if j else top + 0.3, word, fontsize=7, color=style.SOFT, ha="right")


def _name(fig: Any, left: float, middle: float, row: Row) -> None:
    """What a row is of, and behind it when."""
    style.text(fig, left + 1, middle, row.name, fontsize=7.4, fontweight="bold", va="center")
    if row.when:
        shift = style.extent(row.name, 7.4, "bold")[0] / 72 / MM
        style.text(fig, left + 2.2 + shift, middle, row.when, fontsize=6.8, color=style.SOFT, va="center")


def _why(fig: Any, left: float, middle: float, width: float, why: str, ground: str) -> None:
    """Why a row has no estimate, in one line."""
    words = style.wrap(why, width * MM * 72, 6.8)
    said = words[0] + (" …" if len(words) > 1 else "")
    box = {"facecolor": ground, "pad": 0.8, "lw": 0}
    style.text(fig, left, middle, said, fontsize=6.8, color=style.SOFT, va="center", zorder=9, bbox=box)


def _rule(fig: Any, left: float, top: float, width: float) -> None:
    axes = style.axes(fig, left, top, width, 0.3, bare=True)
    axes.axhline(0.4, color=style.INK, lw=1.0)


def _stripe(fig: Any, left: float, top: float, width: float, tall: float) -> None:
    from matplotlib.patches import Rectangle

    wide, high = (side / MM for side in fig.get_size_inches())
    fig.add_artist(
        Rectangle(
            (left / wide, 1 - (top + tall) / high),
            width / wide,
            tall / high,
            facecolor=style.STRIPE,
            transform=fig.transFigure,
            zorder=0,
            lw=0,
        )
    )


def _axis(
    fig: Any, left: float, top: float, width: float, layout: Layout, rows: list[Row], show: Callable[[float], str]
) -> None:
    axes = style.axes(fig, left, top, width, layout.row * len(rows))
    axes.patch.set_alpha(0)
    axes.grid(not layout.stacked, axis="x")
    axes.grid(False, axis="y")
    axes.set_yticks([])
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="x", length=0, pad=1.5)
    known = [r for r in rows if r.known]
    low, high = reach(known)
    axes.set_xlim(low, high)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    from matplotlib.ticker import MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(lambda x, _: show(round(x, 9)))
    if not layout.stacked:
        axes.axvline(0, color=style.INK, lw=0.9, zorder=2)
    for i, row in enumerate(rows):
        y = i + layout.lines(0.0)[1] / layout.row - 0.5
        if row.known:
            _draw(axes, y, row, (low, high))
        if row.known and layout.stacked:  # zero and grid keep clear of the names
            ticks = [x for x in axes.get_xticks() if low <= x <= high]
            axes.vlines(ticks, y - _CLEAR, y + _CLEAR, color=style.GRID, lw=0.6, zorder=1)
            axes.vlines(0, y - _CLEAR, y + _CLEAR, color=style.INK, lw=0.9, zorder=2)


def reach(rows: list[Row]) -> tuple[float, float]:
    """Limits of an axis: all estimates with their bootstrap bars, and runs' bars up to three times as far."""
    core = [v for r in rows for v in (r.mean, r.low, r.high, *(r.rival[:1] if r.rival else ()), 0.0) if v == v]
    tail = [v for r in rows for v in (r.run_low, r.run_high, *(r.rival[1:] if r.rival else ())) if v == v]
    far = 3.0 * max(map(abs, core)) or 1.0
    low, high = (f(core + [max(-far, min(far, v)) for v in tail]) for f in (min, max))
    pad = 0.06 * (high - low or 1.0)
    return low - pad, high + pad


def _draw(axes: Any, y: float, row: Row, limits: tuple[float, float]) -> None:
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
