"""The land of the Earth as rings of longitude and latitude, for maps in reports.

The file ``basemap/countries-110m.json`` is the TopoJSON of ``world-atlas`` (ISC licence, beside it), made from
Natural Earth at 1:110 million (public domain).
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

type Ring = np.ndarray
"""[n, 2] float64: longitude and latitude in degrees; first and last point are the same."""


@lru_cache(maxsize=1)
def land() -> list[tuple[str, list[Ring]]]:
    """Countries as (ISO 3166-1 numeric code, or the name where there is none; rings).

    Rings are outer ones and holes alike, so fill them by the even-odd rule. None crosses the date line: a ring that
    did is cut there in two. Longitudes are within -180 to 180. The list is shared: do not change its arrays.
    """
    text = (files("waterbed.report") / "basemap" / "countries-110m.json").read_text(encoding="utf-8")
    return decode(json.loads(text), "countries")


def decode(topology: dict[str, Any], name: str) -> list[tuple[str, list[Ring]]]:
    """Polygons of one object of a TopoJSON topology (its format: github.com/topojson/topojson-specification)."""
    arcs = _arcs(topology)
    countries = []
    for shape in topology["objects"][name]["geometries"]:
        if shape["type"] not in ("Polygon", "MultiPolygon"):
            continue
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        rings = [part for polygon in polygons for ring in polygon for part in cut(_join(arcs, ring))]
        label = shape.get("id") or shape.get("properties", {}).get("name", "")
        countries.append((str(label), rings))
    return countries


def _arcs(topology: dict[str, Any]) -> list[np.ndarray]:
    """Arcs in degrees; with a transform they are stored as steps on a grid of integers."""
    transform = topology.get("transform")
    arcs = [np.array(arc, float)[:, :2] for arc in topology["arcs"]]
    if transform is None:
        return arcs
    scale, origin = np.array(transform["scale"]), np.array(transform["translate"])
    return [np.cumsum(arc, axis=0) * scale + origin for arc in arcs]


def _join(arcs: list[np.ndarray], indices: list[int]) -> Ring:
    """A ring from its arcs; a negative index ~i is arc i backwards. Joints are kept once."""
    parts = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in indices]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def cut(ring: Ring) -> list[Ring]:
    """A ring cut at the date line into rings within -180 to 180 degrees.

    A step of more than 180 degrees is taken to cross the line. A ring around a pole is led along the line to it.
    """
    steps = np.diff(ring[:, 0])
    turns = -np.sign(steps) * (np.abs(steps) > 180.0)
    if not turns.any():
        return [ring]
    unrolled = ring.astype(float)
    unrolled[1:, 0] += 360.0 * np.cumsum(turns)
    if abs(unrolled[-1, 0] - unrolled[0, 0]) > 180.0:
        pole = 90.0 if ring[:, 1].mean() > 0 else -90.0
        ends = unrolled[[-1, 0]].copy()
        ends[:, 1] = pole
        unrolled = np.concatenate([unrolled, ends, unrolled[:1]])
    pieces = []
    for shift in (-360.0, 0.0, 360.0):
        piece = unrolled + (shift, 0.0)
        for side, limit in ((1.0, -180.0), (-1.0, 180.0)):
            piece = clip(piece, side, limit)
        if len(piece) > 3:
            pieces.append(piece)
    return pieces


def clip(ring: Ring, side: float, limit: float, axis: int = 0) -> Ring:
    """The part of a ring where side * (coordinate - limit) is not negative (Sutherland and Hodgman 1974)."""
    kept: list[np.ndarray] = []
    inside = side * (ring[:, axis] - limit) >= 0.0
    if inside.all():
        return ring
    for i in range(len(ring) - 1):
        here, there = ring[i], ring[i + 1]
        if inside[i]:
            kept.append(here)
        if inside[i] != inside[i + 1]:
            share = (limit - here[axis]) / (there[axis] - here[axis])
            kept.append(here + share * (there - here))
    if not kept:
        return np.empty((0, 2))
    return np.array([*kept, kept[0]])
