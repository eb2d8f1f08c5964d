"""One author: how much, since when, where, on what; whom they answer, and who answers them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from broadsheet.index import fields
from broadsheet.search import stored
from broadsheet.search.authors import author, details, spellings
from broadsheet.search.shown import article, article_of_comment

Json = dict[str, Any]

LONGEST_KEY = 256
"""Characters of a key that the index holds."""
PEOPLE = 20
ARTICLES = 10
# Who answers whom is stated by a page (nesting, indentation, links), or estimated from names and times: the readers of
# pages give what they saw a confidence of at least this, and guesses less.
STATED = 0.8
_STATED: Json = {"filter": {"range": {fields.EDGE_CONFIDENCE: {"gte": STATED}}}}
_BY_COUNT = [{"_count": "desc"}, {"_key": "asc"}]


def author_body(key: str, *, timeout_ms: int) -> Json:
    """Return the search for what an author wrote."""
    on_articles = _top(fields.ARTICLE_ID, ARTICLES) | {
        "aggs": {"shown": {"top_hits": {"size": 1, "_source": [fields.KIND, *stored.ITS_ARTICLE]}}}
    }
    wrote = {"size": ARTICLES, "sort": stored.NEWEST, "_source": [*stored.ARTICLE]}
    return {
        "query": {"bool": {"filter": [{"term": {fields.AUTHOR_KEY: key}}, stored.FIRST_PART]}},
        "size": 0,
        "track_total_hits": True,
        "timeout": f"{timeout_ms}ms",
        "aggs": details()
        | {
            "sources": _top(fields.SOURCE, PEOPLE),
            "languages": _top(fields.LANG, PEOPLE),
            "kinds": _top(fields.AUTHOR_KIND, PEOPLE),
            "commented": {"filter": stored.IS_COMMENT, "aggs": {"articles": on_articles}},
            "wrote": {"filter": stored.IS_ARTICLE, "aggs": {"articles": {"top_hits": wrote}}},
            "answers": {
                "filter": {"exists": {"field": fields.PARENT_ID}},
                "aggs": {
                    "stated": _STATED,
                    "people": _top(fields.PARENT_AUTHOR_KEY, PEOPLE) | {"aggs": {"stated": _STATED}},
                },
            },
        },
    }


def answered_body(key: str, *, timeout_ms: int) -> Json:
    """Return the search for the comments that answer an author."""
    name = {"terms": {"field": fields.AUTHOR, "size": 1}}
    return {
        "query": {"bool": {"filter": [{"term": {fields.PARENT_AUTHOR_KEY: key}}, stored.FIRST_PART]}},
        "size": 0,
        "track_total_hits": True,
        "timeout": f"{timeout_ms}ms",
        "aggs": {
            "stated": _STATED,
            "people": _top(fields.AUTHOR_KEY, PEOPLE) | {"aggs": {"stated": _STATED, "name": name}},
        },
    }


def names_body(keys: Sequence[str], *, timeout_ms: int) -> Json:
    """Return the search for the usual names of those whom an author answers: a comment holds only their keys."""
    of_each = {"field": fields.AUTHOR_KEY, "include": [*keys], "size": len(keys)}
    return {
        "query": {"bool": {"filter": [{"terms": {fields.AUTHOR_KEY: [*keys]}}]}},
        "size": 0,
        "track_total_hits": False,
        "timeout": f"{timeout_ms}ms",
        "aggs": {"people": {"terms": of_each, "aggs": {"name": {"terms": {"field": fields.AUTHOR, "size": 1}}}}},
    }


def answered_keys(found: Json) -> list[str]:
    """Return the keys of those whom an author answers most."""
    return [bucket["key"] for bucket in found["aggregations"]["answers"]["people"]["buckets"]]


def author_page(key: str, found: Json, answering: Json, names: Json | None) -> Json:
    """Return an author; the answers are those to ``author_body``, ``answered_body`` and ``names_body``."""
    counted = found["aggregations"]
    named = _names(names["aggregations"]["people"]) if names else {}
    answers, received = counted["answers"], answering["aggregations"]
    commented = counted["commented"]["articles"]["buckets"]
    wrote = counted["wrote"]["articles"]["hits"]["hits"]
    return {
        "author": author(key, counted),
        "sources": _values(counted["sources"]),
        "languages": _values(counted["languages"]),
        "kinds": _values(counted["kinds"]),
        "commented_on": [
            {"comments": bucket["doc_count"], "article": _article(bucket["shown"]["hits"]["hits"][0])}
            for bucket in commented
        ],
        "wrote": {
            "total": counted["wrote"]["doc_count"],
            "articles": [article(hit["_source"]) for hit in wrote],
        },
        "answers": _edges(answers["doc_count"], answers, named),
        "answered_by": _edges(answering["hits"]["total"]["value"], received, _names(received["people"])),
    }


def _edges(total: int, counted: Json, names: Mapping[str, str]) -> Json:
    """Return who and how often, what pages state and what is estimated apart; ``others`` are not listed."""
    stated = counted["stated"]["doc_count"]
    people = [
        {"key": bucket["key"], "name": names.get(bucket["key"], bucket["key"])} | _split(bucket)
        for bucket in counted["people"]["buckets"]
    ]
    others = counted["people"]["sum_other_doc_count"]
    return {"total": total, "stated": stated, "estimated": total - stated, "people": people, "others": others}


def _split(bucket: Json) -> Json:
    count, stated = bucket["doc_count"], bucket["stated"]["doc_count"]
    return {"count": count, "stated": stated, "estimated": count - stated}


def _names(people: Json) -> dict[str, str]:
    found = {bucket["key"]: spellings(bucket["key"], bucket["name"]) for bucket in people["buckets"]}
    return {key: names[0] for key, names in found.items() if names}


def _article(hit: Json) -> Json:
    return article_of_comment(hit["_source"])


def _top(field: str, size: int) -> Json:
    return {"terms": {"field": field, "size": size, "shard_size": stored.PER_SHARD, "order": _BY_COUNT}}


def _values(counted: Json) -> list[Json]:
    return [{"value": bucket["key"], "count": bucket["doc_count"]} for bucket in counted["buckets"]]
