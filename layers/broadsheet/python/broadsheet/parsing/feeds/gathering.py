"""Articles and comments of a file that holds them apart, brought together in bounded memory.

Blogger and Disqus write all articles first, then all comments in the order of their time. What is read waits in a
temporary file of bounded size; memory holds where each comment stands there. A file that is larger than that is
brought together in several parts: then a later part of a discussion becomes one of its own.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Any, NamedTuple

import orjson

from broadsheet.parsing.exports.groups import Group
from broadsheet.parsing.exports.pieces import Piece
from broadsheet.parsing.limits import Limits

_IN_MEMORY_BYTES = 8 * 1024 * 1024
# Of one part: what memory holds of each takes half a kilobyte.
_MOST_ARTICLES = 200_000
_MOST_COMMENTS = 4_000_000
_NO_ARTICLE = -1


class _Waiting(NamedTuple):
    """Where an article and its comments wait; line and offset are of the file that is read."""

    article: int
    line: int
    offset: int
    comments: array[int]


class Gathering:
    """Holds articles and comments until ``groups`` is asked for them."""

    def __init__(self, limits: Limits) -> None:
        self._most_bytes = limits.max_zip_bytes
        self._most_comments = limits.max_comments
        self._spool = SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 emptied by groups(), closed by close()
        self._waiting: dict[str, _Waiting] = {}
        self._size = 0
        self._comments = 0

    def close(self) -> None:
        """Remove the temporary file."""
        self._spool.close()

    @property
    def is_full(self) -> bool:
        """Whether the next part should begin."""
        return self._size > self._most_bytes or len(self._waiting) >= _MOST_ARTICLES or self._comments >= _MOST_COMMENTS

    def add_article(self, key: str, value: dict[str, Any], piece: Piece) -> None:
        """Take an article; of several with one key the last stands, with the comments of all."""
        known = self._waiting.pop(key, None)
        comments = known.comments if known else array("Q")
        self._waiting[key] = _Waiting(self._store(value), piece.line, piece.offset, comments)

    def add_comment(self, thread: str, value: dict[str, Any], piece: Piece) -> None:
        """Take a comment under the article with the key ``thread``, which may come later or not at all."""
        waiting = self._waiting.get(thread)
        if waiting is None:
            waiting = self._waiting[thread] = _Waiting(_NO_ARTICLE, piece.line, piece.offset, array("Q"))
        # One more than the most is enough to say that there are too many.
        if len(waiting.comments) <= self._most_comments:
            waiting.comments.append(self._store(value))
        self._comments += 1

    def groups(self) -> Iterator[Group]:
        """Yield what was taken, in the order in which the articles came, and forget it."""
        for waiting in self._waiting.values():
            comments = [self._load(place) for place in waiting.comments]
            value = None if waiting.article == _NO_ARTICLE else {**self._load(waiting.article), "comments": comments}
            size = 3 * len(comments)
            piece = Piece(waiting.line, waiting.offset, b"")
            yield Group(piece, value, size=size) if value else Group(piece, None, comments, size)
        self._waiting.clear()
        self._spool.seek(0)
        self._spool.truncate()
        self._size = self._comments = 0

    def _store(self, value: dict[str, Any]) -> int:
        place = self._size
        self._size += self._spool.write(orjson.dumps(value) + b"\n")
        return place

    def _load(self, place: int) -> dict[str, Any]:
        self._spool.seek(place)
        value: dict[str, Any] = orjson.loads(self._spool.readline())
        return value
