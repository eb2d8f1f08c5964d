"""Where a long file stands between two invocations, and everything that must be unchanged to go on from there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from broadsheet.ids import ordinal_of


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


class Marks:
    """Checkpoints noted while writing; each becomes certain when the engine has answered everything before it."""

    def __init__(self) -> None:
        self._noted: list[tuple[int, Checkpoint]] = []

    @property
    def last(self) -> Checkpoint:
        """The checkpoint that was noted last and is not yet taken."""
        return self._noted[-1][1]

    def note(self, ticket: int, at: Checkpoint) -> None:
        """Note a checkpoint that is certain once ``ticket`` bulks are answered."""
        self._noted.append((ticket, at))

    def certain(self, answered: int) -> Checkpoint | None:
        """Return the latest checkpoint that is certain, once; None when there is no further one."""
        certain = None
        while self._noted and self._noted[0][0] <= answered:
            certain = self._noted.pop(0)[1]
        return certain

    def lost(self, doc_id: str, counted: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> None:
        """Count a document that the engine refused in every checkpoint noted above it.

        They were noted before the answer came: whoever goes on from one must know of the loss.
        """
        kind, ordinal = ordinal_of(doc_id)
        for number, (ticket, at) in enumerate(self._noted):
            if ordinal < (at.articles if kind == "articles" else at.comments):
                self._noted[number] = (ticket, replace(at, tally=counted(at.tally)))
