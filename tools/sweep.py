"""Whether a fault is one at all: everything public of a package, called with everything that can be thought of.

A change that leaves every result as it was, to the last bit, together with every warning and every refusal, is no
fault. That is only believed of functions that the sweep is seen to call, and the sweep goes through every
precision that NumPy has.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import itertools
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

PRECISIONS = (np.float64, np.float32, np.float16, np.longdouble)
SHAPE = (3, 4)
"""Of the arrays that numbers are swept in: small enough for a Jacobian of four indices."""

REFUSED = ("text", 1j, [[1.0], [2.0, 3.0]])

Outcome = tuple[Any, ...]


def behaviour(package: str) -> Iterator[Outcome]:
    """Yield what comes of each call, in the same order every time."""
    module = importlib.import_module(package)
    for name in getattr(module, "__all__", None) or [n for n in vars(module) if not n.startswith("_")]:
        value = getattr(module, name)
        if inspect.isclass(value) and dataclasses.is_dataclass(value):
            yield from _of_parameters(value)
        elif dataclasses.is_dataclass(value):
            yield (name, *(repr(getattr(value, f.name)) for f in dataclasses.fields(value) if not _calls(value, f)))
            yield from _of_record(value)
        elif inspect.isfunction(value):
            yield from _of_functions([value], _arrays)


def _calls(record: object, field: dataclasses.Field[Any]) -> bool:
    return callable(getattr(record, field.name))


def _of_parameters(kind: type) -> Iterator[Outcome]:
    """Sweep the methods of a record of numbers, such as a neuron with its weight and its bias."""
    fields = dataclasses.fields(kind)
    if not all(field.type in (float, "float") for field in fields):
        return
    rng = np.random.default_rng(1)
    for row in rng.choice(_numbers(), size=(200, len(fields))).tolist() + rng.normal(size=(50, len(fields))).tolist():
        yield from _of_functions(_methods(kind(*row)), lambda count: [rng.choice(_numbers(), size=count).tolist()])


def _of_record(record: Any) -> Iterator[Outcome]:
    if not hasattr(record, "sample"):
        yield from _of_functions([record, *_methods(record)], _arrays)
        return
    shapes = list(record.sample.values())
    for arguments in _samples(shapes):
        yield from _outcome(record, *arguments)
        for method in _methods(record):
            if "cotangent" in inspect.signature(method).parameters:
                for cotangent in _cotangents((shapes[0][0], *shapes[-1])):
                    yield from _outcome(method, *arguments, cotangent=cotangent)
            else:
                yield from _outcome(method, *arguments)


def _cotangents(shape: tuple[int, ...]) -> Iterator[Any]:
    rng = np.random.default_rng(4)
    for precision, scale in itertools.product(PRECISIONS, (1, 1e3)):
        yield _cast(rng.normal(scale=scale, size=shape), precision)
    yield from (rng.integers(-9, 9, size=shape), np.ones(shape[::-1]), np.ones(()), *REFUSED)


def _methods(record: object) -> list[Callable[..., Any]]:
    names = [name for name, _ in inspect.getmembers(type(record), inspect.isfunction) if not name.startswith("_")]
    return [getattr(record, name) for name in names]


def _of_functions(
    functions: Sequence[Callable[..., Any]], arguments: Callable[[int], Sequence[Sequence[Any]]]
) -> Iterator[Outcome]:
    for function in functions:
        for values in arguments(len(inspect.signature(function).parameters)):
            yield from _outcome(function, *values)


def _outcome(function: Callable[..., Any], *arguments: Any, **named: Any) -> Iterator[Outcome]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = tuple(_bits(function(*arguments, **named)))
        except Exception:  # That it refuses is part of what a function does; the unit tests read the message.
            result = ("refuses",)
    yield (*result, *(str(w.message) for w in caught))


def _bits(value: Any) -> Iterator[Any]:
    if dataclasses.is_dataclass(value):
        value = dataclasses.astuple(value)  # type: ignore[arg-type]
    if isinstance(value, tuple | list):
        for part in value:
            yield from _bits(part)
    else:
        array = np.asarray(value)
        yield array.dtype.str, array.shape, array.astype(np.float64).tobytes()
        if array.dtype == np.longdouble:  # Its own bytes are padded with whatever was there before.
            with np.errstate(invalid="ignore"):
                yield (array - array.astype(np.float64)).astype(np.float64).tobytes()


def _numbers() -> np.ndarray:
    """Return numbers of every size: both zeros, ties, the ends of every range, many at random."""
    rng = np.random.default_rng(0)
    info = np.finfo(np.float64)
    places = [0.0, 1e-9, 0.25, 0.5, 1, 2, 2**24 + 1, 17.3, 18.4, 30, 36.7, 37, 88.7, 103.9, 104, 350, 355, 709, 709.8,
              745.1, 746, 1e4, 2e4, 1e154, 1.3e154, info.tiny, info.smallest_subnormal, info.max, np.inf]  # fmt: skip
    positive = np.concatenate([places, np.logspace(-320, 308, 200), np.linspace(0, 800, 300), rng.normal(size=71)])
    return np.concatenate([positive, -positive])


def _cast(numbers: np.ndarray, precision: type[np.floating[Any]]) -> np.ndarray:
    """Return `numbers` in another precision; what is too large for it becomes infinite."""
    with np.errstate(all="ignore"):
        return numbers.astype(precision)


def _arrays(count: int) -> Iterator[Sequence[Any]]:
    """Yield `count` arrays that go together, of every kind and size, and then some that do not."""
    rng = np.random.default_rng(2)
    for precision in PRECISIONS:
        numbers = _cast(_numbers(), precision)
        for chunk in np.array_split(numbers, len(numbers) // 12):
            others = (rng.choice(numbers, size=SHAPE) for _ in range(count - 1))
            yield [np.resize(chunk, SHAPE), *others]
        for shape in ((), (0,), (3,), (2, 0), (2, 3, 2)):
            yield [np.asarray(rng.choice(numbers, size=shape)) for _ in range(count)]
    whole = [2**24 + 1, -3, 0]
    for value in (3, True, whole, [whole, whole[::-1]], np.array(whole, np.int64), np.array([1, -2], np.int8), 0.5):
        yield [value] * count
    yield from itertools.product((np.ones(3), np.ones((4, 3)), *REFUSED), repeat=count)


def _samples(shapes: Sequence[tuple[int, ...]]) -> Iterator[Sequence[Any]]:
    rng = np.random.default_rng(3)
    for precision, scale in itertools.product(PRECISIONS, (1, 1e3, 1e30)):
        for _ in range(4):
            yield [_cast(rng.normal(scale=scale, size=shape), precision) for shape in shapes]
    yield [rng.integers(-(2**25), 2**25, size=shape) for shape in shapes]
    yield [np.ones(shape[::-1]) for shape in shapes]
    yield [np.ones(shape[:-1]) for shape in shapes]
    yield [np.ones(shape) for shape in shapes[1:]]
    for refused in REFUSED:
        yield [refused] * len(shapes)
