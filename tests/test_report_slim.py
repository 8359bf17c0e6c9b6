"""The report's ways lose what nobody sees, and so its page stays small, however many pairs and legs it tells of."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import waterbed as wb
from waterbed.report import slim, write_report
from waterbed.report.html import INLINE

PAIRS = 3
_BYTES = 2_500_000


def test_a_way_keeps_its_shape_and_loses_what_is_not_seen() -> None:
    x = np.linspace(0.0, 400.0, 1200)
    way = np.column_stack([x, 30 * np.sin(x / 25)])
    found = slim.thinned(way)
    assert len(found) < len(way) / 8 and (found[[0, -1]] == way[[0, -1]]).all()
    assert np.abs(np.interp(x, *found.T) - way[:, 1]).max() < 2 * slim.UNSEEN
    ring = np.array([[0.0, 0.0], [5.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0], [0.0, 0.0]])
    assert slim.thinned(ring).tolist() == np.delete(ring, 1, axis=0).tolist()


def test_paths_are_written_short_and_curves_keep_their_points() -> None:
    assert slim.path("M 1.00 2.000 \nL 5.01 2.002 \nL 9 2 \nM 0.04 -0.5 \nL 3 4 \nz\n") == "M1 2L9 2M0 -.5L3 4z"
    assert slim.path("M 0 3.1234567 \nC 0.795609 3 1.55 2.68 2.1 2.1 \nz") == "M0 3.12C0.8 3 1.55 2.68 2.1 2.1z"


@pytest.mark.slow
def test_a_world_of_many_legs_and_pairs_makes_a_small_page(tmp_path: Path) -> None:
    """Of few pairs bands are ragged and few legs are drawn; of ever more pairs every leg of the world is."""
    found = wb.compare(wb.Scenario.load("liberterra"), replicates=PAIRS, seed=1, doses=(0.5, 2))
    every = found.legs[["low", "high", "difference"]].copy()
    sign = np.where(every["difference"] == 0, 1.0, np.sign(every["difference"]))
    told = found.legs.assign(low=sign, high=sign, difference=every["difference"] + sign)
    text = write_report(replace(found, legs=told), tmp_path, workers=1).read_text("utf-8")
    size = len(text.encode())
    assert size < _BYTES, size
    assert len(re.findall(r"<svg aria-hidden", text)) >= len(INLINE)
