"""What Operation Liberterra III did in the model: who was hit, who recovered, and where the activity went.

The scenario ``liberterra`` beside the same world without the operation, under the same chance: disruption and
recovery by region, displacement between routes, from recruiting in person to online and between kinds of victims; the
operation each November for three years against once; and the 47 countries of Liberterra I against 119, with as many
officers each, and with all officers. Intervals are 90 % bootstrap intervals over pairs of runs.

    python experiments/liberterra/what_it_did.py [--seeds 500:540] [--workers 1] [--set PATH=VALUE] [--out FOLDER]

Leaves regions.csv, routes.csv, kinds.csv, worlds.csv, regions.png, routes.png, worlds.png and what_it_did.json in
the folder. Seeds that are done are kept under build/, so the same command goes on where it stopped. Afterwards
``python experiments/liberterra/page.py`` writes docs/liberterra.md anew.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pandas as pd
from figures_did import draw_regions, draw_routes, draw_worlds
from story_measures import KINDS, SUFFERED, operation_days, spans, what_it_did
from story_runs import YEAR, Arrays, Estimate, change, command, estimate, run, started, write
from story_worlds import WITHOUT, did_worlds

from waterbed.engine.world import OPERATION_COUNTS, H, T
from waterbed.measures.course import course_rows
from waterbed.measures.displacement import spatial
from waterbed.measures.intervals import resamples
from waterbed.measures.sets import declared_sets
from waterbed.measures.window import Window
from waterbed.network import load_world
from waterbed.scenario.scenario import Scenario

type Found = list[dict[str, Arrays]]
ONCE = "once"
WINDOWS = ("during and 90 days after", "first year", "three years")
OUTCOMES = {"crossings": "counted", "arrivals": "arrivals", "deaths": "deaths", "exploited person-days": "exploited",
            "newly exploited": "newly_exploited", "networks' profit": "profit_cents"}  # fmt: skip


def _of(found: Found, world: str, what: str, *at: Any) -> np.ndarray:
    """An array, or an entry of it, of every seed."""
    return np.array([f[world][what][at] if at else f[world][what] for f in found], float)


def _bands(name: str, e: Estimate) -> dict[str, float]:
    return {name: e.value, f"{name}_low": e.low, f"{name}_high": e.high}


def by_region(found: Found, scenario: Scenario) -> pd.DataFrame:
    """Journeys that start in each region: how far they fell, how deep, and when they were back at 95 %."""
    first, last = operation_days(scenario)
    window = Window(first, last, last + 90, scenario.days)
    weights, scale = resamples(len(found), 0), float(scenario.persons_per_agent)
    rows = []
    for i, region in enumerate(regions_of(scenario)):
        flow = np.stack([_of(found, w, "departures", i) for w in (ONCE, WITHOUT)], axis=1) * scale
        x, y = (flow[:, w, window.first : window.after].sum(axis=1) for w in (0, 1))
        year = [flow[:, w, first : first + YEAR].sum(axis=1) for w in (0, 1)]
        course = {r["effect"]: r for r in course_rows(region, flow, window, weights)}
        back = course["days_to_recover"]
        rows.append({
            "region": region, "journeys": y.mean(), "arrests": _of(found, ONCE, "arrests", i).mean(),
            "arrests_without": _of(found, WITHOUT, "arrests", i).mean(), **_bands("change", change(x, y)),
            **_bands("year", change(*year)), "depth": course["trough_depth"]["mean"],
            "lowest_day": course["trough_day"]["mean"], "back": back["mean"], "back_low": back["low"],
            "back_high": back["high"], "back_note": back["note"],
        })  # fmt: skip
    return pd.DataFrame(rows).sort_values("journeys", ascending=False).reset_index(drop=True)


def regions_of(scenario: Scenario) -> list[str]:
    """Regions of a scenario's world, in the order in which they were measured."""
    return sorted(set(load_world(scenario.network).network.places["region"]))


def routes_of(scenario: Scenario) -> list[str]:
    """Its routes, likewise."""
    legs = load_world(scenario.network).network.legs
    return sorted({r for r in legs["route"][legs["counted"]] if r})


def by_route(found: Found, scenario: Scenario) -> pd.DataFrame:
    """The same people in both worlds: by which route they crossed first, or whether they did at all.

    A row a route: change of its people; of that the net number who came from other routes, and of those who
    would not have crossed. A row 'all' holds what was lost and what changed place in all.
    """
    scale = float(scenario.persons_per_agent)
    moved = np.stack([f[ONCE]["between"] for f in found]) * scale  # [seed, without, with]
    without, with_it = moved.sum(axis=2), moved.sum(axis=1)
    net = moved.transpose(0, 2, 1) - moved  # [seed, route, other]: came from there less went there
    rows = []
    for i, route in enumerate(routes_of(scenario)):
        from_routes = net[:, i, :-1].sum(axis=1)
        rows.append({
            "route": route, "people": without[:, i].mean(), **_bands("change", change(with_it[:, i], without[:, i])),
            **_bands("moved", estimate(from_routes[:, None])), **_bands("stopped", estimate(net[:, i, -1:])),
        })  # fmt: skip
    stayed = np.einsum("nii->n", moved[:, :-1, :-1])
    changed = moved[:, :-1, :-1].sum(axis=(1, 2)) - stayed
    crossed = without[:, :-1].sum(axis=1)
    rows.append({
        "route": "all", "people": crossed.mean(), **_bands("change", change(with_it[:, :-1].sum(axis=1), crossed)),
        **_bands("moved", estimate(changed[:, None])), **_bands("stopped", estimate(net[:, :-1, -1].sum(1)[:, None])),
    })  # fmt: skip
    return pd.DataFrame(rows).sort_values("people", ascending=False).reset_index(drop=True)


def by_kind(found: Found, scenario: Scenario) -> pd.DataFrame:
    """Recruiting and arrests in person and online, and victims by what made them vulnerable."""
    scale = float(scenario.persons_per_agent)
    rows: list[dict[str, Any]] = []

    def add(group: str, name: str, window: str, x: np.ndarray, y: np.ndarray, per: float = scale) -> None:
        rows.append({"group": group, "name": name, "window": window, "without": per * y.mean(),
                     "with_it": per * x.mean(), "unit": "share", **_bands("change", change(x, y))})  # fmt: skip

    def share(group: str, name: str, window: str, x: np.ndarray, y: np.ndarray) -> None:
        """Change of a share in points; x and y hold part and whole, [seed, 2]."""
        e = estimate(np.concatenate([x, y], axis=1))
        rows.append({"group": group, "name": name, "window": window, "without": y[:, 0].sum() / y[:, 1].sum(),
                     "with_it": x[:, 0].sum() / x[:, 1].sum(), "unit": "points", **_bands("change", e)})  # fmt: skip

    def both(what: str, *at: Any) -> tuple[np.ndarray, np.ndarray]:
        return _of(found, ONCE, what, *at), _of(found, WITHOUT, what, *at)

    for w, window in enumerate(WINDOWS):
        for c, channel in enumerate(("in person", "online")):
            add("recruits", channel, window, *both("channels", w, c, H["recruits"]))
            add("victims by channel", channel, window, *both("channels", w, c, H["newly_exploited"]))
            add("arrests", channel, window, *both("channels", w, c, H["arrests"]), per=1.0)
        recruits = [np.stack([c[:, 1], c.sum(axis=1)], 1) for c in
                    (_of(found, world, "channels", w, slice(None), H["recruits"]) for world in (ONCE, WITHOUT))]
        share("recruits", "online share", window, *recruits)  # fmt: skip
    for k, kind in enumerate(KINDS):
        add("victims by kind", kind, "first year", *both("suffered", k, SUFFERED.index("ever exploited")))
        add("days exploited by kind", kind, "first year", *both("suffered", k, SUFFERED.index("exploited days")))
    crossed = SUFFERED.index("crossed")
    of_crossers = [np.stack([s[:, :2, crossed].sum(1), s[:, :, crossed].sum(1)], 1) for s in both("suffered")]
    share("crossed", "deceived or in debt", "first year", *of_crossers)
    return pd.DataFrame(rows)


def by_world(found: Found, worlds: dict[str, Scenario]) -> pd.DataFrame:
    """Every world against that without: outcomes by window, arrests, officer-days, and what moved elsewhere."""
    rows: list[dict[str, Any]] = []
    scenario = worlds[ONCE]
    first, last = operation_days(scenario)
    scale = float(scenario.persons_per_agent)
    windows = list(spans(first, last).values()) + [(first + YEAR * i, last + YEAR * i + 90) for i in (1, 2)]
    names = [*WINDOWS, "second year's operation and 90 days after", "third year's operation and 90 days after"]

    def add(world: str, outcome: str, window: str, e: Estimate, unit: str = "share") -> None:
        rows.append({"world": world, "outcome": outcome, "window": window, "unit": unit, **_bands("value", e)})

    for world in [w for w in worlds if w != WITHOUT]:
        x, y = (_of(found, w, "crossings") for w in (world, WITHOUT))
        for name, (a, b) in zip(names, windows, strict=True):
            add(world, "crossings", name, change(x[:, a:b].sum(axis=1), y[:, a:b].sum(axis=1)))
        for w, window in enumerate(WINDOWS):
            for outcome, column in OUTCOMES.items():
                if column != "counted":
                    sums = [_of(found, of, "totals", w, T[column]) for of in (world, WITHOUT)]
                    add(world, outcome, window, change(*sums))
        done = _of(found, world, "operations")
        for column in OPERATION_COUNTS:
            add(world, column, "operations", estimate(done[:, OPERATION_COUNTS.index(column)][:, None]), "number")
        lost = (y[:, first : first + 3 * YEAR] - x[:, first : first + 3 * YEAR]).sum(axis=1) * scale
        per = np.stack([1000.0 * lost, done[:, OPERATION_COUNTS.index("officer_days")]], axis=1)
        add(world, "crossings lost per 1,000 officer-days", "three years", estimate(per), "person")
        add(world, "displacement_spatial", "first year", _elsewhere(found, world, worlds), "share of loss")
    return pd.DataFrame(rows)


def _elsewhere(found: Found, world: str, worlds: dict[str, Scenario]) -> Estimate:
    """Share of what legs of the countries lost that crossed a leg of no such country instead, net of the reverse."""
    tables = load_world(worlds[world].network)
    sets = declared_sets(worlds[world], worlds[WITHOUT], tables)
    assert sets is not None, "the operation names its countries"
    terms = []
    for f in found:
        got: dict[Any, tuple[float, ...]] = {}
        spatial(got, {}, f[world]["moves"], sets, tables.network.legs["route"].to_numpy(), 1.0)
        terms.append(got["displacement_spatial", "", "share of loss"])
    return estimate(np.array(terms))


def timelines(found: Found, scenario: Scenario, days: int = 28) -> dict[str, np.ndarray]:
    """Crossings of each world over those without, trailing mean of 28 days: [mean, low, high; day] by bootstrap."""
    weights = resamples(len(found), 0)
    kernel = np.ones(days) / days

    def trailing(a: np.ndarray) -> np.ndarray:
        return np.stack([np.convolve(series, kernel)[: len(series)] for series in a])

    y = trailing(_of(found, WITHOUT, "crossings"))
    out = {}
    for world in (w for w in found[0] if w != WITHOUT):
        x = trailing(_of(found, world, "crossings"))
        drawn = (weights @ x) / (weights @ y)
        out[world] = np.stack([x.sum(0) / y.sum(0), *np.quantile(drawn, (0.05, 0.95), axis=0)])
    return out


def main(arguments: list[str]) -> int:
    """Run what is left, then write tables, figures and where they come from."""
    given = command(arguments, __doc__ or "", seeds="500:540")
    worlds = did_worlds(given.settings)
    found = run(worlds, WITHOUT, what_it_did, given.seeds, given.workers, given.store)
    tables = {
        "regions": by_region(found, worlds[ONCE]), "routes": by_route(found, worlds[ONCE]),
        "kinds": by_kind(found, worlds[ONCE]), "worlds": by_world(found, worlds),
    }  # fmt: skip
    figures = {
        "regions": draw_regions(tables["regions"], len(found)), "routes": draw_routes(tables, len(found)),
        "worlds": draw_worlds(tables["worlds"], timelines(found, worlds[ONCE]), worlds[ONCE], len(found)),
    }  # fmt: skip
    write(given.out, "what_it_did", tables, figures, worlds[ONCE], given.seeds)
    return 0


if __name__ == "__main__":
    sys.exit(started(main))
