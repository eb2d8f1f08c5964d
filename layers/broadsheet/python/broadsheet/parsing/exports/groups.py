"""Values -> groups of one article each: lists and wrappers taken apart, loose comments brought to their article.

Dumps of Reddit, Hacker News, Disqus and WordPress hold articles and comments as values side by side. Comments that
follow their article are read with it. Those that do not make a discussion of their own per run of comments on one
thread, so that memory stays bounded and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from broadsheet.model import Problem
from broadsheet.parsing.exports.comments import without_kind
from broadsheet.parsing.exports.pieces import Piece, decode
from broadsheet.parsing.exports.values import identifier

# Under these names other programs put a list of articles.
WRAPPERS = [
    "articles",
    "items",
    "posts",
    "results",
    "response",
    "hits",
    "data",
    "documents",
    "docs",
    "entries",
    "stories",
    "news",
    "submissions",
    "records",
    "threads",
    "@graph",
]
_WRAPPERS = frozenset(WRAPPERS)
_ENVELOPES = ("response", "results", "data")
# An object with a text of its own is an article, whatever lists it has.
BODIES = ("body", "text", "content", "articleBody", "maintext", "selftext", "content_html", "content_text")
_ARTICLE_IDS = ("source_id", "id", "_id", "objectID", "article_id", "name", "story_id")
_THREAD_IDS = ("link_id", "post", "thread", "story_id", "article_id")
_MAX_DEPTH = 4


@dataclass(slots=True)
class Group:
    """One article's object with the loose comments that followed it; ``value`` is None when the article is missing.

    ``value`` is a Problem for a piece that is no value; ``size`` is the number of bytes of all its pieces.
    """

    piece: Piece
    value: Any
    loose: list[dict[str, Any]] = field(default_factory=list)
    size: int = 0


class Groups:
    """Brings loose comments together; ``max_bytes`` and ``max_comments`` bound one group."""

    def __init__(self, max_bytes: int, max_comments: int) -> None:
        self._max_bytes = max_bytes
        self._max_comments = max_comments
        self._open: Group | None = None
        self._threads: set[str] = set()

    def of(self, pieces: Iterator[Piece]) -> Iterator[Group]:
        """Yield the groups of a file in its order."""
        for piece in pieces:
            value = decode(piece)
            size = len(piece.data)
            if value.__class__ is dict and not _is_wrapper(value):
                yield from self._add(piece, value, size)
                continue
            for each in _expanded(value):
                yield from self._add(piece, each, size)
        if self._open:
            yield self._open

    def _add(self, piece: Piece, value: Any, size: int) -> Iterator[Group]:
        open_group = self._open
        if isinstance(value, Problem):
            if open_group and open_group.loose:
                # The discussion may go on after it.
                yield Group(piece, value)
                return
            if open_group:
                yield open_group
            self._open = None
            yield Group(piece, value)
            return
        if value.__class__ is not dict or not (thread := loose_thread(value)):
            if open_group:
                yield open_group
            self._open = Group(piece, value, size=size)
            self._threads.clear()
            return
        if open_group and self._belongs(thread, value) and self._has_room(open_group, size):
            open_group.loose.append(value)
            open_group.size += size
        else:
            if open_group:
                yield open_group
            self._open = Group(piece, None, [value], size)
            self._threads = {thread}
        if name := identifier(value.get("id")):
            self._threads.add(name)

    def _belongs(self, thread: str, value: Mapping[str, Any]) -> bool:
        if not self._threads and self._open:
            self._threads = article_ids(self._open.value)
        if thread in self._threads:
            return True
        parent = identifier(value.get("parent_id", value.get("parent")))
        return parent is not None and without_kind(parent) in self._threads

    def _has_room(self, group: Group, size: int) -> bool:
        return group.size + size <= self._max_bytes and len(group.loose) < self._max_comments


def article_ids(value: Any) -> set[str]:
    """Return every id by which comments may name their article."""
    if not isinstance(value, dict):
        return set()
    found = (identifier(value[name]) for name in _ARTICLE_IDS if name in value)
    return {without_kind(name) for name in found if name}


def loose_thread(value: Mapping[str, Any]) -> str | None:
    """Return the id of the thread that a comment standing by itself belongs to; None for what is no such comment."""
    if (
        ("link_id" in value and "body" in value)
        or value.get("type") == "comment"
        or ("post" in value and "author_name" in value)
        or ("thread" in value and ("message" in value or "raw_message" in value))
    ):
        for name in _THREAD_IDS:
            if thread := identifier(value.get(name)):
                return without_kind(thread)
        parent = identifier(value.get("parent_id", value.get("parent")))
        return without_kind(parent) if parent else identifier(value.get("id"))
    return None


def _is_wrapper(value: Mapping[str, Any]) -> bool:
    """Tell whether an object is an envelope of articles: a list under a known name, and no text of its own."""
    if "kind" in value and isinstance(value.get("data"), dict):
        return True
    if _WRAPPERS.isdisjoint(value):
        return False
    for name in WRAPPERS:
        if name in value and isinstance(value[name], list):
            return not any(isinstance(value.get(body), str) and value[body] for body in BODIES)
    return _envelope(value) is not None


def _envelope(value: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the object in the answer of a service (NYT Community, Guardian), None for what has a text of its own."""
    if any(value.get(name) for name in (*BODIES, "title", "headline", "comments")):
        return None
    return next((value[name] for name in _ENVELOPES if isinstance(value.get(name), dict)), None)


def _expanded(value: Any) -> Iterator[Any]:
    """Yield the objects in lists and wrappers, nested to a few levels, in order."""
    waiting: list[tuple[Any, int]] = [(value, 0)]
    while waiting:
        each, depth = waiting.pop()
        inner: list[Any] | None = None
        if depth < _MAX_DEPTH:
            if isinstance(each, list):
                inner = each
            elif isinstance(each, dict):
                inner = _inside(each)
        if inner is None:
            yield each
        else:
            waiting.extend([(one, depth + 1) for one in reversed(inner)])


def _inside(value: dict[str, Any]) -> list[Any] | None:
    """Return what a wrapper holds, None for an article."""
    data = value.get("data")
    if "kind" in value and isinstance(data, dict):
        children = data.get("children")
        # Reddit's permalink page: a listing of the submission, then a listing of its comments.
        return children if value["kind"] == "Listing" and isinstance(children, list) else [data]
    if not _is_wrapper(value):
        return None
    name = next((name for name in WRAPPERS if isinstance(value.get(name), list)), None)
    if name is None:
        return [_envelope(value)]
    elements: list[Any] = value[name]
    if name == "@graph" and (articles := [each for each in elements if _is_creative_work(each)]):
        # The others describe the site and its pages.
        return articles
    comments = value.get("comments")
    return elements + comments if isinstance(comments, list) else elements


def _is_creative_work(value: Any) -> bool:
    return isinstance(value, dict) and any(value.get(name) for name in ("articleBody", "headline", "text"))
