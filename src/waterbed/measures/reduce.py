"""From a pair of runs to the few numbers that a comparison keeps of it.

A pair is reduced in two steps. :func:`gather` needs nothing but the two runs, each read by itself in
:mod:`.reading`; :func:`settle` needs to know which legs are treated. Mostly scenario and world say so before any
run, and both steps are taken where the pair was run. Where the loss of flow itself has to decide, it is the loss in
sum over replicates, so the second step waits until all are there; only then is flow by leg and day kept, sparsely.

To add an effect, write its terms (see :mod:`.intervals`) into ``terms`` in the file of its noun.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from . import displacement, evaluation, flows, harm, own, structure
from .fates import cohort, fate_matrix, fate_names, margins
from .intervals import Name
from .reading import Reading, daily
from .sets import Sets, declared_sets
from .window import Window, find_window

if TYPE_CHECKING:
    from ..engine.run import Run
    from ..network import WorldTables

Terms = dict[Name, tuple[float, ...]]


@dataclass
class Reduced:
    """A pair of runs, reduced. Counts are in people; world 0 is with the measure, 1 without."""

    seed: int
    terms: Terms
    """(effect, key, unit) -> terms, see :mod:`.intervals`."""
    second: dict[Name, tuple[float, float, float]]
    """Sums over agents of a², ab, b² of an effect of the cohort, for its part due to scale."""
    absent: dict[Name, str]
    """Effects that cannot be given, and why."""
    series: dict[str, np.ndarray]
    """name -> [world, day], float32."""
    fate_names: list[str]
    """Of the fates, in the order in which they are counted."""
    fates: np.ndarray
    """[without, with] people of the cohort by fate."""
    delayed: np.ndarray
    """People by fate who crossed the same way over 30 days later."""
    margins: np.ndarray
    """[world, MARGINS] sums over the cohort, in people, attempts, days and cents."""
    legs: np.ndarray
    """[world, leg] crossings, during and after."""
    course: np.ndarray
    """[world, step, leg] crossings in steps of 14 days, see :func:`.course.by_step`; float32."""
    operations: dict[str, dict[str, int]]
    sets: Sets | None = None
    pending: Pending | None = None


@dataclass
class Pending:
    """What is kept of a pair until it is known which legs are treated."""

    crossings: list[tuple[np.ndarray, np.ndarray]]
    """For each world, places in the flat [day, leg] table and people who completed a counted leg there."""
    detections: np.ndarray
    """[world, period, leg], see :data:`.evaluation.PERIODS`."""
    spans: np.ndarray
    """[world, span, leg] crossings in the spans of the window."""
    moves: np.ndarray
    """The cohort by first counted leg in both worlds, see :func:`.displacement.moves`."""
    window: Window = field(default_factory=lambda: Window(0, 0, 0, 0))
    scale: float = 1.0


def reduce(x: Run, y: Run) -> Reduced:
    """Reduce a pair, x with the measure and y without, as far as the treated legs are known."""
    return reduce_against(x, Reading(y, find_window(x.scenario, y.scenario)))


def reduce_against(x: Run, without: Reading) -> Reduced:
    """The same against a world that is read already, since others are held against it too."""
    sets = declared_sets(x.scenario, without.run.scenario, x.world)
    reduced = gather(Reading(x, without.window), without)
    return reduced if sets is None else settle(reduced, sets, x.world)


def gather(with_it: Reading, without: Reading) -> Reduced:
    """All that does not depend on which legs are treated, of two worlds read for the same window.

    Raises:
        InputError: where the run is too short for a cohort.
    """
    x, y, window, network = with_it.run, without.run, with_it.window, with_it.run.world.network
    ppa = with_it.scale
    p, q = cohort(x, y, window)
    matrix, delayed = fate_matrix(p, q, len(x.route_names))
    both = (with_it, without)
    spans = np.stack([r.spans for r in both])
    reduced = Reduced(
        x.seed, {}, {}, {}, {name: np.stack([r.series[name] for r in both]) for name in with_it.series},
        fate_names(x.route_names), matrix * ppa, delayed * ppa, margins(p, q) * ppa, spans[:, 0],
        np.stack([r.steps for r in both]), x.operations,
        pending=Pending(
            [r.sparse for r in both], np.stack([r.detections for r in both]), spans,
            displacement.moves(p, q, len(network.counted)), window, ppa,
        ),
    )  # fmt: skip
    flows.losses(reduced.terms, x, y, window)
    displacement.of_kinds(reduced.terms, p, q, network.modes, ppa)
    harm.harm(reduced.terms, x, y, p, q, window)
    harm.cost(reduced.terms, x, y, float((spans[1, 0] - spans[0, 0])[network.counted].sum()), window)
    structure.hubs(reduced.terms, x, y, window)
    structure.graph(reduced.terms, with_it, without)
    own.compared(reduced.terms, x, y)
    return reduced


def settle(reduced: Reduced, sets: Sets, world: WorldTables) -> Reduced:
    """What depends on the treated legs; drops what was kept for it."""
    kept = reduced.pending
    if kept is None:
        return reduced
    network, days = world.network, kept.window.days
    others = np.setdiff1d(np.flatnonzero(network.counted), sets.treated)
    for name, rows in (("treated", sets.treated), ("buffer", sets.buffer), ("other", others)):
        reduced.series[name] = np.stack([daily(at, rows, len(network.counted), days) for at in kept.crossings])
    first = ("treated", "other", "buffer")
    reduced.series = {k: reduced.series[k] for k in (*first, *(k for k in reduced.series if k not in first))}
    if len(sets.treated):
        flows.on_sets(reduced.terms, kept.spans, list(kept.window.spans), sets, others)
        displacement.spatial(reduced.terms, reduced.second, kept.moves, sets, network.routes, kept.scale)
    else:
        reduced.absent |= dict.fromkeys((*flows.ON_SETS, *displacement.SPATIAL), f"no treated legs: {sets.why}")
    evaluation.evaluators(reduced.terms, reduced.absent, kept.detections, sets, kept.window)
    reduced.sets, reduced.pending = sets, None
    return reduced
