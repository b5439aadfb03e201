"""Compare two arrays entry by entry, with a tolerance that follows from how they were computed.

An entry that is a sum of ``n`` products, computed in floating point with unit roundoff ``u``, may differ from its
exact value by a small multiple of ``sqrt(n) u S``, where ``S`` is the sum of the products' absolute values: the
same computation, carried out on absolute values. (Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd
edition, section 3.1.) The allowed error of an entry is therefore ``(16 + 2 sqrt(n)) u S``.

What decides is the worst entry, never a mean: a mean over a Jacobian that is mostly zero hides a wrong sign.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

ROUNDINGS = 16
"""The constant ``c`` of ``(c + 2 sqrt(n)) u S``: roundings that do not grow with the length of a sum."""

LOOSEST = 1e-4
"""The loosest relative tolerance that an author may ask for; beyond it a wrong digit would be in plain sight."""

LARGEST_SCALE = 1e6
"""How far a scale may exceed the largest entry: terms that cancel further carry too few digits to be checked."""

LONGEST_SUM = 10**6
"""The most terms that an author may name; more would loosen a tolerance without a reason given."""

Array = NDArray[np.floating]


@dataclass(frozen=True)
class Comparison:
    """What was found at the worst entry of two arrays, the one nearest to, or furthest beyond, what is allowed."""

    holds: bool
    message: str
    """A sentence for the reader."""
    error: float | None = None
    """Absolute difference at the worst entry; None where there is no number to compare."""
    allowed: float | None = None
    """Largest absolute difference allowed at that entry."""
    index: tuple[int, ...] | None = None
    """Where the worst entry stands, counted from 0."""
    got: float | None = None
    expected: float | None = None
    entries: int = 0
    """How many entries were compared."""
    shape: tuple[int, ...] = ()
    dtype: str = ""


def compare(
    got: ArrayLike,
    expected: ArrayLike,
    *,
    scale: ArrayLike | None = None,
    terms: int = 1,
    tolerance: float | None = None,
) -> Comparison:
    """Compare `got` with `expected`, entry by entry.

    Parameters
    ----------
    got, expected
        Real arrays of one shape and one precision. Python numbers, lists, integers and booleans count as float64.
    scale
        ``S`` of the allowed error, broadcastable to that shape: the sum of the absolute values of the terms that an
        entry is made of. By default the larger of ``|got|`` and ``|expected|``.
    terms
        ``n`` of the allowed error: the length of the longest sum in the computation, at most `LONGEST_SUM`.
    tolerance
        In place of ``(16 + 2 sqrt(n)) u``: a tolerance relative to the scale, for results that carry an error other
        than rounding. At most `LOOSEST`.

    Returns
    -------
    Comparison
        A shape or a precision that differs, an empty array and an entry that is not a finite number all fail.

    Raises
    ------
    TypeError
        If an argument holds complex numbers or something that is no number, or `terms` is no integer.
    ValueError
        If `scale`, `terms` or `tolerance` would make the comparison meaningless.
    """
    left, right = _as_reals("got", got), _as_reals("expected", expected)
    if left.shape != right.shape:
        return _mismatch(f"got has shape {left.shape}, but expected has shape {right.shape}", left)
    if left.size == 0:
        return _mismatch(f"both sides have shape {left.shape}: there is no entry to compare", left)
    if left.dtype != right.dtype:
        return _mismatch(f"got is {left.dtype}, but expected is {right.dtype}: digits were lost on one side", left)
    for name, side in (("got", left), ("expected", right)):
        if not np.isfinite(side).all():
            index = _first(~np.isfinite(side))
            return _mismatch(f"{name} is {side[index]}{_place(index)}", left, index)

    magnitude = np.maximum(np.abs(left), np.abs(right))
    sizes = _scales(scale, magnitude, tolerance)
    relative = _relative_tolerance(tolerance, terms, left.dtype)
    # Near zero, doubles are spaced evenly: no result is better than a few of their smallest steps.
    allowed = relative * sizes + ROUNDINGS * float(np.finfo(left.dtype).smallest_subnormal)
    with np.errstate(over="ignore"):  # A difference beyond the largest number counts as the largest.
        error = np.minimum(np.abs(left - right), np.finfo(left.dtype).max)
        index = _worst(error, allowed)
    worst, limit = float(error[index]), float(allowed[index])
    holds = bool(np.all(error <= allowed))
    count = f"{left.size} entries" if left.size != 1 else "1 entry"
    if holds:
        message = f"{count}, worst error {worst:.2g} where {limit:.2g} is allowed"
    else:
        message = (
            f"worst error {worst:.3g}{_place(index)}, where {limit:.2g} is allowed: "
            f"got {float(left[index])!r}, expected {float(right[index])!r}"
        )
    return Comparison(
        holds=holds,
        message=message,
        error=worst,
        allowed=limit,
        index=index,
        got=float(left[index]),
        expected=float(right[index]),
        entries=left.size,
        shape=left.shape,
        dtype=str(left.dtype),
    )


def _as_reals(name: str, value: ArrayLike) -> Array:
    array = np.asarray(value)
    if array.dtype.kind in "biu":
        return array.astype(np.float64)
    if array.dtype.kind != "f":
        raise TypeError(f"check: {name} has dtype {array.dtype}, but only real numbers can be compared")
    return array


def _scales(scale: ArrayLike | None, magnitude: Array, tolerance: float | None) -> Array:
    if scale is None:
        return magnitude
    sizes = _as_reals("scale", scale)
    try:
        sizes = np.broadcast_to(sizes, magnitude.shape)
    except ValueError:
        raise ValueError(
            f"check: scale has shape {sizes.shape}, which does not broadcast to the shape {magnitude.shape} compared"
        ) from None
    if not (np.isfinite(sizes).all() and (sizes >= 0).all()):
        raise ValueError("check: scale must be finite and not negative in every entry")
    largest = float(magnitude.max())
    limit = 10 * largest if tolerance is not None else LARGEST_SCALE * max(1.0, largest)
    if sizes.max() > limit:
        raise ValueError(
            f"check: scale reaches {float(sizes.max()):.3g}, beyond {limit:.3g}, the most that entries of size "
            f"{largest:.3g} allow; a scale is the sum of the absolute terms that make up an entry"
        )
    return sizes


def _relative_tolerance(tolerance: float | None, terms: int, dtype: np.dtype[np.floating]) -> float:
    if not isinstance(terms, int | np.integer):
        raise TypeError(f"check: terms is {terms!r}, but the number of terms is an integer")
    if not 1 <= terms <= LONGEST_SUM:
        raise ValueError(f"check: terms is {terms}, but a sum has from 1 to {LONGEST_SUM} terms")
    if tolerance is None:
        return (ROUNDINGS + 2 * math.sqrt(terms)) * float(np.finfo(dtype).eps) / 2
    if not 0 < tolerance <= LOOSEST:
        raise ValueError(f"check: tolerance is {tolerance}, but it must be above 0 and at most {LOOSEST}")
    return tolerance


def _worst(error: Array, allowed: Array) -> tuple[int, ...]:
    return _first(np.asarray(error / allowed == (error / allowed).max()))


def _first(where: NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(where)[0])


def _place(index: tuple[int, ...]) -> str:
    return f" at [{', '.join(map(str, index))}]" if index else ""


def _mismatch(message: str, left: Array, index: tuple[int, ...] | None = None) -> Comparison:
    return Comparison(False, message, index=index, entries=left.size, shape=left.shape, dtype=str(left.dtype))
