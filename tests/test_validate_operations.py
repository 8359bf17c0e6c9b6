"""Operations calibrated and predicted: on responses made by hand, whose answers are known."""

from __future__ import annotations

import importlib
import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from waterbed.scenario.scenario import Scenario
from waterbed.validate import effects, operations, staging

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for module in (effects, operations):
        monkeypatch.setattr(module, "DRAWS", 2**11)
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
    assert told["in90"].mean() > 0.8 and told["crps"].sum() < 0.8 * told["naive_spread_crps"].sum()


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


def test_the_scenario_has_the_calibrated_effects() -> None:
    """Medians of the shipped table, to two digits; raids have the effect of arrests."""
    found = pd.read_csv(ROOT / "results" / "liberterra_prediction" / "parameters.csv").set_index("parameter")["median"]
    operation = Scenario.load("liberterra").operations["liberterra"]
    for effect in ("search", "arrests", "investigations"):
        assert getattr(operation, effect) == float(f"{found[effect]:.2g}")
    assert operation.raids == operation.arrests
    others = Scenario.load("classroom").operations["surge"]
    assert (others.search, others.arrests, others.raids, others.investigations) == (1.0, 1.0, 1.0, 1.0)


def test_the_shipped_responses_hold_every_operation() -> None:
    table = staging.shipped()
    assert set(table["operation"]) == set(staging.operations().index)
    points = len(staging.EFFECTS) * len(staging.SEARCHES)
    assert len(table) == points * (len(staging.operations()) + staging.RANDOM_LISTS)
    assert (table[["arrests", "migrants"]] > 0).all().all() and table["model_version"].nunique() == 1


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT / "experiments" / "liberterra"))
    return importlib.import_module("prediction")


def test_the_command_goes_on_where_it_stopped(command: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is there already is taken; other seeds are another result."""
    task, other = ("Turquesa I", 0, (1, 2)), ("Turquesa I", 0, (1, 3))
    assert command._key(task) == command._key(task) != command._key(other)
    monkeypatch.setattr(staging, "tasks", lambda *a, **k: [("Turquesa I", 0, [1, 2])])
    monkeypatch.setattr(staging, "respond", lambda *a: pytest.fail("simulated again"))
    given = responses(as_published())
    given[given["operation"] == "Turquesa I"].to_csv(tmp_path / f"turquesa-i-0-{command._key(task)}.csv")
    assert command.simulated(tmp_path, 2, 1, 1)["operation"].unique().tolist() == ["Turquesa I"]


def test_the_figure_and_the_words_say_what_the_tables_hold(command: Any, tmp_path: Path) -> None:
    from waterbed.report import style

    given = responses(as_published(), lists=1)
    predicted, left_out = operations.predict(given), operations.leave_one_out(given)
    four = predicted[(predicted["countries"] == "by rule") & (predicted["row"] != operations.ROWS[0])]
    held = int(four["in90"].sum())
    assert f"Countries by rule: {held} of 4 within 90 %" in command.verdicts(predicted)[0]
    with style.context():
        figure = command.prediction_figure.draw(predicted, left_out, 10)
        figure.savefig(tmp_path / "figure.svg")
    words = [t.get_text() for t in figure.texts]
    assert any(w.startswith(f"Liberterra III: {held or 'none'} of the 4") for w in words)
    assert {"Weka II", "Turquesa I", "Liberterra II"} <= set(words)


def test_the_page_has_the_numbers_of_the_tables() -> None:
    page = (ROOT / "docs" / "prediction.md").read_text("utf-8")
    found = pd.read_csv(ROOT / "results" / "liberterra_prediction" / "prediction.csv")
    for row in found[found["countries"] == "by rule"].itertuples():
        said = f"| {row.published:,.0f} | {row.median:,.0f} [{row.low:,.0f}, {row.high:,.0f}] | {row.crps:,.0f} |"
        naive = f"| {row.naive:,.0f} ({row.naive_crps:,.0f}) |"
        assert said in page and naive in page
    for row in pd.read_csv(ROOT / "results" / "liberterra_prediction" / "coverage.csv").itertuples():
        assert f"| {row.n} | {row.in50:.2f} | {row.in90:.2f} [{row.low:.2f}, {row.high:.2f}] |" in page


def test_responses_are_gathered_in_order_whatever_the_executor(monkeypatch: pytest.MonkeyPatch) -> None:
    """One row of each task here, for the sake of time."""
    rest = (200, *[0] * len(staging.COUNTS))
    monkeypatch.setattr(staging, "respond", lambda name, draw, seeds: [(name, draw, 1.0, 1.0, len(seeds), *rest)])
    said: list[tuple[int, int]] = []
    alone = staging.responses(replicates=4, progress=lambda *n: said.append(n))
    with ThreadPoolExecutor(3) as pool:
        pd.testing.assert_frame_equal(alone, staging.responses(replicates=4, executor=pool))
    assert said[-1] == (len(alone), len(alone)) and len(alone) == len(staging.operations()) + staging.RANDOM_LISTS
    assert alone["runs"].tolist() == [4] * len(staging.operations()) + [1] * staging.RANDOM_LISTS


def test_the_command_shows_the_case_in_80_columns_and_stores_it(monkeypatch, tmp_path, capsys):
    from waterbed.validate import command

    kept = ROOT / "results" / "liberterra_prediction"
    monkeypatch.setattr(operations, "predict", lambda: pd.read_csv(kept / "prediction.csv"))
    monkeypatch.setattr(operations, "leave_one_out", lambda: pd.read_csv(kept / "leave_one_out.csv"))
    command.run("liberterra", None, tmp_path / "scores", False, False)
    told = capsys.readouterr().out
    row = pd.read_csv(kept / "prediction.csv").set_index(["row", "countries"]).loc[("arrests", "by rule")]
    assert f"{row['low']:,.0f} to {row['high']:,.0f}" in told
    assert max(map(len, told.splitlines()[:-1])) <= 80
    stored = {path.name for path in (tmp_path / "scores").iterdir()}
    assert stored == {"prediction.csv", "leave_one_out.csv", "coverage.csv", "provenance.json"}
