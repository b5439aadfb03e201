"""What all functions share: which arrays they take, and how they say that one does not fit."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]


def as_real(function: str, argument: str, value: ArrayLike) -> Array:
    """Return `value` as an array of floating-point numbers; integers, booleans and lists become float64.

    Raises
    ------
    TypeError
        If `value` is complex, or is not made of numbers.
    """
    array = np.asarray(value)
    if array.dtype.kind in "biu":
        return array.astype(np.float64)
    if array.dtype.kind != "f":
        raise TypeError(f"{function}: {argument} has dtype {array.dtype}, but real numbers are expected")
    return array


def as_cotangent(function: str, value: ArrayLike, output: tuple[int, ...]) -> Array:
    """Return `value` as the cotangent of an output of shape `output`.

    Raises
    ------
    TypeError
        If `value` is not real.
    ValueError
        If its shape is not that of the output.
    """
    array = as_real(f"{function}.vjp", "cotangent", value)
    if array.shape != output:
        raise ValueError(
            f"{function}.vjp: cotangent has shape {array.shape}, but the output of {function} has shape {output}"
        )
    return array
