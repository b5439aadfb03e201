"""Before anything is read: refuse settings that hide errors, and tie the cache to the code that was checked."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import json
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

from equalsign.environment import module_mark, python_mark

# After MyST-NB has added its configuration values, before anybody acts on them.
_LATE = 900


def connect(app: Sphinx) -> None:
    """Connect to the events of `app`."""
    app.connect("config-inited", refuse_hiding_settings, priority=_LATE)
    app.connect("config-inited", report_all_failures, priority=_LATE)
    app.connect("config-inited", tie_cache_to_sources, priority=_LATE)


def refuse_hiding_settings(app: Sphinx, config: Config) -> None:
    """Raise ConfigError for a setting under which a failing page would pass."""
    problems = []
    if config.nb_execution_mode not in ("cache", "force"):
        problems.append(
            f"execute_notebooks is {config.nb_execution_mode!r}, so pages may not run at all: set it to cache or force"
        )
    if config.nb_execution_allow_errors:
        problems.append("allow_errors is set, so a cell that raises would pass: take it out")
    if config.nb_execution_excludepatterns:
        problems.append(f"pages are excluded from execution ({config.nb_execution_excludepatterns}): take that out")
    if config.nb_remove_code_outputs or config.nb_merge_streams:
        problems.append("outputs are removed or merged, so verdicts may be lost: take that setting out")
    if not config.equalsign_under_test:
        problems.append("equalsign_under_test is empty, so any code may vouch for itself: name the packages it checks")
    for name in config.equalsign_under_test:
        if "." in name or module_mark(name) == "missing":
            problems.append(f"equalsign_under_test: {name!r} is no package that can be imported, so it is not watched")
    if problems:
        raise ConfigError("equalsign cannot vouch for this book:\n" + "\n".join(f"  {p}" for p in problems))


def report_all_failures(app: Sphinx, config: Config) -> None:
    """Let MyST-NB go on after a page that fails: the gate reports it, together with the failures of other pages."""
    config.nb_execution_raise_on_error = False


def tie_cache_to_sources(app: Sphinx, config: Config) -> None:
    """Name the cache of executed pages, and mark the environment, by what the results depend on.

    MyST-NB's cache is keyed on the text of the cells alone: without this, results would outlive a change of the code
    that they were computed with.
    """
    config.equalsign_fingerprint = fingerprint(Path(app.srcdir), config.equalsign_sources, config.equalsign_under_test)
    base = Path(config.nb_execution_cache_path or Path(app.outdir).parent / ".jupyter_cache")
    config.nb_execution_cache_path = str(base.resolve() / config.equalsign_fingerprint)


def fingerprint(root: Path, patterns: list[str], under_test: list[str]) -> str:
    """Digest the files under `root` that match `patterns`, the kernels, and what is imported from where.

    Raises
    ------
    ConfigError
        If a pattern matches no file, because then a change would go unseen.
    """
    parts = [python_mark(), *map(module_mark, ("equalsign", *under_test))]
    parts.append(json.dumps(KernelSpecManager().get_all_specs(), sort_keys=True))
    parts += sorted(f"{d.name}=={d.version}" for d in importlib.metadata.distributions())
    for pattern in patterns:
        files = sorted(path for path in root.glob(pattern) if path.is_file())
        if not files:
            raise ConfigError(f"equalsign_sources: the pattern {pattern!r} matches no file under {root}")
        parts += [f"{f.relative_to(root).as_posix()} {_contents(f)}" for f in files]
    for package in under_test:  # It need not stand among the files of the book.
        parts += [f"{f.as_posix()} {_contents(f)}" for f in _source_files(package)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _source_files(package: str) -> list[Path]:
    spec = importlib.util.find_spec(package)
    folders = (spec.submodule_search_locations if spec else None) or ()
    files = sorted(file for folder in folders for file in Path(folder).rglob("*.py"))
    return files or ([Path(spec.origin)] if spec and spec.origin else [])


def _contents(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
