"""The table of effects: every kind over all replicates, the ones that a reader asks for first on top."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..exact import exp, product
from . import displacement
from .course import course_rows
from .flows import centroid, kilometres, middles
from .intervals import BAND, COLUMNS, Name, blank, resamples, row, run_band
from .reduce import Reduced
from .structure import entropy, herfindahl
from .window import Window

if TYPE_CHECKING:
    import pandas as pd

    from ..network import RouteNetwork

_FIRST = (
    "treated_crossings_lost", "arrivals_lost", "displacement_spatial", "stopped", "displacement_temporal",
    "displacement_tactical", "displacement_target", "diffusion_of_benefits", "other_crossings_gained",
    "trough_depth", "trough_day", "days_to_recover", "resilience_area",
)  # fmt: skip


def effects_table(reduced: list[Reduced], network: RouteNetwork, window: Window, seed: int) -> pd.DataFrame:
    """One row an effect and key; columns as in ``effects.csv``."""
    import pandas as pd

    n = len(reduced)
    weights = resamples(n, seed)
    nowhere = _nowhere_else(reduced, network)
    names = dict.fromkeys(name for r in reduced for name in r.terms)
    rows = [
        blank(name, n, nowhere) if nowhere and name[0] in displacement.ELSEWHERE else _row(name, reduced, weights)
        for name in names
    ]
    rows += [blank(name, n, why) for name, why in reduced[0].absent.items()]
    for key in ("treated", "arrivals"):
        rows += course_rows(key, np.stack([r.series[key] for r in reduced]).astype(float), window, weights)
    rows += _spread(np.stack([r.legs for r in reduced]), network, weights)
    _say_if_chosen(rows, reduced[0])
    order = {name: i for i, name in enumerate(_FIRST)}
    rows.sort(key=lambda r: order.get(r["effect"], len(order)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _nowhere_else(reduced: list[Reduced], network: RouteNetwork) -> str:
    """Why effects on other legs cannot be read, from the flow without in sum over replicates; nothing if they can."""
    sets = reduced[0].sets
    if sets is None:
        return ""
    return displacement.nowhere_else(sum(r.legs[1] for r in reduced), sets.treated, network.counted)


def _row(name: Name, reduced: list[Reduced], weights: np.ndarray) -> dict[str, Any]:
    n = len(reduced)
    terms = [r.terms[name] for r in reduced if name in r.terms]
    if len(terms) < n:
        return blank(name, n, f"nothing to say in {n - len(terms)} of {n} runs")
    second = [r.second[name] for r in reduced if name in r.second]
    return row(name, np.array(terms), weights, np.array(second) if second else None)


def _say_if_chosen(rows: list[dict[str, Any]], first: Reduced) -> None:
    if first.sets is None or not first.sets.chosen:
        return
    said = "treated legs were chosen by their loss, which flatters it"
    for r in rows:
        if r["effect"] in ("treated_crossings_lost", "treated_loss") and r["status"] == "ok":
            r["note"] = f"{r['note']}; {said}" if r["note"] else said


def _spread(legs: np.ndarray, network: RouteNetwork, weights: np.ndarray) -> list[dict[str, Any]]:
    """How the flow over counted legs is spread over routes, legs and the globe; legs [replicate, world, leg].

    All three are of the flow summed over replicates: of one run's few people they would be biased.
    """
    table = network.legs
    counted = table["counted"].to_numpy(bool)
    flow = legs[:, :, counted]
    label = table["route"].to_numpy()[counted]
    routes = np.stack([flow[:, :, label == r].sum(axis=2) for r in dict.fromkeys(label) if r] or [flow.sum(axis=2)], 2)
    at = network.places.set_index("name")
    lat, lon = (np.stack([at[axis].reindex(table[end][counted]).to_numpy(float) for end in ("tail", "head")])
                for axis in ("lat", "lon"))  # fmt: skip
    span = "during and after"

    def change(of: Callable[[np.ndarray], np.ndarray]) -> Callable[[np.ndarray], np.ndarray]:
        return lambda sums: of(sums[..., 0, :]) - of(sums[..., 1, :])

    def effective(sums: np.ndarray) -> np.ndarray:
        out: np.ndarray = exp(entropy(sums))
        return out

    at = centroid(flow, middles(lat, lon))
    asked: list[tuple[Name, np.ndarray, Callable[[np.ndarray], np.ndarray]]] = [
        (("route_entropy_change", span, "nat"), routes, change(entropy)),
        (("effective_routes_change", span, "route"), routes, change(effective)),
        (("herfindahl_change", span, "1"), routes, change(herfindahl)),
        (("effective_legs_change", span, "leg"), flow, change(effective)),
        (("centroid_shift", span, "km"), at, lambda s: kilometres(s[..., 0, :], s[..., 1, :])),
    ]
    return [_of_sums(name, features, of, weights) for name, features, of in asked]


def _of_sums(
    name: Name, features: np.ndarray, of: Callable[[np.ndarray], np.ndarray], weights: np.ndarray
) -> dict[str, Any]:
    n = len(features)
    value = float(of(features.sum(axis=0)))
    if np.isnan(value):
        return blank(name, n, "no flow on counted legs")
    out = blank(name, n, "one replicate: no interval") | {"mean": value}
    if n < 2:
        return out
    flat = product(weights, features.reshape(n, -1))
    boot = of(flat.reshape(-1, *features.shape[1:]))
    out["low"], out["high"] = np.nanquantile(boot, BAND)
    out["run_low"], out["run_high"] = run_band(of(features))
    note = "a distance is never negative; with the same flows it is 0" if name[0] == "centroid_shift" else ""
    return out | {"status": "ok", "note": note}


def runs_table(reduced: list[Reduced], fates: Sequence[str] = ()) -> pd.DataFrame:
    """One row a replicate, effect and key: its seed, terms (see :mod:`.intervals`) and own value.

    Columns ``numerator, denominator`` are filled for ratios, ``base_…`` for differences of two of them, and
    for a plain number ``numerator`` alone. Rows ``fate_change`` hold the change of the cohort's people by fate.
    """
    import pandas as pd

    from .intervals import ratio

    rows = []
    for i, r in enumerate(reduced):
        for (effect, key, unit), terms in r.terms.items():
            padded = (*terms, *(np.nan,) * (4 - len(terms)))
            value = terms[0] if len(terms) == 1 else float(ratio(np.array(terms)))
            rows.append((i, str(r.seed), effect, key, unit, value, *padded))
        change = r.fates.sum(axis=0) - r.fates.sum(axis=1)
        for fate, people in zip(fates, change, strict=bool(fates)):
            rows.append((i, str(r.seed), "fate_change", fate, "person", people, people, np.nan, np.nan, np.nan))
    columns = ["replicate", "seed", "effect", "key", "unit", "value", "numerator", "denominator", "base_numerator",
               "base_denominator"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)
