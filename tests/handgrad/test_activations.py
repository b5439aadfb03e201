"""Values and derivatives against the symbolic form, evaluated by mpmath to fifty digits and more."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from handgrad import ACTIVATIONS, relu, sigmoid, tanh
from handgrad.activations import Z

# Largest error in units in the last place, for the value and for the derivative: the goals in float64 are 2 and 4,
# and the largest error moves by up to half a unit from one processor to the next. NumPy's exponential in float32 is
# itself off by up to 2.6 units.
BOUNDS = {np.float64: (2.5, 4.5), np.float32: (4, 6)}
FINITE = st.floats(allow_nan=False, allow_infinity=False)
INFINITIES = {np.inf: sympy.oo, -np.inf: -sympy.oo}


def sweep(dtype):
    """Return points near the crest, out to where the exponential is less than the smallest number, and far beyond."""
    info = np.finfo(dtype)
    edge = 1.02 * -np.log(float(info.smallest_subnormal))
    rng = np.random.default_rng(7)
    positive = np.concatenate(
        [
            [0, info.smallest_subnormal, info.tiny, info.eps, 1e4, float(info.max) / 2, info.max],
            np.geomspace(float(info.tiny), edge, 300),
            np.linspace(0, edge, 400),
            np.linspace(0.45 * edge, 0.5 * edge, 150),
            np.linspace(0.9 * edge, edge, 150),
            rng.uniform(0, 40, 1000),
            abs(rng.normal(scale=3, size=1000)),
        ]
    ).astype(dtype)
    return np.concatenate([positive, -positive])


def exact(expression, points):
    """Evaluate a symbolic form, with the digits that a cancellation in the tails takes away added to fifty."""
    function = sympy.lambdify(Z, expression, "mpmath")
    values = []
    for z in map(float, points):
        with mpmath.workdps(60 + int(min(abs(z), 1000))):
            values.append(function(mpmath.mpf(z)))
    return values


def worst_ulps(got, expected, points):
    """Return the largest error in units in the last place, and where it stands."""
    worst = (0.0, None)
    # The spacing at the largest number itself would overflow.
    largest = np.finfo(got.dtype).max / 2
    for value, reference, z in zip(got, expected, points, strict=True):
        unit = float(np.spacing(got.dtype.type(min(abs(reference), largest))))
        worst = max(worst, (float(abs(mpmath.mpf(float(value)) - reference) / unit), float(z)), key=lambda w: w[0])
    return worst


@pytest.mark.parametrize("dtype", BOUNDS)
def test_the_value_is_accurate_to_the_last_places_everywhere(activation, dtype):
    z = sweep(dtype)
    ulps, where = worst_ulps(activation(z), exact(activation.symbolic, z), z)
    assert ulps <= BOUNDS[dtype][0], f"{ulps} ULP at {where!r}"


@pytest.mark.parametrize("dtype", BOUNDS)
def test_the_derivative_is_accurate_to_the_last_places_everywhere(activation, dtype):
    z = sweep(dtype)
    z = z[~np.isin(z, activation.kinks)]
    ulps, where = worst_ulps(activation.derivative(z), exact(sympy.diff(activation.symbolic, Z), z), z)
    assert ulps <= BOUNDS[dtype][1], f"{ulps} ULP at {where!r}"


@settings(max_examples=40)
@given(z=FINITE)
def test_value_and_derivative_are_accurate_at_any_finite_number(activation, z):
    points = np.array([z])
    assert worst_ulps(activation(points), exact(activation.symbolic, points), points)[0] <= BOUNDS[np.float64][0]
    if z not in activation.kinks:
        slope = exact(sympy.diff(activation.symbolic, Z), points)
        assert worst_ulps(activation.derivative(points), slope, points)[0] <= BOUNDS[np.float64][1]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_tails_are_finite_and_quiet(activation, dtype):
    largest = np.finfo(dtype).max
    z = np.array([largest, -largest, largest / 2, -largest / 2], dtype)
    for values in (activation(z), activation.derivative(z), activation.vjp(z, np.ones_like(z))):
        assert np.isfinite(values).all()


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("z", INFINITIES)
def test_infinity_gives_the_limit(activation, z, dtype):
    at = np.array([z], dtype)
    for values, expression in (
        (activation(at), activation.symbolic),
        (activation.derivative(at), sympy.diff(activation.symbolic, Z)),
    ):
        assert values[0] == float(sympy.limit(expression, Z, INFINITIES[z]))


def test_nan_stays_nan(activation):
    assert np.isnan(activation(np.array([np.nan]))).all()


def test_half_precision_agrees_with_single_precision(activation):
    z = np.linspace(-20, 20, 801, dtype=np.float16)
    rounding = np.finfo(np.float16).eps
    for function in (activation, activation.derivative):
        np.testing.assert_allclose(function(z), function(z.astype(np.float32)), rtol=3 * rounding, atol=1e-6)


def test_the_slope_at_a_kink_lies_between_the_slopes_beside_it(activation):
    # A smooth function has no kinks, and its sweep leaves out no point.
    for kink in activation.kinks:
        left, at, right = activation.derivative([np.nextafter(kink, -np.inf), kink, np.nextafter(kink, np.inf)])
        assert left != right
        assert min(left, right) <= at <= max(left, right)


def test_the_symbolic_form_is_a_function_of_z_alone(activation):
    assert activation.symbolic.free_symbols == {Z}


def test_every_activation_is_listed_under_its_own_name():
    assert {"relu", "sigmoid", "tanh"} <= ACTIVATIONS.keys()
    assert all(name == record.name for name, record in ACTIVATIONS.items())
    assert all(record.__doc__.strip() for record in ACTIVATIONS.values())


def test_relu_at_its_kink_has_the_slope_zero():
    np.testing.assert_array_equal(relu.derivative([0.0, -0.0]), [0, 0])


def test_relu_of_minus_infinity_is_zero_and_not_nan():
    assert relu(-np.inf) == 0


@given(z=FINITE)
def test_sigmoid_takes_the_complement_where_the_sign_changes(z):
    # The two are computed by different branches; one rounding of a number near 1 may part them.
    assert abs(sigmoid(z) + sigmoid(-z) - 1) <= 2 * np.finfo(float).eps
    assert sigmoid.derivative(z) == sigmoid.derivative(-z)


@given(z=FINITE)
def test_tanh_is_odd_and_its_derivative_even(z):
    assert tanh(-z) == -tanh(z)
    assert tanh.derivative(-z) == tanh.derivative(z)


def test_tanh_keeps_the_sign_of_zero():
    np.testing.assert_array_equal(np.signbit(tanh([0.0, -0.0])), [False, True])
