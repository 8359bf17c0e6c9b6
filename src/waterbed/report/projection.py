"""From longitude and latitude to the plane, and from there to points on paper."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .basemap import clip

Projection = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
"""Longitude and latitude in degrees to x and y in radii of the Earth."""
Box = tuple[float, float, float, float]
"""West, east, south, north; or left, right, bottom, top."""


def natural_earth(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The world: Natural Earth in its polynomial form (Šavrič, Jenny, Patterson, Petrovič and Hurni 2011)."""
    a, b = np.radians(lon), np.radians(lat)
    s = b * b
    x = a * (0.8707 + s * (-0.131979 + s * (-0.013791 + s * s * s * (0.003971 - 0.001529 * s))))
    y = b * (1.007226 + s * (0.015085 + s * s * (-0.044475 + s * (0.028874 - 0.005916 * s))))
    return x, y


def lambert(south: float, north: float, middle: float) -> Projection:
    """A region: Lambert's conformal cone, two standard parallels about a meridian (Snyder 1987, eq. 15-1 to 15-5)."""
    a, b = math.radians(south), math.radians(north)

    def t(phi: float) -> float:
        return math.tan(math.pi / 4 + phi / 2)

    n = math.sin(a) if abs(b - a) < 1e-9 else math.log(math.cos(a) / math.cos(b)) / math.log(t(b) / t(a))
    f = math.cos(a) * t(a) ** n / n

    def project(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        turn = n * np.radians((np.asarray(lon) - middle + 180.0) % 360.0 - 180.0)
        rho = f / np.tan(np.pi / 4 + np.radians(np.clip(lat, -80.0, 89.9)) / 2) ** n
        return rho * np.sin(turn), f - rho * np.cos(turn)

    return project


def flat(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """An invented world: degrees as they are."""
    return np.radians(lon), np.radians(lat)


@lru_cache(maxsize=4096)
def great_circle(tail: tuple[float, float], head: tuple[float, float], points: int = 33) -> np.ndarray:
    """The shortest way between two places (lon, lat), shape [points, 2]; the ends themselves where they coincide.

    Not to be written to: every map draws the same ways, so they are kept.
    """
    ends = np.radians(np.array([tail, head]))
    unit = np.stack(
        [np.cos(ends[:, 1]) * np.cos(ends[:, 0]), np.cos(ends[:, 1]) * np.sin(ends[:, 0]), np.sin(ends[:, 1])], axis=1
    )
    angle = math.atan2(float(np.linalg.norm(np.cross(*unit))), float(unit[0] @ unit[1]))
    t = np.linspace(0.0, 1.0, points)[:, None]
    if angle < 1e-9:
        return np.degrees(ends[0] + t * (ends[1] - ends[0]))
    way = (np.sin((1 - t) * angle) * unit[0] + np.sin(t * angle) * unit[1]) / math.sin(angle)
    return np.degrees(np.stack([np.arctan2(way[:, 1], way[:, 0]), np.arcsin(np.clip(way[:, 2], -1, 1))], axis=1))


@dataclass(frozen=True)
class View:
    """A part of the plane laid on a sheet of points, y upward."""

    project: Projection
    box: Box
    """Left, right, bottom, top in the plane."""
    width: float
    height: float

    def points(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """Places on the sheet, shape [n, 2]."""
        x, y = self.project(np.asarray(lon, float), np.asarray(lat, float))
        left, right, bottom, top = self.box
        return np.stack([(x - left) / (right - left) * self.width, (y - bottom) / (top - bottom) * self.height], axis=1)

    def way(self, tail: tuple[float, float], head: tuple[float, float], bow: float, real: bool = True) -> np.ndarray:
        """A leg on the sheet, bowed to its left by a share of its length so that two directions part.

        Across the sheet's edge (the date line) it is broken by a row of ``nan``.
        """
        lonlat = great_circle(tail, head) if real else np.linspace(tail, head, 33)
        at = self.points(lonlat[:, 0], lonlat[:, 1])
        jump = np.flatnonzero(np.abs(np.diff(lonlat[:, 0])) > 180.0)
        if len(jump):
            return np.insert(at, jump + 1, np.nan, axis=0)
        chord = at[-1] - at[0]
        normal = np.array([-chord[1], chord[0]])
        swing: np.ndarray = at + bow * np.sin(np.pi * np.linspace(0, 1, len(at)))[:, None] * normal
        return swing

    def inside(self, at: np.ndarray, margin: float = 0.0) -> np.ndarray:
        """Which points are on the sheet, at least a margin from its edge."""
        x, y = at[:, 0], at[:, 1]
        found: np.ndarray = (x >= margin) & (x <= self.width - margin) & (y >= margin) & (y <= self.height - margin)
        return found

    def land(self, rings: list[np.ndarray], around: Box | None) -> list[np.ndarray]:
        """Rings of land on the sheet; of a region, only what is within its bounds of longitude and latitude."""
        found = []
        for ring in rings:
            part = ring
            if around is not None:
                west, east, south, north = around
                for axis, side, limit in ((0, 1.0, west), (0, -1.0, east), (1, 1.0, south), (1, -1.0, north)):
                    part = clip(part, side, limit, axis) if len(part) else part
            if len(part) < 4:
                continue
            at = self.points(part[:, 0], part[:, 1])
            at = _simpler(at)
            if (
                len(at) > 3
                and at[:, 0].max() > 0
                and at[:, 0].min() < self.width
                and at[:, 1].max() > 0
                and at[:, 1].min() < self.height
            ):
                found.append(at)
        return found


def _simpler(at: np.ndarray, least: float = 0.25) -> np.ndarray:
    """A ring without points that are too near to the one kept before them to be seen."""
    kept = [0]
    for i in range(1, len(at) - 1):
        if max(abs(at[i, 0] - at[kept[-1], 0]), abs(at[i, 1] - at[kept[-1], 1])) >= least:
            kept.append(i)
    return at[[*kept, len(at) - 1]]


def fitted(project: Projection, at: np.ndarray, width: float, heights: tuple[float, float], pad: float = 0.05) -> View:
    """A view of a width in points that holds places (lon, lat), with a height within bounds and no empty margin."""
    x, y = project(at[:, 0], at[:, 1])
    left, right, bottom, top = x.min(), x.max(), y.min(), y.max()
    wide, high = max(right - left, 1e-3), max(top - bottom, 1e-3)
    left, right, bottom, top = left - pad * wide, right + pad * wide, bottom - pad * high, top + pad * high
    wide, high = right - left, top - bottom
    height = min(max(width * high / wide, heights[0]), heights[1])
    if width * high / wide > height:  # too tall: widen
        grow = high * width / height - wide
        left, right = left - grow / 2, right + grow / 2
    else:
        grow = wide * height / width - high
        bottom, top = bottom - grow / 2, top + grow / 2
    return View(project, (left, right, bottom, top), width, height)
