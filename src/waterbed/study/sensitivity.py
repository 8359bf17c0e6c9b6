"""What matters: sensitivity indices of each effect by SALib, with intervals, growth of the sample, and chance.

To add an analysis, write a function ``(X, Y, factors, about) -> [Index, …]`` and put it in ``ANALYSES``.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..measures.intervals import BAND
from .chance import chance_share, nulls
from .salib import shielded

if TYPE_CHECKING:
    import pandas as pd

    from .designs import Points
    from .file import StudyFile
    from .results import Results

LEVEL = BAND[1] - BAND[0]
_RESAMPLES = 100
_FEW = 30
"""Resamples where each is as dear as the analysis itself."""
_FEWER = 4
"""Resamples that take the bias off a distance, where its spread is not wanted."""
_STEPS = (0.25, 0.5, 1.0)
"""Shares of the sample at which indices are computed, to show whether they have settled."""
_HDMR_LEAST = 300
_POLYNOMIALS = 6
"""Order of HDMR's polynomials: its default of 3 takes 0.02 of Ishigami's second factor for the 0.44 there are."""
COLUMNS = ("effect", "key", "unit", "factor", "index", "value", "low", "high", "null", "n", "chance_share", "status",
           "note")  # fmt: skip
GROWTH = ("effect", "key", "factor", "index", "n", "value", "low", "high")


@dataclass(frozen=True)
class Index:
    """One index of a factor, or of a pair of them."""

    factor: str
    index: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class About:
    """What an analysis has to know of the design."""

    seed: int
    block: int
    grid_levels: int
    second_order: bool


Analysis = Callable[[np.ndarray, np.ndarray, Sequence[str], About], list[Index]]
Values = Callable[[np.ndarray, np.ndarray, Sequence[str], About], dict[str, np.ndarray]]


def _problem(factors: Sequence[str]) -> dict[str, Any]:
    # Own plain names: SALib writes into the lists, and refuses some names (an address may end in _raw).
    return {"num_vars": len(factors), "names": [f"x{i}" for i in range(len(factors))],
            "bounds": [[0.0, 1.0] for _ in factors]}  # fmt: skip


def _with_conf(found: Any, factors: Sequence[str], names: dict[str, str]) -> list[Index]:
    """Indices whose half-width SALib gives as ``…_conf``."""
    out = []
    for key, index in names.items():
        for factor, value, half in zip(factors, np.ravel(found[key]), np.ravel(found[f"{key}_conf"]), strict=False):
            out.append(Index(factor, index, float(value), float(value - half), float(value + half)))
    return out


def _resampled(
    of: Callable[[np.ndarray, np.ndarray], dict[str, np.ndarray]], x: np.ndarray, y: np.ndarray,
    factors: Sequence[str], about: About, block: int, resamples: int,
) -> list[Index]:  # fmt: skip
    """Indices that SALib gives without an interval: bootstrap over the blocks that belong together."""
    value, blocks = of(x, y), len(y) // block
    rng = np.random.default_rng(about.seed)
    boot: dict[str, list[np.ndarray]] = {key: [] for key in value}
    for _ in range(resamples):
        at = (rng.integers(0, blocks, blocks)[:, None] * block + np.arange(block)).ravel()
        for key, values in of(x[at], y[at]).items():
            boot[key].append(values)
    out = []
    for key, values in value.items():
        drawn = np.array(boot[key])
        # Resamples repeat points, which biases what measures distances: their spread is taken, not their place.
        low, high = np.nanquantile(drawn, BAND, axis=0) - np.nanmedian(drawn, axis=0) + values
        rows = zip(factors, values, low, high, strict=True)
        out += [Index(factor, key, float(v), float(a), float(b)) for factor, v, a, b in rows]
    return out


def _morris(x: np.ndarray, y: np.ndarray, factors: Sequence[str], about: About) -> list[Index]:
    from SALib.analyze import morris

    def once(a: np.ndarray, b: np.ndarray) -> dict[str, np.ndarray]:
        with shielded(about.seed) as seed:
            found = morris.analyze(_problem(factors), a, b, num_resamples=2, num_levels=about.grid_levels, seed=seed)
        return {key: np.array(found[key], float) for key in ("mu_star", "mu", "sigma")}

    return _resampled(once, x, y, factors, about, about.block, _RESAMPLES)


def _sobol(x: np.ndarray, y: np.ndarray, factors: Sequence[str], about: About) -> list[Index]:
    from SALib.analyze import sobol

    with shielded(about.seed) as seed:
        found = sobol.analyze(_problem(factors), y, calc_second_order=about.second_order, num_resamples=_RESAMPLES,
                              conf_level=LEVEL, seed=seed)  # fmt: skip
    out = _with_conf(found, factors, {"S1": "S1", "ST": "ST"})
    if about.second_order:
        for i, j in itertools.combinations(range(len(factors)), 2):
            value, half = float(found["S2"][i, j]), float(found["S2_conf"][i, j])
            out.append(Index(f"{factors[i]} × {factors[j]}", "S2", value, value - half, value + half))
    return out


def _fast(x: np.ndarray, y: np.ndarray, factors: Sequence[str], about: About) -> list[Index]:
    from SALib.analyze import fast

    with shielded(about.seed) as seed:
        found = fast.analyze(_problem(factors), y, num_resamples=2, seed=seed)
    # FAST reads frequencies off the order of its sample. SALib's interval draws points at random out of that order,
    # and comes out as 0 or as wide as the index: none is better than that one.
    return [Index(f, key, float(v), float("nan"), float("nan")) for key in ("S1", "ST")
            for f, v in zip(factors, found[key], strict=True)]  # fmt: skip


def _rbd_fast(x: np.ndarray, y: np.ndarray, factors: Sequence[str], about: About) -> list[Index]:
    from SALib.analyze import rbd_fast

    with shielded(about.seed) as seed:
        found = rbd_fast.analyze(_problem(factors), x, y, num_resamples=_RESAMPLES, conf_level=LEVEL, seed=seed)
    return _with_conf(found, factors, {"S1": "S1 (RBD-FAST)"})


def _pawn_values(x: np.ndarray, y: np.ndarray, factors: Sequence[str], about: About) -> dict[str, np.ndarray]:
    from SALib.analyze import pawn

    with shielded(about.seed) as seed:
        found = pawn.analyze(_problem(factors), x, y, seed=seed)
    return {"PAWN (median)": np.array(found["median"], float)}


def _pawn(x: np.ndarray, y: np.ndarray, factors: Sequence[str], about: About) -> list[Index]:
    return _resampled(lambda a, b: _pawn_values(a, b, factors, about), x, y, factors, about, 1, _FEW)


def _delta_found(x: np.ndarray, y: np.ndarray, factors: Sequence[str], about: About, resamples: int) -> Any:
    import warnings

    from SALib.analyze import delta

    said = warnings.formatwarning  # which SALib replaces for the whole process
    try:
        with shielded(about.seed) as seed:
            # Its first order is left out: of 500 points it takes 0.21 for the 0.44 of Ishigami's second factor.
            return delta.analyze(_problem(factors), x, y, num_resamples=resamples, conf_level=LEVEL, seed=seed,
                                 method="delta")  # fmt: skip
    finally:
        warnings.formatwarning = said


def _delta_values(x: np.ndarray, y: np.ndarray, factors: Sequence[str], about: About) -> dict[str, np.ndarray]:
    return {"delta": np.array(_delta_found(x, y, factors, about, _FEWER)["delta_raw"], float)}


def _delta(x: np.ndarray, y: np.ndarray, factors: Sequence[str], about: About) -> list[Index]:
    return _with_conf(_delta_found(x, y, factors, about, _FEW), factors, {"delta_raw": "delta"})


def _dgsm(x: np.ndarray, y: np.ndarray, factors: Sequence[str], about: About) -> list[Index]:
    from SALib.analyze import dgsm

    with shielded(about.seed) as seed:
        found = dgsm.analyze(_problem(factors), x, y, num_resamples=_RESAMPLES, conf_level=LEVEL, seed=seed)
    # SALib's half-width is that of the mean squared derivative, on which the index is a factor.
    scale = np.divide(found["dgsm"], found["vi"], out=np.zeros(len(factors)), where=np.array(found["vi"]) > 0)
    return _with_conf({"dgsm": found["dgsm"], "dgsm_conf": found["dgsm_conf"] * scale}, factors, {"dgsm": "DGSM"})


def _hdmr(x: np.ndarray, y: np.ndarray, factors: Sequence[str], about: About) -> list[Index]:
    from SALib.analyze import enhanced_hdmr

    if len(y) < _HDMR_LEAST or len(factors) < 2:
        raise ValueError(f"hdmr needs at least {_HDMR_LEAST} points and two factors")
    with shielded(about.seed) as seed:
        found = enhanced_hdmr.analyze(
            _problem(factors), x, y, max_order=2, poly_order=_POLYNOMIALS, alpha=LEVEL, seed=seed
        )
    n = len(factors)
    mean, half = (np.array(found[key], float)[:n] for key in ("ST", "ST_conf"))
    first = _with_conf(found, factors, {"S": "S1 (HDMR)"})
    return first + [Index(f, "ST (HDMR)", float(m), float(m - h), float(m + h))
                    for f, m, h in zip(factors, mean, half, strict=True)]  # fmt: skip


ANALYSES: dict[str, Analysis] = {
    "morris": _morris, "sobol": _sobol, "fast": _fast, "rbd-fast": _rbd_fast, "pawn": _pawn, "delta": _delta,
    "dgsm": _dgsm, "hdmr": _hdmr,
}  # fmt: skip

DISTANCES: dict[str, Values] = {"pawn": _pawn_values, "delta": _delta_values}
"""Indices of the analyses that are distances between distributions, without intervals."""


def sensitivity(results: Results, points: Points, file: StudyFile) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Indices of each effect (of several keys, the one to read first), and how they grew with the sample.

    Columns are :data:`COLUMNS` and :data:`GROWTH`. ``chance_share`` is the share of the variance between points
    that is chance, and not the factors: see :func:`.chance.chance_share`. ``null`` is what a factor that does nothing
    has of an index: see :func:`.chance.nulls`.
    """
    import pandas as pd

    about = About(file.seed, points.block, file.design.grid_levels, file.design.second_order)
    factors = [axis.address for axis in points.axes]
    rows: list[dict[str, Any]] = []
    growth: list[dict[str, Any]] = []
    for name in (results.one(effect) for effect in dict.fromkeys(name[0] for name in results.names)):
        y = results.estimates(name)
        common = dict(zip(("effect", "key", "unit"), name, strict=True))
        kept, left_out = _whole_blocks(y, points.block)
        y, unit = y[kept], points.unit[kept]
        why = _unfit(y)
        chance = chance_share(results.terms[name][kept]) if not why else float("nan")
        for method in points.methods:
            found, said = _analysed(method, unit, y, factors, about) if not why else ([], why)
            if said:
                blank = {"factor": "", "index": method, "n": len(y), "status": "not identified", "note": said}
                rows.append(common | blank | {"chance_share": chance})
                continue
            more = {"n": len(y), "chance_share": chance, "status": "ok", "note": left_out}
            null = nulls(method, unit, y, chance, about, DISTANCES.get(method))
            rows += [common | index.__dict__ | more | {"null": null.get(index.index, 0.0)} for index in found]
            growth += _growth(method, unit, y, factors, about, common, found)
    return pd.DataFrame(rows, columns=list(COLUMNS)), pd.DataFrame(growth, columns=list(GROWTH))


def _whole_blocks(y: np.ndarray, block: int) -> tuple[np.ndarray, str]:
    """Points to analyse, and what is said of those left out.

    A trajectory of Morris, or a base point of Saltelli with its steps, stands by itself. One that holds a point without
    an estimate is left out whole; where that would be more than half of them, none is, and the effect has no indices.
    """
    all_of_them = np.ones(len(y), bool)
    if block < 2:
        return all_of_them, ""
    whole = np.isfinite(y).reshape(-1, block).all(axis=1)
    lost = int((~whole).sum())
    if lost == 0 or 2 * lost > len(whole):
        return all_of_them, ""
    said = f"{lost} of {len(whole)} blocks of the design left out: some of their points have no estimate"
    return np.repeat(whole, block), said


def _unfit(y: np.ndarray) -> str:
    """Why an effect cannot be analysed."""
    lost = int((~np.isfinite(y)).sum())
    if lost:
        return f"{lost} of {len(y)} points have no estimate"
    return "it is the same at all points" if np.ptp(y) == 0.0 else ""


def _analysed(
    method: str, x: np.ndarray, y: np.ndarray, factors: Sequence[str], about: About
) -> tuple[list[Index], str]:
    try:
        found = ANALYSES[method](x, y, factors, about)
        lost = [index for index in found if not np.isfinite(index.value)]
        return ([], f"no value for {lost[0].factor} from {len(y)} points") if lost else (found, "")
    except (ValueError, RuntimeError, np.linalg.LinAlgError) as error:
        return [], str(error).splitlines()[0]


def _growth(
    method: str, x: np.ndarray, y: np.ndarray, factors: Sequence[str], about: About, common: dict[str, Any],
    whole: list[Index],
) -> list[dict[str, Any]]:  # fmt: skip
    """The same indices from the first quarter and half of the design; second order left out."""
    rows = []
    for share in _STEPS:
        n = int(share * (len(y) // about.block)) * about.block
        if share == 1.0:
            found = whole
        elif n < 2 * about.block or n < 2 * len(factors) or np.ptp(y[:n]) == 0.0:
            continue
        else:
            found, _ = _analysed(method, x[:n], y[:n], factors, about)
        rows += [
            {k: v for k, v in (common | index.__dict__ | {"n": n}).items() if k in GROWTH}
            for index in found
            if index.index != "S2"
        ]
    return rows
