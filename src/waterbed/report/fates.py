"""The alluvial of fates: the same people, left without and right with the measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from . import style
from .alluvial import Node, alluvial
from .balance import CROSSED, net
from .style import number, of_hundred, plural

if TYPE_CHECKING:
    import pandas as pd

    from ..measures.comparison import Comparison

WORDS = {
    "dead": "Died",
    "never_left": "Never left",
    "back": "Turned back",
    "on_the_way": "Still on the way",
    "exploited": "Exploited",
    "protected": "Protected",
    "detained": "Detained",
    "legal": "Left legally",
}
_ALWAYS = ("never_left", "back", "dead")
_OTHER_WAYS = "crossed: Other ways"
_CROSSED, _OTHER = "crossed: *", "other"
_SMALL = 0.01
"""Routes below this share of the people drawn are gathered."""
_ZOOM = 0.4
"""A second panel shows those whose fate changed, where they are fewer than this share."""

_SLOT_ALL, _SLOT_ZOOM = 14.0, 9.0
"""Millimetres a fate takes in one column, with its change beside it and without."""


def label(fate: str) -> str:
    """A fate in words."""
    if fate == _OTHER_WAYS:
        return "Crossed by no named route"
    return f"Crossed, {fate.split(': ', 1)[1]}" if fate.startswith("crossed: ") else WORDS[fate]


def title(comparison: Comparison) -> str:
    """How many still crossed where most crossings are lost, and what became of the rest, net of the reverse."""
    table = comparison.fates
    crossed = table[table["without"].str.startswith(CROSSED)]
    if crossed.empty or crossed.loc[crossed["without"] != crossed["with"], "people"].sum() <= 0:
        return "The same people met the same fates in both worlds"
    without = crossed.groupby("without")["people"].sum()
    with_it = table.groupby("with")["people"].sum().reindex(without.index, fill_value=0.0)
    lost = without - with_it
    named = [r for r in lost.index if r != _OTHER_WAYS and lost[r] > 0]
    route = str(lost.reindex(named or list(lost.index)).idxmax())
    total = float(without[route])
    by = "Outside the named routes" if route == _OTHER_WAYS else f"By the {route.split(': ', 1)[1]} route"
    elsewhere, never = (of_hundred(net(table, route, other), total) for other in (CROSSED, "never_left"))
    still = of_hundred(with_it[route], total).replace("nearly all", "nearly 100")
    return (
        f"{by} {still} people crossed for every 100 without the measure; net, {elsewhere} "
        f"crossed elsewhere and {never} never left"
    )


@dataclass
class Gathered:
    """Fates gathered to what can be drawn."""

    table: pd.DataFrame
    """without, with, people, delayed; by node."""
    nodes: list[Node]
    stayed: float
    """People who never left in either world, and are not drawn."""
    members: list[str]
    """Fates behind 'other'."""
    routes: list[str]
    """Routes behind 'other routes'."""


def gather(comparison: Comparison) -> Gathered:
    """At most eight nodes: three routes and the rest of them, never left, turned back, died, other."""
    table = comparison.fates
    stayed = (table["without"] == "never_left") & (table["with"] == "never_left")
    people = float(table.loc[stayed, "people"].sum())
    table = table[~stayed]
    weight = table.groupby("without")["people"].sum().add(table.groupby("with")["people"].sum(), fill_value=0.0)
    treated = set(comparison.legs.loc[comparison.legs["part"] == "treated", "route"])
    everything = comparison.legs.loc[comparison.legs["counted"], "route"].isin(treated).all()
    crossed = [f for f in weight.index if f.startswith("crossed: ")]
    crossed.sort(key=lambda f: (everything or f.split(": ", 1)[1] not in treated, -weight[f]))
    total = max(float(table["people"].sum()), 1e-9)
    kept = [f for f in crossed if weight[f] >= 2 * _SMALL * total][: len(style.ROUTES)]
    if len(kept) < len(crossed) and len(kept) == len(style.ROUTES):
        kept = kept[:-1]
    routes = [f for f in crossed if f not in kept]
    members = [f for f in WORDS if f in weight.index and f not in _ALWAYS]
    to = dict.fromkeys(routes, _CROSSED) | dict.fromkeys(members, _OTHER)
    if len(routes) == 1:
        kept, to = [*kept, routes[0]], {k: v for k, v in to.items() if k != routes[0]}
    table = table.assign(**{s: table[s].replace(to) for s in ("without", "with")})
    table = table.groupby(["without", "with"], as_index=False)[["people", "delayed"]].sum()
    order = [
        *kept,
        *([_CROSSED] if _CROSSED in set(to.values()) else []),
        *(f for f in _ALWAYS if f in weight.index),
        *([_OTHER] if members else []),
    ]
    colors = dict(zip([f for f in order if f.startswith("crossed: ")], style.ROUTES, strict=False)) | style.FATES
    nodes = [Node(f, _name(f, members, weight), colors[f], *_change(comparison, f, to)) for f in order]
    return Gathered(table, nodes, people, members, routes)


def _name(fate: str, members: list[str], weight: pd.Series) -> str:
    if fate == _CROSSED:
        return "Crossed, other routes"
    if fate == _OTHER:
        first = max(members, key=lambda f: weight[f])
        return label(first) if len(members) == 1 else f"{label(first)} or other"
    return label(fate)


def _change(comparison: Comparison, node: str, to: dict[str, str]) -> tuple[float, float]:
    """What 90 % of single runs change a node by; ``nan`` where that is not known."""
    runs = comparison.runs[comparison.runs["effect"] == "fate_change"]
    mine = runs[runs["key"].map(lambda f: to.get(f, f)) == node]
    if mine.empty or comparison.replicates < 2:
        return float("nan"), float("nan")
    low, high = np.quantile(mine.groupby("replicate")["value"].sum(), (0.05, 0.95))
    return float(low), float(high)


def subtitle(comparison: Comparison, found: Gathered) -> str:
    """What is drawn, and who is not."""
    drawn = float(found.table["people"].sum())
    return (
        f"Fates of the same {number(drawn, 3)} people in both worlds, {comparison.cohort['fate_days']} days after "
        f"they began to consider leaving. Not drawn: {number(found.stayed, 3)} who never left in either."
    )


def notes(comparison: Comparison, found: Gathered) -> str:
    """What colours and brackets mean, and what is gathered."""
    said = (
        f"Means of {plural(comparison.replicates, 'paired run')}; right, the change and what 90\u202f% of runs "
        f"change by. "
        "Pale: same fate; middle tone: same way, over 30 days later; full colour: changed. In a ribbon, its "
        "share of that fate without, or (enlarged) its people. Flows under 0.05\u202f% of "
        "the people are not drawn."
    )
    if len(found.members) > 1:
        said += f" Other: {style.listed([label(f).lower() for f in found.members])}."
    if len(found.routes) > 1:
        said += f" Other routes: {', '.join(f.split(': ', 1)[1] for f in found.routes)}."
    return said


def changed_share(found: Gathered) -> float:
    """Share of the people drawn whose fate changed."""
    total = float(found.table["people"].sum())
    moved = found.table.loc[found.table["without"] != found.table["with"], "people"].sum()
    return float(moved / total) if total > 0 else 0.0


def draw(comparison: Comparison, width: float = style.PAGE) -> Any:
    """One cohort on both sides, one scale; where few changed, those whose fate changed beside it, or in a column below.

    A page's figure is only :data:`style.MIDDLE` wide where there is nothing beside.
    """
    found = gather(comparison)
    words, said = notes(comparison, found), subtitle(comparison, found)
    share = changed_share(found)
    zoom, narrow = 0 < share < _ZOOM, width < style.PAGE
    width = width if zoom or narrow else style.MIDDLE
    foot = style.note_height(words, width)
    height, low = 32 + 13.5 * len(found.nodes) + foot, 0.0
    if narrow:
        low = _SLOT_ZOOM * len(found.nodes) + 10.5 if zoom else 0.0
        height = style.heading_height(title(comparison), said, width) + _SLOT_ALL * len(found.nodes) + 11 + low + foot
    fig = style.figure(width, height)
    top = style.heading(fig, title(comparison), said)
    room = height - top - foot - low
    half = width if narrow else width / 2
    if zoom:
        _panel_title(fig, style.MARGIN, top, f"All {number(float(found.table['people'].sum()), 3)}")
        panel(fig, style.MARGIN, top + 4.5, half - 4, room - 5, found)
        left, top, room = (style.MARGIN, top + room, low) if narrow else (half + 3, top, room)
        moved = found.table[found.table["without"] != found.table["with"]]
        many = float(moved["people"].sum())
        some = f"{number(many, 3)} ({style.percent(share)})"
        _panel_title(fig, left, top, f"Only the {some} whose fate changed, enlarged")
        panel(fig, left, top + 4.5, half - (4 if narrow else 5), room - 5, found, moved)
    else:
        panel(fig, style.MARGIN, top, width - 2 * style.MARGIN, room - 1, found)
    style.note(fig, words)
    return fig


def _panel_title(fig: Any, left: float, top: float, words: str) -> None:
    style.text(fig, left, top, words, fontsize=8, fontweight="bold", color=style.SOFT)


def panel(
    fig: Any,
    left: float,
    top: float,
    width: float,
    height: float,
    found: Gathered,
    only: pd.DataFrame | None = None,
    size: float = 7.2,
    brief: bool = False,
) -> None:
    """One alluvial in a box of millimetres; ``only``: a part of the flows, without changes beside them."""
    axes = style.axes(fig, left, top, width, height, bare=True)
    alluvial(axes, found.table if only is None else only, found.nodes, size, changes=only is None, brief=brief)
