"""The comments of an export's article: nested in each other or flat with the ids of their parents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from broadsheet.errors import LimitError
from broadsheet.model import AuthorKind, Comment, CommentTime, Problem, Thread
from broadsheet.parsing.exports.moments import posted_at
from broadsheet.parsing.exports.names import UTC_NAMES, CommentFields, comment_fields
from broadsheet.parsing.exports.values import Texts, elements_of, identifier, name_of, raw_text
from broadsheet.parsing.mentions import Directory
from broadsheet.parsing.upload import Settings

_STATED = ("stated",)
_ROOT = Thread("root", None, _STATED, 1.0)
# What it answers is not in the file.
_ORPHAN = Thread("reply", None, _STATED, 1.0)
_UNDECIDED = Thread()


@dataclass(frozen=True, slots=True)
class Discussion:
    """The comments in the order of the file, each before its replies, and how the source connects them."""

    comments: tuple[Comment, ...]
    form: str | None = None
    """``nested``, ``flat`` (parents by id), ``list`` (nothing stated); None without comments."""
    problems: tuple[Problem, ...] = ()


# One comment on its way: author and kind, time, body, id, the ordinal of the comment it is nested in, the id that it
# states as its parent's. A tuple, since it is made for each of millions and lives for a moment.
_Said = tuple[str | None, AuthorKind, CommentTime | None, str, str | None, int | None, str | None]


class DiscussionReader:
    """Reads the comments of one article; linear in their number, no recursion."""

    def __init__(self, settings: Settings, texts: Texts, article_ids: frozenset[str]) -> None:
        """``article_ids`` are the article's own ids: a comment whose parent is one of them starts a thread."""
        self._zone = settings.zone
        self._most = settings.limits.max_comments
        self._texts = texts
        self._article_ids = article_ids
        self._said: list[_Said] = []
        self._nested = False
        self._flat = False
        self._unreadable = 0
        self._absent = 0

    def read(self, elements: Sequence[Any]) -> Discussion:
        """Return the discussion; raises LimitError ``too_many_comments``."""
        waiting: list[tuple[Any, int | None]] = [(element, None) for element in reversed(elements)]
        while waiting:
            element, parent = waiting.pop()
            replies = self._comment(element, parent)
            if replies:
                if len(self._said) + len(waiting) + len(replies) > self._most:
                    raise_too_many(self._most)
                ordinal = len(self._said) - 1
                waiting.extend([(reply, ordinal) for reply in reversed(replies)])
        if not self._said:
            return Discussion((), None, tuple(self._problems()))
        form = "nested" if self._nested else "flat" if self._flat else "list"
        return Discussion(self._finished(), form, tuple(self._problems()))

    def _comment(self, element: Any, parent: int | None) -> Sequence[Any] | None:
        """Take one comment; return its replies."""
        if element.__class__ is not dict:
            self._bare(element, parent)
            return None
        # Reddit: {"kind": "t1", "data": {...}}, and {"kind": "more"} for what the page left out.
        if "kind" in element and isinstance(element.get("data"), dict):
            if element["kind"] == "more":
                self._absent += len(elements_of(element)) or 1
                return None
            element = element["data"]
        fields = comment_fields(element)
        body = self._body(element, fields)
        author, kind = self._author(element, fields)
        source_id = self._identifier(element, fields.source_id) if fields.source_id else None
        replies = _first(elements_of, element, fields.replies) or ()
        if not (body or author or source_id or replies):
            self._unreadable += 1
            return None
        answers = None
        if parent is not None:
            self._nested = True
        elif fields.parent:
            self._flat = True
            answers = self._identifier(element, fields.parent)
        posted = None
        for name in fields.posted:
            if posted := posted_at(element[name], None if name in UTC_NAMES else self._zone):
                break
        self._said.append((author, kind, posted, body, source_id, parent, answers))
        return replies

    def _body(self, element: dict[str, Any], fields: CommentFields) -> str:
        for name in fields.body:
            if body := self._texts.prose(element[name]):
                return body
        return ""

    def _author(self, element: dict[str, Any], fields: CommentFields) -> tuple[str | None, AuthorKind]:
        kind: AuthorKind = "unknown"
        for name in fields.guest:
            if element[name] is True:
                kind = "guest"
        for name in fields.author:
            stated = element[name]
            if stated.__class__ is dict and stated.get("isAnonymous") is True:
                kind = "guest"
            if author := self._texts.line(name_of(stated)):
                return author, kind
        return None, kind

    def _identifier(self, element: dict[str, Any], names: tuple[str, ...]) -> str | None:
        for name in names:
            if found := identifier(element[name]):
                return found if found.isalnum() and found.isascii() else self._texts.plain(found) or None
        return None

    def _bare(self, element: Any, parent: int | None) -> None:
        """Take an element that is no object: a text is a comment; a number the id of one that is not here."""
        if isinstance(element, str) and (body := self._texts.prose(element)):
            self._said.append((None, "unknown", None, body, None, parent, None))
        elif isinstance(element, int):
            self._absent += 1
        else:
            self._unreadable += 1

    def _finished(self) -> tuple[Comment, ...]:
        said = self._said
        known = {each[4]: ordinal for ordinal, each in enumerate(said) if each[4]} if self._flat else {}
        start = _ROOT if self._flat or self._nested else _UNDECIDED
        directory: Directory | None = None
        comments = []
        for ordinal, (author, kind, posted, body, source_id, parent, answers) in enumerate(said):
            if parent is not None:
                thread = _reply(parent)
            else:
                thread = self._place(answers, ordinal, known) if answers else start
            mentions: tuple[str, ...] = ()
            if "@" in body:
                directory = directory or Directory([each[0] for each in said], "")
                mentions = directory.mentions(body)
            comments.append(Comment(ordinal, "", author, kind, posted, body, mentions, thread, source_id))
        return tuple(comments)

    def _place(self, answers: str, ordinal: int, known: dict[str, int]) -> Thread:
        bare = without_kind(answers)
        if answers in self._article_ids or bare in self._article_ids:
            return _ROOT
        parent = known.get(answers)
        if parent is None:
            parent = known.get(bare)
        if parent is None or parent == ordinal:
            return _ORPHAN
        return _reply(parent)

    def _problems(self) -> list[Problem]:
        problems = []
        if self._unreadable:
            message = f"{self._unreadable} elements of the discussion have neither text nor author and were left out."
            problems.append(Problem("comments_unreadable", message))
        if self._absent:
            message = f"{self._absent} comments are named in the discussion but are not in the file."
            problems.append(Problem("comments_missing", message))
        return problems


@lru_cache(maxsize=1024)
def _reply(parent: int) -> Thread:
    return Thread("reply", parent, _STATED, 1.0)


def undivided(value: Any, texts: Texts) -> Discussion:
    """Return a discussion that its source gives as one text (trafilatura): one comment without an author."""
    body = texts.prose(raw_text(value))
    if not body:
        return Discussion(())
    problem = Problem("comments_undivided", "The comments are one text without authors and dates: kept as one comment.")
    return Discussion((Comment(0, "", None, "unknown", None, body),), "undivided", (problem,))


def without_kind(name: str) -> str:
    """Return a Reddit name without the kind of thing it names: ``t1_abc`` -> ``abc``."""
    return name[3:] if name[:1] == "t" and name[2:3] == "_" else name


def raise_too_many(most: int) -> None:
    """Raise the LimitError of a discussion that is too long."""
    raise LimitError(f"The article has more than {most} comments (max_comments). Split it.", code="too_many_comments")


def _first(
    read: Callable[[Any], Sequence[Any]], element: dict[str, Any], names: tuple[str, ...]
) -> Sequence[Any] | None:
    for name in names:
        if found := read(element[name]):
            return found
    return None
