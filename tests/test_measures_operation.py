"""The operation's own table."""

from __future__ import annotations

import math

import pytest

from synthetic import pair, scenario
from waterbed.measures.operation import ROWS, naive_rate, operation_table
from waterbed.measures.reduce import reduce

RATES = {
    "arrests": (53 + 200 + 195 + 286 + 121 + 300 + 2517) / (80 + 224 + 144 + 235 + 125 + 264 + 696),
    "victims_protected": (100 + 500 + 430 + 80 + 700 + 3222) / (224 + 144 + 235 + 125 + 264 + 696),
    "irregular_migrants_detected": (775 + 3500 + 760 + 4000 + 3400 + 17793) / (80 + 224 + 144 + 235 + 125 + 696),
    "investigations_opened": (60 + 193) / (235 + 125),
}


@pytest.mark.parametrize("row", ROWS)
def test_naive_rates_are_of_earlier_operations(row):
    assert naive_rate(row) == pytest.approx(RATES[row]) if row in RATES else math.isnan(naive_rate(row))


def table(name, values):
    operation = {"start": 360, "days": 12, "officers": 14000}
    s = scenario(name=name, operations={"liberterra": operation})
    done = []
    for value in values:
        x, y = pair(s)
        x.operations["liberterra"]["arrests"] = value
        done.append(reduce(x, y))
    return operation_table(done, s).set_index("row")


def test_published_beside_simulated_and_naive():
    found = table("liberterra", [0, 10, 20, 30, 40])
    assert list(found.index) == list(ROWS)
    assert found["published"].tolist() == [3744, 4414, 12992, 720, 14000, 119]
    arrests = found.loc["arrests"]
    assert arrests[["mean", "low", "low50", "high50", "high"]].tolist() == [20, 2, 10, 30, 38]
    assert arrests["naive"] == pytest.approx(RATES["arrests"] * 11 * 12)
    assert found.loc["officers", "mean"] == 14000 and math.isnan(found.loc["officers", "naive"])


def test_only_the_scenario_that_a_figure_is_of_is_held_against_it():
    assert table("another", [1, 2])["published"].isna().all()


def test_one_run_has_no_band():
    found = table("liberterra", [7])
    assert found.loc["arrests", "mean"] == 7 and math.isnan(found.loc["arrests", "low"])
