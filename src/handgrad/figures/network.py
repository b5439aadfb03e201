"""Computation graphs, with the values that flow forward and the gradients that flow back.

A graph is nodes on a grid and edges between them. `draw` knows nothing of neurons; `network` says where the parts of
one neuron stand, and takes every number from its two passes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch

from handgrad.arrays import Array
from handgrad.figures.picture import FORWARD, GRADIENT, INK, WIDTH, Picture, book_style, finish, new_figure, number
from handgrad.neuron import Neuron

_RADIUS = 15.0
_ROW = 104.0
_APART = 4.5
"""Points from the line between two nodes to each of the arrows that run along it."""


@dataclass(frozen=True)
class Node:
    """A quantity of the graph."""

    symbol: str
    """TeX, without dollars."""
    column: float
    row: float
    """Place on the grid; rows count upwards."""
    local: tuple[str, ...] = ()
    """Lines above the node: a derivative by which a gradient is multiplied on its way back through it."""
    value: float | None = None
    """A value written below the node, where no edge carries it on."""


@dataclass(frozen=True)
class Edge:
    """What flows between two nodes: a value forward and, unless it is left out, a gradient back."""

    start: str
    end: str
    value: float
    gradient: float | None = None


def network(neuron: Neuron, x: float, y: float) -> Picture:
    r"""Draw one neuron with the numbers of both its passes.

    Solid arrows carry values forward; dashed ones carry back the derivative of the loss by the quantity they lead to.

    Parameters
    ----------
    neuron
        The neuron.
    x, y
        Its input, and the target of its prediction.
    """
    forward, backward = neuron.forward(x, y), neuron.backward(x, y)
    nodes = {
        "x": Node("x", 0, 0),
        "w": Node("w", 1, 1),
        "b": Node("b", 1, -1),
        "z": Node("z", 1, 0),
        "prediction": Node(r"\hat{y}", 2, 0, local=(r"$\sigma'(z)$", number(backward.slope))),
        "y": Node("y", 3.1, 1),
        "loss": Node("L", 3.1, 0, value=forward.loss),
    }
    # The last edge is a little longer: the value of the loss stands beside its gradient.
    edges = [
        Edge("x", "z", x, backward.x),
        Edge("w", "z", neuron.w, backward.w),
        Edge("b", "z", neuron.b, backward.b),
        Edge("z", "prediction", forward.z, backward.z),
        Edge("prediction", "loss", forward.prediction, backward.prediction),
        Edge("y", "loss", y),
    ]
    return draw(nodes, edges, loss="loss")


def draw(nodes: Mapping[str, Node], edges: Sequence[Edge], loss: str) -> Picture:
    """Draw a graph whose gradients are those of the node `loss`, as wide as every picture of the book."""
    columns = [node.column for node in nodes.values()]
    rows = [node.row for node in nodes.values()]
    across = (WIDTH - 2 * _RADIUS - 13) / max(max(columns) - min(columns), 1)
    height = _ROW * (max(rows) - min(rows)) + 2 * _RADIUS + 6
    centres = {
        name: np.array([
            _RADIUS + 3 + across * (node.column - min(columns)),
            _RADIUS + 3 + _ROW * (node.row - min(rows)),
        ])
        for name, node in nodes.items()
    }  # fmt: skip
    with book_style():
        figure = new_figure(height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, WIDTH), ylim=(0, height))
        axes.set_axis_off()
        for edge in edges:
            symbol = rf"$\partial {nodes[loss].symbol} / \partial {nodes[edge.start].symbol}$"
            _draw_edge(axes, edge, centres[edge.start], centres[edge.end], symbol)
        for name, node in nodes.items():
            _draw_node(axes, node, centres[name])
        return finish(figure)


def _draw_node(axes: Axes, node: Node, centre: Array) -> None:
    axes.add_patch(Circle((centre[0], centre[1]), _RADIUS, facecolor="none", edgecolor=INK, linewidth=1.4))
    axes.text(centre[0], centre[1], f"${node.symbol}$", ha="center", va="center_baseline", fontsize=17)
    if node.local:
        # Higher than the values on the edges beside it, should these be long.
        _write(axes, "\n".join(node.local), centre + np.array([0, _RADIUS + 10]), "center", "bottom", INK)
    if node.value is not None:
        _write(axes, number(node.value), centre - np.array([0, _RADIUS + 4]), "center", "top", FORWARD)


def _draw_edge(axes: Axes, edge: Edge, start: Array, end: Array, symbol: str) -> None:
    along = (end - start) / np.hypot(*(end - start))
    # The side of forward values: above an arrow that runs to the right, left of one that runs up or down.
    side = np.array([-along[1], along[0]])
    if side[1] < -1e-9 or (abs(side[1]) < 1e-9 and side[0] > 0):
        side = -side
    gap = along * (_RADIUS + 3)
    apart = side * _APART if edge.gradient is not None else side * 0
    # On steep edges not the middle, where the labels of level ones reach to.
    middle = start + (0.5 if abs(along[1]) < 0.5 else 0.3) * (end - start)
    _arrow(axes, start + gap + apart, end - gap + apart, FORWARD, "solid")
    _beside(axes, middle + apart, side, number(edge.value), FORWARD)
    if edge.gradient is not None:
        _arrow(axes, end - gap - apart, start + gap - apart, GRADIENT, (0, (3.2, 1.6)))
        _beside(axes, middle - apart, -side, f"{symbol}\n{number(edge.gradient)}", GRADIENT)


def _arrow(axes: Axes, start: Array, end: Array, colour: str, style: str | tuple[int, tuple[float, float]]) -> None:
    tip = end - 5 * (end - start) / np.hypot(*(end - start))
    # Shaft and head apart: a dashed outline would tear the head.
    axes.plot(*zip(start, tip, strict=True), color=colour, linestyle=style, linewidth=1.7, solid_capstyle="butt")
    axes.add_patch(FancyArrowPatch(tuple(tip), tuple(end), arrowstyle="-|>,head_length=6,head_width=3", color=colour,
                                   shrinkA=0, shrinkB=0, linewidth=0, mutation_scale=1))  # fmt: skip


def _beside(axes: Axes, place: Array, side: Array, text: str, colour: str) -> None:
    """Write `text` on that side of an edge."""
    horizontal = "center" if abs(side[0]) < 0.5 else "left" if side[0] > 0 else "right"
    vertical = "center" if abs(side[1]) < 0.5 else "bottom" if side[1] > 0 else "top"
    _write(axes, text, place + 5 * side, horizontal, vertical, colour)


def _write(axes: Axes, text: str, place: Array, horizontal: str, vertical: str, colour: str) -> None:
    axes.text(place[0], place[1], text, ha=horizontal, va=vertical, color=colour, fontsize=13.5, linespacing=1.15)
