"""The experiments' studies and the policy search: what they vary, what they say, and that they can be gone on with."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import waterbed as wb
from scripts import load
from studies import SMALL
from waterbed.report import style
from waterbed.scenario.addresses import addresses
from waterbed.study.estimates import Estimate, Estimates
from waterbed.study.pools import Here
from waterbed.study.study import Study

ROOT = Path(__file__).parents[1]
STUDIES = ROOT / "experiments" / "studies"


told = load(STUDIES / "told.py")
for name in ("evaluators", "questions", "screening"):
    load(STUDIES / f"{name}.py")
answer, policy = load(STUDIES / "answer.py"), load(ROOT / "experiments" / "policy.py")


@pytest.mark.parametrize("path", sorted(STUDIES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_study_is_sound_and_says_what_it_asks(path):
    study = wb.Study.load(path)
    assert study.file.name == path.stem
    assert answer.question(path).endswith((".", "?")) and "waterbed study" not in answer.question(path)
    assert path.stem in {*answer.ANSWERS, *answer.LONG, "world"}


@pytest.mark.slow
@pytest.mark.parametrize("name", answer.ANSWERS)
def test_committed_answers_are_those_of_the_rules_as_they_are(name):
    """A change of rules may turn an answer: where this fails, the studies are to be made anew."""
    study = wb.Study.load(STUDIES / f"{name}.toml")
    first = Study.of(study.file.model_copy(update={"replicates": 1}), study.folder).run(workers=1)
    kept = json.loads((ROOT / "results" / "studies" / name / "provenance.json").read_text("utf-8"))
    assert answer.first_pairs(first.runs) == kept["first_pairs"]


def test_the_screening_varies_every_parameter_of_judgement_and_no_other():
    scenario = wb.Scenario.load("classroom")
    of_behaviour = ("choice.", "migration.", "recruiting.", "hubs.", "learning.", "police.", "world.")
    # What an operation is (its size, its day) is a decision, not something that nobody has measured.
    of_operation = ("officers_per_unit", "cooperation", "announcement")
    judged = [
        address
        for address, (value, declared) in addresses(scenario).items()
        if declared.source.startswith("judgement") and type(value) in (int, float)
        and (address.startswith(of_behaviour) or address.rpartition(".")[2] in of_operation)
    ]  # fmt: skip
    assert list(tomllib.loads((STUDIES / "screening.toml").read_text())["factors"]) == judged


ARMS = """
name = "arms"
replicates = 6
keep = ["lost", "people"]
[design]
kind = "grid"
[factors.x]
names = ["none", "some", "many"]
levels = [0, 1, 3]
[factors.y]
levels = [0, 1]
"""


def _found(values, seed):
    """Chance that is the same at all points, and an effect that is certain."""
    chance = np.random.default_rng(seed).normal()
    return {"lost": (10.0 * values["x"] + chance, 100.0), "people": 5.0 * values["x"] + values["y"] + chance}


def arms() -> Estimates:
    return Estimates(Study.parse(ARMS, model=_found).run(workers=1).results)


def test_a_difference_of_points_is_paired_and_a_mean_over_points_is_their_mean():
    of = arms()
    one, other = of("lost", {"x": "none"}), of("lost", {"x": "many"})
    assert other.high - other.low > 0.001
    difference = other - one
    assert difference.value == pytest.approx(0.3) and difference.high - difference.low < 1e-9
    assert difference.sign == 1 and (one - other).sign == -1 and (one - one).sign == 0
    each = [of("people", {"x": "some", "y": y}) for y in (0, 1)]
    both = of("people", {"x": "some"})
    assert both.value == pytest.approx((each[0].value + each[1].value) / 2)
    assert both.low == pytest.approx((each[0].low + each[1].low) / 2)


def test_levels_go_by_their_names_and_unknown_ones_are_refused():
    of = arms()
    assert of.points({"x": "some", "y": 1}) == [3]
    with pytest.raises(wb.errors.InputError, match="no point has"):
        of.points({"x": 1})
    with pytest.raises(wb.errors.InputError, match="is no factor of this study"):
        of.points({"z": 1})
    with pytest.raises(wb.errors.InputError, match="names are 2 for 3 levels"):
        Study.parse(ARMS.replace('names = ["none", "some", "many"]', 'names = ["none", "some"]'), model=_found)


def test_what_has_too_few_denominators_is_not_identified():
    drawn = np.ones(1000)
    assert Estimate(1.0, drawn).known
    drawn[:30] = np.nan
    lost = Estimate(1.0, drawn)
    assert not lost.known and np.isnan(lost.low) and lost.sign == 0
    assert told.said(lost) == "not identified"
    ratio = Estimate(1.0, np.ones(4)) / Estimate(0.0, np.array([0.0, 1.0, 2.0, 4.0]))
    assert not ratio.known


def test_numbers_are_said_with_their_intervals():
    estimate = Estimate(0.123, np.linspace(0.1, 0.15, 1001))
    assert told.said(estimate).replace(style.THIN, " ") == "12 % (90 %: 10 to 15 %)"
    assert told.said(estimate, "points").replace(style.THIN, " ") == "+12 points (90 %: +10 to +15)"
    assert told.against(estimate, "more", "less", "same") == "more"


def test_the_level_at_which_a_response_reaches_a_goal():
    response = [Estimate(v, np.array([v, 2 * v])) for v in (0.0, 10.0, 12.0)]
    found = told.matched([0.0, 100.0, 200.0], response, Estimate(11.0, np.array([5.0, 99.0])))
    assert found.value == pytest.approx(150.0)
    assert found.drawn == pytest.approx([50.0, 200.0])


def test_a_derived_effect_is_its_parts_terms(tmp_path):
    made = Study.parse(f"""
name = "derived"
scenario = "classroom"
replicates = 2
keep = ["displaced_of_treated", "arrivals_lost"]
{SMALL}
[design]
kind = "grid"
[factors."operations.surge.officers"]
levels = [0, 300]
""")
    runs = made.run(workers=1, store=tmp_path).runs
    every = Study.of(made.file.model_copy(update={"keep": ()}), Path()).run(workers=1, store=tmp_path).runs
    assert "displaced_of_treated" not in every
    assert (runs["displaced_of_treated numerator"] == every["displacement_spatial numerator"]).all()
    assert (runs["displaced_of_treated denominator"] == every["displacement_temporal [later] denominator"]).all()


def test_a_plan_keeps_to_the_budget_and_its_spells_apart():
    plan = policy.Plan.of("Central route", 12, 6, 1.0, False)
    assert plan.cost <= policy.BUDGET < plan.cost + 12 * 6
    spells = plan.scenario().operations
    starts = sorted(o.start for o in spells.values())
    assert len(spells) == 6 and all(b - a >= 12 for a, b in zip(starts, starts[1:], strict=False))
    assert starts[-1] + 12 <= policy.START + policy.YEAR
    assert not any(o.announced for o in spells.values())


def test_objectives_of_plans_by_hand():
    terms = {
        "arrivals lost": np.array([[[10.0, 100.0], [30.0, 100.0]]]), "crossed": np.array([[[50.0], [150.0]]]),
        "West to Central": np.array([[[4.0], [-2.0]]]), "West to East": np.array([[[-3.0], [-3.0]]]),
        "Central to East": np.array([[[1.0], [-1.0]]]),
        "danger": np.array([[[2000.0, 100.0, 1000.0, 100.0], [2000.0, 100.0, 1000.0, 100.0]]]),
    }  # fmt: skip
    found = policy.objectives(terms, np.ones((1, 2)))
    assert found["arrivals lost"] == pytest.approx(np.array([[0.2]]))
    assert found["rerouted"] == pytest.approx(np.array([[(2 + 6 + 0) / 200]]))
    assert found["danger"] == pytest.approx(np.array([[10.0]]))


def test_the_search_goes_the_same_way_again_without_running_anything(tmp_path, monkeypatch):
    pytest.importorskip("optuna")
    ran = []

    def quick(self, values, seed):
        ran.append(seed)
        size = float(len(values["plan"])) + seed % 7
        return {"arrivals lost": (size, 100.0), "crossed": (100.0,), "West to Central": (size,), "West to East": (0.0,),
                "Central to East": (0.0,), "danger": (1.0, 10.0, 2.0, 10.0)}  # fmt: skip

    monkeypatch.setattr(policy.Measure, "__call__", quick)
    monkeypatch.setattr(policy, "measure", lambda: policy.Measure("test"))
    once = policy.search(6, 3, 2, 1, tmp_path, Here())
    count = len(ran)
    again = policy.search(6, 3, 2, 1, tmp_path, Here())
    assert count and len(ran) == count
    assert once[0] == again[0]
    pd.testing.assert_frame_equal(once[1], again[1])
    assert policy.search(6, 3, 2, 2, tmp_path, Here())[0] != once[0]


def test_screen_ranks_by_several_effects():
    text = """
name = "s"
replicates = 1
[design]
kind = "screen"
trajectories = 4
points = 4
second_order = false
keep_factors = 2
by = ["a", "b"]
[factors.x]
bounds = [0.0, 1.0]
[factors.y]
bounds = [0.0, 1.0]
[factors.z]
bounds = [0.0, 1.0]
"""
    result = Study.parse(text, model=_two).run(workers=1)
    assert [axis.address for axis in result.study.points.axes] == ["x", "z"]
    one = Study.parse(text.replace('["a", "b"]', '"a"'), model=_two).run(workers=1)
    assert [axis.address for axis in one.study.points.axes] == ["x", "y"]


def _two(values, seed):
    """One effect of x and little of y; another, on a larger scale, of z alone."""
    return {"a": 10.0 * values["x"] + values["y"], "b": 5000.0 * values["z"]}


SCREEN = """
name = "s"
title = "t"
replicates = 2
keep = ["treated_crossings_lost", "displaced_of_treated"]
[design]
kind = "screen"
trajectories = 6
points = 32
second_order = false
keep_factors = 2
by = ["treated_crossings_lost", "displaced_of_treated"]
[factors."choice.scale"]
bounds = [0.0, 1.0]
[factors."learning.rumour"]
bounds = [0.0, 1.0]
[factors."world.weather_sd"]
bounds = [0.0, 1.0]
"""


def _screened(values, seed):
    """Disruption by one parameter, displacement by another, and a third that does nothing."""
    chance = 0.01 * np.random.default_rng([seed, int(1e6 * values["choice.scale"])]).normal()
    disrupted = values["choice.scale"] + chance
    return {"treated_crossings_lost": disrupted, "displaced_of_treated": values["learning.rumour"]}


def test_the_screening_says_what_matters(tmp_path):
    result = Study.parse(SCREEN, model=_screened).run(workers=1)
    with style.context():
        said = sys.modules["screening"].screening(told.Found(result))
    text = " ".join(said.lines).replace(style.THIN, " ")
    assert "of 3 parameters 2 move it by less than a tenth" in text
    assert "Handed on, each for the effect that it moves most: choice.scale, learning.rumour." in text
    assert set(said.figure) == {"morris", "sobol"}
    sobol = said.table[(said.table["index"] == "ST") & (said.table["effect"] == "displaced_of_treated")]
    assert sobol.set_index("factor")["value"]["learning.rumour"] == pytest.approx(1.0, abs=0.15)
    for name, figure in said.figure.items():
        figure.savefig(tmp_path / f"{name}.png")
