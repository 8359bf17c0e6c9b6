"""Spread of flow and connection of places, against NetworkX and closed forms."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterbed.measures.flows import kilometres, middles
from waterbed.measures.structure import connection, entropy, herfindahl


@given(st.integers(2, 12), st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=40))
def test_connection_is_that_of_networkx(n, edges):
    edges = [(a % n, b % n) for a, b in edges if a % n != b % n]
    graph = nx.DiGraph(edges)
    graph.add_nodes_from(range(n))
    lengths = dict(nx.all_pairs_shortest_path_length(graph))
    wanted = sum(1 / d for one in lengths.values() for d in one.values() if d) / (n * (n - 1))
    largest = max(map(len, nx.weakly_connected_components(graph))) / n
    tail, head = (np.array([e[i] for e in edges], int) for i in (0, 1))
    efficiency, component = connection(tail, head, n)
    assert efficiency == pytest.approx(wanted)
    assert component == pytest.approx(largest)


def test_a_directed_ring():
    n = 5
    ring = np.arange(n)
    efficiency, component = connection(ring, (ring + 1) % n, n)
    assert efficiency == pytest.approx((1 + 1 / 2 + 1 / 3 + 1 / 4) / 4)
    assert component == 1.0


def test_spread():
    assert entropy(np.ones(4)) == pytest.approx(math.log(4))
    assert herfindahl(np.array([1.0, 1.0, 0.0])) == pytest.approx(0.5)
    assert entropy(np.array([3.0, 0.0])) == 0.0 and herfindahl(np.array([3.0, 0.0])) == 1.0
    assert np.isnan(entropy(np.zeros(3))) and np.isnan(herfindahl(np.zeros(3)))


def test_distance_on_the_globe():
    # A quarter of the equator, and across the date line.
    ends = middles(np.zeros((2, 3)), np.array([[0.0, 90.0, 179.0], [0.0, 90.0, -179.0]]))
    assert kilometres(ends[0], ends[1]) == pytest.approx(math.pi / 2 * 6371.0088)
    assert kilometres(ends[2], -ends[0]) == pytest.approx(0, abs=1e-6)
    assert kilometres(0.3 * ends[1], 0.3 * ends[1]) == 0.0
    assert np.isnan(kilometres(np.zeros(3), ends[0]))
