"""broadsheet's own records (the output of ``broadsheet parse``) read back: the same article, comments and threads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from broadsheet.model import (
    UNDECIDED,
    Article,
    ArticleRecord,
    AuthorKind,
    Comment,
    CommentTime,
    Dated,
    Hints,
    Problem,
    ProblemRecord,
    Record,
    Report,
    Thread,
    ThreadRole,
)
from broadsheet.parsing.exports.values import is_harmless
from broadsheet.text import clean

GRAMMAR = "broadsheet"
_KINDS = frozenset(get_args(AuthorKind))
_ROLES = frozenset(get_args(ThreadRole))


def is_own(value: Any) -> bool:
    """Tell whether a value has the shape of a record of ours."""
    if value.__class__ is not dict or "record" not in value:
        return False
    kind = value.get("kind")
    return (kind == "article" and isinstance(value.get("article"), dict)) or (
        kind == "problem" and isinstance(value.get("problem"), dict)
    )


def read_own(value: Mapping[str, Any], number: int, format_name: str, hints: Hints) -> Record:
    """Build the record again; texts are cleaned once more, since anybody may have written the file.

    What a field holds in another type than ours counts as absent.
    """
    if value["kind"] == "problem":
        return ProblemRecord(number, _problem(value["problem"]))
    comments = value.get("comments")
    listed = [each for each in comments if isinstance(each, dict)] if isinstance(comments, list) else []
    return ArticleRecord(
        number,
        _article(value["article"], hints),
        tuple([_comment(ordinal, each, len(listed)) for ordinal, each in enumerate(listed)]),
        Report(format_name, grammar=GRAMMAR, encoding="utf-8"),
    )


def natural_of_own(value: Mapping[str, Any]) -> str | None:
    """Return the natural name of the article of a record of ours, None for a problem."""
    if value["kind"] == "problem":
        return None
    stated = value["article"]
    return _text(stated, "source_id") or _text(stated, "url") or _title(stated)


def _article(stated: Mapping[str, Any], hints: Hints) -> Article:
    return Article(
        title=_title(stated),
        body=_text(stated, "body") or "",
        language=_text(stated, "language") or hints.language,
        url=_text(stated, "url"),
        source=_text(stated, "source") or hints.source,
        source_id=_text(stated, "source_id"),
        authors=_texts(stated, "authors"),
        tags=_texts(stated, "tags") or hints.tags,
        published_at=_dated(stated.get("published_at")),
        comment_count_declared=_integer(stated.get("comment_count_declared")),
        alternate_languages=_texts(stated, "alternate_languages"),
    )


def _title(stated: Mapping[str, Any]) -> str:
    """Return the title, one line even in a record that others wrote."""
    title = _text(stated, "title") or ""
    return title if title.isprintable() else " ".join(title.split())


def _comment(ordinal: int, stated: Mapping[str, Any], count: int) -> Comment:
    kind = stated.get("author_kind")
    return Comment(
        ordinal,
        _text(stated, "head") or "",
        _text(stated, "author"),
        kind if isinstance(kind, str) and kind in _KINDS else "unknown",  # type: ignore[arg-type]
        _time(stated.get("posted_at")),
        _text(stated, "body") or "",
        _texts(stated, "mentions"),
        _thread(stated.get("thread"), ordinal, count),
        _text(stated, "source_id"),
    )


def _thread(stated: Any, ordinal: int, count: int) -> Thread:
    """Read a place; a parent that is not one of the other ``count`` comments is none."""
    if not isinstance(stated, dict) or not isinstance(stated.get("role"), str) or stated["role"] not in _ROLES:
        return UNDECIDED
    parent = _integer(stated.get("parent"))
    return Thread(
        stated["role"],
        parent if parent is not None and parent < count and parent != ordinal else None,
        _texts(stated, "evidence"),
        _confidence(stated.get("confidence")),
    )


def _time(stated: Any) -> CommentTime | None:
    if not isinstance(stated, dict) or not (value := _text(stated, "value")):
        return None
    return CommentTime(
        value,
        _text(stated, "method") or "stated",
        _text(stated, "zone"),
        zone_assumed=stated.get("zone_assumed") is True,
        earliest=_text(stated, "earliest"),
        latest=_text(stated, "latest"),
    )


def _dated(stated: Any) -> Dated | None:
    if not isinstance(stated, dict) or not (value := _text(stated, "value")):
        return None
    return Dated(
        value,
        _text(stated, "method") or "stated",
        _confidence(stated.get("confidence")),
        _text(stated, "earliest"),
        _text(stated, "latest"),
    )


def _problem(stated: Mapping[str, Any]) -> Problem:
    return Problem(
        _text(stated, "code") or "unreadable",
        _text(stated, "message") or "",
        _integer(stated.get("line")),
        _integer(stated.get("offset")),
    )


def _text(stated: Mapping[str, Any], name: str) -> str | None:
    value = stated.get(name)
    if value.__class__ is not str:
        return None
    return value if is_harmless(value) else clean(value).text


def _texts(stated: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = stated.get(name)
    if not values or not isinstance(values, list):
        return ()
    return tuple([clean(value).text for value in values if isinstance(value, str)])


def _integer(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53 else None


def _confidence(value: Any) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return min(1.0, max(0.0, value)) if is_number else 0.0
