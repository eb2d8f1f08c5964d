"""zip archives: kept in a temporary file of bounded size, since their directory stands at the end.

Only what is stored or deflated is read: the other methods unpack without a bound (bzip2 a gigabyte from 785 bytes).
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO

from broadsheet.errors import LimitError, PermanentError
from broadsheet.model import PassedRecord, Problem, Record
from broadsheet.parsing.containers.budget import Budget
from broadsheet.parsing.containers.layers import Read
from broadsheet.parsing.containers.members import Member, read_members
from broadsheet.parsing.limits import Limits
from broadsheet.parsing.upload import Settings, Upload

_READ_BYTES = 256 * 1024
_IN_MEMORY_BYTES = 8 * 1024 * 1024
_ENTRY = b"PK\x01\x02"
# What zipfile raises for broken members; NotImplementedError is a RuntimeError.
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError)
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


def read(upload: Upload, settings: Settings, read_inner: Read) -> Iterator[Record | PassedRecord]:
    """Read the files of the archive in the order of its directory.

    Raises PermanentError ``zip_damaged`` when there is no directory, LimitError ``zip_too_large`` and
    ``too_many_members``.
    """
    with SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as spool:
        _fill(spool, upload, settings)
        try:
            archive = zipfile.ZipFile(spool)
        except (*_DAMAGE, OverflowError, struct.error) as error:
            message = f"The archive cannot be read ({error}). Pack it again and upload it."
            raise PermanentError(message, code="zip_damaged") from error
        with archive:
            yield from read_members(_members(archive, settings.budget), upload, settings, read_inner)


def _fill(spool: IO[bytes], upload: Upload, settings: Settings) -> None:
    limits: Limits = settings.limits
    size = entries = 0
    tail = b""
    while part := upload.read(_READ_BYTES):
        settings.budget.take(len(part))
        size += len(part)
        entries += (tail + part).count(_ENTRY)
        tail = part[-len(_ENTRY) + 1 :]
        if size > limits.max_zip_bytes:
            raise LimitError(
                f"The .zip is larger than {limits.max_zip_bytes} bytes (max_zip_bytes). Upload a .tar.gz instead.",
                code="zip_too_large",
            )
        if entries > limits.max_zip_members:
            raise LimitError(
                f"The .zip has more than {limits.max_zip_members} members (max_zip_members). Split it.",
                code="too_many_members",
            )
        spool.write(part)


def _members(archive: zipfile.ZipFile, budget: Budget) -> Iterator[Member]:
    for info in archive.infolist():
        if info.is_dir():
            continue
        if info.flag_bits & 1:
            yield Member(info.filename, None, Problem("member_encrypted", "It is encrypted. Remove the password."))
        elif info.compress_type not in _METHODS:
            yield Member(
                info.filename,
                None,
                Problem("member_unsupported", "Its packing is not known. Pack it with deflate."),
            )
        else:
            yield Member(info.filename, _Stream(archive, info, budget))


class _Stream:
    """The bytes of one member."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> None:
        self.problem: Problem | None = None
        self._archive = archive
        self._info = info
        self._budget = budget
        self._opened: IO[bytes] | None = None

    def read(self, size: int) -> bytes:
        if self.problem:
            return b""
        try:
            if self._opened is None:
                self._opened = self._archive.open(self._info)
            part = self._opened.read(min(size, _READ_BYTES))
        except _DAMAGE as error:
            message = f"It is damaged ({error}) and was read up to there. Pack it again and upload it."
            self.problem = Problem("member_damaged", message)
            return b""
        self._budget.give(len(part))
        return part
