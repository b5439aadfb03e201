"""The picture of a neuron shows the numbers of its two passes."""

from __future__ import annotations

import re

import numpy as np
import pytest

from handgrad import Neuron, figures
from handgrad.figures.network import Edge, Node, draw

rng = np.random.default_rng(21)


def shown(labels: tuple[str, ...]) -> dict[str, float]:
    """Return the numbers of the picture by the symbol above them; those without a symbol by themselves."""
    result = {}
    for label in labels:
        for symbol, mantissa, exponent in re.findall(
            r"(?:\$([^$]*[a-z][^$]*)\$\n)?\$(-?[\d.]+)(?: \\times 10\^\{(-?\d+)\})?\$", label
        ):
            value = float(mantissa) * 10.0 ** int(exponent or 0)
            result[symbol or str(len(result))] = value
    return result


@pytest.mark.parametrize("size", [1.0, 3.0])
def test_every_number_of_both_passes_is_shown_once_and_right(size: float) -> None:
    w, b, x, y = rng.normal(scale=size, size=4)
    z = w * x + b
    prediction = 1 / (1 + np.exp(-z))
    step = 1e-20  # complex step: derivatives that owe nothing to the chain rule

    def loss(w: complex, b: complex, x: complex) -> complex:
        return (y - 1 / (1 + np.exp(-(w * x + b)))) ** 2 / 2

    expected = {
        r"\partial L / \partial w": loss(w + 1j * step, b, x).imag / step,
        r"\partial L / \partial b": loss(w, b + 1j * step, x).imag / step,
        r"\partial L / \partial x": loss(w, b, x + 1j * step).imag / step,
        r"\partial L / \partial z": loss(w, b + 1j * step, x).imag / step,
        r"\partial L / \partial \hat{y}": prediction - y,
        r"\sigma'(z)": (1 / (1 + np.exp(-(z + 1j * step)))).imag / step,
    }
    numbers = shown(figures.network(Neuron(w, b), x, y).labels)
    for symbol, value in expected.items():
        assert numbers.pop(symbol) == pytest.approx(value, rel=6e-3), symbol
    rest = [w, x, b, y, z, prediction, loss(w, b, x).real]
    assert sorted(numbers.values()) == pytest.approx(sorted(rest), rel=6e-3)


def test_a_gradient_that_is_left_out_is_not_drawn() -> None:
    nodes = {"a": Node("a", 0, 0), "L": Node("L", 1, 0)}
    with_gradient = draw(nodes, [Edge("a", "L", 2.0, 3.0)], loss="L")
    without = draw(nodes, [Edge("a", "L", 2.0)], loss="L")
    assert figures.GRADIENT in with_gradient.svg
    assert figures.GRADIENT not in without.svg


def test_gradients_are_dashed_and_values_are_not() -> None:
    svg = figures.network(Neuron(0.5, 0.1), 1.0, 0.0).svg
    shafts = re.findall(r'<path d="[^"]*"[^>]*style="(fill: none;[^"]*)"', svg)
    dashed = {colour: [("dasharray" in style) for style in shafts if f"stroke: {colour}" in style]
              for colour in (figures.FORWARD, figures.GRADIENT)}  # fmt: skip
    assert dashed == {figures.FORWARD: [False] * 6, figures.GRADIENT: [True] * 5}
