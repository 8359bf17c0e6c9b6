"""The posterior of the border: its statistic, its axes, and that what is committed is of the fit that ships."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scripts import load
from waterbed.scenario import Scenario
from waterbed.validate.routes import Routes

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "results" / "validation" / "southwest" / "posterior"
posterior = load(ROOT / "experiments" / "southwest_posterior.py")


def test_places_are_quantiles_of_the_prior() -> None:
    axes = {axis.address: axis for axis in posterior.AXES}
    assert axes["width"].value(0.5) == pytest.approx(25.0)
    assert axes["loss_stopped"].value(0.8413) == pytest.approx(2000 * math.exp(0.7), rel=1e-3)
    assert axes["retry"].value(0.5) == pytest.approx(0.8)
    assert axes["route_growth"].value(0.01) == 0.0  # a normal prior, cut at nothing


def test_the_committed_posterior_is_of_the_fit_that_ships() -> None:
    about = json.loads((KEPT / "provenance.json").read_text("utf-8"))
    paths = posterior.Paths()
    best, error = paths.tolerance()
    assert (best, error) == pytest.approx((about["best"], about["jackknife_error"]), rel=1e-6)
    course = pd.read_csv(KEPT / "course.csv")
    assert course["tolerance"].iloc[-1] == pytest.approx(best + error, rel=1e-3)
    predicted = pd.read_csv(KEPT / "predicted.csv")
    assert posterior.held(predicted).items() <= about.items()


def test_a_model_that_is_the_record_misses_nothing() -> None:
    paths = posterior.Paths()
    assert paths.statistic(paths.observed) == pytest.approx(0.0, abs=1e-12)
    middle = paths.shares([0.5] * len(posterior.AXES))
    assert middle[paths.at] == pytest.approx(paths.observed[paths.at], rel=0.03)
    errors = posterior.misses(paths, middle)
    assert errors[0] == 0.0 and all(e > 0.1 for e in errors[1:])


def test_expected_routes_learn_by_the_engine_s_rule() -> None:
    """Driven to by half more than usual, a route learns up to 1.5 / 1.2, which is then no reason to learn more."""
    usual = np.array([1e6, 1e6, 1e6])
    routes = Routes(usual, Scenario.load("southwest"), route_growth=0.08)
    for _ in range(80):
        routes.learn(usual * np.array([1.0, 1.5, 9.0]))
    assert routes.growth[0] == 0.0
    assert routes.growth[1] == pytest.approx(math.log(1.5 / 1.2), abs=0.05)
    assert routes.growth[2] == pytest.approx(math.log(5.0), abs=1e-9)
