"""gzip: one packed file, in one or many members."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Any

from broadsheet.model import PassedRecord, Problem, Record
from broadsheet.parsing.containers.budget import Budget
from broadsheet.parsing.containers.layers import Read, deeper
from broadsheet.parsing.containers.packed import read_packed
from broadsheet.parsing.upload import Settings, Upload

_READ_BYTES = 64 * 1024
_GZIP = zlib.MAX_WBITS | 16
# The header of a member as programs write it: magic number and method, flags, time, degree and system.
_HEADER = re.compile(rb"\x1f\x8b\x08[\x00-\x1f].{4}[\x00\x02\x04][\x00-\x0d\xff]", re.DOTALL)
_HEADER_BYTES = 10
# A file made of nothing but headers ends there.
_MOST_DAMAGES = 1000


def read(upload: Upload, settings: Settings, read_inner: Read) -> Iterator[Record | PassedRecord]:
    """Read the packed file; what is wrong with the packing follows what could be read, as a problem.

    Its codes are ``gzip_truncated``, ``gzip_damaged``, ``gzip_trailing_garbage``; when nothing could be read they are
    raised as PermanentError. Raises the LimitErrors of ``Budget`` and ``nested_too_deep``.
    """
    inner_settings = deeper(settings)
    yield from read_packed(Gunzip(upload, settings.budget), upload, inner_settings, read_inner)


class Gunzip:
    """The unpacked bytes as a stream; ``problem`` says at its end what was lost, or what followed it.

    Behind damage it goes on with the next member: in a crawl each record is one.
    """

    def __init__(self, upload: Upload, budget: Budget) -> None:
        self.problem: Problem | None = None
        self._upload = upload
        self._budget = budget
        self._member = zlib.decompressobj(_GZIP)
        self._packed = b""
        self._begun = False
        self._members = 0
        self._member_at = 0
        self._damages = 0
        self._damage: Problem | None = None
        self._offset = 0

    def read(self, size: int) -> bytes:
        """Return up to ``size`` unpacked bytes; empty at the end."""
        while self.problem is None:
            if not self._packed:
                self._packed = self._upload.read(_READ_BYTES)
                self._budget.take(len(self._packed))
                self._offset += len(self._packed)
            if self._member.eof and not self._next_member():
                self.problem = self._damage
                return b""
            if not self._packed:
                if self._begun and not self._damage:
                    message = "The packed file ends in the middle. Upload it again as a whole."
                    self._damage = Problem("gzip_truncated", message, offset=self._offset)
                self.problem = self._damage
                return b""
            before = self._member.copy()
            try:
                part = self._member.decompress(self._packed, size)
            except zlib.error:
                part, place = _rescued(before, self._packed, size)
                self._packed = self._packed[place:]
                self._go_on_behind_damage()
                self._budget.give(len(part))
                if part:
                    return part
                continue
            self._begun = True
            self._packed = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            if part:
                self._budget.give(len(part))
                return part
        return b""

    def _next_member(self) -> bool:
        """Begin the member that follows; False at the end of the file. Zeros between members are padding."""
        if self._begun:
            self._begun = False
            self._members += 1
        self._packed = self._packed.lstrip(b"\x00")
        while not self._packed:
            self._packed = self._upload.read(_READ_BYTES)
            if not self._packed:
                return False
            self._budget.take(len(self._packed))
            self._offset += len(self._packed)
            self._packed = self._packed.lstrip(b"\x00")
        self._begin()
        return True

    def _begin(self) -> None:
        self._member = zlib.decompressobj(_GZIP)
        self._member_at = self._offset - len(self._packed)

    def _go_on_behind_damage(self) -> None:
        """Find the header of the next member; without one, the file ends here.

        Everything is decided by places in the file, never by how it comes in pieces: a reading that goes on where
        another stopped must meet the same records.
        """
        offset = self._offset - len(self._packed)
        is_member = not self._members or offset - self._member_at >= _HEADER_BYTES
        self._damages += 1
        self._begun = False
        self._packed = self._packed if self._damages < _MOST_DAMAGES else b""
        while not (found := _HEADER.search(self._packed)):
            more = self._upload.read(_READ_BYTES) if self._damages < _MOST_DAMAGES else b""
            if not more:
                break
            self._budget.take(len(more))
            self._offset += len(more)
            self._packed = self._packed[1 - _HEADER_BYTES :] + more
        if not self._damage:
            message = "What follows the packed file is not gzip and was not read."
            self._damage = Problem("gzip_trailing_garbage", message, offset=offset)
            if is_member or found:
                message = (
                    "The packed file is damaged; it was read up to there, and on from its next member if it has one."
                )
                self._damage = Problem("gzip_damaged", f"{message} Upload it again.", offset=offset)
        if not found:
            self.problem = self._damage
            return
        self._packed = self._packed[found.start() :]
        self._begin()


def _rescued(member: Any, packed: bytes, size: int) -> tuple[bytes, int]:
    """Return what a damaged piece unpacks to before the damage, and where that is; zlib itself forgets it."""
    parts: list[bytes] = []
    held = 0
    place = 0
    while place < len(packed) and held < size:
        try:
            part = member.decompress(packed[place : place + 1], size - held)
        except zlib.error:
            break
        parts.append(part)
        held += len(part)
        place += 1
    return b"".join(parts), place
