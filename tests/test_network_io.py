"""Networks come back from every format as they went in; bad files name every fault."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from waterbed.errors import InputError
from waterbed.network import RouteNetwork, load_world
from waterbed.network.csv_pair import read_csv, write_csv, write_world
from waterbed.network.flee import read_flee, read_flee_closures, write_flee
from waterbed.network.generators import grid
from waterbed.network.geojson import read_geojson, write_geojson
from waterbed.network.graphml import from_networkx, read_graphml, to_networkx, write_graphml
from waterbed.network.world import COLUMNS
from waterbed.report.basemap import cut, land

FORMATS = {
    "csv": (write_csv, read_csv), "geojson": (write_geojson, read_geojson), "graphml": (write_graphml, read_graphml),
}  # fmt: skip


def same(one: RouteNetwork, two: RouteNetwork) -> None:
    assert_frame_equal(one.places, two.places[one.places.columns], check_exact=True)
    assert_frame_equal(one.legs, two.legs[one.legs.columns], check_exact=True)


@pytest.mark.parametrize("world", ["classroom", "liberterra"])
@pytest.mark.parametrize("kind", FORMATS)
def test_round_trip(world: str, kind: str, tmp_path: Path) -> None:
    network = load_world(world).network
    write, read = FORMATS[kind]
    write(network, tmp_path / "network")
    same(network, read(tmp_path / "network"))


def test_networkx_there_and_back() -> None:
    network = load_world("classroom").network
    same(network, from_networkx(to_networkx(network)))


def test_undirected_graph_gives_legs_both_ways() -> None:
    graph = to_networkx(grid(3, 2).network).to_undirected()
    assert len(from_networkx(graph).legs) == 2 * graph.number_of_edges()


def test_world_folder_comes_back_as_it_was(tmp_path: Path) -> None:
    world = load_world("classroom")
    write_world(world, tmp_path / "copy")
    copy = load_world(str(tmp_path / "copy"))
    for name in COLUMNS:
        assert_frame_equal(world.table(name), copy.table(name), check_exact=True)


def test_leg_over_the_date_line_is_cut(tmp_path: Path) -> None:
    world = grid(3, 1)
    world.network.places.loc[:1, "lon"] = (179.0, -179.0)
    write_geojson(world.network, tmp_path / "n.geojson")
    lines = [f["geometry"] for f in json.loads((tmp_path / "n.geojson").read_text())["features"]]
    parts = next(g for g in lines if g["type"] == "MultiLineString")["coordinates"]
    assert abs(parts[0][-1][0]) == 180 and parts[0][-1][0] == -parts[1][0][0]
    same(world.network, read_geojson(tmp_path / "n.geojson"))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("not json", "cannot be read as GeoJSON"),
        ('{"type": "Feature"}', "needs a list 'features'"),
        ('{"features": [{"geometry": null}]}', "feature 1: has no geometry"),
        ('{"features": [{"geometry": {"type": "Polygon", "coordinates": []}}]}', "takes Point or LineString"),
    ],
)
def test_bad_geojson_is_named(text: str, fault: str, tmp_path: Path) -> None:
    (tmp_path / "bad.geojson").write_text(text)
    with pytest.raises(InputError, match=fault):
        read_geojson(tmp_path / "bad.geojson")


def test_all_faults_of_a_pair_in_one_list(tmp_path: Path) -> None:
    network = grid(3, 2).network
    network.legs.loc[0, "head"] = "Nowhere"
    network.legs.loc[1, "fee"] = -5.0
    network.legs.loc[2, "mode"] = "rail"
    write_csv(network, tmp_path)
    with pytest.raises(InputError) as caught:
        read_csv(tmp_path)
    assert "fee is -5" in str(caught.value) and "Nowhere" in str(caught.value) and "rail" in str(caught.value)


LOCATIONS = """#name,region,country,latitude,longitude,location_type,conflict_date,population
Alpha,R1,Mali,16.0,0.0,conflict_zone,0,20000
Beta,R1,Mali,15.5,0.5,town,,5000
Gamma,R2,Atlantis,15.0,1.0,camp,,1000
"""


def flee_folder(folder: Path, routes: str = "Alpha,Beta,80,0\nBeta,Gamma,90,0\n") -> Path:
    folder.mkdir()
    (folder / "locations.csv").write_text(LOCATIONS)
    (folder / "routes.csv").write_text("#name1,name2,distance,forced_redirection\n" + routes)
    (folder / "closures.csv").write_text("#type,name1,name2,start,end\ncountry,Mali,Atlantis,3,22\n")
    return folder


def test_flee_there_and_back(tmp_path: Path) -> None:
    world = read_flee(flee_folder(tmp_path / "case"))
    assert list(world.network.places["country"]) == ["MLI", "MLI", "ATL"]
    assert len(world.network.legs) == 4
    assert world.classes["people_per_year"].tolist() == [2000.0]
    write_flee(world, tmp_path / "again")
    same(world.network, read_flee(tmp_path / "again").network)


def test_flee_keeps_a_name_with_a_comma(tmp_path: Path) -> None:
    world = grid(3, 1)
    for table, columns in ((world.network.places, ["name"]), (world.network.legs, ["tail", "head"])):
        table[columns] = table[columns].replace("P2-1", 'The "Hill", north')
    write_flee(world, tmp_path)
    assert list(read_flee(tmp_path).network.places["name"]) == list(world.network.places["name"])


def test_flee_closures_name_legs(tmp_path: Path) -> None:
    folder = flee_folder(tmp_path / "case")
    (closure,) = read_flee_closures(folder, read_flee(folder).network)
    assert set(closure.legs) == {"Beta > Gamma", "Gamma > Beta"}
    assert (closure.start, closure.days) == (3, 19)


def test_flee_reads_empty_fields_and_types_as_flee_does(tmp_path: Path) -> None:
    folder = flee_folder(tmp_path / "case")
    path = folder / "locations.csv"
    path.write_text(path.read_text().replace("Beta,R1,Mali", "Beta,,").replace("camp,,1000", "Camp,,"))
    places = read_flee(folder).network.places
    assert places["region"][1] == places["flee_country"][1] == "unknown" and places["flee_type"][2] == "camp"


def test_flee_faults(tmp_path: Path) -> None:
    folder = flee_folder(tmp_path / "case", "Alpha,Omega,80,0\nBeta,Gamma,far,0\nBeta\n")
    with pytest.raises(InputError) as caught:
        read_flee(folder)
    assert len(caught.value.faults) == 3 and "Omega" in str(caught.value) and "'far'" in str(caught.value)


def test_land_has_closed_rings_within_the_map() -> None:
    countries = land()
    assert len(countries) > 170 and {"380", "434", "Kosovo"} <= {name for name, _ in countries}
    for _, rings in countries:
        for ring in rings:
            assert np.allclose(ring[0], ring[-1]) and np.abs(ring[:, 0]).max() <= 180.0 + 1e-9


def test_cut_keeps_the_area() -> None:
    square = np.array([[170.0, 0], [-170, 0], [-170, 10], [170, 10], [170, 0]])
    pieces = cut(square)
    assert len(pieces) == 2
    area = sum(abs(np.sum(p[:-1, 0] * p[1:, 1] - p[1:, 0] * p[:-1, 1])) / 2 for p in pieces)
    assert area == pytest.approx(200.0)
