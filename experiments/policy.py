"""Policy search: under a budget of officer-days, what can be had of disruption, displacement and danger together?

Optuna's NSGA-II proposes operations (where, how long, how often, how much of the budget, made public or not); each is
held against its twin under the same seeds as all others. What lies on the front is then run again on fresh seeds,
since the best of many noisy estimates look better than they are (the winner's curse).

    python experiments/policy.py [--population 20] [--generations 8] [--replicates 8] [--workers 2]

Needs optuna (pip install 'waterbed[guests]'). The same command resumes: the search is decided by its seed, so that
it goes the same way again, and no run that its store holds is run twice. Leaves results/studies/policy.
"""

from __future__ import annotations

import argparse
import hashlib
import inspect
import json
import os
import string
import sys
import textwrap
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from waterbed.engine.compiled import version
from waterbed.engine.world import DEPARTURES, T
from waterbed.measures.fates import cohort
from waterbed.measures.forking import Twin
from waterbed.measures.intervals import BAND, ratio, resamples
from waterbed.measures.provenance import provenance
from waterbed.measures.tables import whole
from waterbed.measures.window import find_window
from waterbed.report import style
from waterbed.report.studies.curves import ticks
from waterbed.report.studies.scatter import front, pareto
from waterbed.scenario.scenario import Scenario
from waterbed.study import pools
from waterbed.study.designs import Points
from waterbed.study.factors import Axis
from waterbed.study.plan import plan_of
from waterbed.study.results import collect
from waterbed.study.runner import Runner
from waterbed.study.store import Store

START, YEAR, AFTER = 360, 360, 90
BUDGET = 7200
"""Officer-days."""
TARGETS: dict[str, dict[str, Any]] = {
    "Western route": {"routes": ["West"]}, "Central route": {"routes": ["Central"]},
    "Eastern route": {"routes": ["East"]}, "all routes": {"routes": ["West", "Central", "East"]},
    "most central hubs": {"hub_rank": "betweenness", "hub_count": 5}, "recruiters": {"recruiters": True},
}  # fmt: skip
DAYS, TIMES, SPENT = (4, 90), (1, 6), (0.1, 1.0)
BETTER = {"arrivals lost": 1, "rerouted": -1, "danger": -1}
"""Objectives, 1 where more is better. Rerouted: people of 100 who cross another route than in the twin, net. Danger:
deaths to be expected per 1,000 who set out over a border, by the legs they take, change against the twin."""


@dataclass(frozen=True)
class Plan:
    """An operation, or several alike, spread over a year."""

    target: str
    days: int
    times: int
    officers: int
    public: bool

    @classmethod
    def of(cls, target: str, days: int, times: int, spent: float, public: bool) -> Plan:
        """As many officers as a share of the budget pays for."""
        return cls(target, days, times, max(1, int(spent * BUDGET / (days * times))), public)

    @property
    def cost(self) -> int:
        """Officer-days."""
        return self.officers * self.days * self.times

    def scenario(self) -> Scenario:
        """Classroom under these operations alone."""
        about = {"days": self.days, "officers": self.officers, "announced": self.public, "target": TARGETS[self.target],
                 "strategy": "hotspot" if "route" in self.target else "intelligence"}  # fmt: skip
        spread = YEAR // self.times
        named = {f"spell{i}": about | {"start": START + i * spread} for i in range(self.times)}
        return base().replace({"operations": named})

    def __str__(self) -> str:
        times = f"{self.times} × " if self.times > 1 else ""
        said = "public" if self.public else "quiet"
        return f"{self.target}, {times}{self.days} days, {self.officers} officers, {said}"


@lru_cache(maxsize=1)
def base() -> Scenario:
    """The scenario without measures; long enough for the fates of all who were born in the year of measures."""
    return Scenario.load("classroom").replace({"operations.surge": False, "days": START + YEAR + AFTER + 360})


@lru_cache(maxsize=16)
def _twin(seed: int) -> Twin:
    return Twin(base(), seed, (base().burn_in + START,))


@dataclass(frozen=True)
class Measure:
    """What a plan brings under a seed; its version goes into the key of what is stored."""

    version: str

    def __call__(self, values: dict[str, Any], seed: int) -> Mapping[str, Any]:
        """Terms of the objectives: ratios as numerators and denominators, flows between routes as signed numbers."""
        twin = _twin(seed)
        x, y = twin.with_measures(Plan(**json.loads(values["plan"])).scenario()), twin.run
        span = slice(START, START + YEAR + AFTER)
        arrived = [float(r.totals[span, T["arrivals"]].sum()) for r in (x, y)]
        p, q = cohort(x, y, find_window(x.scenario, y.scenario))
        legs = x.world.network.legs
        route = np.append(legs["route"].to_numpy(), "")
        was, now = route[q["crossing_leg"]], route[p["crossing_leg"]]
        terms: dict[str, Any] = {
            "arrivals lost": (arrived[1] - arrived[0], arrived[1]), "crossed": (float((was != "").sum()),),
        }  # fmt: skip
        for a, b in (("West", "Central"), ("West", "East"), ("Central", "East")):
            terms[f"{a} to {b}"] = (float(((was == a) & (now == b)).sum() - ((was == b) & (now == a)).sum()),)
        counted, death = legs["counted"].to_numpy(bool), legs["death"].to_numpy(float)
        danger: list[float] = []
        for run in (x, y):
            out = run.legs[span, :, DEPARTURES].sum(axis=0)[counted]
            danger += [1000.0 * float(out @ death[counted]), float(out.sum())]
        return terms | {"danger": tuple(danger)}


def measure() -> Measure:
    """The measure at the version of the model's rules, and of what makes a plan and measures it."""
    own = "".join(inspect.getsource(part) for part in (Plan, base, Measure)) + json.dumps(TARGETS)
    return Measure(f"{version()}-{hashlib.sha256(own.encode()).hexdigest()[:12]}")


def objectives(terms: Mapping[str, np.ndarray], weights: np.ndarray) -> dict[str, np.ndarray]:
    """Objectives of plans, shape (rows of weights, plans), from terms [plan, replicate, term]."""

    def sums(name: str) -> np.ndarray:
        out: np.ndarray = np.einsum("wr,prt->wpt", weights, terms[name])
        return out

    moved = sum(np.abs(sums(n)[..., 0]) for n in ("West to Central", "West to East", "Central to East"))
    return {"arrivals lost": ratio(sums("arrivals lost")), "rerouted": moved / sums("crossed")[..., 0],
            "danger": ratio(sums("danger"))}  # fmt: skip


def run(plans: Sequence[Plan], replicates: int, seed: int, store: Path, executor: Executor) -> pd.DataFrame:
    """Objectives of plans with their 90 % intervals, a row a plan; runs what the store does not hold."""
    levels = tuple(dict.fromkeys(json.dumps(plan.__dict__) for plan in plans))
    axis = Axis("plan", "", levels)
    unit = np.array([[axis.at(json.dumps(plan.__dict__))] for plan in plans])
    made = plan_of(None, Points((axis,), unit), replicates, seed, 0.0, measure())
    held = Store(store)
    Runner(made, held, 1, executor, None).run()
    results = collect(made, held)
    if (results.status != "ok").any():
        raise RuntimeError(f"runs failed, the first: {results.errors[results.status != 'ok'][0]}")
    terms = {name[0]: values for name, values in results.terms.items()}
    value = objectives(terms, np.ones((1, replicates)))
    drawn = objectives(terms, resamples(replicates, seed))
    table: dict[str, Any] = {"plan": [str(plan) for plan in plans], "officer_days": [plan.cost for plan in plans]}
    for name in BETTER:
        table[name] = value[name][0]
        table[f"{name}_low"], table[f"{name}_high"] = np.quantile(drawn[name], BAND, axis=0)
    return pd.DataFrame(table)


def _proposed(trial: Any) -> Plan:
    """The plan that a trial stands for; a spell ends before the next one begins."""
    times = trial.suggest_int("times", *TIMES)
    days = min(trial.suggest_int("days", *DAYS, log=True), YEAR // times)
    target, spent = trial.suggest_categorical("target", list(TARGETS)), trial.suggest_float("spent", *SPENT)
    return Plan.of(target, days, times, spent, trial.suggest_categorical("public", [True, False]))


def search(
    population: int, generations: int, replicates: int, seed: int, store: Path, executor: Executor
) -> tuple[list[Plan], pd.DataFrame]:
    """All plans that NSGA-II tried, each once, and their objectives on the search's seeds."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.NSGAIISampler(population_size=population, seed=seed)
    kinds = optuna.study.StudyDirection
    directions = [kinds.MAXIMIZE if sign > 0 else kinds.MINIMIZE for sign in BETTER.values()]
    study = optuna.create_study(directions=directions, sampler=sampler)
    tried: dict[Plan, Any] = {}
    for generation in range(generations):
        trials = [study.ask() for _ in range(population)]
        plans = [_proposed(trial) for trial in trials]
        table = run(plans, replicates, seed, store, executor)
        for trial, plan, row in zip(trials, plans, table.to_dict("records"), strict=True):
            study.tell(trial, [row[name] for name in BETTER])
            tried[plan] = row
        table = pd.DataFrame(list(tried.values()))
        on = int(front(table, BETTER).sum())
        print(f"generation {generation + 1} of {generations}: {len(tried)} plans, {on} on the front", file=sys.stderr)
    return list(tried), table


PLANE = {name: BETTER[name] for name in ("arrivals lost", "rerouted")}
"""The two objectives that are drawn against each other."""
CALM = 0.01
"""Share of those who cross of whom few are rerouted."""


def named(table: pd.DataFrame, most: int = 8) -> pd.DataFrame:
    """Letters for plans that nothing betters in both arrivals lost and people rerouted, at most so many of them."""
    order = table[front(table, PLANE)].sort_values("arrivals lost", ascending=False).index
    shown = order[np.unique(np.linspace(0, len(order) - 1, min(most, len(order))).round().astype(int))]
    return table.assign(name=pd.Series(list(string.ascii_uppercase[: len(shown)]), shown).reindex(table.index))


def calm(table: pd.DataFrame) -> pd.Series:
    """Of the plans that reroute few, the one that loses most arrivals; of none, the one that reroutes fewest."""
    few = table[table["rerouted"] < CALM]
    return few.loc[few["arrivals lost"].idxmax()] if len(few) else table.loc[table["rerouted"].idxmin()]


_COLUMNS = {"Plan": 14.0, "Arrivals lost": 108.0, "Rerouted": 133.0, "Danger, 1/1000": 156.0}
"""Heads of the figure's table, and where they stand, mm."""


def draw(tried: pd.DataFrame, again: pd.DataFrame, fresh: int, path: Path) -> None:
    """The front on fresh seeds, the plans that have a letter, and what the search had promised."""
    best, few = again["arrivals lost"].max(), calm(again)
    title = (
        f"{style.whole(BUDGET)} officer-days lose up to {style.percent(best)} of arrivals; with "
        f"{style.percent(few['rerouted'])} of those who cross rerouted, up to {style.percent(few['arrivals lost'])}"
    )
    note = (
        f"Left: grey, all {len(tried)} plans as the search saw them; blue, its front run again on {fresh} fresh seeds, "
        "pale where danger decides; joined, with 90\u202f% intervals: plans that nothing betters in both respects. "
        "Right: what the search promised of its front, and what came of it; on the dotted line, the same."
    )
    with style.context():
        top = style.heading(style.figure(style.PAGE, 60.0), title, note) + 3.0
        shown = again.dropna(subset=["name"]).sort_values("name")
        figure = style.figure(style.PAGE, top + 74.0 + 24.0 + 4.2 * len(shown))
        style.heading(figure, title, note)
        _front(style.axes(figure, 14.0, top, 88.0, 74.0), tried, again, shown)
        _promised(style.axes(figure, 120.0, top, 54.0, 74.0), tried, again)
        _listed(figure, shown, top + 74.0 + 13.0)
        whole(path, lambda t: figure.savefig(t, format="png", dpi=200))


def _front(axes: Any, tried: pd.DataFrame, again: pd.DataFrame, shown: pd.DataFrame) -> None:
    axes.scatter(tried["arrivals lost"], tried["rerouted"], s=7, color="#C9CCD1", lw=0, zorder=1)
    plane = front(again, PLANE)
    axes.scatter(again["arrivals lost"][~plane], again["rerouted"][~plane], s=12, color="#9DB7D5", lw=0, zorder=2)
    pareto(axes, again[plane], "arrivals lost", "rerouted", PLANE)
    for row in shown.to_dict("records"):
        axes.annotate(row["name"], (row["arrivals lost"], row["rerouted"]), (4, -9), textcoords="offset points",
                      fontsize=7.5, fontweight="bold", path_effects=style.halo())  # fmt: skip
    axes.set_xlabel("arrivals lost, of all over 450 days")
    axes.set_ylabel("crossed by another route, net, of all who cross")
    ticks(axes.xaxis, "share")
    ticks(axes.yaxis, "share")


def _promised(axes: Any, tried: pd.DataFrame, again: pd.DataFrame) -> None:
    said, came = tried.set_index("plan").loc[again["plan"], "arrivals lost"], again["arrivals lost"]
    ends = [min(said.min(), came.min(), 0.0), 1.05 * max(said.max(), came.max())]
    axes.plot(ends, ends, color=style.NOTE, lw=0.8, ls=":")
    axes.scatter(said, came, s=12, color=style.WITH, lw=0, zorder=3)
    axes.set_xlabel("arrivals lost, as the search saw it")
    axes.set_ylabel("on fresh seeds")
    axes.grid(True, axis="both")
    ticks(axes.xaxis, "share")
    ticks(axes.yaxis, "share")


def _listed(figure: Any, shown: pd.DataFrame, y: float) -> None:
    """The plans with a letter, below the axes."""
    for head, x in _COLUMNS.items():
        style.text(figure, x, y, head, fontsize=7, fontweight="bold")
    for row in shown.to_dict("records"):
        y += 4.2
        style.text(figure, 8.0, y, row["name"], fontsize=7, fontweight="bold")
        told = (row["plan"], style.percent(row["arrivals lost"]), style.percent(row["rerouted"]),
                style.number(row["danger"], signed=True))  # fmt: skip
        for text, x in zip(told, _COLUMNS.values(), strict=True):
            style.text(figure, x, y, text, fontsize=7)


def answer(tried: pd.DataFrame, again: pd.DataFrame, searched: int, fresh: int) -> list[str]:
    """What the search found, from its numbers."""
    on = tried.set_index("plan").loc[again["plan"]].reset_index()
    still = front(again, BETTER)
    best, few = again.loc[again["arrivals lost"].idxmax()], calm(again)
    top = on["arrivals lost"].nlargest(5).index
    outside = (again["arrivals lost"] < on["arrivals lost_low"]) | (again["arrivals lost"] > on["arrivals lost_high"])

    def told(row: pd.Series, name: str) -> str:
        return f"{style.percent(row[name])} ({style.interval(row[f'{name}_low'], row[f'{name}_high'], True)})"

    return [
        f"Of {len(tried)} plans of at most {style.whole(BUDGET)} officer-days, {len(again)} lie on the front of "
        f"arrivals lost, people rerouted and danger, on {searched} seeds; on {fresh} fresh seeds, {int(still.sum())} "
        "of these still do.",
        f"Most arrivals are lost by {best['plan']}: {told(best, 'arrivals lost')}, with {told(best, 'rerouted')} of "
        f"those who cross rerouted, and a change of danger of {style.number(best['danger'], signed=True)} deaths per "
        f"1,000 who set out over a border ({style.interval(best['danger_low'], best['danger_high'], signed=True)}).",
        f"With few rerouted, most are lost by {few['plan']}: {told(few, 'arrivals lost')}, with "
        f"{told(few, 'rerouted')} rerouted.",
        f"The winner's curse: the {len(top)} plans that the search thought best lost "
        f"{style.percent(float(on['arrivals lost'][top].mean()))} of arrivals there, and "
        f"{style.percent(float(again['arrivals lost'][top].mean()))} on fresh seeds; of all {len(again)}, "
        f"{int(outside.sum())} came out outside the search's own 90\u202f% interval.",
        f"On the front, {int((again['danger_high'] < 0).sum())} plans make crossing less dangerous and "
        f"{int((again['danger_low'] > 0).sum())} more, beyond their intervals.",
    ]  # fmt: skip


def write(tried: pd.DataFrame, again: pd.DataFrame, given: argparse.Namespace, fresh: int) -> list[str]:
    """The page, the tables and the figure; returns what the page answers."""
    lines = answer(tried, again, given.replicates, fresh)
    draw(tried, again, fresh, given.out / "policy.png")
    for name, table in (("front", again.sort_values("arrivals lost", ascending=False)), ("tried", tried)):
        whole(given.out / f"{name}.csv", lambda t, table=table: table.to_csv(t, index=False, float_format="%.5g"))
    parts = [
        "# Policy search under a budget",
        "**Question.** Under a budget of officer-days, which operations lose most arrivals, move fewest people to "
        "other routes, and make crossing least dangerous, and what has to be given up of one for another?",
        f"**Design.** Scenario classroom; NSGA-II with {given.generations} generations of {given.population} plans, "
        f"seed {given.seed}; {given.replicates} seeds, the same for every plan, each against its twin; the front again "
        f"on {fresh} fresh ones. Effects over the year of the plan and the 90 days after.",
        "**Answer.**", *lines,
    ]  # fmt: skip
    text = "\n\n".join(textwrap.fill(part, 116, break_on_hyphens=False) for part in parts)
    text += "\n\n![Policy search under a budget](policy.png)\n"
    whole(given.out / "answer.md", lambda t: t.write_text(text, encoding="utf-8"))
    arguments = {k: v for k, v in vars(given).items() if k not in ("store", "out", "workers")}
    about = provenance("policy search", base(), arguments=arguments, measure=measure().version)
    whole(given.out / "provenance.json", lambda t: t.write_text(json.dumps(about, indent=2) + "\n"))
    return lines


def main(arguments: list[str]) -> int:
    """Search, run the front again, tell, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--population", type=int, default=20)
    parser.add_argument("--generations", type=int, default=8)
    parser.add_argument("--replicates", type=int, default=8, help="seeds of the search; four times as many after it")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--store", type=Path, default=Path("out/studies/policy-store"))
    parser.add_argument("--out", type=Path, default=Path("results/studies/policy"))
    given = parser.parse_args(arguments)
    fresh = 4 * given.replicates
    Twin(base(), 0, ())  # compiled here, and found in Numba's cache by the workers
    with pools.own(given.workers) as executor:
        plans, tried = search(given.population, given.generations, given.replicates, given.seed, given.store, executor)
        best = [plan for plan, on in zip(plans, front(tried, BETTER), strict=True) if on]
        again = named(run(best, fresh, given.seed + 1, given.store, executor))
    print("\n".join(write(tried, again, given, fresh)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
