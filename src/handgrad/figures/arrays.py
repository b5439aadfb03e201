"""Arrays as images: a Jacobian with four indices, unfolded into a matrix."""

from __future__ import annotations

import matplotlib.colors
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from handgrad.arrays import Array, as_real
from handgrad.figures.picture import INK, OTHERS, WIDTH, Picture, book_style, finish, new_figure, number

_MOST = 24
_MOST_WITH_VALUES = 12
_LEFT, _TOP, _RIGHT = 40.0, 40.0, 4.0
_SMALL = "#666666"
"""Colour of a small entry. As dark as the two that it leads to, so that white numbers are read on all three."""


def jacobian(array: ArrayLike) -> Picture:
    r"""Draw a Jacobian :math:`\partial a_{ij} / \partial z_{pq}` as a matrix of blocks.

    Rows run over the output's index pair, ``i`` by block and ``j`` within it; columns over the input's, ``p`` and
    ``q``, all counted from 1. Entries that are exactly zero stay empty. Numbers stand in the others while there is
    room, and otherwise a minus sign in those below zero.

    Parameters
    ----------
    array
        The Jacobian, of shape ``(m, n, p, q)``: output.shape + input.shape.

    Raises
    ------
    ValueError
        If `array` has not four indices, is empty or too large to be looked at, or holds an infinity or NaN.
    """
    values = as_real("figures.jacobian", "array", array)
    if values.ndim != 4 or values.size == 0:
        raise ValueError(
            f"figures.jacobian: array has shape {values.shape}, but four indices, none empty, are expected"
        )
    m, n, p, q = values.shape
    if max(m * n, p * q) > _MOST:
        raise ValueError(
            f"figures.jacobian: shape {values.shape} makes a matrix of {m * n} by {p * q},"
            f" but the eye can tell at most {_MOST} rows and columns apart"
        )
    if not np.all(np.isfinite(values)):
        raise ValueError("figures.jacobian: array holds an infinity or NaN, which has no colour")

    matrix = values.reshape(m * n, p * q)
    cell = (WIDTH - _LEFT - _RIGHT) / max(p * q, m * n)
    width, height = cell * p * q, cell * m * n
    with book_style():
        figure = new_figure(height + _TOP + 4)
        axes = figure.add_axes((_LEFT / WIDTH, 4 / (height + _TOP + 4), width / WIDTH, height / (height + _TOP + 4)))
        axes.set(xlim=(0, p * q), ylim=(m * n, 0))
        axes.set_axis_off()
        _draw_entries(axes, matrix, cell if max(matrix.shape) <= _MOST_WITH_VALUES else None)
        _draw_lines(axes, (m, n), (p, q))
        _draw_indices(axes, (m, n), (p, q), cell)
        return finish(figure)


def _draw_entries(axes: Axes, matrix: Array, room: float | None) -> None:
    """Colour the entries that are not zero, and write them in cells of `room` points if there is any."""
    largest = np.abs(matrix).max()
    size = min(11.0, 0.35 * room) if room else 9.0
    negative, positive = (
        matplotlib.colors.LinearSegmentedColormap.from_list("sign", [_SMALL, colour]) for colour in OTHERS[:2]
    )
    for row, column in np.argwhere(matrix != 0):
        entry = matrix[row, column]
        # From a quarter of the way, so that the smallest entry shows its sign too.
        colour = (positive if entry > 0 else negative)(0.25 + 0.75 * abs(entry) / largest)
        axes.add_patch(Rectangle((column + 0.04, row + 0.04), 0.92, 0.92, facecolor=colour, edgecolor="none"))
        text = _short(entry) if room else "\N{MINUS SIGN}" if entry < 0 else ""
        axes.text(column + 0.5, row + 0.52, text, color="white", fontsize=size, ha="center", va="center_baseline")


def _short(entry: float) -> str:
    """Return `entry` in at most four signs, as far as its size allows."""
    if entry == round(entry) and abs(entry) < 100:
        return f"{entry:.0f}".replace("-", "\N{MINUS SIGN}")
    if abs(entry) < 0.005:
        return "\N{ALMOST EQUAL TO}0"
    if abs(entry) < 9.95:
        text = f"{entry:.2f}" if abs(entry) < 0.995 else f"{entry:.1f}"
        return text.replace("0.", ".", 1).replace("-", "\N{MINUS SIGN}")
    return number(entry, 2)


def _draw_lines(axes: Axes, output: tuple[int, int], inner: tuple[int, int]) -> None:
    """Rule the cells faintly and the blocks firmly."""
    rows, columns = output[0] * output[1], inner[0] * inner[1]
    for row in range(rows + 1):
        firm = row % output[1] == 0
        axes.plot([0, columns], [row, row], color=INK, linewidth=1.1 if firm else 0.35, clip_on=False, zorder=0)
    for column in range(columns + 1):
        firm = column % inner[1] == 0
        axes.plot([column, column], [0, rows], color=INK, linewidth=1.1 if firm else 0.35, clip_on=False, zorder=0)


def _draw_indices(axes: Axes, output: tuple[int, int], inner: tuple[int, int], cell: float) -> None:
    """Write the indices at the blocks and the cells, counted from 1."""
    near, far = 8 / cell, 26 / cell
    small, large = 11, 13
    for column in range(inner[0] * inner[1]):
        axes.text(column + 0.5, -near, f"${column % inner[1] + 1}$", fontsize=small, ha="center", va="center")
    for row in range(output[0] * output[1]):
        axes.text(-near, row + 0.5, f"${row % output[1] + 1}$", fontsize=small, ha="center", va="center")
    for block in range(inner[0]):
        axes.text((block + 0.5) * inner[1], -far, f"$p = {block + 1}$", fontsize=large, ha="center", va="center")
    for block in range(output[0]):
        axes.text(-far, (block + 0.5) * output[1], f"$i = {block + 1}$", fontsize=large, ha="center", va="center",
                  rotation=90)  # fmt: skip
    axes.text(-near, -near, r"$j \backslash q$", fontsize=small, ha="center", va="center")
