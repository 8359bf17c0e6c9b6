"""Trough, recovery and area of courses whose shape is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from waterbed.measures.course import _course_row, chance_of_trough, course_rows, shape, trailing_mean
from waterbed.measures.intervals import resamples
from waterbed.measures.window import Window

WINDOW = Window(first=100, last=112, after=202, days=400)


def _dip(depth: float, start: int = 110, days: int = 40, flow: float = 100.0) -> np.ndarray:
    """With and without the measure [2, day]: a flow that falls for a while and is back at once."""
    pair = np.full((2, WINDOW.days), flow)
    pair[0, start : start + days] *= 1 - depth
    return pair


def test_a_trailing_mean_moves_after_its_cause() -> None:
    values = np.zeros(30)
    values[10:] = 7.0
    mean = trailing_mean(values)
    assert (mean[:10] == 0).all()
    assert mean[10] == pytest.approx(1.0)
    assert (mean[16:] == pytest.approx(7.0))
    assert trailing_mean(np.arange(5.0))[2] == pytest.approx(1.0)


def test_a_known_dip() -> None:
    depth, day, recover, area = shape(*_dip(0.4), WINDOW)
    assert (depth, day, recover, area) == pytest.approx((0.4, 10.0, 38.0, 0.4 * 100 * 40))


def test_recovery_is_counted_from_the_end_and_never_negative() -> None:
    assert shape(*_dip(0.4, start=101, days=3), WINDOW)[2] == 0.0


def test_a_shallow_trough_has_nothing_to_recover_from() -> None:
    assert math.isnan(shape(*_dip(0.03), WINDOW)[2])


def test_what_is_not_back_before_the_end_never_recovers() -> None:
    assert math.isinf(shape(*_dip(0.4, days=290), WINDOW)[2])


def test_days_without_flow_in_either_world_are_no_trough() -> None:
    pair = _dip(0.4)
    pair[:, 300:] = 0.0
    assert shape(*pair, WINDOW)[0] == pytest.approx(0.4)


def _rows(series: np.ndarray) -> dict:
    return {r["effect"]: r for r in course_rows("treated", series, WINDOW, resamples(len(series), 1))}


def test_rows_of_replicates() -> None:
    rng = np.random.default_rng(4)
    noise = rng.normal(0, 3, (10, 1, WINDOW.days))
    rows = _rows(np.stack([_dip(0.4)] * 10) + noise)
    assert all(r["status"] == "ok" for r in rows.values())
    assert rows["trough_depth"]["low"] <= rows["trough_depth"]["mean"] <= rows["trough_depth"]["high"]
    # Noise is common to both worlds of a pair, so the area lost is free of it.
    assert rows["resilience_area"]["mean"] == pytest.approx(1600)
    assert rows["resilience_area"]["run_low"] == pytest.approx(1600)
    # A trailing mean of seven days is back six days after the flow is.
    assert rows["days_to_recover"]["mean"] == pytest.approx(38 + 6, abs=1)


def test_single_runs_are_read_against_the_mean_twin() -> None:
    """What a run shares with its own twin is no effect: only differences within pairs widen the band of runs."""
    rng = np.random.default_rng(4)
    level = rng.normal(0, 20, (10, 1, 1))
    rows = _rows(np.stack([_dip(0.4)] * 10) + level)
    flow = 100 + level.mean()
    assert rows["trough_depth"]["run_low"] == pytest.approx(40 / flow)
    assert rows["trough_depth"]["run_high"] == pytest.approx(40 / flow)


def test_runs_that_are_never_back_are_told() -> None:
    lost = np.stack([_dip(0.4)] * 9 + [_dip(0.4, days=290)])
    row = _rows(lost)["days_to_recover"]
    assert row["status"] == "ok"
    assert "without 1 of 10 runs" in row["note"]


def test_an_estimate_never_lies_outside_its_interval() -> None:
    """Few pairs make resamples rougher than their mean: all of them may be back sooner than it is."""
    boot, runs = np.linspace(7.0, 140.0, 2000), np.linspace(6.0, 110.0, 6)
    row = _course_row(("days_to_recover", "treated", "day"), 6, 142.0, boot, runs)
    assert row["status"] == "ok" and row["high"] == row["mean"] == 142.0 and 7.0 <= row["low"] < 20.0
    assert "widened" in row["note"]
    inside = _course_row(("days_to_recover", "treated", "day"), 6, 60.0, boot, runs)
    assert inside["high"] < 140.0 and "widened" not in inside["note"]


def test_noise_has_no_trough() -> None:
    """Where nothing happened, a trough is told in about 5 % of comparisons (200 of 8 pairs: at most 5 + 4 × 1.5 %)."""
    rng = np.random.default_rng(3)
    told = 0
    for _ in range(200):
        smooth = trailing_mean(rng.poisson(5.0, (8, 2, WINDOW.days)))
        told += chance_of_trough(smooth, WINDOW) <= 0.05
    assert told / 200 <= 0.05 + 4 * (0.05 * 0.95 / 200) ** 0.5
    rows = _rows(rng.poisson(5.0, (8, 2, WINDOW.days)).astype(float))
    for name in ("trough_depth", "trough_day", "days_to_recover"):
        assert rows[name]["status"] == "not identified"
        assert "chance alone" in rows[name]["note"]
    assert rows["resilience_area"]["status"] == "ok"


def test_a_true_dip_is_told_from_noise() -> None:
    flow = np.stack([_dip(0.5, flow=5.0)] * 8)
    assert chance_of_trough(trailing_mean(np.random.default_rng(3).poisson(flow)), WINDOW) == 1 / 2**8
    assert chance_of_trough(trailing_mean(np.random.default_rng(3).poisson(np.repeat(flow, 3, 0))), WINDOW) < 0.005


def test_equal_worlds_lose_exactly_nothing() -> None:
    rows = _rows(np.stack([_dip(0.0)] * 5))
    for name in ("trough_depth", "resilience_area"):
        assert [rows[name][c] for c in ("mean", "low", "high", "run_low", "run_high")] == [0.0] * 5
    for name in ("trough_day", "days_to_recover"):
        assert rows[name]["status"] == "not identified"
        assert rows[name]["note"]


def test_no_flow_and_no_recovery_say_so() -> None:
    assert "no flow" in _rows(np.zeros((3, 2, WINDOW.days)))["trough_depth"]["note"]
    assert "not back" in _rows(np.stack([_dip(0.4, days=290)] * 3))["days_to_recover"]["note"]
