"""Figures and page of studies: each design gets its own, and each function draws what its table says."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import waterbed as wb
from known_functions import failing, line, sobol_g
from studies import function
from waterbed.report import studies, style
from waterbed.report.studies import names
from waterbed.report.studies import page as study_page
from waterbed.report.studies.curves import INKS
from waterbed.report.studies.figures import _bars, all_figures
from waterbed.report.studies.findings import finding, leading
from waterbed.report.studies.scatter import front
from waterbed.report.studies.stored import Stored

G = ("x0", "x1", "x2", "x3")


def page(folder: Path, text: str, model) -> str:
    wb.Study.parse(text, model=model).run(folder, workers=1)
    return studies.write_study_report(folder).read_text("utf-8")


@pytest.mark.parametrize(
    ("kind", "more", "figures", "said"),
    [
        ("saltelli", "", {"sensitivity-y", "scatter", "growth-y"}, "depends"),
        ("morris", "trajectories = 8", {"morris-y", "sensitivity-y", "growth-y"}, "depends"),
        ("fast", "", {"sensitivity-y", "scatter"}, "greatest index for x0, without an interval"),
        ("one-at-a-time", "steps = 3", {"response-y"}, " with x0 = "),
    ],
)
def test_designs_have_their_figures(tmp_path: Path, kind: str, more: str, figures: set[str], said: str) -> None:
    text = page(tmp_path, function(kind, 128, 2, factors=G, more=more), sobol_g)
    drawn = {path.stem for path in (tmp_path / "figures").glob("*.svg")}
    assert drawn == figures == {path.stem for path in (tmp_path / "figures").glob("*.png")}
    assert (title := re.search("<h1>Y: (.*)</h1>", text)) and said in title[1]
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


def contrast(color: str, paper: str) -> float:
    """Contrast ratio as WCAG 2 has it."""
    light = []
    for name in (color, paper):
        parts = np.array([int(name[i : i + 2], 16) / 255 for i in (1, 3, 5)])
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        light.append(float(linear @ [0.2126, 0.7152, 0.0722]))
    return (max(light) + 0.05) / (min(light) + 0.05)


def test_names_of_lines_can_be_read_on_paper_and_on_a_dark_screen() -> None:
    for ink in INKS:
        assert contrast(ink, style.PAPER) >= 4.5
        assert contrast(style.ON_SCREEN.get(ink, ink), style.DARK.paper) >= 4.5


@pytest.fixture
def stored() -> Stored:
    """Four points of officers and days, of which one has no interval, as they are stored."""
    names = ["operations.surge.officers", "operations.surge.days"]
    rows = [(0, 12, 0.0, 0.0, 0.0), (100, 12, 0.1, 0.05, 0.2), (0, 30, 0.0, 0.0, 0.0), (100, 30, 0.3, 0.22, 0.4)]
    summary = pd.DataFrame(rows, columns=[*names, "estimate", "low", "high"])
    summary = summary.assign(effect="displacement_spatial", key="", unit="share of loss", replicates=3, status="ok",
                             note="")  # fmt: skip
    silent = summary.index == 0
    summary.loc[silent, ["estimate", "low", "high"]] = np.nan
    summary.loc[silent, ["status", "note"]] = ["not identified", "there was nothing to take a share of"]
    summary.insert(0, "point", range(4))
    order = ["point", *names, "effect", "key", "unit"]
    runs = pd.DataFrame()
    runs.attrs["units"] = dict(zip(names, ("officer", "day"), strict=True))
    study = {"name": "doses", "scenario": "classroom", "design": {"kind": "grid"}, "replicates": 3, "keep": [],
             "factors": dict.fromkeys(names)}  # fmt: skip
    table = summary[[*order, *(c for c in summary if c not in order)]]
    return Stored({"study": study, "points": 4}, table, runs, None, None)


def test_names_say_what_they_are_and_their_unit(stored: Stored) -> None:
    effect = stored.effects[0]
    assert names.title_of(effect) == "Moved to other legs, net (per cent of loss)"
    assert names.factor_name(stored, "operations.surge.days") == "Days of operation surge (number)"
    assert names.factor_name(stored, "operations.surge.start") == "Start of operation surge"
    stored.runs.attrs["units"] |= {"operations.surge.start": "day", "police.leads": "1/day"}
    assert names.factor_name(stored, "operations.surge.start") == "Start of operation surge (day)"
    assert names.level(stored, "operations.surge.days", 12) == "12 days"
    assert names.level(stored, "operations.surge.days", 1) == "1 day"
    assert names.level(stored, "police.leads", 0.5) == "0.5 1/day"
    assert names.level(stored, "migrants.patience", np.float64(0.5)) == "patience = 0.5"
    twice = stored.summary.rename(columns={"operations.surge.days": "operations.other.officers"})
    both = replace(stored, summary=twice)
    assert names.level(both, "operations.surge.officers", 100) == "100 officers (surge)"
    assert names.chance(1e-30) == "under 0.1\u202f%" and names.chance(0.25) == "25\u202f%"
    with style.context():
        drawn = all_figures(stored)
    lines = drawn["response-displacement_spatial"][0].axes[0]
    assert {text.get_text() for text in lines.texts} == {"12 days", "30 days"}
    assert lines.get_xlabel() == "Officers of operation surge (number)"
    caption = drawn["heat-displacement_spatial"][1]
    assert "Scenario classroom, study doses: grid design of 4 points over officers of operation surge and" in caption
    assert "3 replicates a point, pairs of runs" in caption and "bootstrap intervals over the replicates" in caption


def test_titles_tell_points_apart_only_by_their_intervals(stored: Stored) -> None:
    effect, table = stored.effects[0], stored.summary
    assert finding(stored, effect) == (
        "Moved to other legs, net: 0\u202f% with 0 officers; 30\u202f% (90\u202f%: 22 to 40\u202f%) with 100 officers"
    )
    wide = replace(stored, summary=table.assign(low=table["low"] - 0.15, high=table["high"] + 0.3))
    assert finding(wide, effect) == "Moved to other legs, net: can be told from zero at 1 of 4 points"
    none = replace(stored, summary=table.assign(low=-1.0, high=1.0))
    assert finding(none, effect) == "Moved to other legs, net: cannot be told from zero at any point"
    bare = replace(stored, summary=table.assign(low=np.nan, high=np.nan))
    assert "no intervals to tell them apart" in finding(bare, effect)


def told_of(stored: Stored, index: str, rows: list[tuple[str, float, float, float, float]]) -> str:
    """What is said of factors with values, intervals and nulls."""
    table = pd.DataFrame(rows, columns=["factor", "value", "low", "high", "null"])
    table = table.assign(effect=stored.effects[0][0], index=index, status="ok")
    return leading(replace(stored, sensitivity=table), stored.effects[0]).partition(": ")[2]


def test_a_factor_is_named_only_where_it_can_be_told_from_one_that_does_nothing(stored: Stored) -> None:
    nothing = "no factor can be told from chance"
    assert told_of(stored, "ST", [("a", 0.8, 0.7, 0.9, 0.0), ("b", 0.2, 0.1, 0.3, 0.0)]) == "depends most on a"
    assert told_of(stored, "ST", [("a", 0.4, 0.1, 0.7, 0.0), ("b", 0.3, -0.1, 0.5, 0.0)]) == (
        "depends on a; no other factor can be told from chance"
    )
    assert told_of(stored, "ST", [("a", 0.4, 0.1, 0.7, 0.0), ("b", 0.3, 0.1, 0.5, 0.0)]) == (
        "depends on a and b; which matters more cannot be told"
    )
    assert told_of(stored, "ST", [("a", 0.4, -0.1, 0.9, 0.0), ("b", 0.3, -0.1, 0.5, 0.0)]) == nothing
    assert told_of(stored, "delta", [("a", 0.12, 0.1, 0.14, 0.11), ("b", 0.1, 0.08, 0.12, 0.11)]) == nothing
    assert told_of(stored, "ST", [("a", 0.4, -0.1, 0.9, 0.0), ("b", 0.3, 0.1, 0.5, 0.0)]) == (
        "depends on b; no other factor can be told from chance"
    )


def test_the_share_that_is_chance_is_drawn_only_over_shares(stored: Stored) -> None:
    rows = [("a", -0.2, -0.3, -0.1, 0.05), ("b", 0.2, 0.1, 0.3, 0.05)]
    table = pd.DataFrame(rows, columns=["factor", "value", "low", "high", "null"]).assign(chance_share=0.1)
    for index, dashed in (("ST", 1), ("delta", 0), ("DGSM", 0)):
        with style.context():
            figure, *_ = _bars(stored, stored.effects[0], table.assign(index=index), [index])
        axes = figure.axes[0]
        assert sum(line.get_linestyle() == "--" for line in axes.lines) == dashed
        assert min(bar.get_width() for bar in axes.patches) == -0.2


def test_a_reason_is_no_interval(stored: Stored) -> None:
    text = study_page._summary(stored, stored.effects[0])
    assert "Why there is none" in text and "not identified: there was nothing to take a share of" in text
    full = replace(stored, summary=stored.summary[1:])
    assert "Why there is none" not in study_page._summary(full, full.effects[0])


def test_an_analysis_that_could_not_be_made_is_a_row_without_a_factor() -> None:
    blank = dict.fromkeys(("value", "low", "high", "chance_share"), np.nan)
    blank |= {"effect": "displacement_spatial", "key": "", "unit": "share", "factor": "", "index": "morris", "n": 36,
              "status": "not identified", "note": "3 of 36 points have no estimate"}  # fmt: skip
    stored = SimpleNamespace(sensitivity=pd.DataFrame([blank]), effects=[("displacement_spatial", "", "share")])
    told = study_page._indices(stored)
    assert "3 of 36 points have no estimate" in told and "nan" not in told
