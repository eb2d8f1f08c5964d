"""Requests of the read side -> engine bodies. Pure, bounded in size, without scripts and without query_string."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from broadsheet.index import fields
from broadsheet.search.clauses import ARTICLE, COMMENT, Clause, any_of, in_field, matching
from broadsheet.search.plan import Plan, plan
from broadsheet.search.request import CommentsRequest, ResultType, SearchRequest

Body = dict[str, Any]

COUNTED_TO = 10_000  # totals are exact up to here, then a lower bound: counting on would cost every query
MATCHING_COMMENTS = 3
ARTICLE_PARTS = 6  # more text than one answer can hold

# Just below index.highlight.max_analyzed_offset (1,000,000): beyond it the engine would refuse the whole request.
_HIGHLIGHTED_TO = 999_999
_FRAGMENTS = 2
_FRAGMENT_CHARACTERS = 160

# Which stored fields an answer needs; of a document's display, results leave out what only a page of its own shows.
_WHERE = (fields.ARTICLE_ID, fields.URL, fields.SOURCE, fields.S3_BUCKET, fields.S3_KEY)
_ARTICLE = (
    fields.KIND,
    *_WHERE,
    fields.TITLE,
    fields.LANG,
    fields.COMMENT_COUNT,
    *(f"{fields.DISPLAY}.{name}" for name in ("excerpt", "published_at")),
)
_WHOLE_ARTICLE = (
    *_ARTICLE,
    fields.BODY,
    fields.AUTHOR,
    fields.TAGS,
    fields.COMMENT_COUNT_DECLARED,
    f"{fields.DISPLAY}.alternate_languages",
)
_COMMENT = (
    fields.KIND,
    fields.COMMENT_ID,
    fields.ORDINAL,
    fields.AUTHOR,
    fields.AUTHOR_KIND,
    fields.LANG,
    fields.ROOT_ID,
    fields.DEPTH,
    *(f"{fields.DISPLAY}.{name}" for name in ("posted_at", "mentions", "thread")),
)
_COMMENT_BODY = (fields.BODY, fields.PART)
_HEAD = f"{fields.DISPLAY}.head"
_ITS_ARTICLE = (*_WHERE, fields.ARTICLE_TITLE, f"{fields.DISPLAY}.article")

_IS_ARTICLE: Clause = {"term": {fields.KIND: "article"}}
_IS_COMMENT: Clause = {"term": {fields.KIND: "comment"}}
_FIRST_PART: Clause = {"bool": {"must_not": [{"range": {fields.PART: {"gt": 0}}}]}}
_BY_RELEVANCE = [
    {"_score": "desc"},
    {fields.SORT_DATE: {"order": "desc", "missing": "_last"}},
    {fields.DOC_ID: "asc"},
]


def search_body(request: SearchRequest, *, timeout_ms: int) -> Body:
    """Return the search for one page: over the articles, the comments, or both in one order of score."""
    planned = plan(request.query)
    kinds = []
    if request.type != "comment":
        kinds.append(matching(planned, ARTICLE, [_IS_ARTICLE, _reasons(planned)]))
    if request.type != "article":
        kinds.append(matching(planned, COMMENT, [_IS_COMMENT]))
    body: Body = {
        "query": kinds[0] if len(kinds) == 1 else {"bool": {"should": kinds}},
        "size": request.limit,
        "sort": _BY_RELEVANCE,
        "track_total_hits": COUNTED_TO,
        "timeout": f"{timeout_ms}ms",
        "_source": [*_search_source(request)],
    }
    if request.highlight and (marked := _highlight(planned, request.type)):
        body["highlight"] = marked
    return body


def matching_comments_body(request: SearchRequest, article_ids: Sequence[str], *, timeout_ms: int) -> Body | None:
    """Return the search for the best comments of some articles, with their number per article.

    A comment matches with any word of the query: the others may stand in the article. None when the query says
    nothing that a comment could match.
    """
    planned = plan(request.query)
    wanted = any_of(planned, [{"terms": {fields.ARTICLE_ID: [*article_ids]}}])
    if wanted is None or not article_ids:
        return None
    best: Body = {
        "size": MATCHING_COMMENTS,
        "sort": [{"_score": "desc"}, {fields.ORDINAL: "asc"}],
        "_source": [*_COMMENT, *_COMMENT_BODY],
    }
    if request.highlight and (marked := _highlight(planned, "comment")):
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
        "_source": [fields.DOC_ID, *_COMMENT_BODY],
    }


def article_body(article_id: str, *, timeout_ms: int) -> Body:
    """Return the search for one article with its text, the parts of a very long one in order."""
    return {
        "query": {"bool": {"filter": [{"term": {fields.ARTICLE_ID: article_id}}, _IS_ARTICLE]}},
        "size": ARTICLE_PARTS,
        "sort": [{fields.PART: "asc"}],
        "timeout": f"{timeout_ms}ms",
        "_source": [*_WHOLE_ARTICLE],
    }


def comments_body(article_id: str, request: CommentsRequest, *, timeout_ms: int) -> Body:
    """Return the search for a stretch of an article's comments in page order, with their whole number."""
    body: Body = {
        "query": {"bool": {"filter": [{"term": {fields.ARTICLE_ID: article_id}}, _IS_COMMENT, _FIRST_PART]}},
        "size": request.limit,
        "sort": [{fields.ORDINAL: "asc"}],
        "track_total_hits": True,
        "timeout": f"{timeout_ms}ms",
        "_source": [*_COMMENT, *_COMMENT_BODY, _HEAD],
    }
    if request.after >= 0:
        body["search_after"] = [request.after]
    return body


def comment_body(comment_id: str, *, timeout_ms: int) -> Body:
    """Return the search for one comment."""
    return {
        "query": {"bool": {"filter": [{"term": {fields.COMMENT_ID: comment_id}}, _FIRST_PART]}},
        "size": 1,
        "timeout": f"{timeout_ms}ms",
        "_source": [*_COMMENT, *_COMMENT_BODY, *_ITS_ARTICLE, _HEAD],
    }


def _search_source(request: SearchRequest) -> tuple[str, ...]:
    if request.type == "article":
        return _ARTICLE
    if request.type == "comment":
        return (*_COMMENT, *_COMMENT_BODY, *_ITS_ARTICLE)
    # Not the body: an article's would come along, up to a megabyte per hit.
    return (*_ARTICLE, *_COMMENT, *_ITS_ARTICLE, fields.PART)


def _reasons(planned: Plan) -> Clause:
    """Return a filter that lets everything pass and names the fields of an article that the query matches.

    The engine drops optional clauses from a filter, so that they cost nothing in the search itself; their names are
    evaluated for the hits of the page only.
    """
    named = []
    for name in (fields.TITLE, fields.BODY, fields.DISCUSSION):
        if clause := in_field(planned, name):
            clause["bool"]["_name"] = name
            named.append(clause)
    return {"bool": {"must": [{"match_all": {}}], "should": named}}


def _highlight(planned: Plan, kind: ResultType) -> Body | None:
    marked: Body = {}
    if in_body := in_field(planned, fields.BODY, of_comment=kind != "article"):
        marked[fields.BODY] = {
            "number_of_fragments": _FRAGMENTS,
            "fragment_size": _FRAGMENT_CHARACTERS,
            "highlight_query": in_body,
        }
    if kind != "comment" and (in_title := in_field(planned, fields.TITLE)):
        marked[fields.TITLE] = {"number_of_fragments": 0, "highlight_query": in_title}
    if not marked:
        return None
    return {
        "type": "unified",
        "encoder": "html",
        "pre_tags": ["<mark>"],
        "post_tags": ["</mark>"],
        "max_analyzer_offset": _HIGHLIGHTED_TO,
        "fields": marked,
    }
