"""The dense layer on whole numbers, where floating point is exact and every comparison is an equality."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handgrad import linear

SIZES = st.integers(1, 5)


@st.composite
def whole(draw, zero=False):
    m, h, n = (draw(st.integers(0, 3) if zero else SIZES) for _ in range(3))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    return [rng.integers(-9, 10, shape).astype(float) for shape in ((m, h), (h, n), (n,), (m, n))]


@given(arrays=whole(zero=True))
def test_every_entry_is_a_sum_of_products_plus_its_bias(arrays):
    A, W, b, _ = arrays
    Z = linear(A, W, b)
    assert Z.shape == (len(A), len(b))
    for i, j in np.ndindex(Z.shape):
        assert Z[i, j] == sum(int(A[i, q]) * int(W[q, j]) for q in range(len(W))) + int(b[j])


@given(arrays=whole(zero=True))
def test_the_jacobians_are_the_exact_differences_of_an_affine_function(arrays):
    *arguments, _ = arrays
    Z = linear(*arguments)
    for position, jacobian in enumerate(linear.jacobians(*arguments)):
        assert jacobian.shape == Z.shape + arguments[position].shape
        for entry in np.ndindex(arguments[position].shape):
            moved = [argument.copy() for argument in arguments]
            moved[position][entry] += 1
            np.testing.assert_array_equal(jacobian[(..., *entry)], linear(*moved) - Z)


@given(arrays=whole(zero=True))
def test_the_vjps_are_the_exact_differences_of_the_weighted_output(arrays):
    *arguments, cotangent = arrays
    before = np.sum(cotangent * linear(*arguments))
    for position, vjp in enumerate(linear.vjps(*arguments, cotangent=cotangent)):
        assert vjp.shape == arguments[position].shape
        for entry in np.ndindex(vjp.shape):
            moved = [argument.copy() for argument in arguments]
            moved[position][entry] += 1
            assert vjp[entry] == np.sum(cotangent * linear(*moved)) - before


@given(arrays=whole())
def test_samples_do_not_mix(arrays):
    A, W, b, cotangent = arrays
    one_by_one = [linear.vjps(A[[i]], W, b, cotangent=cotangent[[i]]) for i in range(len(A))]
    by_A, by_W, by_b = linear.vjps(A, W, b, cotangent=cotangent)
    np.testing.assert_array_equal(by_A, np.concatenate([vjps[0] for vjps in one_by_one]))
    np.testing.assert_array_equal(by_W, sum(vjps[1] for vjps in one_by_one))
    np.testing.assert_array_equal(by_b, sum(vjps[2] for vjps in one_by_one))


@pytest.mark.parametrize(
    "shapes",
    [
        [(3, 4), (5, 4), (5,)],
        [(3, 4), (4, 5), (4,)],
        [(3, 4), (4, 5), (1,)],
        [(3, 4), (4, 5), (1, 5)],
        [(3, 4), (4, 5), ()],
        [(4,), (4, 5), (5,)],
        [(3, 4), (4,), ()],
        [(2, 3, 4), (4, 5), (5,)],
    ],
)
def test_shapes_that_do_not_go_together_are_refused_by_forward_jacobians_and_vjps(shapes):
    arguments = [np.ones(shape) for shape in shapes]
    A, W, b = shapes
    sentence = f"linear: A has shape {A}, W {W} and b {b}, but (m, h), (h, n) and (n,) are expected"
    for call in (linear, linear.jacobians, lambda *given: linear.vjps(*given, cotangent=np.ones((3, 5)))):
        with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
            call(*arguments)
