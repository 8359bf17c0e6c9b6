"""All tables of the world from the sources, and how they are written."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from waterbed.errors import InputError
from waterbed.network.csv_pair import whole
from waterbed.network.tables import COLUMNS

from .checks import unrated, unsized
from .geography import disagreements, misplaced, read_earth
from .network import land, legs_table, places_table, require_ways
from .people import constants_table, hubs_table, people_tables, police_table, seasons_table
from .sources import Sources

type Tables = dict[str, list[dict[str, Any]]]

MORE = {"classes": ("journeys", "low", "high"), "police": ("low", "high")}
"""Columns beyond those that the model reads: what bounds a value."""


def build(sources: Sources) -> Tables:
    """Rows of every table. Raises :class:`~waterbed.errors.InputError` with every fault that is found."""
    earth = read_earth(sources)
    if faults := misplaced(sources, earth) + disagreements(sources) + unrated(sources) + unsized(sources):
        raise InputError(faults)
    facts = land(sources)
    tables: Tables = {"places": places_table(sources, facts), "legs": legs_table(sources, earth, facts)}
    tables["seasons"] = seasons_table()
    classes, origins, goals = people_tables(sources, facts)
    entered = {leg["head"] for leg in tables["legs"]}
    # No leg leads to Reykjavík: nobody could want to go there.
    goals = [g for g in goals if g["place"] in entered]
    tables |= {"classes": classes, "origins": origins, "destinations": goals, "constants": constants_table(sources)}
    demand = {p["name"]: p["exploitation_demand"] for p in tables["places"]}
    tables["hubs"] = hubs_table(sources, tables["legs"], demand, facts)
    tables["police"] = police_table(sources, facts)
    require_ways(tables["legs"], classes, origins, goals, tables["hubs"])
    return tables


def write(tables: Tables, folder: Path) -> None:
    """One CSV a table, in UTF-8, each row with its source and basis."""
    for name, rows in tables.items():
        columns = [*COLUMNS[name], *MORE.get(name, ()), "source", "basis"]
        text = io.StringIO()
        writer = csv.DictWriter(text, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        whole(folder / f"{name}.csv", text.getvalue())
