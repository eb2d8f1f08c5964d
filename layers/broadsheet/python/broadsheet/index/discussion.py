"""The comments of an article: the sources of their own documents, and the text they lend to the article's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from broadsheet.index import fields as f
from broadsheet.index.pieces import BODY_LIMIT, cut, parts
from broadsheet.index.threads import places
from broadsheet.model import Comment, CommentTime
from broadsheet.text import author_key, language

HEAD_LIMIT = 500
"""Characters of a comment's raw head that are kept for display: real ones have a tenth of it."""

_LETTER = re.compile("[A-Za-z]")


def discussion(comments: Sequence[Comment]) -> dict[str, Any]:
    """Return the fields that give an article its comments' text: the whole comments that fit, in page order.

    What does not fit into BODY_LIMIT characters is counted, and is still found as comments.
    """
    bodies = [comment.body for comment in comments if comment.body]
    if not bodies:
        return {}
    if sum(map(len, bodies)) <= BODY_LIMIT:
        return {f.DISCUSSION: bodies}
    left = BODY_LIMIT
    fitting = []
    for body in bodies:
        if len(body) <= left:
            fitting.append(body)
            left -= len(body)
    omitted: dict[str, Any] = {f.DISCUSSION_OMITTED: len(bodies) - len(fitting)}
    return {f.DISCUSSION: fitting, **omitted} if fitting else omitted


def comment_sources(
    comments: Sequence[Comment], comment_ids: Sequence[str], fixed: dict[str, Any], shown_article: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """Yield the sources of the comments' documents in page order, still without ``doc_id``.

    ``fixed`` are the fields that all of them share, ``shown_article`` what a hit shows of their article. A comment
    beyond BODY_LIMIT characters gives several sources, numbered in ``part``.
    """
    for comment, comment_id, place in zip(comments, comment_ids, places(comments), strict=True):
        source = {
            **fixed,
            f.COMMENT_ID: comment_id,
            f.ORDINAL: comment.ordinal,
            f.AUTHOR_KIND: comment.author_kind,
            f.ROOT_ID: comment_ids[place.root],
            f.DEPTH: place.depth,
            f.TREE_ORDER: place.order,
            f.THREAD_ROLE: comment.thread.role,
        }
        if comment.author:
            source[f.AUTHOR] = comment.author
            source[f.AUTHOR_KEY] = author_key(comment.author)
        if comment.posted_at:
            source[f.SORT_DATE] = comment.posted_at.value
            source[f.DATE_BASIS] = "explicit"
        else:
            source[f.DATE_BASIS] = "none"
        if comment.mentions:
            source[f.MENTIONS] = [author_key(name) for name in comment.mentions]
        if spoken := _language(comment.body):
            source[f.LANG] = spoken
        if place.parent is not None:
            _add_parent(source, comment, comments[place.parent], comment_ids[place.parent])
        source[f.DISPLAY] = _shown(comment, source.get(f.PARENT_ID), shown_article)
        yield from _in_parts(source, comment.body)


def _add_parent(source: dict[str, Any], comment: Comment, parent: Comment, parent_id: str) -> None:
    source[f.PARENT_ID] = parent_id
    source[f.EDGE_CONFIDENCE] = comment.thread.confidence
    if parent.author:
        source[f.PARENT_AUTHOR_KEY] = author_key(parent.author)


def _in_parts(source: dict[str, Any], body: str) -> Iterator[dict[str, Any]]:
    pieces = parts(body)
    if len(pieces) == 1:
        if body:
            source[f.BODY] = body
        yield source
        return
    for number, piece in enumerate(pieces):
        yield {**source, f.BODY: piece, f.PART: number}


def _shown(comment: Comment, parent_id: str | None, shown_article: dict[str, Any]) -> dict[str, Any]:
    thread: dict[str, Any] = {"role": comment.thread.role, "confidence": comment.thread.confidence}
    if parent_id:
        thread["parent"] = parent_id
    if comment.thread.evidence:
        thread["evidence"] = list(comment.thread.evidence)
    shown: dict[str, Any] = {"thread": thread, "article": shown_article}
    if comment.head:
        shown["head"] = cut(comment.head, HEAD_LIMIT)
    if comment.posted_at:
        shown["posted_at"] = _posted(comment.posted_at)
    if comment.mentions:
        shown["mentions"] = list(comment.mentions)
    return shown


def _posted(posted: CommentTime) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "value": posted.value,
        "method": posted.method,
        "zone_assumed": posted.zone_assumed,
    }
    if posted.zone:
        shown["zone"] = posted.zone
    return shown


def _language(body: str) -> str | None:
    # Counting letters one by one is dear; plain ASCII, most of an English page, needs no count.
    if body.isascii():
        return "en" if _LETTER.search(body) else None
    return language(body)
