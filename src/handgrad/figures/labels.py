"""Labels that stand at their curves, where a legend would send the eye back and forth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text

from handgrad.arrays import Array

_GAP = 5.0
"""Points between a curve and its label."""
_ENOUGH = 14.0
"""Points of free space beyond which a place is not better for having more."""


def label_curves(axes: Axes, curves: Sequence[tuple[Array, Array]], texts: Sequence[Text]) -> None:
    """Move each of `texts` to the place along its curve where it is farthest from everything else.

    Call it when the limits of `axes` are final.

    Parameters
    ----------
    axes
        Where the curves are drawn.
    curves
        Abscissae and ordinates of each curve, in data coordinates, each of shape ``(n,)``.
    texts
        A label for each curve; its position is set, and nothing else.
    """
    paths = [axes.transData.transform(np.column_stack(curve)) for curve in curves]
    frame = axes.get_window_extent()
    obstacles = [np.concatenate([_dense(path) for path in paths])]
    for axis in (axes.xaxis, axes.yaxis):
        for tick in axis.get_ticklabels():
            if tick.get_text():
                obstacles.append(_outline(tick.get_window_extent().extents))
    obstacles += [_dense(axes.transAxes.transform(line)) for line in _spines(axes)]

    for path, text in zip(paths, texts, strict=True):
        size = text.get_window_extent()
        half = np.array([size.width, size.height]) / 2
        best, place = -np.inf, path[0]
        # From the right, where a reader looks for the name of a curve; a later place must be truly better.
        for point in path[::-1]:
            for side in (1, -1):
                for shift in (0.0, 0.6, -0.6):
                    centre = point + [shift * half[0], side * (half[1] + _GAP)]
                    if np.any(centre - half < frame.min) or np.any(centre + half > frame.max):
                        continue
                    clearance = min(_clearance(centre, half, thing) for thing in obstacles)
                    if min(clearance, _ENOUGH) > best + 0.5:
                        best, place = min(clearance, _ENOUGH), centre
        text.set(position=axes.transData.inverted().transform(place), ha="center", va="center")
        obstacles.append(_outline(np.concatenate([place - half, place + half])))


def _clearance(centre: Array, half: Array, points: Array) -> float:
    """Return the distance from a box to the nearest of `points`; negative where one lies inside."""
    outside = np.abs(points - centre) - half
    inside = outside.max(axis=1)
    return float(np.min(np.where(inside < 0, inside, np.hypot(*np.maximum(outside, 0).T))))


def _dense(path: Array) -> Array:
    """Return points along `path`, at most about three apart."""
    steps = np.hypot(*np.diff(path, axis=0).T)
    length = np.concatenate([[0.0], np.cumsum(steps)])
    at = np.linspace(0, length[-1], int(length[-1] / 3) + 2)
    return np.column_stack([np.interp(at, length, path[:, axis]) for axis in (0, 1)])


def _outline(extents: Array) -> Array:
    x0, y0, x1, y1 = extents
    return _dense(np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0], [x1, y1]]))


def _spines(axes: Axes) -> list[Array]:
    """Return the visible left and bottom spines as lines in the coordinates of the axes."""
    to_axes = axes.transData + axes.transAxes.inverted()
    x, y = to_axes.transform([0.0, 0.0]) if axes.spines["left"].get_position() == "zero" else (0.0, 0.0)
    return [np.array([[0.0, y], [1.0, y]]), np.array([[x, 0.0], [x, 1.0]])]
