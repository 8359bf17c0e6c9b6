"""The route network of the world as a map: journeys a year before any operation.

Natural Earth projection, great circles bowed so that directions part,
width by the square root of the flow, a wide translucent stroke beneath as glow, air beneath and fainter.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from waterbed.network import RouteNetwork
from waterbed.report import style
from waterbed.report.basemap import land
from waterbed.report.projection import natural_earth as project

MODES = {"road": "#F2B25B", "desert": "#F0705A", "sea": "#4FB9E8", "air": "#A99BF0"}
LIGHT = {"road": "#B86A00", "desert": "#B5301C", "sea": "#0A74A8", "air": "#7566C8"}
LEAST = 300.0
"""Journeys a year below which a leg is not drawn."""
WIDEST = 7.0
BOW = 0.07
INSET = (-13.0, 41.0, 27.0, 56.0)
"""Europe and the Mediterranean: west, east, south, north."""
LABELS, INSET_LABELS = 26, 16


def arc(tail: tuple[float, float], head: tuple[float, float]) -> list[tuple[np.ndarray, np.ndarray]]:
    """A great circle from (lat, lon) to (lat, lon), bowed to its left, as pieces that do not cross the date line."""
    a, b = (_vector(*p) for p in (tail, head))
    angle = float(np.arccos(np.clip(a @ b, -1, 1)))
    t = np.linspace(0, 1, 48)[:, None]
    if angle < 1e-6:
        return []
    points = (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)
    points += 4 * BOW * angle * t * (1 - t) * np.cross(b, a) / max(1e-9, np.linalg.norm(np.cross(b, a)))
    points /= np.linalg.norm(points, axis=1)[:, None]
    lat, lon = np.degrees(np.arcsin(points[:, 2])), np.degrees(np.arctan2(points[:, 1], points[:, 0]))
    cuts = np.flatnonzero(np.abs(np.diff(lon)) > 180) + 1
    return [project(x, y) for x, y in zip(np.split(lon, cuts), np.split(lat, cuts), strict=True) if len(x) > 1]


def _vector(lat: float, lon: float) -> np.ndarray:
    y, x = np.radians(lat), np.radians(lon)
    return np.array([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)])


def draw(network: RouteNetwork, journeys: np.ndarray, runs: int, dark: bool) -> Any:
    """The figure; ``journeys`` a year by leg, means over ``runs``."""
    with style.context():
        theme, colours = (style.DARK, MODES) if dark else (style.LIGHT, LIGHT)
        ink, soft, ground, earth, coast = theme.ink, theme.soft, theme.paper, theme.land, theme.coast
        fig = style.figure(345.0, 160.0, ground)
        fig.text(0.03, 0.955, "Where people are moved: expected journeys a year, before any operation", fontsize=17,
                 fontweight="bold", color=ink, va="center")  # fmt: skip
        subtitle = (
            f"{len(network.places)} places, {len(network.legs):,} legs; width by the square root of journeys, mean of "
            f"{runs} runs. Simulated aggregate flows, not observations."
        )
        fig.text(0.03, 0.922, subtitle, fontsize=10, color=soft, va="center")
        axes = fig.add_axes((0.0, 0.04, 1.0, 0.86))
        _panel(axes, network, journeys, dark, (earth, coast, ink, ground), colours, LABELS, inset=False)
        axes.set_xlim(-3.05, 2.72)
        axes.set_ylim(-0.96, 1.29)
        window = fig.add_axes((0.012, 0.03, 0.305, 0.42), anchor="SW")
        window.set_facecolor(ground)
        _panel(window, network, journeys, dark, (earth, coast, ink, ground), colours, INSET_LABELS, inset=True)
        window.set_xlim(*project(np.array(INSET[:2]), np.full(2, 40.0))[0])
        window.set_ylim(*project(np.zeros(2), np.array(INSET[2:]))[1])
        window.axis("on")
        window.set(xticks=[], yticks=[])
        window.grid(False)
        for side in window.spines.values():
            side.set(visible=True, color=coast, linewidth=1.0)
        _legend(fig, colours, soft, float(np.sqrt(journeys.max())))
        credit = "Base map: Natural Earth. Places: GeoNames, giocopp after IOM (CC BY 4.0)."
        fig.text(0.985, 0.02, credit, fontsize=7.5, color=soft, ha="right")
    return fig


def _panel(axes: Any, network: RouteNetwork, journeys: np.ndarray, dark: bool, hues: tuple[str, ...],
           colours: dict[str, str], labels: int, inset: bool) -> None:  # fmt: skip
    from matplotlib.collections import LineCollection, PolyCollection

    earth, coast, ink, ground = hues
    axes.axis("off")
    axes.set_aspect("equal")
    rings = [np.column_stack(project(ring[:, 0], ring[:, 1])) for _, rings in land() for ring in rings]
    axes.add_collection(PolyCollection(rings, facecolor=earth, edgecolor=coast, lw=0.4, zorder=0))
    at = {p.name: (p.lat, p.lon) for p in style.records(network.places[["name", "lat", "lon"]])}
    top = float(np.sqrt(journeys.max()))
    drawn = sorted(
        (i for i in range(len(journeys)) if journeys[i] >= LEAST),
        key=lambda i: (network.legs["mode"].iloc[i] != "air", journeys[i]),
    )
    for i in drawn:
        leg, width = network.legs.iloc[i], WIDEST * float(np.sqrt(journeys[i])) / top
        air = leg["mode"] == "air"
        pieces = [np.column_stack(piece) for piece in arc(at[leg["tail"]], at[leg["head"]])]
        glow = 0.0 if air else 0.16
        for scale, alpha in ((2.6, glow), (1.0, 0.22 if air else 0.88)):
            if alpha:
                axes.add_collection(LineCollection(pieces, colors=colours[leg["mode"]], linewidths=scale * width,
                                                   alpha=alpha, capstyle="round", zorder=1 if air else 2))  # fmt: skip
    through: dict[str, float] = {}
    for i in drawn:
        for end in ("tail", "head"):
            through[network.legs[end].iloc[i]] = through.get(network.legs[end].iloc[i], 0.0) + journeys[i]
    _names(axes, at, through, labels, ink, ground, inset)


def _names(axes: Any, at: dict[str, tuple[float, float]], through: dict[str, float], most: int, ink: str, ground: str,
           inset: bool) -> None:  # fmt: skip
    """Dots at places with flow, and the names of the busiest: none where it would lie on another."""
    from matplotlib import patheffects

    taken: list[tuple[float, float, float]] = []
    step = 0.052 if not inset else 0.021
    letter = 0.0235 if not inset else 0.0098
    for name in sorted(through, key=lambda n: (-through[n], n)):
        lat, lon = at[name]
        if inset and not (INSET[0] < lon < INSET[1] - 6 and INSET[2] + 1 < lat < INSET[3] - 1):
            continue
        x, y = (float(v) for v in project(np.array(lon), np.array(lat)))
        axes.plot([x], [y], "o", ms=2.4, color=ink, mec=ground, mew=0.4, zorder=4)
        long = letter * len(name)
        free = all(x > b or x + long < a or abs(y - c) > step for a, b, c in taken)
        if len(taken) < most and free and not (not inset and INSET[0] < lon < INSET[1] and lat > 34):
            taken.append((x, x + long, y))
            axes.annotate(name, (x, y), xytext=(4, 3), textcoords="offset points", fontsize=8, color=ink, zorder=5,
                          path_effects=[patheffects.withStroke(linewidth=2.2, foreground=ground)])  # fmt: skip


def _legend(fig: Any, colours: dict[str, str], soft: str, top: float) -> None:
    from matplotlib.lines import Line2D

    lines = [Line2D([], [], color=c, lw=3, label=mode) for mode, c in colours.items()]
    for people in (10_000, 100_000, 300_000):
        lines.append(Line2D([], [], color=soft, lw=WIDEST * people**0.5 / top, label=f"{style.number(people)} a year"))
    fig.legend(handles=lines, loc="lower right", bbox_to_anchor=(0.99, 0.035), frameon=False, fontsize=8.5,
               labelcolor=soft, ncols=len(lines), columnspacing=1.6, handlelength=1.8)  # fmt: skip
