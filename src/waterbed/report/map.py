"""Where the flow fell and rose: legs as bowed great circles, as wide as the people of their change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import atlas, style
from .atlas import Arc, Chart
from .style import LIGHT, MM, Theme, number, plural

if TYPE_CHECKING:
    from ..measures.comparison import Comparison

_GAP = 4.0
_PALE = 0.45
KEY = 4.7
"""Millimetres of a line of the key."""
Item = tuple[str, float, str, bool, str, str]
"""Word, width and colour of its line, whether outlined, colour and weight of the word."""


def title(comparison: Comparison) -> str:
    """How many fewer crossed by treated legs and how many more by others, as far as it can be told."""
    treated, other = (crossings(comparison, name) for name in ("treated_crossings_lost", "other_crossings_gained"))
    said = []
    if treated is not None and treated["known"]:
        lost = treated["mean"]
        said.append(f"{number(abs(lost))} {'fewer' if lost > 0 else 'more'} people crossed by the treated legs")
    if other is not None and other["known"]:
        gained = other["mean"]
        word = f"{number(abs(gained))} {'more' if gained > 0 else 'fewer'} by other counted legs"
        said.append(word if said else f"{word.split(' by ')[0]} people crossed by other counted legs")
    if said:
        return ", ".join(said)
    count = len(atlas.sure(comparison.legs))
    if not count:
        return "On no leg can a change of flow be told from zero"
    return f"On {plural(count, 'leg')} a change of flow can be told from zero"


def crossings(comparison: Comparison, effect: str) -> dict[str, Any] | None:
    """People lost or gained, with both intervals, over the window; None where there is no such effect."""
    from ..measures.intervals import resamples, row

    runs = comparison.runs
    mine = runs[(runs["effect"] == effect) & (runs["key"] == "during and after")].sort_values("replicate")
    if mine.empty or comparison.effect(effect, "during and after")["status"] != "ok":
        return None
    terms = mine["numerator"].to_numpy(float)[:, None]
    found = row((effect, "", "person"), terms, resamples(len(terms), int(comparison.provenance["seed"])))
    found["known"] = bool(found["low"] > 0 or found["high"] < 0)
    return found


def subtitle(comparison: Comparison) -> str:
    """What is drawn, and what single runs bring."""
    window = comparison.provenance["window"]
    days = plural(window["after"] - window["start"], "day")
    said = f"Change in completed journeys by leg, with minus without, in {days} from the start."
    treated = crossings(comparison, "treated_crossings_lost")
    if treated is not None and treated["run_low"] == treated["run_low"]:
        said += (
            f" 90\u202f% of runs: {style.span(-treated['run_high'], -treated['run_low'], signed=True)} "
            f"people on treated legs."
        )
    return said


def draw(comparison: Comparison, theme: Theme = LIGHT, width: float = style.PAGE) -> Any:
    """The main chart, below it the insets, above it the key; in one column one inset below the other."""
    narrow, real = width < style.PAGE, atlas.is_real(comparison.legs)
    tower = not narrow and not real and atlas.is_tall(comparison.legs)
    page = style.MIDDLE if tower else width
    width = page - 2 * style.MARGIN
    found = atlas.charts(comparison, width, (40.0 if narrow else 62.0, 96.0), many=5 if narrow and real else 9)
    words = notes(comparison)
    foot = style.note_height(words, page)
    main, insets = found[0], found[1:]
    tall = main.view.height / 72 / MM
    gap = 1.4 * _GAP  # the insets' names stand over their frames
    steps = [inset.view.height / 72 / MM + gap for inset in insets]
    below = sum(steps) if narrow else max(steps, default=0.0)
    lines = len(style.wrap(title(comparison), width * MM * 72, 10, "bold")) + len(
        style.wrap(subtitle(comparison), width * MM * 72, 7.6)
    )
    items = key_items(comparison, theme)
    rows = key_rows(items, width)
    height = 4.5 + 4.2 * lines + 1.5 + KEY * len(rows) + tall + below + foot + 1
    fig = style.figure(page, height, theme.paper)
    top = style.heading(fig, title(comparison), subtitle(comparison), theme.ink, theme.soft) + 0.5
    for row in rows:
        key_row(fig, style.MARGIN, top, width, row, theme)
        top += KEY
    top += 0.8
    panel(fig, style.MARGIN, top, main, theme, insets, real, comparison)
    left, top = style.MARGIN, top + tall + gap
    for letter, chart, step in zip("abc", insets, steps, strict=False):
        panel(fig, left, top, chart, theme, [], True, comparison, letter)
        if narrow:
            top += step
        else:
            left += chart.view.width / 72 / MM + _GAP
    style.note(fig, words, theme.soft)
    return fig


def notes(comparison: Comparison) -> str:
    """The rule of what is drawn."""
    real = atlas.is_real(comparison.legs)
    said = (
        f"Width is linear in people. Drawn only where the 90\u202f% bootstrap interval of the mean over "
        f"{plural(comparison.replicates, 'pair')} excludes zero{_left_out(comparison)}. Treated legs are outlined "
        "where they are wide enough for it. People pass one leg after another, so legs do not add up."
    )
    return said + (
        " Legs too short to be seen are lengthened. Base map: Natural Earth (public domain)."
        if real
        else " Places are invented."
    )


def _left_out(comparison: Comparison) -> str:
    """By what size legs are left out, how many, and their changes in one number; nothing where none is."""
    known, drawn = atlas.sure(comparison.legs), atlas.drawn(comparison.legs)
    if len(known) == len(drawn):
        return ""
    rest = known[~known["leg"].isin(drawn["leg"])]["difference"]
    return (
        f" and the change is at least {style.percent(atlas.LEAST)} of the largest, "
        f"{number(atlas.least(drawn), 2)} people; "
        f"{plural(len(rest), 'leg')} with less ({number(float(rest.sum()), 2, signed=True)} people in sum) "
        f"{'is' if len(rest) == 1 else 'are'} not"
    )


def key_items(comparison: Comparison, theme: Theme, top_change: float | None = None) -> list[Item]:
    """What stands above the map: colours, outline, pale, and three widths up to the greatest change, in people."""
    drawn = atlas.drawn(comparison.legs)
    if top_change is None:
        top_change = float(drawn["difference"].abs().max()) if len(drawn) else 0.0
    items: list[Item] = [
        ("fewer people", 3.5, theme.fewer, False, theme.fewer_text, "bold"),
        ("more people", 3.5, theme.more, False, theme.more, "bold"),
    ]
    if (drawn["part"] == "treated").any():
        items.append(("treated leg", 3.5, theme.soft, True, theme.ink, "normal"))
    if drawn["mode"].isin(atlas.LAND_MODES).any():
        items.append(("pale: on land", 3.5, mix(theme.fewer, theme.paper, _PALE), False, theme.soft, "normal"))
    if top_change:
        values = atlas.key_values(top_change)
        items += [
            (
                number(v, 1) + (" people" if v == values[-1] else ""),
                atlas.thickness(v, top_change),
                theme.soft,
                False,
                theme.soft,
                "normal",
            )
            for v in values
        ]
    return items


def key_rows(items: list[Item], width: float) -> list[list[Item]]:
    """The key in as few lines as it needs."""
    rows: list[list[Item]] = [[]]
    x = 0.0
    for item in items:
        step = 34 + style.extent(item[0], 7.2, item[5])[0]
        if rows[-1] and x + step > width * MM * 72:
            rows.append([])
            x = 0.0
        rows[-1].append(item)
        x += step
    return rows


def key_row(fig: Any, left: float, top: float, width: float, items: list[Item], theme: Theme) -> None:
    """One line of the key, at a place in millimetres."""
    axes = style.axes(fig, left, top, width, 4.2, bare=True)
    y, x = 4.2 * MM * 36, 1.0
    for word, line, color, outlined, ink, weight in items:
        if outlined:
            axes.plot([x + 3, x + 17], [y, y], color=theme.ink, lw=line + 1.6, solid_capstyle="round")
        axes.plot([x + 3, x + 17], [y, y], color=color, lw=line, solid_capstyle="round" if line > 1 else "butt")
        axes.text(x + 24, y - 0.3, word, fontsize=7.2, color=ink, fontweight=weight, va="center")
        x += 24 + style.extent(word, 7.2, weight)[0] + 10


def panel(
    fig: Any,
    left: float,
    top: float,
    chart: Chart,
    theme: Theme,
    insets: list[Chart],
    real: bool,
    comparison: Comparison,
    letter: str = "",
) -> Any:
    """One chart at a place in millimetres, its name over its frame."""
    view = chart.view
    axes = style.axes(fig, left, top, view.width / 72 / MM, view.height / 72 / MM, bare=True)
    _ground(axes, chart, theme, real, comparison)
    frames = [(i, name) for i, name in zip(insets, "abc", strict=False)]
    for inset, name in frames:
        _frame(axes, chart, inset, name, theme)
    for arc in sorted(chart.arcs, key=lambda a: (not a.on_land, abs(a.row.difference))):
        leg(axes, arc, theme)
    if len(chart.dots):
        axes.plot(chart.dots[:, 0], chart.dots[:, 1], "o", ms=2.0, mfc=theme.ink, mec=theme.paper, mew=0.4, zorder=8)
    colors = {"fewer": theme.fewer_text, "more": theme.more, "place": theme.ink}
    for label in chart.placed:
        axes.text(
            label.x,
            label.y,
            label.words,
            ha="center",
            va="center_baseline",
            color=colors[label.kind],
            zorder=10,
            fontsize=7.0 if label.kind == "place" else 7.4,
            fontweight="normal" if label.kind == "place" else "bold",
            path_effects=style.halo(1.6, theme.land if real else theme.paper),
        )
    if chart.name:
        _head(axes, chart, f"{letter}  {chart.name}", theme)
    if real:
        _border(axes, view, theme)
    return axes


def _head(axes: Any, chart: Chart, said: str, theme: Theme) -> None:
    """Name of an inset and scale of its widths, over its frame, where no leg runs through them."""
    top = chart.view.height + 3.0
    axes.text(0.0, top, said, fontsize=7.5, fontweight="bold", color=theme.ink)
    scale = "same widths" if chart.scale == 1 else f"widths × {chart.scale}"
    axes.text(style.extent(said, 7.5, "bold")[0] + 6, top, scale, fontsize=6.6, color=theme.soft)


def _ground(axes: Any, chart: Chart, theme: Theme, real: bool, comparison: Comparison) -> None:
    """Land; in an invented world all legs as thin lines."""
    if not real:
        for row in style.records(comparison.legs):
            way = chart.view.way((row.tail_lon, row.tail_lat), (row.head_lon, row.head_lat), atlas.BOW, False)
            axes.plot(*way.T, color=theme.coast, lw=0.6, zorder=1, ls=(0, (3, 2)) if row.mode == "sea" else "-")
        return
    from matplotlib.collections import PolyCollection

    from .basemap import land

    rings = [r for _, country in land() for r in country]
    axes.add_collection(
        PolyCollection(
            chart.view.land(rings, chart.around),
            facecolor=theme.land,
            edgecolor=theme.coast,
            lw=0.35,
            zorder=0,
            joinstyle="round",
        )
    )


def _border(axes: Any, view: Any, theme: Theme) -> None:
    axes.plot(
        [0, view.width, view.width, 0, 0], [0, 0, view.height, view.height, 0], color=theme.coast, lw=0.8, zorder=12
    )


def _frame(axes: Any, chart: Chart, inset: Chart, letter: str, theme: Theme) -> None:
    """Where an inset lies on the main chart: its own corners, brought back to degrees by search."""
    edge = outline(inset)
    at = chart.view.points(edge[:, 0], edge[:, 1])
    axes.plot(*at.T, color=theme.soft, lw=0.6, zorder=6)
    corner = at[np.argmax(at[:, 1] - at[:, 0])]
    axes.text(
        corner[0] + 2.5,
        corner[1] - 2,
        letter,
        fontsize=7,
        fontweight="bold",
        color=theme.soft,
        va="top",
        zorder=9,
        path_effects=style.halo(1.5, theme.land),
    )


def outline(chart: Chart) -> np.ndarray:
    """The edge of a region's sheet in degrees, [n, 2]: Newton's method on its projection."""
    view = chart.view
    left, right, bottom, top = view.box
    t = np.linspace(0, 1, 12)
    edge = np.concatenate(
        [
            np.column_stack([left + t * (right - left), np.full(12, top)]),
            np.column_stack([np.full(12, right), top - t * (top - bottom)]),
            np.column_stack([right - t * (right - left), np.full(12, bottom)]),
            np.column_stack([np.full(12, left), bottom + t * (top - bottom)]),
        ]
    )
    assert chart.around is not None
    west, east, south, north = chart.around
    at = np.tile([(west + east) / 2, (south + north) / 2], (len(edge), 1)).astype(float)
    step = 1e-4
    for _ in range(30):
        here = np.column_stack(view.project(at[:, 0], at[:, 1]))
        by_lon = (np.column_stack(view.project(at[:, 0] + step, at[:, 1])) - here) / step
        by_lat = (np.column_stack(view.project(at[:, 0], at[:, 1] + step)) - here) / step
        away = edge - here
        det = by_lon[:, 0] * by_lat[:, 1] - by_lon[:, 1] * by_lat[:, 0]
        at += np.clip(
            np.column_stack(
                [
                    (away[:, 0] * by_lat[:, 1] - away[:, 1] * by_lat[:, 0]) / det,
                    (by_lon[:, 0] * away[:, 1] - by_lon[:, 1] * away[:, 0]) / det,
                ]
            ),
            -15,
            15,
        )
    return at


def leg(axes: Any, arc: Arc, theme: Theme) -> None:
    """One leg in the colour of its change, outlined where it is treated and wide, with a mark of its direction."""
    full = theme.fewer if arc.row.difference < 0 else theme.more
    color = mix(full, theme.paper, _PALE) if arc.on_land and not arc.treated else full
    order = 3 if arc.on_land and not arc.treated else 4
    if arc.outlined:
        axes.plot(*arc.way.T, color=theme.ink, lw=arc.width + 1.6, solid_capstyle="round", zorder=order)
    elif arc.width > 1:
        axes.plot(*arc.way.T, color=theme.paper, lw=arc.width + 0.8, solid_capstyle="round", zorder=order)
    axes.plot(*arc.way.T, color=color, lw=arc.width, solid_capstyle="round", zorder=order)
    _chevron(axes, arc, theme, color)


def _chevron(axes: Any, arc: Arc, theme: Theme, color: str) -> None:
    mark = atlas.chevron(arc)
    if mark is not None:
        color = theme.paper if arc.width > atlas.MARKED_INSIDE else color
        axes.plot(*mark.T, color=color, lw=0.9, solid_capstyle="round", zorder=5)


def mix(color: str, ground: str, share: float) -> str:
    """A colour with a share of the ground in it."""
    a, b = (np.array([int(c[i : i + 2], 16) for i in (1, 3, 5)]) for c in (color, ground))
    return "#" + "".join(f"{int(round(v)):02x}" for v in a + share * (b - a))


def alternative(comparison: Comparison) -> str:
    """The map in words, for those who do not see it."""
    found = atlas.sure(comparison.legs)
    first = [f"{r.tail} to {r.head} {number(r.difference, 2, signed=True)}" for r in style.records(found.head(5))]
    return f"{title(comparison)}. Largest changes: {'; '.join(first)}." if first else title(comparison) + "."
