"""The bundled world of real places hangs together, and says where each row comes from."""

from __future__ import annotations

import pytest

from waterbed.network import WorldTables, load_world
from waterbed.network.world import COLUMNS


@pytest.fixture(scope="module")
def world() -> WorldTables:
    return load_world("liberterra")


def test_no_faults_and_its_size(world: WorldTables) -> None:
    assert world.faults() == []
    assert len(world.network.places) == 297 and len(world.network.legs) == 1646 and len(world.classes) == 28


@pytest.mark.parametrize("name", COLUMNS)
def test_every_row_has_source_and_basis(world: WorldTables, name: str) -> None:
    table = world.table(name)
    assert table["source"].ne("").all()
    assert set(table["basis"]) <= {"published", "derived", "judgement"}


def test_routes(world: WorldTables) -> None:
    legs = world.network.legs
    routes = set(legs["route"]) - {""}
    assert {"Central Mediterranean", "Western Balkan", "US Southwest", "Air (direct)", "Eastern Route"} <= routes
    assert all("Route" not in r or r == "Eastern Route" for r in routes)
    # A flight to a gateway is a stop on the way: labelled, for its costs, but not counted.
    assert (legs["counted"] == ~legs["route"].isin(["", "Air (gateway)"])).all()
    country = dict(zip(world.network.places["name"], world.network.places["country"], strict=True))
    labelled = legs[legs["counted"]]
    assert all(country[t] != country[h] for t, h in zip(labelled["tail"], labelled["head"], strict=True))
    assert set(legs.loc[legs["season"] != "", "mode"]) == {"sea"}


def test_nobody_starts_where_they_want_to_be(world: WorldTables) -> None:
    country = dict(zip(world.network.places["name"], world.network.places["country"], strict=True))
    for name in world.classes["class"]:
        starts, goals = (
            {country[p] for p in t.loc[t["class"] == name, "place"]} for t in (world.origins, world.destinations)
        )
        assert not starts & goals, name


def test_hubs_and_police_everywhere(world: WorldTables) -> None:
    transit = world.hubs[world.hubs["kind"] == "transit"]
    assert set(world.network.legs["tail"]) <= set(transit["place"])
    assert transit.groupby("place").size().between(1, 3).all()
    assert 120 <= world.hubs["network"].nunique() <= 200
    assert (world.hubs["kind"] == "exploitation").sum() == 60
    assert set(world.police["country"]) == set(world.network.places["country"])
