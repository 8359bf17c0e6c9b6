"""Places and legs: the route network and the tables of the world that stands on it.

Readers, writers and generators are imported when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .world import RouteNetwork, WorldTables, bundled_worlds, load_world

if TYPE_CHECKING:
    from .csv_pair import read_csv, write_csv, write_world
    from .fixed_point import fixed_point_faults, spectral_radius
    from .flee import FleeClosure, read_flee, read_flee_closures, write_flee
    from .generators import corridor, grid, random_geometric
    from .geojson import read_geojson, write_geojson
    from .graphml import from_networkx, read_graphml, to_networkx, write_graphml

_HOMES = {
    "csv_pair": ("read_csv", "write_csv", "write_world"),
    "fixed_point": ("fixed_point_faults", "spectral_radius"),
    "flee": ("FleeClosure", "read_flee", "read_flee_closures", "write_flee"),
    "generators": ("corridor", "grid", "random_geometric"),
    "geojson": ("read_geojson", "write_geojson"),
    "graphml": ("from_networkx", "read_graphml", "to_networkx", "write_graphml"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "FleeClosure",
    "RouteNetwork",
    "WorldTables",
    "bundled_worlds",
    "corridor",
    "fixed_point_faults",
    "from_networkx",
    "grid",
    "load_world",
    "random_geometric",
    "read_csv",
    "read_flee",
    "read_flee_closures",
    "read_geojson",
    "read_graphml",
    "spectral_radius",
    "to_networkx",
    "write_csv",
    "write_flee",
    "write_geojson",
    "write_graphml",
    "write_world",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOME[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
