"""Run the pages that are to be read, several at once, into the cache from which MyST-NB then takes them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import ExecutionResult, single_nb_execution
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from equalsign.sphinx.sources import read_page

logger = logging.getLogger(__name__)


def connect(app: Sphinx) -> None:
    """Connect to the events of `app`."""
    app.connect("env-get-outdated", pages_that_failed)
    app.connect("env-before-read-docs", execute_pages)


def pages_that_failed(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Ask for the pages whose execution failed to be read again: their failure may have passed."""
    return [
        docname
        for docname in env.found_docs - removed
        if not (NbMetadataCollector.get_exec_data(env, docname) or {"succeeded": True})["succeeded"]
    ]


def execute_pages(app: Sphinx, env: Any, docnames: list[str]) -> None:
    """Execute the pages among `docnames` that are not in the cache, as many at once as there are processors.

    What fails here is not cached. MyST-NB runs it once more when it reads the page, and reports it.
    """
    if app.config.nb_execution_mode != "cache":
        return
    cache = get_cache(env.mystnb_config.execution_cache_path)
    waiting = dict(_not_cached(env, docnames, cache))
    if not waiting:
        return
    workers = min(len(waiting), os.cpu_count() or 1)
    logger.info("executing %d pages, %d at once", len(waiting), workers)
    with ThreadPoolExecutor(workers) as pool:
        running = {
            pool.submit(_execute, notebook, env.doc2path(docname), app.config.nb_execution_timeout): docname
            for docname, notebook in waiting.items()
        }
        for number, future in enumerate(as_completed(running), start=1):
            docname, result = running[future], future.result()
            done = f"in {result.time:.1f} s" if result and not result.err else "and failed"
            logger.info("[%d/%d] executed %s %s", number, len(waiting), docname, done)
            if result and not result.err:
                cache.cache_notebook_bundle(
                    CacheBundleIn(result.nb, env.doc2path(docname), data={"execution_seconds": result.time}),
                    check_validity=False,
                    overwrite=True,
                )


def executed_notebook(env: Any, docname: str, notebook: Any) -> Any:
    """Return the notebook of a page that was just read, with its outputs.

    MyST-NB leaves the executed notebook in its output folder, from where readers download it. But what it takes from
    the cache it writes there without the outputs, so these are put back here.
    """
    path = Path(env.mystnb_config.output_folder, f"{docname}.ipynb")
    if env.mystnb_config.execution_mode == "cache":
        try:
            _, executed = get_cache(env.mystnb_config.execution_cache_path).merge_match_into_notebook(notebook)
        except KeyError:
            pass  # Its execution failed, and only the output folder has what came before the failure.
        else:
            path.write_text(nbformat.writes(executed), encoding="utf-8")
            return executed
    return nbformat.reads(path.read_text(encoding="utf-8"), as_version=nbformat.NO_CONVERT)


def _not_cached(env: BuildEnvironment, docnames: list[str], cache: Any) -> Iterator[tuple[str, Any]]:
    for docname in docnames:
        notebook = read_page(env, docname).notebook
        if notebook is None:
            continue
        try:
            cache.match_cache_notebook(notebook)
        except KeyError:
            yield docname, notebook


def _execute(notebook: Any, path: str, timeout: int) -> ExecutionResult | None:
    try:
        return single_nb_execution(
            notebook,
            cwd=str(Path(path).parent),
            timeout=timeout,
            allow_errors=False,
            meta_override=False,
            extra_arguments=["--log-level=ERROR"],  # A kernel's own warnings are no news to a reader.
        )
    except Exception:  # A kernel that died, say: MyST-NB meets it again, and reports it where it belongs.
        return None
