"""Ribbons between two columns of slots, each as high as its people and no lower than its label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import style
from .style import count, number, percent

if TYPE_CHECKING:
    import pandas as pd

_SMALLEST = 0.0005
"""Share of the people below which a ribbon is left out."""
_HEADS = ("Without", "With the measure")
_BAR = 5.0
_GAP = 3.5
_TINT, _MIDDLE = 0.26, 0.55
_WIDEST = 0.31
"""Share of the width that the labels of a side may take."""
_DARK, _LIGHT = "#1A1E23", "#FFFFFE"
"""Text on full colours, which look the same on paper and on screen."""
Line = tuple[str, float, str]
"""Words, points, weight."""


@dataclass(frozen=True)
class Node:
    """A fate to be drawn, and what 90 % of single runs change it by."""

    key: str
    name: str
    color: str
    low: float
    high: float


@dataclass(frozen=True)
class _Slot:
    top: float
    bottom: float
    middle: float


def scale(values: list[list[float]], least: list[list[float]], room: float) -> float:
    """Points a person, so that the fuller side fills the room with slots no lower than ``least`` points."""
    low, high = 0.0, room / max(max(map(sum, values)), 1e-12)
    for _ in range(60):
        middle = (low + high) / 2
        need = max(
            sum(max(v * middle, low_end) + _GAP for v, low_end in zip(side, floor, strict=True))
            for side, floor in zip(values, least, strict=True)
        )
        low, high = (low, middle) if need > room else (middle, high)
    return low


def slots(values: list[float], factor: float, least: list[float], room: float) -> list[_Slot]:
    """Places of the nodes of a side from the top down; what room is left is shared between them."""
    need = sum(max(v * factor, floor) + _GAP for v, floor in zip(values, least, strict=True))
    spare = max(0.0, room - need) / max(len(values), 1)
    found, y = [], room
    for value, floor in zip(values, least, strict=True):
        slot, height = max(value * factor, floor), max(value * factor, 0.7 if value > 0 else 0.0)
        middle = y - slot / 2
        found.append(_Slot(middle + height / 2, middle - height / 2, middle))
        y -= slot + _GAP + spare
    return found


def alluvial(
    axes: Any, table: pd.DataFrame, nodes: list[Node], size: float, changes: bool, brief: bool = False
) -> None:
    """Draw flows (without, with, people, delayed) between nodes on axes whose units are points."""
    keys = [n.key for n in nodes]
    flow = {(r[0], r[1]): (r[2], r[3]) for r in _rows(table)}
    left = [sum(flow.get((k, o), (0.0, 0))[0] for o in keys) for k in keys]
    right = [sum(flow.get((o, k), (0.0, 0))[0] for o in keys) for k in keys]
    total = sum(left)
    width, height = axes.get_xlim()[1], axes.get_ylim()[1]
    head = 1.5 * size + 4
    room = height - head
    most = _WIDEST * width
    words = [
        [_label(n, v, total, None, changes, most, size, brief) for n, v in zip(nodes, left, strict=True)],
        [_label(n, v, total, v - w, changes, most, size, brief) for n, v, w in zip(nodes, right, left, strict=True)],
    ]
    least = [[(len(lab) + 0.15) * size * 1.12 for lab in side] for side in words]
    factor = scale([left, right], least, room)
    spans = [slots(side, factor, floor, room) for side, floor in zip((left, right), least, strict=True)]
    edge = [max(style.extent(*line)[0] for lab in side for line in lab) for side in words]
    edge[1] = max(edge[1], style.extent(_HEADS[1], size + 1, "bold")[0] - _BAR - 4)
    x0, x1 = edge[0] + 4, width - edge[1] - 4
    for side, x in ((0, x0), (1, x1 - _BAR)):
        for node, slot, lab in zip(nodes, spans[side], words[side], strict=True):
            _bar(axes, x, slot, node.color)
            _write(axes, x - 3 if side == 0 else x + _BAR + 3, slot.middle, lab, size, "right" if side == 0 else "left")
    for x, word, color, align in (
        (x0 + _BAR, _HEADS[0], style.WITHOUT, "right"),
        (x1 - _BAR, _HEADS[1], style.WITH, "left"),
    ):
        axes.text(x, room + 4, word, fontsize=size + 1, fontweight="bold", color=color, ha=align, va="bottom")
    _ribbons(axes, nodes, flow, spans, factor, (x0 + _BAR, x1 - _BAR), total, left, size, changes)


def _rows(table: pd.DataFrame) -> list[Any]:
    return list(table[["without", "with", "people", "delayed"]].itertuples(index=False))


def _label(
    node: Node,
    people: float,
    total: float,
    change: float | None,
    changes: bool,
    width: float,
    size: float,
    brief: bool = False,
) -> list[Line]:
    """Name, count and share, and on the right the change with what 90 % of runs change by."""
    name = node.name.removeprefix("Crossed, ").removeprefix("Crossed by ") if brief else node.name
    name = name[0].upper() + name[1:]
    lines: list[Line] = (
        [(name, size, "bold")] if brief else [(part, size, "bold") for part in style.wrap(name, width, size, "bold")]
    )
    if not brief or change is None:
        lines.append((f"{count(people)} · {percent(people / total) if total > 0 else '0'}", size - 0.4, "normal"))
    if change is None or not changes:
        return lines
    said = "no change" if abs(change) < 1e-9 else number(change, 2, signed=True)
    if node.low == node.low and not node.low == node.high == 0:
        said += f" ({number(node.low, 2, signed=True)}\u00a0to\u00a0{number(node.high, 2, signed=True)})"
    if brief:
        return [*lines, (said, size - 0.4, "normal")]
    return [*lines, *((part, size - 0.4, "normal") for part in style.wrap(said, width, size - 0.4))]


def _bar(axes: Any, x: float, slot: _Slot, color: str) -> None:
    from matplotlib.patches import Rectangle

    pale = color == style.FATES["other"]
    axes.add_patch(
        Rectangle(
            (x, slot.bottom),
            _BAR,
            slot.top - slot.bottom,
            facecolor=color,
            zorder=5,
            edgecolor=style.WITHOUT if pale else "none",
            lw=0.5,
        )
    )


def _write(axes: Any, x: float, middle: float, lines: list[Line], size: float, side: str) -> None:
    step = size * 1.12
    y = middle + step * (len(lines) - 1) / 2
    for i, (words, points, weight) in enumerate(lines):
        axes.text(
            x,
            y - i * step,
            words,
            ha=side,
            va="center",
            fontsize=points,
            fontweight=weight,
            color=style.INK if weight == "bold" else style.SOFT,
        )


def _ribbons(
    axes: Any,
    nodes: list[Node],
    flow: dict,
    spans: list[list[_Slot]],
    factor: float,
    ends: tuple[float, float],
    total: float,
    left: list[float],
    size: float,
    whole: bool,
) -> None:
    start, end = ([slot.top for slot in side] for side in spans)
    for i, a in enumerate(nodes):
        for j, b in enumerate(nodes):
            people, late = flow.get((a.key, b.key), (0.0, 0.0))
            height = people * factor
            y0, y1 = start[i], end[j]
            start[i] -= height
            end[j] -= height
            if people < _SMALLEST * total or people <= 0:
                continue
            same = i == j
            _ribbon(axes, ends, y0, y1, height, a.color, _TINT if same else 0.9, 1 if same else 2)
            if late * factor > 0.4:
                _ribbon(
                    axes,
                    ends,
                    y0 - height + late * factor,
                    y1 - height + late * factor,
                    late * factor,
                    a.color,
                    _MIDDLE,
                    1.5,
                )
            if height > size * 1.25 and left[i] > 0:
                said = percent(people / left[i]) if whole else count(people)
                axes.text(
                    ends[0] + 4,
                    y0 - height / 2,
                    said,
                    fontsize=size - 0.2,
                    fontweight="bold",
                    va="center",
                    zorder=6,
                    color=_on(a.color, same),
                    path_effects=None if same else style.halo(1.5, a.color),
                )


def _on(color: str, same: bool) -> str:
    """Text on a ribbon: ink on pale ones, paper on dark full ones, and so on a dark screen too."""
    if same:
        return style.INK
    if color in (style.FATES["other"], style.ROUTES[1], style.FATES["back"], style.FATES["never_left"]):
        return _DARK
    return _LIGHT


def _ribbon(
    axes: Any, ends: tuple[float, float], y0: float, y1: float, height: float, color: str, alpha: float, order: float
) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    x0, x1 = ends
    m = (x0 + x1) / 2
    height = max(height, 0.35)
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
    pale = color == style.FATES["other"]
    axes.add_patch(
        PathPatch(
            Path(corners, moves),
            facecolor=color,
            alpha=1.0 if pale else alpha,
            zorder=order,
            lw=0.3 if pale else 0,
            edgecolor=style.WITHOUT if pale else "none",
        )
    )
