"""From a pair of runs to the few numbers that a comparison keeps of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..agents.states import FATES
from ..engine.world import CROSSINGS, DEATHS, DETECTIONS, T
from .evaluators import tne, wdd, wdq
from .fates import cohort, fate_matrix, fate_names
from .sets import Sets, find_sets

if TYPE_CHECKING:
    from ..engine.run import Run

YEAR = 365


@dataclass(frozen=True)
class Reduced:
    """A pair of runs, reduced. All counts of people are in people."""

    seed: int
    ratios: dict[tuple[str, str, str], tuple[float, float]]
    """(effect, key, unit) -> numerator and denominator; a plain number has denominator nan."""
    series: dict[str, np.ndarray]
    """name -> [world (with, without), day]."""
    fates: np.ndarray
    late: float
    legs: np.ndarray
    """[world, leg] crossings from the start to ``after_days`` beyond the end."""
    operations: dict[str, dict[str, int]]
    sets: Sets
    fate_names: list[str]


def window(run: Run) -> tuple[int, int]:
    """First day and day after the last of what is compared."""
    s = run.scenario
    measures = [m for m in s.operations.values() if m.officers > 0] or list(s.operations.values())
    spans = [(m.start, m.start + m.days) for m in measures]
    spans += [(p.start, p.start + p.days if p.days else s.days) for p in s.policies.values()]
    if not spans:
        return s.days // 3, s.days
    return min(a for a, _ in spans), min(s.days, max(b for _, b in spans))


def reduce(x: Run, y: Run) -> Reduced:
    """Reduce a pair: x with the measure, y without."""
    first, last = window(x)
    ppa = x.scenario.persons_per_agent
    after = min(x.scenario.days, last + x.scenario.compare.after_days)
    flows = np.stack([r.legs[first:after, :, CROSSINGS].sum(axis=0) for r in (x, y)]) * float(ppa)
    sets = find_sets(x, flows[1] - flows[0])
    p, q = cohort(x, y, first)
    matrix, late = fate_matrix(p, q, len(x.route_names))
    ratios: dict[tuple[str, str, str], tuple[float, float]] = {}
    _flow_effects(ratios, x, y, sets, (first, last, after))
    _displacement(ratios, p, q, sets, ppa)
    _harm(ratios, x, y, p, q, (first, after))
    _structure(ratios, x, y, (first, after))
    _evaluators(ratios, x, sets, (first, last))
    return Reduced(
        x.seed,
        ratios,
        _series(x, y, sets),
        matrix * float(ppa),
        late * float(ppa),
        flows,
        x.operations,
        sets,
        fate_names(x),
    )


def _flow_effects(out: dict, x: Run, y: Run, sets: Sets, days: tuple[int, int, int]) -> None:
    """Relative losses of flow, during the measure and until the end of the window after it."""
    first, last, after = days
    for name, column in (
        ("arrivals_lost", "arrivals"),
        ("departures_lost", "departures"),
        ("profit_lost", "profit_cents"),
        ("recruits_lost", "recruits"),
    ):
        for key, (a, b) in {"during": (first, last), "during and after": (first, after)}.items():
            with_it, without = (r.totals[a:b, T[column]].sum() for r in (x, y))
            out[name, key, "share"] = (float(without - with_it), float(without))
    ppa = x.scenario.persons_per_agent
    counted = x.world.network.legs["counted"].to_numpy(bool)
    others = np.setdiff1d(np.flatnonzero(counted), sets.treated)
    for name, legs in (("treated_crossings_lost", sets.treated), ("other_crossings_gained", others)):
        sign = -1.0 if name.endswith("gained") else 1.0
        for key, (a, b) in {
            "during": (first, last),
            "after": (last, after),
            "during and after": (first, after),
        }.items():
            with_it, without = (float(r.legs[a:b][:, legs, CROSSINGS].sum()) for r in (x, y))
            out[name, key, "share"] = (sign * (without - with_it), without)
    _, _, cost_to = days
    lost = (
        float(y.legs[first:cost_to][:, counted, CROSSINGS].sum() - x.legs[first:cost_to][:, counted, CROSSINGS].sum())
        * ppa
    )
    spent = float(sum(row["officer_days"] for row in x.operations.values()))
    out["officer_days_per_prevented_crossing", "during and after", "officer-day/person"] = (spent, lost)


def _displacement(out: dict, p: np.ndarray, q: np.ndarray, sets: Sets, ppa: int) -> None:
    """Where the cohort's crossings of treated legs went: signed, person by person."""
    in_x, in_y = np.isin(p["crossing_leg"], sets.treated), np.isin(q["crossing_leg"], sets.treated)
    else_x, else_y = (p["crossing_leg"] >= 0) & ~in_x, (q["crossing_leg"] >= 0) & ~in_y
    lost = float((in_y.sum() - in_x.sum()) * ppa)
    moved, back = float((in_y & else_x).sum() * ppa), float((else_y & in_x).sum() * ppa)
    out["displacement_spatial", "", "share of loss"] = (moved - back, lost)
    out["stopped", "", "share of loss"] = (lost - (moved - back), lost)
    out["displaced_gross", "", "person"] = (moved, math.nan)
    out["treated_loss", "cohort", "person"] = (lost, math.nan)
    both = in_x & in_y & (p["crossing_leg"] == q["crossing_leg"])
    shift = p["crossing_day"].astype(np.int64) - q["crossing_day"]
    treated = float(in_y.sum() * ppa)
    out["displacement_temporal", "later", "share"] = (float((both & (shift > 7)).sum() * ppa), treated)
    out["displacement_temporal", "earlier", "share"] = (float((both & (shift < -7)).sum() * ppa), treated)
    untreated_y = float(else_y.sum() * ppa)
    out["diffusion_of_benefits", "", "share"] = (untreated_y - float(else_x.sum() * ppa), untreated_y)
    for name, people, chosen in (("with", p, p["channel"] >= 0), ("without", q, q["channel"] >= 0)):
        online, recruited = float((people["channel"] == 1)[chosen].sum()), float(chosen.sum())
        out["online_share", name, "share"] = (online * ppa, recruited * ppa)
        crossed = people["crossing_leg"] >= 0
        out["vulnerable_share", name, "share"] = (
            float((people["vulnerable"] & crossed).sum()) * ppa,
            float(crossed.sum()) * ppa,
        )


def _harm(out: dict, x: Run, y: Run, p: np.ndarray, q: np.ndarray, days: tuple[int, int]) -> None:
    """Who paid: deaths, exploitation, fees, protection."""
    first, after = days
    ppa = x.scenario.persons_per_agent
    for name, run in (("with", x), ("without", y)):
        crossings = float(run.legs[first:after, :, CROSSINGS].sum()) * ppa
        deaths = float(run.legs[first:after, :, DEATHS].sum()) * ppa
        out["deaths_per_1000_crossings", name, "1/1000"] = (1000.0 * deaths, crossings)
    out["deaths_change", "during and after", "person"] = (
        float(x.legs[first:after, :, DEATHS].sum() - y.legs[first:after, :, DEATHS].sum()) * ppa,
        math.nan,
    )
    for name, column in (("exploited_person_days", "exploited"), ("victims_protected", "protected")):
        with_it, without = (float(r.totals[first:, T[column]].sum()) * ppa for r in (x, y))
        out[f"{name}_change", "to the end", "person-day" if "days" in name else "person"] = (
            with_it - without,
            math.nan,
        )
    out["fees_paid_change", "cohort", "share"] = (float(p["paid"].sum() - q["paid"].sum()), float(q["paid"].sum()))
    never = FATES.index("never_left")
    left = float((q["fate"] != never).sum() - (p["fate"] != never).sum()) * ppa
    out["never_left_change", "cohort", "person"] = (left, math.nan)


def _structure(out: dict, x: Run, y: Run, days: tuple[int, int]) -> None:
    """How spread out the flow is over routes, and how many hubs stand open."""
    first, after = days
    legs = x.world.network.legs
    labels = legs["route"].to_numpy()
    counted = legs["counted"].to_numpy(bool)
    spread = []
    for run in (x, y):
        flow = np.array(
            [run.legs[first:after][:, counted & (labels == r), CROSSINGS].sum() for r in x.route_names[:-1]], float
        )
        share = flow[flow > 0] / flow.sum() if flow.sum() > 0 else np.ones(1)
        spread.append((math.exp(-(share * np.log(share)).sum()), float((share * share).sum())))
    out["effective_routes_change", "during and after", "route"] = (spread[0][0] - spread[1][0], math.nan)
    out["herfindahl_change", "during and after", "1"] = (spread[0][1] - spread[1][1], math.nan)
    hubs = [float(r.totals[first:after, T["open_hubs"]].mean()) for r in (x, y)]
    out["open_hubs_change", "during and after", "hub"] = (hubs[0] - hubs[1], math.nan)


def _evaluators(out: dict, x: Run, sets: Sets, days: tuple[int, int]) -> None:
    """What an evaluator says who sees only the treated world's detections: now, and a year before."""
    first, last = days
    if first < YEAR - 5:
        return
    earlier = max(0, first - YEAR)
    ppa = x.scenario.persons_per_agent

    def counts(legs: np.ndarray) -> tuple[float, float]:
        found = x.legs[:, legs, DETECTIONS].sum(axis=1) * float(ppa)
        return float(found[earlier : earlier + last - first].sum()), float(found[first:last].sum())

    treated, buffer, control = counts(sets.treated), counts(sets.buffer), counts(sets.control)
    if len(sets.treated):
        out["before_after", "detections on treated legs", "share"] = (treated[1] - treated[0], treated[0])
    if len(sets.buffer) and len(sets.control):
        value = wdq(treated, buffer, control)
        c0, c1 = control
        if not math.isnan(value):
            fall = treated[1] / c1 - treated[0] / c0
            out["weighted_displacement_quotient", "", "1"] = (-(buffer[1] / c1 - buffer[0] / c0), -fall)
        out["weighted_displacement_difference", "", "detection"] = (wdd(treated, buffer, control, control)[0], math.nan)
        out["total_net_effect", "", "detection"] = (tne(treated, buffer, control), math.nan)


def _series(x: Run, y: Run, sets: Sets) -> dict[str, np.ndarray]:
    ppa = float(x.scenario.persons_per_agent)
    legs = x.world.network.legs
    counted = legs["counted"].to_numpy(bool)
    labels = legs["route"].to_numpy()
    others = np.setdiff1d(np.flatnonzero(counted), sets.treated)
    chosen = {"treated": sets.treated, "other": others}
    chosen |= {f"route:{r}": np.flatnonzero(counted & (labels == r)) for r in x.route_names[:-1]}
    series = {k: np.stack([r.legs[:, rows, CROSSINGS].sum(axis=1) * ppa for r in (x, y)]) for k, rows in chosen.items()}
    for name in ("arrivals", "departures", "deaths", "exploited", "recruits", "recruits_online"):
        series[name] = np.stack([r.totals[:, T[name]] * ppa for r in (x, y)])
    series["open_hubs"] = np.stack([r.totals[:, T["open_hubs"]].astype(float) for r in (x, y)])
    return {k: v.astype(np.float32) for k, v in series.items()}
