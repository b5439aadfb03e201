"""Curves: what is drawn, where, and what is refused."""

from __future__ import annotations

import re

import numpy as np
import pytest
from matplotlib.text import Text

from handgrad import figures, relu, sigmoid
from handgrad.figures import curves
from handgrad.figures.labels import label_curves
from handgrad.figures.picture import book_style, new_figure

rng = np.random.default_rng(22)


def drawn(svg: str, colour: str) -> list[np.ndarray]:
    """Return the lines of that colour, as points in the coordinates of the page."""
    paths = re.findall(rf'<path d="([^"]*)"[^>]*style="fill: none; stroke(?:-[a-z]+: [^;"]*; stroke)*: {colour}', svg)
    return [np.array(re.findall(r"[ML] (\S+) (\S+)", path), dtype=float) for path in paths]


def test_the_derivative_of_relu_is_drawn_as_two_level_lines_and_no_upright_one() -> None:
    lines = drawn(figures.activation(relu, span=2).svg, figures.GRADIENT)
    assert len(lines) == 2
    assert all(np.ptp(line[:, 1]) == 0 for line in lines)
    assert lines[0][0, 1] != lines[1][0, 1]


def test_a_jump_is_marked_by_one_filled_and_one_hollow_dot() -> None:
    svg = figures.activation(relu).svg
    dots = re.findall(r'<use [^>]*style="([^"]*)"', svg)
    ours = [style for style in dots if f"stroke: {figures.GRADIENT}" in style]
    assert sorted("fill: none" in style or "fill-opacity: 0" in style for style in ours) == [False, True]


def test_a_smooth_function_has_no_dots() -> None:
    assert f"fill: {figures.GRADIENT}; stroke" not in figures.activation(sigmoid).svg


def test_the_sigmoid_and_its_derivative_are_named_in_symbols() -> None:
    assert {r"$\sigma(z)$", r"$\sigma'(z)$", "$z$"} <= set(figures.activation(sigmoid).labels)


@pytest.mark.parametrize("span", [0.0, -1.0, float("nan"), float("inf")])
def test_a_span_that_is_no_width_is_refused(span: float) -> None:
    with pytest.raises(ValueError, match=r"figures\.activation: span is .*, but a positive number is expected"):
        figures.activation(sigmoid, span)


def test_no_peak_of_an_error_is_lost() -> None:
    z, errors = np.linspace(-3, 3, 10_000), rng.random(10_000)
    errors[7_321] = 50.0
    at, worst = curves._worst(z, errors)
    assert len(at) <= 100
    assert worst.max() == 50.0
    assert at[worst.argmax()] == z[7_321]
    assert np.all(np.diff(at) > 0)


def test_errors_of_zero_stand_at_a_foot_of_their_own() -> None:
    z = np.linspace(0, 1, 9)
    line, = drawn(figures.error_curve(z, {"a": np.where(z < 0.5, 0.0, 1e-12)}).svg, figures.OTHERS[0])  # fmt: skip
    assert line[0, 1] == line[:, 1].max()
    assert "$0$" in figures.error_curve(z, {"a": np.zeros(9)}).labels


@pytest.mark.parametrize(
    ("z", "errors", "message"),
    [
        ([0, 1], {}, "0 curves were given, but 1 to 4 are expected"),
        ([0, 1], {name: [1, 1] for name in "abcde"}, "5 curves were given"),
        ([0, 1, 2], {"a": [1, 2]}, r"'a' has shape \(2,\), but z has shape \(3,\)"),
        ([0, 1], {"a": [1, np.nan]}, "'a' holds an error that is negative, infinite or NaN"),
        ([0, 1], {"a": [1, -1]}, "'a' holds an error that is negative"),
        ([0, 0], {"a": [1, 1]}, "two or more different numbers are expected"),
        ([[0, 1]], {"a": [[1, 1]]}, r"z has shape \(1, 2\)"),
    ],
)
def test_errors_that_cannot_be_drawn_are_refused(z: object, errors: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        figures.error_curve(z, errors)


@pytest.mark.parametrize("seed", range(5))
def test_a_label_covers_no_curve_and_no_other_label(seed: int) -> None:
    generator = np.random.default_rng(seed)
    x = np.linspace(0, 1, 50)
    lines = [(x, generator.normal() + generator.normal() * x + generator.normal() * x**2) for _ in range(2)]
    with book_style():
        figure = new_figure(240)
        axes = figure.add_axes((0.1, 0.1, 0.8, 0.8))
        for line in lines:
            axes.plot(*line)
        texts: list[Text] = [axes.text(0, 0, "a label") for _ in lines]
        label_curves(axes, lines, texts)
        boxes = [text.get_window_extent() for text in texts]
        assert not boxes[0].overlaps(boxes[1])
        for box in boxes:
            for line in lines:
                assert not any(box.contains(*point) for point in axes.transData.transform(np.column_stack(line)))
