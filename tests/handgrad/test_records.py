"""What every record promises: shapes, precision, untouched inputs, Jacobian and VJP that agree, clear refusals."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from handgrad import linear, relu, sigmoid
from handgrad.records import elementwise

HERE = Path(__file__).parent
SHAPES = [(), (0,), (3,), (4, 3), (0, 2)]
NUMBERS = st.floats(-1e6, 1e6)
PAIRS = npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4).flatmap(
    lambda shape: st.tuples(*[npst.arrays(np.float64, shape, elements=NUMBERS)] * 3)
)


def drawn(rng, shape, dtype=np.float64):
    return np.asarray(rng.normal(scale=3, size=shape)).astype(dtype)


def samples(record, rng, dtype=np.float64):
    """Return arguments of a layer in its sample shapes."""
    return [drawn(rng, shape, dtype) for shape in record.sample.values()]


def contracted(cotangent, jacobian):
    """Contract a cotangent with all axes of the output."""
    return np.tensordot(cotangent, jacobian, axes=cotangent.ndim)


class TestElementwise:
    @pytest.mark.parametrize("shape", SHAPES)
    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
    def test_shape_and_precision_are_kept(self, activation, rng, shape, dtype):
        z, cotangent = drawn(rng, shape, dtype), drawn(rng, shape, dtype)
        for result in (activation(z), activation.derivative(z), activation.vjp(z, cotangent)):
            assert result.shape == shape
            assert result.dtype == dtype
        assert activation.jacobian(z).shape == shape + shape
        assert activation.jacobian(z).dtype == dtype

    @pytest.mark.parametrize(
        "z", [3, True, [1, 0, -2], [[1], [2]], np.array([1, 2], np.int8), np.array([7], np.uint64)]
    )
    def test_integers_booleans_and_lists_count_as_float64(self, activation, z):
        as_floats = np.asarray(z).astype(np.float64)
        for function in (activation, activation.derivative, activation.jacobian):
            assert function(z).dtype == np.float64
            np.testing.assert_array_equal(function(z), function(as_floats))

    @pytest.mark.parametrize("shape", SHAPES)
    def test_the_jacobian_holds_each_derivative_once_and_is_zero_elsewhere(self, activation, rng, shape):
        z = drawn(rng, shape)
        jacobian = activation.jacobian(z)
        for output in np.ndindex(shape):
            for entry in np.ndindex(shape):
                expected = activation.derivative(z[entry]) if output == entry else 0
                assert jacobian[output + entry] == expected

    @given(arrays=PAIRS)
    def test_the_vjp_is_the_cotangent_contracted_with_the_jacobian(self, activation, arrays):
        z, cotangent, _ = arrays
        expected = contracted(cotangent, activation.jacobian(z))
        np.testing.assert_allclose(activation.vjp(z, cotangent), expected, rtol=1e-15, atol=0)

    @given(arrays=PAIRS, factor=NUMBERS)
    def test_the_vjp_is_linear_in_the_cotangent(self, activation, arrays, factor):
        z, one, other = arrays
        both = activation.vjp(z, factor * one + other)
        expected = factor * activation.vjp(z, one) + activation.vjp(z, other)
        size = np.abs(factor * activation.vjp(z, one)) + np.abs(activation.vjp(z, other))
        assert np.all(np.abs(both - expected) <= 4 * np.finfo(float).eps * size + 1e-300)

    def test_no_cotangent_means_no_gradient_even_at_infinity(self, activation):
        z = np.array([0, -1e308, 1e308, np.inf, -np.inf, 2.5])
        np.testing.assert_array_equal(activation.vjp(z, np.zeros(6)), np.zeros(6))

    def test_inputs_may_be_read_only_and_are_not_changed(self, activation, rng):
        z, cotangent = drawn(rng, (4, 3)), drawn(rng, (4, 3))
        before = z.copy(), cotangent.copy()
        z.flags.writeable = cotangent.flags.writeable = False
        results = activation(z), activation.derivative(z), activation.jacobian(z), activation.vjp(z, cotangent)
        np.testing.assert_array_equal((z, cotangent), before)
        for result in results:
            assert result.flags.writeable
            assert not np.shares_memory(result, z)
            assert not np.shares_memory(result, cotangent)

    @pytest.mark.parametrize(
        "view",
        [lambda z: z.T, lambda z: z[::2, ::-1], np.asfortranarray, lambda z: np.broadcast_to(z[0], (5, 6))],
        ids=["transposed", "strided", "Fortran order", "broadcast"],
    )
    def test_the_layout_in_memory_does_not_matter(self, activation, rng, view):
        z = view(drawn(rng, (4, 6)))
        packed = np.ascontiguousarray(z)
        cotangent = np.ones_like(packed)
        np.testing.assert_array_equal(activation(z), activation(packed))
        np.testing.assert_array_equal(activation.derivative(z), activation.derivative(packed))
        np.testing.assert_array_equal(activation.jacobian(z), activation.jacobian(packed))
        np.testing.assert_array_equal(activation.vjp(z, cotangent), activation.vjp(packed, cotangent))

    @pytest.mark.parametrize(("given", "shape"), [((3,), (4, 3)), ((), (3,)), ((1, 3), (4, 3)), ((3, 4), (4, 3))])
    def test_a_cotangent_of_another_shape_is_refused_even_if_it_would_broadcast(self, activation, given, shape):
        name = activation.name
        sentence = f"{name}.vjp: cotangent has shape {given}, but the output of {name} has shape {shape}"
        with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
            activation.vjp(np.zeros(shape), np.zeros(given))

    @pytest.mark.parametrize(
        ("z", "dtype"),
        [(1j, "complex128"), ("one", "<U3"), (None, "object"), (np.datetime64(0, "s"), "datetime64[s]")],
    )
    def test_what_is_not_real_is_refused(self, activation, z, dtype):
        name = activation.name
        sentence = f"{name}: z has dtype {dtype}, but real numbers are expected"
        for function in (activation, activation.derivative, activation.jacobian, lambda z: activation.vjp(z, 1.0)):
            with pytest.raises(TypeError, match=f"^{re.escape(sentence)}$"):
                function(z)
        sentence = f"{name}.vjp: cotangent has dtype {dtype}, but real numbers are expected"
        with pytest.raises(TypeError, match=f"^{re.escape(sentence)}$"):
            activation.vjp(0.5, z)

    def test_the_derivative_may_use_the_output(self):
        @elementwise(derivative=lambda z, a: a, symbolic=None)
        def exponential(z):
            return np.exp(z)

        np.testing.assert_array_equal(exponential.derivative([0.0, 1.0]), np.exp([0.0, 1.0]))

    def test_a_record_keeps_name_and_docstring_and_cannot_be_changed(self):
        assert sigmoid.name == "sigmoid"
        assert sigmoid.__doc__.startswith("Logistic sigmoid")
        assert (relu.kinks, sigmoid.kinks) == ((0.0,), ())
        with pytest.raises(dataclasses.FrozenInstanceError):
            sigmoid.kinks = (1.0,)


NEWCOMERS = '''
import numpy as np
import sympy

from handgrad import ACTIVATIONS, sigmoid
from handgrad.activations import Z
from handgrad.records import elementwise


def softplus(z):
    """Smooth ReLU."""
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


SLOPES = {
    "sound": lambda z, a: sigmoid(z),
    "lossy": lambda z, a: 1 - np.exp(-a),
    "loud": lambda z, a: 1 / (1 + np.exp(-z)),
}
for softplus.__name__, slope in SLOPES.items():
    record = elementwise(derivative=slope, symbolic=sympy.log(1 + sympy.exp(Z)))(softplus)
    ACTIVATIONS[record.name] = record
'''


def test_a_new_record_brings_its_own_tests_and_they_can_fail(tmp_path):
    (tmp_path / "newcomers.py").write_text(NEWCOMERS)
    path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")]))
    files = [str(HERE / name) for name in ("test_activations.py", "test_records.py")]
    # The tests that draw examples are left out to save time; the others suffice.
    selected = "(sound or lossy or loud) and not any_finite and not cotangent"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rA", "-pnewcomers", "-pno:cacheprovider", "-k", selected, *files],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=120,
    )
    outcomes = re.findall(r"^(PASSED|FAILED) \S+::test_(\w+)\[(sound|lossy|loud)\b", run.stdout, re.MULTILINE)
    failed = {(name, test) for outcome, test, name in outcomes if outcome == "FAILED"}
    assert sum(name == "sound" for _, _, name in outcomes) > 30, run.stdout
    assert not {test for name, test in failed if name == "sound"}, run.stdout
    assert ("lossy", "the_derivative_is_accurate_to_the_last_places_everywhere") in failed
    assert ("loud", "the_tails_are_finite_and_quiet") in failed


class TestLayer:
    def test_a_jacobian_has_the_shape_of_the_output_followed_by_that_of_the_argument(self, layer, rng):
        arguments = samples(layer, rng)
        output = layer(*arguments)
        for argument, jacobian in zip(arguments, layer.jacobians(*arguments), strict=True):
            assert jacobian.shape == output.shape + argument.shape

    def test_a_jacobian_is_what_a_complex_step_finds(self, layer, rng):
        arguments = samples(layer, rng)
        step = 1e-30
        for position, jacobian in enumerate(layer.jacobians(*arguments)):
            for entry in np.ndindex(arguments[position].shape):
                moved = [argument.astype(complex) for argument in arguments]
                moved[position][entry] += 1j * step
                # The record itself takes real numbers only; the function inside is analytic.
                expected = layer.forward(*moved).imag / step
                np.testing.assert_allclose(jacobian[(..., *entry)], expected, rtol=1e-13, atol=1e-13)

    def test_a_vjp_is_the_cotangent_contracted_with_the_jacobian(self, layer, rng):
        arguments = samples(layer, rng)
        cotangent = drawn(rng, layer(*arguments).shape)
        jacobians, vjps = layer.jacobians(*arguments), layer.vjps(*arguments, cotangent=cotangent)
        for argument, jacobian, vjp in zip(arguments, jacobians, vjps, strict=True):
            assert vjp.shape == argument.shape
            size = contracted(np.abs(cotangent), np.abs(jacobian))
            assert np.all(np.abs(vjp - contracted(cotangent, jacobian)) <= 1e-14 * size)

    def test_the_vjps_are_linear_in_the_cotangent_and_zero_for_zero(self, layer, rng):
        arguments = samples(layer, rng)
        one, other = (drawn(rng, layer(*arguments).shape) for _ in range(2))
        vjps = [layer.vjps(*arguments, cotangent=c) for c in (one, other, 3 * one - other, 0 * one)]
        for first, second, both, none in zip(*vjps, strict=True):
            np.testing.assert_allclose(both, 3 * first - second, rtol=1e-12, atol=1e-12)
            np.testing.assert_array_equal(none, 0)

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_precision_is_kept(self, layer, rng, dtype):
        arguments = samples(layer, rng, dtype)
        output = layer(*arguments)
        results = [output, *layer.jacobians(*arguments), *layer.vjps(*arguments, cotangent=np.ones_like(output))]
        assert {result.dtype for result in results} == {np.dtype(dtype)}

    def test_inputs_may_be_read_only_and_are_not_changed(self, layer, rng):
        arguments = samples(layer, rng)
        before = [argument.copy() for argument in arguments]
        for argument in arguments:
            argument.flags.writeable = False
        cotangent = np.ones_like(layer(*arguments))
        results = [*layer.jacobians(*arguments), *layer.vjps(*arguments, cotangent=cotangent)]
        for argument, copy in zip(arguments, before, strict=True):
            np.testing.assert_array_equal(argument, copy)
        assert not any(np.shares_memory(result, argument) for result in results for argument in arguments)

    def test_a_missing_argument_is_named(self):
        for call in (linear, linear.jacobians, lambda *arguments: linear.vjps(*arguments, cotangent=np.ones((3, 5)))):
            with pytest.raises(TypeError, match=r"^linear: takes A, W, b, but 2 arguments were given$"):
                call(np.ones((3, 4)), np.ones((4, 5)))

    def test_an_argument_that_is_not_real_is_named(self):
        with pytest.raises(TypeError, match=r"^linear: W has dtype complex128, but real numbers are expected$"):
            linear(np.ones((3, 4)), 1j * np.ones((4, 5)), np.ones(5))

    def test_a_cotangent_of_another_shape_is_refused_even_if_it_would_broadcast(self, layer, rng):
        arguments = samples(layer, rng)
        output = layer(*arguments).shape
        sentence = (
            f"{layer.name}.vjp: cotangent has shape {output[1:]}, but the output of {layer.name} has shape {output}"
        )
        with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
            layer.vjps(*arguments, cotangent=np.ones(output[1:]))


class TestLoss:
    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    @pytest.mark.parametrize("shape", SHAPES)
    def test_a_loss_is_one_number_and_its_gradient_has_the_shape_of_the_prediction(self, loss, rng, shape, dtype):
        prediction, target = drawn(rng, shape, dtype), drawn(rng, shape, dtype)
        assert loss(prediction, target).shape == ()
        assert loss(prediction, target).dtype == dtype
        assert loss.gradient(prediction, target).shape == shape
        assert loss.gradient(prediction, target).dtype == dtype

    def test_the_gradient_is_what_a_complex_step_finds(self, loss, rng):
        prediction, target = drawn(rng, (4, 3)), drawn(rng, (4, 3))
        gradient = loss.gradient(prediction, target)
        for entry in np.ndindex(prediction.shape):
            moved = prediction.astype(complex)
            moved[entry] += 1e-30j
            np.testing.assert_allclose(gradient[entry], loss.function(moved, target).imag / 1e-30, rtol=1e-13)

    def test_inputs_are_not_changed(self, loss, rng):
        prediction, target = drawn(rng, (4, 3)), drawn(rng, (4, 3))
        before = prediction.copy(), target.copy()
        prediction.flags.writeable = target.flags.writeable = False
        loss(prediction, target)
        assert not np.shares_memory(loss.gradient(prediction, target), prediction)
        np.testing.assert_array_equal((prediction, target), before)

    def test_targets_of_another_shape_are_refused_even_if_they_would_broadcast(self, loss):
        sentence = f"{loss.name}: prediction has shape (4, 3), but target has shape (3,)"
        for function in (loss, loss.gradient):
            with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
                function(np.ones((4, 3)), np.ones(3))

    @pytest.mark.parametrize(("arguments", "name"), [((1j, 1.0), "prediction"), ((1.0, 1j), "target")])
    def test_what_is_not_real_is_refused(self, loss, arguments, name):
        sentence = f"{loss.name}: {name} has dtype complex128, but real numbers are expected"
        with pytest.raises(TypeError, match=f"^{re.escape(sentence)}$"):
            loss(*arguments)
