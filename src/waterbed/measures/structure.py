"""How the system is built: how spread out its flow is, how well its places hang together, which hubs are open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..engine.world import T

if TYPE_CHECKING:
    from ..engine.run import Run
    from .reading import Reading
    from .window import Window


def hubs(terms: dict, x: Run, y: Run, window: Window) -> None:
    """Hubs open on the mean day, and the working days that hubs and recruiters lost more than in the twin."""
    open_hubs = [r.totals[window.first : window.days, T["open_hubs"]] for r in (x, y)]
    during = [o[: window.after - window.first] for o in open_hubs]
    days = max(1, len(during[0]))
    terms["open_hubs_change", "during and after", "hub"] = (float(during[0].sum() - during[1].sum()) / days,)
    terms["hub_downtime", "to the end", "hub-day"] = (float(open_hubs[1].sum() - open_hubs[0].sum()),)
    arrests = [float(r.totals[window.first : window.days, T["arrests"]].sum()) for r in (x, y)]
    terms["recruiter_arrests_change", "to the end", "arrest"] = (arrests[0] - arrests[1],)
    active = [float(r.totals[window.first : window.days, T["active_recruiters"]].sum()) for r in (x, y)]
    terms["recruiter_downtime", "to the end", "recruiter-day"] = (active[1] - active[0],)


def graph(terms: dict, x: Reading, y: Reading) -> None:
    """Change of efficiency, largest component and number of the legs in use, during and after."""
    without = y.connection
    with_it = without if np.array_equal(x.used, y.used) else x.connection
    for i, (name, unit) in enumerate(
        (("network_efficiency_change", "1"), ("largest_component_change", "share"), ("used_legs_change", "leg"))
    ):
        terms[name, "during and after", unit] = (with_it[i] - without[i],)


def connection(tail: np.ndarray, head: np.ndarray, n: int) -> tuple[float, float]:
    """Global efficiency of a directed graph, and the share of its places in the largest weak component.

    Efficiency is the mean over ordered pairs of places of one over the least number of legs (Latora &
    Marchiori 2001). Both as NetworkX has them, by a search from all places at once over sets of places kept
    as bits, some hundred times faster: a comparison does this twice a replicate.
    """
    if n < 2:
        return 0.0, 1.0
    sizes, _ = _layers(tail, head, n)
    total = sum(new / step for step, new in enumerate(sizes, 1))
    _, reached = _layers(np.concatenate([tail, head]), np.concatenate([head, tail]), n)
    return total / (n * (n - 1)), int(np.unpackbits(reached, axis=1).sum(axis=1, dtype=int).max()) / n


def _layers(tail: np.ndarray, head: np.ndarray, n: int) -> tuple[list[int], np.ndarray]:
    """Pairs of places first reached in 1, 2, … legs; and, as bits, which places each reaches (itself too)."""
    reached = np.packbits(np.eye(n, dtype=bool), axis=1)
    sizes: list[int] = []
    if not len(tail):
        return sizes, reached
    order = np.argsort(tail, kind="stable")
    starts, first = np.unique(tail[order], return_index=True)
    front, head = reached, head[order]
    while True:
        new = np.zeros_like(reached)
        # What is one leg further from a place is what its neighbours' front holds.
        new[starts] = np.bitwise_or.reduceat(front[head], first, axis=0)
        new &= ~reached
        size = int(np.unpackbits(new).sum(dtype=int))
        if not size:
            return sizes, reached
        sizes.append(size)
        reached = reached | new
        front = new


def entropy(flow: np.ndarray) -> np.ndarray:
    """Shannon entropy in nats of the shares along the last axis; ``nan`` without flow."""
    from scipy.special import entr

    out: np.ndarray = entr(_shares(flow)).sum(axis=-1)
    return out


def herfindahl(flow: np.ndarray) -> np.ndarray:
    """Herfindahl-Hirschman index, sum of squared shares along the last axis; ``nan`` without flow."""
    out: np.ndarray = (_shares(flow) ** 2).sum(axis=-1)
    return out


def _shares(flow: np.ndarray) -> np.ndarray:
    total = flow.sum(axis=-1, keepdims=True)
    return np.divide(flow, total, out=np.full(flow.shape, np.nan), where=total > 0)
