"""More articles like one: those that share its rarest words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from broadsheet.index import fields
from broadsheet.search import stored
from broadsheet.search.parameters import Integer, Parameter, read_parameters
from broadsheet.search.shown import article

Json = dict[str, Any]

SIMILAR_PARAMETERS: tuple[Parameter, ...] = (
    Integer("limit", "How many articles to return.", smallest=1, largest=50, default=10),
)
# The words of the article that weigh most, and how many of them another one must share. Three of ten keep a long
# article from being like everything that shares one of its words.
_WORDS = 25
_SHARED = "30%"
# A word of this article only finds nothing.
_LEAST_ARTICLES = 2


def read_similar(given: Mapping[str, Sequence[str]]) -> int:
    """Return how many articles a request wants; raise RequestError with one problem per wrong parameter."""
    limit: int = read_parameters(SIMILAR_PARAMETERS, given)["limit"]
    return limit


def subject_body(article_id: str, *, timeout_ms: int) -> Json:
    """Return the search for the document of an article, without its text."""
    wanted = [{"term": {fields.ARTICLE_ID: article_id}}, stored.IS_ARTICLE, stored.FIRST_PART]
    return {
        "query": {"bool": {"filter": wanted}},
        "size": 1,
        "timeout": f"{timeout_ms}ms",
        "_source": [fields.DOC_ID, fields.WORK_KEY],
    }


def similar_body(article_id: str, subject: Mapping[str, Any], limit: int, *, timeout_ms: int) -> Json:
    """Return the search for articles like a stored one; ``subject`` is its source.

    Copies of the article are left out, and of several copies of another one the best is shown.
    """
    alike = {
        "more_like_this": {
            "fields": [fields.TITLE, fields.BODY],
            "like": [{"_id": subject[fields.DOC_ID]}],
            "min_term_freq": 1,
            "min_doc_freq": _LEAST_ARTICLES,
            "max_query_terms": _WORDS,
            "minimum_should_match": _SHARED,
        }
    }
    itself = [{"term": {fields.ARTICLE_ID: article_id}}, {"term": {fields.WORK_KEY: subject[fields.WORK_KEY]}}]
    return {
        "query": {"bool": {"must": [alike], "filter": [stored.IS_ARTICLE, stored.FIRST_PART], "must_not": itself}},
        "collapse": {"field": fields.WORK_KEY},
        "size": limit,
        "sort": [{"_score": "desc"}, *stored.NEWEST],
        "track_total_hits": False,
        "timeout": f"{timeout_ms}ms",
        "_source": [*stored.ARTICLE],
    }


def similar_page(article_id: str, found: Json) -> Json:
    """Return the articles found, the most similar first."""
    results = [{"score": hit["_score"], "article": article(hit["_source"])} for hit in found["hits"]["hits"]]
    return {"article_id": article_id, "results": results}
