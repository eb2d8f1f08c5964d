"""A JSON document of any size: one article, a list of them, or an object with a list of them; or several documents."""

from __future__ import annotations

import codecs
from collections.abc import Generator, Iterator

import orjson

from broadsheet.model import Problem
from broadsheet.parsing.exports.groups import BODIES, WRAPPERS
from broadsheet.parsing.exports.lines import read_lines
from broadsheet.parsing.exports.pieces import Piece
from broadsheet.parsing.exports.window import Window
from broadsheet.parsing.upload import Upload

# An object up to this size is parsed whole; a larger one is looked into for its list of articles.
_WHOLE_BYTES = 1024 * 1024
_WRAPPERS = frozenset(WRAPPERS)


def read_document(upload: Upload, max_bytes: int) -> Iterator[Piece]:
    """Yield the articles of a document as pieces of at most ``max_bytes``; memory holds one of them.

    When a line feed follows a first value that takes one line, the file is JSON Lines under another name.
    """
    window = Window(upload.read, max_bytes)
    if window.startswith(codecs.BOM_UTF8):
        window.skip(len(codecs.BOM_UTF8))
    is_first = True
    while first := window.next_byte():
        line = window.line
        if first == b"[":
            window.skip(1)
            if not (yield from _elements(window)):
                return
        elif first == b"{":
            whole = window.value(at_most=_WHOLE_BYTES)
            if whole is None:
                if not (yield from _Members(window, max_bytes).read()):
                    return
            else:
                yield whole
        else:
            yield _unexpected(window, "Here, an article or a list of articles was expected")
            return
        if is_first and first == b"{" and line == window.line and window.next_byte() == b"{" and window.line > line:
            yield from read_lines(window.rest, max_bytes, line=window.line, offset=window.offset)
            return
        is_first = False


def _elements(window: Window) -> Generator[Piece, None, bool]:
    """Yield the elements of a list whose bracket was gone over; return False where the file makes no sense any more."""
    while first := window.next_byte():
        if first == b"]":
            window.skip(1)
            return True
        if first == b",":
            window.skip(1)
        elif first in b"}:":
            yield _unexpected(window, "Here, an element of the list or its end was expected")
            return False
        elif piece := window.value():
            yield piece
            if _is_truncated(piece):
                return False
    yield _truncated(window)
    return False


class _Members:
    """Goes over the members of a large object: a wrapper, whose list gives its elements, or one article."""

    def __init__(self, window: Window, max_bytes: int) -> None:
        self._window = window
        self._max_bytes = max_bytes
        self._place = window.line, window.offset
        self._held: list[bytes] = []
        self._size = 0
        self._has_text = False
        self._is_wrapper = False

    def read(self) -> Generator[Piece, None, bool]:
        """Yield the elements of its list, or the object itself; return as ``_elements``."""
        window = self._window
        window.skip(1)
        while first := window.next_byte():
            if first == b"}":
                window.skip(1)
                if not self._is_wrapper:
                    yield self._article()
                return True
            if first == b",":
                window.skip(1)
            elif not (yield from self._member()):
                return False
        yield _truncated(window)
        return False

    def _member(self) -> Generator[Piece, None, bool]:
        window = self._window
        name = _name(window)
        if name is None or window.next_byte() != b":":
            yield _unexpected(window, "Here, a name and a colon were expected")
            return False
        window.skip(1)
        first = window.next_byte()
        if first == b"[" and self._is_list_of_articles(name):
            self._is_wrapper = True
            self._held.clear()
            window.skip(1)
            return (yield from _elements(window))
        piece = window.value() if first and first not in b"]},:" else None
        if piece is None:
            yield _unexpected(window, "Here, a value was expected") if first else _truncated(window)
            return False
        if _is_truncated(piece):
            yield piece
            return False
        if piece.problem and not self._is_wrapper:
            self._size = self._max_bytes + 1
        self._hold(name, piece, is_text=first == b'"')
        return True

    def _is_list_of_articles(self, name: str) -> bool:
        if self._is_wrapper:
            return name in _WRAPPERS or name == "comments"
        return name in _WRAPPERS and not self._has_text

    def _hold(self, name: str, piece: Piece, *, is_text: bool) -> None:
        """Keep a member of what may be an article, as long as that is not too large."""
        if self._is_wrapper:
            return
        self._has_text = self._has_text or (
            is_text and name in BODIES and (piece.problem is not None or len(piece.data) > 2)
        )
        self._size += len(name) + len(piece.data)
        if self._size > self._max_bytes:
            self._held.clear()
        else:
            self._held.append(orjson.dumps(name) + b":" + piece.data)

    def _article(self) -> Piece:
        line, offset = self._place
        if self._size <= self._max_bytes:
            return Piece(line, offset, b"{" + b",".join(self._held) + b"}")
        message = f"The record is longer than {self._max_bytes} bytes (max_record_bytes). Split it."
        return Piece(line, offset, b"", Problem("record_too_large", message, line, offset))


def _name(window: Window) -> str | None:
    piece = window.value() if window.startswith(b'"') else None
    if piece is None or piece.problem:
        return None
    try:
        name = orjson.loads(piece.data)
    except orjson.JSONDecodeError:
        return None
    return name if isinstance(name, str) else None


def _is_truncated(piece: Piece) -> bool:
    return piece.problem is not None and piece.problem.code == "json_truncated"


def _unexpected(window: Window, expected: str) -> Piece:
    message = f"{expected}; the rest of the file was not read. Repair the file and upload it again."
    return _problem(window, "json_invalid", message)


def _truncated(window: Window) -> Piece:
    return _problem(
        window, "json_truncated", "The file ends in the middle of a list or object. Upload it again as a whole."
    )


def _problem(window: Window, code: str, message: str) -> Piece:
    return Piece(window.line, window.offset, b"", Problem(code, message, window.line, window.offset))
