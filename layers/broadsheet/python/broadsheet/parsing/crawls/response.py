"""An HTTP response as it was recorded: its headers, and its body without the encodings of the transfer."""

from __future__ import annotations

import io
import re
import zlib
from typing import NamedTuple

from broadsheet.errors import LimitError, PermanentError
from broadsheet.model import Problem
from broadsheet.parsing.containers.budget import Budget
from broadsheet.parsing.crawls.headers import read_headers

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})\b")
_CHUNK_SIZE = re.compile(rb"[ \t]{0,8}([0-9a-fA-F]{1,8})[^\n]{0,200}\n")
_PIECE_BYTES = 64 * 1024
_WINDOWS = {
    "gzip": (zlib.MAX_WBITS | 16,),
    "x-gzip": (zlib.MAX_WBITS | 16,),
    "deflate": (zlib.MAX_WBITS, -zlib.MAX_WBITS),
}
_NO_ENCODINGS = frozenset({"", "identity", "none", "utf-8"})


class Response(NamedTuple):
    """The status, the headers by their names in lower case, and where in the block the body begins."""

    status: int
    headers: dict[str, str]
    body_at: int

    @property
    def content_type(self) -> str:
        """What the server said the body is; empty if it did not."""
        return self.headers.get("content-type", "")


def read_response(block: bytes) -> Response | None:
    """Read the beginning of a response; None for what is none."""
    status = _STATUS.match(block)
    if not status:
        return None
    stream = io.BytesIO(block)
    stream.readline()
    headers = read_headers(stream.readline)
    return Response(int(status[1]), headers, stream.tell()) if headers is not None else None


def body_of(block: bytes, response: Response, most: int, budget: Budget) -> tuple[bytes, Problem | None]:
    """Return the body of a response as its page, and a problem ``payload_damaged`` when only a part could be unpacked.

    Raises PermanentError ``content_encoding_unknown`` (Brotli among them: no library here reads it),
    ``payload_damaged``; LimitError ``record_too_large`` for more than ``most`` bytes and those of ``Budget``.
    """
    body = block[response.body_at :]
    if "chunked" in response.headers.get("transfer-encoding", "").lower():
        body = _unchunked(body)
    problem: Problem | None = None
    named = response.headers.get("content-encoding", "").lower().split(",")
    for encoding in reversed([name.strip() for name in named]):
        if encoding in _NO_ENCODINGS:
            continue
        if encoding not in _WINDOWS:
            message = f"The page is packed with {encoding[:40]}, which is not read. Save it unpacked."
            raise PermanentError(message, code="content_encoding_unknown")
        body, is_whole = _unpacked(body, _WINDOWS[encoding], most, budget)
        if not is_whole:
            problem = Problem("payload_damaged", "The page is packed and damaged: it was read up to there.")
    return body, problem


def _unchunked(body: bytes) -> bytes:
    """Put chunks together; what a crawler put together itself, keeping the header, does not look like chunks."""
    parts = []
    place = 0
    while size := _CHUNK_SIZE.match(body, place):
        length = int(size[1], 16)
        if not length:
            break
        parts.append(body[size.end() : size.end() + length])
        place = size.end() + length
        place += 2 if body[place : place + 2] == b"\r\n" else body[place : place + 1] == b"\n"
    return b"".join(parts) if place else body


def _unpacked(body: bytes, windows: tuple[int, ...], most: int, budget: Budget) -> tuple[bytes, bool]:
    """Return the unpacked body, and whether it is whole."""
    budget.take(len(body))
    for window in windows:
        page, is_whole = _inflated(body, window, most, budget)
        if page or is_whole:
            return page, is_whole
    if not body or (not body.startswith(b"\x1f\x8b") and body.lstrip()[:1] == b"<"):
        # The crawler unpacked it and kept the header.
        return body, True
    raise PermanentError("The page is packed and damaged: nothing of it can be read.", code="payload_damaged")


def _inflated(body: bytes, window: int, most: int, budget: Budget) -> tuple[bytes, bool]:
    parts: list[bytes] = []
    size = 0
    stream = zlib.decompressobj(window)
    while body and not stream.eof:
        try:
            part = stream.decompress(body, _PIECE_BYTES)
        except zlib.error:
            break
        body = stream.unconsumed_tail
        size += len(part)
        budget.give(len(part))
        if size > most:
            raise LimitError(f"The page unpacks to more than {most} bytes (max_record_bytes).", code="record_too_large")
        parts.append(part)
    return b"".join(parts), stream.eof
