"""What every made-up or converted world shares: costs of legs by rule, groups, police."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from .countries import invented
from .csv_pair import network_from_records
from .tables import COLUMNS, MONTHS, NUMBER
from .world import RouteNetwork, WorldTables

__all__ = ["assemble", "leg", "kilometres"]

Row = dict[str, Any]

SEA_SEASON = (0.36, 0.40, 0.54, 1.06, 1.53, 1.75, 1.56, 1.37, 1.23, 1.08, 0.61, 0.51)
"""Monthly factors of crossings by sea: arrivals in Italy 2014-18 by month, UNHCR Operational Data Portal (mean 1)."""

# By mode: fee, fee a km, days, km a day, deaths and detections a crossing. The rules behind `liberterra`.
_COSTS = {
    "inside": (20.0, 0.12, 1.0, 277.0, 2e-5, 0.01),
    "road": (100.0, 0.6, 1.0, 277.0, 3e-4, 0.08),
    "desert": (100.0, 0.6, 2.0, 154.0, 3e-3, 0.08),
    "sea": (1000.0, 3.0, 1.0, 250.0, 1e-2, 0.15),
}


def kilometres(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    """Great-circle distance between two positions in degrees, in km."""
    a, b, turn = math.radians(lat), math.radians(to_lat), math.radians(to_lon - lon)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(turn / 2) ** 2
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(h)))


def leg(tail: str, head: str, km: float, mode: str = "road", route: str = "", inside: bool = False) -> Row:
    """A row of legs.csv with costs by rule; ``inside`` one country a road is cheap and little watched.

    A leg with a route label is one where crossings are counted. ``km`` is at least 1.
    """
    km = max(1.0, km)
    fee, fee_km, days, km_day, death, detection = _COSTS["inside" if inside and mode == "road" else mode]
    turned_back, returned = (0.25, 0.05) if mode == "sea" else (0.5, 0.2)
    return {
        "tail": tail, "head": head, "mode": mode, "route": route, "counted": bool(route), "km": round(km, 1),
        "days": min(80.0, round(days + km / km_day, 2)), "fee": round(fee + fee_km * km), "death": death,
        "detection": detection, "search_width": 60.0, "turned_back": turned_back, "returned": returned,
        "season": "sea" if mode == "sea" else "", "dormant": False,
    }  # fmt: skip


def assemble(
    name: str,
    network: RouteNetwork | tuple[list[Row], list[Row]],
    classes: Mapping[str, float],
    origins: Iterable[tuple[str, str, float]],
    destinations: Iterable[tuple[str, str]],
    officers: float,
    source: str = "generated",
    country_names: Mapping[str, str] | None = None,
) -> WorldTables:
    """A complete world on a network.

    Args:
        network: the network, or rows of its places and legs.
        classes: people who begin to consider leaving, a year, by class.
        origins: (class, place, weight); weights are scaled to add up to 1 in each class.
        destinations: (class, place), all of the same attraction.
        officers: standing officers of each country.
        source: where the rows of places and legs come from.
        country_names: what invented country codes stand for; by default for themselves.

    Hubs are by rule: a group at every place with a way on, which also works at the heads of its legs with a way on,
    so that rivals meet; one exploitation hub for every six places, where demand is greatest. Raises
    :class:`~waterbed.errors.InputError` if the world cannot be run.
    """
    if isinstance(network, tuple):
        note = {"source": source, "basis": "judgement"}
        places, legs = ([row | note for row in rows] for rows in network)
        network = network_from_records(places, legs, name)
    weights = list(origins)
    totals = {c: math.fsum(w for k, _, w in weights if k == c) for c in classes}
    season = {"season": "sea", **dict(zip(MONTHS, SEA_SEASON, strict=True))}
    countries = dict.fromkeys(network.places["country"])
    called = dict(country_names or {})
    world = WorldTables(
        name=name, folder="", network=network,
        seasons=_frame("seasons", [season]),
        classes=_frame("classes", [{"class": c, "people_per_year": float(n)} for c, n in classes.items()]),
        origins=_frame("origins", [{"class": c, "place": p, "share": w / totals[c]} for c, p, w in weights]),
        destinations=_frame("destinations", [{"class": c, "place": p, "weight": 1.0} for c, p in destinations]),
        constants=_frame("constants", []),
        hubs=_frame("hubs", _hubs(network)),
        police=_frame("police", [{"country": c, "officers": float(officers), "units": 2.0} for c in countries]),
        countries=_frame("countries", [{"country": c, "name": called.get(c, c)} for c in invented(list(countries))]),
    )  # fmt: skip
    world.validate()
    return world


def _frame(name: str, rows: list[Row]) -> Any:
    import pandas as pd

    columns = {
        column: pd.Series([row.get(column, math.nan) for row in rows], dtype=float if kind == NUMBER else str)
        for column, kind in COLUMNS[name].items()
    }
    note = pd.Series(["generated"] * len(rows), dtype=str), pd.Series(["judgement"] * len(rows), dtype=str)
    return pd.DataFrame(columns | {"source": note[0], "basis": note[1]})


def _hubs(network: RouteNetwork) -> list[Row]:
    heads: dict[str, list[str]] = {}
    for tail, head in zip(network.legs["tail"], network.legs["head"], strict=True):
        heads.setdefault(tail, []).append(head)
    served = [p for p in network.places["name"] if p in heads]
    rows = []
    for place in served:
        reach = [place, *(h for h in dict.fromkeys(heads[place]) if h in heads and h != place)][:3]
        rows += [{"network": f"{place} group", "place": p, "kind": "transit"} for p in reach]
    demand = dict(zip(network.places["name"], network.places["exploitation_demand"], strict=True))
    worst = sorted(served, key=lambda p: -demand[p])[: max(1, len(demand) // 6)]
    return rows + [{"network": f"{p} group", "place": p, "kind": "exploitation"} for p in worst if demand[p] > 0]
