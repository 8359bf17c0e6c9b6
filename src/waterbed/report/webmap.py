"""The map for the page: the same charts as inline SVG, with a slider over the fortnights since the start."""

from __future__ import annotations

import html
import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from . import atlas, slim, style
from .style import interval, number, plural

if TYPE_CHECKING:
    import pandas as pd

    from ..measures.comparison import Comparison

NAME = "web_map"
"""What it is called among the parts of the page."""
_LEAST_STEPS = 2


def render(comparison: Comparison, caption: str) -> str:
    """A ``figure`` with one SVG a chart, the controls, and the numbers as JSON for the page's script.

    Without a script it shows the change over the whole window; so it does in print.
    """
    legs = comparison.legs
    steps, by_leg = course(comparison)
    drawn = atlas.drawn(legs)
    more = legs[legs["leg"].isin(by_leg) & ~legs["leg"].isin(drawn["leg"])]
    found = atlas.charts(comparison, style.PAGE - 2 * style.MARGIN, (62.0, 100.0), more=more)
    real = atlas.is_real(legs)
    tall = not real and atlas.is_tall(legs)
    shown = {r.leg: (r.difference, r.low, r.high) for r in style.records(drawn)}
    svgs = "".join(_chart(chart, real, shown, comparison, i) for i, chart in enumerate(found))
    top = max((abs(v[0]) for v in shown.values()), default=1.0)
    data = {
        "steps": [int(s) for s in steps],
        "days": _days(comparison),
        "start": comparison.provenance["window"]["start"],
        "top": top,
        "stepTop": max((abs(v) for row in by_leg.values() for v in row), default=1.0),
        "widest": atlas.WIDEST,
        "outlined": atlas.OUTLINED,
        "course": {leg: [round(v, 2) for v in row] for leg, row in by_leg.items()},
        "whole": {leg: round(v[0], 2) for leg, v in shown.items()},
    }
    alive = len(steps) >= _LEAST_STEPS and bool(by_leg)
    kind = "map" + (" tall" if tall else "")
    return (
        f'<figure class="{kind}" id="live-map">{_controls(data) if alive else ""}{_key(drawn, top)}{svgs}'
        f"<figcaption>{html.escape(caption)}</figcaption></figure>"
        + (
            f'<script type="application/json" id="map-data">{_json(data)}</script><script>{_script()}</script>'
            if alive
            else ""
        )
    )


def course(comparison: Comparison) -> tuple[list[int], dict[str, list[float]]]:
    """First days of the steps, and by leg the change in each; 0 where its interval holds zero or it is not drawn."""
    table = comparison.legs_course
    if table.empty:
        return [], {}
    steps = sorted({int(d) for d in table["day"]})
    known = table[(table["low"] > 0) | (table["high"] < 0)]
    known = known[known["difference"].abs() >= atlas.least(known)]
    found: dict[str, list[float]] = {}
    for row in style.records(known):
        found.setdefault(row.leg, [0.0] * len(steps))[steps.index(int(row.day))] = float(row.difference)
    return steps, found


def _days(comparison: Comparison) -> int:
    from ..measures.course import STEP

    return STEP


def _json(data: dict[str, Any]) -> str:
    """JSON that may stand in a script element."""
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False).replace("</", "<\\/")


def _script() -> str:
    return (files("waterbed.report") / "map.js").read_text(encoding="utf-8")


def _controls(data: dict[str, Any]) -> str:
    last = len(data["steps"])
    return (
        '<div class="controls"><button type="button" id="map-play" aria-pressed="false">Play</button>'
        f'<label for="map-day">Fortnight</label><input type="range" id="map-day" min="0" max="{last}" value="0" '
        f'step="1" '
        'aria-describedby="map-said"><button type="button" id="map-whole">Whole window</button>'
        '<output id="map-said" for="map-day">Whole window</output></div>'
    )


def _key(drawn: pd.DataFrame, top: float) -> str:
    items = ['<span class="fewer">fewer people</span>', '<span class="more">more people</span>']
    if (drawn["part"] == "treated").any():
        items.append('<span class="treated">outlined: treated leg</span>')
    if drawn["mode"].isin(atlas.LAND_MODES).any():
        items.append('<span class="dim">pale: on land</span>')
    values = atlas.key_values(top) if len(drawn) else []
    widths = "".join(
        f'<span class="dim"><svg width="34" height="14" aria-hidden="true"><line x1="3" x2="31" y1="7" y2="7" '
        f'stroke="currentColor" stroke-width="{1.6 * atlas.thickness(v, top):.1f}"/></svg>{number(v, 1)}</span>'
        for v in values
    )
    return f'<p class="key">{"".join(items)}{widths}</p>'


def _chart(chart: atlas.Chart, real: bool, shown: dict[str, Any], comparison: Comparison, index: int) -> str:
    view = chart.view
    label = f"Map: {chart.name or ('the world' if real else comparison.name)}"
    scale = "" if chart.scale == 1 else f' <span class="dim">widths × {chart.scale}</span>'
    title = f'<p class="chart-name"><b>{html.escape(chart.name)}</b>{scale}</p>' if chart.name else ""
    arcs = "".join(_leg(arc, view, chart.scale, shown) for arc in sorted(chart.arcs, key=_order))
    dots = "".join(f'<circle cx="{x:.1f}" cy="{view.height - y:.1f}" r="1.1"/>' for x, y in chart.dots)
    words = "".join(
        f'<text class="{p.kind}" x="{p.x:.1f}" y="{view.height - p.y:.1f}" dy=".33em">{html.escape(p.words)}</text>'
        for p in chart.placed
    )
    ground = _land(chart) if real else _roads(chart, comparison)
    return (
        f'<div class="chart{" inset" if index else ""}" tabindex="0" role="group" '
        f'aria-label="{html.escape(label, quote=True)}">'
        f'{title}<svg viewBox="0 0 {view.width:.1f} {view.height:.1f}" role="img" '
        f'aria-label="{html.escape(label, quote=True)}">'
        f'<rect class="sea" width="100%" height="100%"/>{ground}<g class="legs">{arcs}</g><g class="dots">{dots}</g>'
        f'<g class="words{"" if real else " plain"}">{words}</g></svg></div>'
    )


def _order(arc: atlas.Arc) -> tuple[bool, float]:
    return not arc.on_land, abs(arc.row.difference)


def _leg(arc: atlas.Arc, view: Any, scale: int, shown: dict[str, Any]) -> str:
    row = arc.row
    known = row.leg in shown
    kind = "fewer" if row.difference < 0 else "more"
    name = f"{row.tail} → {row.head}"
    said = (
        f"{name}: {number(row.difference, 2, signed=True)} people "
        f"({interval(row.low, row.high, signed=True)}, of the mean)"
    )
    classes = f"leg {kind}{' pale' if arc.on_land and not arc.treated else ''}{' treated' if arc.outlined else ''}"
    # An SVG path with a gap where the way leaves the sheet over the date line.
    way = arc.way if np.isnan(arc.way).any() else slim.thinned(arc.way)
    points = ["" if np.isnan(x) else f"{x:.1f},{view.height - y:.1f}" for x, y in way]
    runs = [run.split() for run in " ".join(p or "|" for p in points).split("|") if run.split()]
    path = "".join("M" + "L".join(run) for run in runs)
    mark = atlas.chevron(arc)
    points_of = "" if mark is None else "L".join(f"{x:.1f},{view.height - y:.1f}" for x, y in mark)
    ahead = (
        f'<path class="mark{" within" if arc.width > atlas.MARKED_INSIDE else ""}" d="M{points_of}"/>'
        if points_of
        else ""
    )
    return (
        f'<g class="{classes}" data-leg="{html.escape(row.leg, quote=True)}" '
        f'data-scale="{scale}"{" data-treated" if arc.treated else ""}{"" if known else " hidden"}>'
        f'<title>{html.escape(said if known else name)}</title><path class="case" d="{path}" '
        f'stroke-width="{arc.width + 1.4:.2f}"/>'
        f'<path class="line" d="{path}" stroke-width="{arc.width:.2f}"/>{ahead}</g>'
    )


def _land(chart: atlas.Chart) -> str:
    from .basemap import land

    rings = [r for _, country in land() for r in country]
    parts = []
    for ring in chart.view.land(rings, chart.around):
        at = slim.thinned(np.column_stack([ring[:, 0], chart.view.height - ring[:, 1]]))
        if len(at) > 2:
            parts.append("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in at) + "Z")
    return f'<path class="land" d="{"".join(parts)}"/>'


def _roads(chart: atlas.Chart, comparison: Comparison) -> str:
    parts = []
    for row in style.records(comparison.legs):
        way = chart.view.way((row.tail_lon, row.tail_lat), (row.head_lon, row.head_lat), atlas.BOW, False)
        parts.append("M" + "L".join(f"{x:.1f},{chart.view.height - y:.1f}" for x, y in way[::4]))
    return f'<path class="roads" d="{"".join(parts)}"/>'


def caption(comparison: Comparison) -> str:
    """What the page's map shows, and by which rule."""
    from .captions import about
    from .map import notes, subtitle

    said = f"{about(comparison)} {subtitle(comparison)} {notes(comparison)}"
    if not comparison.legs_course.empty:
        said += (
            f" The slider shows the change of single fortnights, by the same rule on the same "
            f"{plural(comparison.replicates, 'pair')}, on a scale of widths of its own."
        )
    return said
