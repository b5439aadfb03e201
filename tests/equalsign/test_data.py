"""A check is as good as its data: what a vanishing loss or one-sided numbers let pass, and what does not."""

from __future__ import annotations

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import elementwise_grad, grad

from equalsign import compare


def relu(z):
    return anp.where(z > 0, z, 0.0)


def without_the_mask(z, cotangent):
    """Hand the cotangent back as if every unit were on: the mistake is not to multiply it by (z > 0)."""
    return cotangent


def gradient_of(loss, z, vjp):
    """Return the gradient of ``loss(relu(z))`` by autograd, and by `vjp` for the step through ReLU."""
    return vjp(z, elementwise_grad(loss)(relu(z))), grad(lambda z: anp.sum(loss(relu(z))))(z)


@pytest.fixture
def z():
    return np.random.default_rng(5).normal(size=(4, 3))


def test_a_loss_whose_gradient_vanishes_where_the_mask_does_lets_a_missing_mask_pass(z):
    assert (z < 0).any()
    assert compare(*gradient_of(lambda a: a**2, z, without_the_mask)).holds


def test_squared_error_to_random_targets_finds_the_missing_mask(z):
    targets = np.random.default_rng(6).normal(size=z.shape)
    found = compare(*gradient_of(lambda a: (a - targets) ** 2 / 2, z, without_the_mask))
    assert not found.holds
    assert z[found.index] < 0


def one_slope(z):
    """Take the slope of ReLU to be one everywhere: the branch for negative numbers is forgotten."""
    return np.ones_like(z)


def one_at_the_kink(z):
    """Take the slope of ReLU at zero to be one, where the book says zero."""
    return np.where(z >= 0, 1.0, 0.0)


def clipped(z):
    """Differentiate tanh after its input was clipped, as some do against overflow."""
    return 1 / np.cosh(np.clip(z, -5, 5)) ** 2


@pytest.mark.parametrize(
    ("broken", "right", "poor", "good"),
    [
        pytest.param(one_slope, lambda z: 1.0 * (z > 0), [0.5, 2.0], [0.5, 2.0, -1.0], id="one side of a kink"),
        pytest.param(one_at_the_kink, lambda z: 1.0 * (z > 0), [0.5, -2.0], [0.5, -2.0, 0.0], id="not the kink"),
        pytest.param(clipped, lambda z: 1 / np.cosh(z) ** 2, [-1.0, 2.0], [-1.0, 2.0, 30.0], id="not the tails"),
    ],
)
def test_data_that_do_not_reach_the_fault_let_it_pass_and_data_that_do_find_it_there(broken, right, poor, good):
    assert compare(broken(np.array(poor)), right(np.array(poor))).holds
    found = compare(broken(np.array(good)), right(np.array(good)))
    assert not found.holds
    assert found.index == (2,)


def test_a_mean_over_entries_would_pass_an_empty_jacobian_and_the_worst_entry_does_not():
    jacobian = np.zeros((100, 4, 100, 4))
    i, j = np.indices((100, 4))
    jacobian[i, j, i, j] = 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        percentage = np.nan_to_num(np.abs(np.zeros_like(jacobian) - jacobian) / np.abs(jacobian)).mean()
    assert percentage <= 0.0025
    assert not compare(np.zeros_like(jacobian), jacobian).holds

    flipped = jacobian.copy()
    flipped[3, 1, 3, 1] *= -1
    assert np.abs(flipped - jacobian).mean() <= 1.25e-5
    found = compare(flipped, jacobian)
    assert not found.holds
    assert found.index == (3, 1, 3, 1)
