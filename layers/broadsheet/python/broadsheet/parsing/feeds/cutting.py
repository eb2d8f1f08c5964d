"""An XML file of any size cut into its items, each of which is parsed by itself.

So a file needs the memory of one item, an item that is no XML costs no other, and what a document type declares
(entities that grow to gigabytes) is never looked at. The bytes are UTF-8; a tag of an item that stands in a comment or
in CDATA is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from broadsheet.model import Problem
from broadsheet.parsing.exports.pieces import Piece

_CHUNK_BYTES = 256 * 1024
# The longest thing searched for, a tag, may stand across the end of what was read.
_OVERLAP = 64
_TRUNCATED = ("xml_truncated", "The file ends in the middle of this item. Upload it again as a whole.")
_ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>"}


class Cutter:
    """Reads forward through a file and cuts out the elements of the names in ``tags``, which stand in a ``root``."""

    def __init__(self, read: Callable[[int], bytes], root: str, tags: tuple[str, ...], max_bytes: int) -> None:
        self._read = read
        self._max_bytes = max_bytes
        self._root_end = f"/{root}".encode()
        self._opening = _pattern("|".join(map(re.escape, (*tags, f"/{root}"))))
        self._data = b""
        self._place = 0
        self._line = 1
        self._offset = 0
        self._ended = False
        self._has_root_end = False
        self._dropped = False

    def items(self) -> Iterator[Piece]:
        """Yield the items in the order of the file.

        The problems of pieces are ``record_too_large`` (over ``max_bytes``), ``xml_unclosed`` (the next item begins
        before the end) and ``xml_truncated``, which also follows the last item when the root has no end.
        """
        while name := self._next_opening():
            piece = self._item(name)
            yield piece
            if piece.problem and piece.problem.code == _TRUNCATED[0]:
                return
        if not self._has_root_end:
            message = "The file ends before its last element does: items may be missing. Upload it again as a whole."
            yield self._problem(Piece(self._line, self._offset, b""), _TRUNCATED[0], message)

    def _next_opening(self) -> bytes | None:
        """Go to the beginning of the next item; return the name of its tag."""
        scan = self._place
        while True:
            found = self._opening.search(self._data, scan)
            if not found:
                self._go_over(max(self._place, len(self._data) - _OVERLAP))
                scan = 0
                if not self._more():
                    return None
            elif end := _ENDS.get(found[0]):
                self._go_over(found.end())
                if not self._skip(end):
                    return None
                scan = self._place
            elif found[1] == self._root_end:
                self._has_root_end = True
                self._go_over(found.end())
                scan = self._place
            else:
                self._go_over(found.start())
                return found[1]

    def _item(self, name: bytes) -> Piece:
        start = Piece(self._line, self._offset, b"")
        boundary = _pattern("/?" + re.escape(name.decode()))
        self._dropped = False
        if empty := self._empty_element():
            return self._cut(start, empty)
        scan = self._place + 1 + len(name)
        while True:
            what, scan = self._look(boundary, scan)
            if what == "end":
                return self._cut(start, scan)
            if what == "next":
                return self._problem(
                    self._cut(start, scan), "xml_unclosed", "The item has no end: the next one begins in it."
                )
            if what == "truncated":
                return self._problem(start, *_TRUNCATED)
            if what == "more":
                scan = self._drop(scan) - self._place
                if not self._more():
                    return self._problem(self._cut(start, len(self._data)), *_TRUNCATED)

    def _look(self, boundary: re.Pattern[bytes], scan: int) -> tuple[str, int]:
        """Find how an item goes on from ``scan``: its ``end``, the ``next`` one, ``on`` behind a comment, or ``more``.

        The number is the place behind what was found; for ``more`` that from which to look again. The window doubles,
        so that looking again is linear.
        """
        found = boundary.search(self._data, scan)
        if not found:
            return "more", max(scan, len(self._data) - _OVERLAP)
        if end := _ENDS.get(found[0]):
            return self._look_behind(found, end)
        if not found[1].startswith(b"/"):
            return "next", found.start()
        place = self._data.find(b">", found.end(), found.end() + _OVERLAP)
        if place >= 0:
            return "end", place + 1
        return ("on", found.end()) if len(self._data) > found.end() + _OVERLAP else ("more", found.start())

    def _look_behind(self, comment: re.Match[bytes], end: bytes) -> tuple[str, int]:
        place = self._data.find(end, comment.end())
        if place >= 0:
            return "on", place + len(end)
        if not self._is_full():
            return "more", comment.start()
        self._drop(comment.end())
        return ("on" if self._skip(end) else "truncated"), self._place

    def _drop(self, place: int) -> int:
        """Go over what is known to belong to an item that is too large, up to ``place``; return that."""
        if self._is_full():
            self._dropped = True
            self._go_over(place)
        return place

    def _is_full(self) -> bool:
        return len(self._data) - self._place > self._max_bytes

    def _empty_element(self) -> int | None:
        """Return the end of an item that is a single tag; None for one that has content."""
        while (end := self._data.find(b">", self._place)) < 0:
            if self._is_full() or not self._more():
                return None
        return end + 1 if self._data[end - 1 : end] == b"/" else None

    def _cut(self, start: Piece, end: int) -> Piece:
        data = self._data[self._place : end]
        self._go_over(end)
        if self._dropped or len(data) > self._max_bytes:
            message = f"The item is longer than {self._max_bytes} bytes (max_record_bytes). Split it."
            return self._problem(start, "record_too_large", message)
        return start._replace(data=data)

    @staticmethod
    def _problem(piece: Piece, code: str, message: str) -> Piece:
        if piece.problem:
            return piece
        return piece._replace(data=b"", problem=Problem(code, message, piece.line, piece.offset))

    def _skip(self, end: bytes) -> bool:
        """Go behind the end of a comment or of CDATA between items; False at the end of the file."""
        while (place := self._data.find(end, self._place)) < 0:
            self._go_over(max(self._place, len(self._data) - _OVERLAP))
            if not self._more():
                return False
        self._go_over(place + len(end))
        return True

    def _go_over(self, place: int) -> None:
        self._line += self._data.count(b"\n", self._place, place)
        self._offset += place - self._place
        self._place = place

    def _more(self) -> bool:
        """Read on; what was gone over is forgotten."""
        held = self._data[self._place :]
        parts = [held]
        wanted = 0 if self._ended else max(_CHUNK_BYTES, len(held))
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


def _pattern(names: str) -> re.Pattern[bytes]:
    return re.compile(rf"<(?:!--|!\[CDATA\[|({names})(?=[\s/>]))".encode())
