"""Dose and response: what fewer and more officers do, beside what is in proportion to their number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import InputError
from ..measures.doses import RESPONSE, officers
from . import style, words
from .style import number, percent, plural, span, whole
from .tables import table

if TYPE_CHECKING:
    import pandas as pd

    from ..measures.comparison import Comparison

SUBTITLE = "The same people, chance and days with fewer officers and with more; each against the world without them."
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
    """Without officers it is exactly zero: no world differs from its twin then."""


PANELS = (
    Panel("prevented_crossings", "during and after", "Crossings prevented", "people, on whatever leg", from_zero=True),
    Panel("treated_crossings_lost", "during and after", "Lost on treated legs", "per cent", True, True),
    Panel("displacement_spatial", "", "Moved to other legs", "of 100 lost there", True),
    Panel("officer_days_per_prevented_crossing", "during and after", "Cost of one prevented", "officer-days"),
)
"""In order; the first three that can be told at two doses are drawn."""
_DRAWN = 3
_TOLD = (
    ("prevented_crossings", "during and after"), ("treated_crossings_lost", "during and after"),
    ("arrivals_lost", "during and after"), ("displacement_spatial", ""), ("days_to_recover", "treated"),
    ("mean_fee_change", "during and after"), ("deaths_change", "during and after"),
    ("exploited_person_days_change", "to the end"), ("victims_protected_change", "to the end"),
    ("officer_days", "difference"), ("officer_days_per_prevented_crossing", "during and after"),
)  # fmt: skip


def title(comparison: Comparison) -> str:
    """How what the most officers prevent compares with what the planned ones do."""
    known = _doses(comparison)
    planned = words.first(known[known["dose"] == 1.0], "prevented_crossings", "during and after")
    if planned is None or not words.sure(planned) or planned["mean"] < 0:
        return "That the planned officers prevent any crossings cannot be told from zero"
    others = [dose for dose in known["dose"].unique() if dose != 1.0]
    dose = max(others) if max(others) > 1 else min(others)
    found = words.first(known[known["dose"] == dose], RESPONSE, "prevented_crossings")
    if found is None or found["status"] != "ok":
        return f"What {_of(dose)} the officers prevent cannot be told"
    return f"{_of(dose)[0].upper()}{_of(dose)[1:]} the officers prevent {_held(found)}{_verdict(dose, found)}"


def _held(found: dict[str, Any]) -> str:
    """What a dose prevents, held against what the planned one does."""
    mean, low, high = (found[name] for name in ("mean", "low", "high"))
    if mean >= 2:
        return f"{number(mean)} times as many crossings ({span(low, high)})"
    if mean < 1:
        return f"{percent(mean)} of the crossings that all prevent ({span(low, high, share=True)})"
    if low <= 1:
        return f"as many crossings, as far as these runs tell ({span(low - 1, high - 1, share=True, signed=True)})"
    return f"{percent(mean - 1)} more crossings ({span(low - 1, high - 1, share=True)})"


def _of(dose: float) -> str:
    if dose in _TIMES or dose in _PARTS:
        return (_TIMES | _PARTS)[dose].lower()
    return f"{number(dose)} times" if dose > 1 else f"{number(100 * dose)}\u202f% of"


def _verdict(dose: float, found: dict[str, Any]) -> str:
    """Whether returns fall, where the interval tells; of fewer officers it is the rest that add less."""
    if found["low"] <= dose <= found["high"]:
        return ", in proportion as far as these runs tell"
    falling = (found["high"] < dose) == (dose > 1)
    return f"; each further officer prevents {'less' if falling else 'more'}"


def _doses(comparison: Comparison) -> pd.DataFrame:
    """Raises InputError for a comparison without other doses."""
    if comparison.doses is None:
        raise InputError(f"doses: {comparison.name} was run with the planned officers alone; run waterbed compare with "
                         f"{OPTION}")  # fmt: skip
    return comparison.doses


def panels(comparison: Comparison) -> list[tuple[Panel, pd.DataFrame]]:
    """What is drawn: each measure with its rows by dose, those that can be told."""
    known = _doses(comparison)
    found = []
    for panel in PANELS:
        rows = known[(known["effect"] == panel.effect) & (known["key"] == panel.key)].sort_values("dose")
        rows = rows[rows["status"].eq("ok") & rows["low"].notna()]
        if len(rows) > 1:
            found.append((panel, rows))
    return found[:_DRAWN]


def draw(comparison: Comparison, width: float = style.PAGE) -> Any:
    """Up to three measures over the dose, beside each other or, in a column, below."""
    shown, heading = panels(comparison), title(comparison)
    foot = _foot(comparison)
    beside = len(shown) if width == style.PAGE else 1
    deep = -(-len(shown) // beside) if shown else 0
    head = style.heading_height(heading, SUBTITLE, width)
    fig = style.figure(width, head + deep * (_HEIGHT + 22) + style.note_height(foot, width))
    top = style.heading(fig, heading, SUBTITLE)
    across = (width - 2 * style.MARGIN) / max(beside, 1)
    for i, (panel, rows) in enumerate(shown):
        left, above = style.MARGIN + (i % beside) * across, top + (i // beside) * (_HEIGHT + 22)
        style.text(fig, left, above + 1, panel.name, fontsize=8.2, fontweight="bold")
        style.text(fig, left, above + 5.2, panel.unit, fontsize=7, color=style.SOFT)
        _draw(style.axes(fig, left + 9, above + 10, across - 15, _HEIGHT), panel, rows, named=not i)
        style.text(fig, left + 9, above + _HEIGHT + 16, "Officers", fontsize=7, color=style.SOFT)
    style.note(fig, foot)
    return fig


def _foot(comparison: Comparison) -> str:
    return (
        f"{plural(comparison.replicates, 'paired run')} a dose, under the same seeds. Dot: estimate, filled at the "
        "planned number of officers. Dark band: its 90\u202f% bootstrap interval. Light band: what 90\u202f% of "
        "single runs bring, cut at the frame. Dashed: in proportion to the planned number. No officers: exactly "
        "nothing."
    )


def _draw(axes: Any, panel: Panel, rows: pd.DataFrame, named: bool) -> None:
    factor = 100.0 if panel.share else 1.0
    columns = ["officers", "mean", "low", "high", "run_low", "run_high"]
    points = rows[columns].to_numpy(float) * [1.0, *(factor,) * 5]
    planned = points[rows["dose"].to_numpy() == 1.0]
    if panel.from_zero:
        points = [[0.0] * len(columns), *points.tolist()]
    officers, mean, low, high, run_low, run_high = map(list, zip(*points, strict=True))
    axes.fill_between(officers, run_low, run_high, color=style.WITH, alpha=0.13, lw=0)
    axes.fill_between(officers, low, high, color=style.WITH, alpha=0.28, lw=0)
    axes.axhline(0, color=style.INK, lw=0.7, zorder=2)
    axes.plot(officers, mean, color=style.WITH, lw=1.5, zorder=4)
    start = int(panel.from_zero)
    axes.plot(officers[start:], mean[start:], "o", ms=4, mfc=style.PAPER, mec=style.WITH, mew=1.2, zorder=5)
    most = max(max(high) * 1.25, min(max(run_high) * 1.04, _FRAME * max(high)))
    for x, y in planned[:, :2]:
        axes.plot([x], [y], "o", ms=5, color=style.WITH, zorder=6)
        if panel.from_zero and y > 0:
            far = min(max(officers) / x, 0.97 * most / y)
            axes.plot([0, far * x], [0, far * y], color=style.NOTE, lw=1, ls=(0, (4, 2.5)), zorder=3)
        if named:
            _name(axes, x, y, most, far * x if panel.from_zero and y > 0 else None)
    lowest = min(0.0, *run_low)
    axes.set_ylim(lowest * 1.05, most)
    axes.set_xlim(0, max(officers) * 1.02)
    axes.set_xticks(_apart(officers))
    axes.xaxis.set_major_formatter(lambda x, _: whole(x))
    axes.yaxis.set_major_formatter(lambda y, _: style.tick(round(y, 9)))


def _name(axes: Any, x: float, y: float, most: float, far: float | None) -> None:
    """Words for the filled dot and the dashed line, once."""
    how: Any = {"textcoords": "offset points", "fontsize": 6.8, "path_effects": style.halo(), "zorder": 7}
    axes.annotate("planned", (x, y), xytext=(4, -4), va="top", color=style.WITH, **how)
    if far is not None:
        left = far > 0.6 * axes.dataLim.x1
        axes.annotate("in proportion", (far, 0.97 * most if far * y / x > 0.9 * most else far * y / x),
                      xytext=(-4 if left else 4, -1), ha="right" if left else "left", va="top", color=style.NOTE,
                      **how)  # fmt: skip


def _apart(officers: list[float]) -> list[float]:
    """Doses that have room for their number below the axis, from the largest down."""
    kept: list[float] = []
    for x in sorted({0.0, *officers}, reverse=True):
        if not kept or kept[-1] - x >= 0.14 * max(officers):
            kept.append(x)
    return kept


def section(comparison: Comparison) -> str:
    """Every dose in a table."""
    known = _doses(comparison)
    doses = known[["dose", "officers"]].drop_duplicates()
    names = [f"{whole(o)} officers{' (planned)' if dose == 1 else ''}" for dose, o in doses.to_numpy()]
    header = ["Effect", "Unit", *names]
    rows = []
    for effect, key in _TOLD:
        found = [words.first(known[known["dose"] == dose], effect, key) for dose in doses["dose"]]
        told = [row for row in found if row is not None]
        if told:
            unit = "" if told[0]["unit"] in words.SHARES else told[0]["unit"]
            rows.append([words.group_and_name(effect, key)[1], unit, *(_cell(row) for row in found)])
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
    return officers(comparison.scenario, comparison.against) > 0


def asked() -> str:
    """What the page says where no other doses were run, as HTML."""
    return (f"<p>Only the planned number of officers was simulated. <code>waterbed compare</code> with <code>{OPTION}"
            "</code> shows what fewer and more would do, against the same world without them.</p>")  # fmt: skip
