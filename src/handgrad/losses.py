"""Losses: one number for a batch of predictions."""

from __future__ import annotations

import numpy as np

from handgrad.arrays import Array
from handgrad.records import loss


def _half_squared_error_gradient(prediction: Array, target: Array) -> Array:
    return prediction - target


@loss(gradient=_half_squared_error_gradient)
def half_squared_error(prediction: Array, target: Array) -> Array:
    r"""Half the sum of squared errors, :math:`\frac{1}{2} \sum_{ij} (\hat{y}_{ij} - y_{ij})^2`."""
    return np.asarray(np.sum((prediction - target) ** 2) / 2)
