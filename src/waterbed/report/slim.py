"""Ways with no more points than are seen: a page holds a hundred thousand of them."""

from __future__ import annotations

import re

import numpy as np

UNSEEN = 0.2
"""Points; on a page a thousand pixels wide less than half a pixel."""
_NUMBER = r"-?\d+(?:\.\d+)?(?:e-?\d+)?"
_STRAIGHT = re.compile(rf"\s*(?:[ML]\s*{_NUMBER}\s+{_NUMBER}\s*|[zZ]\s*)+")
_STEP = re.compile(rf"([ML])\s*({_NUMBER})\s+({_NUMBER})|([zZ])")


def thinned(way: np.ndarray, tolerance: float = UNSEEN) -> np.ndarray:
    """A way without the points that lie within ``tolerance`` of the line between those that stay.

    After Douglas and Peucker; its ends stay, so a ring stays one.

    Args:
        way: [n, 2] points without a gap.
    """
    kept = np.zeros(len(way), bool)
    kept[[0, -1]] = True
    spans = [(0, len(way) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        away = _away(way[first + 1 : last], way[first], way[last])
        at = int(away.argmax())
        if away[at] > tolerance:
            at += first + 1
            kept[at] = True
            spans += [(first, at), (at, last)]
    return way[kept]


def _away(points: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Distances of points from the line between two, its ends included."""
    along, rest = b - a, points - a
    square = float(along @ along)
    share = np.clip(rest @ along / square, 0.0, 1.0) if square > 0 else np.zeros(len(points))
    gap: np.ndarray = rest - share[:, None] * along
    return np.hypot(gap[:, 0], gap[:, 1])


def path(d: str) -> str:
    """The ``d`` of an SVG path with fewer points and no more digits than are seen; curves keep all their points."""
    if not _STRAIGHT.fullmatch(d):
        rounded = re.sub(r"-?\d+\.\d+", lambda n: f"{float(n[0]):.2f}".rstrip("0").rstrip("."), d)
        return re.sub(r"\s*([A-Za-z])\s*", r"\1", " ".join(rounded.split()))
    parts: list[str] = []
    run: list[tuple[float, float]] = []

    def end() -> None:
        if run:
            parts.append("M" + "L".join(f"{_short(x)} {_short(y)}" for x, y in thinned(np.array(run))))
            run.clear()

    for kind, x, y, close in _STEP.findall(d):
        if kind == "M" or close:
            end()
        if close:
            parts.append("z")
        else:
            run.append((float(x), float(y)))
    end()
    return "".join(parts)


def _short(value: float) -> str:
    """A tenth of a point, without what says nothing."""
    return f"{value:.1f}".removesuffix(".0").replace("-0.", "-.") if round(value, 1) else "0"
