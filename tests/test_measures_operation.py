"""The operation's own table."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from synthetic import pair, scenario
from waterbed.measures.operation import REPORTED_PER_VICTIM, ROWS, _table, beside_published, naive_rate, operation_table
from waterbed.measures.reduce import reduce

ROOT = Path(__file__).parents[1]

# Turquesa I to V, Weka I and II, Liberterra I and II, Storm Makers I and II, Flash-Weka.
DAYS = {"TI": 80, "TII": 224, "TIII": 170, "TIV": 160, "TV": 165, "WI": 144, "WII": 264, "LI": 235, "LII": 696,
        "SI": 125, "SII": 135, "F": 540}  # fmt: skip
MADE = {
    "arrests_trafficking_smuggling": {"WI": 151, "WII": 171, "LII": 850},
    "arrests": {"TI": 53, "TII": 200, "TIII": 216, "TIV": 268, "TV": 257, "WI": 195, "WII": 300, "LI": 286,
                "LII": 2517, "SI": 121, "SII": 281, "F": 1062},
    "victims_protected": {"TII": 100, "TIII": 127, "TIV": 130, "TV": 163, "WI": 500, "WII": 700, "LI": 430,
                          "LII": 3222, "SI": 80, "SII": 149, "F": 823},
    "irregular_migrants_detected": {"TI": 775, "TII": 3500, "TIII": 10000, "TIV": 9015, "TV": 12000, "WI": 760,
                                    "WII": 4000, "LI": 4000, "LII": 17793, "SI": 3400, "F": 2731},
    "investigations_opened": {"LI": 60, "SI": 193, "SII": 360, "F": 197},
}  # fmt: skip
RATES = {row: sum(made.values()) / sum(DAYS[o] for o in made) for row, made in MADE.items()}


@pytest.mark.parametrize("row", ROWS)
def test_naive_rates_are_of_earlier_operations(row):
    assert naive_rate(row) == pytest.approx(RATES[row]) if row in RATES else math.isnan(naive_rate(row))


def test_what_is_predicted_is_published_alike_in_both_tables():
    """Liberterra III stands among the operations and beside the scenario's own results."""
    one = _table("operations.csv").set_index("operation").loc["Liberterra III"]
    known = _table("published.csv").set_index("row")["published"]
    assert one["use"] == "predicted"
    assert {row: one[row] for row in known.index} == known.to_dict()


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
    assert found["published"].tolist() == [1800, 3744, 4414, 12992, 720, 14000, 119]
    arrests = found.loc["arrests"]
    assert arrests[["mean", "low", "low50", "high50", "high"]].tolist() == [20, 2, 10, 30, 38]
    assert arrests["naive"] == pytest.approx(RATES["arrests"] * 11 * 12)
    alike = found.loc["arrests_trafficking_smuggling"]  # those are whom the model arrests
    assert alike[["mean", "low", "high"]].tolist() == [20, 2, 38]
    assert alike["naive"] == pytest.approx(RATES["arrests_trafficking_smuggling"] * 11 * 12)
    assert found.loc["officers", "mean"] == 14000 and math.isnan(found.loc["officers", "naive"])


def test_only_the_scenario_that_a_figure_is_of_is_held_against_it():
    assert table("another", [1, 2])["published"].isna().all()


def test_readers_see_the_naive_forecast_of_published_operations_alone():
    tables = [table("liberterra", [1, 2]).reset_index(), table("another", [1, 2]).reset_index()]
    tables[1]["operation"] = "invented"
    shown = beside_published(pd.concat(tables)).groupby("operation")["naive"].count()
    assert shown["liberterra"] == len(RATES) and shown["invented"] == 0


def test_victims_are_reported_as_calibrated():
    known = pd.read_csv(ROOT / "results" / "liberterra_prediction" / "parameters.csv").set_index("parameter")
    assert round(known.loc["victims", "median"]) == REPORTED_PER_VICTIM


def test_one_run_has_no_band():
    found = table("liberterra", [7])
    assert found.loc["arrests", "mean"] == 7 and math.isnan(found.loc["arrests", "low"])
