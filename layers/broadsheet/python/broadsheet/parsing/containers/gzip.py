"""gzip: one packed file, in one or many members."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

from broadsheet.errors import PermanentError
from broadsheet.model import Hints, PassedRecord, Problem, ProblemRecord, Record
from broadsheet.parsing.containers.budget import Budget
from broadsheet.parsing.containers.layers import Read, deeper
from broadsheet.parsing.upload import Settings, Upload

_READ_BYTES = 64 * 1024
_GZIP = zlib.MAX_WBITS | 16


def read(
    upload: Upload,
    settings: Settings,
    read_inner: Read,
) -> Iterator[Record | PassedRecord]:
    """Read the packed file; what is wrong with the packing follows what could be read, as a problem.

    Its codes are ``gzip_truncated``, ``gzip_damaged``, ``gzip_trailing_garbage``; when nothing could be read they are
    raised as PermanentError. Raises the LimitErrors of ``Budget`` and ``nested_too_deep``.
    """
    inner_settings = deeper(settings)
    stream = Gunzip(upload, settings.budget)
    inner = Upload(cast("BinaryIO", stream), replace(upload.hints, name=_inner_name(upload.hints), content_type=None))
    number = settings.first
    try:
        for record in read_inner(inner, inner_settings):
            yield record
            number = record.record + 1
    except PermanentError as error:
        if error.code == "empty_file" and stream.problem:
            raise PermanentError(stream.problem.message, code=stream.problem.code) from error
        raise
    while stream.problem is None and stream.read(_READ_BYTES):
        # The reader of the inner file may stop before its end.
        pass
    if stream.problem:
        yield PassedRecord(number, None) if number < settings.start else ProblemRecord(number, stream.problem)


class Gunzip:
    """The unpacked bytes as a stream; ``problem`` says why it ended early, or what followed it."""

    def __init__(self, upload: Upload, budget: Budget) -> None:
        self.problem: Problem | None = None
        self._upload = upload
        self._budget = budget
        self._member = zlib.decompressobj(_GZIP)
        self._packed = b""
        self._begun = False
        self._members = 0
        self._offset = 0

    def read(self, size: int) -> bytes:
        """Return up to ``size`` unpacked bytes; empty at the end."""
        while self.problem is None:
            if not self._packed:
                self._packed = self._upload.read(_READ_BYTES)
                self._budget.take(len(self._packed))
                self._offset += len(self._packed)
            if self._member.eof and not self._next_member():
                return b""
            if not self._packed:
                if self._begun:
                    self._fail("gzip_truncated", "The packed file ends in the middle. Upload it again as a whole.")
                return b""
            before = self._member.copy()
            try:
                part = self._member.decompress(self._packed, size)
            except zlib.error:
                part = _rescued(before, self._packed, size)
                self._damaged()
                self._budget.give(len(part))
                return part
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
        self._member = zlib.decompressobj(_GZIP)
        return True

    def _damaged(self) -> None:
        if self._members and not self._begun:
            self._fail("gzip_trailing_garbage", "What follows the packed file is not gzip and was not read.")
        else:
            self._fail("gzip_damaged", "The packed file is damaged; it was read up to there. Upload it again.")

    def _fail(self, code: str, message: str) -> None:
        self.problem = Problem(code, message, offset=self._offset - len(self._packed))


def _rescued(member: Any, packed: bytes, size: int) -> bytes:
    """Return what a damaged piece unpacks to before the damage; zlib itself forgets it."""
    parts: list[bytes] = []
    held = 0
    for place in range(len(packed)):
        try:
            part = member.decompress(packed[place : place + 1], size - held)
        except zlib.error:
            break
        parts.append(part)
        held += len(part)
        if held >= size:
            break
    return b"".join(parts)


def _inner_name(hints: Hints) -> str:
    """Return the name of the packed file: ``a.jsonl.gz`` -> ``a.jsonl``, ``a.tgz`` -> ``a.tar``."""
    name = PurePosixPath(hints.name)
    suffix = name.suffix.lower()
    if suffix == ".tgz":
        return str(name.with_suffix(".tar"))
    return str(name.with_suffix("")) if suffix in (".gz", ".gzip") else hints.name
