"""Plant faults in handgrad, one at a time, and see that the checks of the book notice every one.

Every function of handgrad but the pictures is broken in every way that `faults` knows, and the chapters' checks are
run against each fault, in this process. With --builds N, N of the faults, chosen by the seed, are also planted in
copies of the project, where the book is built and has to fail. The exit status is 1 if a fault survives, and 2 if a
check fails without one.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from random import Random

from tools import sweep
from tools.chapters import Chapter, called, pages
from tools.faults import Fault, faults_of
from tools.planting import Noticed, Reach, notice, planted
from tools.tree import ROOT, build_command, copy_tree, run

PACKAGE = "handgrad"
EXCLUDED = ("handgrad.figures",)
WAYS_OUT = {
    "clipped input": "give a check an argument beyond 30 on either side",
    "swapped branch": "give a check arguments on both sides of the branch, and at the tie",
    "float32 leak": "check that result against one computed in double precision",
    "float32 detour": "check that result to all its digits, at numbers that single precision does not hold",
    "lost digits": "check that result with the tolerance of rounding, and not with one of its own",
    "transposed operand": "give a check arrays in which no two sizes are the same",
    "wrong axis": "give a check arrays in which no two sizes are the same",
}
OTHERWISE = "let a check depend on it, through arguments that are neither zero nor one"


@dataclass(frozen=True)
class Outcome:
    """What became of one fault."""

    fault: Fault
    noticed: Noticed | None
    pages: int
    """How many pages call the function."""
    equivalent: bool = False

    @property
    def survived(self) -> bool:
        return self.noticed is None and not self.equivalent


class Garden:
    """The pages of a book, a package, and what is planted in it.

    Parameters
    ----------
    package
        The package, which can be imported, from the source in `folder`.
    chapters
        Pages that check it; those that check nothing of it are left out.
    """

    def __init__(self, package: str, folder: Path, chapters: Sequence[Chapter]) -> None:
        self.package, self.folder = package, folder
        self.chapters = sorted((c for c in chapters if c.steps), key=lambda c: c.seconds)
        self._reach = Reach({c.name: called(c.run, folder) for c in self.chapters})
        self._sound: list[sweep.Outcome] | None = None
        self._swept: set[tuple[str, int]] = set()

    def plant(self, fault: Fault) -> Outcome:
        """Plant one fault and run the checks of the pages that can notice it, the quickest first."""
        reached = [chapter for chapter in self.chapters if self._reach.of(fault, chapter.name)]
        noticed = notice(self.package, fault, reached)
        return Outcome(fault, noticed, len(reached), equivalent=noticed is None and self._changes_nothing(fault))

    def _changes_nothing(self, fault: Fault) -> bool:
        if self._sound is None:
            with planted(self.package, None):
                self._sound = list(sweep.behaviour(self.package))
                self._swept = called(lambda: list(sweep.behaviour(self.package)), self.folder)
        if not Reach({"": self._swept}).of(fault, ""):
            return False
        with planted(self.package, fault):
            try:
                return all(a == b for a, b in zip(self._sound, sweep.behaviour(self.package), strict=True))
            except ValueError:  # More came of it, or less.
                return False


def main(arguments: Sequence[str] | None = None) -> int:
    """Plant what is asked for; return the exit status."""
    parser = argparse.ArgumentParser(prog="plant", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", metavar="PATTERN", default="", help="faults whose line in --list matches")
    parser.add_argument("--list", action="store_true", help="list the faults, and plant none")
    parser.add_argument("--builds", metavar="N", type=int, default=0, help="how many to plant in real builds as well")
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="chooses those")
    options = parser.parse_args(arguments)

    folder = ROOT / "src" / PACKAGE
    faults = [f for f in faults_of(PACKAGE, folder, EXCLUDED) if re.search(options.only, describe(f))]
    if not faults:
        print(f"No fault matches {options.only!r}; --list shows them all.")
        return 2
    if options.list:
        print(*map(describe, faults), sep="\n")
        return 0
    started = time.monotonic()
    chapters = [Chapter(path.relative_to(ROOT).as_posix(), page, PACKAGE) for path, page in pages(ROOT)]
    if problems := [problem for chapter in chapters for problem in chapter.problems]:
        print("No fault was planted, because the book is not in order without one:", *problems, sep="\n  ")
        return 2
    outcomes = list(in_turn(Garden(PACKAGE, folder, chapters), faults))
    survived = report(outcomes, time.monotonic() - started)
    if options.builds and not survived:
        survived = not builds([o for o in outcomes if o.noticed], options.builds, options.seed)
    return int(survived)


def describe(fault: Fault) -> str:
    """Return a fault in a line."""
    where = fault.path.relative_to(ROOT).as_posix() if fault.path.is_relative_to(ROOT) else fault.path.name
    return f"{where}:{fault.line}: {fault.function}: {fault.kind}: {fault.before} -> {fault.after}"


def in_turn(garden: Garden, faults: Sequence[Fault]) -> Iterator[Outcome]:
    """Plant faults in turn, and say how far it has come after each function."""
    done = 0
    for (module, function), group in groupby(faults, key=lambda f: (f.module, f.function)):
        outcomes = [garden.plant(fault) for fault in group]
        done += len(outcomes)
        print(f"[{done:{len(str(len(faults)))}}/{len(faults)}] {module}.{function}: {tally(outcomes)}", flush=True)
        yield from outcomes


def tally(outcomes: Sequence[Outcome]) -> str:
    """Say what became of several faults."""
    counts = {
        "caught": sum(o.noticed is not None for o in outcomes),
        "equivalent": sum(o.equivalent for o in outcomes),
        "SURVIVED": sum(o.survived for o in outcomes),
    }
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count or word == "caught")


def report(outcomes: Sequence[Outcome], seconds: float) -> bool:
    """Say what became of all faults; return whether one has survived."""
    if equivalent := [o.fault for o in outcomes if o.equivalent]:
        print("\nEquivalent: written otherwise, but the same to the last bit wherever the function was tried:")
        print(*(f"  {describe(fault)}" for fault in equivalent), sep="\n")
    if survivors := [o for o in outcomes if o.survived]:
        print("\nSURVIVED: no check of the book notices these faults:")
        print(*(f"  {sentence(o)}" for o in survivors), sep="\n")
    print(f"\n{len(outcomes)} faults planted: {tally(outcomes)}; {seconds:.0f} s.")
    return bool(survivors)


def sentence(outcome: Outcome) -> str:
    """Say of a survivor what it is, and what to do."""
    advice = WAYS_OUT.get(outcome.fault.kind, OTHERWISE)
    if not outcome.pages:
        advice = "no page calls the function: derive and check it in a chapter, or take it out"
    return f"{describe(outcome.fault)}; {advice}."


def builds(outcomes: Sequence[Outcome], count: int, seed: int) -> bool:
    """Build the book with some of the faults, two at once; return whether every build failed as it should."""
    chosen = Random(seed).sample(outcomes, min(count, len(outcomes)))  # noqa: S311  # Not a secret.
    print(f"\nBuilding the book with {len(chosen)} of them, chosen by the seed {seed}:", flush=True)
    held = True
    with ThreadPoolExecutor(2) as pool:
        for outcome, complaint in zip(chosen, pool.map(build, chosen), strict=True):
            print(f"  {'WRONG' if complaint else 'fails'}: {describe(outcome.fault)}", flush=True)
            print(f"    {complaint or outcome.noticed}", flush=True)
            held = held and not complaint
    return held


def build(outcome: Outcome) -> str:
    """Build the book with a fault in it; return what is wrong with how the build ends, if anything."""
    with tempfile.TemporaryDirectory(prefix="plant-") as folder:
        tree = copy_tree(Path(folder) / "book")
        (tree / outcome.fault.path.relative_to(ROOT)).write_text(outcome.fault.source, encoding="utf-8")
        result = run(tree, build_command(tree))
    noticed = outcome.noticed
    named = any(noticed.page in line and (noticed.label or "") in line for line in result.stdout.splitlines())
    if result.returncode == 0:
        return "the build passed, although a check fails when it is run by itself"
    if not named:
        last = "\n    ".join(result.stdout.splitlines()[-20:])
        return f"the build failed, but without naming {noticed.label or 'the page'} in {noticed.page}:\n    {last}"
    return ""


if __name__ == "__main__":
    sys.exit(main())
