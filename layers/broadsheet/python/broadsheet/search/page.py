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
from broadsheet.search.request import SearchRequest
from broadsheet.search.shown import article, article_of_comment, comment, selected
from broadsheet.search.tree import described, written

Json = dict[str, Any]

_REASONS = (fields.TITLE, fields.BODY, fields.DISCUSSION)
ENOUGH = 3
"""Results that answer a query of required words; with fewer, it may be relaxed. Chosen with the judged queries."""
WORTH_RELAXING = 10
"""Results with some of the words that are worth giving up that all are required, where one or two have all of them."""
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
        "total": _total_of_walk(request, found),
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
    generation = cursors.generation(request.cursor, hits)
    if len(hits) < request.limit:
        return None
    # Only of a first page it is known that nothing comes after it: in a walk, results come and go.
    if not request.cursor and total(found) == {"value": len(hits), "relation": "eq"}:
        return None
    if request.sort == "relevance" and not request.cursor:
        # Scores change with every document that arrives: the next pages are those of one state, without this one.
        after, shown = (), tuple(map(doc_id, hits))
    else:
        after, shown = tuple(hits[-1]["sort"]), request.cursor.shown if request.cursor else ()
    following = Cursor(
        request=request.identity,
        generation=generation,
        at=request.at,
        relaxed=relaxed,
        point_in_time=found.get("pit_id", ""),
        after=after,
        shown=shown,
    )
    return cursors.encode(following)


def is_too_little(request: SearchRequest, found: Json) -> bool:
    """Whether so little has all words that the list may go on with what has some of them.

    In the order of relevance what has all words still comes first, so fewer than ENOUGH results are too few; in any
    other order only none.
    """
    least = ENOUGH if request.sort == "relevance" else 1
    return int(found["hits"]["total"]["value"]) < least


def goes_on(found: Json, more: Json) -> bool:
    """Whether the relaxed answer ``more`` takes the place of ``found``: nothing was found, or it is a long list."""
    every, some = (int(answer["hits"]["total"]["value"]) for answer in (found, more))
    return some >= (WORTH_RELAXING if every else 1)


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


def _total_of_walk(request: SearchRequest, found: Json) -> Json:
    counted = total(found)
    if request.cursor and counted["relation"] == "eq":
        counted["value"] += len(request.cursor.shown)
    return counted


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


def _kind(hit: Json) -> str:
    return str(hit["_source"][fields.KIND])
