r"""One sigmoid neuron with half the squared error: a forward pass, a backward pass, a step of descent.

.. math:: z = w x + b, \qquad \hat{y} = \sigma(z), \qquad L = \tfrac{1}{2} (y - \hat{y})^2

Everything here is a number. The names are those of the chapter, and each gradient is the product of the one
before it along the chain with one local derivative.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from handgrad.activations import sigmoid
from handgrad.losses import half_squared_error


@dataclass(frozen=True)
class Forward:
    """What the forward pass computes, in its order."""

    z: float
    """Pre-activation."""
    prediction: float
    loss: float


@dataclass(frozen=True)
class Backward:
    """What the backward pass computes, in its order: derivatives of the loss, and the local ones on the way."""

    prediction: float
    """Derivative of the loss by the prediction."""
    slope: float
    """Local derivative of the prediction by the pre-activation."""
    z: float
    """Derivative of the loss by the pre-activation."""
    w: float
    """Derivative of the loss by the weight."""
    b: float
    """Derivative of the loss by the bias."""
    x: float
    """Derivative of the loss by the input."""


@dataclass(frozen=True)
class Neuron:
    """One neuron with weight `w` and bias `b`."""

    w: float
    b: float

    def forward(self, x: float, y: float) -> Forward:
        """Return pre-activation, prediction and loss for the input `x` and the target `y`."""
        z = self.w * x + self.b
        prediction = float(sigmoid(z))
        return Forward(z, prediction, float(half_squared_error(prediction, y)))

    def backward(self, x: float, y: float) -> Backward:
        """Return the derivatives of the loss, from the loss back to the parameters and the input."""
        forward = self.forward(x, y)
        by_prediction = float(half_squared_error.gradient(forward.prediction, y))
        slope = float(sigmoid.derivative(forward.z))
        by_z = by_prediction * slope
        return Backward(by_prediction, slope, by_z, w=by_z * x, b=by_z, x=by_z * self.w)

    def step(self, x: float, y: float, rate: float) -> Neuron:
        """Return the neuron after one step of gradient descent with the learning rate `rate`."""
        gradient = self.backward(x, y)
        return replace(self, w=self.w - rate * gradient.w, b=self.b - rate * gradient.b)
