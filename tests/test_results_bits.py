"""The committed results of the classroom are those of the rules as they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import waterbed as wb

KEPT = Path(__file__).parents[1] / "results" / "classroom" / "provenance.json"


@pytest.mark.slow
def test_the_classroom_comes_out_as_committed() -> None:
    """Rules of another text have another version; that they give the same bits is seen by running them."""
    kept = json.loads(KEPT.read_text("utf-8"))
    pairs = len(kept["seeds"])
    again = wb.compare(
        wb.Scenario.load("classroom"), replicates=pairs, seed=kept["seed"], workers=1, doses=kept["doses"]
    )
    assert again.digest == kept["digest"]
