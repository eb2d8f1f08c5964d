"""Stored documents -> articles and comments as the API shows them. What is unknown is absent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from broadsheet.index import fields
from broadsheet.index.pieces import cut

Json = dict[str, Any]

# A result shows this much of a comment; the whole is under /comments/{comment_id}.
COMMENT_CHARACTERS = 2_000
# A Lambda answers with at most 6 MB; texts may take this much of it, escapes included.
TEXT_BYTES = 4_000_000

ARTICLE_FIELDS = (
    "title",
    "excerpt",
    "language",
    "source",
    "url",
    "published_at",
    "comment_count",
    "file",
)
COMMENT_FIELDS = (
    "ordinal",
    "author",
    "author_kind",
    "posted_at",
    "language",
    "body",
    "mentions",
    "thread",
)
"""What a request may select of each; ids, and that a text was truncated, are always told."""
_ALWAYS = frozenset(("article_id", "comment_id", "truncated"))


def article(source: Mapping[str, Any]) -> Json:
    """Return an article as results show it, from its own document."""
    shown = source.get(fields.DISPLAY, {})
    return known(
        article_id=source[fields.ARTICLE_ID],
        title=source.get(fields.TITLE),
        excerpt=shown.get("excerpt"),
        language=source.get(fields.LANG),
        source=source.get(fields.SOURCE),
        url=source.get(fields.URL),
        published_at=shown.get("published_at"),
        comment_count=source.get(fields.COMMENT_COUNT),
        file=_file(source),
    )


def whole_article(parts: list[Json]) -> Json:
    """Return an article with its text, from the documents of its parts in order.

    ``truncated`` is set when the text passes what one answer can hold.
    """
    first = parts[0]
    texts = []
    room = TEXT_BYTES
    for part in parts:
        text = part.get(fields.BODY, "")
        room -= weight(text)
        if room < 0:
            break
        texts.append(text)
    shown = article(first)
    shown.pop("excerpt", None)
    return shown | known(
        body="\n\n".join(texts),
        truncated=True if len(texts) < len(parts) else None,
        authors=first.get(fields.AUTHOR),
        tags=first.get(fields.TAGS),
        comment_count_declared=first.get(fields.COMMENT_COUNT_DECLARED),
        alternate_languages=first.get(fields.DISPLAY, {}).get("alternate_languages"),
    )


def comment(source: Mapping[str, Any], *, longest: int = COMMENT_CHARACTERS) -> Json:
    """Return a comment; ``truncated`` is set when its text is longer than shown."""
    shown = source.get(fields.DISPLAY, {})
    body = source.get(fields.BODY, "")
    thread = dict(shown.get("thread", {}))
    if fields.ROOT_ID in source:
        thread["root"] = source[fields.ROOT_ID]
        thread["depth"] = source.get(fields.DEPTH)
    return known(
        comment_id=source[fields.COMMENT_ID],
        ordinal=source[fields.ORDINAL],
        author=source.get(fields.AUTHOR),
        author_kind=source.get(fields.AUTHOR_KIND),
        posted_at=shown.get("posted_at"),
        language=source.get(fields.LANG),
        body=cut(body, longest),
        truncated=True if len(body) > longest or fields.PART in source else None,
        mentions=shown.get("mentions"),
        thread=thread,
    )


def whole_comment(source: Mapping[str, Any]) -> Json:
    """Return a comment with its text, at most TEXT_BYTES characters of it, and its head as the page had it."""
    return comment(source, longest=TEXT_BYTES) | known(head=source.get(fields.DISPLAY, {}).get("head"))


def article_of_comment(source: Mapping[str, Any]) -> Json:
    """Return the article of a comment as results show it (but for the excerpt), from the comment's document."""
    shown = source.get(fields.DISPLAY, {}).get("article", {})
    return known(
        article_id=source[fields.ARTICLE_ID],
        title=source.get(fields.ARTICLE_TITLE),
        language=shown.get("language"),
        source=source.get(fields.SOURCE),
        url=source.get(fields.URL),
        published_at=shown.get("published_at"),
        comment_count=shown.get(fields.COMMENT_COUNT),
        file=_file(source),
    )


def selected(entry: Json, names: Collection[str]) -> Json:
    """Return of an article or a comment what a request selected; everything when it selected nothing."""
    if not names:
        return entry
    return {name: value for name, value in entry.items() if name in names or name in _ALWAYS}


def known(**values: Any) -> Json:
    """Return the values that are not None, by name."""
    return {name: value for name, value in values.items() if value is not None}


def weight(text: str) -> int:
    r"""Return the bytes of a text in an answer, which is JSON inside JSON: a quote becomes ``\\\"``."""
    return len(text.encode()) + 3 * (text.count('"') + text.count("\\")) + 2 * (text.count("\n") + text.count("\t"))


def _file(source: Mapping[str, Any]) -> Json:
    return known(bucket=source[fields.S3_BUCKET], key=source[fields.S3_KEY], stored_at=source.get(fields.STORED_AT))
