"""A network as a pair of CSV files, and whole worlds as folders of them."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from .checking import Where, network_faults
from .tables import COLUMNS, MAY_BE_EMPTY, convert, read_table
from .world import RouteNetwork, WorldTables

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["network_from_records", "read_csv", "whole", "write_csv", "write_world"]


def read_csv(folder: str | Path) -> RouteNetwork:
    """The network in a folder's places.csv and legs.csv, columns as in a world folder.

    Further columns are kept. Raises :class:`~waterbed.errors.InputError` with every fault.
    """
    faults: list[str] = []
    tables: dict[str, pd.DataFrame] = {}
    lines: dict[str, list[int]] = {}
    for name in ("places", "legs"):
        table, lines[name] = read_table(Path(folder), name, faults)
        if table is not None:
            tables[name] = table

    def where(name: str, row: int) -> str:
        return f"{Path(folder) / name}.csv, line {lines[name][row]}"

    faults += network_faults(tables, where)
    if faults:
        raise InputError(faults)
    return RouteNetwork(**tables)


def write_csv(network: RouteNetwork, folder: str | Path) -> None:
    """Write places.csv and legs.csv into a folder, which is made if needed. Numbers keep every digit."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    _write(network.places, Path(folder) / "places.csv")
    _write(network.legs, Path(folder) / "legs.csv")


def write_world(world: WorldTables, folder: str | Path) -> None:
    """Write a world as a folder that :func:`~waterbed.network.load_world` reads back the same.

    A world without source and basis gets ``generated`` and ``judgement`` in every row.
    """
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name in COLUMNS:
        table = world.table(name)
        missing = {"source": "generated", "basis": "judgement"}.items()
        table = table.assign(**{column: text for column, text in missing if column not in table})
        _write(table, Path(folder) / f"{name}.csv")


def _write(table: pd.DataFrame, path: Path) -> None:
    text = table.copy()
    for column in text.columns[[dtype.kind == "b" for dtype in text.dtypes]]:
        text[column] = text[column].map({True: "true", False: "false"})
    whole(path, text.to_csv(index=False, lineterminator="\n"))


def whole(path: str | Path, text: str) -> None:
    """Write a file whole or not at all: under another name first, and in UTF-8."""
    path = Path(path)
    draft = path.with_name(path.name + ".part")
    try:
        draft.write_text(text, encoding="utf-8", newline="\n")
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def network_from_records(
    places: Iterable[Mapping[str, Any]], legs: Iterable[Mapping[str, Any]], origin: str
) -> RouteNetwork:
    """A checked network from rows of any reader. Raises InputError with every fault; ``origin`` begins each.

    A field that is absent, None or not a number counts as empty. Columns beyond the known ones are kept as text.
    """
    faults: list[str] = []
    tables: dict[str, pd.DataFrame] = {}

    def where(name: str, row: int) -> str:
        return f"{origin}, {name}, number {row + 1}"

    for name, rows in (("places", places), ("legs", legs)):
        table = _table(name, list(rows), origin, faults, where)
        if table is not None:
            tables[name] = table
    faults += network_faults(tables, where)
    if faults:
        raise InputError(faults)
    return RouteNetwork(**tables)


def _table(
    name: str, rows: list[Mapping[str, Any]], origin: str, faults: list[str], where: Where
) -> pd.DataFrame | None:
    """Rows as a table; None if one of its columns is in no row."""
    import pandas as pd

    known = COLUMNS[name]
    extra = [column for column in dict.fromkeys(c for row in rows for c in row) if column not in known]
    texts = {c: [_text(row.get(c)) for row in rows] for c in [*known, *extra]}
    table = pd.DataFrame(texts, dtype=str, columns=[*known, *extra])
    lacking = [c for c in known if rows and c not in MAY_BE_EMPTY and not table[c].ne("").any()]
    if lacking:
        faults += [f"{origin}, {name}: field '{column}' is missing; add it" for column in lacking]
        return None
    for column, kind in known.items():
        table[column] = convert(column, kind, table[column], faults, lambda row: where(name, row))
    return table


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
