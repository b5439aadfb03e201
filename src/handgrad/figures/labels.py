"""Labels that stand at their curves, where a legend would send the eye back and forth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text

from handgrad.arrays import Array

_GAP = 5.0
"""Points between a curve and its label."""
_ENOUGH = 16.0
"""Points of free space beyond which a place is not better for having more."""
_AROUND = [(0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1)]
"""Where a label may stand about a point of its curve: above, below, right, left, and across."""


def label_curves(
    axes: Axes, curves: Sequence[tuple[Array, Array]], texts: Sequence[Text], avoid: Sequence[tuple[Array, Array]] = ()
) -> None:
    """Move each of `texts` to the place along its curve where it is farthest from everything else.

    The limits of `axes` are final from then on, or a later curve would move the others away from their labels.

    Parameters
    ----------
    axes
        Where the curves are drawn.
    curves
        Abscissae and ordinates of each curve, in data coordinates, each of shape ``(n,)``.
    texts
        A label for each curve; its position is set, and nothing else.
    avoid
        Further lines to keep clear of, given as the curves are.
    """
    axes.set(xlim=axes.get_xlim(), ylim=axes.get_ylim())
    paths, lines = (
        [_dense(axes.transData.transform(np.column_stack(curve))) for curve in group] for group in (curves, avoid)
    )
    frame = axes.get_window_extent()
    others = [text for text in axes.texts if text not in texts]
    ticks = [*axes.get_xticklabels(), *axes.get_yticklabels()]
    boxes = [_outline(np.array(text.get_window_extent().extents)) for text in [*others, *ticks] if text.get_text()]
    fixed = np.concatenate([_spine_points(axes), *lines, *boxes])

    for own, (path, text) in enumerate(zip(paths, texts, strict=True)):
        obstacles = np.concatenate([fixed, *paths[:own], *paths[own + 1 :]])
        size = text.get_window_extent()
        half = np.array([size.width, size.height]) / 2
        best, place = -np.inf, path[0]
        # From the right, where a reader looks for the name of a curve; a later place must be truly better.
        for point in path[::-1]:
            for direction in _AROUND:
                centre = point + np.array(direction) * (half + _GAP)
                if np.any(centre - half < frame.min) or np.any(centre + half > frame.max):
                    continue
                if _clearance(centre, half, path) < 0.7 * _GAP:
                    continue
                clearance = min(_clearance(centre, half, obstacles), _ENOUGH)
                if clearance > best + 0.5:
                    best, place = clearance, centre
        text.set(position=axes.transData.inverted().transform(place), ha="center", va="center")
        fixed = np.concatenate([fixed, _outline(np.concatenate([place - half, place + half]))])


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


def _spine_points(axes: Axes) -> Array:
    """Return points along the left and the bottom spine, wherever these stand."""
    paths = [axes.spines[side].get_transform().transform(axes.spines[side].get_path().vertices)
             for side in ("left", "bottom")]  # fmt: skip
    return np.concatenate([_dense(path) for path in paths])
