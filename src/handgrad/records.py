"""A function and everything derived from it, as one record.

The decorators of this module turn a function into its record. From what stands there follow the Jacobian and the
VJP, the checks, the picture and the row in the table, so that a new function is one block of code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from handgrad.arrays import Array, as_cotangent, as_real


@dataclass(frozen=True)
class Elementwise:
    """A function of one real number, applied to every entry of an array, with its derivative."""

    name: str
    function: Callable[[Array], Array]
    slope: Callable[[Array, Array], Array]
    """The derivative, from the input ``z`` and the output ``a``; by choice one of the two may be enough."""
    symbolic: Any
    """The function as a SymPy expression in `Z`."""
    symbol: str
    """What the function is called in a formula, as LaTeX."""
    kinks: tuple[float, ...]
    """Where the function is continuous but not differentiable."""
    __doc__: str | None

    def __call__(self, z: ArrayLike) -> Array:
        """Return the value at every entry of `z`, in the shape of `z`."""
        return self.function(as_real(self.name, "z", z))

    def derivative(self, z: ArrayLike) -> Array:
        """Return the derivative at every entry of `z`, in the shape of `z`."""
        z = as_real(self.name, "z", z)
        return self.slope(z, self.function(z))

    def jacobian(self, z: ArrayLike) -> Array:
        r"""Return the full Jacobian :math:`\partial a_{ij} / \partial z_{pq}`, of shape ``z.shape + z.shape``.

        All but one entry in ``z.size`` are zero; `vjp` gives the same gradients without them.
        """
        z = as_real(self.name, "z", z)
        return np.diag(self.derivative(z).ravel()).reshape(z.shape + z.shape)

    def vjp(self, z: ArrayLike, cotangent: ArrayLike) -> Array:
        r"""Return the gradient by `z`, in its shape, from the gradient by the output.

        It is :math:`\sum_{ij} (\partial L / \partial a_{ij}) (\partial a_{ij} / \partial z_{pq})`, without its zeros.

        Raises
        ------
        ValueError
            If `cotangent` has not the shape of `z`.
        """
        z = as_real(self.name, "z", z)
        return as_cotangent(self.name, cotangent, z.shape) * self.derivative(z)


def elementwise(
    *,
    derivative: Callable[[Array, Array], Array],
    symbolic: Any,
    symbol: str | None = None,
    kinks: tuple[float, ...] = (),
) -> Callable[[Callable[[Array], Array]], Elementwise]:
    r"""Make a record of a function of one real number; see `Elementwise` for the parts.

    Without a `symbol`, the name of the function is set upright, as in :math:`\operatorname{name}`.
    """

    def record(function: Callable[[Array], Array]) -> Elementwise:
        name = function.__name__
        shown = symbol or rf"\operatorname{{{name}}}"
        return Elementwise(name, function, derivative, symbolic, shown, kinks, function.__doc__)

    return record


@dataclass(frozen=True)
class Layer:
    """A function of several arrays, with the Jacobian and the VJP with respect to each of them."""

    name: str
    forward: Callable[..., Array]
    jacobians_of: Callable[..., tuple[Array, ...]]
    """Jacobians with respect to each argument, from the arguments."""
    vjps_of: Callable[..., tuple[Array, ...]]
    """VJPs with respect to each argument, from the arguments and the cotangent."""
    sample: Mapping[str, tuple[int, ...]]
    """Shapes of arguments that go together, for tests."""
    __doc__: str | None

    def __call__(self, *arguments: ArrayLike) -> Array:
        """Return the output of the layer."""
        return self.forward(*self._reals(arguments))

    def jacobians(self, *arguments: ArrayLike) -> tuple[Array, ...]:
        """Return the full Jacobian by each argument, of shape ``output.shape + argument.shape``."""
        reals = self._reals(arguments)
        self.forward(*reals)  # Refuses shapes that do not go together.
        return self.jacobians_of(*reals)

    def vjps(self, *arguments: ArrayLike, cotangent: ArrayLike) -> tuple[Array, ...]:
        """Return the VJP by each argument, in the shape of that argument.

        Raises
        ------
        ValueError
            If `cotangent` has not the shape of the output.
        """
        reals = self._reals(arguments)
        return self.vjps_of(*reals, as_cotangent(self.name, cotangent, self.forward(*reals).shape))

    def _reals(self, arguments: tuple[ArrayLike, ...]) -> list[Array]:
        names = list(self.sample)
        if len(arguments) != len(names):
            raise TypeError(f"{self.name}: takes {', '.join(names)}, but {len(arguments)} arguments were given")
        return [as_real(self.name, name, value) for name, value in zip(names, arguments, strict=True)]


def layer(
    *,
    jacobians: Callable[..., tuple[Array, ...]],
    vjps: Callable[..., tuple[Array, ...]],
    sample: Mapping[str, tuple[int, ...]],
) -> Callable[[Callable[..., Array]], Layer]:
    """Make a record of a function of several arrays; see `Layer` for the parts."""

    def record(function: Callable[..., Array]) -> Layer:
        return Layer(function.__name__, function, jacobians, vjps, sample, function.__doc__)

    return record


@dataclass(frozen=True)
class Loss:
    """A number that says how far predictions are from their targets, with its gradient by the predictions."""

    name: str
    function: Callable[[Array, Array], Array]
    slope: Callable[[Array, Array], Array]
    __doc__: str | None

    def __call__(self, prediction: ArrayLike, target: ArrayLike) -> Array:
        """Return the loss, of shape ``()``."""
        return self.function(*self._reals(prediction, target))

    def gradient(self, prediction: ArrayLike, target: ArrayLike) -> Array:
        """Return the gradient by the predictions, in their shape."""
        return self.slope(*self._reals(prediction, target))

    def _reals(self, prediction: ArrayLike, target: ArrayLike) -> tuple[Array, Array]:
        predictions = as_real(self.name, "prediction", prediction)
        targets = as_real(self.name, "target", target)
        if predictions.shape != targets.shape:
            raise ValueError(
                f"{self.name}: prediction has shape {predictions.shape}, but target has shape {targets.shape}"
            )
        return predictions, targets


def loss(*, gradient: Callable[[Array, Array], Array]) -> Callable[[Callable[[Array, Array], Array]], Loss]:
    """Make a record of a loss; see `Loss` for the parts."""

    def record(function: Callable[[Array, Array], Array]) -> Loss:
        return Loss(function.__name__, function, gradient, function.__doc__)

    return record
