"""A CSV file of any size -> its rows, each with its place; line ends inside quotes belong to the row."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator

from broadsheet.model import Problem
from broadsheet.parsing.exports.pieces import Piece

_CHUNK_BYTES = 256 * 1024
_QUOTE = b'"'


def read_rows(read: Callable[[int], bytes], delimiter: str, max_bytes: int) -> Iterator[Piece]:
    """Yield the rows that are not blank as their bytes.

    A quote that is never closed, or not within ``max_bytes``, makes its line a problem ``csv_quote_open``; what was
    taken for its field is read again as rows. Without open quotes, a longer line is ``line_too_long``.
    """
    return _Rows(delimiter.encode(), max_bytes).of(_lines(read, max_bytes))


def cells_of(row: bytes, delimiter: str) -> list[str]:
    """Return the cells of a row; raises csv.Error for one that is none."""
    return next(csv.reader([row.decode("utf-8", "replace")], delimiter=delimiter), [])


def _lines(read: Callable[[int], bytes], max_bytes: int) -> Iterator[Piece]:
    """Yield all lines with their ends, also the blank ones."""
    line, offset = 1, 0
    held: list[bytes] = []
    size = 0
    while chunk := read(_CHUNK_BYTES):
        start = 0
        while (end := chunk.find(b"\n", start)) >= 0:
            size += end + 1 - start
            held.append(chunk[start : end + 1])
            yield _line(line, offset, b"".join(held) if size <= max_bytes else None, max_bytes)
            line, offset = line + 1, offset + size
            held, size = [], 0
            start = end + 1
        size += len(chunk) - start
        held = [*held, chunk[start:]] if size <= max_bytes else []
    if size:
        yield _line(line, offset, b"".join(held) if size <= max_bytes else None, max_bytes)


def _line(line: int, offset: int, data: bytes | None, max_bytes: int) -> Piece:
    if data is not None:
        return Piece(line, offset, data)
    message = f"The line is longer than {max_bytes} bytes (max_record_bytes). Split its row."
    return Piece(line, offset, b"", Problem("line_too_long", message, line, offset))


class _Rows:
    def __init__(self, delimiter: bytes, max_bytes: int) -> None:
        self._delimiter = delimiter
        self._max_bytes = max_bytes
        self._held: list[Piece] = []
        self._size = 0
        self._is_open = False

    def of(self, lines: Iterator[Piece]) -> Iterator[Piece]:
        for line in lines:
            yield from self._take(line)
            if self._size > self._max_bytes:
                yield from self._give_up()
        while self._held:
            yield from self._give_up()

    def _take(self, line: Piece) -> Iterator[Piece]:
        if line.problem:
            while self._held:
                yield from self._give_up()
            yield line
            return
        if not self._held and not line.data.strip():
            return
        self._held.append(line)
        self._size += len(line.data)
        self._is_open = self._open_after(line.data)
        if not self._is_open:
            first = self._held[0]
            yield first if len(self._held) == 1 else first._replace(data=b"".join(each.data for each in self._held))
            self._clear()

    def _give_up(self) -> Iterator[Piece]:
        """Take the first line for broken and read the others again: they hold no quote that ends it."""
        first, *others = self._held
        self._clear()
        message = "A quote in this line is never closed: the line was not read."
        yield first._replace(data=b"", problem=Problem("csv_quote_open", message, first.line, first.offset))
        for line in others:
            yield from self._take(line)

    def _clear(self) -> None:
        self._held, self._size, self._is_open = [], 0, False

    def _open_after(self, line: bytes) -> bool:
        """Tell whether a quoted field is open at the end of a line; only a field's first character opens one."""
        if _QUOTE not in line:
            return self._is_open
        place = 0
        is_open = self._is_open
        while True:
            if is_open:
                place = line.find(_QUOTE, place)
                if place < 0:
                    return True
                if line[place + 1 : place + 2] == _QUOTE:
                    place += 2
                    continue
            elif line[place : place + 1] == _QUOTE:
                is_open = True
                place += 1
                continue
            is_open = False
            place = line.find(self._delimiter, place) + 1
            if not place:
                return False
