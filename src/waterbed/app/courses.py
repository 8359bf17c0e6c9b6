"""Who was where in a month: courses of all people on the way, from day-to-day differences of their records.

A course is a list of stays and journeys, each with its state, the places it leads from and to, and the hours at
which it begins and ends. A browser draws any moment of the month from it, so no positions are sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..agents import states as s

if TYPE_CHECKING:
    from ..engine.run import Simulation

MONTH = 30
"""Days of a simulated month."""
LINGER = 72
"""Hours for which somebody who has arrived, died or gone home is still told of."""

ENDED = (s.ARRIVED, s.HOME, s.PROTECTED, s.LEGAL, s.DEAD, s.LAPSED, s.THINNED)
UNSEEN = (*ENDED, s.PROSPECT, s.UNBORN)
"""States that need no telling where a month begins with them."""
_FIELDS = ("status", "place", "leg", "since", "due")
_STATES = len(s.MIGRANT_STATES)
_ENDED, _UNSEEN = (np.isin(np.arange(_STATES), codes) for codes in (ENDED, UNSEEN))


@dataclass(frozen=True)
class Courses:
    """Stays and journeys, sorted by person and hour; hours count from the month's first midnight."""

    person: np.ndarray
    """[m] int64: row of the person in the run; the same in both worlds."""
    state: np.ndarray
    """[m] uint8: see :data:`waterbed.agents.states.MIGRANT_STATES`."""
    origin: np.ndarray
    """[m] int64: place where it begins."""
    goal: np.ndarray
    """[m] int64: place where it ends; the same place for a stay."""
    start: np.ndarray
    """[m] int64: hour; negative if it began before the month."""
    end: np.ndarray
    """[m] int64: hour; after the month's last if it goes on."""


class Watch:
    """Advances a run day by day, and notes what changes for whom."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self.first_day = simulation.day
        self._low = self._first_alive()
        self._known = self._glance()
        self._parts = [self._noted(np.flatnonzero(~_UNSEEN[self._known["status"]]), begun=None)]

    def step(self) -> None:
        """One day."""
        self.simulation.advance(self.simulation.day + 1)
        before, now = self._known, self._glance()
        old = len(before["status"])
        changed = np.zeros(len(now["status"]), bool)
        for name in _FIELDS:
            changed[:old] |= now[name][:old] != before[name]
        # Of those born today only who is more than a prospect is news: nobody can be yet, but rules may change.
        changed[old:] = ~_UNSEEN[now["status"][old:]]
        # A person who waits looks for a way again and again: a new due day is no news.
        same = np.flatnonzero(changed[:old] & (now["status"][:old] != s.TRAVELLING))
        idle = np.all([now[name][same] == before[name][same] for name in ("status", "place", "since")], axis=0)
        changed[same[idle]] = False
        self._known = now
        self._parts.append(self._noted(np.flatnonzero(changed), begun=self.simulation.day - 1))

    def courses(self) -> Courses:
        """What was noted since the watch began."""
        person, state, origin, goal, start, end = (np.concatenate(column) for column in zip(*self._parts, strict=True))
        order = np.lexsort((start, person))
        person, state, origin, goal, start, end = (x[order] for x in (person, state, origin, goal, start, end))
        month_end = 24 * (self.simulation.day - self.first_day)
        followed = np.append(person[1:] == person[:-1], False)
        until = np.append(start[1:], 0)
        last = np.where(_ENDED[state], start + LINGER, np.where(state == s.TRAVELLING, end, month_end))
        return Courses(person, state.astype(np.uint8), origin, goal, start, np.where(followed, until, last))

    def _first_alive(self) -> int:
        """Row before which everybody's course has ended: people are numbered by day of birth."""
        born = int(self.simulation.world.state["born"][0])
        alive = ~_ENDED[self.simulation.world.migrants["status"][:born]]
        return int(np.argmax(alive)) if alive.any() else born

    def _glance(self) -> dict[str, np.ndarray]:
        world = self.simulation.world
        rows = slice(self._low, int(world.state["born"][0]))
        return {name: world.migrants[name][rows].astype(np.int64) for name in _FIELDS}

    def _noted(self, rows: np.ndarray, begun: int | None) -> tuple[np.ndarray, ...]:
        """New stays and journeys of these rows; ``begun`` None: they were under way when the month began."""
        now, legs = self._known, self.simulation.world.legs
        person, state = rows + self._low, now["status"][rows]
        at, leg = now["place"][rows], now["leg"][rows]
        on_leg = (state == s.TRAVELLING) | ((state == s.DEAD) & (leg >= 0))
        goal = np.where(on_leg, legs["head"][np.maximum(0, leg)], at)
        # Days are the model's step; an hour of one's own keeps people from moving all at midnight.
        hour = (person * 7919 + 3571) % 24
        day = now["since"][rows] if begun is None else np.full(len(rows), begun)
        travelling = state == s.TRAVELLING
        day = np.where(travelling, now["since"][rows], day)
        start = 24 * (day - self.first_day) + hour
        end = np.where(travelling, 24 * (now["due"][rows] - self.first_day) + hour, 0)
        return person, state, at, goal, start, end
