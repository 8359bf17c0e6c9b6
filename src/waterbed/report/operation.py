"""The operation's own table: what it would report of itself, beside what was published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..measures.operation import ALIKE, OUTCOMES, REPORTED_PER_VICTIM, beside_published
from . import style
from .style import count, plural, span, whole

if TYPE_CHECKING:
    from ..measures.comparison import Comparison

NAMES = {
    "arrests_trafficking_smuggling": "Arrests for trafficking or smuggling",
    "arrests": "Arrests of all kinds",
    "victims_protected": "Potential victims protected",
    "irregular_migrants_detected": "Irregular migrants detected",
    "investigations_opened": "New investigations",
    "officers": "Officers",
    "countries": "Countries",
}
_BRIEF = {
    "arrests_trafficking_smuggling": "Arrests",
    "victims_protected": "Potential victims",
    "irregular_migrants_detected": "Migrants detected",
}
"""Names where rows are low; what they leave out is said by :func:`about`."""
UNLIKE = f"simulated: before the reporting factor of about {REPORTED_PER_VICTIM}"
"""Beside simulated victims, where potential victims are published."""
NOT_SIMULATED = "arrests"
"""All arrests are no outcome of the model: it makes those for trafficking or smuggling alone."""
_DRAWN = tuple(row for row in OUTCOMES if row != NOT_SIMULATED)
_BEFORE_REPORTING = "victims_protected"
_ROW = 9.0
AT = "at one set of parameters"
"""What intervals of runs are conditional on; predictions with the parameters drawn are another thing."""
_MOST = 3
"""Operations that are shown one by one."""


def rows(comparison: Comparison) -> list[Any]:
    """Rows that come of the operations, not what they were given; of many operations the one with most to report."""
    found = [r for r in style.records(beside_published(comparison.operation)) if r.row in _DRAWN]
    total: dict[str, float] = {}
    for r in found:
        total[r.operation] = total.get(r.operation, 0.0) + r.mean
    shown = total if len(total) <= _MOST else {max(total, key=lambda name: total[name])}
    return [r for r in found if r.operation in shown]


def title(comparison: Comparison) -> str:
    """How many outcomes that are published alike the simulation holds, or what would be reported if none is."""
    found = rows(comparison)
    if not found:
        return "No operation, so no table of its own"
    known = [r for r in found if r.published == r.published and r.row in ALIKE]
    if known:
        held = sum(bool(r.low <= r.published <= r.high) for r in known)
        said = "None" if held == 0 else ("All" if held == len(known) else str(held))
        return (
            f"{said} of the {len(known)} outcomes published like for like {'lies' if held in (0, 1) else 'lie'} "
            f"within 90\u202f% of runs {AT}"
        )
    first = [
        f"{whole(r.mean)} {NAMES[r.row].lower()}"
        for r in found
        if r.operation == found[0].operation and round(r.mean) > 0
    ]
    return (
        f"The operation would report {style.listed(first)}" if first else "The operation would have nothing to report"
    )


def published(comparison: Comparison) -> bool:
    """Whether anything is published of the operations that are shown."""
    return any(r.published == r.published for r in rows(comparison))


def about(comparison: Comparison) -> str:
    """What is drawn where there is no room below it: rows, intervals, and what is not held like against like."""
    said = "Mean and 90\u202f% of runs; arrests for trafficking or smuggling"
    if not published(comparison):
        return f"{said}."
    return (
        f"{said}; simulated victims before the reporting factor (about {REPORTED_PER_VICTIM}). With parameters' own "
        "uncertainty: docs/prediction.md."
    )


def chance_alone(comparison: Comparison) -> str:
    """What tells these intervals from those of a prediction; nothing where there is none to be told from."""
    if not published(comparison):
        return ""
    return (
        f"These intervals are of runs {AT} (as shipped: the calibrated medians) and hold chance alone; with the "
        "parameters' own uncertainty, see docs/prediction.md."
    )


def draw(comparison: Comparison) -> Any:
    """One row an outcome on a logarithmic axis: 50 and 90 % of runs, published and naive values."""
    found = rows(comparison)
    words = (
        f"Bars: 50 and 90\u202f% of {plural(comparison.replicates, 'run')}; dot: mean. Outputs, recorded by "
        f"those who took "
        "part, not outcomes."
    )
    if published(comparison):
        words += (
            f" {chance_alone(comparison)} Naive: rate of earlier operations times countries and days. Simulated "
            f"victims are those whom officers recognise or free, before the reporting factor: about "
            f"{REPORTED_PER_VICTIM} potential victims are published for one of them, so the two are not alike, and the "
            "title does not count them."
        )
    if (others := comparison.operation["operation"].nunique() - len({r.operation for r in found})) > 0:
        words += f" Not shown: {plural(others, 'operation')} with less to report."
    foot = style.note_height(words, style.MIDDLE)
    tall = 26 + _ROW * max(len(found), 1) + 9 + foot
    fig = style.figure(style.MIDDLE, tall)
    top = style.heading(
        fig,
        title(comparison),
        f"What the operation itself would report, simulated{' and published' if published(comparison) else ''}; "
        "logarithmic scale.",
    )
    panel(fig, style.MARGIN, top, style.MIDDLE - 2 * style.MARGIN, tall - top - foot - 1, comparison)
    style.note(fig, words)
    return fig


def panel(
    fig: Any, left: float, top: float, width: float, height: float, comparison: Comparison, size: float = 7.4
) -> None:
    """The rows in a box of millimetres."""
    found = rows(comparison)
    if not found:
        style.text(fig, left, top + 4, "The scenario has no operation.", fontsize=size, color=style.SOFT)
        return
    many = len({r.operation for r in found}) > 1
    tight = (height - 12) / len(found) < 7
    names, right = (0.36 if not tight else 0.38) * width, (0.2 if not tight else 0.27) * width
    axes = style.axes(fig, left + names, top + 6, width - names - right, height - 12)
    known = published(comparison)
    values = [
        v
        for r in found
        for v in (r.mean, r.low, r.high, *((r.published, r.naive) if known else ()))
        if v == v and v > 0
    ]
    low, high = (min(values), max(values)) if values else (1.0, 10.0)
    floor = 10 ** _floor(min(low, 1.0 if any(r.low == 0 for r in found) else low))
    axes.set_xscale("log")
    axes.set_xlim(floor * 0.8, high * 2.2)
    axes.set_ylim(len(found) - 0.4, -0.6)
    axes.set_yticks([])
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    axes.minorticks_off()
    axes.tick_params(axis="x", length=0)
    axes.xaxis.set_major_formatter(lambda x, _: style.tick(x))
    for i, r in enumerate(found):
        _row(axes, i, r, floor, known, not tight)
        at = top + 6 + (height - 12) * (i + 0.6) / (len(found) + 0.2)
        name = (_BRIEF if tight else NAMES).get(r.row, NAMES[r.row]) + (f" ({r.operation})" if many else "")
        _name(fig, left, at, names - 3, name, "" if tight else unlike(r), size)
        mean = "none" if r.mean == 0 else count(r.mean)
        runs = "" if r.low != r.low else "in any run" if r.mean == 0 else f"({span(r.low, r.high)})"
        back = style.extent(runs + " ", size - 0.8)[0] / 72 / style.MM if tight else 0.0
        style.text(
            fig,
            left + width - back,
            at - (0 if tight else 1.6),
            mean,
            fontsize=size,
            fontweight="bold",
            color=style.WITH,
            ha="right",
            va="center",
        )
        style.text(
            fig,
            left + width,
            at + (0 if tight else 1.6),
            runs,
            fontsize=size - 0.8,
            color=style.SOFT,
            ha="right",
            va="center",
        )
    if not tight:
        style.text(
            fig,
            left + width,
            top + 1,
            "simulated (90\u202f% of runs)",
            fontsize=size - 0.8,
            color=style.SOFT,
            ha="right",
        )
    _key(axes, known, size)


def unlike(row: Any) -> str:
    """What keeps a row's simulated and published numbers from being of the same thing, or nothing."""
    return UNLIKE if row.row == _BEFORE_REPORTING and row.published == row.published else ""


def _name(fig: Any, left: float, at: float, width: float, name: str, below: str, size: float) -> None:
    """A row's name in as many lines as it needs, around its middle in millimetres, and what qualifies it."""
    lines = [(line, size, "bold", style.INK) for line in style.wrap(name, width * style.MM * 72, size, "bold")]
    if below:
        lines += [(f, size - 1.4, "normal", style.SOFT) for f in style.wrap(below, width * style.MM * 72, size - 1.4)]
    at -= sum(line[1] for line in lines) * 1.1 / 72 / style.MM / 2
    for words, points, weight, color in lines:
        style.text(fig, left, at, words, fontsize=points, fontweight=weight, color=color)
        at += points * 1.1 / 72 / style.MM


def _floor(value: float) -> int:
    import math

    return math.floor(math.log10(value))


def _at(value: float, floor: float) -> float:
    """Zero has no place on a logarithmic axis: it is drawn at its edge."""
    return max(value, floor * 0.8)


def _row(axes: Any, y: int, r: Any, floor: float, published: bool, numbers: bool) -> None:
    if r.low == r.low:
        axes.plot([_at(r.low, floor), _at(r.high, floor)], [y, y], color=style.WITH, lw=1.1, zorder=3)
        axes.plot(
            [_at(r.low50, floor), _at(r.high50, floor)],
            [y, y],
            color=style.WITH,
            lw=3.6,
            solid_capstyle="butt",
            alpha=0.55,
            zorder=3,
        )
    axes.plot([_at(r.mean, floor)], [y], "o", ms=4.6, color=style.WITH, zorder=5, clip_on=False)
    if r.mean == 0:
        axes.annotate(
            "0", (floor * 0.8, y), xytext=(5, 0), textcoords="offset points", fontsize=7, va="center", color=style.WITH
        )
    if not published:
        return
    if r.naive == r.naive:
        axes.plot([_at(r.naive, floor)], [y], "o", ms=4.4, mfc=style.PAPER, mec=style.WITHOUT, mew=1.1, zorder=4)
    if r.published == r.published:
        axes.plot([r.published], [y], "D", ms=4.6, color=style.FEWER, zorder=6)
        if numbers:
            axes.annotate(
                whole(r.published),
                (r.published, y),
                xytext=(0, 4.5),
                textcoords="offset points",
                fontsize=6.8,
                color=style.FEWER_TEXT,
                ha="center",
                va="bottom",
                path_effects=style.halo(),
            )


def _key(axes: Any, published: bool, size: float) -> None:
    """What each mark is, above the axis."""
    from matplotlib.transforms import ScaledTranslation

    x = 3.0
    marks = [
        ("simulated", style.WITH, style.WITH, "o"),
        *(
            [("published", style.FEWER, style.FEWER_TEXT, "D"), ("naive", style.WITHOUT, style.WITHOUT, "o")]
            if published
            else []
        ),
    ]
    for word, color, ink, mark in marks:
        place = axes.transAxes + ScaledTranslation(x / 72, 7 / 72, axes.figure.dpi_scale_trans)
        axes.plot(
            [0],
            [1],
            mark,
            ms=4.2,
            mfc=style.PAPER if word == "naive" else color,
            mec=color,
            mew=1.1,
            transform=place,
            clip_on=False,
        )
        axes.annotate(
            word,
            (0, 1),
            xycoords="axes fraction",
            xytext=(x + 5, 7),
            textcoords="offset points",
            fontsize=size - 0.4,
            color=ink,
            va="center",
        )
        x += 14 + style.extent(word, size - 0.4)[0]
