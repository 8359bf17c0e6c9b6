"""The visual language: one hue, one job; numbers as they are written in print."""

from __future__ import annotations

import math
import textwrap
from pathlib import Path
from typing import Any

WITH, WITHOUT = "#0B3C6F", "#6B6F76"
OPERATION, OPERATION_TEXT = "#F9F1DC", "#7A5A00"
FEWER, MORE = "#D26A14", "#0A7391"
FEWER_TEXT = "#A34A00"
INK, SOFT, NOTE, GRID = "#1B1F24", "#575D66", "#6F7680", "#E4E6E9"
LAND, COAST = "#F0EEE8", "#BDB8AC"
ROUTES = ("#18509F", "#68C3F7", "#14955F", "#A172C0", "#4A7FB5", "#8FB7A3", "#7D6BA0", "#3E8E9B")
FATES = {"dead": "#8E1B16", "never_left": "#9EA2A6", "back": "#E3A52E", "on_the_way": "#EEEAE6",
         "exploited": "#B0578D", "protected": "#C9A0DC", "detained": "#B98B4E", "legal": "#7FA37F"}  # fmt: skip
WIDTH = 178 / 25.4

RC: dict[str, Any] = {
    "font.size": 7.5, "axes.edgecolor": SOFT, "axes.labelcolor": SOFT,
    "xtick.color": SOFT, "ytick.color": SOFT, "text.color": INK, "axes.spines.top": False, "axes.spines.right": False,
    "axes.spines.left": False, "axes.grid": True, "axes.grid.axis": "y", "grid.color": GRID, "axes.axisbelow": True,
    "xtick.labelsize": 7, "ytick.labelsize": 7, "ytick.major.size": 0, "svg.fonttype": "path",
    "svg.hashsalt": "waterbed",
    "figure.dpi": 100,
}  # fmt: skip


def context() -> Any:
    """Matplotlib's settings for a figure, our typeface known to it; leaves the process as it was."""
    import matplotlib
    from matplotlib import font_manager

    known = {f.name for f in font_manager.fontManager.ttflist}
    if "Waterbed Sans" not in known:
        for path in sorted((Path(__file__).parent / "fonts").glob("*.ttf")):
            font_manager.fontManager.addfont(path)
            known.add("Waterbed Sans")
    family = [f for f in ("Waterbed Sans", "DejaVu Sans") if f in known]
    settings: Any = RC | {"font.family": family}
    return matplotlib.rc_context(settings)


def number(value: float, digits: int = 2, signed: bool = False) -> str:
    """A number with significant digits, narrow no-break spaces for thousands and a true minus."""
    if value is None or math.isnan(value):
        return "–"
    if value == 0:
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{round(abs(value), digits - 1 - math.floor(math.log10(abs(value)))):,.{places}f}".replace(",", "\u202f")
    sign = "\u2212" if value < 0 else ("+" if signed else "")
    return sign + text


def percent(value: float, signed: bool = False) -> str:
    """A share in per cent."""
    return number(100 * value, 2, signed) + "\u202f%"


def interval(low: float, high: float, share: bool = False, signed: bool = False) -> str:
    """'90 %: a to b', or that there is none."""
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return "no interval"
    show = percent if share else number
    return f"90\u202f%: {show(low, signed=signed)} to {show(high, signed=signed)}"


def records(table: Any) -> list[Any]:
    """The rows of a table as named tuples."""
    return list(table.itertuples(index=False))


def figure(height: float, width: float = WIDTH) -> Any:
    """An empty figure, outside pyplot's global state; call inside :func:`context`."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), facecolor="white")


def heading(fig: Any, title: str, subtitle: str, width: int = 80) -> float:
    """The finding, and below it what is drawn; returns the share of the figure's height that is left."""
    height = fig.get_figheight()
    y = 0.06
    for text, size, color, weight, step in ((title, 10.5, INK, "bold", 0.19), (subtitle, 8, SOFT, "normal", 0.16)):
        for line in textwrap.wrap(text, width if weight == "bold" else int(width * 1.35)):
            fig.text(0.012, 1 - y / height, line, fontsize=size, fontweight=weight, color=color, va="top")
            y += step
        y += 0.03
    return float(1 - y / height)
