"""Displacement of people with known fates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthetic import CENTRAL, EAST, WEST, crossed, leg, pair, people, scenario
from waterbed.measures.displacement import moves
from waterbed.measures.reduce import reduce

NEWPORT = leg("Newport > Harbour")


def terms(x, y, **more):
    return reduce(*pair(scenario(**more), x, y)).terms


def test_known_moves_at_scale():
    y = crossed(people(20), slice(0, 10), CENTRAL, "Central", 450)
    crossed(y, slice(10, 12), EAST, "East", 450)
    y["paid"] = 100
    x = people(20, paid=100)
    crossed(x, slice(0, 3), CENTRAL, "Central", 450)  # as without
    crossed(x, 3, NEWPORT, "Central", 458)  # another leg of the route, 8 days later
    crossed(x, 4, CENTRAL, "Central", 442)  # 8 days earlier
    crossed(x, slice(5, 7), WEST, "West", 460)  # moved, 10 days later
    x["paid"][5:7] = 400
    crossed(x, 10, CENTRAL, "Central", 450)  # the other way
    # 7, 8 and 9 never left; 11 does not cross either
    found = terms(x, y, persons_per_agent=5)
    lost = 5 * (10 - 6)
    assert found["displacement_spatial", "", "share of loss"] == (5 * (2 - 1), lost)
    assert found["stopped", "", "share of loss"] == (lost - 5, lost)
    assert found["treated_loss", "cohort", "person"] == (lost,)
    assert found["displaced_gross", "", "person"] == (10,)
    assert found["moved_back_gross", "", "person"] == (5,)
    assert found["displacement_temporal", "later", "share"] == (5, 50)
    assert found["displacement_temporal", "earlier", "share"] == (5, 50)
    assert found["diffusion_of_benefits", "", "share"] == (5 * (2 - 2), 10)
    assert found["delay_per_displaced", "", "day/person"] == (100, 10)
    assert found["fee_per_displaced", "", "USD/person"] == (5 * 2 * 3.0, 10)
    assert found["fees_paid_change", "cohort", "share"] == (5 * 6.0, 5 * 20.0)


def test_tactics_and_targets():
    y = crossed(people(10, channel=0), slice(0, 8), CENTRAL, "Central")
    x = crossed(people(10, channel=0), slice(0, 4), CENTRAL, "Central")
    x["channel"][:3] = 1
    x["vulnerable"][:1] = y["vulnerable"][:4] = True
    y["vulnerable"][9] = True  # did not cross
    found = terms(x, y)
    assert found["displacement_tactical", "online", "share"] == (3, 10, 0, 10)
    assert found["displacement_target", "vulnerable", "share"] == (1, 4, 4, 8)
    # All counted legs of this world are by sea: no share can change.
    assert not [key for name, key, _ in found if name == "displacement_tactical" and key.startswith("by ")]


crossing = st.tuples(st.sampled_from([-1, WEST, CENTRAL, NEWPORT, EAST]), st.integers(440, 470))
legs = st.lists(crossing, min_size=1, max_size=40)


@given(legs, legs)
def test_an_accounting_identity(a, b):
    """Loss on treated legs = moved elsewhere, net + stopped; and the other legs' gain is net of who is new there."""
    n = min(len(a), len(b))
    x, y = people(n), people(n)
    for born, drawn in ((x, a), (y, b)):
        for i, (row, day) in enumerate(drawn[:n]):
            if row >= 0:
                crossed(born, i, row, "Other ways", day)
    found, null = terms(x, y), terms(y, y)
    moved, lost = found["displacement_spatial", "", "share of loss"]
    stopped, _ = found["stopped", "", "share of loss"]
    assert moved + stopped == lost
    assert found["displaced_gross", "", "person"][0] - found["moved_back_gross", "", "person"][0] == moved
    assert null["displacement_spatial", "", "share of loss"] == (0, 0)
    assert null["displacement_temporal", "later", "share"][0] == 0
    mirrored = terms(y, x)
    assert mirrored["displacement_spatial", "", "share of loss"] == (-moved, -lost)


def test_moves_hold_everybody():
    rng = np.random.default_rng(1)
    x, y = people(500), people(500)
    for born in (x, y):
        born["crossing_leg"] = rng.choice([-1, WEST, CENTRAL, EAST], 500)
        born["crossing_day"] = rng.integers(400, 500, 500)
    table = moves(x, y, 39)
    assert table["people"].sum() == 500
    for row in table:
        both = (y["crossing_leg"] == row["without"]) & (x["crossing_leg"] == row["with"])
        assert row["people"] == both.sum()
        if row["without"] >= 0 and row["with"] >= 0:
            assert row["days"] == pytest.approx((x["crossing_day"] - y["crossing_day"])[both].sum())


def test_no_treated_leg_gives_no_number_and_says_why():
    reduced = reduce(*pair(scenario(compare={"treated": ["Amber > Basin"]}), people(3), people(3)))
    assert ("displacement_spatial", "", "share of loss") not in reduced.terms
    assert "compare.treated" in reduced.absent["displacement_spatial", "", "share of loss"]
    assert "no treated legs" in reduced.absent["before_after", "during", "share"]
