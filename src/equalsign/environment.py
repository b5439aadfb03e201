"""Marks by which the builder knows that a kernel ran the code that it was meant to run.

A kernel started from a stale kernel specification, or with another `PYTHONPATH`, checks other code than the book
shows. Each record carries these marks, and the builder compares them with its own. They are digests, because a
published book should not tell where on a disk it was made.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import sys
import sysconfig
from pathlib import Path


def digest(text: str) -> str:
    """Return a short digest of `text`."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def environment() -> dict[str, str]:
    """Return the marks of the running interpreter: ``python``, and one for each imported package of local source."""
    # A copy, because an import in another thread may change sys.modules meanwhile.
    # The program that was started is no package, and differs between the kernel and the builder.
    local = {name for name in list(sys.modules) if "." not in name and name != "__main__" and _is_local(name)}
    return {"python": python_mark()} | {name: module_mark(name) for name in sorted(local)}


def python_mark() -> str:
    """Mark the interpreter and its installed packages, by their place and version."""
    return digest(f"{sys.version} {Path(sys.prefix).resolve()}")


def module_mark(name: str) -> str:
    """Mark the place from which the module `name` is, or would be, imported."""
    origin = _origin(name)
    return digest(str(Path(origin).resolve())) if origin else "missing"


def _origin(name: str) -> str | None:
    module = sys.modules.get(name)
    if module is not None:
        return getattr(module, "__file__", None)
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None
    return spec.origin if spec else None


@functools.cache
def _is_local(name: str) -> bool:
    origin = getattr(sys.modules.get(name), "__file__", None)
    if not origin:
        return False
    path = Path(origin).resolve()
    installed = {Path(p).resolve() for p in sysconfig.get_paths().values()} | {Path(sys.base_prefix).resolve()}
    return not any(path.is_relative_to(root) for root in installed)
