"""Response curves with bands, and points with intervals where the axis is no number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import style

if TYPE_CHECKING:
    import pandas as pd


HUES = (*style.ROUTES, style.FEWER, style.NOTE)
"""Lines of a figure, in order; the fifth and sixth can be told from the rest without colour by where they end."""
INKS = (*style.ROUTE_TEXTS, style.FEWER_TEXT, style.NOTE)
"""Their names: dark enough to be read on paper."""


def ticks(axis: Any, unit: str = "") -> None:
    """Write shares in per cent, all else as numbers."""
    if unit.startswith("share"):
        axis.set_major_formatter(lambda value, _: style.tick(round(100 * value, 6)) + f"{style.THIN}%")
    else:
        axis.set_major_formatter(lambda value, _: style.tick(round(value, 9)))


def response(axes: Any, table: pd.DataFrame, x: str, group: str | None = None, unit: str = "") -> Any:
    """An estimate with its 90 % interval over a factor; a line a level of ``group``, named at its end.

    Args:
        table: columns ``x``, ``estimate``, ``low``, ``high``, and ``group``.
    """
    axes.axhline(0.0, color=style.INK, lw=0.8, zorder=2)
    parts = [("", table)] if group is None else [(str(name), part) for name, part in table.groupby(group, sort=False)]
    ends = []
    for i, (name, part) in enumerate(parts):
        color = style.WITH if group is None else HUES[i % len(HUES)]
        part = part.dropna(subset=["estimate"]).sort_values(x)
        if part.empty:
            continue
        axes.fill_between(part[x], part["low"], part["high"], color=color, alpha=0.16 if group is None else 0.10, lw=0)
        axes.plot(part[x], part["estimate"], color=color, lw=1.6, marker="o", ms=3.4, zorder=4)
        ends.append((float(part["estimate"].iloc[-1]), name, INKS[i % len(INKS)]))
    if group is not None:
        _name_ends(axes, ends)
    ticks(axes.yaxis, unit)
    ticks(axes.xaxis)
    axes.margins(x=0.03)
    return axes


def _name_ends(axes: Any, ends: list[tuple[float, str, str]]) -> None:
    """Names at the right of the axes, moved apart where lines end together."""
    if not ends:
        return
    low, high = axes.get_ylim()
    step = 9.5 / 72 / axes.get_position().height / axes.figure.get_figheight() * (high - low)
    at = low
    for y, name, color in sorted(ends):
        at = max(at + step, y) if at > low else max(low, y)
        axes.annotate(name, (1.02, at), xycoords=("axes fraction", "data"), fontsize=7, color=color, va="center",
                      fontweight="bold", annotation_clip=False)  # fmt: skip


def dots(axes: Any, table: pd.DataFrame, names: list[str], unit: str = "") -> Any:
    """A point a row with its 90 % interval, named at its left; in the table's order from the top.

    Args:
        table: columns ``estimate``, ``low``, ``high``; a row without an estimate is named and left empty.
        names: of the rows.
    """
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    axes.axvline(0.0, color=style.INK, lw=0.8, zorder=2)
    for i, row in enumerate(table.itertuples(index=False)):
        if row.low == row.low:
            axes.plot([row.low, row.high], [i, i], color=style.WITH, lw=2.2, solid_capstyle="butt", zorder=3)
        if row.estimate == row.estimate:
            axes.plot([row.estimate], [i], "o", ms=4.2, color=style.WITH, zorder=4)
        else:
            axes.text(0.01, i, "not identified", transform=axes.get_yaxis_transform(), fontsize=6.5, va="center",
                      color=style.NOTE)  # fmt: skip
    axes.set_yticks(range(len(table)), names)
    axes.set_ylim(len(table) - 0.5, -0.5)
    ticks(axes.xaxis, unit)
    return axes
