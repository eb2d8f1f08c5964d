"""Whole results for other programs: a search whose rows hold the texts, as lines of JSON or as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from broadsheet.index import fields
from broadsheet.search import stored
from broadsheet.search.parameters import Choice, Parameter, read_parameters
from broadsheet.search.query import ARTICLE_PARTS
from broadsheet.search.request import SEARCH_PARAMETERS, SearchRequest, read_search
from broadsheet.search.shown import article_of_comment, whole_article, whole_comment

Json = dict[str, Any]
Format = Literal["ndjson", "csv"]

# What only a page for people shows.
_OF_PAGES = frozenset(("type", "limit", "facet", "facet_size", "timeline", "highlight", "fields", "explain"))
EXPORT_PARAMETERS: tuple[Parameter, ...] = (
    Choice("format", "Lines of JSON, or a table with a header line.", ("ndjson", "csv"), default="ndjson"),
    Choice("type", "Which results to export.", ("article", "comment"), default="article"),
    *(parameter for parameter in SEARCH_PARAMETERS if parameter.name not in _OF_PAGES),
)
MEDIA_TYPES: Mapping[Format, str] = {"ndjson": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}

_ARTICLE_COLUMNS = ("article_id", "title", "authors", "published_at", "comment_count", "tags")
_COMMENT_COLUMNS = (
    "comment_id",
    "article_id",
    "article_title",
    "ordinal",
    "author",
    "author_kind",
    "posted_at",
    "parent",
    "root",
    "depth",
)
_SHARED_COLUMNS = ("language", "source", "url", "bucket", "key", "body")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "article": (*_ARTICLE_COLUMNS, *_SHARED_COLUMNS),
    "comment": (*_COMMENT_COLUMNS, *_SHARED_COLUMNS),
}
# Spreadsheets take such a text for a formula and run it; a quote before it keeps it a text (OWASP, CSV injection).
# Some take full-width signs for the usual ones.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """A valid request for whole results; ``cursor`` is the one it came with, as text, empty at the beginning."""

    format: Format
    search: SearchRequest
    cursor: str


def read_export(given: Mapping[str, Sequence[str]], now: float) -> ExportRequest:
    """Read the parameters; raise RequestError with one problem per wrong parameter. ``now`` is in seconds."""
    values = read_parameters(EXPORT_PARAMETERS, given)
    asked = {name: several for name, several in given.items() if name != "format"}
    search = read_search(asked | {"type": [values["type"]], "highlight": ["none"]}, now)
    return ExportRequest(values["format"], search, values["cursor"])


def articles_body(article_ids: Sequence[str], *, timeout_ms: int) -> Json:
    """Return the search for some articles with their texts, the parts of each in order."""
    return {
        "query": {"bool": {"filter": [{"terms": {fields.ARTICLE_ID: [*article_ids]}}, stored.IS_ARTICLE]}},
        "size": len(article_ids) * ARTICLE_PARTS,
        "sort": [{fields.PART: "asc"}],
        "track_total_hits": False,
        "timeout": f"{timeout_ms}ms",
        "_source": [*stored.WHOLE_ARTICLE],
    }


def comments_body(comment_ids: Sequence[str], *, timeout_ms: int) -> Json:
    """Return the search for some comments with their texts."""
    return {
        "query": {"bool": {"filter": [{"terms": {fields.COMMENT_ID: [*comment_ids]}}, stored.FIRST_PART]}},
        "size": len(comment_ids),
        "track_total_hits": False,
        "timeout": f"{timeout_ms}ms",
        "_source": [*stored.COMMENT, *stored.COMMENT_BODY, stored.HEAD, *stored.ITS_ARTICLE],
    }


def identities(results: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the ids of what a page of results shows, each once, in order."""
    return list(dict.fromkeys(result[result["type"]][f"{result['type']}_id"] for result in results))


def whole_articles(found: Json) -> dict[str, Json]:
    """Return articles by id, each as a row; ``found`` answers ``articles_body``."""
    parts: dict[str, list[Json]] = {}
    for hit in found["hits"]["hits"]:
        parts.setdefault(hit["_source"][fields.ARTICLE_ID], []).append(hit["_source"])
    return {identity: {"type": "article", "article": whole_article(some)} for identity, some in parts.items()}


def whole_comments(found: Json) -> dict[str, Json]:
    """Return comments by id, each as a row with its article; ``found`` answers ``comments_body``."""
    sources = [hit["_source"] for hit in found["hits"]["hits"]]
    return {
        source[fields.COMMENT_ID]: {
            "type": "comment",
            "comment": whole_comment(source),
            "article": article_of_comment(source),
        }
        for source in sources
    }


def line(request: ExportRequest, row: Json) -> str:
    """Return one row as text, with its line end."""
    if request.format == "ndjson":
        return orjson.dumps(row).decode() + "\n"
    cells = _flat(row)
    return _csv(_cell(cells.get(name)) for name in COLUMNS[row["type"]])


def heading(request: ExportRequest) -> str:
    """Return what stands before the first row of all: a table's names of columns."""
    if request.format == "ndjson" or request.cursor:
        return ""
    return _csv(COLUMNS[request.search.type])


def media_type(request: ExportRequest) -> str:
    """Return the type of an answer; later pages of a table have no header line (RFC 4180, ``header``)."""
    named = MEDIA_TYPES[request.format]
    if request.format == "ndjson":
        return named
    return f"{named}; header={'absent' if request.cursor else 'present'}"


def _flat(row: Json) -> Json:
    article = row["article"]
    flat = {**article, **article["file"], "published_at": article.get("published_at", {}).get("value")}
    if row["type"] == "article":
        return flat
    comment = row["comment"]
    flat |= {"article_title": article.get("title"), "language": None, **comment.get("thread", {}), **comment}
    return flat | {"posted_at": comment.get("posted_at", {}).get("value")}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _csv(cells: Iterable[str]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(cells)
    return written.getvalue()
