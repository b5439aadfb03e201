"""Every record of handgrad as a fixture: what holds for one holds for all, and a new record brings its own tests."""

from __future__ import annotations

import numpy as np
import pytest

import handgrad
from handgrad import ACTIVATIONS, Elementwise, Layer, Loss


def _exported(kind):
    return [value for name in handgrad.__all__ if isinstance(value := getattr(handgrad, name), kind)]


@pytest.fixture(scope="session", params=ACTIVATIONS.values(), ids=ACTIVATIONS)
def activation(request) -> Elementwise:
    return request.param


@pytest.fixture(scope="session", params=_exported(Layer), ids=lambda record: record.name)
def layer(request) -> Layer:
    return request.param


@pytest.fixture(scope="session", params=_exported(Loss), ids=lambda record: record.name)
def loss(request) -> Loss:
    return request.param


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20240517)


@pytest.fixture(autouse=True)
def _no_floating_point_accident():
    """Overflow, division by zero and invalid operations raise; underflow to zero is how tails end."""
    with np.errstate(all="raise", under="ignore"):
        yield
