"""What a check leaves behind: one record, readable by people and machines."""

from __future__ import annotations

import html
from dataclasses import asdict, dataclass
from typing import Any

MIME = "application/vnd.equalsign.check+json"
"""The MIME type under which a record stands among the outputs of a notebook cell."""


@dataclass(frozen=True)
class Record:
    """The outcome of one call of `equalsign.check`; its fields are documented in `checks.schema.json`."""

    label: str
    verdict: str
    """``holds`` or ``fails``."""
    message: str
    error: float | None
    allowed: float | None
    index: tuple[int, ...] | None
    got: float | None
    expected: float | None
    entries: int
    shape: tuple[int, ...]
    dtype: str
    terms: int
    because: str | None
    """Why the check has a tolerance of its own."""
    environment: dict[str, str]
    """Marks of the Python and the packages that were at work; see `equalsign.environment`."""

    @property
    def holds(self) -> bool:
        """Whether the check held."""
        return self.verdict == "holds"

    @property
    def sentence(self) -> str:
        """The verdict without its label: ``holds: 12 entries, ...``."""
        reason = f" (tolerance of its own, because {self.because})" if self.because else ""
        return f"{self.verdict}: {self.message}{reason}"

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Record:
        """Rebuild a record from the JSON of a notebook output."""
        values = dict(data)
        values["shape"] = tuple(values["shape"])
        values["index"] = None if values["index"] is None else tuple(values["index"])
        return cls(**values)

    def to_json(self) -> dict[str, Any]:
        """Return the record as JSON types."""
        values = asdict(self)
        values["shape"] = list(self.shape)
        values["index"] = None if self.index is None else list(self.index)
        return values

    def __str__(self) -> str:
        return f"{'✓' if self.holds else '✗'} {self.label} {self.sentence}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        mark = "✓" if self.holds else "✗"
        return {
            MIME: self.to_json(),
            "text/html": f"<p>{mark} <code>{html.escape(self.label)}</code> {html.escape(self.sentence)}</p>",
            "text/plain": str(self),
        }
