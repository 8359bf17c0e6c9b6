"""Where labels go: candidate places by rule, the most wanted first, none on another."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

Rect = tuple[float, float, float, float]
"""Left, bottom, right, top."""
_HIT_DOT, _HIT_LINE = 4.0, 0.8
_APART = 3.0
"""Points between two labels side by side; half of it between two lines."""
_MOST = 5.0
"""Cost above which a label is better left out."""
_SIDES = ((1, 0.3), (1, -0.3), (-1, 0.3), (-1, -0.3), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))


@dataclass(frozen=True)
class Placed:
    """A label in its place: the middle of its box, and the box."""

    words: str
    kind: str
    x: float
    y: float
    box: Rect


@dataclass
class Sheet:
    """What is on a map already. Lengths in points; lines are given as points with half their width."""

    width: float
    height: float
    dots: np.ndarray
    """[n, 2]."""
    lines: np.ndarray
    """[n, 3]: x, y, half the width."""
    placed: list[Placed] = field(default_factory=list)

    def put(self, words: str, kind: str, size: tuple[float, float], places: list[tuple[float, float]]) -> Placed | None:
        """Put a label at the cheapest of places (middles of its box, best first); None where none will do."""
        best: tuple[float, Placed] | None = None
        for rank, (x, y) in enumerate(places):
            box = (x - size[0] / 2, y - size[1] / 2, x + size[0] / 2, y + size[1] / 2)
            cost = self._cost(box) + 0.12 * rank
            if cost < (_MOST if best is None else best[0]):
                best = cost, Placed(words, kind, x, y, box)
        if best is None:
            return None
        self.placed.append(best[1])
        return best[1]

    def _cost(self, box: Rect) -> float:
        left, bottom, right, top = box
        if left < 1 or bottom < 1 or right > self.width - 1 or top > self.height - 1:
            return np.inf
        wider = (left - _APART, bottom - _APART / 2, right + _APART, top + _APART / 2)
        if any(overlap(wider, p.box) for p in self.placed):
            return np.inf
        cost = 0.0
        if len(self.dots):
            x, y = self.dots.T
            cost += _HIT_DOT * float(((x > left - 1) & (x < right + 1) & (y > bottom - 1) & (y < top + 1)).sum())
        if len(self.lines):
            x, y, half = self.lines.T
            hit = (x > left - half) & (x < right + half) & (y > bottom - half) & (y < top + half)
            cost += float((_HIT_LINE + 0.5 * half[hit]).sum())
        return cost


def overlap(a: Rect, b: Rect) -> bool:
    """Whether two boxes share more than an edge."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def around(
    x: float, y: float, size: tuple[float, float], gaps: tuple[float, ...] = (3.0, 6.0, 10.0)
) -> list[tuple[float, float]]:
    """Middles of boxes beside a dot, near ones first."""
    return [(x + side * (gap + size[0] / 2), y + up * (gap + size[1] / 2)) for gap in gaps for side, up in _SIDES]


def beside(way: np.ndarray, size: tuple[float, float], half: float) -> list[tuple[float, float]]:
    """Middles of boxes beside a way of half a width, along its length and on both sides."""
    found = []
    last = len(way) - 1
    for gap in (2.0, 5.0):
        for share in (0.5, 0.42, 0.58, 0.34, 0.66, 0.25, 0.75):
            i = min(max(round(share * last), 1), last - 1)
            step = way[i + 1] - way[i - 1]
            length = float(np.hypot(*step))
            if not length > 0:
                continue
            normal = np.array([-step[1], step[0]]) / length
            away = half + gap + abs(normal[0]) * size[0] / 2 + abs(normal[1]) * size[1] / 2
            found += [tuple(way[i] + side * away * normal) for side in (1.0, -1.0)]
    return [(float(x), float(y)) for x, y in found]
