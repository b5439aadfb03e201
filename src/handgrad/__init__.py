"""Layers with gradients derived by hand: the mathematics of the book, as NumPy that can be read beside it.

Shapes follow one rule everywhere. The Jacobian of a function has the shape of its output followed by the shape of
its input. A cotangent has the shape of the output, and a vector-Jacobian product (VJP) that of the input. Samples
stand along the first axis.
"""

from handgrad.activations import ACTIVATIONS, relu, sigmoid, tanh
from handgrad.linear import linear
from handgrad.losses import half_squared_error
from handgrad.neuron import Neuron
from handgrad.records import Elementwise, Layer, Loss

__all__ = [
    "ACTIVATIONS",
    "Elementwise",
    "Layer",
    "Loss",
    "Neuron",
    "half_squared_error",
    "linear",
    "relu",
    "sigmoid",
    "tanh",
]
