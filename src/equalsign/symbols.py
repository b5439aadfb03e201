"""Compare two SymPy expressions at fifty digits, where rounding cannot decide.

Structural equality would depend on how a result happens to be written, and ``simplify`` is slow and may give up.
Two expressions that agree at many points drawn without regard to them, to fifty digits, are equal for every
purpose of a book; two that differ are told apart at the first point, and the point says how.
"""

from __future__ import annotations

import random
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

    A side that is undefined at a point fails.

    Raises
    ------
    TypeError
        If a symbol is declared to be something for which no point can be drawn (a complex or an integer symbol).
    """
    left, right = _matrix(got), _matrix(expected)
    if left.shape != right.shape:
        return Comparison(False, f"got has shape {left.shape}, but expected has shape {right.shape}")
    symbols = sorted(left.free_symbols | right.free_symbols, key=str)
    draw = random.Random(seed)  # noqa: S311 - points, not secrets
    evaluate = [[sympy.lambdify(symbols, entry, modules="mpmath") for entry in side] for side in (left, right)]
    worst = mpmath.mpf(0)
    with mpmath.workdps(WORKING_DIGITS):
        for number in range(POINTS if symbols else 1):
            point = [_draw(symbol, draw, SPREADS[number % len(SPREADS)]) for symbol in symbols]
            for entry, sides in enumerate(zip(*evaluate, strict=True)):
                a, b = (_value(side, point) for side in sides)
                error, magnitude = abs(a - b), max(abs(a), abs(b))
                if not error <= max(magnitude * mpmath.mpf(10) ** -DIGITS, NEGLIGIBLE):  # False for nan too.
                    return _difference(left.shape, entry, dict(zip(symbols, point, strict=True)), a, b)
                worst = max(worst, error / magnitude if magnitude else worst)
    size = len(left)
    points = f"{POINTS} points" if symbols else "exact numbers"
    return Comparison(
        True,
        f"symbols, {points}, agreement to {DIGITS} digits",
        error=float(worst),
        allowed=10.0**-DIGITS,
        entries=size,
        shape=tuple(map(int, left.shape)) if size > 1 else (),
        dtype=f"{DIGITS} digits",
    )


def _matrix(value: Any) -> Any:
    matrix = value if isinstance(value, sympy.MatrixBase) else sympy.Matrix([sympy.sympify(value)])
    return matrix.doit()


def _draw(symbol: Any, draw: random.Random, spread: float) -> Any:
    if symbol.is_integer or symbol.is_real is False:
        raise TypeError(f"check: no point can be drawn for the symbol {symbol}, which is not a real variable")
    value = mpmath.mpf(draw.gauss(0, spread))
    if symbol.is_nonnegative:
        return abs(value)
    return -abs(value) if symbol.is_nonpositive else value


def _value(function: Any, point: list[Any]) -> Any:
    try:
        return mpmath.mpmathify(function(*point))
    except (ZeroDivisionError, OverflowError):
        return mpmath.nan


def _difference(shape: tuple[Any, Any], entry: int, point: dict[Any, Any], a: Any, b: Any) -> Comparison:
    at = ", ".join(f"{symbol} = {mpmath.nstr(value, 6)}" for symbol, value in point.items())
    return Comparison(
        False,
        f"at {at or 'the numbers given'}: got {mpmath.nstr(a, 12)}, expected {mpmath.nstr(b, 12)}",
        error=_real(abs(a - b)),
        allowed=_real(max(abs(a), abs(b)) * mpmath.mpf(10) ** -DIGITS),
        index=divmod(entry, int(shape[1])) if shape != (1, 1) else (),
        got=_real(a),
        expected=_real(b),
        entries=int(shape[0]) * int(shape[1]),
        dtype=f"{DIGITS} digits",
    )


def _real(value: Any) -> float | None:
    """Return `value` as a float, or None where JSON has no number for it."""
    return float(value.real) if mpmath.isfinite(value) and value.imag == 0 else None
