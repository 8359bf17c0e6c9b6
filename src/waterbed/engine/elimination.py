"""The order in which places are eliminated when the ways are solved, and where each product goes.

The legs between places are a sparse matrix whose pattern never changes in a run, so its elimination is planned
once: places that join the fewest pairs of others go first (Markowitz 1957), and every number has a fixed seat.
The rules in :mod:`.choice` then only multiply and add.
"""

from __future__ import annotations

import heapq

import numpy as np

from .records import Variable as V
from .records import dtype

STEP = (
    V("place", "i4", "", "the place that is eliminated"),
    V("rounds", "i4", "", "seat of the ways from the place back to itself"),
    V("first_in", "i4", "", "first of the ways into it, among the joined"),
    V("first_out", "i4", "", "first of the ways out of it, after the last way into it"),
    V("last_out", "i4", "", "after the last way out of it"),
)

JOINED = (
    V("entry", "i4", "", "seat of the way"),
    V("place", "i4", "", "the place at its other end"),
)

END = (
    V("entry", "i4", "", "seat of a way out of a destination"),
    V("class_", "i4", "", "whose destination it is"),
)


def plan_elimination(tail: np.ndarray, head: np.ndarray, destination: np.ndarray) -> dict[str, np.ndarray]:
    """Plan the elimination of a network's places.

    Args:
        tail, head: places of each leg, shape (legs,).
        destination: shape (places, classes); above 0 where a class's way ends.

    Returns:
        ``entry`` (legs,), the seat of each leg; ``steps``, ``joined`` and ``ends``, records; ``through``, the seats
        that the products go to, in the order in which they are made; ``ways`` (seats, classes), the seats, empty.
    """
    places, classes = destination.shape
    seats: dict[tuple[int, int], int] = {}

    def seat(a: int, b: int) -> int:
        return seats.setdefault((a, b), len(seats))

    entry = np.array([seat(a, b) for a, b in zip(tail.tolist(), head.tolist(), strict=True)], np.int32)
    into: list[set[int]] = [set() for _ in range(places)]
    out: list[set[int]] = [set() for _ in range(places)]
    for a, b in seats:
        if a != b:
            out[a].add(b)
            into[b].add(a)
    queue = [(len(into[p]) * len(out[p]), p) for p in range(places)]
    heapq.heapify(queue)
    steps = np.zeros(places, dtype(STEP))
    joined: list[tuple[int, int]] = []
    through: list[int] = []
    gone: set[int] = set()
    while queue:
        cost, p = heapq.heappop(queue)
        if p in gone or cost != len(into[p]) * len(out[p]):
            continue
        ways_in, ways_out = sorted(into[p]), sorted(out[p])
        first = len(joined)
        joined += [(seat(a, p), a) for a in ways_in]
        joined += [(seat(p, b), b) for b in ways_out]
        steps[len(gone)] = (p, seat(p, p), first, first + len(ways_in), len(joined))
        through += [seat(a, b) for a in ways_in for b in ways_out]
        gone.add(p)
        for a in ways_in:
            out[a] = (out[a] | out[p]) - {p, a}
        for b in ways_out:
            into[b] = (into[b] | into[p]) - {p, b}
        for q in {*ways_in, *ways_out}:
            heapq.heappush(queue, (len(into[q]) * len(out[q]), q))
    ends = sorted({(int(e), int(c)) for e, t in zip(entry, tail, strict=True) for c in np.flatnonzero(destination[t])})
    return {
        "entry": entry,
        "steps": steps,
        "ends": np.array(ends, dtype(END)),
        "joined": np.array(joined or [(0, 0)], dtype(JOINED)),
        "through": np.array(through or [0], np.int32),
        "ways": np.zeros((len(seats), classes)),
    }
