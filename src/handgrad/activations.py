"""Activation functions: ReLU, sigmoid and tanh, each with its derivative.

Sigmoid and tanh are written with exponentials that cannot overflow. The derivatives keep their digits in the tails,
where ``a (1 - a)`` and ``1 - a**2``, computed from the rounded output, lose theirs.
"""

from __future__ import annotations

import numpy as np
import sympy

from handgrad.arrays import Array
from handgrad.records import Elementwise, elementwise

Z = sympy.Symbol("z", real=True)
"""The variable of the symbolic forms."""


def _relu_slope(z: Array, a: Array) -> Array:
    # At the kink any slope from 0 to 1 would do; 0 is chosen, so that a unit at rest stays at rest.
    return (z > 0).astype(z.dtype)


@elementwise(derivative=_relu_slope, symbolic=sympy.Max(Z, 0), symbol=r"\operatorname{ReLU}", kinks=(0.0,))
def relu(z: Array) -> Array:
    r"""Rectified linear unit, :math:`\max(z, 0)`."""
    a: Array = np.maximum(z, 0)
    return a


def _sigmoid_slope(z: Array, a: Array) -> Array:
    e = np.exp(-np.abs(z))
    # Divided twice: the square of 1 + e in one division would cost a rounding more.
    slope: Array = e / (1 + e) / (1 + e)
    return slope


@elementwise(derivative=_sigmoid_slope, symbolic=1 / (1 + sympy.exp(-Z)), symbol=r"\sigma")
def sigmoid(z: Array) -> Array:
    r"""Logistic sigmoid, :math:`\sigma(z) = 1 / (1 + e^{-z})`."""
    e = np.exp(-np.abs(z))
    a: Array = np.where(z < 0, e, 1).astype(z.dtype) / (1 + e)
    return a


def _tanh_slope(z: Array, a: Array) -> Array:
    # Beyond 1e4 nothing is left of e in any precision, while twice the largest numbers would overflow.
    e = np.exp(-2 * np.minimum(np.abs(z), 1e4))
    s = 2 / (1 + e)
    slope: Array = e * s * s
    return slope


@elementwise(derivative=_tanh_slope, symbolic=sympy.tanh(Z), symbol=r"\tanh")
def tanh(z: Array) -> Array:
    r"""Hyperbolic tangent, :math:`(1 - e^{-2z}) / (1 + e^{-2z})`."""
    # expm1 is e^x - 1 without the cancellation near 0. Beyond half as many as z has binary digits, tanh rounds to 1.
    e = np.expm1(2 * np.minimum(np.abs(z), np.finfo(z.dtype).nmant / 2))
    a: Array = np.copysign(e / (e + 2), z)
    return a


ACTIVATIONS: dict[str, Elementwise] = {record.name: record for record in (relu, sigmoid, tanh)}
"""Every activation of the book, by name."""
