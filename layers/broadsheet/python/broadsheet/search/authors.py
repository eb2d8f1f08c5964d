"""Who writes: names by number of texts, by last appearance, or in the order of the alphabet.

Spellings of a name that differ only in case, spaces or Arabic letter variants are one author, known by a key. Two
people who sign alike are one, too: pages do not tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from broadsheet.index import fields
from broadsheet.search import cursor as cursors
from broadsheet.search import stored
from broadsheet.search.beginnings import begins
from broadsheet.search.cursor import Cursor
from broadsheet.search.filters import FILTERS, compiled, counts_from
from broadsheet.search.parameters import Choice, Integer, Parameter, Text, read_parameters
from broadsheet.search.shown import known
from broadsheet.text import author_key

Json = dict[str, Any]
Sort = Literal["count", "last_seen", "name"]

TOP = 1_000
"""Authors of a list by count or time: to know the next ones, the engine would have to sort them all."""
SPELLINGS = 10
# What each shard reports of its own top, so that the sum of all shards has the right one.
_PER_SHARD = 2 * TOP

AUTHORS_PARAMETERS: tuple[Parameter, ...] = (
    Text("q", "The beginnings of words of the name, in any order.", shortest=0, longest=100, default=""),
    Choice(
        "sort",
        f"Most texts first, last seen first (both end after {TOP:,}), or by name.",
        ("count", "last_seen", "name"),
        default="count",
    ),
    Integer("limit", "How many authors to return.", smallest=1, largest=100, default=20),
    Text("cursor", "Where to go on: next of the page before.", shortest=1, longest=cursors.LONGEST, default=""),
    *(filter_ for filter_ in FILTERS if filter_.name in {"source", "lang", "from", "to"}),
)


@dataclass(frozen=True, slots=True)
class AuthorsRequest:
    """A valid request for a list of authors; ``at`` is the time that relative dates count from, in seconds."""

    q: str
    sort: Sort
    limit: int
    cursor: Cursor | None
    filters: tuple[Json, ...]
    identity: str
    at: int


def read_authors(given: Mapping[str, Sequence[str]], now: float) -> AuthorsRequest:
    """Read the parameters of a list; ``now`` is in seconds. Raise RequestError with one problem per wrong parameter."""
    values = read_parameters(AUTHORS_PARAMETERS, given)
    identity = cursors.identity(values, "authors")
    cursor = cursors.of_request(values["cursor"], identity, (str,) if values["sort"] == "name" else (int,))
    at = cursor.at if cursor else counts_from(values, now)
    filters = tuple(compiled(values, at).but(()))
    return AuthorsRequest(values["q"], values["sort"], values["limit"], cursor, filters, identity, at)


def keys_body(request: AuthorsRequest, *, timeout_ms: int) -> Json:
    """Return the search for the keys of a page's authors, or of all the top ones."""
    wanted: list[Json] = [stored.FIRST_PART, *request.filters]
    if request.q:
        asked = {"query": request.q, "operator": "and"}
        either = [{"match": {fields.AUTHOR_SUGGEST: asked}}, {"match_bool_prefix": {fields.AUTHOR_TEXT: asked}}]
        wanted.append({"bool": {"should": either}})
    counted: Json
    if request.sort == "name":
        # One more, to know whether there is a next page.
        walked: Json = {"size": request.limit + 1, "sources": [{"key": {"terms": {"field": fields.AUTHOR_KEY}}}]}
        if request.cursor:
            walked["after"] = {"key": request.cursor.after[0]}
        counted = {"composite": walked}
    else:
        order = {"_count": "desc"} if request.sort == "count" else {"last_seen": "desc"}
        counted = {
            "terms": {
                "field": fields.AUTHOR_KEY,
                "size": TOP,
                "shard_size": _PER_SHARD,
                "order": [order, {"_key": "asc"}],
            }
        }
        if request.sort == "last_seen":
            counted["aggs"] = {"last_seen": {"max": {"field": fields.SORT_DATE}}}
    return _counting(wanted, {"keys": counted}, timeout_ms)


def page_keys(request: AuthorsRequest, found: Json) -> tuple[list[str], bool, str | None]:
    """Return the keys of a page in order, whether the list can be walked to its end, and where it goes on."""
    counted = found["aggregations"]["keys"]
    buckets = counted["buckets"]
    if request.sort == "name":
        walked = [bucket["key"]["key"] for bucket in buckets[: request.limit]]
        following = _next(request, walked[-1]) if len(buckets) > request.limit else None
        return _named_like(walked, request.q), True, following
    keys = _named_like((bucket["key"] for bucket in buckets), request.q)
    start = request.cursor.after[0] if request.cursor else 0
    end = start + request.limit
    return keys[start:end], not counted["sum_other_doc_count"], _next(request, end) if end < len(keys) else None


def details_body(keys: Sequence[str], filters: Sequence[Json], *, timeout_ms: int) -> Json:
    """Return the search for what is known of these authors."""
    wanted = [{"terms": {fields.AUTHOR_KEY: [*keys]}}, stored.FIRST_PART, *filters]
    of_each = {"field": fields.AUTHOR_KEY, "include": [*keys], "size": len(keys)}
    return _counting(wanted, {"authors": {"terms": of_each, "aggs": details()}}, timeout_ms)


def details() -> Json:
    """Return the engine's part of what a list says of an author."""
    return {
        "comments": {"filter": stored.IS_COMMENT},
        "articles": {"cardinality": {"field": fields.ARTICLE_ID, "precision_threshold": 1_000}},
        "first_seen": {"min": {"field": fields.SORT_DATE}},
        "last_seen": {"max": {"field": fields.SORT_DATE}},
        # Of an article by several people, the others' names come along.
        "spellings": {"terms": {"field": fields.AUTHOR, "size": 3 * SPELLINGS}},
    }


def author(key: str, found: Json) -> Json:
    """Return what a list says of an author, from an answer to ``details``.

    ``articles`` counts those that the author wrote or commented on.
    """
    names = spellings(key, found["spellings"])
    return known(
        key=key,
        name=names[0] if names else key,
        spellings=names[:SPELLINGS],
        comments=found["comments"]["doc_count"],
        articles=found["articles"]["value"],
        first_seen=found["first_seen"].get("value_as_string"),
        last_seen=found["last_seen"].get("value_as_string"),
    )


def authors_page(keys: Sequence[str], found: Json | None, *, complete: bool, following: str | None) -> Json:
    """Return a page of authors; ``found`` answers ``details_body``, None without keys."""
    buckets = found["aggregations"]["authors"]["buckets"] if found else ()
    by_key = {bucket["key"]: bucket for bucket in buckets}
    return {
        "authors": [author(key, by_key[key]) for key in keys if key in by_key],
        "complete": complete,
        "next": following,
    }


def spellings(key: str, counted: Json) -> list[str]:
    """Return the names among some counted ones that are spellings of this author, the most usual first."""
    return [bucket["key"] for bucket in counted["buckets"] if author_key(bucket["key"]) == key]


def _counting(wanted: Sequence[Json], counted: Json, timeout_ms: int) -> Json:
    return {
        "query": {"bool": {"filter": [*wanted]}},
        "size": 0,
        "track_total_hits": False,
        "timeout": f"{timeout_ms}ms",
        "aggs": counted,
    }


def _named_like(keys: Iterable[str], q: str) -> list[str]:
    return [key for key in keys if not q or begins(key, q)]


def _next(request: AuthorsRequest, after: str | int) -> str:
    return cursors.encode(Cursor(request.identity, 0, request.at, False, "", (after,)))
