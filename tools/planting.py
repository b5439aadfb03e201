"""Import a package with a fault in it, in this process, and see who notices."""

from __future__ import annotations

import contextlib
import importlib.machinery
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from types import CodeType, ModuleType

from tools.chapters import Chapter, Noticed
from tools.faults import Fault


class _FaultyLoader(importlib.machinery.SourceFileLoader):
    """Loads a module from its file, but runs other code."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.module, str(fault.path))
        self._code = compile(fault.source, str(fault.path), "exec")

    def get_code(self, fullname: str) -> CodeType:
        return self._code


class _FaultyFinder:
    """Finds the one module that holds a fault, and leaves all others to the usual finders."""

    def __init__(self, fault: Fault) -> None:
        self._fault = fault

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != self._fault.module:
            return None
        return importlib.util.spec_from_file_location(name, self._fault.path, loader=_FaultyLoader(self._fault))


@contextlib.contextmanager
def planted(package: str, fault: Fault | None) -> Iterator[None]:
    """Inside, `package` is imported anew, with `fault` in it; afterwards it is what it was."""
    before = _taken_out(package)
    finders = [_FaultyFinder(fault)] if fault else []
    sys.meta_path[:0] = finders
    try:
        yield
    finally:
        for finder in finders:
            sys.meta_path.remove(finder)
        _taken_out(package)
        sys.modules.update(before)


def _taken_out(package: str) -> dict[str, ModuleType]:
    names = [name for name in sys.modules if name == package or name.startswith(f"{package}.")]
    return {name: sys.modules.pop(name) for name in names}


def notice(package: str, fault: Fault, chapters: Sequence[Chapter]) -> Noticed | None:
    """Plant `fault` and run `chapters` in turn; return the first notice that is taken of it."""
    with planted(package, fault):
        return next((noticed for chapter in chapters if (noticed := chapter.run())), None)


class Reach:
    """Which chapters run which functions, so that a fault is shown only to those that can notice it.

    Parameters
    ----------
    calls
        For each chapter, the files and first lines of the functions that it calls.
    """

    def __init__(self, calls: dict[str, set[tuple[str, int]]]) -> None:
        self._calls = calls

    def of(self, fault: Fault, name: str) -> bool:
        """Say whether the page `name` runs the function of `fault`; what a decorator holds, every page can read."""
        if not fault.in_body:
            return True
        first, last = fault.lines
        return any(file == str(fault.path) and first <= line <= last for file, line in self._calls[name])
