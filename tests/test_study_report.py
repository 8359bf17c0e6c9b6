"""Figures and page of studies: each design gets its own, and each function draws what its table says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import waterbed as wb
from known_functions import failing, line, sobol_g
from studies import function
from waterbed.report import studies, style
from waterbed.report.studies.scatter import front

G = ("x0", "x1", "x2", "x3")


def page(folder: Path, text: str, model) -> str:
    wb.Study.parse(text, model=model).run(folder, workers=1)
    return studies.write_study_report(folder).read_text("utf-8")


@pytest.mark.parametrize(
    ("kind", "more", "figures", "said"),
    [
        ("saltelli", "", {"sensitivity-y", "scatter", "growth-y"}, "depends"),
        ("morris", "trajectories = 8", {"morris-y", "sensitivity-y", "growth-y"}, "depends"),
        ("fast", "", {"sensitivity-y", "scatter"}, "depends"),
        ("one-at-a-time", "steps = 3", {"response-y"}, "Estimates of y lie between"),
    ],
)
def test_designs_have_their_figures(tmp_path: Path, kind: str, more: str, figures: set[str], said: str) -> None:
    text = page(tmp_path, function(kind, 128, 2, factors=G, more=more), sobol_g)
    drawn = {path.stem for path in (tmp_path / "figures").glob("*.svg")}
    assert drawn == figures == {path.stem for path in (tmp_path / "figures").glob("*.png")}
    assert f"<h1>Y {said}" in text or f"<h1>{said}" in text
    assert text.count("<figure") == len(figures) and "http://" not in text.replace("http://www.w3.org", "")


def test_a_grid_of_two_factors_has_a_map_and_curves(tmp_path: Path) -> None:
    text = page(tmp_path, function("grid", 4, 3, factors=("a", "b", "c")[:2], more="steps = 4"), two)
    assert {path.stem for path in (tmp_path / "figures").glob("*.svg")} == {"heat-y", "response-y"}
    assert "<td" in text and studies.holds_study(tmp_path)


def two(values: dict[str, float], seed: int) -> dict[str, float]:
    return line(values | {"c": 0.0}, seed)


def test_failed_runs_are_said(tmp_path: Path) -> None:
    text = page(tmp_path, function("grid", 4, 2, more="steps = 5"), failing)
    assert "<b>4 runs failed</b>" in text and "no run succeeded" in text


def test_the_front_holds_what_no_other_point_betters() -> None:
    rng = np.random.default_rng(2)
    table = pd.DataFrame(rng.random((60, 2)), columns=["cost", "gain"])
    on = front(table, {"cost": -1, "gain": 1})
    for i, row in table.iterrows():
        better = ((table["cost"] <= row["cost"]) & (table["gain"] >= row["gain"])
                  & ((table["cost"] < row["cost"]) | (table["gain"] > row["gain"])))  # fmt: skip
        assert on[i] != better.any()
    with style.context():
        axes = style.axes(style.figure(100, 80), 10, 10, 80, 60)
        assert studies.pareto(axes, table, "cost", "gain", {"cost": -1, "gain": 1}) is axes
        joined = axes.lines[-1].get_xydata()
    assert len(joined) == on.sum() and (np.diff(joined[:, 1]) > 0).all()


def test_a_curve_draws_its_table() -> None:
    table = pd.DataFrame({"x": [2.0, 0.0, 1.0], "estimate": [0.4, 0.1, 0.2], "low": 0.0, "high": 0.5})
    with style.context():
        axes = studies.response(style.axes(style.figure(100, 80), 10, 10, 80, 60), table, "x", None, "share")
    assert axes.lines[-1].get_xydata().tolist() == [[0.0, 0.1], [1.0, 0.2], [2.0, 0.4]]
