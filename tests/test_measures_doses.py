"""Doses: fewer officers and more, in the same pairs of worlds."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from waterbed.errors import InputError
from waterbed.measures import Comparison, compare
from waterbed.measures.doses import MOST, OF, RESPONSE, RETURN, RETURN_CHANGE, factors
from waterbed.report import doses as report
from waterbed.report.html import write_report
from waterbed.scenario.scenario import Scenario

SMALL = Scenario.load("classroom").replace(
    {"days": 120, "burn_in": 60, "flow": 0.3, "compare.fate_days": 40, "compare.lead_days": 20,
     "compare.after_days": 30, "operations.surge.start": 40}
)  # fmt: skip
HUBS = {"operations.surge.target": {"hub_rank": "flow", "legs": [], "routes": []}, "operations.surge.countries": []}
"""Without declared legs, the loss of flow says which are treated."""


OWN = (RESPONSE, RETURN, RETURN_CHANGE)
"""Rows that only a table of doses has."""


@pytest.fixture(scope="module")
def dosed() -> Comparison:
    return compare(SMALL, replicates=4, seed=9, doses=(2, 0.5), workers=1)


def at(found: Comparison, dose: float) -> pd.DataFrame:
    """What a comparison says of a dose, as a table of effects."""
    assert found.doses is not None
    part = found.doses[(found.doses["dose"] == dose) & ~found.doses["effect"].isin(OWN)]
    return part.drop(columns=["dose", "officers"]).reset_index(drop=True)


def same(a: pd.DataFrame, b: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(a, b, check_exact=True)


def test_doses_change_nothing_of_the_comparison(dosed: Comparison) -> None:
    alone = compare(SMALL, replicates=4, seed=9, workers=1)
    for name, table in alone.tables().items():
        same(dosed.tables()[name], table)
    same(at(dosed, 1.0), dosed.effects)
    assert alone.doses is None and set(dosed.tables()) == {*alone.tables(), "doses"}


@pytest.mark.parametrize("dose", [0.5, 2])
def test_a_dose_is_the_comparison_with_so_many_officers(dosed: Comparison, dose: float) -> None:
    """The twin that all doses share, and the days before the operation, are those of each pair alone."""
    other = SMALL.replace({"operations.surge.officers": round(dose * SMALL.operations["surge"].officers)})
    same(at(dosed, dose), compare(other, replicates=4, seed=9, workers=1).effects)
    assert dosed.doses is not None
    assert set(dosed.doses.loc[dosed.doses["dose"] == dose, "officers"]) == {other.operations["surge"].officers}


def test_against_another_scenario_nothing_is_shared_and_the_same_comes_out() -> None:
    against = SMALL.untreated().replace({"choice.scale": 300.0})
    found = compare(SMALL, against, replicates=2, seed=9, doses=(2,), workers=1)
    other = SMALL.replace({"operations.surge.officers": 2 * SMALL.operations["surge"].officers})
    same(at(found, 2), compare(other, against, replicates=2, seed=9, workers=1).effects)


def test_where_the_loss_decides_the_planned_dose_does_for_all() -> None:
    world = SMALL.replace(HUBS)
    found = compare(world, replicates=2, seed=9, doses=(4,), workers=1)
    assert found.sets == compare(world, replicates=2, seed=9, workers=1).sets
    note = at(found, 4).set_index("effect")["note"]["treated_crossings_lost"]
    assert "chosen by their loss" in note.iloc[0]


def test_the_response_is_a_ratio_of_sums_over_the_same_pairs(comparison: Comparison) -> None:
    table = comparison.doses
    assert table is not None
    response = table[table["effect"] == RESPONSE].set_index(["dose", "key"])
    for name in OF:
        one = response.loc[(1.0, name[0])]
        assert one["mean"] == one["low"] == one["high"] == 1.0
    lost = table[(table["effect"] == "prevented_crossings")].set_index("dose")["mean"]
    assert response.loc[(2.0, "prevented_crossings"), "mean"] == pytest.approx(lost[2.0] / lost[1.0])
    assert response.loc[(0.5, "prevented_crossings"), "mean"] < 1 < response.loc[(2.0, "prevented_crossings"), "mean"]


@pytest.mark.slow
def test_processes_give_the_same(dosed: Comparison) -> None:
    assert compare(SMALL, replicates=4, seed=9, doses=(0.5, 2), workers=2).digest == dosed.digest


def test_doses_are_kept_and_go_with_the_run_that_is_overwritten(dosed: Comparison, tmp_path: Path) -> None:
    dosed.save(tmp_path)
    write_report(dosed, tmp_path)
    again = Comparison.load(tmp_path)
    assert again.doses is not None and again.digest == dosed.digest and (tmp_path / "figures" / "doses.svg").exists()
    alone = replace(dosed, doses=None)
    alone.save(tmp_path, force=True)
    write_report(alone, tmp_path)
    assert Comparison.load(tmp_path).doses is None and not list(tmp_path.rglob("doses.*"))


@pytest.mark.parametrize(
    ("doses", "said"),
    [
        ((0.0,), "doses: 0: is no factor"),
        ((-1.0, 2.0), "doses: -1: is no factor"),
        ((float("nan"),), "doses: nan: is no factor"),
        ((float("inf"),), "doses: inf: is no factor"),
        (range(2, MOST + 4), f"give at most {MOST}"),
        ((1e6,), r"doses: 1e\+06: .*operations\.surge\.officers"),
        ((1e308,), "is no factor"),
        ("0.5,2", "is no list of numbers"),
        (2, "is no list of numbers"),
        ((None,), "is no list of numbers"),
        ((1,), "is the planned one"),
        ((0.5, 0.501), "gives as many whole officers as 0.5"),
        ((1.001,), "gives as many whole officers as 1"),
        ((0.001,), "leaves operation 'surge' without officers"),
    ],
)
def test_doses_that_there_cannot_be_are_told(doses: tuple[float, ...], said: str) -> None:
    with pytest.raises(InputError, match=said):
        compare(SMALL, replicates=1, doses=doses)


def test_each_dose_once_and_never_the_planned_one() -> None:
    assert factors([4, 1, 0.5, 4.0]) == (0.5, 4.0)


def test_without_officers_there_is_nothing_to_give_more_of() -> None:
    bare = SMALL.replace({"operations.surge.officers": 0})
    with pytest.raises(InputError, match="no operation with officers"):
        compare(bare, replicates=1, doses=(2,))
    other_size = SMALL.replace({"operations.surge.officers": 100})
    with pytest.raises(InputError, match="operation 'surge' is in classroom too"):
        compare(SMALL, other_size, replicates=1, doses=(2,))
    same_operation = SMALL.replace({"choice.scale": 300.0})
    with pytest.raises(InputError, match="no operation with officers"):
        compare(SMALL, same_operation, replicates=1, doses=(2,))


def told(found: Comparison, dose: float, response: tuple[float, ...], *steps: tuple[float, float]) -> Comparison:
    """The same comparison with another response to a dose, changes of returns, and something prevented as planned."""
    assert found.doses is not None
    table = found.doses[found.doses["dose"].isin([1.0, dose]) & (found.doses["effect"] != RETURN_CHANGE)].copy()
    here = (table["effect"] == RESPONSE) & (table["key"] == "prevented_crossings") & (table["dose"] == dose)
    sure = (table["effect"] == "prevented_crossings") & (table["dose"] == 1.0)
    assert here.sum() == sure.sum() == 1
    table.loc[here, ["status", "mean", "low", "high"]] = ["ok", *response]
    table.loc[sure, ["status", "mean", "low", "high"]] = ["ok", 50.0, 40.0, 60.0]
    change = table[here].assign(effect=RETURN_CHANGE)
    return replace(found, doses=pd.concat([table, *(change.assign(low=a, high=b) for a, b in steps)]))


LESS, MORE, EITHER = (-2.0, -1.0), (1.0, 2.0), (-1.0, 1.0)


@pytest.mark.parametrize(
    ("dose", "response", "steps", "said"),
    [
        (2.0, (1.3, 1.2, 1.4), (LESS, LESS), "Twice the officers prevent 30\u202f% more crossings (20 to 40\u202f%); "
         "each further officer prevents less"),
        (2.0, (2.6, 2.3, 2.9), (LESS, MORE), "Twice the officers prevent 2.6 times as many crossings (2.3 to 2.9); "
         "further officers do not prevent less at every step"),
        (2.0, (1.9, 1.7, 2.1), (LESS, EITHER), "Twice the officers prevent 90\u202f% more crossings (70 to "
         "110\u202f%); that further officers prevent less cannot be told at every step"),
        (2.0, (1.1, 0.9, 1.3), (LESS,), "That twice the officers prevent more cannot be told (\u221210 to +30\u202f%)"),
        (2.0, (0.8, 0.7, 0.9), (LESS,), "Twice the officers prevent 20\u202f% fewer crossings (10 to 30\u202f%); each "
         "further officer prevents less"),
        (0.5, (0.7, 0.6, 0.8), (LESS,), "Half the officers prevent 70\u202f% of the crossings that all prevent (60 to "
         "80\u202f%); each further officer prevents less"),
    ],
)  # fmt: skip
def test_titles_say_what_more_and_fewer_do(
    dosed: Comparison, dose: float, response: tuple[float, ...], steps: tuple[tuple[float, float], ...], said: str
) -> None:
    assert report.title(told(dosed, dose, response, *steps)) == said


def test_a_title_claims_nothing_of_what_cannot_be_told(dosed: Comparison) -> None:
    found = told(dosed, 2.0, (1.3, 1.2, 1.4), LESS)
    assert found.doses is not None
    table = found.doses.copy()
    prevented = (table["effect"] == "prevented_crossings") & (table["dose"] == 1.0)
    table.loc[prevented, "low"] = -1.0
    assert "cannot be told from zero" in report.title(replace(found, doses=table))
    table.loc[prevented, ["mean", "low", "high"]] = -5.0, -7.0, -3.0
    assert report.title(replace(found, doses=table)) == "With the planned officers there are more crossings, not fewer"
    table = found.doses.copy()
    table.loc[(table["effect"] == RESPONSE) & (table["dose"] == 2.0), "status"] = "not identified"
    assert report.title(replace(found, doses=table)) == "What twice the officers prevent cannot be told"


def test_each_step_up_is_read_by_itself(comparison: Comparison) -> None:
    """Crossings that each further officer prevents: from none to half of them, to all, to twice as many."""
    table = comparison.doses
    assert table is not None
    runs = {dose: table[(table["effect"] == "prevented_crossings") & (table["dose"] == dose)]["mean"].item()
            for dose in (0.5, 1.0, 2.0)}  # fmt: skip
    steps = table[table["effect"] == RETURN].set_index("dose")["mean"]
    assert steps[0.5] == pytest.approx(runs[0.5] / 100) and steps[1.0] == pytest.approx((runs[1.0] - runs[0.5]) / 100)
    assert steps[2.0] == pytest.approx((runs[2.0] - runs[1.0]) / 200)
    change = table[table["effect"] == RETURN_CHANGE].set_index("dose")["mean"]
    assert list(change.index) == [1.0, 2.0] and change[2.0] == pytest.approx(steps[2.0] - steps[1.0])


def test_beside_a_policy_no_officers_are_not_no_difference() -> None:
    """Then nothing is drawn from zero, nothing held against proportion, and no step starts from none."""
    both = SMALL.replace({"policies": {"close": {"start": 40, "days": 12, "closes": ["Westport > Isle"]}}})
    found = compare(both, replicates=3, seed=9, doses=(2,), workers=1)
    assert found.doses is not None and set(found.doses[found.doses["effect"] == RETURN]["dose"]) == {2.0}
    assert found.doses[found.doses["effect"] == RETURN_CHANGE].empty
    said = " ".join(t.get_text() for t in found.plot_doses().texts)
    assert "exactly nothing" not in said and "proportion" not in said and "the same other world" in said


def test_of_several_operations_the_dose_stands_on_the_axis() -> None:
    two = SMALL.replace({"operations": {"more": {"start": 40, "days": 12, "officers": 100, "countries": ["HAR"]}}})
    found = compare(two, replicates=2, seed=9, doses=(2,), workers=1)
    said = " ".join(t.get_text() for t in found.plot_doses().texts)
    assert "Times the planned officers" in said and "2 times" in report.section(found)


def test_one_pair_is_drawn_without_intervals() -> None:
    found = compare(SMALL, replicates=1, seed=9, doses=(2,), workers=1)
    assert report.title(found).startswith("One pair of runs does not tell")
    figure = found.plot_doses()
    assert figure.axes and "one pair has no interval" in " ".join(t.get_text() for t in figure.texts)


def test_the_page_tells_how_to_have_doses_and_holds_them(dosed: Comparison, tmp_path: Path) -> None:
    text = write_report(dosed, tmp_path / "a").read_text("utf-8")
    assert report.title(dosed).replace("\u202f", "") in text.replace("\u202f", "") and "200 officers (planned)" in text
    bare = write_report(replace(dosed, doses=None), tmp_path / "b").read_text("utf-8")
    assert report.OPTION in bare and "(planned)" not in bare
    with pytest.raises(InputError, match="run waterbed compare with --doses"):
        replace(dosed, doses=None).plot_doses()


def test_the_command_tells_doses_and_misspelt_ones(tmp_path: Path) -> None:
    def run(*more: str) -> subprocess.CompletedProcess[str]:
        call = [sys.executable, "-m", "waterbed", "compare", "classroom", "--replicates", "2", *more]
        return subprocess.run(call, capture_output=True, text=True, check=False)

    wrong = run("--doses", "half", "--out", str(tmp_path / "a"))
    assert wrong.returncode == 2 and "--doses half: is no list of numbers" in wrong.stderr
    assert not (tmp_path / "a").exists() and not wrong.stdout
    done = json.loads(run("--doses", "0.5,2", "--json").stdout)
    assert {row["dose"] for row in done["doses"]} == {0.5, 1.0, 2.0}
    assert np.isclose(*(next(r["mean"] for r in rows if r["effect"] == "arrivals_lost")
                        for rows in (done["effects"], [r for r in done["doses"] if r["dose"] == 1.0])))  # fmt: skip
