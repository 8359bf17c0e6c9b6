"""What the world is built from: the tables and the map in ``data/sources``, read and checked row by row."""

from __future__ import annotations

import csv
import hashlib
import zlib
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from waterbed.errors import InputError
from waterbed.network.tables import BASES

type Row = dict[str, str]

BASEMAP = Path("basemap") / "countries-50m.json"
CHECKSUMS = "checksums.csv"

FILES: dict[str, tuple[str, ...]] = {
    "countries": ("country", "gdp_head", "stability", "population", "year"),
    "places": ("name", "country", "lat", "lon", "role", "capital", "geonameid"),
    "borders": ("country", "neighbour", "change"),
    "blocs": ("bloc", "country"),
    "land": ("tail", "head", "mode", "route", "fee"),
    "sea": ("tail", "head", "route", "fee", "death", "detection", "dormant"),
    "gateways": ("place", "reach"),
    "corridors": ("class", "origins", "destinations", "absorbed_at", "flight_to", "people_per_year", "low", "high",
                  "sum"),
    "exploitation": ("place",),
    "participants": ("country", "part"),
    "published": ("route", "year", "detections", "crossings", "deaths"),
    "sizes": ("class", "journeys", "sets_out"),
    "constants": ("class", "route", "constant"),
}  # fmt: skip
"""Columns of each source beside ``source`` and ``basis``, which every row has."""

NUMBERS: dict[str, tuple[float, float]] = {
    "gdp_head": (50, 500_000), "stability": (-4, 3), "population": (1000, 2e9), "year": (1990, 2100), "lat": (-90, 90),
    "lon": (-180, 180), "fee": (0, 100_000), "death": (0, 1), "detection": (0, 0.999), "people_per_year": (1, 1e8),
    "low": (0, 1e8), "high": (0, 1e8), "detections": (0, 1e8), "crossings": (0, 1e8), "deaths": (0, 1e6),
    "constant": (-1e6, 1e6), "journeys": (1, 1e8), "sets_out": (0.001, 1),
}  # fmt: skip
MAY_BE_EMPTY = {"role", "geonameid", "route", "fee", "death", "flight_to", "sum", "detections", "crossings", "deaths"}
CHOICES = {
    "basis": BASES, "capital": ("true", "false"), "dormant": ("true", "false"), "mode": ("road", "desert"),
    "part": ("host", "action"), "change": ("add", "drop"), "reach": ("nearest", "overseas"),
    "absorbed_at": ("capitals", "every place"),
    "role": ("origin", "transit", "hub", "embarkation", "hub;embarkation", "arrival", "onward", ""),
}  # fmt: skip


@dataclass(frozen=True)
class Sources:
    """All source tables as rows of text, and where they lie."""

    folder: Path
    tables: dict[str, list[Row]]

    def __getitem__(self, name: str) -> list[Row]:
        return self.tables[name]

    def where(self, name: str, row: int) -> str:
        """How a reader finds row ``row`` (from 0) of a source."""
        return f"{self.folder / name}.csv, line {row + 2}"


def read(folder: Path, *, verify: bool = True) -> Sources:
    """Read and check every source. ``verify``: nothing may have changed since :func:`accept`.

    Raises :class:`~waterbed.errors.InputError` with every fault: file, line, field, value, remedy.
    """
    faults = changes(folder) if verify else []
    if faults:
        raise InputError(faults)
    tables = {name: _read(folder / f"{name}.csv", columns, faults) for name, columns in FILES.items()}
    if faults:
        raise InputError(faults)
    sources = Sources(folder, tables)
    if faults := _references(sources):
        raise InputError(faults)
    return sources


def _read(path: Path, columns: tuple[str, ...], faults: list[str]) -> list[Row]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"{path}: cannot be read ({error}); restore it from version control")
        return []
    reader = csv.DictReader(text.splitlines())
    missing = [c for c in (*columns, "source", "basis") if c not in (reader.fieldnames or ())]
    if missing:
        faults += [f"{path}, line 1: column '{column}' is missing; add it" for column in missing]
        return []
    rows = []
    for line, row in enumerate(reader, 2):
        if None in row or None in row.values():
            faults.append(f"{path}, line {line}: has another number of cells than the header; mend its commas")
            continue
        rows.append(row)
        faults += [f"{path}, line {line}: {what}" for what in _cell_faults(row, columns)]
    return rows


def _cell_faults(row: Row, columns: tuple[str, ...]) -> list[str]:
    found = []
    for column in (*columns, "source", "basis"):
        cell = row[column]
        if not cell:
            if column not in MAY_BE_EMPTY:
                found.append(f"{column} is empty; fill it in")
        elif column in NUMBERS:
            low, high = NUMBERS[column]
            try:
                good = low <= float(cell) <= high
            except ValueError:
                good = False
            if not good:
                found.append(f"{column} is '{cell}'; it takes a number from {low:g} to {high:g}")
        elif column in CHOICES and cell not in CHOICES[column]:
            found.append(f"{column} is '{cell}'; it takes {', '.join(c for c in CHOICES[column] if c)}")
    return found


def _references(sources: Sources) -> list[str]:
    """Country codes that are gone, places and classes that no row names, rows that stand twice."""
    found = _gone_codes(sources)
    countries = {row["country"] for row in sources["countries"]}
    places = {row["name"] for row in sources["places"]}
    classes = {row["class"] for row in sources["corridors"]}
    known = {
        ("places", "country"): countries, ("blocs", "country"): countries, ("borders", "country"): countries,
        ("borders", "neighbour"): countries,
        ("participants", "country"): countries, ("land", "tail"): places, ("land", "head"): places,
        ("sea", "tail"): places, ("sea", "head"): places, ("gateways", "place"): places,
        ("exploitation", "place"): places, ("corridors", "flight_to"): places | {""},
        ("constants", "class"): classes, ("sizes", "class"): classes,
    }  # fmt: skip
    for (name, column), values in known.items():
        for i, row in enumerate(sources[name]):
            if row[column] not in values:
                found.append(f"{sources.where(name, i)}: {_unknown(column, row[column], values)}")
    for i, row in enumerate(sources["corridors"]):
        for column in ("origins", "destinations"):
            for word in ends(row[column]):
                if word not in countries | places:
                    found.append(f"{sources.where('corridors', i)}: {_unknown(column, word, countries | places)}")
        if not float(row["low"]) <= float(row["people_per_year"]) <= float(row["high"]):
            found.append(f"{sources.where('corridors', i)}: people_per_year is {row['people_per_year']}, outside its "
                         f"range of {row['low']} to {row['high']}; mend one of them")  # fmt: skip
    keys = {"countries": ("country",), "places": ("name",), "land": ("tail", "head"), "sea": ("tail", "head"),
            "corridors": ("class",), "sizes": ("class",), "constants": ("class", "route"),
            "published": ("route", "year")}  # fmt: skip
    for name, columns in keys.items():
        seen: set[tuple[str, ...]] = set()
        for i, row in enumerate(sources[name]):
            key = tuple(row[c] for c in columns)
            if key in seen:
                found.append(f"{sources.where(name, i)}: is the second row of {' to '.join(key)}; drop one")
            seen.add(key)
    return found


def ends(cell: str) -> list[str]:
    """Origins or destinations of a corridor: country codes set apart by blanks, or names of places by semicolons."""
    return cell.split(";") if ";" in cell else cell.split()


def _gone_codes(sources: Sources) -> list[str]:
    import pycountry

    found = []
    for i, row in enumerate(sources["countries"]):
        code = row["country"]
        if code != "XKX" and pycountry.countries.get(alpha_3=code) is None:
            found.append(f"{sources.where('countries', i)}: country '{code}' is not in ISO 3166-1 (pycountry); it may "
                         "have been renamed: give its present code everywhere")  # fmt: skip
    return found


def _unknown(column: str, value: str, known: set[str]) -> str:
    near = get_close_matches(value, sorted(known), 1)
    hint = f"did you mean '{near[0]}'?" if near else "add it to its own table first"
    return f"{column} '{value}' is unknown; {hint}"


def fingerprints(folder: Path) -> list[Row]:
    """A row a file: its SHA-256, and the CRC-32 of each of its lines, so that a change can be pointed at."""
    rows = []
    for path in [folder / f"{name}.csv" for name in FILES] + [folder / BASEMAP]:
        data = path.read_bytes() if path.is_file() else b""
        lines = [f"{zlib.crc32(line):08x}" for line in data.splitlines()] if path.suffix == ".csv" else []
        rows.append({"file": path.relative_to(folder).as_posix(), "sha256": hashlib.sha256(data).hexdigest(),
                     "lines": " ".join(lines)})  # fmt: skip
    return rows


def changes(folder: Path) -> list[str]:
    """Sources that differ from what was last accepted, each with the first line that does."""
    path = folder / CHECKSUMS
    if not path.is_file():
        return [f"{path}: is missing; restore it, or run with --accept once the sources are checked"]
    with path.open(encoding="utf-8", newline="") as file:
        accepted = {row["file"]: row for row in csv.DictReader(file)}
    found = []
    for now in fingerprints(folder):
        then = accepted.get(now["file"], {"sha256": "", "lines": ""})
        if now["sha256"] == then["sha256"]:
            continue
        before, after = then["lines"].split(), now["lines"].split()
        pairs = enumerate(zip(before, after, strict=False), 1)
        line = next((i for i, (a, b) in pairs if a != b), min(len(before), len(after)) + 1)
        where = f"{folder / now['file']}, line {line}" if before else f"{folder / now['file']}"
        found.append(f"{where}: is not what was checked; look at the change, then run with --accept")
    return found


def accept(folder: Path) -> None:
    """Record the sources as checked."""
    from waterbed.network.csv_pair import whole

    rows = [",".join((row["file"], row["sha256"], row["lines"])) for row in fingerprints(folder)]
    whole(folder / CHECKSUMS, "\n".join(["file,sha256,lines", *rows]) + "\n")
