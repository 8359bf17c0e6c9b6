"""What a field evaluator says of one world, beside the truth; and what the measure cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from synthetic import CENTRAL, leg, pair, people, run, scenario
from waterbed.engine.world import CROSSINGS, DEATHS, DEPARTURES, DETECTIONS, T
from waterbed.measures.effects import effects_table, runs_table
from waterbed.measures.evaluation import evaluators
from waterbed.measures.reading import Reading
from waterbed.measures.reduce import gather, reduce, settle
from waterbed.measures.sets import Sets, sets_by_loss
from waterbed.measures.window import find_window
from waterbed.network import load_world

WORLD = load_world("classroom")
SETS = Sets(np.array([0]), np.array([1]), np.array([2]), "for the test")
SPAN = "during and after"


def told(*counts, sets=SETS):
    """Terms from detections of (treated, buffer, control): (before, now, now in the twin)."""
    detections = np.zeros((2, 4, 3))
    for i, (before, now, twin) in enumerate(counts):
        detections[:, 0, i], detections[0, 1, i], detections[1, 1, i] = before, now, twin
    s = scenario()
    terms, absent = {}, {}
    evaluators(terms, absent, detections, sets, find_window(s, s.untreated()))
    return {name: value for (name, key, _), value in terms.items() if key == SPAN}, absent


def test_the_published_example_and_its_truth():
    terms, absent = told((207, 110, 200), (178, 157, 150), (308, 318, 318))
    assert not absent
    top, bottom = terms["weighted_displacement_quotient"]
    assert top / bottom == pytest.approx(0.258, abs=5e-4)
    assert terms["weighted_displacement_quotient_truth"] == (150 - 157, 200 - 110)
    assert terms["weighted_displacement_quotient_bias"] == (top, bottom, -7, 90)
    assert terms["total_net_effect"][0] == pytest.approx(130.5, abs=0.05)
    assert terms["total_net_effect_truth"] == (90 - 7,)
    assert terms["total_net_effect_bias"][0] == pytest.approx(130.5 - 83, abs=0.05)
    assert terms["before_after"] == (-97, 207)
    assert terms["before_after_truth"] == (-90, 200)
    assert terms["before_after_bias"] == (-97, 207, -90, 200)
    assert terms["weighted_displacement_difference"][0] == (-97 - 10) + (-21 - 10)
    assert terms["weighted_displacement_difference_truth"] == (-83,)


def test_what_is_missing_is_named():
    none = np.zeros(0, int)
    terms, absent = told((9, 9, 9), (9, 9, 9), (9, 9, 9), sets=replace(SETS, control=none))
    assert "before_after" in terms and "no control legs" in absent["total_net_effect", SPAN, "detection"]
    _, absent = told((9, 9, 9), (9, 9, 9), (9, 9, 9), sets=replace(SETS, buffer=none))
    assert "no buffer legs" in absent["weighted_displacement_quotient", SPAN, "1"]


def test_a_control_without_detections_adds_nothing_to_the_quotient():
    terms, _ = told((9, 5, 9), (9, 9, 9), (0, 3, 3))
    assert terms["weighted_displacement_quotient"] == (0.0, 0.0)
    assert "total_net_effect" not in terms


def test_detections_are_read_on_the_same_days_a_year_before():
    x, y = pair(scenario(persons_per_agent=10))
    x.legs[400 - 365, CENTRAL, DETECTIONS] = 7  # first day of the window, a year before
    x.legs[400 - 366, CENTRAL, DETECTIONS] = 100  # the day before that
    x.legs[501, CENTRAL, DETECTIONS] = 3  # last day of the window
    x.legs[502, CENTRAL, DETECTIONS] = 100
    y.legs[450, CENTRAL, DETECTIONS] = 5
    terms = reduce(x, y).terms
    assert terms["before_after", SPAN, "share"] == (30 - 70, 70)
    assert terms["before_after_truth", SPAN, "share"] == (30 - 50, 50)
    assert terms["before_after", "during", "share"] == (-70, 70)


def test_losses_harm_and_cost_at_scale():
    s = scenario(persons_per_agent=10)
    x, y = run(s, officer_days=600), run(s.untreated())
    for r, flow, deaths in ((x, 2, 1), (y, 5, 2)):
        r.legs[400:502, CENTRAL, CROSSINGS] = flow
        r.legs[405, CENTRAL, DEATHS] = deaths
        r.totals[400:502, T["arrivals"]] = flow
        r.totals[890, T["exploited"]] = flow
    found = {(name, key): value for (name, key, _), value in reduce(x, y).terms.items()}
    assert found["treated_crossings_lost", SPAN] == (3 * 102 * 10, 5 * 102 * 10)
    assert found["treated_crossings_lost", "during"] == (3 * 12 * 10, 5 * 12 * 10)
    assert found["treated_crossings_lost", "after"] == (3 * 90 * 10, 5 * 90 * 10)
    assert found["arrivals_lost", SPAN] == (3 * 102, 5 * 102)
    assert found["officer_days_per_prevented_crossing", SPAN] == (600, 3060)
    assert found["deaths_change", SPAN] == (-10,)
    assert found["deaths_per_1000_crossings", "with"] == (10_000, 2040)
    assert found["exploited_person_days_change", "to the end"] == (-30,)


def test_treated_legs_are_chosen_by_the_loss_in_sum_over_replicates():
    s = scenario(operations={}, policies={"push": {"start": 400, "days": 12, "push": -0.1}})
    west = leg("Westport > Isle")
    pairs = []
    for seed, (central, other) in enumerate([(1, 9), (8, 0), (6, 6)]):
        x, y = pair(s, people(2), people(2), seed)
        y.legs[401, CENTRAL, CROSSINGS], y.legs[401, west, CROSSINGS] = central, other
        y.legs[401, 0, DEPARTURES] = 1
        pairs.append((x, y))
    done = [reduce(*p) for p in pairs]
    assert all(r.sets is None and r.pending is not None for r in done)
    sets = sets_by_loss(WORLD, sum(r.legs[1] - r.legs[0] for r in done))
    assert set(sets.treated) == {CENTRAL, west}
    only_central = sets_by_loss(WORLD, np.eye(39)[CENTRAL])
    done = [settle(r, only_central, WORLD) for r in done]
    assert [r.terms["treated_crossings_lost", SPAN, "share"][0] for r in done] == [1, 8, 6]
    assert done[1].series["treated"][:, 401].tolist() == [0, 8]
    assert done[0].series["other"][:, 401].tolist() == [0, 9]
    window = find_window(s, s.untreated())
    table = effects_table(done, WORLD.network, window, 1).set_index(["effect", "key"])
    row = table.loc[("treated_crossings_lost", SPAN)]
    assert row["mean"] == 1.0 and "flatters" in row["note"]
    window = find_window(pairs[0][0].scenario, pairs[0][1].scenario)
    assert gather(*(Reading(run, window) for run in pairs[0])).pending is not None


def test_every_run_is_in_the_table_of_runs():
    done = []
    for seed in (7, 8):
        x, y = pair(seed=seed)
        y.legs[450, CENTRAL, CROSSINGS] = seed
        done.append(reduce(x, y))
    table = runs_table(done)
    row = table[(table["effect"] == "treated_crossings_lost") & (table["key"] == SPAN)]
    assert row["seed"].tolist() == ["7", "8"]
    assert row["numerator"].tolist() == row["denominator"].tolist() == [7, 8]
    assert row["value"].tolist() == [1, 1] and row["base_numerator"].isna().all()
