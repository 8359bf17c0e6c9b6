"""Disruption: what flow was lost, by the twin."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..engine.world import DEPARTURES, T
from ..exact import arctan2, cos, product, sin

if TYPE_CHECKING:
    from ..engine.run import Run
    from .intervals import Name
    from .sets import Sets
    from .window import Window

_LOST = {
    "arrivals_lost": "arrivals", "departures_lost": "departures", "recruits_lost": "recruits",
    "profit_lost": "profit_cents",
}  # fmt: skip
_SPANS = ("during and after", "during", "after")
ON_SETS: tuple[Name, ...] = tuple(
    (name, span, "share") for name in ("treated_crossings_lost", "other_crossings_gained") for span in _SPANS
)


def losses(terms: dict, x: Run, y: Run, window: Window) -> None:
    """Relative losses of arrivals, departures, recruits and the networks' profit, and what became of fees."""
    for name, column in _LOST.items():
        for span, (a, b) in window.spans.items():
            with_it, without = (float(r.totals[a:b, T[column]].sum()) for r in (x, y))
            terms[name, span, "share"] = (without - with_it, without)
    for span, (a, b) in window.spans.items():
        with_it, without = (float(np.nansum(r.mean_fee[a:b])) for r in (x, y))
        terms["mean_fee_change", span, "share"] = (with_it - without, without)
        # The mean moves with who still travels where; a Laspeyres index holds the legs to what they are without.
        basket = y.legs[a:b, :, DEPARTURES].astype(float)
        with_it, without = (float((basket * r.leg_fee[a:b]).sum()) for r in (x, y))
        terms["fee_index_change", span, "share"] = (with_it - without, without)


def on_sets(terms: dict, spans: np.ndarray, names: list[str], sets: Sets, others: np.ndarray) -> None:
    """Crossings lost on treated legs and gained on the other counted ones; spans [world, span, leg]."""
    for effect, rows, sign in (("treated_crossings_lost", sets.treated, 1.0), ("other_crossings_gained", others, -1.0)):
        with_it, without = spans[:, :, rows].sum(axis=2)
        for i, span in enumerate(names):
            terms[effect, span, "share"] = (sign * (without[i] - with_it[i]), without[i])
    if len(sets.buffer):
        with_it, without = spans[:, 0, sets.buffer].sum(axis=1)
        terms["diffusion_of_benefits", "buffer legs", "share"] = (without - with_it, without)


def centroid(flow: np.ndarray, middle: np.ndarray) -> np.ndarray:
    """Sum of unit vectors to the middles of legs, weighted by flow; flow (..., legs), middle (legs, 3)."""
    return product(flow, middle)


def middles(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Unit vectors to the middles of legs on the sphere, from degrees [end, leg]; shape (legs, 3)."""
    a, b = np.radians(lat), np.radians(lon)
    ends = np.stack([cos(a) * cos(b), cos(a) * sin(b), sin(a)], axis=-1)
    middle = ends.sum(axis=0)
    length = np.linalg.norm(middle, axis=-1, keepdims=True)
    return np.where(length > 1e-12, middle / np.maximum(length, 1e-12), ends[0])


def kilometres(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Great-circle distance between the directions of vectors along the last axis; ``nan`` for a null vector.

    Equal vectors are exactly 0 km apart.
    """
    cross = np.linalg.norm(np.cross(a, b), axis=-1)
    dot = (a * b).sum(axis=-1)
    angle = np.where((a == b).all(axis=-1), 0.0, arctan2(cross, dot))
    null = (np.linalg.norm(a, axis=-1) == 0) | (np.linalg.norm(b, axis=-1) == 0)
    return np.where(null, math.nan, 6371.0088 * angle)
