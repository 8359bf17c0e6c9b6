"""Scores with answers known by hand, and the expected flows against the simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest

from waterbed.engine.run import simulate
from waterbed.engine.world import DETECTIONS
from waterbed.scenario import Scenario
from waterbed.validate.expected import Shared, shares_of
from waterbed.validate.fitting import PRIORS, misfit
from waterbed.validate.forecasts import drift, mean_of_three, persistence, spread
from waterbed.validate.record import KM, SECTORS, read
from waterbed.validate.scores import coverage, crps, rmsle, share_distance, skill, wape
from waterbed.validate.southwest import border, dose

NAN = math.nan


def test_points() -> None:
    forecast, observed = np.array([60.0, 40.0]), np.array([30.0, 70.0])
    assert share_distance(forecast, observed) == pytest.approx(0.3)
    assert wape(forecast, observed) == pytest.approx(0.6)
    assert rmsle(np.array([math.e**2 - 1, 0]), np.array([math.e - 1, 0])) == pytest.approx(math.sqrt(0.5))
    assert wape(np.array([60.0, 40.0, 9.0]), np.array([30.0, 70.0, NAN])) == pytest.approx(0.6)


def test_crps_of_a_point_is_the_absolute_error_and_of_a_pair_the_formula() -> None:
    assert crps(np.full((5, 1), 12.0), np.array([10.0])) == pytest.approx(0.2)
    # E|X - y| = 1, E|X - X'| / 2 = (0 + 2 + 2 + 0) / 8 = 0.5
    assert crps(np.array([[0.0], [2.0]]), np.array([1.0])) == pytest.approx(0.5)


def test_coverage_counts_sectors() -> None:
    draws = np.tile(np.arange(101.0)[:, None], 4)
    assert coverage(draws, np.array([50.0, 3.0, 97.0, NAN]), 0.9) == pytest.approx(1 / 3)
    assert coverage(draws, np.array([30.0, 20.0, 50.0, 76.0]), 0.5) == pytest.approx(0.5)


def test_skill_of_half_the_error_is_a_half_and_needs_three_origins() -> None:
    baseline = np.array([2.0, 4.0, 6.0, 8.0])
    assert skill(baseline / 2, baseline, 2) == pytest.approx((0.5, 0.5, 0.5))
    estimate, low, high = skill(np.array([1.0, 3.0]), np.array([2.0, 2.0]), 1)
    assert estimate == 0.0 and math.isnan(low) and math.isnan(high)
    estimate, low, high = skill(np.array([1.0, 9.0, 2.0, 5.0]), baseline, 1)
    assert low < estimate < high


def test_naive_forecasts() -> None:
    past = 100 * 1.1 ** np.arange(8.0)[:, None] * np.ones((1, 9))
    assert persistence(past, 3) == pytest.approx(past[-1])
    assert drift(past, 3) == pytest.approx(past[-1] * 1.1**3)
    assert mean_of_three(past, 3) == pytest.approx(past[-3:].mean(axis=0))
    # Steady growth has no spread about itself.
    assert spread(past, 2) == pytest.approx(0.0, abs=1e-9)
    with pytest.raises(ValueError, match="too few"):
        spread(past[:3], 5)


def test_misfit_of_the_record_itself_is_none_and_of_no_change_persistence() -> None:
    observed = shares_of(np.array([[1.0, 3.0], [2.0, 2.0], [3.0, 1.0]]))
    assert misfit(observed, observed) == pytest.approx((0.0, 1.0))
    assert misfit(np.full((3, 2), 0.5), observed) == pytest.approx((1.0, 1.0))


def test_constants_match_the_last_years_shares() -> None:
    record = read().until(1996)
    years, agents = dose(record)
    share = shares_of(record.apprehensions[-1])
    shared = Shared(**{p.name: p.out(p.centre) for p in PRIORS})
    world = border()
    constants = world.fit_constants(shared, agents, share, np.zeros(len(SECTORS)), rounds=60)
    assert shares_of(world.detections(shared, agents)[-1]) == pytest.approx(share, abs=5e-4)
    assert constants.mean() == pytest.approx(0.0, abs=1e-9) and np.ptp(constants) > 100


def test_expected_flows_are_those_of_the_simulation() -> None:
    """Routes that do not grow, a year after the dose has changed: shares within chance of the simulation's."""
    scenario = Scenario.load("southwest")
    late = {f"operations.{name}": False for name in scenario.operations if name != "san_diego_1994"}
    scenario = scenario.replace(late).replace(
        {"hubs.route_growth": 0.0, "world.weather_sd": 0.0, "days": 730, "operations.san_diego_1994.officers": 1500,
         "operations.san_diego_1994.start": 1, "operations.san_diego_1994.days": 729}
    )  # fmt: skip
    run = simulate(scenario, 1)
    legs = run.world.network.legs
    rows = [int(np.flatnonzero(legs["route"] == sector.title())[0]) for sector in SECTORS]
    found = run.legs[365:][:, rows, DETECTIONS].sum(axis=0).astype(float)
    detection = legs["detection"].to_numpy()[rows]
    least = -np.log(1 - detection) * legs["search_width"].to_numpy()[rows]
    officers = np.tile(least, (3, 1))
    officers[1:, 0] += 1500
    s, width = scenario, legs["search_width"].iloc[rows[0]] / KM[0]
    shared = Shared(width, s.choice.loss_stopped, s.learning.half_experience, 0.0, s.migration.retry)
    world = border()
    constants = run.world.constants.groupby("route")["constant"].first()
    world.set_constants(np.array([constants[sector.title()] for sector in SECTORS]))
    path = world.detections(shared, officers)
    chance = math.sqrt(len(SECTORS) / found.sum())
    assert share_distance(path[2], found) < 0.03 + chance
    assert share_distance(path[0], found) > 0.1  # the dose did matter
    assert path[2].sum() == pytest.approx(found.sum() * scenario.persons_per_agent, rel=0.08)
