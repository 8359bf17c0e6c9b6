"""The alluvial of fates: the same people, left without and right with the measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import style
from .style import number

if TYPE_CHECKING:
    import pandas as pd

    from ..measures.comparison import Comparison

WORDS = {
    "dead": "Died", "never_left": "Never left", "back": "Turned back", "on_the_way": "Still on the way",
    "exploited": "Exploited", "protected": "Protected", "detained": "Detained", "legal": "Left legally",
}  # fmt: skip
_SMALLEST = 0.0005
_SLOT = 0.05
_GAP = 0.012


def label(fate: str) -> str:
    """A fate in words."""
    return f"Crossed, {fate.split(': ', 1)[1]}" if fate.startswith("crossed: ") else WORDS[fate]


def title(comparison: Comparison) -> str:
    """What became of those who would have crossed where most of the change is."""
    table = comparison.fates
    changed = table[(table["without"] != table["with"]) & table["without"].str.startswith("crossed: ")]
    if changed.empty or changed["people"].sum() <= 0:
        return "The same people met the same fates in both worlds"
    lost = changed.groupby("without")["people"].sum()
    route = str(lost.idxmax())
    mine = table[table["without"] == route]
    total = mine["people"].sum()

    def of(rows: pd.Series) -> str:
        return number(100 * float(mine.loc[rows, "people"].sum()) / total, 2)

    same, elsewhere = mine["with"] == route, mine["with"].str.startswith("crossed: ") & (mine["with"] != route)
    never = mine["with"] == "never_left"
    name = route.split(": ", 1)[1]
    return (
        f"Of 100 who would have crossed by {name}, {of(same)} still did, "
        f"{of(elsewhere)} crossed elsewhere, {of(never)} never left"
    )


def draw(comparison: Comparison) -> Any:
    """One cohort on both sides, one scale; each slot at least as high as its label."""
    # Most people never leave in either world; drawn to scale, they would leave no room for the others.
    stayed = (comparison.fates["without"] == "never_left") & (comparison.fates["with"] == "never_left")
    table = comparison.fates[~stayed]
    order, colors = _order(table)
    left, right = (table.groupby(side)["people"].sum().reindex(order, fill_value=0.0) for side in ("without", "with"))
    total = left.sum()
    fig = style.figure(max(4.2, 0.52 * len(order) + 1.5))
    room = style.heading(
        fig,
        title(comparison),
        f"Fates of the same {number(total, 3)} people in both worlds, {comparison.cohort['fate_days']} days after they "
        f"began to consider leaving. Not drawn: {number(float(comparison.fates.loc[stayed, 'people'].sum()), 3)} "
        "who never left in either.",
    )
    axes = fig.add_axes((0.24, 0.06, 0.46, room - 0.13))
    axes.set_axis_off()
    scale = (1 - (_SLOT + _GAP) * len(order)) / total
    spans = {side: _slots(values, scale) for side, values in (("left", left), ("right", right))}
    _ribbons(axes, table, order, colors, spans, scale, total)
    for side, x in (("left", 0.0), ("right", 0.97)):
        for fate in order:
            low, high = spans[side][fate]
            axes.add_patch(_box(x, low, 0.03, high - low, colors[fate]))
    _labels(axes, order, left, right, spans, total)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.text(0, 1.02, "Without", ha="right", fontweight="bold", fontsize=9, color=style.WITHOUT)
    axes.text(1, 1.02, "With the measure", ha="left", fontweight="bold", fontsize=9, color=style.WITH)
    fig.text(
        0.012,
        0.02,
        f"Means of {comparison.replicates} paired runs. Pale: same fate; full colour: changed. "
        "Ribbons under 0.05 % of the people are not drawn.",
        fontsize=6.3,
        color=style.NOTE,
    )
    return fig


def _order(table: pd.DataFrame) -> tuple[list[str], dict[str, str]]:
    seen = [f for f in dict.fromkeys([*table["without"], *table["with"]])]
    weight = table.groupby("without")["people"].sum()
    crossed = sorted((f for f in seen if f.startswith("crossed: ")), key=lambda f: -weight.get(f, 0.0))
    order = crossed + [
        f
        for f in ("legal", "never_left", "back", "on_the_way", "exploited", "protected", "detained", "dead")
        if f in seen
    ]
    colors = {f: style.ROUTES[i % len(style.ROUTES)] for i, f in enumerate(crossed)} | style.FATES
    return order, colors


def _slots(values: pd.Series, scale: float) -> dict[str, tuple[float, float]]:
    spans, y = {}, 1.0
    for fate, people in values.items():
        height = people * scale
        middle = y - (height + _SLOT) / 2
        spans[str(fate)] = (middle - height / 2, middle + height / 2)
        y -= height + _SLOT + _GAP
    return spans


def _box(x: float, y: float, width: float, height: float, color: str) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle(
        (x, y), width, height, facecolor=color, edgecolor="#9A968F" if color == "#EEEAE6" else "none", lw=0.6
    )


def _ribbons(
    axes: Any, table: pd.DataFrame, order: list[str], colors: dict[str, str], spans: Any, scale: float, total: float
) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    flow = table.pivot_table(index="without", columns="with", values="people", fill_value=0.0)
    flow = flow.reindex(index=order, columns=order, fill_value=0.0)
    start = {f: spans["left"][f][1] for f in order}
    end = {f: spans["right"][f][1] for f in order}
    for a in order:
        for b in order:
            height = flow.loc[a, b] * scale
            y0, y1 = start[a], end[b]
            start[a] -= height
            end[b] -= height
            if flow.loc[a, b] < _SMALLEST * total:
                continue
            x0, x1, m = 0.03, 0.97, 0.5
            corners = [
                (x0, y0),
                (m, y0),
                (m, y1),
                (x1, y1),
                (x1, y1 - height),
                (m, y1 - height),
                (m, y0 - height),
                (x0, y0 - height),
            ]
            moves = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3]
            axes.add_patch(
                PathPatch(
                    Path(corners, moves),
                    facecolor=colors[a],
                    alpha=0.26 if a == b else 0.9,
                    lw=0,
                    zorder=1 if a == b else 2,
                )
            )


def _labels(axes: Any, order: list[str], left: pd.Series, right: pd.Series, spans: Any, total: float) -> None:
    for fate in order:
        low, high = spans["left"][fate]
        middle = (low + high) / 2
        axes.text(-0.02, middle + 0.001, label(fate), ha="right", va="bottom", fontsize=7.5, fontweight="bold")
        axes.text(
            -0.02,
            middle - 0.001,
            f"{number(left[fate], 3)} · {number(100 * left[fate] / total, 2)} %",
            ha="right",
            va="top",
            fontsize=7,
            color=style.SOFT,
        )
        low, high = spans["right"][fate]
        middle = (low + high) / 2
        change = right[fate] - left[fate]
        said = number(float(np.round(change, 3)), 2, signed=True) if abs(change) > 1e-9 else "no change"
        axes.text(1.02, middle + 0.001, label(fate), ha="left", va="bottom", fontsize=7.5, fontweight="bold")
        axes.text(
            1.02,
            middle - 0.001,
            f"{number(right[fate], 3)} · {number(100 * right[fate] / total, 2)} % · {said}",
            ha="left",
            va="top",
            fontsize=7,
            color=style.SOFT,
        )
