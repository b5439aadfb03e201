"""The LaTeX that others wrote, and that has to be read."""

from __future__ import annotations

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "tests" / "data"


def _sources() -> dict[str, str]:
    entries = json.loads((DATA / "source_displays.json").read_text(encoding="utf-8"))["displays"]
    return {entry["id"]: entry["latex"] for entry in entries}


def _errata() -> dict[str, str]:
    found = {}
    for entry in json.loads((DATA / "errata.json").read_text(encoding="utf-8"))["errata"]:
        forms = [("context", entry["context"]), ("right", entry["right"])]
        forms += [(f"wrong-{number}", latex) for number, latex in enumerate(entry["wrong"])]
        found |= {f"{entry['id']}-{name}": latex for name, latex in forms if latex}
    return found


UNBALANCED = "B66"
"""The one display that lacks a bracket where it was published."""

SOURCES = _sources()
ERRATA = _errata()
READABLE = {name: latex for name, latex in (SOURCES | ERRATA).items() if name != UNBALANCED}
