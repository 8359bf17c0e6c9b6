"""What next? After Operation Liberterra III: doing nothing more, beside five levers and their pairs at equal cost.

Each lever is given the operation's own officer-days again every year, from the day after the operation on, a pair of
levers half each; what that buys is in ``costs.csv``, with ranges. Repeating the operation each November costs the same
by definition, and one more officer is there to show what chance alone makes of a change that is next to nothing. All
worlds of a seed share their past and their chance. Intervals are 90 % bootstrap intervals over pairs of runs.

    python experiments/liberterra/what_next.py [--seeds 500:540] [--workers 1] [--set PATH=VALUE] [--out FOLDER]

Leaves next.csv, levers.csv, ranking.csv, next.png, ranking.png and what_next.json in the folder. Seeds that are done
are kept under build/, so the same command goes on where it stopped. Afterwards
``python experiments/liberterra/page.py`` writes docs/liberterra.md anew.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pandas as pd
from figures_next import draw_next, draw_ranking
from story_measures import what_next
from story_runs import Arrays, Estimate, change, command, estimate, run, started, write
from story_worlds import LEVERS, NOTHING, REPEAT, WITHOUT, budget, costs, dose, next_worlds

from waterbed.engine.world import H, T
from waterbed.measures.displacement import spatial
from waterbed.measures.intervals import resamples
from waterbed.measures.sets import sets_by_loss
from waterbed.network import WorldTables, load_world
from waterbed.scenario.scenario import Scenario

type Found = list[dict[str, Arrays]]
HORIZONS = (1, 3)
SUMS = {
    "arrivals": "arrivals", "recruits": "recruits", "exploited person-days": "exploited", "deaths": "deaths",
    "newly exploited": "newly_exploited", "victims protected": "protected", "networks' profit": "profit_cents",
}  # fmt: skip
RANKED = ("crossings", "exploited person-days", "deaths")
"""Outcomes by which levers are ranked: the lower the better."""
_UNITS = {"dose": {"investigate": "officer", "collaborate": "officer", "monitor": "officer/country",
                   "identify": "probability", "root_causes": "fall of push"}}  # fmt: skip
_NO = Estimate(float("nan"), float("nan"), float("nan"))


def sums(found: Found, world: str, outcome: str, horizon: int, tables: WorldTables) -> np.ndarray:
    """Of an outcome so many years on, seed by seed; in agents, or cents."""
    at = HORIZONS.index(horizon)
    if outcome == "crossings":
        counted = tables.network.legs["counted"].to_numpy(bool)
        return np.array([f[world]["legs"][at, counted].sum() for f in found])
    return np.array([f[world]["totals"][at, T[SUMS[outcome]]] for f in found])


def outcomes(found: Found, scenario: Scenario) -> pd.DataFrame:
    """Change of every outcome in every world against doing nothing more, one and three years on."""
    tables, scale = load_world(scenario.network), float(scenario.persons_per_agent)
    rows: list[dict[str, Any]] = []

    def add(world: str, horizon: int, outcome: str, unit: str, base: float, e: Estimate) -> None:
        rows.append({"world": world, "years": horizon, "outcome": outcome, "unit": unit, "nothing_more": base,
                     "change": e.value, "change_low": e.low, "change_high": e.high})  # fmt: skip

    for horizon in HORIZONS:
        for world in (w for w in found[0] if w != NOTHING):
            fell = change(*(sums(found, w, "crossings", horizon, tables) for w in (world, NOTHING))).high < 0
            for outcome in ("crossings", *SUMS):
                x, y = (sums(found, w, outcome, horizon, tables) for w in (world, NOTHING))
                per = 0.01 if outcome == "networks' profit" else scale
                add(world, horizon, outcome, "share", per * y.mean(), change(x, y))
            online, base = _online(found, world, horizon)
            add(world, horizon, "online share of recruits", "points", base, online)
            # Of a loss that is none, no share can have gone elsewhere.
            elsewhere = _elsewhere(found, world, horizon, tables) if fell else _NO
            add(world, horizon, "displacement", "share of loss", float("nan"), elsewhere)
        detected = np.array([f[WITHOUT]["totals"][HORIZONS.index(horizon), T["detections"]] for f in found])
        yearly = scale * detected / horizon
        add(WITHOUT, horizon, "people detected a year", "person", float("nan"), estimate(yearly[:, None]))
    return pd.DataFrame(rows)


def _online(found: Found, world: str, horizon: int) -> tuple[Estimate, float]:
    """Change of the share of recruits won online, and that share without more."""
    at = HORIZONS.index(horizon)
    parts = []
    for w in (world, NOTHING):
        recruits = np.array([f[w]["channels"][at, :, H["recruits"]] for f in found])
        parts.append(np.stack([recruits[:, 1], recruits.sum(axis=1)], axis=1))
    return estimate(np.concatenate(parts, axis=1)), parts[1][:, 0].sum() / parts[1][:, 1].sum()


def _elsewhere(found: Found, world: str, horizon: int, tables: WorldTables) -> Estimate:
    """Of what the legs that lose most have lost, the share that crossed another leg instead, net of the reverse.

    Those legs are chosen by their loss over all seeds, which flatters the loss.
    """
    at = HORIZONS.index(horizon)
    loss = sum((f[NOTHING]["legs"][at] - f[world]["legs"][at] for f in found), np.zeros(len(tables.network.legs)))
    sets = sets_by_loss(tables, loss)
    if not len(sets.treated):
        return _NO
    terms = []
    for f in found:
        got: dict[Any, tuple[float, ...]] = {}
        spatial(got, {}, f[world][f"moves{horizon}"], sets, tables.network.legs["route"].to_numpy(), 1.0)
        terms.append(got["displacement_spatial", "", "share of loss"])
    return estimate(np.array(terms))


def levers(scenario: Scenario) -> pd.DataFrame:
    """What each lever is given: its cost with range, and the dose that the budget buys."""
    known, spent = costs(), budget(scenario)
    rows = []
    for lever, name in LEVERS.items():
        cost = known[lever]
        bought = [dose(lever, spent, unit, scenario, known) for unit in (cost.high, cost.central, cost.low)]
        rows.append((lever, name, spent, cost.low, cost.central, cost.high, *bought, _UNITS["dose"][lever]))
    columns = ["lever", "name", "officer_days_a_year", "cost_low", "cost", "cost_high", "dose_if_dear", "dose",
               "dose_if_cheap", "dose_unit"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def drawn_effects(
    found: Found, outcome: str, horizon: int, scenario: Scenario, chance: bool, price: bool, seed: int = 0
) -> dict[str, np.ndarray]:
    """Draws of each single lever's relative change: with chance (bootstrap over seeds), with prices, or with both.

    Prices are log-uniform over the range of each lever's cost, independently. What a lever does at another price is
    read from a line through nothing, its central dose and, where that was run, its dose at the lowest cost.
    """
    tables, known = load_world(scenario.network), costs()
    weights = resamples(len(found), seed)
    if not chance:
        weights = np.ones_like(weights)
    rng = np.random.default_rng([seed, horizon])
    y = weights @ sums(found, NOTHING, outcome, horizon, tables)

    def effect(world: str) -> np.ndarray:
        return (weights @ sums(found, world, outcome, horizon, tables)) / y - 1.0

    money = _log_uniform(rng, known["officer_day"], len(weights)) / known["officer_day"].central
    drawn = {REPEAT: effect(REPEAT)}
    for lever in LEVERS:
        relative = known[lever].central / _log_uniform(rng, known[lever], len(weights))
        if lever == "root_causes":
            relative = relative * money
        amount = relative if price else np.ones(len(weights))
        at = effect(lever)
        cheap = f"{lever} cheap"
        drawn[lever] = at * amount
        if cheap in found[0]:
            most = known[lever].central / known[lever].low
            slope = (effect(cheap) - at) / (most - 1.0)
            drawn[lever] = np.where(amount <= 1.0, at * amount, at + slope * (amount - 1.0))
    return drawn


def _log_uniform(rng: np.random.Generator, cost: Any, n: int) -> np.ndarray:
    found: np.ndarray = np.exp(rng.uniform(np.log(cost.low), np.log(cost.high), n))
    return found


def ranking(found: Found, scenario: Scenario) -> pd.DataFrame:
    """How often each lever comes first among the single ones, and its mean rank: by chance, by price and by both."""
    rows = []
    for horizon in HORIZONS:
        for outcome in RANKED:
            columns: dict[str, dict[str, np.ndarray]] = {}
            for why, (chance, price) in {"chance": (True, False), "price": (False, True), "both": (True, True)}.items():
                drawn = drawn_effects(found, outcome, horizon, scenario, chance, price)
                rank = np.argsort(np.argsort(np.stack(list(drawn.values())), axis=0, kind="stable"), axis=0) + 1
                columns[why] = {
                    lever: np.array([(rank[i] == 1).mean(), rank[i].mean()]) for i, lever in enumerate(drawn)
                }
            for lever in columns["both"]:
                first = {f"first_{why}": columns[why][lever][0] for why in columns}
                rows.append({"outcome": outcome, "years": horizon, "lever": lever, **first,
                             "mean_rank": columns["both"][lever][1]})  # fmt: skip
    return pd.DataFrame(rows)


def main(arguments: list[str]) -> int:
    """Run what is left, then write tables, figures and where they come from."""
    given = command(arguments, __doc__ or "", seeds="500:540")
    worlds = next_worlds(given.settings)
    found = run(worlds, NOTHING, what_next, given.seeds, given.workers, given.store)
    scenario = worlds[NOTHING]
    tables = {
        "next": outcomes(found, scenario), "levers": levers(scenario), "ranking": ranking(found, scenario)
    }
    figures = {
        "next": draw_next(tables["next"], budget(scenario), len(found)),
        "ranking": draw_ranking(tables["ranking"], len(found)),
    }
    write(given.out, "what_next", tables, figures, scenario, given.seeds)
    return 0


if __name__ == "__main__":
    sys.exit(started(main))
