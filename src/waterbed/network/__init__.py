"""Places and legs: the route network and the tables of the world that stands on it."""

from __future__ import annotations

from .world import RouteNetwork, WorldTables, bundled_worlds, load_world

__all__ = ["RouteNetwork", "WorldTables", "bundled_worlds", "load_world"]
