"""Engine answers -> pages of results as the API returns them.

Highlights are safe HTML, or offsets into plain text; everything else is plain text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from broadsheet.index import fields
from broadsheet.search import cursor as cursors
from broadsheet.search.cursor import Cursor
from broadsheet.search.facets import facets, timeline
from broadsheet.search.highlights import highlights
from broadsheet.search.plan import Plan
from broadsheet.search.request import CommentsRequest, SearchRequest
from broadsheet.search.shown import TEXT_BYTES, article, article_of_comment, comment, selected, weight, whole_comment
from broadsheet.search.tree import described, written

Json = dict[str, Any]

_REASONS = (fields.TITLE, fields.BODY, fields.DISCUSSION)
VARIANT = "variant:"
"""Begins the name of a clause that found a spelling which the user did not write."""


def search_page(
    request: SearchRequest,
    found: Json,
    matching_comments: Json | None = None,
    bodies: Json | None = None,
) -> Json:
    """Return one page of results, but for ``next`` and how the query was read.

    ``found`` answers ``query.search_body``; ``matching_comments`` and ``bodies`` the second round of the same page.
    Raise RequestError for a timeline of too many steps.
    """
    per_article = _matching_comments(request, matching_comments)
    texts = {hit["_source"][fields.DOC_ID]: hit["_source"] for hit in bodies["hits"]["hits"]} if bodies else {}
    answers = [answer for answer in (found, matching_comments, bodies) if answer]
    counted = found.get("aggregations", {})
    return {
        "total": total(found),
        "took_ms": sum(answer["took"] for answer in answers),
        "next": None,
        "results": [_result(request, hit, per_article, texts) for hit in found["hits"]["hits"]],
        "facets": facets(request.facets, counted),
        "timeline": timeline(request.timeline, counted),
    }


def next_cursor(request: SearchRequest, found: Json, *, relaxed: bool) -> str | None:
    """Return where the next page begins; None when this one is the last.

    Raise RequestError when the hits are of another generation than those of the page before.
    """
    hits = found["hits"]["hits"]
    generation = _generation(hits[0]) if hits else 0
    before = request.cursor
    if before and before.generation and generation and generation != before.generation:
        raise cursors.other_generation()
    if len(hits) < request.limit:
        return None
    after = Cursor(
        request=request.identity,
        generation=generation,
        at=request.at,
        relaxed=relaxed,
        point_in_time=found.get("pit_id", ""),
        after=tuple(hits[-1]["sort"]),
    )
    return cursors.encode(after)


def explanation(request: SearchRequest, planned: Plan) -> Json:
    """Return how the query was read: as text in full, as a tree, and whether all words are required."""
    return {
        "written": written(request.query),
        "tree": described(request.query),
        "match": "all" if planned.all_words else "any",
        "sort": request.sort,
    }


def article_ids(found: Json) -> list[str]:
    """Return the articles among the hits, each once, in their order."""
    hits = found["hits"]["hits"]
    return list(dict.fromkeys(hit["_source"][fields.ARTICLE_ID] for hit in hits if _kind(hit) == "article"))


def comment_doc_ids(found: Json) -> list[str]:
    """Return the document ids of the comments among the hits."""
    return [doc_id(hit) for hit in found["hits"]["hits"] if _kind(hit) == "comment"]


def doc_id(hit: Json) -> str:
    """Return the document id of a hit: the last of its sort values, so that no stored field is read for it."""
    return str(hit["sort"][-1])


def total(found: Json) -> Json:
    """Return the number of matches with its relation: ``eq``, or ``gte`` for a lower bound."""
    counted = found["hits"]["total"]
    return {"value": counted["value"], "relation": counted["relation"]}


def comments_page(article_id: str, found: Json, request: CommentsRequest) -> Json:
    """Return a stretch of a discussion in page order; ``next_after`` continues it, null at its end.

    A page ends early when its texts pass what one answer can hold.
    """
    hits = found["hits"]["hits"]
    shown: list[Json] = []
    room = TEXT_BYTES
    for hit in hits:
        entry = whole_comment(hit["_source"])
        room -= weight(entry["body"])
        if shown and room < 0:
            break
        shown.append(entry)
    more = len(shown) < len(hits) or len(hits) == request.limit
    return {
        "article_id": article_id,
        "total": total(found),
        "comments": shown,
        "next_after": shown[-1]["ordinal"] if shown and more else None,
    }


def _result(request: SearchRequest, hit: Json, per_article: Mapping[str, Json], texts: Mapping[str, Json]) -> Json:
    source = hit["_source"]
    named = hit.get("matched_queries", ())
    shown = {
        "type": _kind(hit),
        "score": hit["_score"],
        "why": [name for name in _REASONS if name in named],
        "variants": [name.removeprefix(VARIANT) for name in named if name.startswith(VARIANT)],
        "highlights": highlights(hit, request.highlight),
    }
    if shown["type"] == "comment":
        if fields.BODY not in source:
            source = source | texts.get(doc_id(hit), {})
        return shown | {
            "comment": selected(comment(source), request.fields),
            "article": selected(article_of_comment(source), request.fields),
        }
    return shown | {
        "article": selected(article(source), request.fields),
        "matching_comments": per_article.get(source[fields.ARTICLE_ID], {"total": 0, "comments": []}),
    }


def _matching_comments(request: SearchRequest, answer: Json | None) -> dict[str, Json]:
    if not answer:
        return {}
    return {
        bucket["key"]: {
            "total": bucket["doc_count"],
            "comments": [
                selected(comment(hit["_source"]), request.fields) | {"highlights": highlights(hit, request.highlight)}
                for hit in bucket["best"]["hits"]["hits"]
            ],
        }
        for bucket in answer["aggregations"]["articles"]["buckets"]
    }


def _generation(hit: Json) -> int:
    number = hit["_index"].rpartition("-v")[2]
    return int(number) if number.isdecimal() else 0


def _kind(hit: Json) -> str:
    return str(hit["_source"][fields.KIND])
