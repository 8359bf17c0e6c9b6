"""The bundled world and scenario `southwest`: the border of the United States and Mexico in the 1990s.

    python -m tools.southwest            # writes src/waterbed/network/worlds/southwest and the scenario

Nine Border Patrol sectors are nine border legs, each from its staging city in Mexico. What moves is the dose: agents
by sector and fiscal year (`src/waterbed/validate/southwest.csv`, US Government work). Agents of the leanest year
are in a leg's own detection; each year's agents beyond it are an operation on that leg. Sector constants and the
shared parameters come from `src/waterbed/validate/southwest_fit.csv`, which `tools/fit_southwest.py` writes.
"""

from __future__ import annotations

import csv
import math
from datetime import date
from pathlib import Path

from waterbed.validate.record import KM
from waterbed.validate.record import SECTORS as RECORDED

ROOT = Path(__file__).parents[1]
WORLD = ROOT / "src" / "waterbed" / "network" / "worlds" / "southwest"
SCENARIO = ROOT / "src" / "waterbed" / "scenario" / "library" / "southwest.toml"
TABLES = ROOT / "src" / "waterbed" / "validate"
FIRST, LAST = 1993, 2000
"""Fiscal years simulated; a fiscal year begins on 1 October of the year before."""

GEOGRAPHY = "public geography; coordinates from GeoNames (CC BY 4.0)"
RULE = "rule of tools/southwest.py"
# Sector: staging city in Mexico, its state and position, place north of it and its position.
SECTORS = {
    "san diego": ("Tijuana", 32.53, -117.02, "San Diego", 32.72, -117.16),
    "el centro": ("Mexicali", 32.66, -115.47, "El Centro", 32.79, -115.56),
    "yuma": ("San Luis Rio Colorado", 32.46, -114.77, "Yuma", 32.69, -114.62),
    "tucson": ("Nogales", 31.31, -110.94, "Tucson", 32.22, -110.93),
    "el paso": ("Ciudad Juarez", 31.74, -106.49, "El Paso", 31.76, -106.45),
    "big bend": ("Ojinaga", 29.56, -104.42, "Marfa", 30.31, -104.02),
    "del rio": ("Ciudad Acuna", 29.32, -100.93, "Del Rio", 29.36, -100.90),
    "laredo": ("Nuevo Laredo", 27.48, -99.52, "Laredo", 27.51, -99.51),
    "rio grande valley": ("Reynosa", 26.09, -98.28, "McAllen", 26.20, -98.23),
}
# Origin: country, region, position, share of people, staging cities with a direct way.
ORIGINS = {
    "Guadalajara": ("Western Mexico", 20.67, -103.35, 0.5,
                    ("Tijuana", "Mexicali", "San Luis Rio Colorado", "Nogales", "Ciudad Juarez", "Nuevo Laredo")),
    "Mexico City": ("Central and southern Mexico", 19.43, -99.13, 0.3,
                    ("Tijuana", "Nogales", "Ciudad Juarez", "Ciudad Acuna", "Nuevo Laredo", "Reynosa")),
    "Monterrey": ("North-eastern Mexico", 25.67, -100.31, 0.2,
                  ("Ciudad Juarez", "Ojinaga", "Ciudad Acuna", "Nuevo Laredo", "Reynosa")),
}  # fmt: skip
BORDER_KM = dict(zip(RECORDED, KM, strict=True))
NEIGHBOURS = [SECTORS[sector][0] for sector in SECTORS]
JUDGED = {"source": RULE, "basis": "judgement"}


def sector_years() -> list[dict[str, str]]:
    """Rows of the packaged record."""
    with open(TABLES / "southwest.csv", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def fitted() -> dict[str, float]:
    """Fitted values by name: sector constants (USD) as ``constant.SECTOR``, shared parameters by their own."""
    with open(TABLES / "southwest_fit.csv", encoding="utf-8") as file:
        return {row["name"]: float(row["value"]) for row in csv.DictReader(file)}


def agents() -> dict[str, dict[int, int]]:
    """Agents by sector and fiscal year."""
    table: dict[str, dict[int, int]] = {sector: {} for sector in SECTORS}
    for row in sector_years():
        if row["sector"] in table and row["agents"]:
            table[row["sector"]][int(row["fiscal_year"])] = int(float(row["agents"]))
    return table


def least(years: dict[int, int]) -> int:
    """The leanest year's agents in the span simulated: what a leg's own detection holds."""
    return min(years[y] for y in range(FIRST, LAST + 1))


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance times 1.2: roads wind."""
    (lat, lon), (to_lat, to_lon) = ((math.radians(x), math.radians(y)) for x, y in (a, b))
    h = math.sin((to_lat - lat) / 2) ** 2 + math.cos(lat) * math.cos(to_lat) * math.sin((to_lon - lon) / 2) ** 2
    return 1.2 * 2 * 6371.0 * math.asin(math.sqrt(h))


def road(tail: str, head: str, km: float) -> dict[str, object]:
    """A bus ride in Mexico: 10 USD and 0.05 a km, half a day and 600 km a day; nobody is stopped."""
    return {
        "tail": tail, "head": head, "mode": "road", "route": "", "counted": "false", "km": round(km), "via_lat": "",
        "via_lon": "", "days": round(0.5 + km / 600, 2), "fee": round(10 + 0.05 * km), "death": 0, "detection": 0,
        "search_width": 1e6, "turned_back": 0, "returned": 0, "season": "", "dormant": "false", "opening_cost": "",
        **JUDGED,
    }  # fmt: skip


def border(sector: str, width: float, lean: int) -> dict[str, object]:
    """The crossing of a sector: everybody found is turned back to the staging city (voluntary return)."""
    city, _, _, north, *_ = SECTORS[sector]
    km = BORDER_KM[sector]
    detection = 1.0 - math.exp(-lean / (width * km))
    return {
        "tail": city, "head": north, "mode": "desert", "route": sector.title(), "counted": "true", "km": 40,
        "via_lat": "", "via_lon": "", "days": 2, "fee": 800, "death": 0.0003, "detection": round(detection, 6),
        "search_width": round(width * km, 3), "turned_back": 1, "returned": 0, "season": "", "dormant": "false",
        "opening_cost": "",
        "source": f"search law on {lean} agents over {km:.0f} km of border; width fitted (southwest_fit.csv); fee, "
        "days and deaths judgement", "basis": "derived",
    }  # fmt: skip


def write(name: str, rows: list[dict[str, object]]) -> None:
    """One table of the world."""
    with open(WORLD / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_world() -> None:
    """All tables of the world."""
    WORLD.mkdir(parents=True, exist_ok=True)
    fit, dose = fitted(), agents()
    at = {city: (lat, lon) for city, lat, lon, *_ in SECTORS.values()}
    at |= {name: (lat, lon) for name, (_, lat, lon, *_) in ORIGINS.items()}
    note = {"source": GEOGRAPHY + "; push judgement", "basis": "judgement"}
    places = [
        {"name": name, "country": "MEX", "region": region, "lat": lat, "lon": lon, "push": 0.6,
         "exploitation_demand": 0, **note}
        for name, (region, lat, lon, *_) in ORIGINS.items()
    ]  # fmt: skip
    for city, lat, lon, north, north_lat, north_lon in SECTORS.values():
        places.append({"name": city, "country": "MEX", "region": "Border", "lat": lat, "lon": lon, "push": 0.3,
                       "exploitation_demand": 0, **note})  # fmt: skip
        places.append({"name": north, "country": "USA", "region": "United States", "lat": north_lat, "lon": north_lon,
                       "push": 0, "exploitation_demand": 0, **note})  # fmt: skip
    write("places", places)
    legs = [
        road(name, city, kilometres(at[name], at[city])) for name, (*_, cities) in ORIGINS.items() for city in cities
    ]
    for a, b in zip(NEIGHBOURS, NEIGHBOURS[1:], strict=False):
        legs += [road(a, b, kilometres(at[a], at[b])), road(b, a, kilometres(at[a], at[b]))]
    legs += [border(sector, fit["search_width_per_km"], least(dose[sector])) for sector in SECTORS]
    write("legs", legs)
    total = round(fit["people_per_year"])
    sizes = {"source": "fitted so that detections of 1993-2000 add up (southwest_fit.csv); split judgement",
             "basis": "derived"}  # fmt: skip
    write("classes", [
        {"class": name, "people_per_year": round(total * share), "time_value": "", "aversion": "", **sizes}
        for name, (_, _, _, share, _) in ORIGINS.items()
    ])  # fmt: skip
    write("origins", [{"class": name, "place": name, "share": 1, **JUDGED} for name in ORIGINS])
    write("destinations", [{"class": name, "place": sector[3], "weight": 1, **JUDGED}
                           for name in ORIGINS for sector in SECTORS.values()])  # fmt: skip
    write("constants", [
        {"class": name, "route": sector.title(), "constant": round(fit[f"constant.{sector}"], 1),
         "source": "fitted to sector shares of 1993-2000 (southwest_fit.csv)", "basis": "derived"}
        for name in ORIGINS for sector in SECTORS
    ])  # fmt: skip
    write("hubs", [{"network": f"{city} {group}", "place": city, "kind": "transit", "capacity": 1e6, **JUDGED}
                   for city in NEIGHBOURS for group in ("first", "second")])  # fmt: skip
    write("police", [{"country": c, "officers": 0, "units": 1, "basis": "judgement",
                      "source": "all agents stand on border legs: in their detection and in operations"}
                     for c in ("MEX", "USA")])  # fmt: skip


def operations() -> list[str]:
    """An operation for each sector and year with more agents than its leanest year."""
    dose, lines = agents(), []
    begin = date(FIRST - 1, 10, 1)
    for sector, (city, _, _, north, *_) in SECTORS.items():
        lean = least(dose[sector])
        for year in range(FIRST, LAST + 1):
            more = dose[sector][year] - lean
            if not more:
                continue
            start = (date(year - 1, 10, 1) - begin).days
            days = (date(year, 10, 1) - date(year - 1, 10, 1)).days
            lines += [f"[operations.{sector.replace(' ', '_')}_{year}]", f"start = {start}", f"days = {days}",
                      f"officers = {more}", f"officers_per_unit = {more}", 'strategy = "static"', "announced = false",
                      'countries = ["USA"]', f'target = {{ legs = ["{city} > {north}"] }}', ""]  # fmt: skip
    return lines


HEADER = """\
format = 1
name = "southwest"
title = "The US-Mexico border, fiscal years 1993-2000: nine sectors, and the Border Patrol's agents as the dose"
network = "southwest"
start_date = {start}    # the first day of fiscal year {first}
days = {days}
persons_per_agent = 1000

# Written by tools/southwest.py. Fitted to the years simulated by tools/fit_southwest.py: loss_stopped, route_growth,
# retry, half_experience and search width; their values and the command stand in waterbed/validate/southwest_fit.csv.
[choice]
loss_stopped = {loss_stopped}
own_way_weight = 0.2    # more went without a guide than to Europe; judgement

[migration]
retry = {retry}
pause_days = 3.0        # most were back in a staging city on the same day; judgement
value_slope = 0.6

# A hundredth of the default's recruiters, each reaching a hundred times as many: the same contacts.
[recruiting]
per_daily_birth = 0.02
reach_in_person = 100.0
online_share = 0.0
deceptive_share = 0.0
heat_per_recruit = 0.0

# Agents stand north of the line and groups south of it: what is found does not close a house in Mexico.
[hubs]
lie_low_heat = 100.0
markup_heat = 0.0
route_growth = {route_growth}

# Fitted: how fast groups learn goes by how many they carry. With an agent of 1,000 people many days see nobody
# carried, and a belief that drifted back on such days would depend on that number.
[learning]
half_experience = {half_experience}
drift_half_life = 36500.0

[world]
weather_sd = 0.05

"""


def write_scenario() -> None:
    """The scenario, with the dose as operations."""
    fit = fitted()
    days = (date(LAST, 10, 1) - date(FIRST - 1, 10, 1)).days
    values = {name: fit[name] for name in ("loss_stopped", "retry", "route_growth", "half_experience")}
    text = HEADER.format(start=date(FIRST - 1, 10, 1), first=FIRST, days=days, **values)
    SCENARIO.write_text(text + "\n".join(operations()).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_world()
    write_scenario()
    print(f"{WORLD.relative_to(ROOT)} and {SCENARIO.relative_to(ROOT)} are written")
