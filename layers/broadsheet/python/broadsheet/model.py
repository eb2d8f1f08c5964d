"""What broadsheet talks about: articles, comments, what a reader says of its own work, and stored objects.

All values are frozen. Text fields hold cleaned text (``text.clean``); ``None`` or an empty tuple means unknown.
Derived values carry the method that found them and a confidence between 0 and 1.

What a reader makes in numbers are named tuples: making a frozen dataclass takes three to five times as long, and did
take a third of all parsing. Nothing relies on their being tuples; a changed copy is ``value._replace(...)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Literal, NamedTuple

named_tuple = tuple.__new__
"""``named_tuple(Comment, (...))`` makes one of all its fields in a third of the time that ``Comment(...)`` takes: it
spares the call of a Python function. For loops that make one per comment; nothing fills in defaults or checks names."""

AuthorKind = Literal["member", "member_without_avatar", "guest", "unknown"]
ThreadRole = Literal["root", "reply", "undecided"]

_NOTHING: Mapping[str, int] = MappingProxyType({})


class Dated(NamedTuple):
    """A point in time with its origin.

    ``value``, ``earliest`` and ``latest`` are ISO 8601: a date (``2014-05-09``) where only the day is known, else a
    time with its offset. ``earliest`` and ``latest`` bound an estimate; they are None for a stated date.
    """

    value: str
    method: str
    confidence: float
    earliest: str | None = None
    latest: str | None = None


class CommentTime(NamedTuple):
    """When a comment was posted.

    ``value`` is ISO 8601 with offset (``2014-05-09T16:33+03:00``) when a zone is known or assumed, else local time
    without one. ``zone`` is an IANA name; ``zone_assumed`` says that the source did not state it. ``earliest`` and
    ``latest`` bound an estimate ("3 hours ago"); they are None for a stated time.
    """

    value: str
    method: str
    zone: str | None
    zone_assumed: bool
    earliest: str | None = None
    latest: str | None = None


class Thread(NamedTuple):
    """The place of a comment in its discussion; ``parent`` is the ordinal of another comment of the same article."""

    role: ThreadRole = "undecided"
    parent: int | None = None
    evidence: tuple[str, ...] = ()
    confidence: float = 0.0


UNDECIDED = Thread()
"""The place of a comment of which nothing is known."""


class Comment(NamedTuple):
    """One comment in page order (``ordinal`` counts from 0); ``source_id`` is the id its source gave it."""

    ordinal: int
    head: str
    author: str | None
    author_kind: AuthorKind
    posted_at: CommentTime | None
    body: str
    mentions: tuple[str, ...] = ()
    thread: Thread = UNDECIDED
    source_id: str | None = None


class Article(NamedTuple):
    """One article without its comments; ``body`` keeps paragraphs apart by a blank line."""

    title: str
    body: str
    language: str | None = None
    url: str | None = None
    source: str | None = None
    source_id: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    published_at: Dated | None = None
    comment_count_declared: int | None = None
    alternate_languages: tuple[str, ...] = ()


class Problem(NamedTuple):
    """Something that could not be read, or was read with loss; ``line`` counts from 1, ``offset`` in bytes."""

    code: str
    message: str
    line: int | None = None
    offset: int | None = None


class Furniture(NamedTuple):
    """Visible text that is neither article nor comment, and why it was set apart."""

    line: int
    text: str
    why: str


class Report(NamedTuple):
    """What a reader says of one record: how it was read, how sure it is, and what it lost.

    ``score`` is the grammar's score between 0 and 1; ``replacements`` counts undecodable bytes that became U+FFFD and
    ``dropped`` control characters taken out, by name. ``member`` is the name of the file inside an archive.
    """

    format: str
    grammar: str | None = None
    score: float | None = None
    encoding: str | None = None
    replacements: int = 0
    dropped: Mapping[str, int] = _NOTHING
    unexplained_lines: int = 0
    furniture: tuple[Furniture, ...] = ()
    missing_addressees: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    member: str | None = None


class ArticleRecord(NamedTuple):
    """One article with its comments, as read from a file; ``record`` counts the records of the file from 0."""

    record: int
    article: Article
    comments: tuple[Comment, ...]
    report: Report


class ProblemRecord(NamedTuple):
    """A record that could not be read; the others of its file are not affected."""

    record: int
    problem: Problem


Record = ArticleRecord | ProblemRecord


class PassedRecord(NamedTuple):
    """A record that a resumed reading passes over; ``natural`` is its ``ids.natural_name``, None for a problem."""

    record: int
    natural: str | None


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known of a file beside its bytes: its name, and what a sidecar or the upload stated."""

    name: str = ""
    content_type: str | None = None
    captured_at: datetime | None = None
    url: str | None = None
    source: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredObject:
    """The current state of one object in a bucket; every read of it is pinned to ``etag``."""

    bucket: str
    key: str
    etag: str
    last_modified: datetime
    size: int
    content_type: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
