"""The bench's estimators on series whose answer is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scripts import load

bench = load(Path(__file__).parents[1] / "experiments" / "evaluators.py")
DAYS, SPAN = 90, 180


def series(drop: float = 0.5, control: float = 1.0, seed: int = 1) -> np.ndarray:
    """Poisson counts of three routes; the treated one falls by ``drop`` while it counts, the control changes too."""
    level = np.tile([20.0, 10.0, 10.0], (bench.START + 300, 1))
    level[bench.START : bench.START + SPAN, 0] *= 1 - drop
    level[bench.START : bench.START + SPAN] *= control
    return np.random.default_rng(seed).poisson(level)


@pytest.mark.parametrize("name", bench.ESTIMATORS)
def test_a_fall_by_half_is_found_and_no_change_next_door(name: str) -> None:
    if name == "interrupted time series":
        pytest.importorskip("statsmodels")
    said, low, high = bench.ESTIMATORS[name](series(), 0, DAYS)
    assert low < said < high and said == pytest.approx(-0.5, abs=0.06)
    said, low, high = bench.ESTIMATORS[name](series(), 1, DAYS)
    # The other routes' mixture holds the treated one, which fell.
    assert said == pytest.approx(0.0, abs=0.5 if name == "synthetic control" else 0.12)


def test_only_a_control_sees_through_a_change_everywhere() -> None:
    everywhere = series(drop=0.0, control=0.7)
    assert bench.before_after(everywhere, 0, DAYS)[0] == pytest.approx(-0.3, abs=0.05)
    assert bench.difference_in_differences(everywhere, 0, DAYS)[0] == pytest.approx(0.0, abs=0.08)
    assert bench.synthetic_control(everywhere, 0, DAYS)[0] == pytest.approx(0.0, abs=0.08)


def test_the_summary_counts_false_claims_and_coverage() -> None:
    pytest.importorskip("statsmodels")
    pairs = [(series(0.0, seed=s), series(0.0, seed=s)) for s in range(8)]
    bench_rows = [row for p in pairs for row in bench.judge("placebo", p, p)]
    table = bench.summary(pd.DataFrame(bench_rows)).set_index(["estimator", "quantity"])
    assert (table.loc[["before-after", "difference in differences"], "truth"] == 0).all()
    assert 0.5 <= table.loc[("difference in differences", "effect"), "coverage"] <= 1
    assert 0 <= table.loc[("WDQ", "displacement"), "found"] <= 1
    assert abs(table.loc[("before-after", "effect"), "bias"]) < 0.05
