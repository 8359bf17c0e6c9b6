"""Study files: what they say, what is refused and how, and the points that designs make of them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import waterbed as wb
from known_functions import sobol_g
from studies import SMALL, function, run
from waterbed.scenario import addresses
from waterbed.study.factors import Axis
from waterbed.study.file import file_schema

HEAD = f'name = "s"\nscenario = "classroom"\nreplicates = 2\n{SMALL}'


def study(rest: str, folder: Path | None = None) -> wb.Study:
    return wb.Study.parse(HEAD + rest, folder=folder)


def test_every_fault_is_told_at_once_with_the_nearest_name() -> None:
    with pytest.raises(wb.InputError) as error:
        study('[design]\nkind = "gird"\npoint = 3\n[factors.flow]\nbound = [0, 1]\n')
    text = str(error.value)
    assert "design.kind: is 'gird'; has to be one of" in text and "did you mean 'grid'?" in text
    assert "design.point: there is no such name; did you mean 'points'?" in text
    assert "factors.flow.bound: there is no such name; did you mean 'bounds'?" in text


def test_addresses_are_told_beside_other_faults(tmp_path: Path) -> None:
    (file := tmp_path / "study.toml").write_text(
        'name = "s"\nscenario = "classroom"\n[design]\nkind = "gird"\n'
        '[factors."operations.surge.oficers"]\nlevels = [1]\n'
    )
    with pytest.raises(wb.InputError) as refused:
        wb.Study.load(file)
    kind, address = refused.value.faults
    assert "study.toml: design.kind: is 'gird'" in kind and "did you mean 'grid'?" in kind
    assert "study.toml: factors: operations.surge.oficers" in address and "'operations.surge.officers'?" in address


@pytest.mark.parametrize(
    ("factors", "said"),
    [
        ('[factors."operations.surge.officer"]\n', "did you mean 'operations.surge.officers'?"),
        ('[factors.flow]\nlevels = [-1, 2e9]\n', "is -1.0; has to be at least 0"),
        ('[factors."police.strategy"]\n', "no bounds; give levels"),
        ('[factors."operations.surge.officers"]\nbounds = [0.5, 3.0]\n', "takes whole numbers"),
        ("[factors.flow]\nbounds = [2.0, 1.0]\n", "the first has to be less than the second"),
        ("[factors.flow]\nlevels = [1, 1]\n", "hold 1 twice"),
        ("[factors.flow]\nlevels = [1]\nbounds = [0.5, 1]\n", "both levels and bounds"),
        ("[factors.flow]\nbounds = [0.0, 1.0]\nlog = true\n", "log needs bounds above 0"),
        ('[factors."operations.surge.target"]\n', "is a table of parameters; give levels"),
        ("", "none is named"),
        ('[factors."operations.surge"]\nlevels = [{officers = 5}, {officers = 9}]\n'
         '[factors."operations.surge.officers"]\nlevels = [0, 100]\n',
         "operations.surge.officers: lies within operations.surge, which varies too"),
        ("[factors.days]\nlevels = [130, 320]\n", "days: is 130, too short for a cohort"),
        ('[factors."operations.surge.start"]\nlevels = [100, 4000]\n', "(point 1)"),
        ('[factors."operations.surge.target.routes"]\nlevels = [["Central"], ["Centrl"]]\n', "did you mean 'Central'?"),
    ],
)  # fmt: skip
def test_factors_are_held_against_the_scenario(factors: str, said: str) -> None:
    with pytest.raises(wb.InputError) as error:
        study(f'[design]\nkind = "grid"\n{factors}')
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("design", "said"),
    [
        ('kind = "saltelli"\npoints = 100', "takes a power of two, as 64"),
        ('kind = "sobol"\npoints = 100', "power of two"),
        ('kind = "fast"\npoints = 64', "at least 65"),
        ('kind = "dgsm"', "takes derivatives, which operations.surge.officers has not"),
        ('kind = "morris"\ngrid_levels = 5', "an even number"),
        ('kind = "table"', "name the CSV"),
        ('kind = "table"\nfile = "."', "study: design.file: .: cannot be read (Is a directory)"),
        ('kind = "screen"\npoints = 10', "study: design.points: is 10; saltelli takes a power of two, as 8"),
        ('kind = "grid"\nanalyse = ["sobol"]', "cannot be read from a grid design"),
        ('kind = "halton"\nanalyse = ["sobol"]', "which takes rbd-fast, pawn, delta, hdmr"),
    ],
)
def test_designs_say_what_they_need(design: str, said: str) -> None:
    with pytest.raises(wb.InputError) as error:
        study(f'[design]\n{design}\n[factors."operations.surge.officers"]\nbounds = [0, 400]\n')
    assert said in str(error.value)


def test_bounds_left_out_are_the_declared_ones() -> None:
    made = study('[design]\nkind = "halton"\npoints = 8\n[factors."choice.scale"]\n[factors."police.strategy"]\n'
                 'levels = ["static", "hotspot"]\n[factors."hubs.exploited_days"]\n')  # fmt: skip
    declared = addresses(made.base)["choice.scale"][1].plausible
    scale, strategy, days = made.points.axes
    assert (scale.low, scale.high) == declared
    assert {made.points.values(p)[1] for p in range(8)} == {"static", "hotspot"}
    assert days.unit == "day"


@pytest.mark.parametrize(
    ("kind", "more", "count"),
    [
        ("grid", "steps = 4", 64),
        ("one-at-a-time", "steps = 5", 1 + 3 * 4),
        ("latin-hypercube", "points = 10", 10),
        ("sobol", "points = 16", 16),
        ("halton", "points = 10", 10),
        ("morris", "trajectories = 7", 28),
        ("saltelli", "points = 8", 64),
        ("saltelli", "points = 8\nsecond_order = false", 40),
        ("fast", "points = 65", 195),
        ("dgsm", "points = 5", 20),
    ],
)
def test_designs_have_their_size_lie_in_the_cube_and_come_again_with_their_seed(
    kind: str, more: str, count: int
) -> None:
    text = function(kind, factors=("x0", "x1", "x2"), more=more).replace("points = 16\n", "", 1)
    first, again = (wb.Study.parse(text, model=sobol_g).points.unit for _ in range(2))
    assert first.shape == (count, 3) and np.array_equal(first, again)
    assert first.min() >= 0.0 and first.max() <= 1.0
    other = wb.Study.parse("seed = 0\n" + text, model=sobol_g).points.unit
    if kind not in ("grid", "one-at-a-time", "dgsm"):  # which has no chance in it
        assert not np.array_equal(first, other)
        assert np.array_equal(other, wb.Study.parse("seed = 0\n" + text, model=sobol_g).points.unit)


def test_a_latin_hypercube_has_one_point_in_every_slice() -> None:
    points = wb.Study.parse(function("latin-hypercube", 20, factors=("a", "b")), model=sobol_g).points
    for column in points.unit.T:
        assert sorted((column * 20).astype(int)) == list(range(20))


def test_one_at_a_time_starts_from_the_scenario_itself() -> None:
    made = study('[design]\nkind = "one-at-a-time"\n[factors."operations.surge.officers"]\nlevels = [0, 400]\n'
                 "[factors.flow]\nlevels = [0.1, 0.2]\n")  # fmt: skip
    assert [made.points.values(p) for p in range(len(made.points))] == [(200, 0.1), (0, 0.1), (400, 0.1), (200, 0.2)]


@pytest.mark.parametrize(
    "axis",
    [
        Axis("a", "", low=3, high=9, whole=True),
        Axis("a", "", low=1, high=1000, log=True),
        Axis("a", "", low=-2, high=5),
        Axis("a", "", (1, 2.5, "x", [3])),
    ],
)
def test_a_value_and_its_place_in_the_cube_belong_together(axis: Axis) -> None:
    for value in [axis.value(u) for u in (0.0, 0.2, 0.5, 0.99, 1.0)]:
        assert (
            axis.value(axis.at(value)) == pytest.approx(value) if axis.numeric else axis.value(axis.at(value)) == value
        )
    if not axis.levels:
        assert (axis.value(0.0), axis.value(1.0)) == pytest.approx((axis.low, axis.high))


def test_whole_numbers_have_equal_shares() -> None:
    axis = Axis("a", "", low=1, high=4, whole=True)
    counts = np.bincount([axis.value(u) for u in (np.arange(1000) + 0.5) / 1000])
    assert counts.tolist() == [0, 250, 250, 250, 250]


def test_a_table_of_points(tmp_path: Path) -> None:
    rows = ('operations.surge.officers,operations.surge.target', '0,"{ routes = [""Central""] }"',
            '50,"{ routes = [], hub_rank = ""flow"" }"')  # fmt: skip
    (tmp_path / "t.csv").write_text("\n".join(rows))
    made = study('[design]\nkind = "table"\nfile = "t.csv"\n', tmp_path)
    scenario = made.plan.scenario(1)
    assert scenario.operations["surge"].officers == 50
    assert scenario.operations["surge"].target.hub_rank == "flow"
    assert made.plan.scenario(0).operations["surge"].target.routes == ("Central",)
    (tmp_path / "t.csv").write_text("operations.surge.officers,flow\n1\n2,3,4\n")
    with pytest.raises(wb.InputError) as error:
        study('[design]\nkind = "table"\nfile = "t.csv"\n', tmp_path)
    assert "line 2 has 1 fields, the header 2" in str(error.value) and "line 3 has 3 fields" in str(error.value)


def test_a_scenario_without_measures_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bare.toml").write_text('name = "bare"\nbase = "classroom"\n[operations]\nsurge = false\n')
    with pytest.raises(wb.InputError, match="no operations or policies"):
        wb.Study.parse('name = "s"\nscenario = "bare.toml"\n[factors.flow]\n', folder=tmp_path)


def test_check_and_schema_know_studies(tmp_path: Path) -> None:
    good = HEAD + '[design]\nkind = "grid"\n[factors."operations.surge.officers"]\nlevels = [0, 100]\n'
    (tmp_path / "s.toml").write_text(good)
    checked = run("check", "s.toml", "--json", cwd=tmp_path)
    assert json.loads(checked.stdout)["runs"] == 4 and not checked.stderr
    (tmp_path / "s.toml").write_text(good.replace("levels", "level"))
    wrong = run("check", "s.toml", cwd=tmp_path)
    assert wrong.returncode == 2 and "did you mean 'levels'?" in wrong.stderr
    schema = json.loads(run("schema", "study", cwd=tmp_path).stdout)
    assert schema == file_schema() and {"design", "factors", "keep"} <= set(schema["properties"])
    assert run("study", "gone.toml", cwd=tmp_path).returncode == 2
