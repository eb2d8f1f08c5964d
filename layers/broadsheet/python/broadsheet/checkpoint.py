"""Where a long file stands between two invocations, and everything that must be unchanged to go on from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Pins:
    """What was read at the beginning of a run: the object, its sidecar, the list of take-downs, the generations.

    ``etag`` is None when there is no object. Any difference makes a run begin again.
    """

    etag: str | None
    last_modified: str | None
    sidecar_etag: str | None
    suppression: str
    generations: tuple[int, ...]
    reader: str

    @property
    def state(self) -> str:
        """Name the state of the object and its sidecar, for counting attempts."""
        return f"{self.etag or ''}+{self.sidecar_etag}" if self.sidecar_etag else self.etag or ""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is certainly in the engine: all records below ``record``, as so many documents; then so much removed.

    ``tally`` is the count up to there, ``receipt`` the prefix its finished parts lie under.
    """

    pins: Pins
    record: int = 0
    articles: int = 0
    comments: int = 0
    removed: int = 0
    receipt: str = ""
    tally: Mapping[str, Any] = field(default_factory=dict)

    @property
    def reached(self) -> int:
        """How far this is: grows with every record and every removal."""
        return self.record + self.removed

    def to_json(self) -> dict[str, Any]:
        """Return the stored form."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], pins: Pins) -> Checkpoint | None:
        """Read a stored checkpoint; None when anything that was pinned is different now."""
        old = stored["pins"]
        if Pins(**{**old, "generations": tuple(old["generations"])}) != pins:
            return None
        return cls(**{**stored, "pins": pins})
