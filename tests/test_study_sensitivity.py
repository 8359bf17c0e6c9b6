"""Sensitivity against closed forms, by the same way that studies of the model take; and SALib's traps."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import waterbed as wb
from known_functions import (
    ishigami,
    ishigami_indices,
    line,
    line_mostly_missing,
    line_with_a_gap,
    noisy,
    sobol_g,
    sobol_g_indices,
)
from studies import function
from waterbed.network import write_world
from waterbed.network.assembly import assemble, leg
from waterbed.study.chance import chance_share
from waterbed.study.salib import shielded
from waterbed.study.sensitivity import ANALYSES, About
from waterbed.study.store import Store

ISHIGAMI = {"factors": ("x1", "x2", "x3"), "bounds": (-math.pi, math.pi)}
G = {"factors": ("x0", "x1", "x2", "x3")}


def indices(
    model, kind: str, points: int, more: str = "", **shape
) -> dict[tuple[str, str], tuple[float, float, float]]:
    text = function(kind, points, replicates=1, more=more, **shape)
    table = wb.Study.parse(text, model=model).run(workers=1).sensitivity
    assert (table["status"] == "ok").all(), table["note"].tolist()
    return {(r.index, r.factor): (r.value, r.low, r.high) for r in table.itertuples(index=False)}


@pytest.mark.parametrize(
    ("model", "shape", "known"), [(ishigami, ISHIGAMI, ishigami_indices()), (sobol_g, G, sobol_g_indices())]
)
def test_sobol_indices_of_known_functions(model, shape, known) -> None:
    found = indices(model, "saltelli", 1024, **shape)
    for name, truth in zip(("S1", "ST"), known, strict=True):
        for factor, value in zip(shape["factors"], truth, strict=True):
            estimate, low, high = found[name, factor]
            half = max((high - low) / 2, 0.005)
            assert abs(estimate - value) < 2.5 * half and half < 0.1, (name, factor)
    if model is ishigami:
        value, low, high = found["S2", "x1 × x3"]
        assert low < known[1][2] < high and abs(found["S2", "x1 × x2"][0]) < 0.05


@pytest.mark.parametrize(
    ("model", "shape", "known"), [(ishigami, ISHIGAMI, ishigami_indices()), (sobol_g, G, sobol_g_indices())]
)
def test_fast_of_known_functions(model, shape, known) -> None:
    found = indices(model, "fast", 1000, **shape)
    for name, truth in zip(("S1", "ST"), known, strict=True):
        for factor, value in zip(shape["factors"], truth, strict=True):
            assert abs(found[name, factor][0] - value) < 0.03, (name, factor)
            assert math.isnan(found[name, factor][1])  # SALib's interval is none


def test_analyses_of_any_sample_of_a_known_function() -> None:
    first, total = ishigami_indices()
    more = 'analyse = ["rbd-fast", "pawn", "delta", "hdmr"]'
    found = indices(ishigami, "latin-hypercube", 1500, more, **ISHIGAMI)
    for name in ("S1 (RBD-FAST)", "S1 (HDMR)"):
        for factor, value in zip(ISHIGAMI["factors"], first, strict=True):
            assert abs(found[name, factor][0] - value) < 0.06, (name, factor)
    for factor, value in zip(ISHIGAMI["factors"], total, strict=True):
        assert abs(found["ST (HDMR)", factor][0] - value) < 0.06, factor
    for name in ("delta", "PAWN (median)"):  # both rank x2 first; x3 alone changes no mean, but the distribution
        ranked = sorted(ISHIGAMI["factors"], key=lambda f: -found[name, f][0])
        assert ranked == ["x2", "x1", "x3"] and found["delta", "x3"][1] > 0.1


@pytest.mark.parametrize("kind", ["halton", "sobol"])
def test_first_order_of_points_that_cover_the_cube_evenly(kind: str) -> None:
    found = indices(ishigami, kind, 512, **ISHIGAMI)
    assert {name for name, _ in found} == {"S1 (RBD-FAST)", "PAWN (median)", "delta"}
    for factor, truth in zip(ISHIGAMI["factors"], ishigami_indices()[0], strict=True):
        value, low, high = found["S1 (RBD-FAST)", factor]
        assert low - 0.02 < truth < high + 0.02 and high - low < 0.3, (factor, value)


def first_alone(values: dict[str, float], seed: int) -> dict[str, float]:
    """The first of three factors, and chance at each point."""
    own = np.random.default_rng([seed, int(values["x0"] * 1e9), int(values["x1"] * 1e9)]).normal()
    return {"y": values["x0"] + 0.3 * own}


@pytest.mark.parametrize(
    ("kind", "more", "index"),
    [
        ("halton", "", "delta"),
        ("halton", "", "PAWN (median)"),
        ("saltelli", "second_order = false", "ST"),
        ("morris", "trajectories = 40", "mu_star"),
    ],
)
def test_a_factor_that_does_nothing_lies_at_its_null(kind: str, more: str, index: str) -> None:
    text = function(kind, 256, 8, factors=("x0", "x1", "x2"), more=more)
    table = wb.Study.parse(text, model=first_alone).run(workers=1).sensitivity
    rows = table[table["index"] == index].set_index("factor")
    assert (rows["null"] > 0).all()
    assert rows.loc["x0", "low"] > rows.loc["x0", "null"]
    assert (rows["low"] < rows["null"])[["x1", "x2"]].all()


def test_dgsm_of_a_known_function() -> None:
    """Mean squared derivatives in closed form (Kucherenko & Sobol' 2009), over the cube of side 2 pi."""
    a, b, pi = 7.0, 0.1, math.pi
    total = a**2 / 8 + b * pi**4 / 5 + b**2 * pi**8 / 18 + 0.5
    derivative = [0.5 * (1 + 2 * b * pi**4 / 5 + b**2 * pi**8 / 9), a**2 / 2, 0.5 * 16 * b**2 * pi**6 / 7]
    found = indices(ishigami, "dgsm", 1024, **ISHIGAMI)
    for factor, value in zip(ISHIGAMI["factors"], derivative, strict=True):
        truth = value * (2 * pi) ** 2 / (total * pi**2)
        estimate, low, high = found["DGSM", factor]
        assert abs(estimate / truth - 1) < 0.05 and low < truth < high and high - low < 0.5 * truth, factor


def test_morris_of_a_line_is_its_slopes() -> None:
    found = indices(line, "morris", 1, "trajectories = 12", factors=("a", "b", "c"), bounds=(0.0, 2.0))
    for factor, slope in (("a", 3.0), ("b", -1.0), ("c", 0.0)):
        assert found["mu", factor][0] == pytest.approx(2 * slope)  # over the factor's whole range
        assert found["mu_star", factor][0] == pytest.approx(2 * abs(slope))
        assert found["sigma", factor][0] == pytest.approx(0.0, abs=1e-12)


def test_trajectories_without_an_estimate_are_left_out_whole_and_said_so() -> None:
    text = function("morris", 1, replicates=1, more="trajectories = 24", factors=("a", "b", "c"), bounds=(0.0, 2.0))
    table = wb.Study.parse(text, model=line_with_a_gap).run(workers=1).sensitivity
    assert (table["status"] == "ok").all() and table["note"].str.contains("of 24 blocks").all()
    assert (table["n"] < 24 * 4).all() and (table["n"] % 4 == 0).all()
    slope = table[(table["index"] == "mu_star") & (table["factor"] == "a")]["value"].iloc[0]
    assert slope == pytest.approx(6.0)
    few = wb.Study.parse(text, model=line_mostly_missing).run(workers=1).sensitivity
    assert (few["status"] == "not identified").all() and few["note"].str.contains("have no estimate").all()


def test_indices_are_given_for_parts_of_the_sample_too() -> None:
    table = wb.Study.parse(function("saltelli", 256, 1, **G), model=sobol_g).run(workers=1).convergence
    one = table[(table["factor"] == "x0") & (table["index"] == "ST")]
    assert one["n"].tolist() == [640, 1280, 2560]
    assert (one["high"] - one["low"]).is_monotonic_decreasing


def test_screen_then_quantify_keeps_what_matters(tmp_path: Path) -> None:
    text = function("screen", 64, 1, more="trajectories = 20\nkeep_factors = 2", **G)
    told = []
    result = wb.Study.parse(text, model=partial_g).run(
        tmp_path, workers=1, progress=lambda tally: told.append(tally.done)
    )
    assert set(result.sensitivity["factor"]) == {"x0", "x1", "x0 × x1"}
    assert result.screening.sensitivity["factor"].nunique() == 4
    assert (tmp_path / "screen" / "sensitivity.csv").is_file() and (tmp_path / "sensitivity.csv").is_file()


def test_screen_ranks_by_an_effect_that_is_not_kept_and_reads_what_it_was_told_to_analyse() -> None:
    more = 'trajectories = 10\nkeep_factors = 2\nby = "z"\nanalyse = ["morris"]'
    text = 'keep = ["y"]\n' + function("screen", 16, 1, more=more, **G)
    result = wb.Study.parse(text, model=two_effects).run(workers=1)
    assert list(result.study.file.factors) == ["x2", "x3"]
    assert set(result.sensitivity["effect"]) == {"y"} and set(result.sensitivity["index"]) == {"S1", "ST", "S2"}


def two_effects(values: dict[str, float], seed: int) -> dict[str, float]:
    """One that depends on the first factors most, and one on the last."""
    x0, x1, x2, x3 = (values.get(f"x{i}", 0.5) for i in range(4))
    return {"y": 3.0 * x0 + 2.0 * x1 + 0.1 * x2 * x3, "z": 2.0 * x2 + 3.0 * x3}


def test_the_status_of_a_screen_counts_both_stages(tmp_path: Path) -> None:
    study = wb.Study.parse(function("screen", 16, 1, more="trajectories = 10\nkeep_factors = 2", **G), model=partial_g)
    first, second = len(set(study.plan.keys())), 16 * 6
    nothing = study.status(Store(tmp_path / "store"))
    assert (nothing.total, nothing.done) == (first + second, 0)
    study.run(tmp_path, workers=1)
    done = study.status(Store(tmp_path / "store", read_only=True))
    assert done.done == done.total and first < done.total <= first + second


def test_a_screening_of_which_runs_failed_is_saved_as_it_is(tmp_path: Path) -> None:
    text = function("screen", 16, 1, more="trajectories = 10\nkeep_factors = 2", **G)
    result = wb.Study.parse(text, model=failing_g).run(tmp_path, workers=1)
    assert result.failed and (tmp_path / "provenance.json").is_file()


def failing_g(values: dict[str, float], seed: int) -> dict[str, float]:
    """Fails where the first factor is great."""
    if values["x0"] > 0.9:
        raise ArithmeticError("too great")
    return partial_g(values, seed)


def partial_g(values: dict[str, float], seed: int) -> dict[str, float]:
    """Sobol' G, whose factors that are not given stay at their middle."""
    return sobol_g({f"x{i}": 0.5 for i in range(4)} | values, seed)


def test_chance_is_told_from_what_a_seed_does_to_all_points_alike() -> None:
    result = wb.Study.parse(function("sobol", 256, 8), model=noisy).run(workers=1)
    share = result.sensitivity["chance_share"].iloc[0]
    truth = (0.01 / 8) / (1 / 12 + 0.01 / 8)
    assert share == pytest.approx(truth, rel=0.15)
    assert math.isnan(chance_share(result.results.terms[("y", "", "")][:, :1]))


def test_chance_share_of_a_ratio_by_simulation() -> None:
    rng = np.random.default_rng(5)
    ratio = np.linspace(0.2, 0.6, 200)[:, None]
    b = 100.0 + rng.normal(0, 5, (200, 12))
    a = ratio * b + rng.normal(0, 3.0, (200, 12))
    truth = (3.0**2 / 100.0**2 / 12) / ((0.4**2 / 12) + 3.0**2 / 100.0**2 / 12)
    assert chance_share(np.stack([a, b], axis=-1)) == pytest.approx(truth, rel=0.15)


TWO_LEGS = """
name = "two"
network = "{folder}"
days = 300
burn_in = 0
flow = 1.0
[migration]
push_slope = 0.0
push_elasticity = 2.0
[world]
feedback = false
[compare]
fate_days = 60
lead_days = 0
[policies.both]
start = 0
"""


def test_the_model_itself_on_two_legs_has_the_indices_of_its_closed_form(tmp_path: Path) -> None:
    """With no feedback and conversion free of push, each person is thinned on their own:
    arrivals lost = 1 - (1 - legal) ((push + change) / push)^2, a product whose indices are known."""
    rows = [{"name": n, "lat": lat, "lon": 0.0, "country": c, "region": c, "push": 0.8, "exploitation_demand": 0.1}
            for n, lat, c in (("Origin", 0.0, "SOU"), ("Shore", 2.0, "MID"), ("Goal", 4.0, "NOR"))]  # fmt: skip
    legs = [leg("Origin", "Shore", 220.0), leg("Shore", "Goal", 220.0, "sea", "Sea")]
    world = assemble("two", (rows, legs), {"Travellers": 20000.0}, [("Travellers", "Origin", 1.0)],
                     [("Travellers", "Goal")], 10.0)  # fmt: skip
    write_world(world, tmp_path / "world")
    (tmp_path / "two.toml").write_text(TWO_LEGS.format(folder=tmp_path / "world"))
    text = """
name = "two"
scenario = "two.toml"
replicates = 1
keep = ["arrivals_lost"]
[design]
kind = "saltelli"
points = 32
[factors."policies.both.legal_pathways"]
bounds = [0.0, 0.8]
[factors."policies.both.push"]
bounds = [-0.6, 0.0]
"""
    result = wb.Study.parse(text, folder=tmp_path).run(workers=1)
    name = ("arrivals_lost", "during and after", "share")
    points = np.array([result.study.points.values(p) for p in range(len(result.study.points))])
    truth = 1 - (1 - points[:, 0]) * ((0.8 + points[:, 1]) / 0.8) ** 2
    assert np.abs(result.results.estimates(name) - truth).max() < 0.06
    a, b = 1 - np.linspace(0, 0.8, 20001), ((0.8 + np.linspace(-0.6, 0.0, 20001)) / 0.8) ** 2
    total = (a**2).mean() * (b**2).mean() - (a.mean() * b.mean()) ** 2
    first = [a.var() * b.mean() ** 2 / total, b.var() * a.mean() ** 2 / total]
    found = {(r.index, r.factor.rpartition(".")[2]): r for r in result.sensitivity.itertuples(index=False)}
    for factor, value in zip(("legal_pathways", "push"), first, strict=True):
        row = found["S1", factor]
        assert abs(row.value - value) < 2.5 * (row.high - row.low) / 2, (factor, value, row)
        assert found["ST", factor].value == pytest.approx(value + 1 - sum(first), abs=0.1)


def test_the_shield_leaves_the_process_as_it_was() -> None:
    np.random.seed(11)
    expected = np.random.RandomState(11).random(4)
    x = np.random.default_rng(1).random((400, 3))
    y = x[:, 0] + 0.1 * x[:, 1]
    about = About(0, 4, 4, False)
    one = {name: ANALYSES[name](x, y, ["a_raw", "b", "c"], about) for name in ("pawn", "delta", "rbd-fast", "hdmr")}
    two = {name: ANALYSES[name](x, y, ["a_raw", "b", "c"], about) for name in one}
    assert one == two  # seed 0 is a seed
    assert one != {name: ANALYSES[name](x, y, ["a_raw", "b", "c"], About(1, 4, 4, False)) for name in one}
    assert np.array_equal(np.random.random(4), expected)
    with shielded(0) as heeded:
        assert heeded
