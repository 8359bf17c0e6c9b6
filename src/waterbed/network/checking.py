"""What can be wrong with a network or a world that was read: references, bounds, and ways that are not there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from .countries import ISO3
from .tables import BASES, BOUNDS, COLUMNS, KINDS, MODES, WHOLE

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Tables", "Where", "network_faults", "onward", "reach", "row_two", "world_faults"]

type Tables = Mapping[str, pd.DataFrame]
"""Tables by the names of their files; one that could not be read is absent, and nothing is held against it."""
type Where = Callable[[str, int], str]
"""Where row i of a table stands, as a reader finds it."""

KEYS: dict[str, list[str]] = {
    "places": ["name"], "legs": ["tail", "head"], "seasons": ["season"], "classes": ["class"],
    "origins": ["class", "place"], "destinations": ["class", "place"], "constants": ["class", "route"],
    "hubs": ["network", "place", "kind"], "police": ["country"], "countries": ["country"],
}  # fmt: skip
"""Columns that tell the rows of a table apart."""
_FILLED = ("places", "legs", "classes", "origins", "destinations")
_CODE = "[A-Z]{3}"


def row_two(name: str, row: int) -> str:
    """Where a row stands if the file has no blank lines: the first row is line 2."""
    return f"{name}.csv, line {row + 2}"


def network_faults(tables: Tables, where: Where = row_two) -> list[str]:
    """Everything that is wrong with places and legs by themselves."""
    found = _rows_faults(tables, ("places", "legs"), where)
    if "legs" in tables:
        found += _leg_faults(tables["legs"], where)
    if "places" in tables:
        names = tables["places"]["name"]
        for row in names.index[names.str.contains(">", regex=False)]:
            found.append(
                f"{where('places', row)}: name '{names[row]}' holds '>'; a leg is called 'Tail > Head', drop it"
            )
        for column in ("tail", "head"):
            found += _unknown(tables, "legs", column, set(names), "name it in places.csv", where)
    return found


def world_faults(tables: Tables, where: Where = row_two) -> list[str]:
    """Everything that is wrong with a world, each with file, line, field, value and remedy."""
    rest = [name for name in COLUMNS if name not in ("places", "legs")]
    found = network_faults(tables, where) + _rows_faults(tables, rest, where)
    for name in _FILLED:
        if name in tables and not len(tables[name]):
            found.append(f"{name}.csv: has no rows; a world needs at least one")
    found += _country_faults(tables, where) + _reference_faults(tables, where)
    if "origins" in tables and "classes" in tables:
        found += _share_faults(tables)
    # Whether there is a way is asked only of tables that hang together: a slip in a name would be told again.
    whole = {"places", "legs", "classes", "origins", "destinations", "hubs"} <= set(tables)
    return found + _way_faults(tables, where) if whole and not found else found


def onward(legs: pd.DataFrame, served: Collection[str] | None = None) -> dict[str, list[str]]:
    """Heads of the legs from each place; by sea and air only from places in ``served`` (with a transit hub)."""
    heads: dict[str, list[str]] = {}
    for tail, head, mode in zip(legs["tail"], legs["head"], legs["mode"], strict=True):
        if served is None or mode in ("road", "desert") or tail in served:
            heads.setdefault(tail, []).append(head)
    return heads


def reach(start: str, heads: Mapping[str, list[str]]) -> set[str]:
    """Places that can be reached, the start among them."""
    seen, todo = {start}, [start]
    while todo:
        for place in heads.get(todo.pop(), ()):
            if place not in seen:
                seen.add(place)
                todo.append(place)
    return seen


def _rows_faults(tables: Tables, names: Collection[str], where: Where) -> list[str]:
    """Numbers out of bounds, rows that stand twice, and rows without a known basis."""
    found = []
    for name in (n for n in names if n in tables):
        table = tables[name]
        for column in COLUMNS[name]:
            if column in BOUNDS:
                low, high = BOUNDS[column]
                for row in table.index[(table[column] < low) | (table[column] > high)]:
                    found.append(f"{where(name, row)}: {column} is {table[column][row]:g}; it takes {_span(low, high)}")
            if column in WHOLE:
                for row in table.index[table[column] % 1 != 0].intersection(table.index[table[column].notna()]):
                    found.append(f"{where(name, row)}: {column} is {table[column][row]:g}; it takes a whole number")
        for row in table.index[table.duplicated(KEYS[name])]:
            what = " and ".join(f"{c} '{table[c][row]}'" for c in KEYS[name])
            found.append(f"{where(name, row)}: is the second row with {what}; drop one")
        if "basis" in table:
            found += _unknown(tables, name, "basis", BASES, f"it takes {', '.join(BASES)}", where)
    return found


def _span(low: float, high: float) -> str:
    least, most = (f"{value:,.0f}" if value % 1 == 0 else f"{value:g}" for value in (low, high))
    return f"more than 0, at most {most}" if 0 < low < 1e-3 else f"{least} to {most}"


def _leg_faults(legs: pd.DataFrame, where: Where) -> list[str]:
    found = _unknown({"legs": legs}, "legs", "mode", MODES, f"it takes {', '.join(MODES)}", where)
    tests: list[tuple[Any, str]] = [
        (legs["tail"] == legs["head"], "tail and head are both '{tail}'; drop the leg"),
        (legs["turned_back"] + legs["returned"] > 1 + 1e-9,
         "turned_back {turned_back:g} and returned {returned:g} add up to over 1; they are shares of the detected"),
        (legs["via_lat"].isna() != legs["via_lon"].isna(), "via_lat and via_lon go together; fill in or empty both"),
        (legs["counted"] & (legs["route"] == ""),
         "counted is true, but route is empty; name the route, or write false"),
    ]  # fmt: skip
    for wrong, what in tests:
        for row in legs.index[wrong]:
            found.append(f"{where('legs', row)}: {what.format(**legs.loc[row].to_dict())}")
    return found


def _unknown(
    tables: Tables, name: str, column: str, known: Collection[str], remedy: str, where: Where, guess: bool = True
) -> list[str]:
    """Values of a column that are not known, with the nearest that is, or what else to do."""
    if name not in tables:
        return []
    values, found = tables[name][column], []
    for row in values.index[~values.isin(list(known)) & (values != "")]:
        near = get_close_matches(values[row], list(known), 1) if guess else []
        hint = f"did you mean '{near[0]}'?" if near else remedy
        found.append(f"{where(name, row)}: {column} '{values[row]}' is unknown; {hint}")
    return found


def _country_faults(tables: Tables, where: Where) -> list[str]:
    own: set[str] = set(tables["countries"]["country"]) if "countries" in tables else set()
    found = []
    if "countries" in tables:
        codes = tables["countries"]["country"]
        for row in codes.index[~codes.str.fullmatch(_CODE) & (codes != "")]:
            found.append(f"{where('countries', row)}: country '{codes[row]}' is no code; write three capital letters")
        remedy = "use an ISO 3166-1 alpha-3 code such as 'ITA', or list an invented one in countries.csv"
        found += _unknown(tables, "places", "country", ISO3 | own, remedy, where, guess=False)
    if "places" in tables:
        found += _unknown(
            tables, "police", "country", set(tables["places"]["country"]), "no place lies there; drop the row", where
        )
    return found


def _reference_faults(tables: Tables, where: Where) -> list[str]:
    found = _unknown(tables, "hubs", "kind", KINDS, f"it takes {' or '.join(KINDS)}", where)
    if "places" in tables:
        names = set(tables["places"]["name"])
        for name in ("origins", "destinations", "hubs"):
            found += _unknown(tables, name, "place", names, "name it in places.csv", where)
    if "classes" in tables:
        for name in ("origins", "destinations", "constants"):
            found += _unknown(tables, name, "class", set(tables["classes"]["class"]), "name it in classes.csv", where)
    if "legs" in tables:
        routes = set(tables["legs"]["route"]) - {""}
        found += _unknown(tables, "constants", "route", routes, "no leg of legs.csv has it", where)
    if "seasons" in tables:
        found += _unknown(tables, "legs", "season", set(tables["seasons"]["season"]), "name it in seasons.csv", where)
    return found


def _share_faults(tables: Tables) -> list[str]:
    origins, found = tables["origins"], []
    for name in dict.fromkeys(tables["classes"]["class"]):
        shares = origins["share"][origins["class"] == name]
        if not len(shares):
            found.append(f"origins.csv: class '{name}' has none; say where its people live")
        elif not shares.isna().any() and abs(shares.sum() - 1.0) > 1e-6:
            found.append(f"origins.csv: share: those of class '{name}' add up to {shares.sum():g}; make it 1")
        if "destinations" in tables and name not in set(tables["destinations"]["class"]):
            found.append(f"destinations.csv: class '{name}' has none; say where its people want to go")
    return found


def _way_faults(tables: Tables, where: Where) -> list[str]:
    """Origins without a way to any destination of their class, and destinations that no origin has a way to.

    Dormant legs do not count: they open under pressure, or never.
    """
    origins, goals, legs, hubs = (tables[n] for n in ("origins", "destinations", "legs", "hubs"))
    served = set(hubs["place"][hubs["kind"] == "transit"])
    heads = onward(legs[~legs["dormant"]], served)
    reached = {place: reach(place, heads) for place in dict.fromkeys(origins["place"])}
    remedy = "add a leg that is not dormant, or a transit hub where a leg by sea or air starts"
    found = []
    for name in tables["classes"]["class"]:
        mine, wanted = origins[origins["class"] == name], goals[goals["class"] == name]
        for row, place in mine["place"].items():
            if place in set(wanted["place"]):
                found.append(f"{where('origins', row)}: class '{name}' starts at '{place}', its destination; drop one")
            elif reached[place].isdisjoint(wanted["place"]):
                found.append(
                    f"{where('origins', row)}: class '{name}' cannot get from '{place}' to any of its destinations; "
                    + remedy
                )
        everywhere = set().union(*(reached[place] for place in mine["place"]))
        for row, place in wanted["place"].items():
            # Where none is reached, the origins have said so.
            if place not in everywhere and not everywhere.isdisjoint(wanted["place"]):
                found.append(
                    f"{where('destinations', row)}: class '{name}' cannot get to '{place}' from any of its origins; "
                    + remedy
                )
    return found
