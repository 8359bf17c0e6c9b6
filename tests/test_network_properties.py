"""What holds of every network: formats keep it, choices have a fixed point on it, files are whole or not there."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import waterbed.network as network_api
from waterbed.errors import InputError
from waterbed.network import (
    RouteNetwork,
    WorldTables,
    corridor,
    fixed_point_faults,
    from_networkx,
    grid,
    load_world,
    random_geometric,
    read_csv,
    read_flee,
    read_flee_closures,
    read_geojson,
    read_graphml,
    spectral_radius,
    to_networkx,
    write_csv,
    write_flee,
    write_geojson,
    write_graphml,
    write_world,
)

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("WATERBED_DATA", ROOT.parent / "shared" / "data"))
FORMATS = {
    "csv": (write_csv, read_csv), "geojson": (write_geojson, read_geojson), "graphml": (write_graphml, read_graphml),
}  # fmt: skip
NAMES = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters=">"), min_size=1, max_size=8).filter(
    lambda name: name == name.strip() and name.lower() not in ("nan", "none")
)
worlds = st.one_of(
    st.builds(grid, st.integers(3, 5), st.integers(1, 4), seed=st.integers(0, 2**32)),
    st.builds(random_geometric, st.integers(6, 16), st.floats(0.5, 25), seed=st.integers(0, 2**32)),
    st.builds(corridor, st.integers(3, 5), st.integers(1, 3), crosslinks=st.booleans(), seed=st.integers(0, 2**32)),
)
quick = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def renamed(network: RouteNetwork, names: list[str], numbers: list[float]) -> RouteNetwork:
    """The network with odd names and with numbers of every size, so that formats have to keep them."""
    new = dict(zip(network.places["name"], names, strict=False))
    places = network.places.assign(name=network.places["name"].replace(new))
    legs = network.legs.assign(tail=network.legs["tail"].replace(new), head=network.legs["head"].replace(new))
    legs["fee"] = np.resize(numbers, len(legs))
    legs.loc[legs.index[::2], ["via_lat", "via_lon"]] = (1 / 3, -179.9)
    return RouteNetwork(places, legs)


def same(one: RouteNetwork, two: RouteNetwork) -> None:
    assert_frame_equal(one.places, two.places[one.places.columns], check_exact=True)
    assert_frame_equal(one.legs, two.legs[one.legs.columns], check_exact=True)


@quick
@given(
    worlds,
    st.lists(NAMES, min_size=3, max_size=3, unique=True).filter(lambda n: not any(x.startswith("P") for x in n)),
    st.lists(st.floats(0, 1e6), min_size=1, max_size=9),
)
def test_every_format_gives_the_network_back(
    tmp_path: Path, world: WorldTables, names: list[str], numbers: list[float]
) -> None:
    network = renamed(world.network, names, numbers)
    network.validate()
    for kind, (write, read) in FORMATS.items():
        write(network, tmp_path / kind)
        same(network, read(tmp_path / kind))
    same(network, from_networkx(to_networkx(network)))


@quick
@given(worlds)
def test_world_folder_keeps_the_world(tmp_path: Path, world: WorldTables) -> None:
    write_world(world, tmp_path / "w")
    again = load_world(tmp_path / "w")
    same(world.network, again.network)
    for name in ("classes", "origins", "destinations", "hubs", "police", "seasons", "countries"):
        table = world.table(name)
        assert_frame_equal(table, again.table(name), check_exact=True, check_dtype=len(table) > 0)


@quick
@given(worlds, st.floats(50, 5000), st.floats(10, 5000))
def test_choice_has_a_fixed_point_on_every_network(world: WorldTables, scale: float, floor: float) -> None:
    radius = spectral_radius(world.network, scale, floor)
    assert radius <= math.exp(-floor / scale) * (1 + 1e-9)
    assert fixed_point_faults(world.network, scale, floor) == []


@pytest.mark.parametrize("scale", [200, 400, 800, 1600])
def test_radius_of_the_real_network(scale: float) -> None:
    """Without dividing by the number of legs there is no fixed point; with it, the bound is attained."""
    network = load_world("liberterra").network
    legs = network.legs
    costs = legs["fee"] + 20 * legs["days"] + 1500 * legs["detection"] + 100_000 * legs["death"]
    assert spectral_radius(network, scale, 150, alternatives={}, costs=costs) > 1.2
    assert spectral_radius(network, scale, 150) == pytest.approx(math.exp(-150 / scale), abs=1e-6)


def test_radius_of_a_ring_in_closed_form() -> None:
    """Around a ring of n places that can be walked both ways, each row sums to the same: that is the radius."""
    names = [f"R{i}" for i in range(7)]
    ring = RouteNetwork(
        pd.DataFrame({"name": names}),
        pd.DataFrame({"tail": names * 2, "head": names[1:] + names[:1] + names[-1:] + names[:-1]}),
    )
    assert spectral_radius(ring, 400, 150) == pytest.approx(math.exp(-150 / 400))
    assert spectral_radius(ring, 400, 150, alternatives={}) == pytest.approx(2 * math.exp(-150 / 400))
    (fault,) = fixed_point_faults(ring, 400, 150, alternatives={})
    assert "no fixed point" in fault and "1.375" in fault and "raise choice.cost_floor (150)" in fault


@pytest.mark.parametrize(
    ("scale", "floor", "alternatives", "told"),
    [
        (-400, 150, None, "choice.scale is -400"),
        (math.nan, 150, None, "choice.scale is nan"),
        (400, 0, None, "choice.cost_floor is 0"),
        (400, math.inf, None, "choice.cost_floor is inf"),
        (400, 150, {"P1-1": 0}, "alternatives of 'P1-1' are 0"),
        (1e15, 1e-3, None, "no fixed point"),
    ],
)
def test_nonsense_has_no_fixed_point(scale: float, floor: float, alternatives: dict[str, float], told: str) -> None:
    (fault,) = fixed_point_faults(grid(3, 2).network, scale, floor, alternatives=alternatives)
    assert told in fault


def test_validate_tells_every_fault() -> None:
    network = grid(3, 2).network
    network.legs.loc[0, "head"] = "Nowhere"
    network.legs.loc[1, "days"] = 0.0
    with pytest.raises(InputError) as refused:
        network.validate()
    assert len(refused.value.faults) == 2


def test_all_names_are_there_and_heavy_packages_are_not() -> None:
    assert all(getattr(network_api, name) is not None for name in network_api.__all__)
    code = "import sys, waterbed.network; assert not {'pandas', 'networkx', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = grid(3, 2)
    path = tmp_path / "n.geojson"
    write_geojson(world.network, path)
    before = path.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_geojson(grid(3, 3).network, path)
    assert path.read_bytes() == before and [p.name for p in tmp_path.iterdir()] == ["n.geojson"]


@pytest.mark.skipif(not (DATA / "flee_mali2012").is_dir(), reason="needs the data of Flee's Mali 2012 case")
def test_flee_mali(tmp_path: Path) -> None:
    folder = DATA / "flee_mali2012" / "input"
    world = read_flee(folder)
    assert {"MLI", "NER", "BFA", "MRT"} == set(world.network.places["country"])
    lines = (folder / "routes.csv").read_text().splitlines()
    assert len(world.network.legs) == 2 * sum(bool(line) and not line.startswith("#") for line in lines)
    closures = read_flee_closures(folder, world.network)
    assert [(c.start, c.days) for c in closures] == [(0, 22), (0, 33)]
    country = dict(zip(world.network.places["name"], world.network.places["country"], strict=True))
    for closure, abroad in zip(closures, ("BFA", "NER"), strict=True):
        ends = {frozenset(country[place] for place in leg.split(" > ")) for leg in closure.legs}
        assert ends == {frozenset({"MLI", abroad})}
    write_flee(world, tmp_path / "mali")
    same(world.network, read_flee(tmp_path / "mali").network)
