"""Dose and response: what fewer and more officers do, beside what is in proportion to their number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..errors import InputError
from ..measures.doses import RESPONSE, RETURN, RETURN_CHANGE, dosed, officers_alone
from . import style, words
from .style import number, percent, plural, span, whole
from .tables import table

if TYPE_CHECKING:
    import pandas as pd

    from ..measures.comparison import Comparison

OPTION = "--doses 0.5,2"
"""What a reader adds to the command to have half of the officers and twice as many too."""
_HEIGHT = 42.0
_FRAME = 2.5
"""Height of a panel over its highest interval, at most: a ratio's single runs may lie anywhere."""
_TIMES = {2: "Twice", 3: "Three times", 4: "Four times", 5: "Five times", 10: "Ten times"}
_PARTS = {0.5: "Half", 0.25: "A quarter of", 0.75: "Three quarters of"}


class Panel(NamedTuple):
    """A measure over the dose."""

    effect: str
    key: str
    name: str
    unit: str
    share: bool = False
    from_zero: bool = False
    """Where nothing but officers makes the worlds differ, it is exactly zero without them."""


PANELS = (
    Panel("prevented_crossings", "during and after", "Crossings prevented", "people, on whatever leg", from_zero=True),
    Panel("treated_crossings_lost", "during and after", "Lost on treated legs", "per cent", True, True),
    Panel("displacement_spatial", "", "Moved to other legs", "of 100 lost there", True),
    Panel("officer_days_per_prevented_crossing", "during and after", "Cost of one prevented", "officer-days"),
)
"""In order; the first three that can be told at two doses are drawn."""
_DRAWN = 3
_TOLD = (
    ("prevented_crossings", "during and after"), (RESPONSE, "prevented_crossings"), (RETURN, "prevented_crossings"),
    ("treated_crossings_lost", "during and after"), ("arrivals_lost", "during and after"),
    ("displacement_spatial", ""), ("days_to_recover", "treated"), ("mean_fee_change", "during and after"),
    ("deaths_change", "during and after"), ("exploited_person_days_change", "to the end"),
    ("victims_protected_change", "to the end"), ("officer_days", "difference"),
    ("officer_days_per_prevented_crossing", "during and after"),
)  # fmt: skip


def title(comparison: Comparison) -> str:
    """How what the most officers prevent compares with what the planned ones do."""
    known = _doses(comparison)
    planned = words.first(known[known["dose"] == 1.0], "prevented_crossings", "during and after")
    if comparison.replicates < 2:
        return "One pair of runs does not tell what fewer officers and more prevent"
    if planned is None or not words.sure(planned):
        return "That the planned officers prevent any crossings cannot be told from zero"
    if planned["mean"] < 0:
        return "With the planned officers there are more crossings, not fewer"
    others = [dose for dose in known["dose"].unique() if dose != 1.0]
    dose = max(others) if max(others) > 1 else min(others)
    found = words.first(known[known["dose"] == dose], RESPONSE, "prevented_crossings")
    if found is None or found["status"] != "ok":
        return f"What {_of(dose)} the officers prevent cannot be told"
    if dose > 1 and found["low"] <= 1 <= found["high"]:
        change = span(found["low"] - 1, found["high"] - 1, share=True, signed=True)
        return f"That {_of(dose)} the officers prevent more cannot be told ({change})"
    many = f"{_of(dose)[0].upper()}{_of(dose)[1:]} the officers"
    if officers_alone(comparison.scenario, comparison.against):
        return f"{many} prevent {_held(dose, found)}{_verdict(known)}"
    return f"With {many[0].lower()}{many[1:]}, {_held(dose, found)} are prevented"


def _held(dose: float, found: dict[str, Any]) -> str:
    """What a dose prevents, held against what the planned one does."""
    mean, low, high = (found[name] for name in ("mean", "low", "high"))
    if dose < 1:
        return f"{percent(mean)} of the crossings that all prevent ({span(low, high, share=True)})"
    if mean >= 2:
        return f"{number(mean)} times as many crossings ({span(low, high)})"
    way, low, high = ("more", low - 1, high - 1) if mean > 1 else ("fewer", 1 - high, 1 - low)
    return f"{percent(abs(mean - 1))} {way} crossings ({span(low, high, share=True)})"


def _of(dose: float) -> str:
    if dose in _TIMES or dose in _PARTS:
        return (_TIMES | _PARTS)[dose].lower()
    return f"{number(dose)} times" if dose > 1 else f"{number(100 * dose)}\u202f% of"


def _verdict(known: pd.DataFrame) -> str:
    """Whether each step up brings less for an officer than the one below, as far as the intervals tell."""
    steps = known[(known["effect"] == RETURN_CHANGE) & (known["status"] == "ok")]
    if steps.empty:
        return ""
    if (steps["high"] < 0).all():
        return "; each further officer prevents less"
    if (steps["low"] > 0).any():
        return "; further officers do not prevent less at every step"
    return "; that further officers prevent less cannot be told at every step"


def _doses(comparison: Comparison) -> pd.DataFrame:
    """Raises InputError for a comparison without other doses."""
    if comparison.doses is None:
        raise InputError(f"doses: {comparison.name} was run with the planned officers alone; run waterbed compare with "
                         f"{OPTION}")  # fmt: skip
    return comparison.doses


def panels(comparison: Comparison) -> list[tuple[Panel, pd.DataFrame]]:
    """What is drawn: each measure with its rows by dose, those that have a value at two doses or more."""
    known = _doses(comparison)
    found = []
    for panel in PANELS:
        rows = known[(known["effect"] == panel.effect) & (known["key"] == panel.key)].sort_values("dose")
        rows = rows[rows["mean"].notna()]
        if len(rows) > 1:
            found.append((panel, rows.assign(size=_size(comparison, rows))))
    return found[:_DRAWN]


def _size(comparison: Comparison, rows: pd.DataFrame) -> pd.Series:
    """What stands on the axis: officers of the one operation, else the dose, for several need not stand together."""
    return rows["officers" if len(dosed(comparison.scenario, comparison.against)) == 1 else "dose"].astype(float)


def _subtitle(alone: bool) -> str:
    against = "the world without them" if alone else "the same other world"
    return f"The same people, chance and days with fewer officers and with more; each against {against}."


def draw(comparison: Comparison, width: float = style.PAGE) -> Any:
    """Up to three measures over the dose, beside each other or, in a column, below."""
    shown, alone = panels(comparison), officers_alone(comparison.scenario, comparison.against)
    heading, subtitle, foot = title(comparison), _subtitle(alone), _foot(comparison, alone)
    beside = max(1, len(shown)) if width == style.PAGE else 1
    deep = -(-len(shown) // beside)
    head = style.heading_height(heading, subtitle, width)
    fig = style.figure(width, head + deep * (_HEIGHT + 22) + style.note_height(foot, width))
    top = style.heading(fig, heading, subtitle)
    across = (width - 2 * style.MARGIN) / beside
    one = len(dosed(comparison.scenario, comparison.against)) == 1
    for i, (panel, rows) in enumerate(shown):
        left, above = style.MARGIN + (i % beside) * across, top + (i // beside) * (_HEIGHT + 22)
        style.text(fig, left, above + 1, panel.name, fontsize=8.2, fontweight="bold")
        style.text(fig, left, above + 5.2, panel.unit, fontsize=7, color=style.SOFT)
        room = 9.0 if rows["mean"].abs().max() < 1e6 else 14.0
        axes = style.axes(fig, left + room, above + 10, across - room - 6, _HEIGHT)
        _draw(axes, panel, rows, panel.from_zero and alone, named=not i)
        axes.xaxis.set_major_formatter(lambda x, _: whole(x) if one else style.tick(round(x, 9)))
        below = "Officers" if one else "Times the planned officers"
        style.text(fig, left + room, above + _HEIGHT + 16, below, fontsize=7, color=style.SOFT)
    style.note(fig, foot)
    return fig


def _foot(comparison: Comparison, alone: bool) -> str:
    runs = f"{plural(comparison.replicates, 'paired run')} a dose, under the same seeds."
    if comparison.replicates < 2:
        return f"{runs} Dot: its value, filled at the planned number of officers; one pair has no interval."
    said = (
        f"{runs} Dot: estimate, filled at the planned number of officers. Dark band: its 90\u202f% bootstrap interval. "
        "Light band: what 90\u202f% of single runs bring, cut at the frame."
    )
    if not alone:
        return said
    return f"{said} Dashed: in proportion to the planned number. No officers: exactly nothing."


def _draw(axes: Any, panel: Panel, rows: pd.DataFrame, from_zero: bool, named: bool) -> None:
    factor = 100.0 if panel.share else 1.0
    columns = ["size", "mean", "low", "high", "run_low", "run_high"]
    points = rows[columns].to_numpy(float) * [1.0, *(factor,) * 5]
    planned = points[rows["dose"].to_numpy() == 1.0]
    if from_zero:
        points = np.vstack([np.zeros(len(columns)), points])
    size, mean, low, high, run_low, run_high = points.T
    axes.fill_between(size, run_low, run_high, color=style.WITH, alpha=0.13, lw=0)
    axes.fill_between(size, low, high, color=style.WITH, alpha=0.28, lw=0)
    axes.axhline(0, color=style.INK, lw=0.7, zorder=2)
    axes.plot(size, mean, color=style.WITH, lw=1.5, zorder=4)
    start, dot = int(from_zero), {"marker": "o", "ls": "", "zorder": 5, "clip_on": False}
    axes.plot(size[start:], mean[start:], ms=4, mfc=style.PAPER, mec=style.WITH, mew=1.2, **dot)
    highest = float(np.nanmax([*high, *mean]))
    most = max(highest * 1.25, min(float(np.nanmax([*run_high, highest])) * 1.04, _FRAME * highest))
    for x, y in planned[:, :2]:
        axes.plot([x], [y], ms=5, color=style.WITH, **dot | {"zorder": 6})
        line = from_zero and y > 0
        far = min(max(size) / x, 0.97 * most / y) if line else 0.0
        if line:
            axes.plot([0, far * x], [0, far * y], color=style.NOTE, lw=1, ls=(0, (4, 2.5)), zorder=3)
        if named:
            _name(axes, (x, y), (far * x, far * y) if line else None, far * x > 0.6 * max(size))
    lowest = float(np.nanmin([0.0, *run_low, *mean]))
    axes.set_ylim(lowest * 1.05, most if most > lowest else 1.0)
    axes.set_xlim(0, max(size) * 1.02)
    axes.set_xticks(_apart(list(size), float(planned[0, 0])))
    axes.yaxis.set_major_formatter(lambda y, _: style.tick(round(y, 9)))


def _name(axes: Any, dot: tuple[float, float], end: tuple[float, float] | None, left: bool) -> None:
    """Words for the filled dot and the dashed line, once."""
    how: Any = {"textcoords": "offset points", "fontsize": 6.8, "path_effects": style.halo(), "zorder": 7}
    axes.annotate("planned", dot, xytext=(4, -4), va="top", color=style.WITH, **how)
    if end is not None:
        axes.annotate("in proportion", end, xytext=(-4 if left else 4, -1), ha="right" if left else "left", va="top",
                      color=style.NOTE, **how)  # fmt: skip


def _apart(sizes: list[float], planned: float) -> list[float]:
    """Doses that have room for their number below the axis: the planned one and the ends first."""
    largest = max(sizes)
    kept: list[float] = []
    for x in (planned, largest, 0.0, *sorted(sizes)):
        if all(abs(x - other) >= 0.14 * largest for other in kept):
            kept.append(x)
    return sorted(kept)


def section(comparison: Comparison) -> str:
    """Every dose in a table."""
    known = _doses(comparison)
    doses = known[["dose", "officers"]].drop_duplicates()
    one = len(dosed(comparison.scenario, comparison.against)) == 1
    names = [f"{f'{whole(o)} officers' if one else f'{number(dose)} times'}{' (planned)' if dose == 1 else ''}"
             for dose, o in doses.to_numpy()]  # fmt: skip
    header = ["Effect", "Unit", *names]
    rows = []
    for effect, key in _TOLD:
        found = [words.first(known[known["dose"] == dose], effect, key) for dose in doses["dose"]]
        told = [row for row in found if row is not None]
        if told:
            unit = "" if told[0]["unit"] in words.SHARES else told[0]["unit"]
            name = words.group_and_name(effect, "" if key == "prevented_crossings" else key)[1]
            rows.append([name, unit, *(_cell(row) for row in found)])
    return table("What each number of officers does: estimate, and its 90\u202f% bootstrap interval", header, rows,
                 set(range(2, len(header))))  # fmt: skip


def _cell(row: dict[str, Any] | None) -> str:
    if row is None or row["mean"] != row["mean"]:
        return "not identified"
    share = row["unit"] in words.SHARES
    mean = style.percent(row["mean"]) if share else number(row["mean"])
    known = f"<br><span class=dim>{span(row['low'], row['high'], share)}</span>" if row["low"] < row["high"] else ""
    return mean + known


def can(comparison: Comparison) -> bool:
    """Whether there are officers of whom there could be fewer or more."""
    theirs = dosed(comparison.scenario, comparison.against)
    return any(theirs.values()) and not theirs.keys() & comparison.against.operations.keys()


def asked() -> str:
    """What the page says where no other doses were run, as HTML."""
    return (f"<p>Only the planned number of officers was simulated. <code>waterbed compare</code> with <code>{OPTION}"
            "</code> shows what fewer and more would do, against the same world without them.</p>")  # fmt: skip
