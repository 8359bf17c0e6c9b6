"""Calibration: a file's faults, a fit that finds what made its data, goes on after a stop, or says it did not."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from waterbed.calibrate.file import parse_file
from waterbed.errors import InputError

pytest.importorskip("pyabc")

from waterbed.calibrate.calibration import Calibration
from waterbed.calibrate.smc import NotConverged, Settings, fit

FILE = """
name = "flow"
scenario = "classroom"
population = 20
populations = {populations}
runs = 400
tolerance = {tolerance}
predictive = 20

[settings]
burn_in = 60
days = 40
"operations.surge.start" = 10
"compare.fate_days" = 15
"compare.lead_days" = 5

[parameters.flow]
bounds = [0.2, 3.0]

[targets.departures]
measure = "departures"
observed = {observed}
"""


def text(observed: float = 400, tolerance: float = 1.0, populations: int = 6) -> str:
    return FILE.format(observed=observed, tolerance=tolerance, populations=populations)


def toy(places, seed):
    """Known answer: a normal mean at the place, observed with a known error."""
    return [float(np.random.default_rng(seed).normal(places[0], 0.05))]


def test_a_fit_finds_what_made_its_data():
    found = fit(toy, 1, [0.3], [0.05], Settings(seed=1, population=60, populations=8, runs=4000, tolerance=0.6))
    assert not found.trouble
    mean = float(np.average(found.places[:, 0], weights=found.weights))
    # Error of the one observation 0.05, and of a tolerance of 0.6 of that; four standard deviations.
    assert mean == pytest.approx(0.3, abs=4 * 0.05 / np.sqrt(60) + 0.03)
    assert found.weights.sum() == pytest.approx(1.0)


def test_a_fit_is_the_same_bits_twice_and_goes_on_where_it_stopped(tmp_path):
    settings = Settings(seed=2, population=30, populations=4, runs=2000, tolerance=1.0)
    whole = fit(toy, 1, [0.6], [0.05], settings)
    again = fit(toy, 1, [0.6], [0.05], settings)
    assert np.array_equal(whole.places, again.places) and np.array_equal(whole.weights, again.weights)

    calls = 0

    def stops(places, seed):
        nonlocal calls
        calls += 1
        if calls > 70:
            raise KeyboardInterrupt
        return toy(places, seed)

    if whole.runs > 70:
        with pytest.raises(KeyboardInterrupt):
            fit(stops, 1, [0.6], [0.05], settings, history=tmp_path / "history.db")
    resumed = fit(toy, 1, [0.6], [0.05], settings, history=tmp_path / "history.db")
    assert np.array_equal(whole.places, resumed.places) and whole.runs == resumed.runs


def test_a_calibration_of_a_scenario_leaves_tables_figures_and_a_scenario(tmp_path):
    path = tmp_path / "flow.toml"
    path.write_text(text(), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "waterbed", "calibrate", str(path), "--workers", "1", "--out", str(tmp_path / "out")],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    row = pd.read_csv(tmp_path / "out" / "parameters.csv").iloc[0]
    assert row["parameter"] == "flow" and 0.2 <= row["low"] < row["median"] < row["high"] <= 3.0
    assert {p.suffix for p in (tmp_path / "out" / "figures").iterdir()} >= {".png"}
    assert (tmp_path / "out" / "calibrated.toml").is_file()


def test_a_fit_that_does_not_converge_says_so_and_ships_nothing(tmp_path):
    path = tmp_path / "flow.toml"
    path.write_text(text(observed=10_000_000, tolerance=0.01, populations=1), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "waterbed", "calibrate", str(path), "--workers", "1", "--out", str(tmp_path / "out")],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 1 and "No result is written" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "out" / "parameters.csv").exists()
    with pytest.raises(NotConverged):
        Calibration.parse(text(observed=10_000_000, tolerance=0.01, populations=1)).run()


@pytest.mark.parametrize(
    "change, message",
    [
        (("[parameters.flow]", "[parameters.flwo]"), "flow"),
        (("bounds = [0.2, 3.0]", "bounds = [3.0, 0.2]"), "has to be less than the second"),
        (("bounds = [0.2, 3.0]", "bounds = [0.0, 3.0]\nlog = true"), "log needs bounds above 0"),
        (('measure = "departures"', 'measure = "departuers"'), "departures"),
        (("observed = 400", "observed = 0"), "give scale"),
        (("observed = 400", 'observed = 400\nkey = "north"'), "key_kind is 'all'"),
        (('scenario = "classroom"', 'scenario = "clasroom"'), "classroom"),
        (("population = 20", "population = 2"), "population"),
    ],
)
def test_a_fault_in_the_file_is_named_with_its_remedy(change, message):
    with pytest.raises(InputError) as caught:
        Calibration.parse(text().replace(*change))
    assert message in str(caught.value)


def test_all_faults_come_in_one_list():
    with pytest.raises(InputError) as caught:
        parse_file(text().replace("population = 20", "population = 2").replace("[0.2, 3.0]", "[3.0, 0.2]"))
    assert len(caught.value.faults) == 2
