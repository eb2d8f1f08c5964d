"""The take-down list: articles, comments and authors that must not be found, whatever the archives hold.

The list lies in the uploads bucket, ``.broadsheet/suppress.jsonl``: one JSON object a line with an ``article_id``, a
``comment_id`` or an ``author_key`` (an author's name in any spelling that folds to it); more fields, such as a reason,
are for people. Its ETag is its version: ingestion pins it, and a file indexed under another version is read again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import orjson

from broadsheet.errors import LimitError
from broadsheet.model import ArticleRecord, StoredObject
from broadsheet.ports import ObjectStore
from broadsheet.text import author_key

KEY = ".broadsheet/suppress.jsonl"
# A million entries; the whole list is kept in memory by every ingest function.
MAX_BYTES = 16 * 1024 * 1024
_LONGEST_LINE = 64 * 1024
_NAMES = ("article_id", "comment_id", "author_key")


@dataclass(frozen=True, slots=True)
class Suppression:
    """A version of the list; ``unreadable`` counts lines that say nothing usable."""

    version: str = ""
    articles: frozenset[str] = frozenset()
    comments: frozenset[str] = frozenset()
    authors: frozenset[str] = frozenset()
    unreadable: int = 0

    def apply(
        self, record: ArticleRecord, article_id: str, comment_ids: tuple[str, ...]
    ) -> tuple[ArticleRecord | None, tuple[str, ...], int]:
        """Return what of a record may be indexed, with its comments' ids, and how many items were left out.

        None in place of a record whose article is on the list: its discussion goes with it.
        """
        if article_id in self.articles:
            return None, (), 1 + len(record.comments)
        if not self.comments and not self.authors:
            return record, comment_ids, 0
        kept = [
            (comment, comment_id)
            for comment, comment_id in zip(record.comments, comment_ids, strict=True)
            if comment_id not in self.comments and author_key(comment.author or "") not in self.authors
        ]
        if len(kept) == len(comment_ids):
            return record, comment_ids, 0
        shown = record._replace(comments=tuple(comment for comment, _ in kept))
        return shown, tuple(comment_id for _, comment_id in kept), len(comment_ids) - len(kept)


class TakeDowns:
    """The list as it is now; its last version is kept, so that an unchanged list costs one look."""

    def __init__(self) -> None:
        self._known = Suppression()

    def current(self, objects: ObjectStore, bucket: str) -> Suppression:
        """Return the list as it is now.

        Raise LimitError (``suppression_too_large``) for a list beyond MAX_BYTES: nothing may be indexed past it.
        """
        stored = objects.head(bucket, KEY)
        if stored is None:
            return Suppression()
        if stored.etag != self._known.version:
            self._known = _load(objects, stored)
        return self._known


def _load(objects: ObjectStore, stored: StoredObject) -> Suppression:
    if stored.size > MAX_BYTES:
        raise LimitError(f"{KEY} is larger than {MAX_BYTES} bytes", code="suppression_too_large")
    listed: dict[str, set[str]] = {name: set() for name in _NAMES}
    unreadable = 0
    with objects.open(stored) as stream:
        for line in _lines(stream):
            entry = _entry(line)
            if entry is None:
                unreadable += 1
            else:
                listed[entry[0]].add(entry[1])
    return Suppression(
        stored.etag,
        articles=frozenset(listed["article_id"]),
        comments=frozenset(listed["comment_id"]),
        authors=frozenset(map(author_key, listed["author_key"])),
        unreadable=unreadable,
    )


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    while line := stream.readline(_LONGEST_LINE):
        if line.strip():
            yield line


def _entry(line: bytes) -> tuple[str, str] | None:
    try:
        entry = orjson.loads(line)
    except ValueError:
        return None
    if isinstance(entry, dict):
        for name in _NAMES:
            if isinstance(entry.get(name), str) and entry[name]:
                return name, entry[name]
    return None
