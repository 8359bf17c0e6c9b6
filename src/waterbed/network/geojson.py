"""A network as GeoJSON (RFC 7946): points are places, lines are legs."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from ..errors import InputError
from .csv_pair import network_from_records, whole
from .world import RouteNetwork

__all__ = ["features", "read_geojson", "write_geojson"]


def features(network: RouteNetwork) -> list[dict[str, Any]]:
    """The network's GeoJSON features: places in their order, then legs in theirs, with all columns as properties.

    A leg runs straight from its tail, by its via point where it has one, to its head, and is cut at the date line.
    """
    at: dict[str, tuple[float, float]] = {
        name: (lon, lat) for name, lon, lat in zip(*(network.places[c] for c in ("name", "lon", "lat")), strict=True)
    }
    found = []
    for row in network.places.to_dict("records"):
        point = {"type": "Point", "coordinates": [row["lon"], row["lat"]]}
        rest = {k: v for k, v in row.items() if k not in ("lat", "lon")}
        found.append({"type": "Feature", "geometry": point, "properties": _plain(rest)})
    for row in network.legs.to_dict("records"):
        via = [] if math.isnan(row["via_lon"]) or math.isnan(row["via_lat"]) else [(row["via_lon"], row["via_lat"])]
        line = _line([at[row["tail"]], *via, at[row["head"]]])
        found.append({"type": "Feature", "geometry": line, "properties": _plain(row)})
    return found


def write_geojson(network: RouteNetwork, path: str | Path) -> None:
    """Write a network as one FeatureCollection; :func:`read_geojson` gives the same network back."""
    collection = {"type": "FeatureCollection", "features": features(network)}
    whole(path, json.dumps(collection, ensure_ascii=False, allow_nan=False) + "\n")


def read_geojson(path: str | Path) -> RouteNetwork:
    """The network in a FeatureCollection of points (places) and lines (legs).

    Properties are named as the columns of places.csv and legs.csv. Positions of places come from their geometry;
    the via point of a leg comes from its properties, else from the middle of a line of three points. Other
    geometries are refused, with all other faults, by :class:`~waterbed.errors.InputError`.
    """
    try:
        collection = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError(f"{path}: cannot be read as GeoJSON: {error}") from None
    if not isinstance(collection, dict) or not isinstance(collection.get("features"), list):
        raise InputError(f"{path}: is not a FeatureCollection; it needs a list 'features'")
    places: list[dict[str, Any]] = []
    legs: list[dict[str, Any]] = []
    faults: list[str] = []
    for number, feature in enumerate(collection["features"], 1):
        try:
            kind, points = feature["geometry"]["type"], feature["geometry"]["coordinates"]
            properties = dict(feature.get("properties") or {})
            if kind == "Point":
                places.append(properties | {"lon": points[0], "lat": points[1]})
            elif kind in ("LineString", "MultiLineString"):
                if "via_lat" not in properties and kind == "LineString" and len(points) == 3:
                    properties |= {"via_lon": points[1][0], "via_lat": points[1][1]}
                legs.append(properties)
            else:
                faults.append(f"{path}, feature {number}: geometry is '{kind}'; it takes Point or LineString")
        except (KeyError, TypeError, IndexError):
            faults.append(f"{path}, feature {number}: has no geometry with type and coordinates")
    if faults:
        raise InputError(faults)
    return network_from_records(places, legs, str(path))


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    """Values that JSON knows: no NaN, no NumPy scalars."""
    plain = {}
    for key, value in row.items():
        value = value.item() if hasattr(value, "item") else value
        plain[str(key)] = None if isinstance(value, float) and math.isnan(value) else value
    return plain


def _line(points: list[tuple[float, float]]) -> dict[str, Any]:
    """A LineString, or a MultiLineString cut where it crosses the date line (RFC 7946, section 3.1.9)."""
    parts: list[list[list[float]]] = [[[*points[0]]]]
    for (lon, lat), (to_lon, to_lat) in zip(points, points[1:], strict=False):
        if abs(to_lon - lon) > 180.0:
            edge = math.copysign(180.0, lon)
            there = to_lon + 2.0 * edge
            share = (edge - lon) / (there - lon) if there != lon else 0.0
            middle = lat + share * (to_lat - lat)
            parts[-1].append([edge, middle])
            parts.append([[-edge, middle]])
        parts[-1].append([to_lon, to_lat])
    if len(parts) == 1:
        return {"type": "LineString", "coordinates": parts[0]}
    return {"type": "MultiLineString", "coordinates": parts}
