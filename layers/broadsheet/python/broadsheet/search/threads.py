"""The discussion under one article as a tree: whole threads, each comment with its replies inside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from broadsheet.index import fields
from broadsheet.search import cursor as cursors
from broadsheet.search import stored
from broadsheet.search.discussion import TREE_COMMENTS, DiscussionRequest, comments_of, fitting, following
from broadsheet.search.shown import TEXT_BYTES, weight

Json = dict[str, Any]

# JSON has no limit here, but encoders do (orjson: 254 levels, two for each reply): deeper replies stand beside the
# comment that they answer, which they name anyway.
DEEPEST = 50


def threads_body(request: DiscussionRequest, *, timeout_ms: int) -> Json:
    """Return the search for the threads of a page: one hit each, with the number of all comments and threads.

    A thread is found by any of its comments, so that replies to a comment that could not be stored are not lost.
    """
    body: Json = {
        "query": {"bool": {"filter": comments_of(request.article_id)}},
        "collapse": {"field": fields.ROOT_ID},
        "size": request.limit + 1,
        "sort": [{fields.TREE_ORDER: "asc"}],
        "track_total_hits": False,
        "timeout": f"{timeout_ms}ms",
        "_source": [fields.ROOT_ID],
        "aggs": {
            "comments": {"value_count": {"field": fields.DOC_ID}},
            "threads": {"cardinality": {"field": fields.ROOT_ID, "precision_threshold": 40_000}},
        },
    }
    if request.cursor:
        # The engine has no search_after for collapsed hits; the aggregations count what this leaves out, too.
        body["post_filter"] = {"range": {fields.TREE_ORDER: {"gt": request.cursor.after[0]}}}
    return body


def root_ids(request: DiscussionRequest, threads: Json) -> list[str]:
    """Return the roots of a page's threads, in order."""
    return [hit["_source"][fields.ROOT_ID] for hit in threads["hits"]["hits"][: request.limit]]


def tree_body(request: DiscussionRequest, roots: Sequence[str], *, timeout_ms: int) -> Json:
    """Return the search for the comments of some threads as a tree is read, and how many each thread has."""
    of_threads = {"terms": {fields.ROOT_ID: [*roots]}}
    return {
        "query": {"bool": {"filter": [*comments_of(request.article_id), of_threads]}},
        "size": TREE_COMMENTS,
        "sort": [{fields.TREE_ORDER: "asc"}],
        "track_total_hits": False,
        "timeout": f"{timeout_ms}ms",
        "_source": [*stored.COMMENT, *stored.COMMENT_BODY, stored.HEAD],
        "aggs": {
            "threads": {
                "terms": {"field": fields.ROOT_ID, "size": len(roots)},
                "aggs": {"last": {"max": {"field": fields.TREE_ORDER}}},
            }
        },
    }


def tree_page(request: DiscussionRequest, threads: Json, found: Json | None) -> Json:
    """Return whole threads with ``replies`` inside replies, and ``next`` where the tree goes on.

    Threads that do not fit any more are left to the next page. Of one that is too long for any page, the first
    comments are shown, and ``replies_omitted`` counts the others. ``found`` is None without threads.
    """
    hits = found["hits"]["hits"] if found else []
    roots = root_ids(request, threads)
    generation = cursors.generation(request.cursor, hits)
    counted = {bucket["key"]: bucket for bucket in found["aggregations"]["threads"]["buckets"]} if found else {}
    by_root: dict[str, list[Json]] = {}
    for hit in hits:
        by_root.setdefault(hit["_source"][fields.ROOT_ID], []).append(hit)
    room = TEXT_BYTES
    shown: list[Json] = []
    pages = 0
    for root in roots:
        some = by_root.get(root, [])
        entries = fitting(some, room)
        omitted = counted[root]["doc_count"] - len(entries) if root in counted else 0
        if omitted and pages:
            break
        tree = _nested(entries)
        if omitted and tree:
            tree[0]["replies_omitted"] = omitted
        shown += tree
        room -= sum(weight(entry["body"]) for entry in entries)
        pages += 1
        if omitted:
            break
    more = pages < len(threads["hits"]["hits"])
    last = counted.get(roots[pages - 1]) if pages else None
    totals = threads["aggregations"]
    return {
        "article_id": request.article_id,
        "view": "tree",
        "total": {"value": int(totals["comments"]["value"]), "relation": "eq"},
        "threads": {"value": totals["threads"]["value"], "relation": "eq"},
        "comments": shown,
        "next": following(request, generation, [int(last["last"]["value"])]) if more and last else None,
    }


def _nested(entries: Iterable[Json]) -> list[Json]:
    """Put the comments of one thread into ``replies`` of those they answer; they come as a tree is read."""
    top: list[Json] = []
    known: dict[str, tuple[Json, list[Json], int]] = {}
    for entry in entries:
        entry["replies"] = []
        answered = known.get(entry["thread"].get("parent", ""))
        if answered is None:
            level, siblings = 0, top
        else:
            parent, beside, level = answered
            level, siblings = (level + 1, parent["replies"]) if level < DEEPEST else (level, beside)
        siblings.append(entry)
        known[entry["comment_id"]] = entry, siblings, level
    return top
