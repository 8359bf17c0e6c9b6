"""Treated, buffer and control: by name, by rule, by loss; distances against networkx."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from waterbed.measures.sets import FAR, declared_sets, legs_away, sets_by_loss
from waterbed.measures.window import find_window
from waterbed.network import RouteNetwork, load_world
from waterbed.scenario import Scenario

CLASSROOM = Scenario.load("classroom")
WORLD = load_world("classroom")
NAMES = WORLD.network.leg_names
CENTRAL = ["Midport > Harbour", "Newport > Harbour"]


def _line(n: int) -> Any:
    """A road of n places, each in a country of its own; every leg counted."""
    places = pd.DataFrame({"name": [f"P{i}" for i in range(n)], "country": [f"C{i}" for i in range(n)]})
    legs = pd.DataFrame({"tail": [f"P{i}" for i in range(n - 1)], "head": [f"P{i + 1}" for i in range(n - 1)]})
    legs["counted"] = True
    return SimpleNamespace(network=RouteNetwork(places, legs))


def _treated(scenario: Scenario) -> list[str]:
    sets = declared_sets(scenario, scenario.untreated(), WORLD)
    assert sets is not None
    return sets.names(NAMES)["treated"]


def test_routes_are_treated_leg_by_leg() -> None:
    assert _treated(CLASSROOM) == CENTRAL


def test_an_operation_without_officers_keeps_its_sets_and_window() -> None:
    null = CLASSROOM.replace({"operations.surge.officers": 0})
    assert _treated(null) == CENTRAL
    assert find_window(null, null.untreated()) == find_window(CLASSROOM, CLASSROOM.untreated())


def test_hubs_are_treated_where_legs_leave_them() -> None:
    aimed = CLASSROOM.replace({"operations.surge.target": {"routes": [], "hubs": ["Newport"]}})
    assert _treated(aimed) == ["Newport > Harbour", "Newport > Bridge"]


def test_countries_are_treated_where_counted_legs_touch_them() -> None:
    places = WORLD.network.places.set_index("name")["country"]
    aimed = CLASSROOM.replace({"operations.surge.target": {"routes": []},
                               "operations.surge.countries": [places["Bridge"]]})  # fmt: skip
    legs = WORLD.network.legs
    ends = [{places[a], places[b]} for a, b in zip(legs["tail"], legs["head"], strict=True)]
    touch = [c and places["Bridge"] in e for c, e in zip(legs["counted"], ends, strict=True)]
    assert _treated(aimed) == [n for n, t in zip(NAMES, touch, strict=True) if t]


def test_legs_named_by_the_scenario_go_before_all() -> None:
    assert _treated(CLASSROOM.replace({"compare.treated": ["Eastport > Bridge"]})) == ["Eastport > Bridge"]


def test_a_measure_that_names_no_place_leaves_it_to_the_loss() -> None:
    text = 'name = "causes"\nbase = "classroom"\n[operations]\nsurge = false\n'
    s = Scenario.parse(text + "[policies.causes]\nstart = 360\npush = -0.1\n")
    assert declared_sets(s, s.untreated(), WORLD) is None


def test_the_legs_that_lose_most_are_the_fewest_with_four_fifths() -> None:
    counted = np.flatnonzero(WORLD.network.legs["counted"])
    loss = np.zeros(len(NAMES))
    loss[0] = 1e6  # not counted
    loss[counted] = [50.0, 31.0, 10.0, -40.0, 9.0]
    sets = sets_by_loss(WORLD, loss)
    assert sets.treated.tolist() == sorted(counted[[0, 1]])
    assert sets.chosen
    nothing = sets_by_loss(WORLD, -np.abs(loss))
    assert not len(nothing.treated)
    assert "no counted leg lost" in nothing.why


@pytest.mark.parametrize("at", [0, 3, 7])
def test_on_a_line_neighbours_are_buffer_and_far_legs_control(at: int) -> None:
    world = _line(10)
    loss = np.zeros(9)
    loss[at] = 1.0
    sets = sets_by_loss(world, loss)
    assert sets.treated.tolist() == [at]
    assert sets.buffer.tolist() == [i for i in (at - 1, at + 1) if 0 <= i < 9]
    assert sets.control.tolist() == [i for i in range(9) if abs(i - at) >= 3], "three legs away, not two"


@pytest.mark.parametrize("seed", range(5))
def test_distances_are_those_of_the_line_graph(seed: int) -> None:
    rng = np.random.default_rng(seed)
    legs = pd.DataFrame(rng.integers(0, 25, (30, 2)), columns=["tail", "head"]).astype(str)
    legs = legs[legs["tail"] != legs["head"]].reset_index(drop=True)
    treated = np.zeros(len(legs), bool)
    treated[rng.integers(0, len(legs), 2)] = True
    graph = nx.Graph()
    ends = [set(pair) for pair in legs.to_numpy()]
    graph.add_nodes_from(range(len(legs)))
    graph.add_edges_from((i, j) for i in range(len(legs)) for j in range(i) if ends[i] & ends[j])
    found = nx.multi_source_dijkstra_path_length(graph, set(np.flatnonzero(treated)))
    assert legs_away(legs, treated).tolist() == [min(FAR, found.get(i, FAR)) for i in range(len(legs))]
