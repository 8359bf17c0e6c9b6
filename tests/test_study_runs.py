"""Studies: the same tables however they are run, nothing run twice, and what fails is a row."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

import waterbed as wb
from known_functions import failing, sobol_g
from studies import function, officers, run
from waterbed.engine.run import simulate_pair
from waterbed.measures import forking
from waterbed.measures.compare import compare, replicate_seeds
from waterbed.measures.intervals import ratio
from waterbed.scenario import parse
from waterbed.study import keys, pools, runner
from waterbed.study.functions import version_of_callable
from waterbed.study.results import label
from waterbed.study.runner import Tally


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, wb.Study, object]:
    folder = tmp_path_factory.mktemp("officers") / "out"
    study = wb.Study.parse(officers())
    return folder, study, study.run(folder, workers=1)


def test_runs_hold_a_row_a_run_with_what_is_promised(done) -> None:
    folder, study, result = done
    table = pd.read_parquet(folder / "runs.parquet")
    assert list(table.columns[:4]) == ["point", "replicate", "seed", "operations.surge.officers"]
    assert list(table.columns[-3:]) == ["status", "error", "seconds"]
    assert len(table) == 9 and (table["status"] == "ok").all()
    assert table["seed"].tolist() == replicate_seeds(1, 3) * 3
    part = table["arrivals_lost [during] numerator"] / table["arrivals_lost [during] denominator"]
    known = table["arrivals_lost [during] denominator"] > 0
    assert np.array_equal(part[known], table["arrivals_lost [during]"][known])
    fields = pq.read_schema(folder / "runs.parquet")
    assert fields.field("operations.surge.officers").metadata[b"unit"] == b"officer"
    about = json.loads((folder / "provenance.json").read_text())
    assert about["digest"] == result.digest and about["kind"] == "study" and about["study"]["name"] == "officers"


def test_a_point_says_what_a_comparison_of_the_same_scenario_and_seed_says(done) -> None:
    _, study, result = done
    twin = compare(study.plan.scenario(2), replicates=3, seed=1, workers=1)
    summary = result.summary
    mine = summary[summary["point"] == 2].set_index(["effect", "key"])
    theirs = twin.effects.set_index(["effect", "key"])
    assert len(mine) > 4
    for name in mine.index:
        for a, b in (("estimate", "mean"), ("low", "low"), ("high", "high"), ("run_low", "run_low")):
            assert np.array_equal(mine.loc[name, a], theirs.loc[name, b], equal_nan=True), name


@pytest.mark.parametrize("how", ["threads", "processes", "too few to start processes"])
def test_the_digest_is_the_same_whatever_runs_it(done, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _, study, result = done
    made: list[int] = []
    own = pools.own
    monkeypatch.setattr(pools, "own", lambda workers: made.append(workers) or own(workers))
    monkeypatch.setattr(runner, "_START", 0.0 if how == "processes" else 1e6)
    if how == "threads":
        with ThreadPoolExecutor(3) as pool:
            again = study.run(executor=pool)
    else:
        again = study.run(workers=2)
    assert again.digest == result.digest
    assert made == ([2] if how == "processes" else [])


def test_a_second_study_runs_nothing_that_the_first_has_run(done, tmp_path: Path) -> None:
    folder, study, result = done
    told: list[Tally] = []
    wider = wb.Study.parse(officers(levels=(0, 300), more='title = "another"'))
    again = wider.run(tmp_path / "other", store=folder / "store", workers=1, progress=told.append)
    assert told[0].done == told[0].total == 6
    assert (
        again.results.estimates(("arrivals_lost", "during and after", "share"))[1]
        == (result.results.estimates(("arrivals_lost", "during and after", "share"))[2])
    )


def test_no_officers_is_the_twin_itself(done) -> None:
    _, _, result = done
    table = result.runs[result.runs["operations.surge.officers"] == 0]
    assert not table["arrivals_lost [during and after] numerator"].any()
    assert not table[label(("deaths_change", "during and after", ""))].any()
    rows = result.summary[(result.summary["point"] == 0) & (result.summary["effect"] == "displacement_spatial")]
    assert rows["status"].tolist() == ["not identified"]


CASES = [
    "operations.surge.officers = 50\noperations.surge.start = 60",
    "operations.surge.officers = 200\noperations.surge.target = { routes = [], hub_rank = 'flow', hub_count = 3 }",
    "[operations.second]\nstart = 130\nofficers = 50\nredeployed = true\ndays = 40\ndelayed_strike = 10",
    "[policies.causes]\nstart = 50\npush = -0.2",
]


def test_an_array_that_measures_lengthen_has_to_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = wb.Scenario.load("classroom")
    forking._measures.cache_clear()
    monkeypatch.setattr(forking, "_BY_FORCE", forking._BY_FORCE[1:])
    with pytest.raises(NotImplementedError, match="leg_officers depends on a scenario's measures"):
        forking._measures(scenario)


def test_a_branch_of_the_twin_is_the_same_run_bit_for_bit() -> None:
    head = 'name = "x"\nbase = "classroom"\nflow = 0.1\ndays = 300\nburn_in = 40\ncompare.fate_days = 100\n'
    head += "operations.surge.start = 100\n"
    points = [parse(head.replace("operations.surge.start = 100\n", "") + case if "start = 60" in case else head + case)
              for case in CASES]  # fmt: skip
    twin = forking.Twin(points[0].untreated(), 7, [forking.first_day(p) for p in points], lambda: None)
    for point in points:
        x, y = simulate_pair(point, point.untreated(), 7)
        assert twin.with_measures(point).digest == x.digest
        assert twin.run.digest == y.digest
        assert [run.digest for run in forking.pair(point, 7, lambda: None)] == [x.digest, y.digest]


def test_quick_keys_are_those_of_the_resolved_scenario() -> None:
    study = wb.Study.parse(officers() + "[factors.flow]\nlevels = [1, 0.5]\n")
    for point in range(len(study.points)):
        quick = study.plan._keys._text(study.points.values(point))
        assert quick == keys.text_of(study.plan.scenario(point))
    assert len({study.plan._keys.point(study.points.values(p)) for p in range(len(study.points))}) == 6


def test_a_failed_run_is_a_row_and_only_it_is_tried_again(tmp_path: Path) -> None:
    study = wb.Study.parse(function(points=8), model=failing)
    first = study.run(tmp_path, workers=1)
    failed = first.runs[first.runs["status"] == "failed"]
    assert len(failed) == 8 and len(first.runs) == 16 and first.failed == 8
    assert failed["error"].str.startswith("ArithmeticError: x is 0.").all()
    rows = pq.read_table(next((tmp_path / "store").glob("*.parquet"))).to_pandas()
    assert "known_functions.py" in rows.loc[rows["status"] == "failed", "trace"].iloc[0]
    told: list[Tally] = []
    again = study.run(tmp_path, workers=1, progress=told.append)
    assert told[0].done == 8 and told[-1].failed == 8
    assert again.digest == first.digest


def test_a_run_past_its_deadline_is_a_failed_row_and_the_command_ends_with_1(tmp_path: Path) -> None:
    (tmp_path / "late.toml").write_text(officers(replicates=1, more="deadline = 1e-4"))
    late = run("study", "late.toml", "--workers", "1", "--out", "out", cwd=tmp_path)
    assert late.returncode == 1
    assert "3 of 3 runs failed" in late.stderr and "deadline of 0.0001 s" in late.stderr
    status = run("study", "late.toml", "--status", "--json", "--out", "out", cwd=tmp_path)
    assert json.loads(status.stdout) == {"study": "officers", "runs": 3, "done": 0, "failed": 3, "left": 0}
    (tmp_path / "late.toml").write_text(officers(replicates=1))
    assert run("study", "late.toml", "--workers", "1", "--out", "out", cwd=tmp_path).returncode == 0


def test_two_points_that_are_one_run_once(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("x0,x1,x2,x3\n0.1,0.2,0.3,0.4\n0.5,0.5,0.5,0.5\n0.1,0.2,0.3,0.4\n")
    text = 'name = "t"\nreplicates = 2\n[design]\nkind = "table"\nfile = "points.csv"\n'
    told: list[Tally] = []
    result = wb.Study.parse(text, model=sobol_g, folder=tmp_path).run(progress=told.append, workers=1)
    assert told[-1].total == 4 and len(result.runs) == 6
    assert result.runs["y"].tolist()[:2] == result.runs["y"].tolist()[4:]


def test_estimates_are_ratios_of_sums(done) -> None:
    _, _, result = done
    name = ("arrivals_lost", "during and after", "share")
    table = result.runs[result.runs["point"] == 2]
    sums = table[[f"{label(name)} numerator", f"{label(name)} denominator"]].sum().to_numpy()
    assert result.results.estimates(name)[2] == ratio(sums)


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "provenance.json").write_text('{"kind": "comparison"}')
    with pytest.raises(wb.InputError, match="holds another run"):
        wb.Study.parse(officers()).run(tmp_path)


def test_an_effect_that_there_is_not_is_told_before_anything_runs_whatever_the_store_holds(tmp_path: Path) -> None:
    others = wb.Study.parse(function(points=8), model=sobol_g_of_x)
    others.run(store=tmp_path, workers=1)
    told: list[Tally] = []
    for model, said in ((counted, "there are y1"), (sobol_g_of_x, "did you mean .y.")):  # without runs, with all
        mine = wb.Study.parse('keep = ["yy"]\n' + function(points=8), model=model)
        with pytest.raises(wb.InputError, match=f"study: keep: 'yy': there is no such effect; {said}"):
            mine.run(store=tmp_path, workers=1, progress=told.append)
    assert not told


def sobol_g_of_x(values: dict[str, float], seed: int) -> dict[str, float]:
    return sobol_g({f"x{i}": values["x"] for i in range(4)}, seed)


def counted(values: dict[str, float], seed: int) -> dict[str, float]:
    return {"y1": values["x"]}


def ratio_of_x(values: dict[str, float], seed: int) -> dict[str, tuple[float, float]]:
    return {"y": (values["x"], 2.0)}


def test_what_others_have_put_into_the_store_is_no_effect_of_the_study(tmp_path: Path) -> None:
    wb.Study.parse(function(points=8), model=sobol_g_of_x).run(store=tmp_path, workers=1)
    alone = wb.Study.parse(function(points=8), model=ratio_of_x).run(workers=1)
    beside = wb.Study.parse(function(points=8), model=ratio_of_x).run(store=tmp_path, workers=1)
    assert beside.digest == alone.digest and "y denominator" in beside.runs
    with pytest.raises(wb.InputError, match="keep: 'y': there is no such effect"):
        wb.Study.parse('keep = ["y"]\n' + function(points=8), model=counted).run(store=tmp_path, workers=1)


def uneven(values: dict[str, float], seed: int) -> dict[str, object]:
    return {"y": values["x"] if values["x"] < 0.5 else (values["x"], 1.0)}


def test_an_effect_with_more_terms_at_some_points_is_told() -> None:
    with pytest.raises(wb.InputError, match="y: has 1 and 2 terms in different runs"):
        wb.Study.parse(function(points=8), model=uneven).run(workers=1)


def scaled(by: float) -> Callable[[dict[str, float], int], dict[str, float]]:
    return lambda values, seed: {"y": by * values["x"]}


class Scaled:
    def __init__(self, by: object) -> None:
        self.by = by

    def __call__(self, values: dict[str, float], seed: int) -> dict[str, float]:
        return {"y": float(np.sum(self.by)) * values["x"]}


def with_default(values: dict[str, float], seed: int, by: float = 1.0) -> dict[str, float]:
    return {"y": by * values["x"]}


def test_functions_that_hold_other_values_are_other_models(tmp_path: Path) -> None:
    makers: list[Callable[[float], Any]] = [
        scaled, Scaled, lambda by: Scaled(np.array([by])), lambda by: Scaled([[by]]),
        lambda by: partial(with_default, by=by), lambda by: Scaled(by).__call__,
    ]  # fmt: skip
    for make in makers:
        assert version_of_callable(make(2.0)) == version_of_callable(make(2.0)) != version_of_callable(make(3.0))
    study = function(points=4, replicates=1)
    two, three = (wb.Study.parse(study, model=scaled(by)).run(store=tmp_path, workers=1) for by in (2.0, 3.0))
    assert np.allclose(three.runs["y"], 1.5 * two.runs["y"])
    with pytest.raises(wb.InputError, match="holds a value of type lock, which cannot be told from another"):
        wb.Study.parse(study, model=Scaled(threading.Lock())).run(workers=1)


@pytest.mark.parametrize(
    ("gave", "said"),
    [
        (None, "model: gave None; let it return numbers by name"),
        ({"a|b": 1.0}, "the name 'a|b'; let it be text without |"),
        ({"y": "much"}, "model: gave y = 'much'; let it be a number"),
        ({"y": (1.0, 2.0, 3.0)}, "model: gave y = (1.0, 2.0, 3.0)"),
        ({"y": [1.0, 2.0]}, "model: gave y = [1.0, 2.0]"),
    ],
)
@pytest.mark.parametrize("late", [False, True])
def test_what_a_function_may_not_give_is_one_clear_error(gave: object, said: str, late: bool) -> None:
    first: list[int] = []

    def model(values: dict[str, float], seed: int) -> Any:
        first.append(seed)
        return {"y": 1.0} if late and len(first) == 1 else gave

    with pytest.raises(wb.InputError) as refused:
        wb.Study.parse(function(points=4), model=model).run(executor=ThreadPoolExecutor(1))
    assert said in str(refused.value) and len(refused.value.faults) == 1


def leaving(values: dict[str, float], seed: int) -> dict[str, float]:
    if values["x"] > 0.5:
        sys.exit(3)
    return {"y": values["x"]}


def test_a_run_that_leaves_is_a_failed_row() -> None:
    result = wb.Study.parse(function(points=8, replicates=1), model=leaving).run(workers=1)
    assert result.failed == 4 and set(result.runs["error"]) == {"", "SystemExit: 3"}


def test_workers_and_folders_that_cannot_be_are_told(tmp_path: Path) -> None:
    study = wb.Study.parse(function(points=8), model=sobol_g_of_x)
    (file := tmp_path / "file").touch()
    with pytest.raises(wb.InputError, match="workers: is -1; give at least 1"):
        study.run(workers=-1)
    with pytest.raises(wb.InputError, match="file: is a file; name a folder"):
        study.run(file)
    with pytest.raises(wb.InputError, match="file: is a file; name a folder"):
        study.run(store=file)


def contents(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_status_leaves_the_store_as_it_is_and_tells_of_damage(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(officers(replicates=1))
    assert run("study", "s.toml", "--workers", "1", "--out", "out", cwd=tmp_path).returncode == 0
    kept = tmp_path / "out" / "store"
    path = next(kept.glob("*.parquet"))
    content = bytearray(path.read_bytes())
    column = pq.read_metadata(path).row_group(0).column(20)
    middle = column.data_page_offset + column.total_compressed_size * 2 // 3
    content[middle : middle + 8] = bytes(byte ^ 0xFF for byte in content[middle : middle + 8])
    path.write_bytes(content)
    before = contents(tmp_path)
    kept.chmod(0o555)
    status = run("study", "s.toml", "--status", "--out", "out", cwd=tmp_path)
    kept.chmod(0o755)
    assert status.stdout == "officers: 0 of 3 runs done, 0 failed, 3 left\n" and contents(tmp_path) == before
    assert f"{path.name} is damaged" in status.stderr
    nothing = run("study", "s.toml", "--status", "--out", "none", cwd=tmp_path)
    assert nothing.stdout == "officers: 0 of 3 runs done, 0 failed, 3 left\n" and contents(tmp_path) == before


def test_an_effect_that_there_is_not_leaves_no_folder(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(officers(replicates=1).replace("deaths_change", "death_change"))
    wrong = run("study", "s.toml", "--workers", "1", "--out", "new/out", cwd=tmp_path)
    assert wrong.returncode == 2
    assert "did you mean 'deaths_change'?" in wrong.stderr
    assert not (tmp_path / "new").exists()
