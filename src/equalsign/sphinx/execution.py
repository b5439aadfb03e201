"""Run the pages that are to be read, several at once, into the cache from which MyST-NB then takes them.

A page that fails is cached too, so that MyST-NB shows how far it came, but with its error beside it: the gate reports
it, and the next build runs it again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from myst_nb.sphinx_ import NbMetadataCollector
from nbclient.exceptions import CellExecutionError
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from equalsign.sphinx.findings import findings
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
    return [docname for docname, page in findings(env).items() if page.failed]


def execute_pages(app: Sphinx, env: Any, docnames: list[str]) -> None:
    """Execute the pages among `docnames` that are not in the cache, as many at once as there are processors."""
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
            docname, data = running[future], future.result()
            done = f"and failed: {data['error']}" if data["error"] else f"in {data['execution_seconds']:.1f} s"
            logger.info("[%d/%d] executed %s %s", number, len(waiting), docname, done)
            cache.cache_notebook_bundle(
                CacheBundleIn(waiting[docname], env.doc2path(docname), data=data),
                check_validity=False,
                overwrite=True,
            )


def executed_notebook(env: Any, docname: str, notebook: Any) -> tuple[Any, str | None]:
    """Return the notebook of a page that was just read, with its outputs, and the error that ended it, if one did.

    MyST-NB leaves the executed notebook in its output folder, from where readers download it. But what it takes from
    the cache it writes there without the outputs, so these are put back here.
    """
    path = Path(env.mystnb_config.output_folder, f"{docname}.ipynb")
    if env.mystnb_config.execution_mode == "cache":
        cache = get_cache(env.mystnb_config.execution_cache_path)
        record, executed = cache.match_cache_notebook(notebook), cache.merge_match_into_notebook(notebook)[1]
        path.write_text(nbformat.writes(executed), encoding="utf-8")
        return executed, record.data.get("error")
    executed = nbformat.reads(path.read_text(encoding="utf-8"), as_version=nbformat.NO_CONVERT)
    data = NbMetadataCollector.get_exec_data(env, docname)
    return executed, data["error"] if data else "it was not executed"


def _not_cached(env: BuildEnvironment, docnames: list[str], cache: Any) -> Iterator[tuple[str, Any]]:
    for docname in docnames:
        notebook = read_page(env, docname).notebook
        if notebook is None:
            continue
        try:
            record = cache.match_cache_notebook(notebook)
        except KeyError:
            yield docname, notebook
        else:
            if record.data.get("error"):
                yield docname, notebook


def _execute(notebook: Any, path: str, timeout: int) -> dict[str, Any]:
    """Execute `notebook` in place; return its time in seconds, and the error that ended it or None."""
    try:
        result = single_nb_execution(
            notebook,
            cwd=str(Path(path).parent),
            timeout=timeout,
            allow_errors=False,
            meta_override=False,
            extra_arguments=["--log-level=ERROR"],  # A kernel's own warnings are no news to a reader.
            on_cell_start=_mark_as_started,
        )
    except Exception as error:  # A kernel that died or does not exist, say: whatever it is, the page did not run.
        return {"execution_seconds": None, "error": _reason(error)}
    return {"execution_seconds": result.time, "error": _reason(result.err) if result.err else None}


def _mark_as_started(cell: Any, cell_index: int) -> None:
    # A kernel that dies in a cell may take the cell's number along, and nobody could say where it died.
    if cell.cell_type == "code":
        cell.execution_count = 0


def _reason(error: Exception) -> str:
    if isinstance(error, CellExecutionError):
        return f"{error.ename}: {error.evalue}"
    return (str(error).strip() or type(error).__name__).splitlines()[0]
