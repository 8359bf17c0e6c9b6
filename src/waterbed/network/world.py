"""The tables of a world: read, checked as a whole, and refused with every fault at once."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError

if TYPE_CHECKING:
    import pandas as pd

NUMBER, TEXT, FLAG = "number", "text", "true or false"

COLUMNS: dict[str, dict[str, str]] = {
    "places": {"name": TEXT, "country": TEXT, "region": TEXT, "lat": NUMBER, "lon": NUMBER, "push": NUMBER,
               "exploitation_demand": NUMBER},
    "legs": {"tail": TEXT, "head": TEXT, "mode": TEXT, "route": TEXT, "counted": FLAG, "km": NUMBER,
             "via_lat": NUMBER, "via_lon": NUMBER, "days": NUMBER, "fee": NUMBER, "death": NUMBER,
             "detection": NUMBER, "search_width": NUMBER, "turned_back": NUMBER, "returned": NUMBER,
             "season": TEXT, "dormant": FLAG, "opening_cost": NUMBER},
    "seasons": {"season": TEXT} | dict.fromkeys(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), NUMBER),
    "classes": {"class": TEXT, "people_per_year": NUMBER, "time_value": NUMBER, "aversion": NUMBER},
    "origins": {"class": TEXT, "place": TEXT, "share": NUMBER},
    "destinations": {"class": TEXT, "place": TEXT, "weight": NUMBER},
    "constants": {"class": TEXT, "route": TEXT, "constant": NUMBER},
    "hubs": {"network": TEXT, "place": TEXT, "kind": TEXT, "capacity": NUMBER},
    "police": {"country": TEXT, "officers": NUMBER, "units": NUMBER},
}  # fmt: skip
OPTIONAL = ("seasons", "constants")
MAY_BE_EMPTY = {"via_lat", "via_lon", "opening_cost", "capacity", "time_value", "aversion", "route", "season"}
BOUNDS = {
    "lat": (-90, 90), "lon": (-180, 180), "push": (0, 1), "exploitation_demand": (0, 1), "death": (0, 1),
    "detection": (0, 0.999), "turned_back": (0, 1), "returned": (0, 1), "share": (0, 1), "fee": (0, 1e6),
    "days": (1e-6, 80), "km": (0, 41000), "search_width": (1e-6, 1e9), "weight": (1e-12, 1e12),
    "people_per_year": (0, 1e9), "officers": (0, 1e7), "units": (1, 1e5), "capacity": (0, 1e9),
}  # fmt: skip
MODES = ("road", "desert", "sea", "air")
KINDS = ("transit", "exploitation")


@dataclass(frozen=True)
class RouteNetwork:
    """Places and directed legs, one row each; columns and units as in ``docs/odd.md``."""

    places: pd.DataFrame
    legs: pd.DataFrame

    @property
    def leg_names(self) -> list[str]:
        """Every leg as ``Tail > Head``, in the order of the table."""
        return [f"{t} > {h}" for t, h in zip(self.legs["tail"], self.legs["head"], strict=True)]

    def reached_from(self, start: str, avoid_alone: set[str] | None = None) -> set[str]:
        """Places that can be reached; by sea and air only from places in ``avoid_alone`` (with a hub)."""
        onward: dict[str, list[str]] = {}
        for tail, head, mode in zip(self.legs["tail"], self.legs["head"], self.legs["mode"], strict=True):
            if avoid_alone is None or mode in ("road", "desert") or tail in avoid_alone:
                onward.setdefault(tail, []).append(head)
        seen, todo = {start}, [start]
        while todo:
            for place in onward.get(todo.pop(), ()):
                if place not in seen:
                    seen.add(place)
                    todo.append(place)
        return seen


@dataclass(frozen=True)
class WorldTables:
    """A world: its network, its people, its criminal groups and its police, as tables."""

    name: str
    folder: str
    network: RouteNetwork
    seasons: pd.DataFrame
    classes: pd.DataFrame
    origins: pd.DataFrame
    destinations: pd.DataFrame
    constants: pd.DataFrame
    hubs: pd.DataFrame
    police: pd.DataFrame

    def table(self, name: str) -> pd.DataFrame:
        """One of the tables by its file's name."""
        if name in ("places", "legs"):
            return getattr(self.network, name)  # type: ignore[no-any-return]
        return getattr(self, name)  # type: ignore[no-any-return]

    def faults(self) -> list[str]:
        """Everything that is wrong with the world, each with file, row, field, value and remedy."""
        found: list[str] = []
        for name in COLUMNS:
            found += _out_of_bounds(name, self.table(name))
        return found + _broken_references(self) + _impossible(self) if not found else found


def bundled_worlds() -> list[str]:
    """Names of the worlds that come with the package."""
    return sorted(entry.name for entry in (files("waterbed.network") / "worlds").iterdir() if entry.is_dir())


@lru_cache(maxsize=16)
def load_world(name_or_path: str) -> WorldTables:
    """Read and check a bundled world or a folder of CSV tables.

    Raises :class:`~waterbed.errors.InputError` with every fault that was found.
    """
    if name_or_path in bundled_worlds():
        folder = Path(str(files("waterbed.network") / "worlds" / name_or_path))
    else:
        folder = Path(name_or_path)
        if not folder.is_dir():
            near = get_close_matches(name_or_path, bundled_worlds(), 1)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            known = ", ".join(bundled_worlds())
            raise InputError(f"network: no world or folder '{name_or_path}'{hint} (bundled: {known})")
    faults: list[str] = []
    tables = {name: _read(folder, name, faults) for name in COLUMNS}
    if faults:
        raise InputError(faults)
    network = RouteNetwork(tables.pop("places"), tables.pop("legs"))
    world = WorldTables(folder.name, str(folder), network, **tables)
    faults = world.faults()
    if faults:
        raise InputError(f"{folder / fault}" for fault in faults)
    return world


def _read(folder: Path, name: str, faults: list[str]) -> pd.DataFrame:
    import pandas as pd

    path, columns = folder / f"{name}.csv", COLUMNS[name]
    if not path.is_file():
        if name not in OPTIONAL:
            faults.append(f"{path}: is missing; a world needs it, with columns {', '.join(columns)}")
        return pd.DataFrame({c: pd.Series(dtype=float if kind == NUMBER else str) for c, kind in columns.items()})
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        faults.append(f"{path}: cannot be read as UTF-8 CSV: {str(error).strip()}")
        return pd.DataFrame(columns=list(columns))
    for column in columns:
        if column not in table:
            near = get_close_matches(column, table.columns, 1)
            faults.append(f"{path}: column '{column}' is missing" + (f"; is '{near[0]}' meant?" if near else ""))
            table[column] = ""
    for column, kind in columns.items():
        table[column] = _convert(path, column, kind, table[column], faults)
    return table


def _convert(path: Path, column: str, kind: str, values: pd.Series, faults: list[str]) -> Any:
    import pandas as pd

    text = values.str.strip()
    if kind == TEXT:
        for row in text.index[(text == "") & (column not in MAY_BE_EMPTY)]:
            faults.append(f"{path}, line {row + 2}: {column} is empty; a name is needed")
        return text
    if kind == FLAG:
        known = text.str.lower().map({"true": True, "false": False})
        for row in text.index[known.isna()]:
            faults.append(f"{path}, line {row + 2}: {column} is '{text[row]}'; it takes true or false")
        return known.fillna(False).astype(bool)
    numbers = pd.to_numeric(text, errors="coerce")
    wrong = numbers.isna() & ((text != "") | (column not in MAY_BE_EMPTY))
    for row in text.index[wrong]:
        faults.append(f"{path}, line {row + 2}: {column} is '{text[row]}'; it takes a number")
    return numbers


def _out_of_bounds(name: str, table: pd.DataFrame) -> list[str]:
    found = []
    for column in COLUMNS[name]:
        if column in BOUNDS:
            low, high = BOUNDS[column]
            for row in table.index[(table[column] < low) | (table[column] > high)]:
                found.append(
                    f"{name}.csv, line {row + 2}: {column} is {table[column][row]:g}; it takes {low:g} to {high:g}"
                )
    return found


def _unknown(name: str, column: str, table: pd.DataFrame, known: Any) -> list[str]:
    found = []
    for row in table.index[~table[column].isin(list(known))]:
        near = get_close_matches(table[column][row], list(known), 1)
        hint = f"; did you mean '{near[0]}'?" if near else ""
        found.append(f"{name}.csv, line {row + 2}: {column} '{table[column][row]}' is unknown{hint}")
    return found


def _doubled(name: str, columns: list[str], table: pd.DataFrame) -> list[str]:
    return [
        f"{name}.csv, line {row + 2}: {' and '.join(repr(table[c][row]) for c in columns)} stands twice; drop one"
        for row in table.index[table.duplicated(columns)]
    ]


def _broken_references(world: WorldTables) -> list[str]:
    places, legs = world.network.places, world.network.legs
    names, classes = set(places["name"]), set(world.classes["class"])
    found = _doubled("places", ["name"], places) + _doubled("legs", ["tail", "head"], legs)
    found += _doubled("hubs", ["network", "place", "kind"], world.hubs) + _doubled("police", ["country"], world.police)
    for column in ("tail", "head"):
        found += _unknown("legs", column, legs, names)
    found += _unknown("legs", "mode", legs, MODES) + _unknown("hubs", "kind", world.hubs, KINDS)
    found += _unknown("legs", "season", legs[legs["season"] != ""], set(world.seasons["season"]))
    for name in ("origins", "destinations"):
        found += _unknown(name, "class", world.table(name), classes)
        found += _unknown(name, "place", world.table(name), names)
    found += _unknown("constants", "class", world.constants, classes)
    found += _unknown("constants", "route", world.constants, set(legs["route"]) - {""})
    found += _unknown("hubs", "place", world.hubs, names)
    found += _unknown("police", "country", world.police, set(places["country"]))
    over = legs["turned_back"] + legs["returned"] > 1 + 1e-9
    found += [f"legs.csv, line {row + 2}: turned_back and returned add up to over 1" for row in legs.index[over]]
    for row in places.index[~places["country"].str.fullmatch("[A-Z]{3}")]:
        found.append(
            f"places.csv, line {row + 2}: country '{places['country'][row]}' is not an ISO 3166-1 alpha-3 code"
        )
    return found


def _impossible(world: WorldTables) -> list[str]:
    found = []
    served = set(world.hubs["place"][world.hubs["kind"] == "transit"])
    for name in world.classes["class"]:
        mine = world.origins[world.origins["class"] == name]
        total = mine["share"].sum()
        if abs(total - 1.0) > 1e-6:
            found.append(f"origins.csv: the shares of class '{name}' add up to {total:g}; they must add up to 1")
        goals = set(world.destinations["place"][world.destinations["class"] == name])
        if not goals:
            found.append(f"destinations.csv: class '{name}' has none")
        for place in mine["place"]:
            if place in world.network.places["name"].values and not goals & world.network.reached_from(place, served):
                found.append(
                    f"origins.csv: class '{name}' cannot get from '{place}' to any of its destinations; add a leg, "
                    "or a transit hub where a sea or air leg starts"
                )
    return found
