"""One file on its way through a reader: its name, its first bytes, the rest of its stream, and the settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import BinaryIO

from broadsheet.errors import LimitError
from broadsheet.model import Hints
from broadsheet.parsing.containers.budget import Budget
from broadsheet.parsing.limits import Deadline, Limits

OPENING_BYTES = 8192


@dataclass(frozen=True, slots=True)
class Opening:
    """What tells a file's format: its first bytes (at most 8192) and the extension of its name, in lower case."""

    data: bytes
    extension: str


@dataclass(frozen=True, slots=True)
class Settings:
    """How to read: the zone that local comment times are assumed to be in (IANA name), and the limits.

    ``first`` is the number of the first record, which is not 0 for a member of an archive. Records below ``start``
    were read before: a reader that can do so for less yields a PassedRecord for each. ``layers`` counts the containers
    around the file, ``budget`` what all of them unpack to. ``deadline`` is that of the record being read.
    """

    zone: str
    limits: Limits
    budget: Budget
    first: int = 0
    start: int = 0
    layers: int = 0
    deadline: Deadline = field(default_factory=Deadline)


class Upload:
    """A stream that need not be seekable, with its opening already read."""

    def __init__(self, stream: BinaryIO, hints: Hints) -> None:
        self._stream = stream
        self._begun = 0
        self.hints = hints
        self.opening = Opening(self._fill(OPENING_BYTES), PurePosixPath(hints.name).suffix[1:].lower())

    def read_all(self, limit: int) -> bytes:
        """Return the whole file; raises LimitError ``text_too_large`` when it is longer than ``limit`` bytes."""
        missing = limit + 1 - len(self.opening.data)
        data = self.opening.data + self._fill(missing)
        if len(data) > limit:
            raise LimitError(
                f"The text is larger than {limit} bytes (max_text_bytes). Split it into files of one article each.",
                code="text_too_large",
            )
        return data

    def read(self, size: int) -> bytes:
        """Return the next bytes of the file from its beginning, up to ``size``; empty at its end only."""
        begun = self._begun
        if begun < len(self.opening.data):
            part = self.opening.data[begun : begun + size]
            self._begun += len(part)
            return part
        return self._stream.read(size)

    def _fill(self, size: int) -> bytes:
        """Read up to ``size`` bytes; less only at the end of the stream (one read() of a socket may return less)."""
        parts = []
        while size > 0 and (part := self._stream.read(size)):
            parts.append(part)
            size -= len(part)
        return b"".join(parts)
