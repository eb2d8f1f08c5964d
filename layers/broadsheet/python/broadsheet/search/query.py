"""Requests of the read side -> engine bodies. Pure, bounded in size, without scripts and without query_string."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from broadsheet.index import fields
from broadsheet.search import stored
from broadsheet.search.clauses import any_of, in_field, matching, spellings
from broadsheet.search.facets import aggregations
from broadsheet.search.highlights import highlight
from broadsheet.search.page import VARIANT
from broadsheet.search.plan import Plan
from broadsheet.search.ranking import COMMENT, Kind, Weights, articles
from broadsheet.search.request import SearchRequest, Sort
from broadsheet.search.terms import Clause

Body = dict[str, Any]

_WEIGHTS = Weights()
COUNTED_TO = 10_000  # totals are exact up to here, then a lower bound: counting on would cost every query
MATCHING_COMMENTS = 3
ARTICLE_PARTS = 6  # more text than one answer can hold

_ORDERS: Mapping[Sort, list[Any]] = {
    "relevance": [{"_score": "desc"}, *stored.NEWEST],
    "newest": stored.NEWEST,
    "oldest": stored.OLDEST,
    "discussed": [{fields.COMMENT_COUNT: "desc"}, *stored.NEWEST],
    "active": [{fields.LAST_COMMENT_AT: {"order": "desc", "missing": stored.FIRST_DAY}}, {fields.DOC_ID: "asc"}],
}


def search_body(request: SearchRequest, planned: Plan, *, timeout_ms: int, weights: Weights = _WEIGHTS) -> Body:
    """Return the search for one page: over the articles, the comments, or both in one order."""
    counted = aggregations(request.facets, request.facet_size, request.timeline, request.filters)
    shown = [name for name in request.facets if name in request.filters.clauses] if counted else []
    filters = request.filters.but(shown)
    # An index holds one kind. A filter that all documents pass keeps the engine from scoring in bulk.
    only_articles, only_comments = ([stored.IS_ARTICLE], [stored.IS_COMMENT]) if request.type == "all" else ([], [])
    kinds = []
    if request.type != "comment":
        kind = articles(weights)
        kinds.append(matching(planned, kind, [*only_articles, *filters, _reasons(planned, kind)]))
    if request.type != "article":
        kinds.append(matching(planned, COMMENT, [*only_comments, *filters, _reasons(planned, COMMENT)]))
    wanted = kinds[0]
    if len(kinds) > 1:
        kinds[1]["bool"]["boost"] = weights.comment
        wanted = {"bool": {"should": kinds}}
    body: Body = {
        "query": _younger_first(wanted, request) if request.recency and request.sort == "relevance" else wanted,
        "size": request.limit,
        "sort": _ORDERS[request.sort],
        "track_scores": True,
        "track_total_hits": COUNTED_TO,
        "timeout": f"{timeout_ms}ms",
        "_source": [*_search_source(request)],
    }
    if counted:
        body["aggs"] = counted
    left_out = request.cursor.shown if request.cursor else ()
    if shown or left_out:
        only: Clause = {"filter": [request.filters.clauses[name] for name in shown]}
        if left_out:
            only["must_not"] = [{"terms": {fields.DOC_ID: [*left_out]}}]
        body["post_filter"] = {"bool": only}
    if marked := highlight(
        planned, request.highlight, articles=request.type != "comment", comments=request.type != "article"
    ):
        body["highlight"] = marked
    if request.cursor and request.cursor.after:
        body["search_after"] = [*request.cursor.after]
    return body


def matching_comments_body(
    request: SearchRequest, planned: Plan, article_ids: Sequence[str], *, timeout_ms: int
) -> Body | None:
    """Return the search for the best comments of some articles, with their number per article.

    A comment matches with any word of the query: the others may stand in the article. None when the query says
    nothing that a comment could match.
    """
    wanted = any_of(planned, [{"terms": {fields.ARTICLE_ID: [*article_ids]}}])
    if wanted is None or not article_ids:
        return None
    best: Body = {
        "size": MATCHING_COMMENTS,
        "sort": [{"_score": "desc"}, {fields.ORDINAL: "asc"}],
        "_source": [*stored.COMMENT, *stored.COMMENT_BODY],
    }
    if marked := highlight(planned, request.highlight, articles=False, comments=True):
        best["highlight"] = marked
    return {
        "query": wanted,
        "size": 0,
        "track_total_hits": False,
        "timeout": f"{timeout_ms}ms",
        "aggs": {
            "articles": {
                "terms": {"field": fields.ARTICLE_ID, "size": len(article_ids)},
                "aggs": {"best": {"top_hits": best}},
            }
        },
    }


def comment_bodies_body(doc_ids: Sequence[str], *, timeout_ms: int) -> Body:
    """Return the search for the texts of some comments; a page of both kinds leaves them out of its own."""
    return {
        "query": {"bool": {"filter": [{"terms": {fields.DOC_ID: [*doc_ids]}}]}},
        "size": len(doc_ids),
        "track_total_hits": False,
        "timeout": f"{timeout_ms}ms",
        "_source": [fields.DOC_ID, *stored.COMMENT_BODY],
    }


def article_body(article_id: str, *, timeout_ms: int) -> Body:
    """Return the search for one article with its text, the parts of a very long one in order."""
    return {
        "query": {"bool": {"filter": [{"term": {fields.ARTICLE_ID: article_id}}, stored.IS_ARTICLE]}},
        "size": ARTICLE_PARTS,
        "sort": [{fields.PART: "asc"}],
        "timeout": f"{timeout_ms}ms",
        "_source": [*stored.WHOLE_ARTICLE],
    }


def _search_source(request: SearchRequest) -> tuple[str, ...]:
    if request.type == "article":
        return stored.ARTICLE
    if request.type == "comment":
        return (*stored.COMMENT, *stored.COMMENT_BODY, *stored.ITS_ARTICLE)
    # Not the body: an article's would come along, up to a megabyte per hit.
    return (*stored.ARTICLE, *stored.COMMENT, *stored.ITS_ARTICLE, fields.PART)


def _reasons(planned: Plan, kind: Kind) -> Clause:
    """Return a filter that lets everything pass and names what of a document the query matches.

    The engine drops optional clauses from a filter, so that they cost nothing in the search itself; their names are
    evaluated for the hits of the page only.
    """
    named = []
    for name in (fields.BODY,) if kind is COMMENT else (fields.TITLE, fields.BODY, fields.DISCUSSION):
        if clause := in_field(planned, name, of_comment=kind is COMMENT):
            clause["bool"]["_name"] = name
            named.append(clause)
    named += [
        {"bool": {"must": [clause], "_name": VARIANT + text}} for text, clause in spellings(planned, kind).items()
    ]
    return {"bool": {"must": [{"match_all": {}}], "should": named}}


def _younger_first(wanted: Clause, request: SearchRequest) -> Clause:
    """Let a document's score grow up to twofold the nearer it is to now; one without a date keeps its own."""
    now = datetime.fromtimestamp(request.at, UTC).isoformat(timespec="seconds")
    decay = {"origin": now, "scale": f"{request.recency}s", "decay": 0.5}
    return {
        "function_score": {
            "query": wanted,
            "functions": [
                {"weight": 1},
                {"filter": {"exists": {"field": fields.SORT_DATE}}, "exp": {fields.SORT_DATE: decay}},
            ],
            "score_mode": "sum",
            "boost_mode": "multiply",
        }
    }
