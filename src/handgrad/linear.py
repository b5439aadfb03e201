r"""The dense layer before its activation.

Forward, with ``m`` samples, ``h`` inputs and ``n`` outputs:

.. math:: z_{ij} = \sum_{r=1}^{h} a_{ir} w_{rj} + b_j

============  ==========  =======================================================  ===============
argument      shape       Jacobian                                                 VJP
============  ==========  =======================================================  ===============
``A``         ``(m, h)``  :math:`\partial z_{ij}/\partial a_{pq} = [i=p] w_{qj}`   ``Δ W^T``
``W``         ``(h, n)``  :math:`\partial z_{ij}/\partial w_{pq} = [j=q] a_{ip}`   ``A^T Δ``
``b``         ``(n,)``    :math:`\partial z_{ij}/\partial b_q = [j=q]`             ``1^T Δ``
============  ==========  =======================================================  ===============

The cotangent ``Δ`` is the gradient of the loss by ``Z``, of shape ``(m, n)``.
"""

from __future__ import annotations

import numpy as np

from handgrad.arrays import Array
from handgrad.records import layer


def _jacobians(A: Array, W: Array, b: Array) -> tuple[Array, Array, Array]:
    samples, outputs = np.eye(len(A), dtype=W.dtype), np.eye(len(b), dtype=A.dtype)
    by_A = np.einsum("ip,qj->ijpq", samples, W)
    by_W = np.einsum("ip,jq->ijpq", A, outputs)
    by_b = np.broadcast_to(outputs, (len(A), len(b), len(b))).copy()
    return by_A, by_W, by_b


def _vjps(A: Array, W: Array, b: Array, cotangent: Array) -> tuple[Array, Array, Array]:
    return cotangent @ W.T, A.T @ cotangent, cotangent.sum(axis=0)


@layer(jacobians=_jacobians, vjps=_vjps, sample={"A": (3, 4), "W": (4, 5), "b": (5,)})
def linear(A: Array, W: Array, b: Array) -> Array:
    r"""Dense layer without its activation, :math:`\mathbf{Z} = \mathbf{A} \mathbf{W} + \mathbf{b}`.

    Parameters
    ----------
    A
        Activations of the layer before, of shape ``(m, h)``: a sample in each row.
    W
        Weights, of shape ``(h, n)``.
    b
        Biases, of shape ``(n,)``, added to every row.

    Returns
    -------
    array of shape ``(m, n)``

    Raises
    ------
    ValueError
        If the shapes do not go together.
    """
    if A.ndim != 2 or W.ndim != 2 or A.shape[1] != W.shape[0] or b.shape != W.shape[1:]:
        raise ValueError(
            f"linear: A has shape {A.shape}, W {W.shape} and b {b.shape}, but (m, h), (h, n) and (n,) are expected"
        )
    return A @ W + b
