"""EMA Workbench drives the model, and its PRIM looks for where an operation does little."""

from __future__ import annotations

from typing import Any

from ema_workbench import IntegerParameter, Model, RealParameter, ScalarOutcome, SequentialEvaluator
from ema_workbench.analysis import prim

import waterbed as wb

QUICK = {"flow": 0.1, "days": 320, "burn_in": 40, "operations.surge.start": 100, "compare.fate_days": 100,
         "compare.lead_days": 60}  # fmt: skip
BASE = wb.Scenario.load("classroom").replace(QUICK)


def run(**values: Any) -> dict[str, float]:
    """Keywords are dotted addresses, as everywhere; EMA gives NumPy's numbers, a scenario takes Python's."""
    scenario = BASE.replace({name: value.item() for name, value in values.items()})
    x, y = wb.simulate_pair(scenario, scenario.untreated(), seed=1)
    return {"lost": 1.0 - float(x.people["arrived"].sum()) / float(y.people["arrived"].sum())}


def model() -> Model:
    """EMA's names are Python's, so each has its address as the name of the variable."""
    made = Model("classroom", function=run)
    made.uncertainties = [RealParameter("scale", 200.0, 1500.0, variable_name=["choice.scale"])]
    made.levers = [IntegerParameter("officers", 0, 400, variable_name=["operations.surge.officers"])]
    made.outcomes = [ScalarOutcome("lost")]
    return made


def explore(scenarios: int, policies: int) -> tuple[Any, Any]:
    """Experiments and outcomes: every scenario under every policy."""
    with SequentialEvaluator(model()) as evaluator:
        return evaluator.perform_experiments(
            scenarios, policies, uncertainty_sampling_kwargs={"rng": 1}, lever_sampling_kwargs={"rng": 2}
        )


def where_little_is_lost(experiments: Any, outcomes: Any) -> Any:
    """PRIM's box of the experiments whose loss is in the lower half."""
    lost = outcomes["lost"]
    found = prim.Prim(experiments[["scale", "officers"]], lost <= sorted(lost)[len(lost) // 2])
    return found.find_box()


if __name__ == "__main__":
    box = where_little_is_lost(*explore(8, 8))
    print(box.peeling_trajectory.tail(1))
