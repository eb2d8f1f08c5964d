"""Help while typing: titles, authors and tags that begin like what stands in the search box.

Every word typed is taken for the beginning of a word, in any order, in both scripts: case, accents, Arabic letter
variants and the Arabic article do not count. Only indices made of the second files or later hold the beginnings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from broadsheet.index import fields
from broadsheet.search import stored
from broadsheet.search.authors import spellings
from broadsheet.search.beginnings import begins
from broadsheet.search.parameters import Choices, Integer, Parameter, Text, read_parameters
from broadsheet.text import fold

Json = dict[str, Any]
Kind = Literal["title", "author", "tag"]

KINDS: tuple[Kind, ...] = ("title", "author", "tag")
# Titles are fetched beyond the limit, because copies of an article have the same one.
_FETCHED = 4
# Names are counted among so many documents of a shard, the first stored: enough for the frequent ones of one letter,
# and more than most beginnings of three have.
_COUNTED = 5_000
_NAMES = 30
# One author's names, beside those of co-authors.
_NAMES_OF_ONE = 10
NOT_PREPARED = (
    "The index was made before there were suggestions. Have the operator fill a new generation and swap to it: "
    "broadsheet generations fill."
)

SUGGEST_PARAMETERS: tuple[Parameter, ...] = (
    Text("q", "What was typed so far.", shortest=1, longest=100),
    Choices("kind", "What to suggest; everything when not given. May be repeated.", KINDS),
    Integer("limit", "How many of each to return.", smallest=1, largest=20, default=5),
)


@dataclass(frozen=True, slots=True)
class SuggestRequest:
    """A valid request for suggestions."""

    q: str
    kinds: tuple[Kind, ...]
    limit: int


def read_suggest(given: Mapping[str, Sequence[str]]) -> SuggestRequest:
    """Read the parameters; raise RequestError with one problem per wrong parameter."""
    values = read_parameters(SUGGEST_PARAMETERS, given)
    return SuggestRequest(values["q"], values["kind"] or KINDS, values["limit"])


def suggest_body(kind: Kind, request: SuggestRequest, *, timeout_ms: int) -> Json:
    """Return the search for one kind of suggestions: titles as hits, names as counts."""
    if kind == "title":
        return {
            "query": {"bool": {"must": [_typed(fields.TITLE_SUGGEST, request)], "filter": [stored.FIRST_PART]}},
            # By score alone, ties as stored: with a second order the engine could skip none of 60,000 titles with an s.
            "size": _FETCHED * request.limit,
            "track_total_hits": False,
            "timeout": f"{timeout_ms}ms",
            "_source": [fields.TITLE, fields.ARTICLE_ID],
        }
    field, counted = (fields.TAGS_SUGGEST, fields.TAGS) if kind == "tag" else (fields.AUTHOR_SUGGEST, fields.AUTHOR_KEY)
    names: Json = {
        "terms": {
            "field": counted,
            "size": _NAMES,
            "order": [{"_count": "desc"}, {"_key": "asc"}],
            # First who is among them, then their names: not the names of everybody.
            "collect_mode": "breadth_first",
        }
    }
    if kind == "author":
        names["aggs"] = {"names": {"terms": {"field": fields.AUTHOR, "size": _NAMES_OF_ONE}}}
    return {
        "query": {"bool": {"filter": [_typed(field, request)]}},
        "size": 0,
        "track_total_hits": False,
        "terminate_after": _COUNTED,
        "timeout": f"{timeout_ms}ms",
        "aggs": {"names": names},
    }


def not_prepared_body(*, timeout_ms: int) -> Json:
    """Return the search for an article with a title of which the beginnings are not indexed."""
    has, lacks = {"exists": {"field": fields.TITLE}}, {"exists": {"field": fields.TITLE_SUGGEST}}
    return {
        "query": {"bool": {"filter": [has], "must_not": [lacks]}},
        "size": 0,
        "track_total_hits": 1,
        "terminate_after": 1,
        "timeout": f"{timeout_ms}ms",
    }


def titles(request: SuggestRequest, found: Json) -> list[Json]:
    """Return the titles found, each once; those that begin like the text come first."""
    shown: dict[str, Json] = {}
    for hit in found["hits"]["hits"]:
        source = hit["_source"]
        entry = {"title": source[fields.TITLE], "article_id": source[fields.ARTICLE_ID]}
        shown.setdefault(fold(source[fields.TITLE]), entry)
    typed = fold(request.q)
    ordered = sorted(shown, key=lambda title: not title.startswith(typed))
    return [shown[title] for title in ordered[: request.limit]]


def authors(request: SuggestRequest, found: Json) -> list[Json]:
    """Return the authors found, those with most texts first; ``count`` is of the texts that were counted."""
    shown = []
    for bucket in found["aggregations"]["names"]["buckets"]:
        names = spellings(bucket["key"], bucket["names"])
        if begins(bucket["key"], request.q):
            name = names[0] if names else bucket["key"]
            shown.append({"key": bucket["key"], "name": name, "count": bucket["doc_count"]})
    return shown[: request.limit]


def tags(request: SuggestRequest, found: Json) -> list[Json]:
    """Return the tags found, the most frequent first."""
    buckets = found["aggregations"]["names"]["buckets"]
    shown = [{"tag": b["key"], "count": b["doc_count"]} for b in buckets if begins(b["key"], request.q)]
    return shown[: request.limit]


def _typed(field: str, request: SuggestRequest) -> Json:
    return {"match": {field: {"query": request.q, "operator": "and"}}}
