"""A network as a pair of CSV files, and whole worlds as folders of them."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from .world import (
    COLUMNS,
    MAY_BE_EMPTY,
    MODES,
    RouteNetwork,
    WorldTables,
    _convert,
    _doubled,
    _out_of_bounds,
    _read,
    _unknown,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["network_faults", "network_from_records", "read_csv", "write_csv", "write_world"]


def read_csv(folder: str | Path) -> RouteNetwork:
    """The network in a folder's places.csv and legs.csv, columns as in a world folder.

    Further columns are kept. Raises :class:`~waterbed.errors.InputError` with every fault.
    """
    faults: list[str] = []
    network = RouteNetwork(_read(Path(folder), "places", faults), _read(Path(folder), "legs", faults))
    return _sound(network, str(folder), faults)


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
    """Write one table whole or not at all: under another name first."""
    text = table.copy()
    for column in text.columns[[dtype.kind == "b" for dtype in text.dtypes]]:
        text[column] = text[column].map({True: "true", False: "false"})
    draft = path.with_name(path.name + ".part")
    text.to_csv(draft, index=False, encoding="utf-8", lineterminator="\n")
    os.replace(draft, path)


def network_faults(network: RouteNetwork) -> list[str]:
    """Everything that is wrong with a network by itself, each with table, line, field, value and remedy."""
    found = _out_of_bounds("places", network.places) + _out_of_bounds("legs", network.legs)
    found += _doubled("places", ["name"], network.places) + _doubled("legs", ["tail", "head"], network.legs)
    names = set(network.places["name"])
    for column in ("tail", "head"):
        found += _unknown("legs", column, network.legs, names)
    found += _unknown("legs", "mode", network.legs, MODES)
    looped = network.legs["tail"] == network.legs["head"]
    found += [f"legs.csv, line {row + 2}: tail and head are the same; drop it" for row in network.legs.index[looped]]
    return found


def network_from_records(
    places: Iterable[Mapping[str, Any]], legs: Iterable[Mapping[str, Any]], origin: str
) -> RouteNetwork:
    """A checked network from rows of any reader; ``origin`` begins every fault.

    A field that is absent, None or not a number counts as empty. Columns beyond the known ones are kept as text.
    """
    faults: list[str] = []
    tables = [_table(name, list(rows), origin, faults) for name, rows in (("places", places), ("legs", legs))]
    return _sound(RouteNetwork(*tables), origin, faults)


def _table(name: str, rows: list[Mapping[str, Any]], origin: str, faults: list[str]) -> pd.DataFrame:
    import pandas as pd

    known = COLUMNS[name]
    extra = [column for column in dict.fromkeys(c for row in rows for c in row) if column not in known]
    texts = {c: [_text(row.get(c)) for row in rows] for c in [*known, *extra]}
    table = pd.DataFrame(texts, dtype=str, columns=[*known, *extra])
    for column, kind in known.items():
        if rows and column not in MAY_BE_EMPTY and not table[column].ne("").any():
            faults.append(f"{origin}, {name}: field '{column}' is missing")
            continue
        table[column] = _convert(Path(f"{origin}, {name}"), column, kind, table[column], faults)
    return table


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _sound(network: RouteNetwork, origin: str, faults: list[str]) -> RouteNetwork:
    if not faults:
        faults = [f"{origin}: {fault}" for fault in network_faults(network)]
    if faults:
        raise InputError(faults)
    return network
