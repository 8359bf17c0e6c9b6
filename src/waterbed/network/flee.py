"""Folders of the Flee simulator (locations.csv, routes.csv, closures.csv) as worlds, and back."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError
from .assembly import Row, assemble, leg
from .csv_pair import whole

if TYPE_CHECKING:
    from .world import RouteNetwork, WorldTables

__all__ = ["FleeClosure", "read_flee", "read_flee_closures", "write_flee"]

_CODES = {
    "Mali": "MLI", "Niger": "NER", "Burkina_Faso": "BFA", "Mauritania": "MRT", "Burundi": "BDI", "Rwanda": "RWA",
    "Uganda": "UGA", "Tanzania": "TZA", "DRC": "COD", "CAR": "CAF", "Chad": "TCD", "Cameroon": "CMR", "Congo": "COG",
    "South_Sudan": "SSD", "Sudan": "SDN", "Ethiopia": "ETH", "Kenya": "KEN", "Syria": "SYR", "Turkey": "TUR",
    "Iraq": "IRQ", "Jordan": "JOR", "Lebanon": "LBN", "Libya": "LBY", "Ukraine": "UKR", "Nigeria": "NGA",
}  # fmt: skip
_PUSH = {
    "conflict_zone": 0.9, "flood_zone": 0.7, "town": 0.5, "marker": 0.4, "forwarding_hub": 0.3, "idpcamp": 0.3,
    "camp": 0.1,
}  # fmt: skip
"""Push of a place by its type in Flee (judgement)."""
OPEN_END = 10**6
"""The last day of a closure that does not end."""


@dataclass(frozen=True)
class FleeClosure:
    """Legs closed from a day on: what a scenario's policy closes. ``days`` is 0 if they stay closed."""

    legs: tuple[str, ...]
    start: int
    days: int


def read_flee(folder: str | Path, people_per_year: float | None = None) -> WorldTables:
    """A runnable world from a Flee folder.

    Conflict zones are origins by their population, camps are destinations, routes run both ways with costs by the
    rules of :mod:`waterbed.network.assembly`; between countries crossings are counted under ``A to B``. Forced
    redirection is not in the model and is not read, nor are the dates on which conflicts begin.

    Args:
        folder: with locations.csv and routes.csv.
        people_per_year: who consider leaving. Flee's populations are residents, so by default a tenth of those in
            conflict zones.

    Raises:
        InputError: with every fault.
    """
    folder = Path(folder)
    faults: list[str] = []
    places, population = _locations(folder / "locations.csv", faults)
    country = {p["name"]: p["flee_country"] for p in places}
    legs: list[Row] = []
    for line, row in _rows(folder / "routes.csv", 3, faults):
        km = _number(folder / "routes.csv", line, "distance", row[2], faults)
        unknown = [name for name in row[:2] if name not in country]
        faults += [f"{folder / 'routes.csv'}, line {line}: '{n}' is not in locations.csv" for n in unknown]
        if unknown:
            continue
        for tail, head in ((row[0], row[1]), (row[1], row[0])):
            a, b = country[tail], country[head]
            legs.append(leg(tail, head, km, route="" if a == b else f"{a} to {b}", inside=a == b))
    origins = [p["name"] for p in places if p["flee_type"] == "conflict_zone"]
    camps = [p["name"] for p in places if p["flee_type"] == "camp"]
    if not faults and not (origins and camps):
        faults.append(f"{folder / 'locations.csv'}: needs a conflict_zone and a camp")
    if faults:
        raise InputError(faults)
    people = sum(population[p] for p in origins)
    total = people_per_year if people_per_year is not None else 0.1 * people
    weights = [("Displaced", p, population[p] if people else 1.0) for p in origins]
    goals = [("Displaced", camp) for camp in camps]
    source = "Flee folder; costs by rule"
    called = {str(p["country"]): str(p["flee_country"]) for p in places}
    return assemble(folder.name, (places, legs), {"Displaced": total}, weights, goals, 40, source, called)


def read_flee_closures(folder: str | Path, network: RouteNetwork) -> list[FleeClosure]:
    """The closures of a Flee folder as legs of the network that was read from it.

    Closed are legs between two countries both ways (``country``), between two places both ways (``links``), or all
    at a place (``location``; ``camp`` alike). An end below 0 means for good, as in Flee.

    Raises:
        InputError: with every fault of closures.csv.
    """
    path, found, faults = Path(folder) / "closures.csv", [], list[str]()
    if not path.is_file():
        return []
    country = dict(zip(network.places["name"], network.places["flee_country"], strict=True))
    ends = list(zip(network.legs["tail"], network.legs["head"], strict=True))
    for line, (kind, one, two, *days) in _rows(path, 5, faults):
        start, end = (int(_number(path, line, f, v, faults)) for f, v in zip(("start", "end"), days, strict=False))
        if kind == "country":
            closed = [{country[t], country[h]} == {one, two} for t, h in ends]
        elif kind in ("links", "link"):
            closed = [{t, h} == {one, two} for t, h in ends]
        elif kind in ("location", "camp"):
            closed = [one in (t, h) for t, h in ends]
        else:
            faults.append(f"{path}, line {line}: closure_type is '{kind}'; it takes country, links, location or camp")
            continue
        names = tuple(f"{t} > {h}" for (t, h), c in zip(ends, closed, strict=True) if c)
        if not names:
            faults.append(f"{path}, line {line}: no leg lies between '{one}' and '{two}'")
        found.append(FleeClosure(names, start, 0 if end < 0 else max(1, end - start)))
    if faults:
        raise InputError(faults)
    return found


def write_flee(world: WorldTables, folder: str | Path, closures: list[tuple[str, str, int, int]] | None = None) -> None:
    """Write a world as a Flee folder: places and distances; what Flee does not know (fees, groups) is lost.

    Origins become conflict zones with a year's people as population, destinations camps, all others towns, unless
    the world came from Flee and knows better. ``closures`` are (country, country, first day, last day).
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    yearly = dict(zip(world.classes["class"], world.classes["people_per_year"], strict=True))
    people: dict[str, float] = {}
    for row in world.origins.to_dict("records"):
        people[row["place"]] = people.get(row["place"], 0.0) + yearly[row["class"]] * row["share"]
    goals = set(world.destinations["place"])
    rows: list[list[object]] = [["#name", "region", "country", "latitude", "longitude", "location_type",
                                 "conflict_date", "population"]]  # fmt: skip
    for p in world.network.places.to_dict("records"):
        kind = "conflict_zone" if p["name"] in people else "camp" if p["name"] in goals else "town"
        kind = p.get("flee_type") or kind
        date = p.get("flee_date") or ("0" if kind == "conflict_zone" else "")
        size = p.get("flee_population") or round(people.get(p["name"], 0))
        where = p.get("flee_country") or p["country"]
        rows.append([p["name"], p["region"], where, p["lat"], p["lon"], kind, date, size])
    whole(folder / "locations.csv", _text(rows))
    rows, done = [["#name1", "name2", "distance", "forced_redirection"]], set()
    for tail, head, km in zip(*(world.network.legs[c] for c in ("tail", "head", "km")), strict=True):
        if frozenset((tail, head)) not in done:
            done.add(frozenset((tail, head)))
            rows.append([tail, head, f"{km:g}", 0])
    whole(folder / "routes.csv", _text(rows))
    header: list[object] = ["#closure_type", "name1", "name2", "closure_start", "closure_end"]
    whole(folder / "closures.csv", _text([header, *(["country", *closure] for closure in closures or [])]))


def _text(rows: list[list[object]]) -> str:
    """Rows as CSV; a name with a comma or a quote in it is quoted."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def _rows(path: Path, width: int, faults: list[str]) -> list[tuple[int, list[str]]]:
    """Rows that are no comment, with their line; Flee goes by position, not by header."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from None
    rows = []
    for line, row in enumerate(csv.reader(text.splitlines(), skipinitialspace=True), 1):
        if not row or row[0].startswith("#") or row[0] == "name":
            continue
        if len(row) < width:
            faults.append(f"{path}, line {line}: has {len(row)} fields; it takes {width}")
            continue
        rows.append((line, [field.strip() for field in row]))
    return rows


def _number(path: Path, line: int, field: str, text: str, faults: list[str]) -> float:
    try:
        return float(text)
    except ValueError:
        faults.append(f"{path}, line {line}: {field} is '{text}'; it takes a number")
        return 0.0


def _locations(path: Path, faults: list[str]) -> tuple[list[Row], dict[str, float]]:
    places: list[Row] = []
    population: dict[str, float] = {}
    codes: dict[str, str] = {}
    for line, row in _rows(path, 6, faults):
        name, region, country, lat, lon, kind, date, size = [*row, "", ""][:8]
        # As Flee reads them: empty fields are unknown, types go by any case.
        region, country, kind = region or "unknown", country or "unknown", kind.lower()
        if kind not in _PUSH:
            faults.append(f"{path}, line {line}: location_type is '{kind}'; it takes {', '.join(_PUSH)}")
        population[name] = _number(path, line, "population", size, faults) if size else 0.0
        places.append({
            "name": name, "country": _code(country, codes), "region": region,
            "lat": _number(path, line, "latitude", lat, faults), "lon": _number(path, line, "longitude", lon, faults),
            "push": _PUSH.get(kind, 0.5), "exploitation_demand": 0.1 if kind == "town" else 0.05,
            "flee_country": country, "flee_type": kind, "flee_date": date, "flee_population": size,
        })  # fmt: skip
    return places, population


def _code(country: str, codes: dict[str, str]) -> str:
    """Three capital letters for a country: ISO 3166-1 where known, else its first letters, made unique."""
    if country not in codes:
        letters = re.sub("[^A-Z]", "", country.upper()) + "XXX"
        code = _CODES.get(country, letters[:3])
        ending = 0
        while code in codes.values():
            code = letters[:2] + chr(ord("A") + ending)
            ending += 1
        codes[country] = code
    return codes[country]
