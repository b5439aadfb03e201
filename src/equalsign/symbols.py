"""Compare two SymPy expressions at fifty digits, where rounding cannot decide.

Structural equality would depend on how a result happens to be written, and ``simplify`` is slow and may give up.
Two expressions that agree at many points drawn without regard to them, to fifty digits, are equal for every
purpose of a book; two that differ are told apart at the first point, and the point says how.
"""

from __future__ import annotations

import itertools
import random
import sys
from typing import Any

import mpmath
import sympy

from equalsign.comparison import Comparison

DIGITS = 50
"""Relative agreement asked for, in decimal digits."""

WORKING_DIGITS = 160
"""Digits carried, so that a cancellation in the tails leaves fifty of them."""

NEGLIGIBLE = 1e-120
"""Below this, what is left of two cancelling terms is their rounding at `WORKING_DIGITS`, not a value."""

POINTS = 32
"""How many points are drawn."""

SPREADS = (1, 1, 5, 30)
"""Standard deviations of the points, in turn: most near the crest of things, some far out in the tails."""


def is_symbolic(value: object) -> bool:
    """Say whether `value` is a SymPy expression or matrix."""
    return isinstance(value, sympy.Basic | sympy.MatrixBase)


def compare_symbols(got: Any, expected: Any, *, seed: int) -> Comparison:
    """Compare two expressions, or two matrices of them, at `POINTS` random points.

    A side that is undefined at a point fails, and so does a matrix without entries.

    Raises
    ------
    TypeError
        If a side is no expression, if it has no value at a point (a function without a definition), or if a symbol
        is declared to be something for which no point can be drawn (a complex or an integer symbol).
    ValueError
        If two different symbols have one name.
    """
    left, right = _matrix(got), _matrix(expected)
    if left.shape != right.shape:
        return Comparison(False, f"got has shape {left.shape}, but expected has shape {right.shape}")
    if not len(left):
        return Comparison(False, f"both sides have shape {left.shape}: there is no entry to compare")
    symbols = sorted(left.free_symbols | right.free_symbols, key=str)
    for one, next_one in itertools.pairwise(symbols):
        if str(one) == str(next_one):
            raise ValueError(f"check: two symbols are named {one}, with different assumptions; declare it once")
    draw = random.Random(seed)  # noqa: S311 - points, not secrets
    evaluate = [[sympy.lambdify(symbols, entry, modules="mpmath") for entry in side] for side in (left, right)]
    worst = mpmath.mpf(0)
    with mpmath.workdps(WORKING_DIGITS):
        for number in range(POINTS if symbols else 1):
            point = [_draw(symbol, draw, SPREADS[number % len(SPREADS)]) for symbol in symbols]
            for entry, sides in enumerate(zip(*evaluate, strict=True)):
                a, b = (_value(side, point) for side in sides)
                error, magnitude = abs(a - b), max(abs(a), abs(b))
                # An infinite error would not exceed a share of the infinite side, and nan exceeds nothing.
                if not mpmath.isfinite(error) or error > max(magnitude * mpmath.mpf(10) ** -DIGITS, NEGLIGIBLE):
                    return _difference(left, entry, dict(zip(symbols, point, strict=True)), a, b)
                if error > NEGLIGIBLE:
                    worst = max(worst, error / magnitude)
    points = f"{POINTS} points" if symbols else "exact numbers"
    return Comparison(
        True,
        f"symbols, {points}, agreement to {DIGITS} digits",
        error=float(worst),
        allowed=10.0**-DIGITS,
        entries=len(left),
        shape=_shape(left),
        dtype=f"{DIGITS} digits",
    )


def _matrix(value: Any) -> Any:
    try:
        value = sympy.sympify(value, strict=True)
    except sympy.SympifyError:
        raise TypeError(f"check: {value!r} is no SymPy expression") from None
    if isinstance(value, sympy.MatrixBase):
        matrix = value
    elif isinstance(value, sympy.Expr):
        matrix = sympy.Matrix([value])
    else:
        raise TypeError(f"check: {value} is neither a SymPy expression nor a matrix of them")
    # The mpmath printer has no word for SymPy's complex infinity, and nan is as undefined.
    return matrix.doit().subs(sympy.zoo, sympy.nan)


def _draw(symbol: Any, draw: random.Random, spread: float) -> Any:
    if symbol.is_integer or symbol.is_real is False or (symbol.is_complex and not symbol.is_real):
        raise TypeError(f"check: no point can be drawn for the symbol {symbol}, which is not a real variable")
    value = mpmath.mpf(draw.gauss(0, spread))
    if symbol.is_nonnegative:
        return abs(value)
    return -abs(value) if symbol.is_nonpositive else value


def _value(function: Any, point: list[Any]) -> Any:
    try:
        value = function(*point)
    except (ZeroDivisionError, OverflowError, ValueError):
        return mpmath.nan
    except NameError as error:
        raise TypeError(f"check: {error.name} has no definition from which its value could be computed") from None
    # A Piecewise without a branch for the point gives None.
    return mpmath.nan if value is None else mpmath.mpmathify(value)


def _shape(matrix: Any) -> tuple[int, ...]:
    return tuple(map(int, matrix.shape)) if len(matrix) > 1 else ()


def _difference(matrix: Any, entry: int, point: dict[Any, Any], a: Any, b: Any) -> Comparison:
    at = ", ".join(f"{symbol} = {mpmath.nstr(value, 6)}" for symbol, value in point.items())
    return Comparison(
        False,
        f"at {at or 'the numbers given'}: got {mpmath.nstr(a, 12)}, expected {mpmath.nstr(b, 12)}",
        error=_real(abs(a - b)),
        allowed=_real(max(abs(a), abs(b)) * mpmath.mpf(10) ** -DIGITS),
        index=divmod(entry, int(matrix.shape[1])) if len(matrix) > 1 else (),
        got=_real(a),
        expected=_real(b),
        entries=len(matrix),
        shape=_shape(matrix),
        dtype=f"{DIGITS} digits",
    )


def _real(value: Any) -> float | None:
    """Return `value` as a float, or None where JSON has no number for it."""
    return float(value.real) if abs(value) < sys.float_info.max and value.imag == 0 else None
