"""Curves over one variable: an activation with its derivative, and errors of several ways to compute one thing."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import ArrayLike

from handgrad.arrays import Array, as_real
from handgrad.figures.labels import label_curves
from handgrad.figures.picture import (
    FORWARD,
    GRADIENT,
    INK,
    OTHERS,
    WIDTH,
    Picture,
    book_style,
    finish,
    new_figure,
    number,
)
from handgrad.records import Elementwise

_TICKS = FuncFormatter(lambda tick, _: number(tick))
_UNIT_ROUNDOFF = 2.0**-53
_STRETCHES = 100


def activation(record: Elementwise, span: float = 6.0) -> Picture:
    """Draw a function (solid) and its derivative (dashed) on axes that cross at the origin.

    Where the derivative jumps, a filled dot stands at the value that `record` chose, and a hollow one at each limit
    that it is not.

    Parameters
    ----------
    record
        The function.
    span
        The picture shows arguments from ``-span`` to ``span``.

    Raises
    ------
    ValueError
        If `span` is not a positive number.
    """
    if not 0 < span < np.inf:
        raise ValueError(f"figures.activation: span is {span}, but a positive number is expected")
    kinks = [kink for kink in record.kinks if -span < kink < span]
    ends = [-span, *kinks, span]
    # A hair beside each kink, so that every piece has the slope of its own side.
    hair = 1e-9 * span
    pieces = [np.linspace(a + hair, b - hair, 241) for a, b in pairwise(ends)]
    z = np.concatenate(pieces)
    value, slope = record(z), record.derivative(z)

    with book_style():
        figure = new_figure(220)
        axes = figure.add_axes((0.02, 0.03, 0.96, 0.94))
        axes.plot(z, value, color=FORWARD, zorder=3)
        for piece in pieces:
            axes.plot(piece, record.derivative(piece), color=GRADIENT, linestyle="dashed", zorder=4)
        for kink in kinks:
            _mark_jump(axes, kink, record.derivative(np.array([kink - hair, kink, kink + hair])))
        both = np.concatenate([value, slope, [0.0]])
        _centre(axes, span, float(both.min()), float(both.max()))
        names = [
            axes.text(0, 0, rf"${record.symbol}(z)$", color=FORWARD, fontsize=15),
            axes.text(0, 0, rf"${record.symbol}'(z)$", color=GRADIENT, fontsize=15),
        ]
        label_curves(axes, [(z, value), (z, slope)], names)
        return finish(figure)


def _centre(axes: Axes, span: float, low: float, high: float) -> None:
    """Let the axes of the picture cross at the origin, and name the horizontal one."""
    for side in ("left", "bottom"):
        axes.spines[side].set_position("zero")
        axes.spines[side].set_zorder(1)
    margin = 0.1 * (high - low)
    axes.set(xlim=(-1.03 * span, 1.1 * span), ylim=(low - 1.2 * margin, high + margin))
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 3, 5, 10], symmetric=True))
    axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    unless_zero = FuncFormatter(lambda tick, _: "" if abs(tick) < 1e-12 else number(tick))
    axes.xaxis.set_major_formatter(unless_zero)
    axes.yaxis.set_major_formatter(unless_zero)
    axes.set_xticks([tick for tick in axes.get_xticks() if abs(tick) <= span])
    axes.set_yticks([tick for tick in axes.get_yticks() if low - margin / 2 <= tick <= high + margin / 2])
    for tick in axes.get_yticklabels():
        # Above the mark, where a crest or a jump at the origin leaves room.
        tick.set_verticalalignment("bottom")
    axes.annotate("$z$", (1.1 * span, 0), (-2, 5), textcoords="offset points", ha="right", va="bottom", fontsize=14)


def _mark_jump(axes: Axes, kink: float, slopes: Array) -> None:
    """Mark the derivative left of a kink, at it, and right of it."""
    before, chosen, after = slopes
    if before == after:
        return
    for limit in {float(before), float(after)} - {float(chosen)}:
        axes.plot(
            kink, limit, "o", color=GRADIENT, markerfacecolor="none", markersize=6, markeredgewidth=1.6, zorder=5
        )
    axes.plot(kink, chosen, "o", color=GRADIENT, markersize=6, markeredgewidth=1.6, zorder=5)


def error_curve(z: ArrayLike, errors: Mapping[str, ArrayLike]) -> Picture:
    """Draw relative errors over an argument, on a logarithmic axis, with a mark at the unit roundoff.

    Each curve shows the worst error in each of a hundred equal stretches, so no peak is lost. Errors of zero
    lie at the foot of the picture, at the tick named 0.

    Parameters
    ----------
    z
        The arguments, of shape ``(n,)``.
    errors
        A label for each curve, and its errors, of the shape of `z`: neither negative nor infinite nor NaN.

    Raises
    ------
    ValueError
        If there are no curves or more than four, or the shapes or the errors are not as described.
    """
    at = as_real("figures.error_curve", "z", z)
    curves = {label: as_real("figures.error_curve", label, values) for label, values in errors.items()}
    styles = [(OTHERS[0], "solid"), (OTHERS[1], (0, (4, 2))), (INK, (0, (1, 1.2))), (OTHERS[0], (0, (5, 1.5, 1, 1.5)))]
    if not 1 <= len(curves) <= len(styles):
        raise ValueError(f"figures.error_curve: {len(curves)} curves were given, but 1 to {len(styles)} are expected")
    if at.ndim != 1 or len(at) < 2 or not at.min() < at.max():
        raise ValueError(
            f"figures.error_curve: z has shape {at.shape}, but two or more different numbers are expected"
        )
    for label, values in curves.items():
        if values.shape != at.shape:
            raise ValueError(f"figures.error_curve: {label!r} has shape {values.shape}, but z has shape {at.shape}")
        if not np.all((values >= 0) & np.isfinite(values)):
            raise ValueError(f"figures.error_curve: {label!r} holds an error that is negative, infinite or NaN")

    worst = {label: _worst(at, values) for label, values in curves.items()}
    positive = np.concatenate([values[values > 0] for _, values in worst.values()] + [np.array([_UNIT_ROUNDOFF])])
    low, high = np.floor(np.log10(positive.min())), np.ceil(np.log10(positive.max()))
    floor = low - max(1.0, 0.08 * (high - low))
    with book_style():
        figure = new_figure(240)
        axes = figure.add_axes((48 / WIDTH, 0.17, 1 - 64 / WIDTH, 0.72))
        drawn, names = [], []
        for (label, (x, y)), (colour, style) in zip(worst.items(), styles, strict=False):
            exponents = np.log10(y, out=np.full(y.shape, floor), where=y > 0)
            axes.plot(x, exponents, color=colour, linestyle=style, linewidth=1.8, clip_on=False)
            drawn.append((x, exponents))
            names.append(axes.text(0, 0, label, color=colour, fontsize=13))
        axes.set(xlim=(at.min(), at.max()), ylim=(floor, max(high, low + 2)), xlabel="$z$")
        axes.set_title("relative error", loc="left", fontsize=12, x=-40 / (WIDTH - 64), pad=9)
        ticks = [tick for tick in MaxNLocator(5, integer=True).tick_values(low, high) if low <= tick <= high]
        powers = [f"$10^{{{tick:.0f}}}$" if tick else "$1$" for tick in ticks]
        axes.set_yticks([floor, *ticks], ["$0$", *powers])
        axes.xaxis.set_major_locator(MaxNLocator(6))
        axes.set_xticks([tick for tick in axes.get_xticks() if at.min() <= tick <= at.max()])
        axes.xaxis.set_major_formatter(_TICKS)
        axes.axhline(np.log10(_UNIT_ROUNDOFF), color=INK, linewidth=0.8, zorder=1)
        axes.annotate("$u$", (1, np.log10(_UNIT_ROUNDOFF)), (3, 0), xycoords=("axes fraction", "data"),
                      textcoords="offset points", va="center", fontsize=13)  # fmt: skip
        roundoff = (np.array([at.min(), at.max()]), np.log10([_UNIT_ROUNDOFF, _UNIT_ROUNDOFF]))
        label_curves(axes, drawn, names, avoid=[roundoff])
        return finish(figure)


def _worst(z: Array, errors: Array) -> tuple[Array, Array]:
    """Return where the largest error of each of `_STRETCHES` equal stretches lies, and how large it is."""
    stretch = np.minimum((z - z.min()) / (z.max() - z.min()) * _STRETCHES, _STRETCHES - 1).astype(int)
    # Sorted by stretch, then by error: the last of each stretch is its worst.
    order = np.lexsort((errors, stretch))
    last = order[np.append(np.diff(stretch[order]) > 0, True)]
    return z[last], errors[last]
