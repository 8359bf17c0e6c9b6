"""A network as a NetworkX graph, and as GraphML."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from ..errors import InputError
from .csv_pair import network_from_records, whole
from .world import RouteNetwork

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["from_networkx", "read_graphml", "to_networkx", "write_graphml"]


def to_networkx(network: RouteNetwork) -> nx.DiGraph[str]:
    """A directed graph: places are nodes by name, legs are edges, columns are attributes.

    Empty values are left out. An edge keeps its row in the table as ``row``, because a graph does not keep the
    order of its edges and the order identifies them.
    """
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    for place in network.places.to_dict("records"):
        name = place.pop("name")
        graph.add_node(name, **_filled(place))
    for row, leg in enumerate(network.legs.to_dict("records")):
        tail, head = leg.pop("tail"), leg.pop("head")
        graph.add_edge(tail, head, **_filled(leg), row=row)
    return graph


def from_networkx(graph: nx.Graph[Any], origin: str = "graph") -> RouteNetwork:
    """The network in a NetworkX graph with the columns of places.csv and legs.csv as attributes.

    An edge of an undirected graph becomes a leg each way. Legs stand by their attribute ``row`` if all have one;
    parallel edges are one. ``origin`` is what messages call the graph.

    Raises:
        InputError: with every fault.
    """
    places = [{"name": str(name), **attributes} for name, attributes in graph.nodes(data=True)]
    edges = list(graph.edges(data=True))
    if edges and all("row" in attributes for _, _, attributes in edges):
        edges.sort(key=lambda edge: float(edge[2]["row"]))
    legs = []
    for tail, head, attributes in edges:
        values = {key: value for key, value in attributes.items() if key != "row"}
        legs.append({"tail": str(tail), "head": str(head), **values})
        if not graph.is_directed():
            legs.append({"tail": str(head), "head": str(tail), **values})
    return network_from_records(places, legs, origin)


def write_graphml(network: RouteNetwork, path: str | Path) -> None:
    """Write a network as GraphML (for Gephi, yEd, igraph and others); :func:`read_graphml` gives it back."""
    import networkx as nx

    whole(path, "\n".join(nx.generate_graphml(to_networkx(network))) + "\n")


def read_graphml(path: str | Path) -> RouteNetwork:
    """The network in a GraphML file with the columns of places.csv and legs.csv as attributes.

    Raises:
        InputError: for a file that is none, and with every fault of the network.
    """
    import networkx as nx

    try:
        graph = nx.read_graphml(path)
    except (OSError, ParseError, nx.NetworkXError, KeyError, ValueError) as error:
        raise InputError(f"{path}: cannot be read as GraphML: {error}") from None
    return from_networkx(graph, str(path))


def _filled(row: dict[Any, Any]) -> dict[str, Any]:
    """Attributes without empty ones; numbers as Python's own, which is what GraphML can write."""
    plain = {str(k): v.item() if hasattr(v, "item") else v for k, v in row.items()}
    return {k: v for k, v in plain.items() if v == v and v != ""}
