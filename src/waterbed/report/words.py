"""Effects in a reader's words, and in four groups: disruption, where it went, who paid, the networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .style import number, percent, span

if TYPE_CHECKING:
    from ..measures.comparison import Comparison

GROUPS = {
    "disruption": "What was disrupted",
    "course": "How deep and for how long",
    "went": "Where it went",
    "paid": "Who paid",
    "networks": "The networks",
    "evaluator": "What a field evaluator would say",
}
EFFECTS: dict[str, tuple[str, str]] = {
    "treated_crossings_lost": ("disruption", "Crossings on treated legs lost"),
    "arrivals_lost": ("disruption", "Arrivals lost"),
    "departures_lost": ("disruption", "Departures lost"),
    "recruits_lost": ("disruption", "Recruitment lost"),
    "profit_lost": ("disruption", "Networks' profit lost"),
    "treated_loss": ("disruption", "People of the cohort lost on treated legs"),
    "prevented_crossings": ("disruption", "Crossings prevented on whatever leg"),
    "trough_depth": ("course", "Deepest fall"),
    "trough_day": ("course", "Day of the deepest fall"),
    "days_to_recover": ("course", "Days until back at 95\u202f%"),
    "resilience_area": ("course", "People missed until the run ends"),
    "displacement_spatial": ("went", "Moved to other legs, net"),
    "stopped": ("went", "Crossed no counted leg at all"),
    "displaced_gross": ("went", "Moved to other legs"),
    "moved_back_gross": ("went", "Moved the other way"),
    "displacement_temporal": ("went", "Same way, over 7 days"),
    "displacement_tactical": ("went", "Change of means"),
    "displacement_target": ("went", "Change of people"),
    "diffusion_of_benefits": ("went", "Untreated flow that fell too (diffusion of benefits)"),
    "other_crossings_gained": ("went", "Crossings gained on other counted legs"),
    "delay_per_displaced": ("went", "Delay of the displaced"),
    "fee_per_displaced": ("went", "Fees paid more by the displaced"),
    "online_share": ("went", "Share recruited online"),
    "vulnerable_share": ("went", "Share of the vulnerable among those who crossed"),
    "deaths": ("paid", "Deaths"),
    "deaths_change": ("paid", "Deaths, with minus without"),
    "deaths_per_1000_crossings": ("paid", "Deaths per 1\u202f000 crossings"),
    "deaths_per_1000_crossings_change": ("paid", "Deaths per 1\u202f000 crossings, with minus without"),
    "exploited_person_days": ("paid", "Person-days of exploitation"),
    "exploited_person_days_change": ("paid", "Person-days of exploitation, with minus without"),
    "newly_exploited": ("paid", "Newly exploited"),
    "newly_exploited_change": ("paid", "Newly exploited, with minus without"),
    "victims_protected": ("paid", "Victims protected"),
    "victims_protected_change": ("paid", "Victims protected, with minus without"),
    "fees_paid": ("paid", "Fees paid by the cohort"),
    "fees_paid_change": ("paid", "Fees paid, with over without"),
    "mean_fee_change": ("paid", "Mean fee, with over without"),
    "fee_index_change": ("paid", "Fees on the same legs, with over without"),
    "never_left_change": ("paid", "People who never left, with minus without"),
    "officer_days": ("paid", "Officer-days"),
    "officer_days_per_prevented_crossing": ("paid", "Officer-days per crossing prevented"),
    "open_hubs_change": ("networks", "Open hubs, with minus without"),
    "hub_downtime": ("networks", "Hubs' downtime, with minus without"),
    "recruiter_arrests_change": ("networks", "Recruiters arrested, with minus without"),
    "recruiter_downtime": ("networks", "Recruiters' downtime, with minus without"),
    "network_efficiency_change": ("networks", "Network efficiency, with minus without"),
    "largest_component_change": ("networks", "Largest connected part, with minus without"),
    "used_legs_change": ("networks", "Legs used, with minus without"),
    "route_entropy_change": ("networks", "Spread over routes (entropy), with minus without"),
    "effective_routes_change": ("networks", "Effective number of routes, with minus without"),
    "herfindahl_change": ("networks", "Concentration on routes (Herfindahl), with minus without"),
    "effective_legs_change": ("networks", "Effective number of legs, with minus without"),
    "centroid_shift": ("networks", "Shift of the flow's centre"),
    "dose_response": ("disruption", "Prevented, over what the planned officers prevent"),
    "dose_return": ("disruption", "Prevented by each further officer"),
    "before_after": ("evaluator", "Before and after"),
    "weighted_displacement_quotient": ("evaluator", "Weighted displacement quotient"),
    "weighted_displacement_difference": ("evaluator", "Weighted displacement difference"),
    "total_net_effect": ("evaluator", "Total net effect"),
}
_PARTS = {
    "_truth": "truth",
    "_bias": "bias",
    "_error": "standard error",
    "_coverage": "runs whose 95\u202f% interval holds the truth",
}
SHARES = ("share", "share of loss", "share of runs")


def group_and_name(effect: str, key: str = "") -> tuple[str, str]:
    """Group and readable name; an effect that is not listed keeps its own, in the last group."""
    known = EFFECTS.get(effect)
    tail = ""
    if known is None:
        for end, word in _PARTS.items():
            if effect.endswith(end) and effect[: -len(end)] in EFFECTS:
                known, tail = EFFECTS[effect[: -len(end)]], f": {word}"
    group, name = known or ("evaluator", effect.replace("_", " ").capitalize())
    return group, name + tail + (f", {key}" if key else "")


def value(row: Any) -> str:
    """The estimate of a row of the effects, in its unit."""
    return percent(row.mean) if row.unit in SHARES else number(row.mean)


def bounds(row: Any, low: str, high: str) -> str:
    """'a to b' of a row, or that there is none."""
    a, b = getattr(row, low), getattr(row, high)
    return span(a, b, row.unit in SHARES) if a == a and b == b else "–"


def first(table: Any, effect: str, key: str) -> dict[str, Any] | None:
    """The row of an effect and key in a table of effects; None where there is none."""
    found = table[(table["effect"] == effect) & (table["key"] == key)]
    return None if found.empty else {str(k): v for k, v in found.iloc[0].items()}


def sure(row: dict[str, Any]) -> bool:
    """Whether an effect can be told from zero: the interval of its mean (``low, high``) is all on one side.

    Every verdict in words rests on this one; what single runs bring (``run_low, run_high``) says nothing of the mean.
    """
    return bool(row["status"] == "ok" and (row["low"] > 0 or row["high"] < 0))


def unmoved(row: dict[str, Any]) -> bool:
    """Whether no run shows any change: an exact zero, which is no estimate of one."""
    return bool(row["status"] == "ok" and row["mean"] == row["low"] == row["high"] == 0)


def change(comparison: Comparison, effect: str, key: str, sign: float = 1.0) -> dict[str, Any]:
    """A row of the effects with its sign turned to 'with minus without'."""
    row = comparison.effect(effect, key)
    if sign > 0:
        return row
    turned = {"mean": -row["mean"], "low": -row["high"], "high": -row["low"]}
    return row | turned | {"run_low": -row["run_high"], "run_high": -row["run_low"]}


def relative(comparison: Comparison, effect: str) -> dict[str, Any]:
    """A change over the twin's level, as a ratio of sums over replicates; from ``<effect>`` in both worlds.

    Bootstrap over replicates as in the effects; run_low, run_high over the mean level, since a run's own may be 0.
    """
    from ..measures.intervals import resamples, row

    runs = comparison.runs[comparison.runs["effect"] == effect]
    worlds = {w: runs[runs["key"] == w].sort_values("replicate") for w in ("with", "without")}
    per = [
        worlds[w]["value"].to_numpy(float)
        if worlds[w]["denominator"].isna().all()
        else worlds[w]["numerator"].to_numpy(float)
        for w in ("with", "without")
    ]
    weights = resamples(len(per[0]), int(comparison.provenance["seed"]))
    found = row((effect, "", "share"), np.stack([per[0] - per[1], per[1]], axis=1), weights)
    level = per[1].mean()
    if level > 0 and len(per[0]) > 1:
        found["run_low"], found["run_high"] = np.quantile((per[0] - per[1]) / level, (0.05, 0.95))
    return found
