"""Sums that no order of addition changes, and functions that are the C library's."""

from __future__ import annotations

import math

import numpy as np
import pytest

from waterbed import exact


@pytest.mark.parametrize("spread", [0, 6])
def test_a_product_does_not_depend_on_the_order_of_addition(spread: int) -> None:
    rng = np.random.default_rng(spread)
    weights = rng.multinomial(40, np.full(40, 1 / 40), 300).astype(float)
    values = rng.normal(size=(40, 7)) * 10.0 ** rng.uniform(-spread, spread, (40, 7))
    found = exact.product(weights, values)
    for _ in range(20):
        order = rng.permutation(40)
        assert np.array_equal(exact.product(weights[:, order], values[order]), found)
    exactly = [[math.fsum(w * v) for v in values.T] for w in weights]
    assert np.allclose(found, exactly, rtol=0, atol=40 * 40 * np.abs(values).max() * 2.0**-52)


def test_whole_numbers_and_what_is_no_number_stay() -> None:
    weights, counts = np.array([[2.0, 0.0, 1.0], [1.0, 1.0, 1.0]]), np.array([[7, 10**9], [1, 3], [0, 5]])
    assert np.array_equal(exact.product(weights, counts), weights @ counts)
    assert np.isnan(exact.product(weights, np.array([math.nan, 1.0, 2.0]))).all()
    assert np.array_equal(exact.product(weights, np.zeros(3)), np.zeros(2))


def test_functions_are_those_of_the_c_library() -> None:
    x = np.random.default_rng(1).uniform(0.1, 30.0, (50, 3))
    for name in ("exp", "log", "sin", "cos"):
        expected = np.reshape([getattr(math, name)(v) for v in x.ravel()], x.shape)
        assert np.array_equal(getattr(exact, name)(x), expected)
    assert exact.exp(np.zeros((0, 3))).shape == (0, 3)
