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
        start = 0
        # Found one by one: bytes.split() looks at every byte by itself.
        while (end := chunk.find(b"\n", start)) >= 0:
            size = held + end - start
            if size > max_bytes:
                yield _too_long(line, offset, max_bytes)
            elif pending or line == 1:
                pending.append(chunk[start:end])
                yield from _piece(line, offset, b"".join(pending))
            else:
                data = chunk[start:end]
                if data and not data.isspace():
                    yield Piece(line, offset, data)
            pending.clear()
            held = 0
            offset += size + 1
            line += 1
            start = end + 1
        held += len(chunk) - start
        if held > max_bytes:
            # The rest of the line is counted and forgotten.
            pending.clear()
        else:
            pending.append(chunk[start:])
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
