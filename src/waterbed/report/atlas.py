"""What is on the map and where: the views, the legs on each, their widths, and the labels' places."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from . import labels, style
from .projection import Box, View, fitted, flat, lambert, natural_earth
from .style import MM, number

if TYPE_CHECKING:
    import pandas as pd

    from ..measures.comparison import Comparison

LAND_MODES = ("road", "desert")
BOW = 0.09
WIDEST = 7.5
"""Points of the leg that changes most."""
_THINNEST = 0.45
LEAST = 0.01
"""Share of the largest change below which a leg is not drawn: of many pairs even a few people are told from zero."""
OUTLINED = 1.5
"""Points; a thinner leg has no outline, which would be all that is seen of it."""
MARKED_INSIDE = 2.5
"""Points; a wider leg has its chevron within it, in the colour of the paper."""
_MARKED = 16.0
"""Points; a shorter leg has no chevron."""
_SHORTEST = 9.0
"""Points; a shorter leg is drawn as long as this, or its change could not be seen."""
_INSET_LEGS = 4
_BESIDE = 100.0
"""Millimetres; on a narrower sheet insets stand one below the other, each as wide as the sheet."""
_SCALES = (1, 2, 3, 5, 10, 20, 50)


@dataclass(frozen=True)
class Region:
    """A part of the world with its name, bounds (west, east, south, north) and standard parallels."""

    name: str
    box: Box
    parallels: tuple[float, float]


MEDITERRANEAN = Region("Europe and the Mediterranean", (-19.0, 46.0, 13.0, 54.0), (28.0, 42.0))
REGIONS = (
    MEDITERRANEAN,
    Region("Central America and Mexico", (-119.0, -72.0, 4.0, 34.0), (12.0, 28.0)),
    Region("Western and southern Asia", (33.0, 92.0, 8.0, 44.0), (15.0, 38.0)),
    Region("South-East Asia", (86.0, 128.0, -11.0, 28.0), (-4.0, 22.0)),
    Region("Sub-Saharan Africa", (-19.0, 53.0, -36.0, 20.0), (-24.0, 10.0)),
    Region("South America", (-83.0, -33.0, -40.0, 13.0), (-30.0, 5.0)),
)


@dataclass(frozen=True)
class Arc:
    """A leg as drawn on one view."""

    row: Any
    way: np.ndarray
    """[n, 2] points; ``nan`` where it leaves the sheet over the date line."""
    width: float
    treated: bool
    on_land: bool

    @property
    def outlined(self) -> bool:
        """Whether it is shown to be treated."""
        return self.treated and self.width >= OUTLINED


@dataclass
class Chart:
    """One view with everything on it."""

    view: View
    name: str
    arcs: list[Arc]
    scale: int
    """Widths are this many times those of the main chart."""
    around: Box | None
    """Bounds of longitude and latitude of a region."""
    dots: np.ndarray
    placed: list[labels.Placed]


def sure(legs: pd.DataFrame) -> pd.DataFrame:
    """Legs whose change has a 90 % interval without zero; the largest change first."""
    known = legs[((legs["low"] > 0) | (legs["high"] < 0)) & (legs["difference"] != 0)]
    return known.sort_values(["difference", "leg"], key=lambda c: -c.abs() if c.name == "difference" else c)


def drawn(legs: pd.DataFrame) -> pd.DataFrame:
    """Of :func:`sure` those that are drawn: whose change is large enough."""
    known = sure(legs)
    return known[known["difference"].abs() >= least(known)]


def least(changes: pd.DataFrame) -> float:
    """The smallest change that is drawn beside these: ``LEAST`` of the largest; 0 beside none."""
    return LEAST * float(changes["difference"].abs().max()) if len(changes) else 0.0


def is_real(legs: pd.DataFrame) -> bool:
    """Whether places are on the Earth; invented worlds keep to the middle of it and are small."""
    return bool(legs[["tail_lat", "head_lat"]].abs().to_numpy().max() > 32) and len(legs) > 20


def is_tall(legs: pd.DataFrame) -> bool:
    """Whether places spread more from south to north than 0.7 of their spread from west to east."""
    at = _ends(legs)
    return bool(np.ptp(at[:, 1]) > 0.7 * np.ptp(at[:, 0]))


def charts(
    comparison: Comparison,
    width: float,
    sizes: tuple[float, float],
    insets: bool = True,
    many: int = 9,
    more: pd.DataFrame | None = None,
) -> list[Chart]:
    """The main chart of a width in millimetres and heights between two, then at most two insets below it.

    An invented world is one chart of all its legs; a wide one is the world with insets where most legs changed.
    ``more``: further legs that get an arc (they change at some time), but no say in the view and no label.
    """
    legs = comparison.legs
    changed = drawn(legs)
    real = is_real(legs)
    shown = changed if len(changed) and real else legs
    at = _ends(shown)
    wide = width * MM * 72
    low, high = (s * MM * 72 for s in sizes)
    top = float(changed["difference"].abs().max()) if len(changed) else 1.0
    if not real:
        main = Chart(fitted(flat, at, wide, (low, high), 0.09), "", [], 1, None, _dots(legs), [])
        regions: list[Region] = []
    elif np.ptp(at[:, 0]) > 75:
        main = Chart(fitted(natural_earth, at, wide, (low, high), 0.035), "", [], 1, None, _dots(changed), [])
        regions = _chosen(changed) if insets else []
    else:
        region = _around(at)
        view = fitted(lambert(*region.parallels, (region.box[0] + region.box[1]) / 2), at, wide, (low, high), 0.06)
        main, regions = Chart(view, "", [], 1, _wider(region.box), _dots(changed), []), []
    found = [main]
    beside = 1 if width < _BESIDE else max(len(regions), 1)
    heights = (62 if beside > 1 else 44) * MM * 72, 62 * MM * 72
    for region in regions:
        found.append(_inset(region, changed, (wide - 4 * MM * 72 * (beside - 1)) / beside, heights, top))
    for i, chart in enumerate(found):
        chart.arcs = _arcs(chart, changed, top, real)
        later = [] if more is None else _arcs(chart, more, top, real)
        chart.dots = chart.view.points(chart.dots[:, 0], chart.dots[:, 1]) if len(chart.dots) else np.empty((0, 2))
        chart.dots = chart.dots[chart.view.inside(chart.dots)] if len(chart.dots) else chart.dots
        _label(chart, regions if i == 0 else [], legs if not real else None, many)
        chart.arcs += later
    return found


def _ends(legs: pd.DataFrame) -> np.ndarray:
    return np.concatenate([legs[[f"{e}_lon", f"{e}_lat"]].to_numpy(float) for e in ("tail", "head")])


def _dots(legs: pd.DataFrame) -> np.ndarray:
    return np.unique(_ends(legs), axis=0) if len(legs) else np.empty((0, 2))


def _around(at: np.ndarray) -> Region:
    """The region of places close to each other: the Mediterranean where it holds them, else one of their own."""
    west, east, south, north = at[:, 0].min(), at[:, 0].max(), at[:, 1].min(), at[:, 1].max()
    a, b, c, d = MEDITERRANEAN.box
    if west >= a and east <= b and south >= c - 10 and north <= d:
        return MEDITERRANEAN
    tall = max(north - south, 4.0)
    return Region("", (west, east, south, north), (south + tall / 6, north - tall / 6))


def _wider(box: Box, by: float = 35.0) -> Box:
    return box[0] - by, box[1] + by, max(box[2] - by, -75.0), min(box[3] + by, 88.0)


def _chosen(drawn: pd.DataFrame) -> list[Region]:
    """The two regions that hold most of the changed legs, each leg counted once; the Mediterranean leads."""
    left, found = drawn, []
    for _ in range(2):
        held = [(int(_within(left, r).sum()), -i, r) for i, r in enumerate(REGIONS) if r not in found]
        count, _, region = max(held, key=lambda h: h[:2])
        if count < _INSET_LEGS:
            break
        found.append(region)
        left = left[~_within(left, region)]
    return sorted(found, key=lambda r: r.box[0])


def _within(legs: pd.DataFrame, region: Region) -> Any:
    west, east, south, north = region.box
    return (
        legs["tail_lon"].between(west, east)
        & legs["head_lon"].between(west, east)
        & legs["tail_lat"].between(south, north)
        & legs["head_lat"].between(south, north)
    )


def _inset(region: Region, drawn: pd.DataFrame, width: float, heights: tuple[float, float], top: float) -> Chart:
    mine = drawn[_within(drawn, region)]
    project = lambert(*region.parallels, (region.box[0] + region.box[1]) / 2)
    view = fitted(project, _ends(mine), width, heights, 0.09)
    own = float(mine["difference"].abs().max())
    fitting = [s for s in _SCALES if s * own <= top * 1.0001]
    scale = fitting[-1] if fitting else 1
    return Chart(view, region.name, [], scale, _wider(region.box), _dots(drawn), [])


def thickness(change: float, top: float, scale: float = 1.0) -> float:
    """Points of a leg's line: linear in people."""
    return max(_THINNEST, scale * WIDEST * abs(change) / top)


def _arcs(chart: Chart, drawn: pd.DataFrame, top: float, real: bool) -> list[Arc]:
    arcs = []
    for row in style.records(drawn):
        way = chart.view.way((row.tail_lon, row.tail_lat), (row.head_lon, row.head_lat), BOW, real)
        whole = way[~np.isnan(way[:, 0])]
        if not chart.view.inside(whole).any():
            continue
        chord = whole[-1] - whole[0]
        length = float(np.hypot(*chord))
        if 0 < length < _SHORTEST:
            way = whole[0] + (whole - whole[0]) * (_SHORTEST / length)
        arcs.append(
            Arc(row, way, thickness(row.difference, top, chart.scale), row.part == "treated", row.mode in LAND_MODES)
        )
    return arcs


def chevron(arc: Arc) -> np.ndarray | None:
    """Which way people go: the three points of a small mark past the middle; None on what is too short for it."""
    way = arc.way[~np.isnan(arc.way[:, 0])]
    if float(np.hypot(*(way[-1] - way[0]))) < _MARKED:
        return None
    i = round(0.6 * (len(way) - 1))
    ahead = way[min(i + 1, len(way) - 1)] - way[i - 1]
    ahead = ahead / max(float(np.hypot(*ahead)), 1e-9)
    side = np.array([-ahead[1], ahead[0]])
    size = max(1.5, 0.3 * arc.width)
    back, tip = way[i] - size * ahead, way[i] + 0.2 * size * ahead
    return np.array([back + size * side, tip, back - size * side])


def _label(chart: Chart, regions: list[Region], everything: pd.DataFrame | None, many: int) -> None:
    """Numbers of the largest changes and names of their ends; in an invented world the name of every place."""
    view = chart.view
    lines = [np.column_stack([a.way, np.full(len(a.way), a.width / 2)]) for a in chart.arcs]
    line = np.concatenate(lines) if lines else np.empty((0, 3))
    sheet = labels.Sheet(view.width, view.height, chart.dots, line[~np.isnan(line[:, 0])])
    names: dict[str, tuple[float, float]] = {}
    shown = 0
    thick: dict[str, float] = {}
    for arc in chart.arcs:
        for place in (arc.row.tail, arc.row.head):
            thick[place] = max(thick.get(place, 0.0), arc.width / 2)
    for arc in chart.arcs:
        if shown >= many:
            break
        if any(_inside(arc.row, r) for r in regions) or not view.inside(arc.way[[0, -1]], 4).all():
            continue
        words = number(arc.row.difference, 2, signed=True)
        if sheet.put(
            words,
            "fewer" if arc.row.difference < 0 else "more",
            style.extent(words, 7.4, "bold"),
            labels.beside(arc.way, style.extent(words, 7.4, "bold"), arc.width / 2),
        ):
            shown += 1
            for end in ("tail", "head"):
                place = getattr(arc.row, end)
                if place not in names:
                    names[place] = _name(
                        sheet, view, place, getattr(arc.row, f"{end}_lon"), getattr(arc.row, f"{end}_lat"), thick
                    )
    if everything is not None:
        for row in style.records(everything):
            for end in ("tail", "head"):
                place = getattr(row, end)
                if place not in names:
                    names[place] = _name(
                        sheet, view, place, getattr(row, f"{end}_lon"), getattr(row, f"{end}_lat"), thick
                    )
    chart.placed = sheet.placed


def _inside(row: Any, region: Region) -> bool:
    west, east, south, north = region.box
    return (
        west <= min(row.tail_lon, row.head_lon)
        and max(row.tail_lon, row.head_lon) <= east
        and (south <= min(row.tail_lat, row.head_lat) and max(row.tail_lat, row.head_lat) <= north)
    )


def _name(
    sheet: labels.Sheet, view: View, place: str, lon: float, lat: float, thick: dict[str, float]
) -> tuple[float, float]:
    x, y = (float(v) for v in view.points(np.array([lon]), np.array([lat]))[0])
    size = style.extent(place, 7.0)
    gap = thick.get(place, 0.0)
    sheet.put(place, "place", size, labels.around(x, y, size, tuple(g + gap for g in (1.5, 4.0, 8.0))))
    return x, y


def key_values(top: float) -> list[float]:
    """Three round numbers of people for the key of widths."""
    step = 10 ** math.floor(math.log10(max(top, 1e-9)))
    best = max((m * step for m in (1, 2, 5) if m * step <= top), default=step)
    return [v for v in (best / 10, best / 2, best) if v > 0]
