"""A moving window on a JSON text: cuts out one value after the other, however long the file is.

The end of an object is guessed by counting brackets, which is fast and wrong where strings hold brackets; the guess is
right if and only if what it cuts out parses. Otherwise every quote and bracket is looked at. Both take linear time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import orjson

from broadsheet.model import Problem
from broadsheet.parsing.exports.pieces import Piece

CHUNK_BYTES = 256 * 1024
_PAIRS = {b"{": b"}", b"[": b"]"}
_SPACES = re.compile(rb"[ \t\r\n]*")
_SCALAR_END = re.compile(rb"[\s,\]}\[{:\"]")
_STRUCTURE = re.compile(rb"[\"{}\[\]]")
_IN_STRING = re.compile(rb"[\"\\]")


class Window:
    """Reads forward through a file; ``line`` and ``offset`` say where the next byte stands."""

    def __init__(self, read: Callable[[int], bytes], max_bytes: int) -> None:
        self.line = 1
        self.offset = 0
        self._read = read
        self._max_bytes = max_bytes
        self._data = b""
        self._place = 0
        self._ended = False
        # After a wrong guess, none is made for as many bytes as it looked at: the time stays linear whatever stands in
        # the strings of a file.
        self._guess_from = 0

    def rest(self, size: int) -> bytes:
        """Return the next bytes as they are, up to ``size``; for a reader that takes over."""
        if self._place < len(self._data):
            part = self._data[self._place : self._place + size]
            self._place += len(part)
            return part
        return self._read(size)

    def skip(self, length: int) -> None:
        """Go over bytes that are in the window."""
        end = self._place + length
        self.line += self._data.count(b"\n", self._place, end)
        self.offset += length
        self._place = end

    def next_byte(self) -> bytes:
        """Go over white space; return the byte after it without going over it, empty at the end of the file."""
        while True:
            found = _SPACES.match(self._data, self._place)
            self.skip((found.end() if found else self._place) - self._place)
            if self._place < len(self._data):
                return self._data[self._place : self._place + 1]
            if not self._more():
                return b""

    def startswith(self, prefix: bytes) -> bool:
        """Tell whether the window continues so, without going over anything."""
        while len(self._data) - self._place < len(prefix) and self._more():
            pass
        return self._data.startswith(prefix, self._place)

    def value(self, *, at_most: int | None = None) -> Piece | None:
        """Cut out the value that begins here; None, and stay here, if it is longer than ``at_most`` bytes.

        Without ``at_most``, one longer than ``max_bytes`` is gone over and gives a problem ``record_too_large``, one
        that the file ends in ``json_truncated``.
        """
        line, offset = self.line, self.offset
        first = self._data[self._place : self._place + 1]
        most = self._max_bytes if at_most is None else at_most
        if first in _PAIRS and offset >= self._guess_from:
            guessed = self._guess(first, most)
            if guessed:
                length, value = guessed
                data = self._data[self._place : self._place + length]
                self.skip(length)
                return Piece(line, offset, data, value=value)
        length = self._exact_length(first, most)
        if length > most:
            if at_most is not None:
                return None
            self._go_over(first)
            message = f"The record is longer than {most} bytes (max_record_bytes). Split it."
            return Piece(line, offset, b"", Problem("record_too_large", message, line, offset))
        if length == 0:
            self.skip(len(self._data) - self._place)
            message = "The file ends in the middle of this record. Upload it again as a whole."
            return Piece(line, offset, b"", Problem("json_truncated", message, line, offset))
        data = self._data[self._place : self._place + length]
        self.skip(length)
        return Piece(line, offset, data)

    def _more(self) -> bool:
        """Read on; what was gone over is forgotten. Doubles what it holds, so that a long value is copied seldom."""
        if self._ended:
            return False
        held = self._data[self._place :]
        parts = [held]
        wanted = max(CHUNK_BYTES, len(held))
        while wanted > 0:
            part = self._read(wanted)
            if not part:
                self._ended = True
                break
            parts.append(part)
            wanted -= len(part)
        self._data = b"".join(parts)
        self._place = 0
        return len(self._data) > len(held)

    def _guess(self, opening: bytes, most: int) -> tuple[int, Any] | None:
        closing = _PAIRS[opening]
        while True:
            length = self._balanced(opening, closing)
            if length or len(self._data) - self._place > most or not self._more():
                break
        if 0 < length <= most:
            try:
                return length, orjson.loads(self._data[self._place : self._place + length])
            except orjson.JSONDecodeError:
                pass
        self._guess_from = self.offset + (length or len(self._data) - self._place)
        return None

    def _balanced(self, opening: bytes, closing: bytes) -> int:
        data, place, depth = self._data, self._place, 0
        while (end := data.find(closing, place)) >= 0:
            depth += data.count(opening, place, end) - 1
            place = end + 1
            if depth <= 0:
                return place - self._place
        return 0

    def _exact_length(self, first: bytes, most: int) -> int:
        """Return the length of the value, ``most + 1`` if it is longer, 0 if the file ends in it."""
        scan = _Scan(first)
        while True:
            end = scan.end(self._data, self._place)
            if end >= 0:
                return min(end - self._place, most + 1)
            if len(self._data) - self._place > most:
                return most + 1
            if not self._more():
                return scan.at_end(len(self._data) - self._place)

    def _go_over(self, first: bytes) -> None:
        """Go to the end of a value of any length, holding one chunk."""
        scan = _Scan(first)
        while (end := scan.end(self._data, self._place)) < 0:
            length = len(self._data) - self._place
            scan.forget(length)
            self.skip(length)
            if not self._more():
                return
        self.skip(end - self._place)


class _Scan:
    """Where a value ends, found in a text that arrives in parts; never looks at a byte twice."""

    def __init__(self, first: bytes) -> None:
        self._container = first in _PAIRS
        self._string = first == b'"'
        self._depth = 0
        self._in_string = False
        # The first byte of a number or word may be anything: it is taken, so that a reader always gets on.
        self._done = 0 if self._container or self._string else 1

    def forget(self, length: int) -> None:
        """Take note that the text now begins so many bytes later."""
        self._done -= length

    def at_end(self, length: int) -> int:
        """Return the length of the value if the end of the file ends it."""
        return 0 if self._container or self._string else length

    def end(self, data: bytes, start: int) -> int:
        """Return the place after the value that begins at ``start``, -1 if it is not there yet."""
        place = start + self._done
        if not (self._container or self._string):
            found = _SCALAR_END.search(data, place)
            self._done = max(place, len(data)) - start
            return found.start() if found else -1
        while found := (_IN_STRING if self._in_string else _STRUCTURE).search(data, place):
            place = found.end()
            mark = found[0]
            if self._in_string:
                if mark == b"\\":
                    place += 1
                else:
                    self._in_string = False
            elif mark == b'"':
                self._in_string = True
            else:
                self._depth += 1 if mark in _PAIRS else -1
            if self._depth <= 0 and not self._in_string:
                return place
        self._done = max(place, len(data)) - start
        return -1
