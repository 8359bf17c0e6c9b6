"""The tables of a world: read, checked as a whole, and refused with every fault at once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError
from .checking import network_faults, onward, reach, world_faults
from .tables import COLUMNS, read_table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["COLUMNS", "RouteNetwork", "WorldTables", "bundled_worlds", "load_world"]


@dataclass(frozen=True)
class RouteNetwork:
    """Places and directed legs, one row each.

    Units: degrees, kilometres, days, US dollars; ``death``, ``detection``, ``turned_back`` and ``returned`` are
    probabilities, ``search_width`` officers.
    """

    places: pd.DataFrame
    legs: pd.DataFrame

    @cached_property
    def counted(self) -> np.ndarray:
        """[leg] whether crossings of it are counted."""
        return self.legs["counted"].to_numpy(bool)

    @cached_property
    def routes(self) -> np.ndarray:
        """[leg] label of its route."""
        return self.legs["route"].to_numpy()

    @cached_property
    def modes(self) -> np.ndarray:
        """[leg] how people travel on it."""
        return self.legs["mode"].to_numpy()

    @cached_property
    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        """[leg] rows of its tail and of its head in ``places``."""
        import numpy as np

        row = {name: i for i, name in enumerate(self.places["name"])}
        tail, head = (np.array([row[name] for name in self.legs[end]], np.int64) for end in ("tail", "head"))
        return tail, head

    @property
    def leg_names(self) -> list[str]:
        """Every leg as ``Tail > Head``, in the order of the table."""
        return [f"{t} > {h}" for t, h in zip(self.legs["tail"], self.legs["head"], strict=True)]

    def reached_from(self, start: str, served: set[str] | None = None) -> set[str]:
        """Places that can be reached from ``start``, dormant legs too; by sea and air only from ``served`` ones."""
        return reach(start, onward(self.legs, served))

    def faults(self) -> list[str]:
        """Everything that is wrong with the network by itself, each with table, line, field, value and remedy."""
        return network_faults({"places": self.places, "legs": self.legs})

    def validate(self) -> None:
        """Raise :class:`~waterbed.errors.InputError` with every fault, if there is one."""
        if found := self.faults():
            raise InputError(found)


@dataclass(frozen=True)
class WorldTables:
    """A world: its network, its people, its criminal groups and its police, as tables.

    ``countries`` names the invented ones; it has no rows where all places carry ISO 3166-1 alpha-3 codes.
    """

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
    countries: pd.DataFrame

    def table(self, name: str) -> pd.DataFrame:
        """One of the tables by its file's name."""
        if name in ("places", "legs"):
            return getattr(self.network, name)  # type: ignore[no-any-return]
        return getattr(self, name)  # type: ignore[no-any-return]

    def faults(self) -> list[str]:
        """Everything that is wrong with the world, each with file, line, field, value and remedy."""
        return world_faults({name: self.table(name) for name in COLUMNS})

    def validate(self) -> None:
        """Raise :class:`~waterbed.errors.InputError` with every fault, if there is one."""
        if found := self.faults():
            raise InputError(f"{self.name}: {fault}" for fault in found)


def bundled_worlds() -> list[str]:
    """Names of the worlds that come with the package."""
    return sorted(entry.name for entry in (files("waterbed.network") / "worlds").iterdir() if entry.is_dir())


def load_world(name_or_path: str | Path) -> WorldTables:
    """Read and check a bundled world or a folder of CSV tables.

    The same files give the same object, so do not change its tables.

    Args:
        name_or_path: one of :func:`bundled_worlds`, or a folder.

    Raises:
        InputError: with every fault that was found.
    """
    folder = _folder(str(name_or_path))
    # Files that were edited since are read again.
    stamp = tuple((p.name, p.stat().st_mtime_ns, p.stat().st_size) for p in sorted(folder.glob("*.csv")))
    return _load(str(folder), os.path.abspath(folder), stamp)


def _folder(name: str) -> Path:
    known = bundled_worlds()
    if name in known:
        return Path(str(files("waterbed.network") / "worlds" / name))
    folder = Path(name)
    if folder.is_file():
        raise InputError(f"network: '{name}' is a file; name the folder that holds places.csv and legs.csv")
    if not folder.is_dir():
        near = get_close_matches(name, known, 1)
        hint = f"did you mean '{near[0]}'?" if near else f"bundled are {', '.join(known)}"
        raise InputError(f"network: no world or folder '{name}'; {hint}")
    return folder


@lru_cache(maxsize=16)
def _load(path: str, absolute: str, stamp: tuple[tuple[str, int, int], ...]) -> WorldTables:
    """The world in a folder; the last two arguments tell apart what the cache must not mix up."""
    folder, faults = Path(path), list[str]()
    tables: dict[str, pd.DataFrame] = {}
    lines: dict[str, list[int]] = {}
    for name in COLUMNS:
        table, lines[name] = read_table(folder, name, faults)
        if table is not None:
            tables[name] = table

    def where(name: str, row: int) -> str:
        return f"{name}.csv, line {lines[name][row]}"

    faults += [str(folder / fault) for fault in world_faults(tables, where)]
    if faults:
        raise InputError(faults)
    network = RouteNetwork(tables.pop("places"), tables.pop("legs"))
    return WorldTables(folder.name, str(folder), network, **tables)
