"""Docking: the choice of the way against its second implementation; Mali 2012 where Flee's folder is at hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scripts import load

docking = load(Path(__file__).parents[1] / "experiments" / "docking.py")
MALI = pytest.mark.skipif(not docking.FLEE.is_dir(), reason="Flee's Mali 2012 folder is not here")


@pytest.mark.parametrize("name", docking.WORLDS)
def test_two_implementations_choose_alike(name: str) -> None:
    found = docking.compare_choice(name)
    assert found["greatest_difference"] < 1e-12 and found["mean_probability"] > 0.1


def test_another_scale_is_another_choice() -> None:
    """The comparison is of the parameters too: it notices a changed one."""
    scenario = docking.Scenario.load("classroom").untreated()
    world = docking.load_world("classroom")
    one, other = (docking.logit(world, s)[0] for s in (scenario, scenario.replace({"choice.scale": 800.0})))
    assert np.abs(one - other).max() > 0.05


def test_newcomers_go_by_shares_and_falls_are_alike() -> None:
    share = np.array([[1, 0], [0.25, 0.75], [1, 0]])
    counts = docking._follow(np.array([10.0, 14.0, 7.0]), np.array([10.0, 0.0]), share)
    np.testing.assert_allclose(counts, [[10, 0], [11, 3], [5.5, 1.5]])


@MALI
def test_mali_2012_is_read() -> None:
    told = docking.published(docking.FLEE)
    assert told.shape == (300, 7) and told.loc[0].sum() == pytest.approx(20075)
    days = [day for day, _ in docking.conflicts(docking.FLEE)]
    assert days == [0, 1, 2, 13, 23, 30, 163, 185, 273]


@MALI
def test_closed_borders_are_not_crossed() -> None:
    network = docking.read_flee(docking.FLEE / "input").network
    closed = tuple(leg for c in docking.read_flee_closures(docking.FLEE / "input", network) for leg in c.legs)
    # With Niger and Burkina Faso closed all who arrive do so in Mauritania.
    assert set(docking.spread(docking.FLEE, ["Timbuktu"], closed, 1, False)) == {"Fassala-Mbera"}
