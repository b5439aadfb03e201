"""A Jacobian is drawn entry by entry, at the place its four indices say."""

from __future__ import annotations

import re

import numpy as np
import pytest

from handgrad import figures, relu, tanh

rng = np.random.default_rng(23)


def cells(svg: str) -> list[tuple[float, float, str]]:
    """Return left edge, top edge and colour of every coloured cell."""
    return [(float(x), float(y), colour) for x, y, colour in
            re.findall(r'<path d="M (\S+) (\S+)[^"]*z\s*"[^>]*style="fill: (#\w{6})', svg)]  # fmt: skip


def test_zeros_stay_empty_and_every_other_entry_has_its_cell() -> None:
    Z = rng.normal(size=(4, 3))
    jacobian = relu.jacobian(Z)
    assert len(cells(figures.jacobian(jacobian).svg)) == np.count_nonzero(jacobian) == np.count_nonzero(Z > 0)


def test_the_cells_of_an_elementwise_function_lie_on_the_diagonal() -> None:
    places = np.array([place[:2] for place in cells(figures.jacobian(tanh.jacobian(rng.normal(size=(2, 3)))).svg)])
    assert len(places) == 6
    steps = np.diff(places[np.argsort(places[:, 0])], axis=0)
    np.testing.assert_allclose(steps, steps[0, 0], atol=1e-3)


def test_rows_are_the_output_and_columns_the_input() -> None:
    array = np.zeros((2, 3, 2, 2))
    array[1, 2, 0, 1] = 1  # the last row, the second column
    array[0, 0, 0, 0] = 1
    (x0, y0, _), (x1, y1, _) = sorted(cells(figures.jacobian(array).svg))
    assert (y1 - y0) == pytest.approx(5 * (x1 - x0), abs=1e-3)


def test_colour_shows_the_sign_and_the_size_alike_on_both_sides() -> None:
    array = np.zeros((1, 4, 1, 4))
    array[0, range(4), 0, range(4)] = [1, -1, 0.1, -0.1]
    colours = [colour for *_, colour in sorted(cells(figures.jacobian(array).svg))]
    assert colours[:2] == [figures.OTHERS[1], figures.OTHERS[0]]
    assert len(set(colours)) == 4


def test_numbers_are_written_while_there_is_room_and_a_minus_sign_beyond() -> None:
    few = np.full((1, 2, 1, 2), -0.25)
    many = np.full((4, 5, 4, 5), -0.25)
    assert figures.jacobian(few).labels.count("−.25") == 4
    assert figures.jacobian(many).labels.count("−") == 400


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((3, 3), r"array has shape \(3, 3\), but four indices, none empty, are expected"),
        ((2, 0, 2, 0), r"array has shape \(2, 0, 2, 0\)"),
        ((5, 5, 5, 5), r"makes a matrix of 25 by 25, but the eye can tell at most 24 rows and columns apart"),
    ],
)
def test_an_array_that_is_no_jacobian_to_look_at_is_refused(shape: tuple[int, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        figures.jacobian(np.ones(shape))


def test_nan_is_refused() -> None:
    with pytest.raises(ValueError, match="holds an infinity or NaN"):
        figures.jacobian(np.full((1, 1, 1, 1), np.nan))


@pytest.mark.parametrize(
    ("entry", "text"),
    [(1.0, "1"), (-2.0, "−2"), (0.25, ".25"), (-0.5, "−.50"), (1.25, "1.2"), (0.996, "1.0"), (-0.001, "≈0")],
)
def test_an_entry_is_written_in_few_signs(entry: float, text: str) -> None:
    assert text in figures.jacobian(np.full((1, 1, 1, 1), entry)).labels
