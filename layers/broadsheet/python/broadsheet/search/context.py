"""One comment in its place: the comments that led to it, its replies, its article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from broadsheet.index import fields
from broadsheet.search import stored
from broadsheet.search.shown import TEXT_BYTES, article_of_comment, comment, weight, whole_comment

Json = dict[str, Any]

ANCESTORS = 100
REPLIES = 100
_OWN = (*stored.COMMENT, fields.TREE_ORDER, *stored.COMMENT_BODY, *stored.ITS_ARTICLE, stored.HEAD)


def comment_body(comment_id: str, *, timeout_ms: int) -> Json:
    """Return the search for one comment."""
    return {
        "query": {"bool": {"filter": [{"term": {fields.COMMENT_ID: comment_id}}, stored.FIRST_PART]}},
        "size": 1,
        "timeout": f"{timeout_ms}ms",
        "_source": [*_OWN],
    }


def ancestors_body(source: Mapping[str, Any], *, timeout_ms: int) -> Json | None:
    """Return the search for the nearest ancestors of a comment, the parent first; None for one that answers nobody.

    As a tree is read, a comment's ancestor of each depth is the last comment of that depth before it.
    """
    depth = source.get(fields.DEPTH, 0)
    if not depth:
        return None
    before = [
        {"term": {fields.ROOT_ID: source[fields.ROOT_ID]}},
        {"range": {fields.TREE_ORDER: {"lt": source[fields.TREE_ORDER]}}},
        {"range": {fields.DEPTH: {"lt": depth}}},
    ]
    return _answered({"bool": {"filter": [*before, stored.IS_COMMENT, stored.FIRST_PART]}}, timeout_ms) | {
        "size": ANCESTORS,
        "sort": [{fields.TREE_ORDER: "desc"}],
        "collapse": {"field": fields.DEPTH},
    }


def replies_body(comment_id: str, *, timeout_ms: int) -> Json:
    """Return the search for the direct replies to a comment in page order, with their number."""
    return _answered(
        {"bool": {"filter": [{"term": {fields.PARENT_ID: comment_id}}, stored.FIRST_PART]}}, timeout_ms
    ) | {"size": REPLIES, "sort": [{fields.ORDINAL: "asc"}], "track_total_hits": True}


def context_page(source: Mapping[str, Any], ancestors: Json | None, replies: Json) -> Json:
    """Return a comment with its article, ``ancestors`` from the thread's root down, and ``replies`` with their total.

    Texts of the others are as long as in results. What does not fit into one answer is left out and counted: of the
    ancestors the farthest, of the replies the last.
    """
    own = whole_comment(source)
    room = TEXT_BYTES - weight(own["body"])
    nearest = _fitting(ancestors["hits"]["hits"] if ancestors else (), room)
    room -= sum(weight(entry["body"]) for entry in nearest)
    omitted = source.get(fields.DEPTH, 0) - len(nearest)
    answer: Json = {
        "comment": own,
        "article": article_of_comment(source),
        "ancestors": nearest[::-1],
        "replies": {
            "total": replies["hits"]["total"]["value"],
            "comments": _fitting(replies["hits"]["hits"], room),
        },
    }
    if omitted:
        answer["ancestors_omitted"] = omitted
    return answer


def _answered(wanted: Json, timeout_ms: int) -> Json:
    return {
        "query": wanted,
        "track_total_hits": False,
        "timeout": f"{timeout_ms}ms",
        "_source": [*stored.COMMENT, *stored.COMMENT_BODY],
    }


def _fitting(hits: Iterable[Json], room: int) -> list[Json]:
    shown: list[Json] = []
    for hit in hits:
        entry = comment(hit["_source"])
        room -= weight(entry["body"])
        if room < 0:
            break
        shown.append(entry)
    return shown
