"""Build the bundled world ``liberterra`` from the trial tables of the real route network.

Usage: ``python tools/build_liberterra_tables.py DATA_FOLDER [OUTPUT_FOLDER]``

DATA_FOLDER holds places.csv, legs.csv, countries.csv and corridors.csv (places and legs after GeoNames, Natural
Earth and ``giocopp/Missing-Migrants-Count``, all free to use with credit). Every row that is written names its
source and whether it is published, derived by a rule, or a judgement. The same input gives the same bytes.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

import pandas as pd

OUTPUT = Path(__file__).resolve().parents[1] / "src" / "waterbed" / "network" / "worlds" / "liberterra"

STAGE_ONE = 0.35
"""Share of those who consider leaving that set out, at a typical place (judgement)."""

# UN M49: the sub-region, or the intermediate region where M49 has one.
M49 = {
    "Northern Africa": "DZA EGY ESH LBY MAR SDN TUN",
    "Western Africa": "BEN BFA CIV CPV GHA GIN GMB GNB LBR MLI MRT NER NGA SEN SLE TGO",
    "Middle Africa": "AGO CAF CMR COD COG GAB GNQ STP TCD",
    "Eastern Africa": "BDI COM DJI ERI ETH KEN MDG MOZ MUS MWI RWA SOM SSD SYC TZA UGA ZMB ZWE",
    "Southern Africa": "BWA LSO NAM SWZ ZAF",
    "Caribbean": "BHS BRB CUB DOM GRD HTI JAM LCA TTO VCT",
    "Central America": "BLZ CRI GTM HND MEX NIC PAN SLV",
    "South America": "ARG BOL BRA CHL COL ECU GUY PER PRY SUR URY VEN",
    "Northern America": "CAN USA",
    "Central Asia": "KAZ KGZ TJK TKM UZB",
    "Eastern Asia": "CHN HKG JPN KOR MAC MNG PRK TWN",
    "South-eastern Asia": "BRN IDN KHM LAO MMR MYS PHL SGP THA TLS VNM",
    "Southern Asia": "AFG BGD BTN IND IRN LKA MDV NPL PAK",
    "Western Asia": "ARE ARM AZE BHR CYP GEO IRQ ISR JOR KWT LBN OMN PSE QAT SAU SYR TUR YEM",
    "Eastern Europe": "BGR BLR CZE HUN MDA POL ROU RUS SVK UKR",
    "Northern Europe": "DNK EST FIN GBR IRL ISL LTU LVA NOR SWE",
    "Southern Europe": "ALB BIH ESP GRC HRV ITA MKD MLT MNE PRT SRB SVN XKX",
    "Western Europe": "AUT BEL CHE DEU FRA LUX NLD",
    "Oceania": "AUS FJI FSM KIR NZL PNG SLB TON VUT WSM",
}
REGION = {iso: region for region, countries in M49.items() for iso in countries.split()}
EUROPE = {iso for region in M49 if region.endswith("Europe") for iso in M49[region].split()} | {"CYP"}
BALKANS = set("ALB BIH MKD MNE SRB XKX".split())
GULF = set("ARE BHR KWT OMN QAT SAU".split())
MEKONG = set("KHM LAO MMR THA VNM MYS".split())
WEST_AND_CENTRAL_AFRICA = set((M49["Western Africa"] + " " + M49["Middle Africa"]).split())

GROUPS = {
    "Central Med": "Central Mediterranean", "Eastern Med": "Eastern Mediterranean",
    "Western Med": "Western Mediterranean", "Western African": "West African",
    "Eastern EU borders": "Eastern Borders", "US southwest": "US Southwest",
    "air gateway": "Air (gateway)", "air direct": "Air (direct)",
}  # fmt: skip
CROSSINGS = {
    "English Channel": "English Channel", "Andaman Sea": "Andaman Sea", "Eastern Route": "Eastern Route",
    "Caribbean": "Caribbean", "Comoros–Mayotte": "Comoros-Mayotte", "Guianas": "Guianas",
}  # fmt: skip
CLASSES = {
    "West Africa→N Africa": "West Africa to North Africa", "Horn→N Africa": "Horn to North Africa",
    "SW Asia→Europe": "Southwest Asia to Europe", "SW Asia→Türkiye/Iran": "Southwest Asia to Türkiye and Iran",
    "South Asia→SE Asia": "South Asia to Southeast Asia", "Mekong→Thailand/Malaysia": "Mekong to Thailand and Malaysia",
    "Indonesia/Philippines→Malaysia": "Indonesia and Philippines to Malaysia",
    "China/Vietnam→Europe": "China and Vietnam to Europe", "→East Asia": "Asia to East Asia",
    "→Oceania": "Asia to Oceania", "Mexico/Central America→US": "Mexico and Central America to US",
    "Overseas→Americas→US": "Overseas to US through the Americas", "E Europe→EU": "Eastern Europe to EU",
}  # fmt: skip
STOPOVER = "Air (gateway)"
"""Flights to a country that asks for no visa: a stop on the way, so nobody has crossed the border in question yet."""
SEARCH_WIDTH = {"road": 60, "desert": 80, "sea": 60, "air": 20}
SEASON = (0.36, 0.40, 0.54, 1.06, 1.53, 1.75, 1.56, 1.37, 1.23, 1.08, 0.61, 0.51)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
REACH_KM = 2000.0
"""A criminal group does not spread further than this from its main place."""


def kilometres(a: Any, b: Any) -> float:
    """Great-circle distance between two rows with lat and lon, in km."""
    la, lb = math.radians(a.lat), math.radians(b.lat)
    turn = math.radians(b.lon - a.lon)
    h = math.sin((lb - la) / 2) ** 2 + math.cos(la) * math.cos(lb) * math.sin(turn / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(h))


def route_of(leg: Any) -> str:
    """The route that a leg is reported under, or an empty text."""
    if leg.layer == "inside":  # a ferry or road within a country crosses no border
        return ""
    if leg.group:
        return GROUPS[leg.group]
    if leg.route in CROSSINGS:
        return CROSSINGS[leg.route]
    # Frontex counts a crossing of the Western Balkan route where people enter the Union from the north of it.
    if leg.tail_iso3 in BALKANS and leg.head_iso3 in {"HUN", "HRV", "ROU"}:
        return "Western Balkan"
    return ""


def domestic_ferry(leg: Any) -> bool:
    """Whether a leg by sea stays in one country: then people go by public ferry, whatever route it was drawn for.

    The trial table prices two such legs (Lampedusa to Pozzallo, Samos to Kos) as smuggled crossings.
    """
    return bool(leg.mode == "sea" and leg.tail_iso3 == leg.head_iso3)


def after_detection(leg: Any, route: str) -> tuple[float, float]:
    """Shares of detected people who are turned back at the border, and returned to where they came from."""
    if route == "US Southwest":
        return 0.2, 0.6
    if leg.mode == "sea":
        return (0.25, 0.05) if leg.head_iso3 in EUROPE else (0.4, 0.2)
    return (0.7, 0.2) if leg.mode == "air" else (0.5, 0.2)


def exploitation_demand(iso3: str, role: str, push: float) -> float:
    """Demand for exploited people at a place, 0 to 0.3: a rule on region, role and weakness of the state."""
    if iso3 == "LBY":
        return 0.3
    if iso3 in GULF:
        base = 0.22
    elif iso3 in MEKONG:
        base = 0.2
    elif iso3 in WEST_AND_CENTRAL_AFRICA:
        base = 0.12
    else:
        base = 0.02 + 0.06 * push
    if role in ("transit", "hub", "hub;embarkation"):
        base += 0.06
    return round(min(0.3, base), 3)


def places_table(places: pd.DataFrame, push: dict[str, float]) -> pd.DataFrame:
    """places.csv."""
    demand = [exploitation_demand(i, r, push[i]) for i, r in zip(places.iso3, places.role, strict=True)]
    return pd.DataFrame({
        "name": places.name_, "country": places.iso3, "region": [REGION[i] for i in places.iso3],
        "lat": places.lat, "lon": places.lon, "push": [push[i] for i in places.iso3], "exploitation_demand": demand,
        "source": "coordinates GeoNames; region UN M49; push by rule from World Bank GDP a head and WGI stability; "
        "exploitation demand by rule",
        "basis": "derived",
    })  # fmt: skip


def legs_table(legs: pd.DataFrame, push: dict[str, float]) -> pd.DataFrame:
    """legs.csv: costs as in the trial table, labels and consequences of detection by the rules above."""
    sources = {
        "named": "giocopp/Missing-Migrants-Count 42be4fe3 (after IOM); costs by rule",
        "border": "Natural Earth land border; costs by rule", "inside": "places of one country; costs by rule",
        "sea-named": "crossing named in public reports; costs by rule",
        "sea-rule": "Natural Earth coasts at most 250 km apart; costs by rule",
        "air-gateway": "nearest visa gateways; costs by rule", "air-direct": "direct flight; costs by rule",
    }  # fmt: skip
    downhill = legs.tail_iso3.map(push) > legs.head_iso3.map(push) + 0.15
    rule_made = legs[(legs.layer == "sea-rule") & (legs.group == "") & downhill].sort_values("km", ascending=False)
    dormant = set(rule_made.index[:5])  # nobody is known to cross there, but many would gain by it
    asleep = "; asleep: one of the five longest rule-made crossings to a better place"
    rows = []
    for leg in legs.itertuples():
        route = route_of(leg)
        if domestic_ferry(leg):  # as the trial table prices its other ferries
            fee, days, death, mode = round(30 + 0.1 * leg.km), round(1 + leg.km / 400, 2), 0.0, "ferry"
            leg = leg._replace(fee=fee, days=days, detection=0.01, death=death, mode=mode)
        mode = "road" if leg.mode == "ferry" else leg.mode  # a public ferry needs no smuggler: as a road
        turned_back, returned = after_detection(leg, route)
        seasonal = mode == "sea" and route.endswith("Mediterranean")
        rows.append({
            "tail": leg.tail, "head": leg.head, "mode": mode, "route": route,
            "counted": str(bool(route) and route != STOPOVER).lower(),
            "km": leg.km, "via_lat": leg.mid_lat, "via_lon": leg.mid_lon, "days": leg.days, "fee": leg.fee,
            "death": leg.death, "detection": leg.detection, "search_width": SEARCH_WIDTH[mode],
            "turned_back": turned_back, "returned": returned, "season": "mediterranean" if seasonal else "",
            "dormant": str(leg.Index in dormant).lower(), "opening_cost": "",
            "source": sources[leg.layer] + (asleep if leg.Index in dormant else ""),
            "basis": "judgement" if leg.Index in dormant else "derived",
        })  # fmt: skip
    table = pd.DataFrame(rows)
    # Of two rows for one leg the dearer would never be taken: keep the cheaper.
    order = table.sort_values("fee", kind="stable").drop_duplicates(["tail", "head"]).index
    return table.loc[sorted(order)]


def people_tables(
    corridors: pd.DataFrame, countries: pd.DataFrame, places: pd.DataFrame, entered: set[str]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """classes.csv, origins.csv and destinations.csv; ``entered`` are the places that a leg leads to."""
    prospects = dict(zip(countries.iso3, countries.prospects, strict=True))
    classes, origins, destinations = [], [], []
    note = {"source": "sizes of corridors: world totals split by the authors", "basis": "judgement"}
    for row in corridors.itertuples():
        name = CLASSES.get(row.corridor, row.corridor.replace("→", " to "))
        people = round(row.thousand_journeys_per_year * 1000 / STAGE_ONE)
        classes.append({"class": name, "people_per_year": people, "time_value": "", "aversion": "", **note})
        goals = set(row.destination_iso3.split())
        # Nobody sets out from a country where the class would have arrived already.
        starts = [iso for iso in row.origin_iso3.split() if iso not in goals]
        shares: dict[str, float] = {}
        for iso in starts:
            mine = places[(places.iso3 == iso) & (places.capital | (places.role == "origin"))]
            for place in mine.name_:
                shares[place] = prospects[iso] / len(mine)
        total = sum(shares.values())
        origins += [
            {"class": name, "place": place, "share": round(share / total, 12),
             "source": "World Bank population and push: population^0.75 * push^2, equal over places", "basis": "derived"}  # noqa: E501
            for place, share in shares.items()
        ]  # fmt: skip
        inside = places[places.iso3.isin(goals) & (places.capital | (row.absorbed_at == "every place"))]
        inside = inside[inside.name_.isin(entered)]  # no leg leads to Reykjavík: nobody could want to go there
        destinations += [{"class": name, "place": p, "weight": 1, **note} for p in inside.name_]
    return pd.DataFrame(classes), pd.DataFrame(origins), pd.DataFrame(destinations)


def stage(place: Any, push: dict[str, float]) -> str:
    """The stage of a journey at which a place lies; groups work within one stage."""
    if place.role in ("embarkation", "hub;embarkation"):
        return "embarkation"
    if place.role in ("transit", "hub"):
        return "transit"
    return "origin" if push[place.iso3] > 0.15 or place.role == "origin" else "destination"


def groups_of(places: list[Any], push: dict[str, float], turn: int, most: int) -> list[tuple[str, str]]:
    """Cluster places of one stage that lie near each other: (network, place) rows, each place once."""
    left = {p.name_: p for p in places}
    rows: list[tuple[str, str]] = []
    for main in places:
        if main.name_ not in left:
            continue
        near = sorted(
            (p for p in left.values() if stage(p, push) == stage(main, push) and kilometres(main, p) <= REACH_KM),
            key=lambda p: (kilometres(main, p), p.name_),
        )
        for place in near[:most]:
            rows.append((f"{main.name_} group {turn}", place.name_))
            del left[place.name_]
    return rows


def hubs_table(
    places: pd.DataFrame, legs: pd.DataFrame, demand: dict[str, float], push: dict[str, float]
) -> pd.DataFrame:
    """hubs.csv: one to three transit hubs at every place with a way on, and about sixty of exploitation."""
    out = legs["tail"].value_counts()
    alive = [p for p in places.itertuples() if out.get(p.name_, 0) > 0]
    alive.sort(key=lambda p: (-int(out[p.name_]), p.name_))
    central = [p for p in alive if out[p.name_] >= 9 or p.role in ("hub", "hub;embarkation", "embarkation", "transit")]
    top = [p for p in alive if p.role in ("hub", "hub;embarkation", "embarkation") or out[p.name_] >= 14]
    rows = groups_of(alive, push, 1, 4) + groups_of(central[::-1], push, 2, 3) + groups_of(top, push, 3, 3)
    first = {place: network for network, place in reversed(rows)}
    note = {"capacity": "", "source": "by rule from legs and roles of the places", "basis": "judgement"}
    table = [{"network": n, "place": p, "kind": "transit", **note} for n, p in rows]
    worst = sorted((p for p in alive if demand[p.name_] >= 0.05), key=lambda p: (-demand[p.name_], p.name_))[:60]
    table += [{"network": first[p.name_], "place": p.name_, "kind": "exploitation", **note} for p in worst]
    return pd.DataFrame(table)


def police_table(countries: pd.DataFrame) -> pd.DataFrame:
    """police.csv: officers against smuggling grow with the square root of the population."""
    rows = []
    for row in countries.itertuples():
        officers = min(400, round(20 + 30 * math.sqrt(row.pop / 1e6)))
        units = 2 if officers < 100 else 3 if officers < 250 else 4
        rows.append({"country": row.iso3, "officers": officers, "units": units,
                     "source": "20 + 30 * sqrt(population in millions), at most 400", "basis": "judgement"})  # fmt: skip  # noqa: E501
    return pd.DataFrame(rows)


def check(tables: dict[str, pd.DataFrame]) -> None:
    """Refuse to write a world that does not hang together."""
    names, legs = set(tables["places"]["name"]), tables["legs"]
    assert set(legs["tail"]) <= names and set(legs["head"]) <= names, "a leg ends at an unknown place"
    assert not legs.duplicated(["tail", "head"]).any(), "a leg stands twice"
    assert (legs["days"] > 0).all() and (legs["fee"] > 0).all(), "a leg takes no time or money"
    shares = tables["origins"].groupby("class")["share"].sum()
    assert ((shares - 1).abs() < 1e-6).all(), "shares of a class do not add up to 1"
    assert not tables["hubs"].duplicated(["network", "place", "kind"]).any(), "a hub stands twice"
    for table in tables.values():
        assert table[["source", "basis"]].ne("").all().all(), "a row has no source or basis"


def build(data: Path) -> dict[str, pd.DataFrame]:
    """All tables of the world by file name."""
    read = {n: pd.read_csv(data / f"{n}.csv", keep_default_na=False, na_values={"gdp": "", "polstb": ""})
            for n in ("places", "legs", "countries", "corridors")}  # fmt: skip
    places, legs, countries = read["places"].rename(columns={"name": "name_"}), read["legs"], read["countries"]
    countries = countries.assign(**{c: pd.to_numeric(countries[c]) for c in ("pop", "push", "prospects")})
    push = dict(zip(countries.iso3, countries.push, strict=True))
    tables = {"places": places_table(places, push), "legs": legs_table(legs, push)}
    season = {"season": "mediterranean", **dict(zip(MONTHS, SEASON, strict=True))}
    arrivals = "UNHCR Operational Data Portal, arrivals in Italy 2014-18 by month (sums, mean 1), CC BY 4.0"
    season |= {"source": arrivals, "basis": "derived"}
    tables["seasons"] = pd.DataFrame([season])
    tables["classes"], tables["origins"], tables["destinations"] = people_tables(
        read["corridors"], countries, places, set(tables["legs"]["head"])
    )
    tables["constants"] = pd.DataFrame(columns=["class", "route", "constant", "source", "basis"])
    demand = dict(zip(tables["places"]["name"], tables["places"]["exploitation_demand"], strict=True))
    tables["hubs"] = hubs_table(places, tables["legs"], demand, push)
    tables["police"] = police_table(countries)
    check(tables)
    return tables


def main(arguments: list[str]) -> int:
    """Write the tables; the exit code."""
    if len(arguments) not in (1, 2):
        print(__doc__)
        return 2
    output = Path(arguments[1]) if len(arguments) == 2 else OUTPUT
    output.mkdir(parents=True, exist_ok=True)
    for name, table in build(Path(arguments[0])).items():
        table.to_csv(output / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
        print(f"{name}.csv: {len(table)} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
