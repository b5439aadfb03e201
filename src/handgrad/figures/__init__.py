"""The book's pictures, each drawn from what the code computes.

Every function returns a `Picture`, which a notebook shows as SVG. Forward values are blue and solid, gradients
vermillion and dashed, in all of them. This package needs Matplotlib, and nothing else of `handgrad` does.
"""

from handgrad.figures.arrays import jacobian
from handgrad.figures.curves import activation, error_curve
from handgrad.figures.network import network
from handgrad.figures.picture import FORWARD, GRADIENT, INK, OTHERS, Picture

__all__ = [
    "FORWARD",
    "GRADIENT",
    "INK",
    "OTHERS",
    "Picture",
    "activation",
    "error_curve",
    "jacobian",
    "network",
]
