"""Measure how long the book takes to build, and what its pages weigh, in a copy of the project.

The kernels alone are the chapters executed two at once and nothing else. Of a clean build, the share of execution is
the time between its first and its last message about it; the checks are the time spent inside `check` in the kernels.
A first visit is what a browser loads that has nothing of the site in its cache.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from tools import weight
from tools.chapters import pages
from tools.tree import build_command, copy_tree, environment

AT_ONCE = 2
CLOCK = """
import time as _time, equalsign as _equalsign
_spent, _check = [0.0], _equalsign.check
def _timed(*arguments, **named):
    started = _time.perf_counter()
    try:
        return _check(*arguments, **named)
    finally:
        _spent[0] += _time.perf_counter() - started
_equalsign.check = _timed
"""
"""Run before a chapter, this adds up the time spent inside `check`."""


@dataclass(frozen=True)
class Figure:
    """Something measured; `target` is the most that it should be."""

    name: str
    value: float
    unit: str
    target: float | None = None
    note: str = ""

    def __str__(self) -> str:
        places = 1 if self.unit in ("s", "%") else 2
        aim = f"at most {self.target:.{places}f}" if self.target is not None else ""
        verdict = "" if self.target is None else "met" if self.value <= self.target else "MISSED"
        return f"{self.name:<46}{self.value:>9.{places}f} {self.unit:<4}{aim:<16}{verdict:<8}{self.note}".rstrip()


@dataclass(frozen=True)
class Build:
    """One run of the builder."""

    seconds: float
    executing: float
    """Seconds from its first message about the execution of pages to the last."""
    working: float
    """Seconds that processors worked for it: with those, a busy machine is told from a slow build."""

    @property
    def work(self) -> str:
        return f"{self.working:.1f} s of work"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure everything; return the exit status, which is not 0 only if something breaks."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--repeat", metavar="N", type=int, default=1, help="runs of each, of which the median counts")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the figures there as well")
    options = parser.parse_args(arguments)
    figures = []
    machine = f"{os.cpu_count()} processors, Python {platform.python_version()}, {platform.system()}"
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        tree = copy_tree(Path(folder) / "book")
        figures += measure_builds(tree, options.repeat)
        figures += measure_visits(tree)
    print(f"\n{machine}; median of {options.repeat}", *figures, sep="\n")
    if options.json:
        data = {"machine": machine, "repeat": options.repeat, "figures": [asdict(figure) for figure in figures]}
        options.json.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    return 0


def measure_builds(tree: Path, repeat: int) -> list[Figure]:
    """Measure execution and builds, each `repeat` times."""

    def median(what: str, run: Callable[[], Build]) -> Build:
        builds = []
        for number in range(repeat):
            print(f"{what} ({number + 1}/{repeat}) ...", end=" ", flush=True)
            builds.append(run())
            print(f"{builds[-1].seconds:.1f} s", flush=True)
        return sorted(builds, key=lambda one: one.seconds)[len(builds) // 2]

    def clean() -> Build:
        remove_build(tree)
        return build(tree)

    checking: list[float] = []

    def kernels_alone() -> Build:
        before = working()
        seconds, inside_check = run_kernels(tree)
        checking.append(inside_check)
        return Build(seconds, seconds, working() - before)

    kernels = median("The kernels alone, two at once", kernels_alone)
    cold = median("A clean build", clean)
    untouched = median("A build of the untouched book", lambda: build(tree))
    chapter = longest_chapter(tree)
    prose = median("A build after a word of prose", lambda: build(changed(chapter, with_another_word)))
    code = median("A build after a line of code", lambda: build(changed(chapter, with_another_line)))
    # Two kernels work at once, so that a second inside check is half a second of the build.
    checks = statistics.median(checking) / AT_ONCE
    share = 100 / cold.seconds
    return [
        Figure("kernels alone, two at once", kernels.seconds, "s", None, kernels.work),
        Figure("clean build", cold.seconds, "s", None, cold.work),
        Figure("clean build over kernels alone", cold.seconds / kernels.seconds, "", 2.0),
        Figure("  share of execution without checks", (cold.executing - checks) * share, "%"),
        Figure("  share of checks", checks * share, "%"),
        Figure("  share of Sphinx and all else", (cold.seconds - cold.executing) * share, "%"),
        Figure("untouched rebuild", untouched.seconds, "s", 5.0, untouched.work),
        Figure("rebuild after a word of one chapter", prose.seconds, "s", 10.0, f"{prose.work}, {chapter.name}"),
        Figure("rebuild after a code cell of one chapter", code.seconds, "s", 10.0, f"{code.work}, {chapter.name}"),
    ]


def run_kernels(tree: Path) -> tuple[float, float]:
    """Execute every chapter, two at once; return the seconds that took, and those spent inside `check`."""
    notebooks = [(path, page.notebook) for path, page in pages(tree) if page.cells]

    def execute(path: Path, notebook: nbformat.NotebookNode) -> float:
        first, last = nbformat.v4.new_code_cell(CLOCK), nbformat.v4.new_code_cell("print('seconds', _spent[0])")
        notebook = nbformat.from_dict({**notebook, "cells": [first, *notebook.cells, last]})
        client = NotebookClient(
            notebook,
            timeout=600,
            kernel_name="python3",
            resources={"metadata": {"path": str(path.parent)}},
            extra_arguments=["--log-level=ERROR"],
        )
        client.execute(env=environment(tree))
        return float(notebook.cells[-1].outputs[0].text.split()[1])

    started = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        inside_check = list(pool.map(lambda pair: execute(*pair), notebooks))
    return time.perf_counter() - started, sum(inside_check)


def build(tree: Path) -> Build:
    """Build the book, and note when it executes pages.

    Raises
    ------
    RuntimeError
        If the build fails: a book that is not in order is not worth measuring.
    """
    executing, lines = [], []
    started, before = time.perf_counter(), working()
    with subprocess.Popen(
        build_command(tree), cwd=tree, env=environment(tree), text=True, encoding="utf-8", errors="replace",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        for line in process.stdout or ():
            lines.append(line)
            if re.search(r"\bexecut(ing|ed) ", line):
                executing.append(time.perf_counter())
    seconds = time.perf_counter() - started
    if process.returncode:
        raise RuntimeError(f"The build failed, so nothing was measured:\n{''.join(lines[-80:])}")
    return Build(seconds, executing[-1] - executing[0] if executing else 0.0, working() - before)


def working() -> float:
    """Return the seconds that processors have worked for the programs this one has started."""
    times = os.times()
    return times.children_user + times.children_system


def remove_build(tree: Path) -> None:
    """Take away all that earlier builds have left, the cache of executed pages included."""
    if (tree / "_build").exists():
        (tree / "_build").rename(tree.parent / f"build-{time.monotonic_ns()}")  # Deleting would cost the build time.


def longest_chapter(tree: Path) -> Path:
    """Return the page with the most code cells."""
    return max(pages(tree), key=lambda pair: len(pair[1].cells))[0]


def changed(chapter: Path, change: Callable[[str], str]) -> Path:
    """Change a chapter; return the root of its book."""
    chapter.write_text(change(chapter.read_text(encoding="utf-8")), encoding="utf-8")
    return next(folder for folder in chapter.parents if (folder / "_toc.yml").exists())


def with_another_word(text: str) -> str:
    """Add a word to the first paragraph beneath the title."""
    return re.sub(r"^(# .+\n\n)", r"\1Indeed: ", text, count=1, flags=re.MULTILINE)


def with_another_line(text: str) -> str:
    """Add a line to the first code cell."""
    return re.sub(
        r"^(```\{code-cell\}.*\n)", rf"\1import sys as _sys{time.monotonic_ns()}\n", text, count=1, flags=re.M
    )


def measure_visits(tree: Path) -> list[Figure]:
    """Weigh the first visit to each chapter; the heaviest counts."""
    chapters = [path.relative_to(tree).with_suffix(".html").as_posix() for path, page in pages(tree) if page.cells]
    visits, how = weight.first_visits(tree / "_build" / "html", chapters)
    page, (raw, zipped) = max(visits.items(), key=lambda visit: visit[1])
    return [
        Figure("first visit to a chapter, the heaviest", raw / 1e6, "MB", 2.0, f"{page}, {how}"),
        Figure("  compressed with gzip", zipped / 1e3, "kB", 600.0, page),
    ]


if __name__ == "__main__":
    sys.exit(main())
