"""Legs of the world `mediterranean`: named ones of the world of real places, and those of its own table."""

from __future__ import annotations

from typing import Any

from .world.geography import between
from .world.network import SEA_ROUTES, death_rates
from .world.sources import Row, Sources

ROUTES = ("Central Mediterranean", "Eastern Mediterranean", "Western Mediterranean", "West African", "Western Balkan")
SEARCH_WIDTH = 50
TRACED = "giocopp"
"""How the source of a named leg begins: corridors traced from IOM's map."""
DESERT_DEATH, ROAD_DEATH = 1.5e-3, 5e-5
FENCE, SEA_BACK = 0.3, 0.03
"""Share of those detected on a counted leg who are turned back: by land, and at sea, where nearly all who are found
are brought ashore and registered."""
type Out = dict[str, Any]


def legs_table(sources: Sources, world: Sources) -> list[Out]:
    """legs.csv. A leg of this world's own table stands for the named one between the same places."""
    place = {row["name"]: row for row in sources["places"]}
    out = {(r["tail"], r["head"]) for r in sources["left_out"]} | {(r["tail"], r["head"]) for r in sources["legs"]}
    named = [r for r in world["land"] if r["source"].startswith(TRACED)
             and r["tail"] in place and r["head"] in place and (r["tail"], r["head"]) not in out]  # fmt: skip
    rates = death_rates(world)
    rows = [_leg(place, {**r, "detection": "", "turned_back": "", "route": ""}, rates) for r in named]
    return rows + [_leg(place, r, rates) for r in sources["legs"]]


def _leg(place: dict[str, Row], row: Row, rates: dict[str, float]) -> Out:
    a, b, mode, route = place[row["tail"]], place[row["head"]], row["mode"], row["route"]
    km = max(5.0, between(a, b))
    fee, days, death, detection, back, home = _costs(km, mode, a["country"] == b["country"])
    if route:
        detection = float(row["detection"])
        back, home = (SEA_BACK, 0.0) if mode == "sea" else (FENCE, 0.0)
        if mode == "sea":
            death = round(rates[route] / (1 + rates[route]), 5)
    elif row["detection"]:
        detection, back, home = float(row["detection"]), float(row["turned_back"]), 0.0
    return {
        "tail": a["name"], "head": b["name"], "mode": mode, "route": route, "counted": str(bool(route)).lower(),
        "km": round(km, 1), "via_lat": "", "via_lon": "", "days": days,
        "fee": round(float(row["fee"])) if row["fee"] else fee, "death": death, "detection": detection,
        "search_width": SEARCH_WIDTH, "turned_back": back, "returned": home, "season": _season(mode, route),
        "dormant": "false", "opening_cost": "",
        "source": f"{row['source']}; costs by rule of tools/mediterranean_legs.py", "basis": row["basis"],
    }  # fmt: skip


def _season(mode: str, route: str) -> str:
    """Crossings of the Mediterranean follow its weather; the Atlantic's season is another, and not published."""
    return "mediterranean" if mode == "sea" and route in SEA_ROUTES and route != "West African" else ""


def _costs(km: float, mode: str, inside: bool) -> tuple[int, float, float, float, float, float]:
    """Fee (USD), days, deaths and detections a crossing, shares turned back and returned (all judgement).

    Road 20 + 0.12 a km inside a country, 80 more over a border, 280 km a day; desert 100 + 0.4 a km, 150 km a day;
    air 600 + 0.15 a km with what papers cost.
    """
    if mode == "air":
        return round(600 + 0.15 * km), 2.0, 0.0, 0.05, 0.7, 0.2
    if mode == "desert":
        return round(100 + 0.4 * km), round(2 + km / 150, 2), DESERT_DEATH, 0.03, 0.5, 0.2
    found = 0.01 if inside else 0.04
    return round((20 if inside else 100) + 0.12 * km), round(1 + km / 280, 2), ROAD_DEATH, found, 0.5, 0.2

