"""The two experiments of the Liberterra story, and the page that they write."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "experiments" / "liberterra"))

import figures_did  # noqa: E402
import figures_next  # noqa: E402
import page  # noqa: E402
import prose_did  # noqa: E402
import prose_next  # noqa: E402
import story_measures  # noqa: E402
import story_runs  # noqa: E402
import story_words  # noqa: E402
import story_worlds  # noqa: E402
import what_next  # noqa: E402

from waterbed.engine.run import simulate  # noqa: E402
from waterbed.engine.world import CROSSINGS  # noqa: E402
from waterbed.errors import InputError  # noqa: E402
from waterbed.network import load_world  # noqa: E402
from waterbed.report import style  # noqa: E402
from waterbed.scenario.scenario import Scenario  # noqa: E402

RESULTS = ROOT / "results" / "liberterra_story"


# Equal cost ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def worlds():
    return story_worlds.next_worlds()


def _price(world: Scenario, days: int, base: Scenario) -> float:
    """Officer-days a year of all that a world has beyond the operation, by the cost model, read from the scenario."""
    known = story_worlds.costs()
    total = 0.0
    for name, op in world.operations.items():
        if name not in base.operations:
            unit = known[name].central if name in known else 1.0
            total += op.officers * op.days * unit
    countries = len(base.operations["liberterra"].countries)
    for name, policy in world.policies.items():
        if name == "monitor":
            total += policy.online_monitoring * countries * days * known[name].central
        elif name == "identify":
            total += policy.identification * known["people_detected"].central * known[name].central * days / 365
        else:
            total += -policy.push / 0.01 * known[name].central / known["officer_day"].central * days / 365
    return total / days * 365


def test_every_lever_and_pair_costs_what_the_operation_did(worlds):
    base = worlds[story_worlds.NOTHING]
    operation = base.operations["liberterra"]
    days = base.days - operation.start - operation.days
    budget = operation.officers * operation.days
    levers = [*story_worlds.LEVERS, *(w for w in worlds if " + " in w)]
    assert len(levers) == 15
    for lever in levers:
        # Whole officers: a lever may be off by half of one, all year round.
        assert _price(worlds[lever], days, base) == pytest.approx(budget, abs=2 * 365), lever
    again = worlds[story_worlds.REPEAT]
    yearly = sum(op.officers * op.days for name, op in again.operations.items() if name != "liberterra")
    assert yearly == story_worlds.YEARS * budget
    starts = sorted(op.start for op in again.operations.values())
    assert set(np.diff(starts)) == {365} and starts[-1] + operation.days <= base.days


def test_levers_begin_when_the_operation_is_over_and_leave_it_as_it_was(worlds):
    base = worlds[story_worlds.NOTHING]
    operation = base.operations["liberterra"]
    for name, world in worlds.items():
        if name == story_worlds.WITHOUT:
            assert not world.operations and not world.policies
            continue
        assert world.operations["liberterra"] == operation, name
        more = [m for n, m in (*world.operations.items(), *world.policies.items()) if n != "liberterra"]
        assert all(m.start >= operation.start + operation.days for m in more), name
        assert world.days == base.days


def test_a_lever_that_is_dearer_buys_less(worlds):
    base, known = worlds[story_worlds.NOTHING], story_worlds.costs()
    for lever in story_worlds.LEVERS:
        bought = [story_worlds.dose(lever, 1e5, unit, base, known) for unit in (1.0, 2.0)]
        assert bought[0] == pytest.approx(2 * bought[1]), lever
        assert known[lever].low < known[lever].central < known[lever].high
        if f"{lever} cheap" in worlds:
            assert known[lever].central > 2 * known[lever].low


def test_one_row_of_the_cost_model_says_what_it_rests_on():
    table = pd.read_csv(story_worlds.COSTS, keep_default_na=False)
    assert set(story_worlds.LEVERS) <= set(table["item"])
    assert (table[["unit", "what", "basis", "source"]] != "").all(axis=None)
    assert set(table["basis"]) <= {"published", "derived", "judgement"}


# Runs and measures --------------------------------------------------------------------------------------------------


def classroom(**changes) -> Scenario:
    return Scenario.load("classroom").replace({"days": 720, "flow": 0.2, "operations.surge.start": 90, **changes})


def plain(x, y):
    return {"crossings": x.run.legs[..., CROSSINGS].sum(axis=0).astype(float), "deceived": x.deceived}


def test_worlds_of_one_past_are_those_run_from_scratch_and_are_kept(tmp_path):
    worlds = {"without": classroom().untreated(), "with": classroom()}
    found = story_runs.run(worlds, "without", plain, range(3, 5), 1, tmp_path)
    for seed, at in zip(range(3, 5), found, strict=True):
        for name, scenario in worlds.items():
            alone = simulate(scenario, seed)
            assert np.array_equal(at[name]["crossings"], alone.legs[..., CROSSINGS].sum(axis=0)), (seed, name)
    (folder,) = tmp_path.iterdir()
    before = {p.name: p.stat().st_mtime_ns for p in folder.iterdir()}
    assert set(before) == {"3.npz", "4.npz"}
    again = story_runs.run(worlds, "without", plain, range(3, 6), 1, tmp_path)
    assert np.array_equal(again[0]["with"]["crossings"], found[0]["with"]["crossings"])
    assert {p.name: p.stat().st_mtime_ns for p in folder.iterdir()}.items() >= before.items()  # only 5 was run
    changed = story_runs.folder(worlds | {"with": classroom(flow=0.3)}, "without", plain, tmp_path)
    assert changed != folder


def test_the_same_people_are_followed_and_kinds_of_victims_are_all_of_them(monkeypatch):
    scenario = classroom()
    monkeypatch.setattr(story_measures, "operation_days", lambda s: (90, 102))
    base = story_runs.Simulation(scenario.untreated(), 1)
    base.advance(scenario.burn_in + 90)
    y, x = (story_runs.live(story_runs.branch(base, s)) for s in (scenario.untreated(), scenario))
    null, one = story_measures.what_it_did(y, y), story_measures.what_it_did(x, y)
    assert null["between"].sum() == np.trace(null["between"]) > 0  # nothing against itself: everybody where they were
    assert one["between"].sum() == null["between"].sum()  # the same people
    assert one["between"].sum() > np.trace(one["between"])
    assert np.array_equal(one["between"].sum(axis=1), null["between"].sum(axis=1))  # what they did without
    assert one["suffered"][:, story_measures.SUFFERED.index("people")].sum() == one["between"].sum()
    assert one["departures"][:, :90].sum() == null["departures"][:, :90].sum()  # nothing moves before its cause


# Numbers and words --------------------------------------------------------------------------------------------------


def test_an_estimate_is_a_ratio_of_sums_with_its_interval():
    x, y = np.array([8.0, 9.0, 30.0]), np.array([10.0, 10.0, 40.0])
    found = story_runs.change(x, y)
    assert found.value == pytest.approx(47 / 60 - 1) and found.low <= found.value <= found.high < 0


def _found(effects: dict[str, float], n: int = 6) -> list[dict]:
    """Results of invented worlds: exploited days and crossings at so many times those without more."""
    out = []
    totals, legs = np.full((2, len(what_next.T)), 100.0), len(load_world("liberterra").network.legs)
    for i in range(n):
        seed = {}
        for name, factor in effects.items():
            seed[name] = {"totals": totals * factor * (1 + 0.01 * i), "legs": np.full((2, legs), factor)}
        out.append(seed)
    return out


def test_a_dearer_lever_falls_back_in_the_order(worlds, monkeypatch):
    effects = dict.fromkeys([what_next.NOTHING, "placebo", *story_worlds.LEVERS, what_next.REPEAT], 1.0)
    effects |= {"investigate": 0.9, what_next.REPEAT: 0.93, "identify": 0.99, "identify cheap": 0.5}
    found, scenario = _found(effects), worlds[story_worlds.NOTHING]
    fixed = what_next.drawn_effects(found, "exploited person-days", 3, scenario, chance=False, price=False)
    assert fixed["investigate"] == pytest.approx(-0.1) and fixed["identify"] == pytest.approx(-0.01)
    priced = what_next.drawn_effects(found, "exploited person-days", 3, scenario, chance=False, price=True)
    cost = story_worlds.costs()["investigate"]
    span = -0.1 * cost.central / np.array([cost.low, cost.high])
    assert span[0] <= priced["investigate"].min() < priced["investigate"].max() <= span[1]
    assert priced[what_next.REPEAT] == pytest.approx(-0.07)  # its price is the budget
    assert priced["identify"].min() == pytest.approx(-0.5, abs=0.02)  # at the lowest price, what was run there
    table = what_next.ranking(found, scenario).set_index(["outcome", "years", "lever"]).sort_index()
    at = table.loc[("exploited person-days", 3)]
    assert at.loc["investigate", "first_chance"] == 1.0
    assert 0.0 < at.loc["identify", "first_price"] < 1.0 and at["first_both"].sum() == pytest.approx(1.0)


@pytest.mark.parametrize(
    "value, low, high, said",
    [
        (-0.23, -0.32, -0.16, "fell by 23"),
        (0.05, 0.01, 0.09, "rose by 5"),
        (-0.05, -0.12, 0.01, "cannot be told from unchanged"),
        (float("nan"), float("nan"), float("nan"), "cannot be given"),
    ],
)
def test_words_follow_the_interval(value, low, high, said):
    row = {"change": value, "change_low": low, "change_high": high}
    assert story_words.moved(row).startswith(said)


def test_what_chance_alone_makes_is_not_told_as_an_effect():
    outcomes, worlds = ("crossings", "exploited person-days", "deaths"), [*story_worlds.LEVERS, what_next.REPEAT]
    rows = {(w, 3, o): (-0.02, -0.03, -0.01) for w in worlds for o in outcomes}
    rows |= {("investigate", 3, o): (-0.06, -0.07, -0.05) for o in outcomes}
    rows |= {(story_worlds.PLACEBO, 3, o): (-0.01, -0.04, 0.02) for o in outcomes}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["change", "change_low", "change_high"])
    table.index = pd.MultiIndex.from_tuples(table.index)
    said = prose_next._singles(table)
    assert "following up the investigations" in said and "collaboration" not in said


def _next(**crossings: tuple[float, float, float]) -> pd.DataFrame:
    """A table of invented worlds: crossings as given, everything else as under one more officer."""
    levers = [*story_worlds.LEVERS, what_next.REPEAT, story_worlds.PLACEBO]
    outcomes = ("crossings", "exploited person-days", "deaths", "victims protected", "online share of recruits")
    rows = {(w, y, o): (-0.01, -0.02, -0.005) for w in [*levers, "identify cheap"] for y in (1, 3) for o in outcomes}
    rows |= {(w, y, "displacement"): (0.4, 0.3, 0.5) for w in levers for y in (1, 3)}
    rows |= {(w, y, "crossings"): v for w, v in crossings.items() for y in (1, 3)}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["change", "change_low", "change_high"])
    table.index = pd.MultiIndex.from_tuples(table.index, names=["world", "years", "outcome"])
    return table


def test_bold_displacement_and_prices_are_told_only_beyond_one_more_officer():
    table = _next(investigate=(-0.2, -0.25, -0.15))
    found = prose_next.lever_rows(table.reset_index())
    assert found.count("**") == 4 and "| Following up the investigations | **\u221220" in found
    assert "following up the investigations 40 (30 to 50)." in prose_next._moved_to(table)
    assert "root causes" not in prose_next._moved_to(table)
    assert "no lever moves the share" in prose_next._moved_to(table)
    levers = [*story_worlds.LEVERS, what_next.REPEAT]
    ranking = pd.DataFrame({"lever": levers, "years": 3, "outcome": "crossings", "first_price": 1 / len(levers)})
    said = prose_next._prices({"ranking": ranking}, table)
    assert "put first by crossings over three years: following up the investigations (17" in said
    assert "root causes" not in said and "identifying victims early: crossings moved by no more than under one" in said
    nothing = prose_next._prices({"ranking": ranking}, _next())
    assert "cannot be told: no lever lowers these" in nothing


def test_an_estimate_is_told_no_finer_than_its_interval():
    assert story_words.estimate_words(-0.0073, -3.3, 3.5) == "0"
    assert story_words.estimate_words(-18.6, -24.8, -10.7) == "\u221219"
    assert story_words.estimate_words(-8.62, -10.9, -6.4) == "\u22128.6"
    assert story_words.estimate_words(3.8, -1600, 1800) == "0"


def test_one_number_is_rounded_alike_in_title_and_text():
    """Once, and by the wider end of its interval: rounded twice, 10.52 would be 10."""
    row = {"change": -0.1052, "change_low": -0.156, "change_high": -0.047}
    assert story_words.share(*story_words.three(row)) == "\u221211\u202f%"
    assert story_words.moved(row).startswith("fell by 11\u202f%")
    assert style.span(-12.54, 14.0) == "\u221213 to 14"
    row = {"value": 672.0, "value_low": 210.0, "value_high": 1130.0}
    assert story_words.people(row, "value").startswith("700 ")
    fell = {"change": -0.0398, "change_low": -0.06, "change_high": -0.018}
    regions = pd.DataFrame([{"region": "One", "journeys": 10} | fell])
    assert figures_did.regions_title(regions).endswith("most in One (\u22124\u202f%)")


def test_figures_are_drawn_from_the_committed_tables():
    tables, _ = page.read(RESULTS)
    assert "another route" not in figures_did.routes_title(tables["routes"])
    for figure in (figures_did.draw_regions(tables["regions"], 2), figures_did.draw_routes(tables, 2),
                   figures_next.draw_next(tables["next"], 1e5, 2), figures_next.draw_ranking(tables["ranking"], 2)):
        assert figure.get_figwidth() > 0  # fmt: skip


def test_the_story_dates_the_regions_that_its_figure_dates():
    tables, _ = page.read(RESULTS)
    known = story_words.shown_regions(tables["regions"])
    fell = known[known["change_high"] < 0]
    said = prose_did._by_region(tables["regions"])
    assert f"in {story_words.times(known['back'].notna().sum())} regions, journeys were back" in said
    assert f"{story_words.times((fell['year_high'] < 0).sum())} of the {story_words.times(len(fell))}" in said
    assert "arrests" not in said


@pytest.mark.parametrize("seeds", ["5:6", "5", "a:b", "9:3"])
def test_too_few_seeds_are_one_message_and_exit_code_2(monkeypatch, capsys, seeds):
    monkeypatch.setattr(sys, "argv", ["what_next.py", "--seeds", seeds])
    assert story_runs.started(what_next.main) == 2
    assert "give at least two, as in 500:540" in capsys.readouterr().err


def test_what_was_not_run_is_said(tmp_path):
    with pytest.raises(InputError, match="run python experiments/liberterra/what_it_did.py"):
        page.read(tmp_path)


def test_figures_are_kept_as_pictures_and_as_drawings(tmp_path):
    with style.context():
        story_runs.write(tmp_path, "it", {}, {"one": style.figure(40, 20)}, classroom(), range(3, 5))
    assert {p.name for p in tmp_path.iterdir()} == {"it.json", "one.png", "one.svg"}


# What is committed --------------------------------------------------------------------------------------------------


def test_the_committed_page_is_written_from_the_committed_tables():
    assert page.PAGE.read_text("utf-8") == page.page(), "run: python experiments/liberterra/page.py"


def test_the_page_has_no_number_of_its_own():
    prose = re.sub(r"\{[^}]*\}|\(\.\./[^)]*\)|`[^`]*`", "", page.TEMPLATE)
    known = {"2025", "90", "10", "20", "1", "3"}  # a year, how intervals are read, horizons
    left = set(re.findall(r"\d+", prose)) - known
    assert not left, left


def test_the_committed_tables_are_of_these_worlds():
    tables, about = page.read(RESULTS)
    assert about["what_it_did"]["replicates"] >= 8 and about["what_next"]["replicates"] >= 8
    assert set(tables["next"]["world"]) == set(story_worlds.next_worlds()) - {story_worlds.NOTHING}
    assert list(tables["levers"]["lever"]) == list(story_worlds.LEVERS)
    assert set(tables["worlds"]["world"]) == set(story_worlds.did_worlds()) - {story_worlds.WITHOUT}
    firsts = tables["ranking"].groupby(["outcome", "years"])[["first_chance", "first_price", "first_both"]].sum()
    assert np.allclose(firsts, 1.0)
    detected = tables["next"].query("outcome == 'people detected a year' and years == 3").iloc[0]
    at = tables["next"].set_index(["world", "years", "outcome"]).sort_index()
    for world, years in {(w, y) for w, y, _ in at.index}:  # of no loss, nothing can have gone elsewhere
        told = at.loc[(world, years, "crossings"), "change_high"] < 0
        assert told or np.isnan(at.loc[(world, years, "displacement"), "change"]), (world, years)
    cost = story_worlds.costs()["people_detected"]
    assert cost.low < detected["change"] < cost.high
    assert json.loads((RESULTS / "what_next.json").read_text("utf-8"))["scenario"]["name"] == "liberterra"
