"""The command line: `equalsign check --list PATH...` lists every displayed equation, and says which cannot be read."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from equalsign.documents import DocumentError, Source, displays, documents
from equalsign.latex import LatexError, parse

VERSION = 1
"""Of the JSON that is written; it grows when a key changes its meaning or goes."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns
    -------
    int
        0 if every display can be read, 1 if one cannot, 2 if the command or a path is wrong.
    """
    options = _parser().parse_args(arguments)
    try:
        sources = [source for path in documents(options.paths) for source in displays(path)]
    except DocumentError as error:
        print(f"equalsign: {error}", file=sys.stderr)
        return 2
    inventory = [(source, _fault(source)) for source in sources]
    print(_as_json(inventory) if options.format == "json" else _as_text(inventory))
    return int(any(fault for _, fault in inventory))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="equalsign", description="Every equals sign is a test.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="check the displayed equations of documents")
    check.add_argument(
        "--list", action="store_true", required=True, help="list every display, and say which cannot be read, and why"
    )
    check.add_argument("--format", choices=("text", "json"), default="text", help="of the result (default: text)")
    check.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a .md or .ipynb file, or a directory")
    return parser


def _fault(source: Source) -> LatexError | None:
    try:
        parse(source.latex)
    except LatexError as error:
        return error
    return None


def _as_text(inventory: list[tuple[Source, LatexError | None]]) -> str:
    lines = []
    for source, fault in inventory:
        name = source.label or "no label"
        if fault is None:
            lines.append(f"{source.place}: parses: {name}")
            continue
        where = Source(source.file, source.cell, source.line + fault.line - 1, None, "").place
        caret = fault.caret().replace("\n", "\n    ")
        lines += [f"{where}: unparsed: {name}: {fault.sentence}", f"    {caret}"]
    unread = sum(fault is not None for _, fault in inventory)
    lines.append(f"{len(inventory) - unread} of {len(inventory)} displays parse")
    return "\n".join(lines)


def _as_json(inventory: list[tuple[Source, LatexError | None]]) -> str:
    found: list[dict[str, Any]] = []
    for source, fault in inventory:
        entry: dict[str, Any] = {
            "file": source.file,
            "line": source.line,
            "label": source.label,
            "latex": source.latex,
        }
        if source.cell:
            entry["cell"] = source.cell
        entry["verdict"] = "parses" if fault is None else "unparsed"
        entry["message"] = "" if fault is None else fault.sentence
        if fault is not None:
            entry["position"] = {"line": fault.line, "column": fault.column}
        found.append(entry)
    unread = sum(fault is not None for _, fault in inventory)
    summary = {"parses": len(inventory) - unread, "unparsed": unread}
    return json.dumps({"version": VERSION, "summary": summary, "displays": found}, indent=2, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main())
