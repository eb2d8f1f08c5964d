"""The comments of an article: the sources of their own documents, and the text they lend to the article's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import orjson

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
    comments: Sequence[Comment], comment_ids: Sequence[str], shown_article: orjson.Fragment
) -> Iterator[dict[str, Any]]:
    """Yield the fields of the comments' documents that they do not share, in page order, still without ``doc_id``.

    ``shown_article`` is what a hit shows of their article, written once for all of them. A comment beyond BODY_LIMIT
    characters gives several sources, numbered in ``part``.
    """
    keys = [author_key(comment.author) if comment.author else None for comment in comments]
    # Taken apart at once: reading the fields of a named tuple one by one takes three times as long.
    for comment, comment_id, key, place in zip(comments, comment_ids, keys, places(comments), strict=True):
        ordinal, head, author, author_kind, posted, body, mentions, thread, _ = comment
        parent, root, depth, order = place
        role, _, evidence, confidence = thread
        source: dict[str, Any] = {
            f.COMMENT_ID: comment_id,
            f.ORDINAL: ordinal,
            f.AUTHOR_KIND: author_kind,
            f.ROOT_ID: comment_ids[root],
            f.DEPTH: depth,
            f.TREE_ORDER: order,
            f.THREAD_ROLE: role,
        }
        if key is not None:
            source[f.AUTHOR] = author
            source[f.AUTHOR_KEY] = key
        if posted:
            source[f.SORT_DATE] = posted.value
            source[f.DATE_BASIS] = "estimated" if posted.earliest or posted.latest else "explicit"
        else:
            source[f.DATE_BASIS] = "none"
        if mentions:
            source[f.MENTIONS] = [author_key(name) for name in mentions]
        if spoken := _language(body):
            source[f.LANG] = spoken
        shown_thread: dict[str, Any] = {"role": role, "confidence": confidence}
        if parent is not None:
            shown_thread["parent"] = comment_ids[parent]
            source.update(_edge(comment_ids[parent], confidence, keys[parent]))
        if evidence:
            shown_thread["evidence"] = evidence
        source[f.DISPLAY] = _shown(shown_thread, shown_article, head, posted, mentions)
        if len(body) > BODY_LIMIT and len(pieces := parts(body)) != 1:
            yield from [{**source, f.BODY: piece, f.PART: number} for number, piece in enumerate(pieces)]
            continue
        if body:
            source[f.BODY] = body
        yield source


def _edge(parent_id: str, confidence: float, parent_key: str | None) -> dict[str, Any]:
    edge: dict[str, Any] = {f.PARENT_ID: parent_id, f.EDGE_CONFIDENCE: confidence}
    if parent_key is not None:
        edge[f.PARENT_AUTHOR_KEY] = parent_key
    return edge


def _shown(
    thread: dict[str, Any],
    article: orjson.Fragment,
    head: str,
    posted: CommentTime | None,
    mentions: tuple[str, ...],
) -> dict[str, Any]:
    shown: dict[str, Any] = {"thread": thread, "article": article}
    if head:
        shown["head"] = cut(head, HEAD_LIMIT)
    if posted:
        shown["posted_at"] = _posted(posted)
    if mentions:
        shown["mentions"] = mentions
    return shown


def _posted(posted: CommentTime) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "value": posted.value,
        "method": posted.method,
        "zone_assumed": posted.zone_assumed,
    }
    if posted.zone:
        shown["zone"] = posted.zone
    if posted.earliest:
        shown["earliest"] = posted.earliest
    if posted.latest:
        shown["latest"] = posted.latest
    return shown


def _language(body: str) -> str | None:
    # Counting letters one by one is dear; plain ASCII, most of an English page, needs no count.
    if body.isascii():
        return "en" if body[:1].isalpha() or _LETTER.search(body) else None
    return language(body)
