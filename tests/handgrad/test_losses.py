from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from handgrad import half_squared_error

PAIRS = npst.array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=5).flatmap(
    lambda shape: st.tuples(*[npst.arrays(np.float64, shape, elements=st.floats(-1e3, 1e3))] * 2)
)
WHOLE = npst.arrays(np.float64, (3, 2), elements=st.integers(-99, 99))


@given(pair=PAIRS)
def test_half_squared_error_agrees_with_exact_fractions(pair):
    prediction, target = pair
    terms = [(Fraction(p) - Fraction(t)) ** 2 for p, t in zip(prediction.flat, target.flat, strict=True)]
    exact = sum(terms, Fraction(0)) / 2
    # A difference, a square, and sums of at most 25 terms, none of them negative.
    assert abs(Fraction(float(half_squared_error(prediction, target))) - exact) <= exact * Fraction(30, 2**53) + 5e-324


@given(prediction=WHOLE, target=WHOLE, direction=WHOLE)
def test_the_gradient_of_half_squared_error_is_the_linear_part_of_an_exact_expansion(prediction, target, direction):
    moved = half_squared_error(prediction + direction, target) - half_squared_error(prediction, target)
    linear_part = np.sum(half_squared_error.gradient(prediction, target) * direction)
    assert moved - linear_part == half_squared_error(direction, np.zeros_like(direction))


def test_half_squared_error_vanishes_for_a_perfect_prediction_and_for_none():
    y = np.array([[0.5, -2.0]])
    assert half_squared_error(y, y.copy()) == 0
    np.testing.assert_array_equal(half_squared_error.gradient(y, y.copy()), [[0, 0]])
    assert half_squared_error([], []) == 0


def test_half_squared_error_is_a_sum_and_not_a_mean():
    assert half_squared_error(np.full((4, 3), 2.0), np.zeros((4, 3))) == 24
