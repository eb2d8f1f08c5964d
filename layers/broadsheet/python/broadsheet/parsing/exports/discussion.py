"""The comments of an export's article: nested in each other or flat with the ids of their parents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from broadsheet.errors import LimitError
from broadsheet.model import AuthorKind, Comment, CommentTime, Problem
from broadsheet.parsing.exports.alike import read_alike
from broadsheet.parsing.exports.comments import NOTHING, Said, comments_of
from broadsheet.parsing.exports.moments import posted_at
from broadsheet.parsing.exports.names import UTC_NAMES, CommentFields, comment_fields
from broadsheet.parsing.exports.values import Texts, elements_of, identifier, name_of, raw_text
from broadsheet.parsing.upload import Settings

_Read = TypeVar("_Read")
# The comments of one discussion have few different sets of fields.
_MOST_SHAPES = 64


@dataclass(frozen=True, slots=True)
class Discussion:
    """The comments in the order of the file, each before its replies, and how the source connects them."""

    comments: tuple[Comment, ...]
    form: str | None = None
    """``nested``, ``flat`` (parents by id), ``list`` (nothing stated); None without comments."""
    problems: tuple[Problem, ...] = ()


# One comment, as the fields of ``Said``. A tuple, since it is made for each of millions and lives for a moment.
_Row = tuple[str | None, AuthorKind, CommentTime | None, str, str | None, int | None, str | None]


class _Shape(NamedTuple):
    """What is read of the comments that have the same fields: names, and the zone of the times under each."""

    fields: CommentFields
    times: tuple[tuple[str, str | None], ...]


class DiscussionReader:
    """Reads the comments of one article; linear in their number, no recursion."""

    def __init__(self, settings: Settings, texts: Texts, article_ids: frozenset[str]) -> None:
        """``article_ids`` are the article's own ids: a comment whose parent is one of them starts a thread."""
        self._zone = settings.zone
        self._most = settings.limits.max_comments
        self._texts = texts
        self._article_ids = article_ids
        self._shapes: dict[tuple[str, ...], _Shape] = {}
        self._rows: list[_Row] = []
        self._nested = False
        self._flat = False
        self._unreadable = 0
        self._absent = 0

    def read(self, elements: Sequence[Any]) -> Discussion:
        """Return the discussion; raises LimitError ``too_many_comments``."""
        said = read_alike(elements, self._zone, self._texts)
        if said is None:
            self._one_by_one(elements)
            said = Said(*zip(*self._rows, strict=True)) if self._rows else NOTHING
        else:
            self._unreadable = len(elements) - len(said.bodies)
            self._flat = bool(comment_fields(elements[0]).parent)
        if not said.bodies:
            return Discussion((), None, tuple(self._problems()))
        form = "nested" if self._nested else "flat" if self._flat else "list"
        comments = comments_of(said, form, self._article_ids)
        return Discussion(comments, form, tuple(self._problems()))

    def _one_by_one(self, elements: Sequence[Any]) -> None:
        waiting: list[tuple[Any, int | None]] = [(element, None) for element in reversed(elements)]
        while waiting:
            element, parent = waiting.pop()
            replies = self._comment(element, parent)
            if replies:
                if len(self._rows) + len(waiting) + len(replies) > self._most:
                    raise_too_many(self._most)
                ordinal = len(self._rows) - 1
                waiting.extend([(reply, ordinal) for reply in reversed(replies)])

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
        fields, times = self._shapes.get(tuple(element)) or self._shape(element)
        body = _first(self._texts.prose, element, fields.body) or ""
        author, kind = self._author(element, fields)
        source_id = self._identifier(element, fields.source_id) if fields.source_id else None
        replies = _first(elements_of, element, fields.replies) if fields.replies else None
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
        for name, zone in times:
            if posted := posted_at(element[name], zone):
                break
        self._rows.append((author, kind, posted, body, source_id, parent, answers))
        return replies

    def _shape(self, element: dict[str, Any]) -> _Shape:
        fields = comment_fields(element)
        shape = _Shape(fields, tuple((name, None if name in UTC_NAMES else self._zone) for name in fields.posted))
        if len(self._shapes) < _MOST_SHAPES:
            self._shapes[tuple(element)] = shape
        return shape

    def _author(self, element: dict[str, Any], fields: CommentFields) -> tuple[str | None, AuthorKind]:
        kind: AuthorKind = "unknown"
        if fields.guest and any(element[name] is True for name in fields.guest):
            kind = "guest"
        for name in fields.author:
            stated = element[name]
            if stated.__class__ is str and stated.isalnum() and stated.isascii():
                return stated, kind
            if stated.__class__ is dict and stated.get("isAnonymous") is True:
                kind = "guest"
            if author := self._texts.line(name_of(stated)):
                return author, kind
        return None, kind

    def _identifier(self, element: dict[str, Any], names: tuple[str, ...]) -> str | None:
        for name in names:
            if identifier(element[name]):
                return self._texts.identifier(element[name])
        return None

    def _bare(self, element: Any, parent: int | None) -> None:
        """Take an element that is no object: a text is a comment; a number the id of one that is not here."""
        if isinstance(element, str) and (body := self._texts.prose(element)):
            self._rows.append((None, "unknown", None, body, None, parent, None))
        elif isinstance(element, int):
            self._absent += 1
        else:
            self._unreadable += 1

    def _problems(self) -> list[Problem]:
        problems = []
        if self._unreadable:
            message = f"{self._unreadable} elements of the discussion have neither text nor author and were left out."
            problems.append(Problem("comments_unreadable", message))
        if self._absent:
            message = f"{self._absent} comments are named in the discussion but are not in the file."
            problems.append(Problem("comments_missing", message))
        return problems


def undivided(value: Any, texts: Texts) -> Discussion:
    """Return a discussion that its source gives as one text (trafilatura): one comment without an author."""
    body = texts.prose(raw_text(value))
    if not body:
        return Discussion(())
    problem = Problem("comments_undivided", "The comments are one text without authors and dates: kept as one comment.")
    return Discussion((Comment(0, "", None, "unknown", None, body),), "undivided", (problem,))


def raise_too_many(most: int) -> None:
    """Raise the LimitError of a discussion that is too long."""
    raise LimitError(f"The article has more than {most} comments (max_comments). Split it.", code="too_many_comments")


def _first(read: Callable[[Any], _Read], element: dict[str, Any], names: tuple[str, ...]) -> _Read | None:
    for name in names:
        if found := read(element[name]):
            return found
    return None
