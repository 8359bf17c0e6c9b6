"""Optuna searches for operations that lose most arrivals for fewest officer-days: NSGA-II, one seed for all."""

from __future__ import annotations

from typing import Any

import optuna

import waterbed as wb

QUICK = {"flow": 0.1, "days": 320, "burn_in": 40, "operations.surge.start": 100, "compare.fate_days": 100,
         "compare.lead_days": 60}  # fmt: skip
BASE = wb.Scenario.load("classroom").replace(QUICK)


def objective(trial: optuna.Trial) -> tuple[float, float]:
    """Share of arrivals lost, and officer-days: names of parameters are addresses."""
    scenario = BASE.replace({
        "operations.surge.officers": trial.suggest_int("operations.surge.officers", 0, 400),
        "operations.surge.days": trial.suggest_int("operations.surge.days", 4, 60),
    })  # fmt: skip
    x, y = wb.simulate_pair(scenario, scenario.untreated(), seed=1)
    lost = 1.0 - float(x.people["arrived"].sum()) / float(y.people["arrived"].sum())
    return lost, float(sum(row["officer_days"] for row in x.operations.values()))


def search(trials: int, seed: int = 1) -> Any:
    """A finished study; its ``best_trials`` are the Pareto front."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.NSGAIISampler(population_size=max(4, trials // 4), seed=seed)
    study = optuna.create_study(directions=["maximize", "minimize"], sampler=sampler)
    study.optimize(objective, n_trials=trials)
    return study


if __name__ == "__main__":
    for best in search(40).best_trials:
        print(best.values, best.params)
