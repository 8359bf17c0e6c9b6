"""What stands on the map: hubs and police, told when it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ..engine.run import Simulation

KINDS = ("hub_status", "hub_place", "leg_standing", "leg_operation", "place_standing", "place_operation", "leg_open")
"""Kinds of mark; the value of a mark is a state, a place, officers, or whether a leg can be used."""
_MOST = 65535


class Marks:
    """Collects marks of a month: everything on its first day, then what has changed."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self._first = simulation.day
        self._kind, self._index = self._names()
        self._known = np.zeros(len(self._kind), np.int64)
        self._rows: list[np.ndarray] = []

    def look(self, whole: bool = False) -> None:
        """Note what differs from the last look; ``whole``: everything that is not nothing."""
        now = self._values()
        at = np.flatnonzero(now if whole else now != self._known)
        day = np.full(len(at), self.simulation.day - self._first)
        self._rows.append(np.stack([day, self._kind[at], self._index[at], now[at]], axis=1))
        self._known = now

    def table(self) -> np.ndarray:
        """[mark, 4] uint16: day of the month, kind, index, value."""
        return np.concatenate(self._rows).astype(np.uint16)

    def _values(self) -> np.ndarray:
        w = self.simulation.world
        usable = (w.legs["open"] == 1) & (w.legs["closed"] == 0)
        blocks = (
            w.hubs["status"] + 1, w.hubs["place"] + 1, w.leg_officers[0], w.leg_officers[1:].sum(axis=0),
            w.place_officers[0], w.place_officers[1:].sum(axis=0), usable,
        )  # fmt: skip
        return np.minimum(np.concatenate([np.rint(block).astype(np.int64) for block in blocks]), _MOST)

    def _names(self) -> tuple[np.ndarray, np.ndarray]:
        w = self.simulation.world
        hubs, legs, places = len(w.hubs), len(w.legs), len(w.places)
        sizes = (hubs, hubs, legs, legs, places, places, legs)
        return np.repeat(np.arange(len(sizes)), sizes), np.concatenate([np.arange(n) for n in sizes])
