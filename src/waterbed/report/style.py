"""The visual language: colours with one job each, sizes in millimetres, type, and numbers as they are in print."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

WITH, WITHOUT = "#0B3C6F", "#6B6F76"
OPERATION, OPERATION_TEXT = "#F9F1DC", "#7A5A00"
FEWER, FEWER_TEXT, MORE = "#D26A14", "#A34A00", "#0A7391"
INK, SOFT, NOTE, GRID, PAPER = "#1B1F24", "#575D66", "#6F7680", "#E4E6E9", "#FFFFFF"
STRIPE = "#F5F6F7"
ROUTES = ("#18509F", "#68C3F7", "#14955F", "#A172C0")
"""Ways crossed: the treated or largest first; beyond four they are gathered."""
ROUTE_TEXTS = ("#164C99", "#1470A6", "#0F7A4D", "#8653AB")
"""The same for text: 4.5:1 against paper, and against a dark screen by what they turn into there."""
FATES = {"never_left": "#9EA2A6", "back": "#E3A52E", "dead": "#8E1B16", "other": "#EEEAE6"}
COLUMN, MIDDLE, PAGE = 85.0, 120.0, 178.0
"""Widths of figures, mm."""
WIDTHS = {"page": PAGE, "column": COLUMN}
"""Widths that a figure may be asked for by name."""
MM = 1.0 / 25.4
THIN = "\u202f"


@dataclass(frozen=True)
class Theme:
    """Colours of a map, on paper or on a dark screen."""

    paper: str
    ink: str
    soft: str
    land: str
    coast: str
    fewer: str
    fewer_text: str
    more: str


LIGHT = Theme(PAPER, INK, SOFT, "#F0EEE8", "#BDB8AC", FEWER, FEWER_TEXT, MORE)
DARK = Theme("#0E1621", "#EDF1F5", "#A9B4C0", "#1C2835", "#34465A", "#F7A35C", "#F7A35C", "#4CC3E8")
ON_SCREEN = {
    WITH: "#8FC1F5",
    WITHOUT: "#A9B4C0",
    OPERATION: "#2B2A1E",
    OPERATION_TEXT: "#E3C06A",
    FEWER: DARK.fewer,
    FEWER_TEXT: DARK.fewer,
    MORE: DARK.more,
    INK: DARK.ink,
    SOFT: DARK.soft,
    NOTE: "#93A0AE",
    GRID: "#2A3848",
    PAPER: DARK.paper,
    STRIPE: "#16202D",
    ROUTES[0]: "#3F7BCB",
    ROUTE_TEXTS[0]: "#7FB2F0",
    ROUTE_TEXTS[1]: "#68C3F7",
    ROUTE_TEXTS[2]: "#2FB57C",
    ROUTE_TEXTS[3]: "#B48AD0",
    FATES["dead"]: "#D9635C",
    FATES["other"]: "#4A5563",
}
"""What each colour turns into on a dark screen; those that are not named stay."""

RC: dict[str, Any] = {
    "font.size": 7.5,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": SOFT,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "text.color": INK,
    "text.hinting": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "ytick.major.size": 0,
    "xtick.major.size": 3,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "svg.fonttype": "path",
    "svg.hashsalt": "waterbed",
    "pdf.fonttype": 42,
    "figure.dpi": 100,
}


def context() -> Any:
    """Matplotlib's settings for a figure, our typeface known to it; leaves the process as it was."""
    import matplotlib

    settings: Any = RC | {"font.family": list(_families())}
    return matplotlib.rc_context(settings)


@lru_cache(maxsize=1)
def _families() -> tuple[str, ...]:
    from matplotlib import font_manager

    known = {f.name for f in font_manager.fontManager.ttflist}
    if "Waterbed Sans" not in known:
        for path in sorted((Path(__file__).parent / "fonts").glob("*.ttf")):
            font_manager.fontManager.addfont(path)
            known.add("Waterbed Sans")
    return tuple(f for f in ("Waterbed Sans", "DejaVu Sans") if f in known)


# Numbers and words -------------------------------------------------------------------------------------------------


def number(value: float | None, digits: int = 2, signed: bool = False) -> str:
    """A number with significant digits, narrow no-break spaces for thousands and a true minus."""
    if value is None or math.isnan(value):
        return "–"
    if value == 0 or math.isinf(value):
        return "0" if value == 0 else "∞"
    keep = digits - 1 - math.floor(math.log10(abs(value)))
    rounded = round(abs(value), keep)
    keep = digits - 1 - math.floor(math.log10(rounded))  # 9.99 has become 10
    places = 0 if rounded == int(rounded) else max(0, keep)
    text = f"{rounded:,.{places}f}".replace(",", THIN)
    sign = "\u2212" if value < 0 else ("+" if signed else "")
    return sign + text


def tick(value: float, signed: bool = False) -> str:
    """A number on an axis, with no more digits than it has."""
    return number(value, max(1, len(f"{abs(value):.6g}".replace(".", "").strip("0"))), signed) if value else "0"


def whole(value: float, signed: bool = False) -> str:
    """A count as it is: no decimals, no rounding to significant digits."""
    if math.isnan(value):
        return "–"
    rounded = round(value)
    sign = "\u2212" if rounded < 0 else ("+" if signed and rounded else "")
    return sign + f"{abs(rounded):,}".replace(",", THIN)


def count(people: float) -> str:
    """A mean number of people: three digits, a few of them two."""
    return number(people, 3 if abs(people) >= 100 else 2)


def percent(value: float, signed: bool = False) -> str:
    """A share in per cent."""
    return number(100 * value, 2, signed) + f"{THIN}%"


def interval(low: float, high: float, share: bool = False, signed: bool = False) -> str:
    """'90 %: a to b', or that there is none."""
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return "no interval"
    return f"90{THIN}%: {span(low, high, share, signed)}"


def span(low: float, high: float, share: bool = False, signed: bool = False) -> str:
    """'a to b'."""
    low, high = (100 * low, 100 * high) if share else (low, high)
    finest = max(abs(low), abs(high))
    places = max(0, 2 - math.floor(math.log10(finest))) if 0 < finest < math.inf else 0
    ends = " to ".join(_no_finer(v, places, signed) for v in (low, high))
    return f"{ends}{f'{THIN}%' if share else ''}"


def days(low: float, high: float) -> str:
    """'a to b' in whole days, as they stand beside a mean in whole days."""
    return f"{whole(low)} to {whole(high)}"


def _no_finer(value: float, places: int, signed: bool) -> str:
    """A number of two digits, but of no more decimals than the other end of its interval calls for."""
    if not math.isfinite(value) or not round(value, places):
        return number(round(value, places) if math.isfinite(value) else value)
    return number(value, max(1, min(2, places + math.floor(math.log10(abs(value))) + 1)), signed)


def of_hundred(part: float, total: float) -> str:
    """How many of 100, in whole people: 'none', 'fewer than 1', '12'."""
    if total <= 0 or part <= 0:
        return "none"
    value = 100.0 * part / total
    if value < 0.5:
        return "fewer than 1"
    return "nearly all" if 99.5 <= value < 100 else str(round(value))


def plural(count: float, one: str, many: str | None = None) -> str:
    """'1 day', '12 days'."""
    return f"{whole(count)} {one if round(count) == 1 else many or one + 's'}"


def listed(words: list[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def records(table: Any) -> list[Any]:
    """The rows of a table as named tuples."""
    return list(table.itertuples(index=False))


# Type and figures --------------------------------------------------------------------------------------------------


def extent(text: str, size: float, weight: str = "normal") -> tuple[float, float]:
    """Width and height of a line of text, in points; a little too wide, since it knows of no kerning and no hinting."""
    return 1.02 * size * sum(_advance(letter, weight) for letter in text), size * 1.05


@lru_cache(maxsize=2048)
def _advance(letter: str, weight: str) -> float:
    """Width of a letter, in units of the type's size."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=list(_families()), size=100.0, weight=weight)
    both, _, _ = text_to_path.get_text_width_height_descent(f"n{letter}n", font, False)
    alone, _, _ = text_to_path.get_text_width_height_descent("nn", font, False)
    return float(both - alone) / 100.0


def wrap(text: str, width: float, size: float, weight: str = "normal") -> list[str]:
    """Lines no wider than ``width`` points; breaks at plain spaces alone."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and extent(longer, size, weight)[0] > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def figure(width: float, height: float, paper: str = PAPER) -> Any:
    """An empty figure of so many millimetres, outside pyplot's global state; call inside :func:`context`."""
    from .sheet import Sheet

    return Sheet(figsize=(width * MM, height * MM), facecolor=paper)


def axes(fig: Any, left: float, top: float, width: float, height: float, bare: bool = False) -> Any:
    """Axes at a place in millimetres from the figure's upper left corner; bare: a canvas in points, y upward."""
    wide, high = (side / MM for side in fig.get_size_inches())
    made = fig.add_axes((left / wide, 1 - (top + height) / high, width / wide, height / high))
    if bare:
        made.set_axis_off()
        made.set_xlim(0, width * MM * 72)
        made.set_ylim(0, height * MM * 72)
    return made


def text(fig: Any, left: float, top: float, words: str, **how: Any) -> None:
    """Text at a place in millimetres from the figure's upper left corner."""
    wide, high = (side / MM for side in fig.get_size_inches())
    fig.text(left / wide, 1 - top / high, words, **({"va": "top"} | how))


def paragraph(
    fig: Any, left: float, top: float, width: float, words: str, size: float, weight: str = "normal", color: str = INK
) -> float:
    """Wrapped lines from a place on, in millimetres; returns where the next thing may begin."""
    step = size * 1.24 / 72 / MM
    for line in wrap(words, width * MM * 72, size, weight):
        text(fig, left, top, line, fontsize=size, fontweight=weight, color=color)
        top += step
    return top


MARGIN = 2.0
"""Millimetres around a figure's text."""


def heading(fig: Any, title: str, subtitle: str, ink: str = INK, soft: str = SOFT) -> float:
    """The finding, and below it what is drawn; returns the millimetres from the top that they take."""
    width = fig.get_figwidth() / MM - 2 * MARGIN
    top = paragraph(fig, MARGIN, 2.2, width, title, 10, "bold", ink)
    return paragraph(fig, MARGIN, top + 0.6, width, subtitle, 7.6, "normal", soft) + 1.5


def heading_height(title: str, subtitle: str, width: float) -> float:
    """Millimetres that a heading takes in a figure of a width."""
    free = (width - 2 * MARGIN) * MM * 72
    lines = 10 * len(wrap(title, free, 10, "bold")) + 7.6 * len(wrap(subtitle, free, 7.6))
    return 2.2 + 0.6 + 1.5 + lines * 1.24 / 72 / MM


def note(fig: Any, words: str, color: str = NOTE) -> None:
    """Notes at the foot of a figure."""
    width, high = (side / MM for side in fig.get_size_inches())
    lines = len(wrap(words, (width - 2 * MARGIN) * MM * 72, 6.3))
    paragraph(fig, MARGIN, high - 1.2 - lines * 6.3 * 1.24 / 72 / MM, width - 2 * MARGIN, words, 6.3, color=color)


def note_height(words: str, width: float) -> float:
    """Millimetres that notes take."""
    return len(wrap(words, (width - 2 * MARGIN) * MM * 72, 6.3)) * 6.3 * 1.24 / 72 / MM + 2.5


def halo(width: float = 2.0, color: str = PAPER) -> Any:
    """An outline of paper around text that stands on a drawing."""
    from matplotlib import patheffects

    return [patheffects.withStroke(linewidth=width, foreground=color)]
