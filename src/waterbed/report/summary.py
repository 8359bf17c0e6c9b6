"""One page of A4: the finding, six figures, the course, the fates, the map, the operation's table, the effects."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from . import atlas, dots, effects, fates, operation, story, style, timelines
from . import map as map_figure
from .dots import Row
from .style import LIGHT, MM, plural

if TYPE_CHECKING:
    from ..measures.comparison import Comparison

_WIDE, _TALL, _EDGE, _GUTTER = 210.0, 297.0, 16.0, 8.0
_ACROSS = _WIDE - 2 * _EDGE
_HALF = (_ACROSS - _GUTTER) / 2
_HALF_LAYOUT = dots.Layout(names=0.38, axis=0.26)


def title(comparison: Comparison) -> str:
    """The page's own finding."""
    return story.headline(comparison)


def draw(comparison: Comparison) -> Any:
    """The page as a figure."""
    fig = style.figure(_WIDE, _TALL)
    top = _head(fig, comparison)
    top = _cards(fig, comparison, top)
    top = _part(fig, _EDGE, top, _ACROSS, "1", timelines.title(comparison), timelines.subtitle())
    timelines.panel(fig, _EDGE, top - 2, _ACROSS, 53, comparison)
    top += 52
    found = fates.gather(comparison)
    at = _part(
        fig,
        _EDGE,
        top,
        _HALF,
        "2",
        fates.title(comparison),
        "Fates of the same people in both worlds; change, with 90\u202f% of runs.",
    )
    fates.panel(fig, _EDGE, at, _HALF, 219 - at, found, size=6.8, brief=True)
    right = _EDGE + _HALF + _GUTTER
    at = _part(
        fig,
        right,
        top,
        _HALF,
        "3",
        map_figure.title(comparison),
        "Change of journeys by leg; width is linear in people.",
    )
    at = _map(fig, right, at, comparison)
    at = _part(
        fig,
        right,
        at + 1,
        _HALF,
        "4",
        operation.title(comparison),
        operation.about(comparison),
    )
    operation.panel(fig, right, at - 1, _HALF, 221 - at, comparison, size=6.8)
    _effects(fig, comparison, 223)
    _foot(fig, comparison)
    return fig


def _head(fig: Any, comparison: Comparison) -> float:
    style.text(
        fig, _EDGE, 11, f"WATERBED · {comparison.name}".upper(), fontsize=7.5, fontweight="bold", color=style.FEWER_TEXT
    )
    style.text(
        fig,
        _WIDE - _EDGE,
        11,
        "Simulation, not a forecast",
        fontsize=7.5,
        fontweight="bold",
        color=style.FEWER_TEXT,
        ha="right",
    )
    top = style.paragraph(fig, _EDGE, 15.5, _ACROSS, story.headline(comparison), 14.5, "bold")
    said = (
        f"{story.done(comparison)}, compared with the same world, person by person and draw by draw, without "
        f"it ({plural(comparison.replicates, 'pair')} of runs). {story.intervals(comparison)}"
    )
    return style.paragraph(fig, _EDGE, top + 0.8, _ACROSS, said[0].upper() + said[1:], 7.8, color=style.SOFT) + 1.2


def _cards(fig: Any, comparison: Comparison, top: float) -> float:
    _line(fig, top, style.INK, 1.0)
    shown = story.cards(comparison)
    width = (_ACROSS - 5 * 4) / len(shown)
    lowest = top
    for i, card in enumerate(shown):
        left = _EDGE + i * (width + 4)
        style.text(fig, left, top + 2, card.value, fontsize=13.5, fontweight="bold", color=style.WITH)
        at = style.paragraph(fig, left, top + 9, width, card.words, 6.8)
        for line in card.below:
            at = style.paragraph(fig, left, at + 0.2, width, line, 6.2, color=style.SOFT)
        lowest = max(lowest, at)
    _line(fig, lowest + 1.2, style.GRID, 0.8)
    return lowest + 3.2


def _line(fig: Any, top: float, color: str, width: float) -> None:
    axes = style.axes(fig, _EDGE, top, _ACROSS, 0.4, bare=True)
    axes.axhline(0.5, color=color, lw=width)


def _part(fig: Any, left: float, top: float, width: float, mark: str, title: str, about: str) -> float:
    """A numbered heading; returns where its panel may begin."""
    indent = style.extent(mark + " ", 8.8, "bold")[0] / 72 / MM + 1.2
    style.text(fig, left, top, mark, fontsize=8.8, fontweight="bold", color=style.FEWER_TEXT)
    top = style.paragraph(fig, left + indent, top, width - indent, title, 8.8, "bold")
    return style.paragraph(fig, left + indent, top + 0.2, width - indent, about, 6.8, color=style.SOFT) + 1.2


def _map(fig: Any, left: float, top: float, comparison: Comparison) -> float:
    chart = atlas.charts(comparison, _HALF, (30.0, 37.0), insets=False, many=4)[0]
    map_figure.panel(fig, left, top, chart, LIGHT, [], atlas.is_real(comparison.legs), comparison)
    top += chart.view.height / 72 / MM + 0.8
    items = map_figure.key_items(comparison, LIGHT)
    map_figure.key_row(fig, left, top, _HALF, [*items[:2], *items[-1:]] if len(items) > 2 else items, LIGHT)
    return top + 4.5


def _effects(fig: Any, comparison: Comparison, top: float) -> None:
    found = effects.groups(comparison)
    top = _part(
        fig,
        _EDGE,
        top,
        _ACROSS,
        "5",
        "What changed, against the same world without",
        "Dot: estimate. Thick bar: how well it is known (bootstrap). Thin bar: what 90\u202f% of single runs bring; "
        "right, in per cent of the mean without.",
    )
    names = {0: "Treated legs, during", 1: "Treated legs, after", 2: "Other counted legs"}
    short = [_brief(r, names.get(i, r.name)) for i, r in enumerate(found[0][2])]
    dots.group(
        fig,
        _EDGE,
        top,
        _HALF,
        "Flow",
        "per cent",
        short,
        effects.signed,
        ("estimate", "90\u202f% of runs"),
        layout=_HALF_LAYOUT,
    )
    right = _EDGE + _HALF + _GUTTER
    second = [_brief(r, r.name) for r in found[2][2]]
    after = dots.group(
        fig,
        right,
        top,
        _HALF,
        "Who paid",
        "per cent",
        second,
        effects.signed,
        ("estimate", "90\u202f% of runs"),
        layout=_HALF_LAYOUT,
    )
    style.paragraph(fig, right, after + 1, _HALF, story.sentences(comparison)[-1][1], 7.2, color=style.INK)


def _brief(row: Row, name: str) -> Row:
    """A row without its time and without the words of its bootstrap interval."""
    why = "hardly any flow there" if row.why.startswith("Next to all counted") else row.why
    return replace(row, name=name, when="", why=why, said=row.said[::2])


def _foot(fig: Any, comparison: Comparison) -> None:
    _line(fig, 284.5, style.GRID, 0.8)
    about = comparison.provenance
    said = (
        f"Agent-based simulation of stylised behaviour: it compares measures and predicts no person. "
        f"{story.scale(comparison)} "
        f"Intervals hold chance alone. waterbed {about['version']}, model {about['model_version'][:8]}, seed "
        f"{about['seed']}. "
        "Base map: Natural Earth."
    )
    style.paragraph(fig, _EDGE, 286, _ACROSS, said, 6.2, color=style.NOTE)
