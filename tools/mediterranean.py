"""The bundled world `mediterranean`: five routes into Europe, on real places, with origins by nationality.

    python -m tools.mediterranean            # writes src/waterbed/network/worlds/mediterranean

Places and named legs are those of the world of real places (data/sources) or stand in data/sources/mediterranean,
each row with source and basis. What this file adds are rules: costs of legs, groups, police. People and route
constants are fitted, so that expected detections of every nationality on every route are those of detections.csv
(:mod:`waterbed.validate.basin`). The same sources give the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from waterbed.errors import InputError
from waterbed.network.checking import reach
from waterbed.network.csv_pair import whole

from .mediterranean_legs import ROUTES, legs_table
from .world.geography import disagreements, misplaced, read_earth
from .world.network import land
from .world.regions import REGION
from .world.sources import Row, Sources
from .world.sources import read as read_world_sources

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "data" / "sources"
WORLD = ROOT / "src" / "waterbed" / "network" / "worlds" / "mediterranean"
RULE = "rule of tools/mediterranean.py"
JUDGED = {"source": RULE, "basis": "judgement"}
GOALS = {"Rome": 0.5, "Madrid": 0.5, "Berlin": 1.0, "Patras": 0.002}
"""Where people want to go, and how much: those who cannot go on stay in Greece."""
CONTROL = {"source": "standing control is in the legs' own detection; operations add officers", "basis": "judgement"}
FILES: dict[str, tuple[str, ...]] = {
    "places": ("name", "country", "lat", "lon", "role", "geonameid"),
    "legs": ("tail", "head", "mode", "route", "fee", "detection", "turned_back"),
    "left_out": ("tail", "head", "why"),
    "origins": ("class", "place", "share"),
    "detections": ("class", "route", "detections", "low", "high"),
}
SEASON = "UNHCR Operational Data Portal, arrivals in Italy 2014-18 by month (sums, mean 1), CC BY 4.0"


def read(folder: Path) -> Sources:
    """The sources of this world, checked row by row. Raises :class:`InputError` with file, line and remedy."""
    faults: list[str] = []
    tables = {name: _table(folder / f"{name}.csv", columns, faults) for name, columns in FILES.items()}
    if not faults:
        faults = _faults(folder, tables)
    if faults:
        raise InputError(faults)
    return Sources(folder, tables)


def _table(path: Path, columns: Sequence[str], faults: list[str]) -> list[Row]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"{path}: cannot be read ({error}); restore it from version control")
        return []
    lacking = [c for c in (*columns, "source", "basis") if not rows or c not in rows[0]]
    faults += [f"{path}, line 1: column '{column}' is missing; add it" for column in lacking]
    return [] if lacking else rows


def _faults(folder: Path, tables: Mapping[str, list[Row]]) -> list[str]:
    places = {row["name"] for row in tables["places"]}
    classes = {row["class"] for row in tables["origins"]}
    found = []
    for name, column, known in (
        ("legs", "tail", places), ("legs", "head", places), ("origins", "place", places),
        ("detections", "class", classes), ("detections", "route", set(ROUTES)),
    ):  # fmt: skip
        for line, row in enumerate(tables[name], 2):
            if row[column] not in known:
                found.append(f"{folder / name}.csv, line {line}: {column} '{row[column]}' is unknown; name it first")
    for line, row in enumerate(tables["detections"], 2):
        if not 0 < float(row["low"]) <= float(row["detections"]) <= float(row["high"]):
            found.append(f"{folder / 'detections'}.csv, line {line}: {row['detections']} is outside its range of "
                         f"{row['low']} to {row['high']}; mend one of them")  # fmt: skip
    for name, keys in (("places", ("name",)), ("legs", ("tail", "head")), ("detections", ("class", "route"))):
        seen: set[tuple[str, ...]] = set()
        for line, row in enumerate(tables[name], 2):
            key = tuple(row[k] for k in keys)
            if key in seen:
                found.append(f"{folder / name}.csv, line {line}: is the second row of {' to '.join(key)}; drop one")
            seen.add(key)
    return found


def places_table(sources: Sources, push: Mapping[str, float]) -> list[Row]:
    """places.csv: push of the country as in the world of real places; exploitation where IOM reports detention."""
    rows = []
    for r in sources["places"]:
        captive = r["country"] == "LBY" and r["role"] in ("hub", "transit", "hub;embarkation")
        rows.append({
            "name": r["name"], "country": r["country"], "region": REGION[r["country"]], "lat": float(r["lat"]),
            "lon": float(r["lon"]), "push": round(push[r["country"]], 4),
            "exploitation_demand": 0.2 if captive else 0.0,
            "source": f"{r['source']}; push by rule from World Bank GDP a head and WGI stability; exploitation in "
                      "Libya by judgement", "basis": "derived",
        })  # fmt: skip
    return rows


def hubs_table(places: Sequence[Row], legs: Sequence[Row]) -> list[Row]:
    """Two groups at every place with a way on, its own and its country's; in Libya's interior two hold people."""
    tails = {row["tail"] for row in legs}
    country = {row["name"]: row["country"] for row in places}
    rows = []
    for name in (p["name"] for p in places if p["name"] in tails):
        for group in (f"{name} group", f"{country[name]} group"):
            rows.append({"network": group, "place": name, "kind": "transit", "capacity": "", **JUDGED})
    return rows + [{"network": f"{name} group", "place": name, "kind": "exploitation", "capacity": "", **JUDGED}
                   for name in ("Sebha", "Tripoli")]  # fmt: skip


def _destinations(sources: Sources, legs: Sequence[Row]) -> list[Row]:
    """The goals that a class has a way to."""
    heads: dict[str, list[str]] = {}
    for row in legs:
        heads.setdefault(row["tail"], []).append(row["head"])
    reached: dict[str, set[str]] = {}
    for row in sources["origins"]:
        reached.setdefault(row["class"], set()).update(reach(row["place"], heads))
    return [{"class": c, "place": place, "weight": weight, **JUDGED}
            for c, places in reached.items() for place, weight in GOALS.items() if place in places]  # fmt: skip


def tables(sources: Sources, world: Sources) -> dict[str, list[Row]]:
    """All tables of the world but people and constants, which are fitted to these."""
    facts = land(world)
    places = places_table(sources, facts.push)
    legs = legs_table(sources, world)
    classes = list(dict.fromkeys(row["class"] for row in sources["origins"]))
    codes = list(dict.fromkeys(p["country"] for p in places))
    sea = next(csv.DictReader((WORLD.parent / "liberterra" / "seasons.csv").read_text("utf-8").splitlines()))
    months = [m for m in sea if m not in ("season", "source", "basis")]
    return {
        "places": places, "legs": legs,
        "seasons": [{"season": "mediterranean", **{m: sea[m] for m in months}, "source": SEASON, "basis": "derived"}],
        "classes": [{"class": c, "people_per_year": 1e5, "time_value": "", "aversion": "", **JUDGED} for c in classes],
        "origins": sources["origins"],
        "destinations": _destinations(sources, legs),
        "constants": [{"class": c, "route": r, "constant": 0.0, **JUDGED} for c in classes for r in ROUTES],
        "hubs": hubs_table(places, legs),
        "police": [{"country": c, "officers": 0, "units": 1, **CONTROL} for c in codes],
    }  # fmt: skip


def write(folder: Path, rows: Mapping[str, list[Row]]) -> None:
    """Tables as CSV, each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in rows.items():
        lines: list[str] = []
        writer = csv.DictWriter(_Lines(lines), list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
        whole(folder / f"{name}.csv", "".join(lines))


class _Lines:
    """A file that is a list."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def write(self, text: str) -> int:
        self._lines.append(text)
        return len(text)


def make(sources: Path, out: Path) -> dict[str, int]:
    """Read, check, fit, write; returns rows by table. Raises :class:`InputError` with every fault."""
    from waterbed.validate.basin import fit_world

    world = read_world_sources(sources)
    own = read(sources / "mediterranean")
    stage = Sources(own.folder, {**own.tables, "countries": world["countries"], "borders": world["borders"]})
    earth = read_earth(world)
    here = {p["country"] for p in own["places"]}
    # Countries without a place here are none of this world's business.
    stage.tables["countries"] = [r for r in world["countries"] if r["country"] in here]
    if faults := misplaced(stage, earth) + disagreements(stage):
        raise InputError(faults)
    found = tables(own, world)
    write(out, found)
    wanted = {(r["class"], r["route"]): float(r["detections"]) for r in own["detections"]}
    people, constants = fit_world(out, wanted)
    note = {"source": "fitted so that expected detections are those of data/sources/mediterranean/detections.csv "
                      "(tools/mediterranean.py)", "basis": "derived"}  # fmt: skip
    for row in found["classes"]:
        row |= {"people_per_year": round(people[row["class"]])} | note
    for row in found["constants"]:
        row |= {"constant": round(constants[row["class"], row["route"]], 1)} | note
    write(out, found)
    return {name: len(table) for name, table in found.items()}


def main() -> None:
    """Build the world, and say how large it is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sources", type=Path, default=SOURCES)
    parser.add_argument("--out", type=Path, default=WORLD)
    args = parser.parse_args()
    try:
        sizes = make(args.sources, args.out)
    except InputError as error:
        sys.exit(str(error))
    print(f"{args.out}: " + ", ".join(f"{n} {name}" for name, n in sizes.items()))


if __name__ == "__main__":
    main()
