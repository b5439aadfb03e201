"""The tolerance: tight enough to see a wrong digit, never tight enough to raise a false alarm."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from equalsign import compare
from equalsign.comparison import LARGEST_SCALE, LONGEST_SUM, LOOSEST, ROUNDINGS

FINITE = st.floats(allow_nan=False, allow_infinity=False)
ARRAYS = npst.arrays(np.float64, npst.array_shapes(min_dims=0, max_dims=3, min_side=1, max_side=4), elements=FINITE)


def raises(kind, sentence):
    return pytest.raises(kind, match=f"^{re.escape(sentence)}$")


@given(values=ARRAYS)
def test_an_array_equals_its_copy(values):
    found = compare(values, values.copy())
    assert found.holds
    assert (found.error, found.entries, found.shape, found.dtype) == (0, values.size, values.shape, "float64")


@given(values=ARRAYS, other=ARRAYS)
def test_swapping_the_sides_swaps_the_values_and_changes_nothing_else(values, other):
    one, two = compare(values, other), compare(other, values)
    assert (one.holds, one.error, one.allowed, one.index) == (two.holds, two.error, two.allowed, two.index)
    assert (one.got, one.expected) == (two.expected, two.got)


@given(values=ARRAYS, data=st.data())
def test_one_entry_off_in_the_fourteenth_digit_fails_and_is_named(values, data):
    index = tuple(data.draw(st.integers(0, side - 1)) for side in values.shape)
    wrong = values.copy()
    wrong[index] = 1 + 1e-14
    values[index] = 1.0
    found = compare(wrong, values)
    assert not found.holds
    assert found.index == index
    assert (found.got, found.expected) == (1 + 1e-14, 1.0)
    assert found.error > found.allowed
    place = f" at [{', '.join(map(str, index))}]" if index else ""
    assert found.message.startswith(f"worst error 9.99e-15{place}, where ")
    assert found.message.endswith("got 1.00000000000001, expected 1.0")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("terms", [1, 4, 100])
def test_the_allowed_error_is_that_of_the_documented_bound(dtype, terms):
    roundoff = Fraction(2) ** {np.float32: -24, np.float64: -53}[dtype]
    allowed = (16 + 2 * Fraction(terms) ** Fraction(1, 2)) * 3 * float(roundoff)
    expected = np.array([1.0], dtype)
    for share, holds in ((0.9, True), (1.1, False)):
        # A step that both precisions can carry without rounding it away.
        got = expected + dtype(share * allowed)
        found = compare(got, expected, scale=3.0, terms=terms)
        assert found.allowed == pytest.approx(allowed, rel=1e-6)
        assert found.holds is holds


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n", [1, 3, 30, 1000])
def test_sums_of_products_in_two_orders_never_raise_a_false_alarm(dtype, n):
    for seed in range(300):
        rng = np.random.default_rng(seed)
        spread = rng.choice([0, 3])  # Products of one size, or of many.
        A, B = (rng.normal(size=s) * 10.0 ** rng.uniform(-spread, spread, s) for s in ((3, n), (n, 4)))
        A, B = A.astype(dtype), B.astype(dtype)
        order = rng.permutation(n)
        forwards = np.zeros((3, 4), dtype)
        for q in order:  # The worst order for roundings: one term after another.
            forwards += np.outer(A[:, q], B[q])
        found = compare(A @ B, forwards, scale=np.abs(A) @ np.abs(B), terms=n)
        assert found.holds, f"seed {seed}: {found.message}"
        assert found.error <= found.allowed / 2, f"seed {seed} comes too near: {found.message}"


@pytest.mark.parametrize("n", [3, 30])
def test_a_sum_with_one_term_missing_twice_flipped_or_in_single_precision_fails(n):
    for seed in range(50):
        rng = np.random.default_rng(seed)
        A, B = rng.normal(size=(3, n)), rng.normal(size=(n, 4))
        scale = np.abs(A) @ np.abs(B)
        term = np.outer(A[:, 0], B[0])
        leak = (A.astype(np.float32) @ B.astype(np.float32)).astype(np.float64)
        for wrong in (A @ B - term, A @ B + term, A @ B - 2 * term, leak, A @ B * (1 + 1e-12)):
            assert not compare(wrong, A @ B, scale=scale, terms=n).holds


class TestWhatAMeanWouldHide:
    """The metric of a mean over entries: 0.0025 for a Jacobian of zeros, 1.25e-5 for one wrong sign."""

    SHAPE = (20, 4, 20, 4)

    @pytest.fixture
    def jacobian(self):
        slopes = np.random.default_rng(0).uniform(0.1, 1, 80)
        return np.diag(slopes).reshape(self.SHAPE)

    def test_a_jacobian_of_zeros_is_rejected(self, jacobian):
        assert not compare(np.zeros(self.SHAPE), jacobian).holds

    def test_one_wrong_sign_is_rejected_and_found(self, jacobian):
        wrong = jacobian.copy()
        wrong[7, 2, 7, 2] *= -1
        found = compare(wrong, jacobian)
        assert not found.holds
        assert found.index == (7, 2, 7, 2)

    def test_one_small_entry_where_a_zero_belongs_is_rejected(self, jacobian):
        wrong = jacobian.copy()
        wrong[7, 2, 2, 7 % 4] = 1e-15
        assert not compare(wrong, jacobian).holds

    def test_a_small_entry_is_not_excused_by_large_ones(self):
        got, expected = np.array([1e20, 1e-20]), np.array([1e20, 2e-20])
        found = compare(got, expected)
        assert not found.holds
        assert found.index == (1,)

    def test_the_worst_entry_is_the_one_furthest_beyond_what_is_allowed_and_not_the_largest_error(self):
        found = compare([1e6 + 1e-8, 1.0, 1e-6], [1e6, 1.0, 1e-6 + 1e-12])
        assert found.index == (2,)


class TestWhatCannotBeCompared:
    @pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
    @pytest.mark.parametrize("shape", [(), (3,), (2, 2)])
    def test_nan_and_infinity_fail_on_either_side_and_even_on_both(self, value, shape):
        good, bad = np.ones(shape), np.ones(shape)
        last = tuple(side - 1 for side in shape)
        bad[last] = value
        place = f" at [{', '.join(map(str, last))}]" if shape else ""
        for got, expected, name in ((bad, good, "got"), (good, bad, "expected"), (bad, bad.copy(), "got")):
            found = compare(got, expected)
            assert not found.holds
            assert found.message == f"{name} is {value}{place}"
            assert (found.error, found.got, found.expected, found.index) == (None, None, None, last)

    @pytest.mark.parametrize(
        ("one", "other"), [((3,), (4, 3)), ((), (3,)), ((1,), ()), ((1, 3), (3,)), ((4, 3), (3, 4)), ((0,), (1,))]
    )
    def test_shapes_must_be_equal_even_if_they_would_broadcast(self, one, other):
        for left, right in ((one, other), (other, one)):
            found = compare(np.ones(left), np.ones(right))
            assert not found.holds
            assert found.message == f"got has shape {left}, but expected has shape {right}"

    @pytest.mark.parametrize("shape", [(0,), (3, 0), (0, 4, 2)])
    def test_an_empty_array_fails(self, shape):
        found = compare(np.ones(shape), np.ones(shape))
        assert not found.holds
        assert found.message == f"both sides have shape {shape}: there is no entry to compare"
        assert found.entries == 0

    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.longdouble])
    def test_another_precision_fails_even_for_equal_numbers(self, dtype):
        found = compare(np.ones(3, dtype), np.ones(3))
        assert not found.holds
        name = np.dtype(dtype).name
        assert found.message == f"got is {name}, but expected is float64: digits were lost on one side"
        assert not compare(np.ones(3), np.ones(3, dtype)).holds

    @pytest.mark.parametrize(
        ("value", "dtype"), [(1j, "complex128"), ("1", "<U1"), (None, "object"), ([Fraction(1, 2)], "object")]
    )
    def test_what_is_no_real_number_is_refused(self, value, dtype):
        for name, arguments in (("got", (value, 1.0)), ("expected", (1.0, value))):
            with raises(TypeError, f"check: {name} has dtype {dtype}, but only real numbers can be compared"):
                compare(*arguments)


@pytest.mark.parametrize(("got", "expected"), [(3, 3.0), ([1, 2], (1.0, 2.0)), (True, 1), (np.uint8(255), 255.0)])
def test_numbers_lists_integers_and_booleans_count_as_float64(got, expected):
    found = compare(got, expected)
    assert found.holds
    assert found.dtype == "float64"


def test_integers_that_differ_fail():
    assert not compare(np.array([1, 2]), np.array([1, 3])).holds
    assert not compare(True, False).holds


def test_a_number_is_compared_as_an_array_without_axes():
    found = compare(np.float64(0.5), 0.5)
    assert (found.holds, found.index, found.shape, found.entries) == (True, (), (), 1)
    assert found.message.startswith("1 entry, worst error 0 where ")


def test_the_smallest_numbers_may_differ_by_a_few_of_their_steps_and_no_more():
    step = float(np.finfo(float).smallest_subnormal)
    assert compare(ROUNDINGS * step, 0.0).holds
    assert not compare((ROUNDINGS + 1) * step, 0.0).holds
    assert not compare(1e-300, 0.0).holds


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_difference_too_large_to_be_written_fails_with_numbers_that_can_be(dtype):
    largest = np.finfo(dtype).max
    found = compare(np.array([largest]), np.array([-largest]))
    assert not found.holds
    assert found.error == largest
    assert np.isfinite(found.allowed)
    assert not compare(np.array([1.0, 2.0], dtype), np.array([1.0, 3.0], dtype), scale=0).holds


class TestScale:
    def test_terms_that_cancel_leave_an_error_of_their_own_size(self):
        got, expected = 1e5 + 0.1 - 1e5, 0.1
        assert not compare(got, expected).holds
        assert compare(got, expected, scale=2e5, terms=3).holds

    def test_a_scale_broadcasts_to_the_entries(self):
        expected = np.ones((2, 3))
        got = expected + 1e-13
        assert not compare(got, expected, scale=[1, 1, 1000]).holds
        assert compare(got, expected, scale=[1000, 1000, 1000]).holds
        assert not compare(got, expected, scale=[[1000], [1]]).holds

    def test_a_scale_smaller_than_the_entries_makes_the_check_stricter(self):
        assert compare(1 + 1e-15, 1.0).holds
        assert not compare(1 + 1e-15, 1.0, scale=0.1).holds

    @pytest.mark.parametrize("shape", [(2,), (4, 3, 1), (3, 4)])
    def test_a_scale_that_does_not_broadcast_is_refused(self, shape):
        sentence = f"check: scale has shape {shape}, which does not broadcast to the shape (4, 3) compared"
        with raises(ValueError, sentence):
            compare(np.ones((4, 3)), np.ones((4, 3)), scale=np.ones(shape))

    @pytest.mark.parametrize("scale", [np.nan, np.inf, -1.0, [1.0, -1e-300]])
    def test_a_scale_that_is_no_size_is_refused(self, scale):
        with raises(ValueError, "check: scale must be finite and not negative in every entry"):
            compare([1.0, 1.0], [1.0, 1.0], scale=scale)

    def test_a_complex_scale_is_refused(self):
        with raises(TypeError, "check: scale has dtype complex128, but only real numbers can be compared"):
            compare(1.0, 1.0, scale=1j)

    def test_a_scale_far_beyond_the_entries_is_refused_because_it_would_excuse_anything(self):
        assert compare(2.0, 2.0, scale=2 * LARGEST_SCALE).holds
        with pytest.raises(ValueError, match=r"^check: scale reaches 2\.1e\+06, beyond 2e\+06, the most that entries"):
            compare(2.0, 2.0, scale=2.1 * LARGEST_SCALE)

    def test_a_scale_cannot_make_a_tolerance_of_its_own_much_looser(self):
        assert compare(2.0, 2.0, scale=20, tolerance=LOOSEST).holds
        with pytest.raises(ValueError, match=r"^check: scale reaches 21, beyond 20, the most that entries of size 2"):
            compare(2.0, 2.0, scale=21, tolerance=LOOSEST)


class TestTerms:
    @pytest.mark.parametrize("terms", [1, LONGEST_SUM, np.int64(12)])
    def test_a_length_is_accepted(self, terms):
        assert compare(1.0, 1.0, terms=terms).holds

    @pytest.mark.parametrize("terms", [0, -3, LONGEST_SUM + 1])
    def test_a_length_that_no_sum_has_is_refused(self, terms):
        with raises(ValueError, f"check: terms is {terms}, but a sum has from 1 to {LONGEST_SUM} terms"):
            compare(1.0, 1.0, terms=terms)

    @pytest.mark.parametrize("terms", [2.0, np.inf, np.nan, "2", None])
    def test_a_length_that_is_no_integer_is_refused(self, terms):
        with raises(TypeError, f"check: terms is {terms!r}, but the number of terms is an integer"):
            compare(1.0, 1.0, terms=terms)

    def test_no_length_excuses_a_wrong_tenth_digit(self):
        assert not compare(1 + 1e-10, 1.0, terms=LONGEST_SUM).holds


class TestTolerance:
    def test_a_tolerance_is_relative_to_the_entry(self):
        assert compare([1e-9, 1e9], [1.00001e-9, 1.00001e9], tolerance=2e-5).holds
        assert not compare([1e-9, 1e9], [1.00003e-9, 1e9], tolerance=2e-5).holds

    @pytest.mark.parametrize("tolerance", [0, -1e-9, 1.01 * LOOSEST, 1, True, np.inf, np.nan])
    def test_a_tolerance_of_nothing_or_beyond_the_bound_is_refused(self, tolerance):
        with raises(ValueError, f"check: tolerance is {tolerance}, but it must be above 0 and at most {LOOSEST}"):
            compare(1.0, 1.0, tolerance=tolerance)

    def test_the_loosest_tolerance_still_sees_a_wrong_fourth_digit(self):
        assert not compare(1.001, 1.0, tolerance=LOOSEST).holds
