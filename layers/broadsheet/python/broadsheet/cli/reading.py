"""Files of this machine as streams, with a bar while a large one is read."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from broadsheet.cli.terminal import Screen, one_line

# Read in less time than a bar takes to appear.
SMALL_BYTES = 8 * 1024 * 1024


@contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """Open a file; on a terminal that shows nothing else, a bar tells how far a large one is read.

    Raises OSError, also for a path that ends in a slash, as given.
    """
    with open(name, "rb", buffering=0) as raw:  # noqa: PTH123  a Path forgets a last slash
        size = os.fstat(raw.fileno()).st_size
        # Where the records are on the same terminal, they themselves show that something happens.
        if size < SMALL_BYTES or sys.stdout.isatty():
            yield io.BufferedReader(raw)
            return
        with Screen(sys.stderr).progress(one_line(name), size, in_bytes=True) as advance:
            yield io.BufferedReader(_Counted(raw, advance))


class _Counted(io.RawIOBase):
    """Tells how much was read of a stream."""

    def __init__(self, stream: io.RawIOBase, advance: Callable[[int], object]) -> None:
        self._stream = stream
        self._advance = advance

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int | None:  # type: ignore[override]
        """Read what fits, as RawIOBase does."""
        count = self._stream.readinto(buffer)
        self._advance(count or 0)
        return count
