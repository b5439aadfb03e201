"""The neuron against one expression, differentiated by SymPy as a whole and evaluated to fifty digits."""

from __future__ import annotations

import dataclasses

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from handgrad import Neuron

NUMBERS = st.floats(-6, 6)
x, y, w, b = SYMBOLS = sympy.symbols("x y w b", real=True)
PREDICTION = 1 / (1 + sympy.exp(-(w * x + b)))
LOSS = (y - PREDICTION) ** 2 / 2


def exactly(expression, *numbers):
    return float(expression.subs(dict(zip(SYMBOLS, map(sympy.Rational, numbers), strict=True))).evalf(50))


def close(expected, size):
    """Allow what roundings make of the difference of prediction and target, and of the sum w x + b."""
    return pytest.approx(expected, rel=0, abs=1e-14 * size + 1e-300)


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_the_forward_pass_is_the_composed_expression(x_, y_, w_, b_):
    forward = Neuron(w=w_, b=b_).forward(x_, y_)
    sizes = abs(w_ * x_) + abs(b_)
    assert forward.z == close(exactly(w * x + b, x_, y_, w_, b_), sizes)
    assert forward.prediction == close(exactly(PREDICTION, x_, y_, w_, b_), 1 + sizes)
    assert forward.loss == close(exactly(LOSS, x_, y_, w_, b_), (1 + abs(y_)) ** 2 * (1 + sizes))


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_the_backward_pass_gives_the_derivatives_of_the_composed_expression(x_, y_, w_, b_):
    backward = Neuron(w=w_, b=b_).backward(x_, y_)
    size = (1 + abs(y_)) * (1 + abs(w_ * x_) + abs(b_))
    assert backward.prediction == close(exactly(PREDICTION - y, x_, y_, w_, b_), size)
    for name, symbol in (("w", w), ("b", b), ("x", x)):
        factor = {"w": abs(x_), "b": 1, "x": abs(w_)}[name]
        expected = exactly(sympy.diff(LOSS, symbol), x_, y_, w_, b_)
        assert getattr(backward, name) == close(expected, size * factor)
    # The pre-activation moves as the bias does.
    assert backward.z == backward.b
    assert backward.slope == close(exactly(sympy.diff(PREDICTION, b), x_, y_, w_, b_), size)


def test_a_saturated_neuron_still_has_a_gradient():
    backward = Neuron(w=1.0, b=0.0).backward(x=100.0, y=0.0)
    assert backward.z == pytest.approx(float(sympy.exp(-100).evalf(50)), rel=1e-14, abs=0)


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.floats(1e-3, 1))
def test_a_step_goes_against_the_gradient(x_, y_, w_, b_, rate):
    neuron = Neuron(w=w_, b=b_)
    after = neuron.step(x_, y_, rate)
    for name, symbol in (("w", w), ("b", b)):
        move = getattr(after, name) - getattr(neuron, name)
        expected = -rate * exactly(sympy.diff(LOSS, symbol), x_, y_, w_, b_)
        assert move == pytest.approx(expected, rel=0, abs=1e-12)
    assert neuron == Neuron(w=w_, b=b_)


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_a_small_step_does_not_raise_the_loss(x_, y_, w_, b_):
    neuron = Neuron(w=w_, b=b_)
    before = neuron.forward(x_, y_).loss
    assert neuron.step(x_, y_, rate=1e-3).forward(x_, y_).loss <= before * (1 + 1e-14)


def test_a_step_of_rate_zero_stays_where_it_is():
    assert Neuron(w=0.5, b=-1.0).step(2.0, 1.0, rate=0.0) == Neuron(w=0.5, b=-1.0)


def test_everything_is_a_plain_number():
    neuron = Neuron(w=0.5, b=0.1)
    for part in (neuron.forward(1.5, 1.0), neuron.backward(1.5, 1.0), neuron.step(1.5, 1.0, 0.1)):
        assert {type(value) for value in dataclasses.astuple(part)} == {float}


def test_a_neuron_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Neuron(w=1.0, b=0.0).w = 2.0
