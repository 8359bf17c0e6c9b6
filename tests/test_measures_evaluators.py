"""Field estimators against published examples: Wheeler & Ratcliffe 2018; Guerette 2009; streetlamp; ptools."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterbed.measures.evaluators import before_after, gross_effect, net_effect, tne, wdd, wdq, wdq_parts

CONTROL, TREATED, BUFFER_CONTROL, BUFFER = (308, 318), (207, 110), (150, 140), (178, 157)
COUNT = st.integers(1, 10_000)
PAIR = st.tuples(COUNT, COUNT)


def test_wdd_of_the_paper() -> None:
    found = wdd(TREATED, BUFFER, CONTROL, BUFFER_CONTROL)
    assert found.value == -118
    assert found.error == pytest.approx(math.sqrt(1568))
    assert found.z == pytest.approx(-2.98, abs=0.005)
    low, high = found.interval()
    assert (round(low), round(high)) == (-196, -40)


def test_wdd_with_area_weights() -> None:
    found = wdd(TREATED, BUFFER, CONTROL, BUFFER_CONTROL, area_weights=(0.9, 1.2, 1.6, 1.5))
    assert found.value == pytest.approx(-99.694, abs=0.001)
    assert found.error == pytest.approx(35.428, abs=0.001)
    assert found.z == pytest.approx(-2.814, abs=0.001)


def test_wdd_with_time_weights() -> None:
    found = wdd((80, 20), (0, 0), (100, 50), time_weights=(2, 1))
    assert found.value == pytest.approx(-20)
    assert found.error == pytest.approx(math.sqrt(115))


@pytest.mark.parametrize("weights", [{"area_weights": (1, 0, 1, 1)}, {"time_weights": (1, -2)}])
def test_weights_have_to_be_positive(weights: dict) -> None:
    with pytest.raises(ValueError, match="positive"):
        wdd(TREATED, BUFFER, CONTROL, BUFFER_CONTROL, **weights)


def test_quotient_and_total_net_effect() -> None:
    assert wdq(TREATED, BUFFER, CONTROL) == pytest.approx(0.258, abs=0.0005)
    assert tne(TREATED, BUFFER, CONTROL) == pytest.approx(130.5, abs=0.05)


def test_displacement_that_wipes_out_the_gain() -> None:
    assert wdq((100, 50), (100, 150), (100, 100)) == pytest.approx(-1.0)
    assert tne((100, 50), (100, 150), (100, 100)) == pytest.approx(0.0)


def test_effects_before_and_after() -> None:
    assert gross_effect((207, 110)) == 97
    assert net_effect((100, 50), (100, 100)) == pytest.approx(0.5)
    assert before_after((200, 150)) == pytest.approx(-0.25)


def test_nothing_counted_is_no_number() -> None:
    assert math.isnan(before_after((0, 5)))
    assert math.isnan(wdq((10, 5), (10, 5), (0, 5)))
    assert math.isnan(wdq((10, 10), (10, 5), (7, 7)))
    assert math.isnan(tne((10, 5), (10, 5), (0, 5)))
    assert math.isnan(wdd((0, 0), (0, 0), (0, 0)).z)


@given(PAIR, PAIR, PAIR)
def test_parts_have_the_sign_of_a_fall(treated: tuple, buffer: tuple, control: tuple) -> None:
    top, bottom = wdq_parts(treated, buffer, control)
    assert (bottom > 0) == (treated[0] * control[1] > treated[1] * control[0] and bottom != 0)
    if bottom != 0:
        assert wdq(treated, buffer, control) == pytest.approx(top / bottom)


@given(PAIR, PAIR, PAIR, st.integers(2, 50))
def test_a_quotient_has_no_unit_and_a_difference_has(treated: tuple, buffer: tuple, control: tuple, k: int) -> None:
    def scaled(pair: tuple) -> tuple:
        return pair[0] * k, pair[1] * k

    one, many = wdq(treated, buffer, control), wdq(scaled(treated), scaled(buffer), scaled(control))
    if abs(wdq_parts(treated, buffer, control)[1]) > 1e-9:
        assert many == pytest.approx(one)
    a, b = wdd(treated, buffer, control), wdd(scaled(treated), scaled(buffer), scaled(control))
    assert b.value == pytest.approx(k * a.value)
    assert b.error == pytest.approx(math.sqrt(k) * a.error)


def test_the_error_with_one_control_for_both_is_that_of_its_counts() -> None:
    """One control that serves both areas: the stated error is the spread over Poisson draws (2 % at 4,000)."""
    rng = np.random.default_rng(1)
    drawn = [tuple(rng.poisson(mean, 2) for mean in (200, 170, 300)) for _ in range(4000)]
    found = [wdd(a, b, c, area_weights=(0.5, 1.0, 1.0, 1.0)) for a, b, c in drawn]
    twice = wdd(*drawn[0], drawn[0][2])
    assert found[0].value == pytest.approx(twice.value)
    assert found[0].error > twice.error
    assert np.mean([d.error for d in found]) == pytest.approx(np.std([d.value for d in found]), rel=4 / math.sqrt(8000))
