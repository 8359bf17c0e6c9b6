"""Operations calibrated and predicted: on responses made by hand, whose answers are known."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from waterbed.scenario.scenario import Scenario
from waterbed.validate import effects, operations, staging


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for module in (effects, operations):
        monkeypatch.setattr(module, "DRAWS", 2**12)
    yield


def responses(level: dict[str, float], lists: int = 0) -> pd.DataFrame:
    """Outcomes that go with the effects to the power one half, from a level for each operation at effect 1."""
    rows = []
    for name, draw in [*((n, 0) for n in level), *((staging.PREDICTED, d + 1) for d in range(lists))]:
        for e in staging.EFFECTS:
            for s in staging.SEARCHES:
                arrests, migrants = level[name] * e**0.5, 100 * level[name] * s**0.5
                of = (arrests, 0.1 * arrests, migrants, 0.3 * arrests, 0.01 * arrests)
                rows.append((name, draw, e, s, 10, 100, *of))
    return pd.DataFrame(rows, columns=list(staging.RESPONSE_COLUMNS))


def as_published(factor: float = 0.5) -> dict[str, float]:
    """A simulation that knows how operations differ, but not how much officers of one do.

    Where arrests for trafficking or smuggling are not published, half of all are taken for these.
    """
    table = staging.operations()
    return (factor * table["arrests_trafficking_smuggling"].fillna(0.5 * table["arrests"])).to_dict()


def as_country_days() -> dict[str, float]:
    table = staging.operations()
    return (0.4 * table["countries"] * table["days"]).to_dict()


def test_a_simulation_that_knows_the_differences_is_believed() -> None:
    found = operations.parameters_table(responses(as_published())).set_index("parameter")
    assert found.loc["weight_arrests", "median"] > 0.7
    assert found.loc["spread_arrests", "median"] < 0.3
    told = operations.leave_one_out(responses(as_published()))
    told = told[told["row"] == "arrests"]
    assert told["in90"].mean() > 0.9 and told["crps"].sum() < 0.8 * told["naive_spread_crps"].sum()


def test_one_that_knows_nothing_is_not() -> None:
    """Levels in another order: the weight falls, and the spread takes over."""
    table = staging.operations()
    noise = np.random.default_rng(1).lognormal(0.0, 1.5, len(table))
    lost = dict(zip(table.index, noise * 100, strict=True))
    found = operations.parameters_table(responses(lost)).set_index("parameter")
    assert found.loc["weight_arrests", "median"] < 0.4


def test_without_differences_the_forecast_is_the_naive_one() -> None:
    """A simulation proportional to countries and days can only say what their rate says."""
    found = operations.predict(responses(as_country_days()))
    row = found[found["row"] == "irregular_migrants_detected"].iloc[0]
    assert row["median"] == pytest.approx(row["naive_median"], rel=0.2)
    assert math.log(row["width"]) == pytest.approx(math.log(row["naive_width"]), rel=0.2)


def test_the_level_that_made_the_outcomes_is_found_again() -> None:
    """At an effect of 4 the simulation gives what was published: that is what comes out."""
    found = operations.parameters_table(responses(as_published(4**-0.5))).set_index("parameter").loc["arrests"]
    assert found["low"] < 4.0 < found["high"]


def test_what_is_predicted_does_not_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another Liberterra III, and another of the operations left out: their forecasts stay, to the bit."""
    given = responses(as_published(), lists=2)
    before = operations.predict(given), operations.leave_one_out(given)
    other = staging.operations().copy()
    for name in (staging.PREDICTED, "Weka II"):
        other.loc[name, list(operations.ROWS)] *= 7
    monkeypatch.setattr(effects, "operations", lambda: other)
    forecast = ["operation", "row", "countries", "median", "low", "high"]
    after = operations.predict(given), operations.leave_one_out(given)
    left = [t[t["operation"] == "Weka II"][forecast].reset_index(drop=True) for t in (before[1], after[1])]
    pd.testing.assert_frame_equal(*left)
    assert not before[0][forecast].equals(after[0][forecast]), "Weka II is among those that tell of Liberterra III"
    other.loc["Weka II"] = staging.operations().loc["Weka II"]
    pd.testing.assert_frame_equal(before[0][forecast], operations.predict(given)[forecast])


def test_both_ways_of_choosing_countries_are_reported() -> None:
    found = operations.predict(responses(as_published(), lists=3))
    assert found["countries"].value_counts().to_dict() == {"by rule": 5, "at random": 5}
    assert set(found["row"]) == set(operations.ROWS)


def test_coverage_counts_what_was_published() -> None:
    told = operations.leave_one_out(responses(as_published()))
    found = operations.coverage(told).set_index("row")
    assert found.loc["all", "n"] == len(told) == sum(found["n"]) - len(told)
    arrests = told[told["row"] == "arrests"]
    assert found.loc["arrests", "n"] == 12 and found.loc["arrests", "in90"] == arrests["in90"].mean() > 0.8
    assert found.loc["arrests", "low"] < arrests["in90"].mean() <= found.loc["arrests", "high"]
    assert found.loc["arrests", "crps"] == pytest.approx((arrests["crps"] / arrests["published"]).mean())


def test_crps_of_a_normal_sample() -> None:
    """Closed form: for N(0, 1) at 0 it is (sqrt 2 - 1)/sqrt pi, far out the distance less 1/sqrt pi."""
    from scipy.stats import norm

    x = norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    assert operations.crps(x, 0.0) == pytest.approx((math.sqrt(2) - 1) / math.sqrt(math.pi), abs=1e-3)
    assert operations.crps(x, 50.0) == pytest.approx(50 - 1 / math.sqrt(math.pi), abs=1e-3)
    assert operations.crps(np.full(7, 3.0), 5.0) == 2.0


def test_resampling_keeps_by_weight() -> None:
    weight = np.full(effects.DRAWS, -np.inf)
    weight[[3, 5]] = math.log(0.25), math.log(0.75)
    kept, effective = effects.resample(weight, 1)
    assert np.bincount(kept)[[3, 5]] / effects.DRAWS == pytest.approx([0.25, 0.75], abs=1e-3)
    assert effective == pytest.approx(1 / (0.25**2 + 0.75**2))


@pytest.mark.parametrize("name", staging.operations().index)
def test_operations_are_staged_as_published(name: str) -> None:
    row, scenario = staging.operations().loc[name], staging.staged(name)
    operation = scenario.operations["operation"]
    assert (str(scenario.start_date), operation.days, operation.start) == (row["start"], row["days"], 0)
    assert operation.officers == pytest.approx(14000 / 119 * len(operation.countries), abs=1)
    assert len(operation.countries) <= row["countries"]
    assert len(row["source"]) > 20 and row["use"] in ("earlier", "predicted")


def test_the_countries_are_those_of_the_scenario() -> None:
    """Of Liberterra III by rule; at random they hold the named ones, and a number is a list."""
    shipped = Scenario.load("liberterra").operations["liberterra"].countries
    assert staging.participants(staging.PREDICTED) == list(shipped)
    named = set(staging.operations().loc[staging.PREDICTED, "named"].split())
    lists = [staging.participants(staging.PREDICTED, d) for d in (1, 1, 2)]
    assert lists[0] == lists[1] != lists[2]
    assert all(named <= set(one) and len(one) == 119 for one in lists)


def test_those_not_named_come_from_the_operation_s_regions() -> None:
    where = staging.regions()
    row = staging.operations().loc["Weka I"]
    chosen = staging.participants("Weka I")
    assert set(row["named"].split()) <= set(chosen) and len(chosen) == 24
    assert {where[c] for c in chosen} <= set(row["regions"].split("; "))


def test_responses_are_means_of_runs_and_go_up_with_the_effects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "EFFECTS", (1.0, 8.0))
    monkeypatch.setattr(staging, "SEARCHES", (0.03, 1.0))
    columns = list(staging.RESPONSE_COLUMNS)
    one, two, both = (pd.DataFrame(staging.respond("Turquesa V", 0, s), columns=columns) for s in ([1], [2], [1, 2]))
    for count in staging.COUNTS:
        assert both[count].to_numpy() == pytest.approx((one[count].to_numpy() + two[count].to_numpy()) / 2)
    at = both.set_index(["effect", "search"])
    assert at.loc[(8.0, 0.03), "arrests"] > at.loc[(1.0, 0.03), "arrests"] > 0
    assert at.loc[(1.0, 1.0), "migrants"] > at.loc[(1.0, 0.03), "migrants"]
