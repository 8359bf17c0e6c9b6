"""Places and legs of the world, by the rules in ``docs/world.md``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from waterbed.errors import InputError

from .geography import Earth, between, spans
from .regions import BALKANS, EUROPE, EXPLOITING, GULF, MEKONG, REGION, UNION, WEST_AND_CENTRAL_AFRICA
from .sources import Row, Sources, ends

type Out = dict[str, Any]

RICH = 20_000.0
"""GDP a head in USD from which a country watches its borders closely, and from which nobody flies to a gateway."""
DETOUR = 1.6
"""Most that a way through a point on the border may be longer than the great circle."""
NEAREST = 3
"""A place without a named leg inside its country is joined to so many of its nearest."""
FAR = 4.0
"""... but to none that is so many times as far as the nearest."""
OVERSEAS_KM = 4000.0
"""Places of one country further apart are not joined: Paris and Cayenne."""
GATEWAYS = 3
SEARCH_WIDTH = {"road": 60, "desert": 80, "sea": 60, "air": 20}
PREMIUM = {"road": 400.0, "sea": 0.0, "air": 700.0}
"""USD of fee for each unit of the logarithm of head's over tail's GDP a head: what a better place is worth."""
STOPOVER, DIRECT = "Air (gateway)", "Air (direct)"

SEA_ROUTES = ("Central Mediterranean", "Eastern Mediterranean", "Western Mediterranean", "West African")
"""The four routes by sea into Europe whose deaths a detection are published, 2014-19."""
FENCED = ("Eastern Mediterranean", "Western Mediterranean")
"""Routes whose part by land leads over a fence: Evros, Bulgaria, Ceuta, Melilla."""
BY_SEA = {"Eastern Mediterranean": 0.73, "Western Mediterranean": 0.85}
"""Share of a route's detections at sea: arrivals that UNHCR counts in Greece in 2018-19 and in Spain in 2017-19."""


@dataclass(frozen=True)
class Land:
    """What legs are made from: places by name, and facts of their countries."""

    place: dict[str, Row]
    gdp: dict[str, float]
    push: dict[str, float]
    population: dict[str, float]
    bloc: dict[str, set[str]]

    def free(self, a: Row, b: Row) -> bool:
        """Whether people cross without a border: one country, or a bloc of free movement."""
        return a["country"] == b["country"] or bool(self.bloc[a["country"]] & self.bloc[b["country"]])

    def premium(self, a: Row, b: Row, mode: str) -> float:
        ratio = self.gdp[b["country"]] / self.gdp[a["country"]]
        return PREMIUM[mode] * max(0.0, math.log(ratio))


def land(sources: Sources) -> Land:
    """Facts of countries, with push = logistic(0.9 ln(6000 / GDP a head) - 0.9 stability - 2)."""
    gdp = {r["country"]: float(r["gdp_head"]) for r in sources["countries"]}
    push = {
        r["country"]: 1 / (1 + math.exp(-(0.9 * math.log(6000 / gdp[r["country"]]) - 0.9 * float(r["stability"]) - 2)))
        for r in sources["countries"]
    }
    bloc: dict[str, set[str]] = {code: set() for code in gdp}
    for row in sources["blocs"]:
        bloc[row["country"]].add(row["bloc"])
    people = {r["country"]: float(r["population"]) for r in sources["countries"]}
    return Land({r["name"]: r for r in sources["places"]}, gdp, push, people, bloc)


def places_table(sources: Sources, facts: Land) -> list[Out]:
    """places.csv: push of the country, demand for exploited people by a rule or a public source."""
    named = {row["place"] for row in sources["exploitation"]}
    rows = []
    for r in sources["places"]:
        push, role = facts.push[r["country"]], r["role"]
        rows.append({
            "name": r["name"], "country": r["country"], "region": REGION[r["country"]], "lat": float(r["lat"]),
            "lon": float(r["lon"]), "push": round(push, 4),
            "exploitation_demand": _demand(r["country"], role, push, r["name"] in named),
            "source": f"{r['source']}; position GeoNames; region UN M49; push by rule from World Bank GDP a head and "
                      "WGI stability; demand for exploited people by rule",
            "basis": "derived",
        })  # fmt: skip
    return rows


def _demand(country: str, role: str, push: float, named: bool) -> float:
    """Demand for exploited people, 0 to 0.3: by region, role and weakness of the state (judgement)."""
    base = 0.02 + 0.06 * push
    for codes, value in ((WEST_AND_CENTRAL_AFRICA, 0.12), (MEKONG, 0.2), (GULF, 0.22), (EXPLOITING, 0.3)):
        base = value if country in codes else base
    base += 0.06 if role in ("transit", "hub", "hub;embarkation") else 0.0
    return round(min(0.3, base + (0.08 if named else 0.0)), 3)


def legs_table(sources: Sources, earth: Earth, facts: Land) -> list[Out]:
    """legs.csv; of two legs from one place to another the first in this order stays."""
    rates = death_rates(sources)
    rows: dict[tuple[str, str], Out] = {}
    for row in (
        *_land_legs(sources, facts), *_sea_legs(sources, facts, rates), *_inside_legs(sources, facts),
        *_border_legs(sources, earth, facts), *_gateway_legs(sources, facts), *_direct_legs(sources, facts),
    ):  # fmt: skip
        rows.setdefault((row["tail"], row["head"]), row)
    return list(rows.values())


def _leg(a: Row, b: Row, mode: str, km: float, source: str, basis: str, **more: Any) -> Out:
    route = more.get("route", "")
    turned_back, returned = _after_detection(b["country"], mode, route)
    return {
        "tail": a["name"], "head": b["name"], "mode": mode, "route": route,
        "counted": str(bool(route) and route != STOPOVER).lower(), "km": round(km, 1), "via_lat": "", "via_lon": "",
        "search_width": SEARCH_WIDTH[mode], "turned_back": turned_back, "returned": returned,
        "season": "mediterranean" if mode == "sea" and route.endswith("Mediterranean") else "", "dormant": "false",
        "opening_cost": "", "source": source, "basis": basis,
    } | more  # fmt: skip


def _after_detection(country: str, mode: str, route: str) -> tuple[float, float]:
    """Shares of the detected who are turned back at the border, and returned to where they came from (judgement)."""
    if route == "US Southwest":
        return 0.2, 0.5
    if mode != "sea" and route in FENCED:
        return 0.7, 0.1
    if mode == "sea":
        return (0.12, 0.03) if country in EUROPE else (0.4, 0.2)
    return (0.7, 0.2) if mode == "air" else (0.5, 0.2)


def _overland(a: Row, b: Row, mode: str, km: float, facts: Land, route: str = "", fee: str = "") -> Out:
    """Fee, days, death and detection of a leg by road or through the desert.

    Without a border 20 + 0.12 a km; over one 100 + 0.6 a km for the first 400 km, 0.12 for the rest, and the premium.
    """
    free = facts.free(a, b)
    rate = 20 + 0.12 * km if free else 100 + 0.6 * min(km, 400) + 0.12 * max(0, km - 400) + facts.premium(a, b, "road")
    if mode == "desert":
        rate = max(rate, 100 + 0.4 * km)
    death = {"road": 2e-5 if free else 2e-4, "desert": 1.5e-3}[mode]
    detection = 0.01 if free else 0.25 if facts.gdp[b["country"]] > RICH else 0.08
    if route == "US Southwest":
        death, detection = 4e-4, 0.45
    elif route in FENCED:
        death, detection = 2e-4, 0.7
    elif route in ("Western Balkan", "Eastern Borders"):
        death, detection = 2e-4, 0.55 if route == "Western Balkan" else 0.35
    return {
        "days": round(1 + 1.3 * km / 360 if mode == "road" else 2 + 1.3 * km / 200, 2),
        "fee": round(float(fee)) if fee else round(rate), "death": death, "detection": detection,
    }  # fmt: skip


def _border_route(a: Row, b: Row) -> str:
    """Label of a land border into the European Union, after Frontex."""
    into_union = b["country"] in UNION
    if into_union and a["country"] in BALKANS and b["country"] in {"HUN", "HRV", "ROU"}:
        return "Western Balkan"
    if into_union and a["country"] in {"BLR", "MDA", "RUS", "UKR"}:
        return "Eastern Borders"
    if a["country"] == "TUR" and b["country"] in {"BGR", "GRC"}:
        return "Eastern Mediterranean"
    return ""


def _land_legs(sources: Sources, facts: Land) -> Iterator[Out]:
    for row in sources["land"]:
        a, b = facts.place[row["tail"]], facts.place[row["head"]]
        route = row["route"] or _border_route(a, b)
        km = max(5.0, between(a, b))
        costs = _overland(a, b, row["mode"], km, facts, route, row["fee"])
        # The desert between Algeria and its neighbours, the Darién and the like cost what the desert costs.
        yield _leg(a, b, row["mode"], km, f"{row['source']}; other costs by rule", row["basis"], route=route, **costs)


def death_rates(sources: Sources) -> dict[str, float]:
    """Deaths a detection at sea of the four routes into Europe: ratio of sums over 2014-19 without 2015.

    2015 is left out of the rates, not of what the model is held against: one year had four times the detections
    of all others in the Eastern Mediterranean.
    """
    rates: dict[str, float] = {}
    for route in SEA_ROUTES:
        rows = [r for r in sources["published"] if r["route"] == route and r["year"] != "2015"]
        detections = sum(float(r["detections"]) for r in rows) * BY_SEA.get(route, 1.0)
        rates[route] = sum(float(r["deaths"]) for r in rows) / detections
    return rates


def _sea_legs(sources: Sources, facts: Land, rates: dict[str, float]) -> Iterator[Out]:
    """Named crossings only. Deaths a crossing: published deaths a detection, times the detection; longer is worse.

    A crossing k times as long as the route's middle one (by km) has the square root of k times the deaths.
    """
    middle: dict[str, list[float]] = {}
    for row in sources["sea"]:
        if row["dormant"] == "false":
            middle.setdefault(row["route"], []).append(between(facts.place[row["tail"]], facts.place[row["head"]]))
    for row in sources["sea"]:
        a, b = facts.place[row["tail"]], facts.place[row["head"]]
        km = between(a, b)
        death = float(row["death"]) if row["death"] else _death(row, km, sorted(middle[row["route"]]), rates)
        source = row["source"] + ("" if row["death"] else "; deaths by rule: Frontex and IOM Missing Migrants, 2014-19")
        yield _leg(a, b, "sea", km, source, row["basis"], route=row["route"], days=round(1 + km / 250, 2),
                   fee=round(float(row["fee"])), death=death, detection=float(row["detection"]),
                   dormant=row["dormant"])  # fmt: skip


def _death(row: Row, km: float, lengths: list[float], rates: dict[str, float]) -> float:
    rate = rates[row["route"]] * float(row["detection"])
    return round(rate / (1 + rate) * math.sqrt(km / lengths[len(lengths) // 2]), 5)


def _inside_legs(sources: Sources, facts: Land) -> Iterator[Out]:
    """Joins within each country, both ways: places without a named leg there, then what is still apart."""
    by_country: dict[str, list[Row]] = {}
    for row in sources["places"]:
        by_country.setdefault(row["country"], []).append(row)
    named = {frozenset((r["tail"], r["head"])) for r in sources["land"]}
    for mine in by_country.values():
        joined = {pair for pair in named if pair <= {p["name"] for p in mine}}
        for a in mine:
            if not any(a["name"] in pair for pair in joined & named):
                near = sorted((p for p in mine if p is not a), key=lambda p: (between(a, p), p["name"]))
                joined |= {
                    frozenset((a["name"], p["name"]))
                    for p in near[:NEAREST]
                    if between(a, p) <= min(OVERSEAS_KM, FAR * between(a, near[0]))
                }
        while parts := _apart(mine, joined):
            ours, others = parts
            a, b = min(((a, b) for a in ours for b in others), key=lambda ab: (between(*ab), ab[0]["name"]))
            if between(a, b) > OVERSEAS_KM:
                break
            joined.add(frozenset((a["name"], b["name"])))
        for pair in sorted(joined - named, key=sorted):
            yield from _both_ways(*(facts.place[n] for n in sorted(pair)), facts)


def _both_ways(a: Row, b: Row, facts: Land) -> Iterator[Out]:
    km = between(a, b)
    for tail, head in ((a, b), (b, a)):
        yield _leg(tail, head, "road", km, "nearest places of one country (road or ferry); costs by rule", "derived",
                   **_overland(tail, head, "road", km, facts))  # fmt: skip


def _apart(places: list[Row], pairs: Iterable[frozenset[str]]) -> tuple[list[Row], list[Row]] | None:
    """The places joined to the first one, and the rest; None if there is no rest."""
    seen, todo = {places[0]["name"]}, [places[0]["name"]]
    while todo:
        here = todo.pop()
        for pair in pairs:
            if here in pair:
                more = pair - seen
                seen |= more
                todo += sorted(more)
    rest = [p for p in places if p["name"] not in seen]
    return ([p for p in places if p["name"] in seen], rest) if rest else None


def _border_legs(sources: Sources, earth: Earth, facts: Land) -> Iterator[Out]:
    """Over each border without a named leg: the two places nearest to each other through it, both ways."""
    crossed = {
        tuple(sorted((facts.place[r["tail"]]["country"], facts.place[r["head"]]["country"]))) for r in sources["land"]
    }
    by_country: dict[str, list[Row]] = {}
    for row in sources["places"]:
        by_country.setdefault(row["country"], []).append(row)
    for (one, other), points in earth.borders.items():
        if (one, other) in crossed:
            continue
        ways = [_way(a, b, points) for a in by_country.get(one, []) for b in by_country.get(other, [])]
        if ways:
            # A way that bends too far may lead over the sea, so it comes last.
            yield from _over_border(min(ways, key=lambda w: (w.bent, w.km, w.a["name"], w.b["name"])), facts)


@dataclass(frozen=True)
class Way:
    """From one place to another over their border: its length, and the point on the border, if it leads by one."""

    a: Row
    b: Row
    km: float
    bent: bool
    via: tuple[float, float] | None


def _way(a: Row, b: Row, points: Any) -> Way:
    """The shortest way through a point on the border, or the great circle where that bends too far."""
    straight = between(a, b)
    if not len(points):
        return Way(a, b, straight, False, None)
    both = spans(a, points) + spans(b, points)
    at = int(both.argmin())
    if both[at] > DETOUR * straight:
        return Way(a, b, straight, True, None)
    return Way(a, b, float(both[at]), False, (round(float(points[at][1]), 3), round(float(points[at][0]), 3)))


def _over_border(way: Way, facts: Land) -> Iterator[Out]:
    via: Out = {"via_lat": way.via[0], "via_lon": way.via[1]} if way.via else {}
    km = max(5.0, way.km)
    for tail, head in ((way.a, way.b), (way.b, way.a)):
        route = _border_route(tail, head)
        costs = _overland(tail, head, "road", km, facts, route)
        source = "Natural Earth land border, nearest places; costs by rule"
        yield _leg(tail, head, "road", km, source, "derived", route=route, **via, **costs)


def _gateway_legs(sources: Sources, facts: Land) -> Iterator[Out]:
    """Flights from capitals to the nearest gateways; overseas ones only for classes that go on from there."""
    overseas = {c for r in sources["corridors"] if r["class"].startswith("Overseas") for c in ends(r["origins"])}
    for a in sources["places"]:
        if a["capital"] != "true" or facts.gdp[a["country"]] >= RICH:
            continue
        ways = [g for g in sources["gateways"] if facts.place[g["place"]]["country"] != a["country"]]
        near = [g for g in ways if g["reach"] == "nearest"]
        near = sorted(near, key=lambda g: (between(a, facts.place[g["place"]]), g["place"]))[:GATEWAYS]
        far = [g for g in ways if g["reach"] == "overseas" and a["country"] in overseas]
        for g in near + far:
            b = facts.place[g["place"]]
            km = between(a, b)
            yield _leg(a, b, "air", km, f"{g['source']}; costs by rule", g["basis"], route=STOPOVER, days=2.0,
                       fee=round(1500 + 0.25 * km), death=0.0, detection=0.05)  # fmt: skip


def _direct_legs(sources: Sources, facts: Land) -> Iterator[Out]:
    """Flights with borrowed or forged documents from the capitals of a class to its place of arrival."""
    for row in sources["corridors"]:
        if not row["flight_to"]:
            continue
        b = facts.place[row["flight_to"]]
        for code in ends(row["origins"]):
            for a in sources["places"]:
                if a["country"] == code and a["capital"] == "true" and facts.push[code] > 0.1:
                    km = between(a, b)
                    yield _leg(a, b, "air", km, "flight of a class to its destination; fees after UNODC 2018 (10,000 "
                               "to 18,000 USD to Western Europe); costs by rule", "judgement", route=DIRECT, days=2.0,
                               fee=round(8000 + 0.5 * km), death=0.0, detection=0.35)  # fmt: skip


def require_ways(legs: list[Out], classes: list[Out], origins: list[Out], goals: list[Out], hubs: list[Out]) -> None:
    """Every origin of a class reaches one of its destinations over legs that are open, by sea and air from hubs.

    Raises :class:`~waterbed.errors.InputError` with the corridors and places that do not.
    """
    served = {h["place"] for h in hubs if h["kind"] == "transit"}
    heads: dict[str, list[str]] = {}
    for leg in legs:
        if leg["dormant"] == "false" and (leg["mode"] in ("road", "desert") or leg["tail"] in served):
            heads.setdefault(leg["tail"], []).append(leg["head"])
    faults = []
    for row in classes:
        wanted = {g["place"] for g in goals if g["class"] == row["class"]}
        for place in (o["place"] for o in origins if o["class"] == row["class"]):
            if not _reach(place, heads) & wanted:
                faults.append(f"corridors.csv: class '{row['class']}' has no way from '{place}' to any of its "
                              "destinations; name a leg in land.csv or sea.csv, or drop the origin")  # fmt: skip
    if faults:
        raise InputError(faults)


def _reach(start: str, heads: dict[str, list[str]]) -> set[str]:
    seen, todo = {start}, [start]
    while todo:
        for place in heads.get(todo.pop(), ()):
            if place not in seen:
                seen.add(place)
                todo.append(place)
    return seen
