"""bzip2 and xz: packings in blocks, one packed file in one or many streams."""

from __future__ import annotations

import bz2
import lzma
from collections.abc import Callable, Iterator
from typing import Protocol

from broadsheet.model import PassedRecord, Problem, Record
from broadsheet.parsing.containers.budget import Budget
from broadsheet.parsing.containers.layers import Read, deeper
from broadsheet.parsing.containers.packed import read_packed
from broadsheet.parsing.upload import Settings, Upload

_READ_BYTES = 64 * 1024
# bzip2 packs a gigabyte into 785 bytes: the bound of a call is on the bytes out. What a call had unpacked before it met
# damage is lost with it, so it is given little at a time: the checksum that ends a file of bzip2 stands ten bytes
# behind its last block, that of xz sixteen.
_MOST_OUT = 16 * 1024
_BZIP2_SLICE, _XZ_SLICE = 8, 16
# xz -9 takes 65 MiB; a header may ask for 4 GiB.
_MOST_MEMORY = 80 * 1024 * 1024


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = ...) -> bytes: ...


def read_bzip2(upload: Upload, settings: Settings, read_inner: Read) -> Iterator[Record | PassedRecord]:
    """Read the packed file, as gzip's reader does; the codes begin with ``bzip2_``."""
    inner_settings = deeper(settings)
    stream = Unblocked("bzip2", bz2.BZ2Decompressor, _BZIP2_SLICE, upload, settings.budget)
    yield from read_packed(stream, upload, inner_settings, read_inner)


def read_xz(upload: Upload, settings: Settings, read_inner: Read) -> Iterator[Record | PassedRecord]:
    """Read the packed file, as gzip's reader does; the codes begin with ``xz_``."""
    inner_settings = deeper(settings)

    def begin() -> _Decompressor:
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MOST_MEMORY)

    stream = Unblocked("xz", begin, _XZ_SLICE, upload, settings.budget)
    yield from read_packed(stream, upload, inner_settings, read_inner)


class Unblocked:
    """The unpacked bytes as a stream; ``problem`` says why it ended early, or what followed it.

    Its codes are ``<packing>_truncated``, ``_damaged``, ``_trailing_garbage``.
    """

    def __init__(
        self, packing: str, begin: Callable[[], _Decompressor], slice_bytes: int, upload: Upload, budget: Budget
    ) -> None:
        self.problem: Problem | None = None
        self._packing = packing
        self._begin = begin
        self._slice = slice_bytes
        self._upload = upload
        self._budget = budget
        self._stream = begin()
        self._packed = b""
        self._place = 0
        self._begun = False
        self._streams = 0
        self._offset = 0

    def read(self, size: int) -> bytes:
        """Return up to ``size`` unpacked bytes; empty at the end."""
        while self.problem is None:
            if self._stream.eof and not self._next_stream():
                return b""
            # bzip2 asks for more while it still holds what it has unpacked.
            ended = self._stream.needs_input and self._left() < self._slice and not self._fill() and not self._left()
            given = self._packed[self._place : self._place + self._slice] if self._stream.needs_input else b""
            try:
                part = self._stream.decompress(given, min(size, _MOST_OUT))
            except (OSError, lzma.LZMAError, EOFError, ValueError):
                self._damaged()
                return b""
            self._begun = True
            self._place += len(given) - (len(self._stream.unused_data) if self._stream.eof else 0)
            if part:
                self._budget.give(len(part))
                return part
            if ended and not self._stream.eof:
                self._fail("truncated", "The packed file ends in the middle. Upload it again as a whole.")
        return b""

    def _next_stream(self) -> bool:
        """Begin the stream that follows; False at the end of the file. Zeros between streams are padding."""
        self._begun = False
        self._streams += 1
        while True:
            rest = self._packed[self._place :].lstrip(b"\x00")
            self._place = len(self._packed) - len(rest)
            if rest:
                break
            if not self._fill():
                return False
        self._stream = self._begin()
        return True

    def _left(self) -> int:
        return len(self._packed) - self._place

    def _fill(self) -> bool:
        """Read on until there is a whole slice: how the file comes in pieces must not change where slices are cut."""
        is_more = False
        while self._left() < self._slice and (part := self._upload.read(_READ_BYTES)):
            self._packed = self._packed[self._place :] + part
            self._place = 0
            self._budget.take(len(part))
            self._offset += len(part)
            is_more = True
        return is_more

    def _damaged(self) -> None:
        if self._streams and not self._begun:
            self._fail("trailing_garbage", f"What follows the packed file is not {self._packing} and was not read.")
        else:
            self._fail("damaged", "The packed file is damaged; it was read up to there. Upload it again.")

    def _fail(self, code: str, message: str) -> None:
        offset = self._offset - len(self._packed) + self._place
        self.problem = Problem(f"{self._packing}_{code}", message, offset=offset)
