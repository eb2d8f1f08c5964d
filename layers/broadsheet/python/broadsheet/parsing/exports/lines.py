"""JSON Lines: one value per line, lines end at a line feed and nowhere else."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator

from broadsheet.model import Problem
from broadsheet.parsing.exports.pieces import Piece

CHUNK_BYTES = 256 * 1024


def read_lines(read: Callable[[int], bytes], max_bytes: int, *, line: int = 1, offset: int = 0) -> Iterator[Piece]:
    """Yield the lines of a file that are not blank; one longer than ``max_bytes`` gives a problem ``line_too_long``.

    ``read`` gives the bytes from the place that ``line`` and ``offset`` name. Memory holds one chunk and one line.
    U+2028 and the like, which str.splitlines() takes for line ends, stand in JSON strings and end nothing.
    """
    pending: list[bytes] = []
    held = 0
    while chunk := read(CHUNK_BYTES):
        first, *rest = chunk.split(b"\n")
        pending.append(first)
        held += len(first)
        if held > max_bytes:
            # The rest of the line is counted and forgotten.
            pending.clear()
        if not rest:
            continue
        if held > max_bytes:
            yield _too_long(line, offset, max_bytes)
        else:
            yield from _piece(line, offset, b"".join(pending))
        offset += held + 1
        line += 1
        last = rest.pop()
        for data in rest:
            if len(data) > max_bytes:
                yield _too_long(line, offset, max_bytes)
            elif data and not data.isspace():
                yield Piece(line, offset, data)
            offset += len(data) + 1
            line += 1
        pending = [last]
        held = len(last)
    if held > max_bytes:
        yield _too_long(line, offset, max_bytes)
    else:
        yield from _piece(line, offset, b"".join(pending))


def _piece(line: int, offset: int, data: bytes) -> Iterator[Piece]:
    if line == 1 and data.startswith(codecs.BOM_UTF8):
        data = data[len(codecs.BOM_UTF8) :]
        offset += len(codecs.BOM_UTF8)
    if data and not data.isspace():
        yield Piece(line, offset, data)


def _too_long(line: int, offset: int, max_bytes: int) -> Piece:
    message = f"The line is longer than {max_bytes} bytes (max_record_bytes). Split its record."
    return Piece(line, offset, b"", Problem("line_too_long", message, line, offset))
