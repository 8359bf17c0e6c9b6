"""Designs: which points of the unit cube are run. One function a kind, in one table.

A design may first turn factors given by bounds into factors with levels (grid, one at a time, table): then each
of its places in the cube stands for exactly one value.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError
from ..scenario.addresses import addresses
from ..scenario.loading import toml_value
from .factors import Axis, resolve
from .file import Factor
from .salib import problem_of, shielded

if TYPE_CHECKING:
    from ..scenario.scenario import Scenario
    from .file import StudyFile

METHODS: dict[str, tuple[str, ...]] = {
    "morris": ("morris",), "screen": ("morris",), "saltelli": ("sobol",), "fast": ("fast",), "dgsm": ("dgsm",),
    "latin-hypercube": ("rbd-fast", "pawn", "delta"), "sobol": ("rbd-fast", "pawn", "delta"),
    "halton": ("rbd-fast", "pawn", "delta"),
}  # fmt: skip
"""Sensitivity analyses that fit a design."""
COVERING = ("latin-hypercube", "sobol", "halton")
GIVEN_DATA = ("rbd-fast", "pawn", "delta", "hdmr")
"""Analyses of any sample that covers the cube."""
MOST_POINTS = 10_000_000


@dataclass(frozen=True)
class Points:
    """The points of a study."""

    axes: tuple[Axis, ...]
    unit: np.ndarray
    """Shape (points, factors), places in the unit interval."""
    methods: tuple[str, ...] = ()
    block: int = 1
    """Points that belong together (a trajectory, a base sample with its swaps): the first blocks are a design too."""

    def __len__(self) -> int:
        return len(self.unit)

    def values(self, point: int) -> tuple[Any, ...]:
        """The factors' values at a point."""
        return tuple(axis.value(float(u)) for axis, u in zip(self.axes, self.unit[point], strict=True))


def design_points(file: StudyFile, base: Scenario | None, folder: Path, origin: str = "study") -> Points:
    """The points of a study. Raises InputError with every fault of its factors and design."""
    design = file.design
    axes = _table_axes(file, base, folder, origin) if design.kind == "table" else resolve(file.factors, base, origin)
    try:
        points = DESIGNS[design.kind](file, tuple(axes), base, folder)
    except InputError as error:
        raise InputError([f"{origin}: design.{fault}" for fault in error.faults]) from None
    methods = design.analyse or METHODS.get(design.kind, ())
    fit = GIVEN_DATA if design.kind in COVERING else METHODS.get(design.kind, ())
    wrong = [method for method in methods if method not in fit]
    if wrong:
        raise InputError(f"{origin}: design.analyse: {', '.join(wrong)} cannot be read from a {design.kind} design, "
                         f"which takes {', '.join(fit) or 'none'}")  # fmt: skip
    return replace(points, methods=methods)


def _levels(axes: tuple[Axis, ...], steps: int) -> tuple[Axis, ...]:
    return tuple(replace(a, levels=tuple(a.spread(steps))) for a in axes)


def _grid(file: StudyFile, axes: tuple[Axis, ...], base: Scenario | None, folder: Path) -> Points:
    axes = _levels(axes, file.design.steps)
    count = 1
    for axis in axes:
        count *= len(axis.levels)
    if count > MOST_POINTS:
        raise InputError(f"kind: a grid of these levels has {count:,} points; take fewer levels, or latin-hypercube")
    rows = itertools.product(*([axis.at(level) for level in axis.levels] for axis in axes))
    return Points(axes, np.array(list(rows)).reshape(count, len(axes)))


def _one_at_a_time(file: StudyFile, axes: tuple[Axis, ...], base: Scenario | None, folder: Path) -> Points:
    """The scenario as it is, and each factor through its levels with all others as they are."""
    known = addresses(base) if base is not None else {}
    kept, own = [], []
    for axis in _levels(axes, file.design.steps):
        value = known[axis.address][0] if axis.address in known else axis.levels[0]
        value = list(value) if isinstance(value, tuple) else value
        kept.append(axis if value in axis.levels else _with_own(axis, value))
        own.append(kept[-1].at(value))
    rows = [own]
    for i, axis in enumerate(kept):
        rows += [[*own[:i], axis.at(level), *own[i + 1 :]] for level in axis.levels if axis.at(level) != own[i]]
    return Points(tuple(kept), np.array(rows))


def _with_own(axis: Axis, value: Any) -> Axis:
    """The axis with the scenario's own value before its levels."""
    return replace(axis, levels=(value, *axis.levels), names=("as it is", *axis.names) if axis.names else ())


def _from_qmc(name: str) -> Callable[..., Points]:
    def sample(file: StudyFile, axes: tuple[Axis, ...], base: Scenario | None, folder: Path) -> Points:
        from scipy.stats import qmc

        seed = _seed(file)
        if name == "LatinHypercube":
            unit = qmc.LatinHypercube(len(axes), rng=np.random.default_rng(seed)).random(file.design.points)
        elif name == "Sobol":
            if file.design.points & (file.design.points - 1):
                raise InputError(f"points: is {file.design.points}; Sobol' points are even only in a power of two")
            unit = qmc.Sobol(len(axes), rng=np.random.default_rng(seed)).random(file.design.points)
        else:
            unit = qmc.Halton(len(axes), rng=np.random.default_rng(seed)).random(file.design.points)
        return Points(axes, unit)

    return sample


def _morris(file: StudyFile, axes: tuple[Axis, ...], base: Scenario | None, folder: Path) -> Points:
    from SALib.sample import morris

    if file.design.grid_levels % 2:
        raise InputError(f"grid_levels: is {file.design.grid_levels}; morris takes an even number")
    with shielded(_seed(file)) as seed:
        unit = morris.sample(problem_of(axes), file.design.trajectories, file.design.grid_levels, seed=seed)
    return Points(axes, unit, block=len(axes) + 1)


def _screen(file: StudyFile, axes: tuple[Axis, ...], base: Scenario | None, folder: Path) -> Points:
    """The screening; what its second stage needs is told before anything is run."""
    _base_samples(file)
    return _morris(file, axes, base, folder)


def _base_samples(file: StudyFile) -> int:
    n = file.design.points
    if n & (n - 1):
        raise InputError(f"points: is {n}; saltelli takes a power of two, as {1 << n.bit_length() - 1}")
    return n


def _saltelli(file: StudyFile, axes: tuple[Axis, ...], base: Scenario | None, folder: Path) -> Points:
    from SALib.sample import sobol

    n, second = _base_samples(file), file.design.second_order
    with shielded(_seed(file)) as seed:
        unit = sobol.sample(problem_of(axes), n, calc_second_order=second, seed=seed)
    return Points(axes, unit, block=(2 if second else 1) * len(axes) + 2)


def _fast(file: StudyFile, axes: tuple[Axis, ...], base: Scenario | None, folder: Path) -> Points:
    from SALib.sample import fast_sampler

    if file.design.points <= 64:
        raise InputError(f"points: is {file.design.points}; fast takes at least 65 a factor")
    with shielded(_seed(file)) as seed:
        unit = fast_sampler.sample(problem_of(axes), file.design.points, seed=seed)
    # Its curves run once through all samples, so that no part of them is a design.
    return Points(axes, unit, block=len(unit))


def _dgsm(file: StudyFile, axes: tuple[Axis, ...], base: Scenario | None, folder: Path) -> Points:
    from SALib.sample import finite_diff

    stiff = [axis.address for axis in axes if axis.levels or axis.whole]
    if stiff:
        raise InputError(f"kind: dgsm takes derivatives, which {', '.join(stiff)} has not; use morris or saltelli")
    with shielded(_seed(file)) as seed:
        unit = finite_diff.sample(problem_of(axes), file.design.points, seed=seed)
    return Points(axes, np.clip(unit, 0.0, 1.0), block=len(axes) + 1)


def _seed(file: StudyFile) -> int:
    return file.seed if file.design.seed is None else file.design.seed


def _rows(file: StudyFile, folder: Path) -> tuple[list[str], list[list[Any]]]:
    """Header and rows of the table's file, values read as in TOML."""
    if not file.design.file:
        raise InputError("file: is missing; name the CSV that holds the points, a column a factor")
    path = folder / file.design.file
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            header, *rows = list(csv.reader(lines)) or [[]]
    except FileNotFoundError:
        raise InputError(f"file: {path}: no such file; put it beside the study file") from None
    except OSError as error:
        raise InputError(f"file: {path}: cannot be read ({error.strerror}); name a CSV that can") from None
    except UnicodeDecodeError as error:
        raise InputError(f"file: {path}: not text in UTF-8 (byte {error.start}); save it as UTF-8") from None
    header = [name.strip() for name in header]
    faults = [f"file: {path}: column {n!r} stands twice; drop one" for n in set(header) if header.count(n) > 1]
    for line, row in enumerate(rows, 2):
        if row and len(row) != len(header):
            faults.append(f"file: {path}: line {line} has {len(row)} fields, the header {len(header)}")
    rows = [row for row in rows if row]
    if not rows or not header:
        faults.append(f"file: {path}: holds no points; give a header of addresses and a row a point")
    if faults:
        raise InputError(faults)
    return header, [[toml_value(cell.strip()) for cell in row] for row in rows]


def _table_axes(file: StudyFile, base: Scenario | None, folder: Path, origin: str) -> list[Axis]:
    try:
        header, rows = _rows(file, folder)
    except InputError as error:
        raise InputError([f"{origin}: design.{fault}" for fault in error.faults]) from None
    extra = sorted(set(file.factors) - set(header))
    if extra:
        raise InputError(f"{origin}: factors: {', '.join(extra)}: no such column in {file.design.file}; the table "
                         "alone says what varies, so leave [factors] out")  # fmt: skip
    factors = {}
    for i, name in enumerate(header):
        levels: list[Any] = []
        for row in rows:
            if row[i] not in levels:
                levels.append(row[i])
        factors[name] = Factor(levels=tuple(levels))
    return resolve(factors, base, f"{origin}: {file.design.file}")


def _table(file: StudyFile, axes: tuple[Axis, ...], base: Scenario | None, folder: Path) -> Points:
    _, rows = _rows(file, folder)
    return Points(axes, np.array([[axis.at(v) for axis, v in zip(axes, row, strict=True)] for row in rows]))


DESIGNS: dict[str, Callable[[StudyFile, tuple[Axis, ...], Scenario | None, Path], Points]] = {
    "grid": _grid,
    "one-at-a-time": _one_at_a_time,
    "latin-hypercube": _from_qmc("LatinHypercube"),
    "sobol": _from_qmc("Sobol"),
    "halton": _from_qmc("Halton"),
    "table": _table,
    "morris": _morris,
    "screen": _screen,
    "saltelli": _saltelli,
    "fast": _fast,
    "dgsm": _dgsm,
}
