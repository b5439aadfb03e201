"""`check`: compare a result with its expected value, show the verdict, leave a record."""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

import numpy as np
import sympy

from equalsign.comparison import Comparison, compare
from equalsign.environment import environment
from equalsign.record import Record
from equalsign.symbols import compare_symbols, is_symbolic

_recorder: ContextVar[list[Record] | None] = ContextVar("_recorder", default=None)


def check(
    label: str,
    got: Any,
    expected: Any,
    *,
    scale: Any = None,
    terms: int = 1,
    tolerance: float | None = None,
    because: str | None = None,
) -> None:
    """Check that `got` equals `expected`, for the equation labelled `label`.

    The verdict is shown, and recorded for the ledger of the book. A check that fails does not raise: the cells after
    it run, and the build of the book fails at its end with every failure listed.

    Parameters
    ----------
    label
        The label of the displayed equation that this check stands for.
    got
        What the code under test gives: a real array, or a SymPy expression or matrix.
    expected
        The same by an independent route, of the same shape and precision.
    scale, terms
        ``S`` and ``n`` of the allowed error ``(16 + 2 sqrt(n)) u S``; see `equalsign.compare`.
    tolerance
        A relative tolerance in place of ``(16 + 2 sqrt(n)) u``, at most ``1e-4``. It needs a `because`.
    because
        Why the check has a tolerance of its own, as the rest of a sentence; it is shown to the reader.

    Raises
    ------
    TypeError
        If a side is no real array and no SymPy expression, or only one side is symbolic.
    ValueError
        If the label is empty, a tolerance comes without its reason, or `scale`, `terms` or `tolerance` is
        meaningless.
    """
    if not isinstance(label, str) or not label:
        raise ValueError(f"check: the label must name a displayed equation, but it is {label!r}")
    if (tolerance is None) != (because is None or not because.strip()):
        raise ValueError(f"check {label}: a tolerance of its own and the reason for it (because=) go together")
    # Python keeps one object for each small integer, and SymPy for many an expression, however it was found.
    if got is expected and not isinstance(got, int | sympy.Basic):
        raise ValueError(f"check {label}: both sides are one and the same object, so the check could not fail")
    comparison = _compare(label, got, expected, scale, terms, tolerance)
    _publish(
        Record(
            label=label,
            verdict="holds" if comparison.holds else "fails",
            message=comparison.message,
            error=comparison.error,
            allowed=comparison.allowed,
            index=comparison.index,
            got=comparison.got,
            expected=comparison.expected,
            entries=comparison.entries,
            shape=comparison.shape,
            dtype=comparison.dtype,
            terms=int(terms),
            because=because,
            environment=environment(),
        )
    )


def _compare(label: str, got: Any, expected: Any, scale: Any, terms: int, tolerance: float | None) -> Comparison:
    if not (is_symbolic(got) or is_symbolic(expected)):
        return compare(got, expected, scale=scale, terms=terms, tolerance=tolerance)
    if isinstance(got, np.ndarray) or isinstance(expected, np.ndarray):
        raise TypeError(f"check {label}: one side is a SymPy expression and the other an array")
    if scale is not None or terms != 1 or tolerance is not None:
        raise ValueError(f"check {label}: SymPy expressions are compared at fifty digits, without a tolerance")
    return compare_symbols(got, expected, seed=zlib.crc32(label.encode()))


@contextlib.contextmanager
def recording() -> Iterator[list[Record]]:
    """Collect the records of all checks made inside, instead of showing them."""
    records: list[Record] = []
    token = _recorder.set(records)
    try:
        yield records
    finally:
        _recorder.reset(token)


def _publish(record: Record) -> None:
    records = _recorder.get()
    if records is not None:
        records.append(record)
        return
    try:
        from IPython import get_ipython  # Only where there is a notebook to show things in.
    except ImportError:
        shell = None
    else:
        shell = get_ipython()
    if shell is None:
        print(record)
        return
    from IPython.display import display

    display(record)  # type: ignore[no-untyped-call]
