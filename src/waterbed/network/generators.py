"""Made-up worlds of any size: a grid, a random geometric network, a corridor with lanes.

All run from poor places in the south over a border, where crossings are counted, to rich places in the north. The
same arguments give the same world.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import InputError
from .assembly import Row, assemble, kilometres, leg

if TYPE_CHECKING:
    import numpy as np

    from .world import WorldTables

__all__ = ["corridor", "grid", "random_geometric"]

_BANDS = (("SOU", "South"), ("MID", "Middle"), ("NOR", "North"))


def grid(rows: int = 5, columns: int = 4, *, people_per_year: float = 3000, seed: int = 0) -> WorldTables:
    """A lattice: each place is joined by road with its neighbours; the border lies below the northern third.

    The crossings are labelled ``Lane 1`` to ``Lane columns`` from west to east.

    Args:
        rows: of places, at least 3; people start in the southernmost and want to the northernmost.
        columns: of places.
        people_per_year: who begin to consider leaving.
        seed: moves places a little.

    Raises:
        InputError: for fewer rows or columns.
    """
    _at_least(rows=(rows, 3), columns=(columns, 1))
    random = _random(seed)
    moved = random.uniform(-0.4, 0.4, (rows, columns, 2))
    places, border = [], rows - max(1, rows // 3)
    for r in range(rows):
        for c in range(columns):
            places.append(
                _place(f"P{r + 1}-{c + 1}", 3.0 * r + moved[r, c, 0], 3.0 * c + moved[r, c, 1], r / (rows - 1))
            )
    for i, place in enumerate(places):
        _settle(place, i // columns, border)
    legs: list[Row] = []
    for r in range(rows):
        for c in range(columns):
            here = places[r * columns + c]
            if c + 1 < columns:
                _join(legs, here, places[r * columns + c + 1])
            if r + 1 < rows:
                _join(legs, here, places[(r + 1) * columns + c], f"Lane {c + 1}" if r + 1 == border else "")
    first, last = [p["name"] for p in places[:columns]], [p["name"] for p in places[-columns:]]
    return _world("grid", places, legs, first, last, people_per_year)


def random_geometric(
    places: int = 30, radius: float = 5.0, *, people_per_year: float = 3000, seed: int = 0
) -> WorldTables:
    """Places at random in a square of 20 by 20 degrees, joined by road where they lie within ``radius`` degrees.

    Parts that would be cut off are joined by the shortest way to the rest of their side of the border. The border
    has two thirds of the places to its south; crossings are labelled West, Central and East by where they lie. The
    southernmost fifth of the places are origins and the northernmost fifth destinations.

    Args:
        places: how many, at least 6.
        radius: degrees.
        people_per_year: who begin to consider leaving.
        seed: of the places' positions.

    Raises:
        InputError: for fewer places, or a radius below 0.
    """
    _at_least(places=(places, 6), radius=(radius, 0.0))
    at = _random(seed).uniform(0.0, 20.0, (places, 2))
    at = at[at[:, 0].argsort(kind="stable")]
    border = max(2, (2 * places) // 3)
    table = [_place(f"P{i + 1}", lat, lon, i / (places - 1)) for i, (lat, lon) in enumerate(at.tolist())]
    for i, place in enumerate(table):
        _settle(place, i, border)
    legs: list[Row] = []
    for i, j in _near_pairs(at, radius, border):
        middle = (at[i, 1] + at[j, 1]) / 2
        label = "West" if middle < 20 / 3 else "Central" if middle < 40 / 3 else "East"
        _join(legs, table[i], table[j], label if i < border <= j else "")
    fifth = max(1, places // 5)
    names = [p["name"] for p in table]
    return _world("random geometric", table, legs, names[:fifth], names[-fifth:], people_per_year)


def corridor(
    stages: int = 5, lanes: int = 3, *, people_per_year: float = 3000, crosslinks: bool = True, seed: int = 0
) -> WorldTables:
    """Parallel lanes from origins to one destination; the last stage but one is a sea, the counted crossing.

    Crossings are labelled ``Lane 1`` to ``Lane lanes``. With ``crosslinks`` one can change lanes by road before the
    sea; without, a lane is chosen at the start and displacement can only happen there.

    Args:
        stages: places of a lane, at least 3.
        lanes: how many.
        people_per_year: who begin to consider leaving.
        crosslinks: whether lanes are joined.
        seed: moves places a little.

    Raises:
        InputError: for fewer stages or lanes.
    """
    _at_least(stages=(stages, 3), lanes=(lanes, 1))
    moved = _random(seed).uniform(-0.3, 0.3, (stages, lanes, 2))
    places, border = [], stages - 1
    for s in range(stages):
        for n in range(lanes):
            name = f"Stage {s + 1} lane {n + 1}"
            places.append(_place(name, 3.0 * s + moved[s, n, 0], 4.0 * n + moved[s, n, 1], s / stages))
    for i, place in enumerate(places):
        _settle(place, i // lanes, border)
    goal = _place("Destination", 3.0 * stages, 2.0 * (lanes - 1), 1.0)
    _settle(goal, stages, border)
    start = _place("Origin", -3.0, 2.0 * (lanes - 1), 0.0)
    _settle(start, 0, border)
    legs: list[Row] = []
    for n in range(lanes):
        _join(legs, start, places[n])
    for s in range(stages):
        for n in range(lanes):
            here = places[s * lanes + n]
            if crosslinks and s < border and n + 1 < lanes:
                _join(legs, here, places[s * lanes + n + 1])
            if s + 1 < stages:
                label = f"Lane {n + 1}" if s + 1 == border else ""
                _join(legs, here, places[(s + 1) * lanes + n], label, "sea" if label else "road")
            else:
                _join(legs, here, goal)
    return _world("corridor", [start, *places, goal], legs, ["Origin"], ["Destination"], people_per_year)


def _random(seed: int) -> np.random.Generator:
    import numpy as np

    return np.random.default_rng(seed)


def _at_least(**values: tuple[float, float]) -> None:
    faults = [f"{name}: is {value}; it takes at least {low:g}" for name, (value, low) in values.items() if value < low]
    if faults:
        raise InputError(faults)


def _place(name: str, lat: float, lon: float, height: float) -> Row:
    """A place; ``height`` from 0 (origin, poor) to 1 (destination, rich)."""
    demand = 0.05 + 0.4 * height * (1.0 - height)
    push, demand = round(0.8 - 0.75 * height, 3), round(demand, 3)
    return {"name": name, "lat": round(lat, 4), "lon": round(lon, 4), "push": push, "exploitation_demand": demand}


def _settle(place: Row, row: int, border: int) -> None:
    """Give a place its country: the north beyond the border, the south and the middle before it."""
    band = 2 if row >= border else 0 if row < border / 2 else 1
    place["country"], place["region"] = _BANDS[band]


def _join(legs: list[Row], a: Row, b: Row, route: str = "", mode: str = "road") -> None:
    """Legs both ways, or one way over the counted border."""
    km = kilometres(a["lat"], a["lon"], b["lat"], b["lon"])
    inside = a["country"] == b["country"]
    legs.append(leg(a["name"], b["name"], km, mode, route, inside))
    if not route:
        legs.append(leg(b["name"], a["name"], km, mode, "", inside))


def _near_pairs(at: Any, radius: float, border: int) -> list[tuple[int, int]]:
    """Pairs i < j within a radius, and the shortest ones that join what would be apart.

    The border is crossed one way only, so each side (places before ``border`` and from it on) hangs together by
    itself, and at least one pair joins the two.
    """
    import networkx as nx
    import numpy as np

    distance = np.hypot(at[:, None, 0] - at[None, :, 0], at[:, None, 1] - at[None, :, 1])
    n = len(at)
    pairs = {(i, j) for i in range(n) for j in range(i + 1, n) if distance[i, j] <= radius}
    for side in (range(border), range(border, n)):
        full = nx.Graph()
        full.add_weighted_edges_from((i, j, float(distance[i, j])) for i in side for j in side if i < j)
        # A minimum spanning tree has the shortest link between any two parts, so it joins all at least cost.
        pairs |= {(min(i, j), max(i, j)) for i, j in nx.minimum_spanning_edges(full, data=False)}
    pairs.add(min(((i, j) for i in range(border) for j in range(border, n)), key=lambda pair: float(distance[pair])))
    return sorted(pairs)


def _world(
    name: str, places: list[Row], legs: list[Row], starts: list[str], goals: list[str], people_per_year: float
) -> WorldTables:
    origins = [("Travellers", place, 1.0) for place in starts]
    destinations = [("Travellers", place) for place in goals]
    return assemble(name, (places, legs), {"Travellers": people_per_year}, origins, destinations, officers=40)
