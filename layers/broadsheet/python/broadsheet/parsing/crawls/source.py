"""Reading forward through a crawl: lines of bounded length, blocks of stated length, and what was read too far."""

from __future__ import annotations

from collections.abc import Callable

_CHUNK_BYTES = 64 * 1024


class Source:
    """A stream with the place that was reached; memory holds one chunk, and what is put back."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self.offset = 0
        self.is_put_back = False
        self._read = read
        self._data = b""
        self._place = 0

    def line(self, most: int) -> bytes:
        """Return the next line with its end, a piece of it if it is longer than ``most``; empty at the end."""
        self.is_put_back = False
        while True:
            end = self._data.find(b"\n", self._place, self._place + most)
            if end >= 0:
                return self._take(end + 1 - self._place)
            if len(self._data) - self._place >= most or not self._more():
                return self._take(min(most, len(self._data) - self._place))

    def take(self, size: int) -> bytes:
        """Return the next ``size`` bytes, less only at the end."""
        parts = [self._take(min(size, len(self._data) - self._place))]
        left = size - len(parts[0])
        while left > 0 and (part := self._read(min(left, _CHUNK_BYTES))):
            parts.append(part)
            left -= len(part)
            self.offset += len(part)
        return b"".join(parts)

    def skip(self, size: int) -> int:
        """Go over ``size`` bytes; return how many were there."""
        gone = len(self._take(min(size, len(self._data) - self._place)))
        while gone < size and (part := self._read(min(size - gone, _CHUNK_BYTES))):
            gone += len(part)
            self.offset += len(part)
        return gone

    def put_back(self, data: bytes) -> None:
        """Let ``data``, which was the last that was read, be read again; ``is_put_back`` says so until then."""
        self.is_put_back = True
        self._data = data + self._data[self._place :]
        self._place = 0
        self.offset -= len(data)

    def _take(self, size: int) -> bytes:
        part = self._data[self._place : self._place + size]
        self._place += size
        self.offset += size
        return part

    def _more(self) -> bool:
        part = self._read(_CHUNK_BYTES)
        self._data = self._data[self._place :] + part
        self._place = 0
        return bool(part)
