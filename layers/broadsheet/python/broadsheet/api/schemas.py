"""What the read side answers, as JSON Schema: articles, comments, searches, discussions, authors, suggestions.

Every answer of the tests is checked against these, and may then hold nothing that is not declared. Clients must expect
more: fields may be added at any time.
"""

from __future__ import annotations

from typing import Any

from broadsheet.search.facets import FACETS
from broadsheet.search.shown import ARTICLE_FIELDS, COMMENT_FIELDS

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
SCORE: Schema = {"type": ["number", "null"]}
YES: Schema = {"type": "boolean"}
NEXT: Schema = {
    "type": ["string", "null"],
    "description": "The cursor of the next page; null at the end. The Link header has its whole address.",
}
ID: Schema = {"type": "string", "pattern": "^[a-z2-7]{26}$"}


def record(properties: Schema, *, optional: tuple[str, ...] = (), description: str = "") -> Schema:
    """Return the schema of an object; what is not optional is always there."""
    required = [name for name in properties if name not in optional]
    said = {"description": description} if description else {}
    return said | {"type": "object", "properties": properties, "required": required}


def listed(items: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": items}


def named(name: str) -> Schema:
    """Return a reference to one of the schemas by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


_MOMENT = "ISO 8601: a date, or a time with its offset where the page or the upload told it."
_TIME: Schema = {"type": "string", "description": _MOMENT}
_BOUNDS = {"earliest": TEXT, "latest": TEXT}
_PLACE = record(
    {"bucket": TEXT, "key": TEXT, "stored_at": _TIME},
    optional=("stored_at",),
    description="The file it came from, and since when the archive has it.",
)
_OFFSETS = record({"text": TEXT, "marks": listed(listed(COUNT))})
_MARKED: Schema = {
    "oneOf": [TEXT, _OFFSETS],
    "description": "Safe HTML with mark elements; with highlight=offsets, a text and where its marks begin and end.",
}
_steps = listed(record({"from": TEXT, "count": COUNT}))
_TOTAL = record(
    {"value": COUNT, "relation": {"enum": ["eq", "gte"]}},
    description="How many match: exactly (eq), or at least (gte).",
)

_article = {
    "article_id": ID,
    "title": TEXT,
    "excerpt": TEXT,
    "language": TEXT,
    "source": TEXT,
    "url": TEXT,
    "published_at": record(
        {"value": _TIME, "method": TEXT, "confidence": {"type": "number"}, **_BOUNDS},
        optional=tuple(_BOUNDS),
        description="When it was published and how that is known; an estimate has bounds.",
    ),
    "comment_count": COUNT,
    "file": _PLACE,
}
_comment = {
    "comment_id": ID,
    "ordinal": COUNT | {"description": "Its place on the page, from 0."},
    "author": TEXT,
    "author_kind": TEXT,
    "posted_at": record(
        {"value": _TIME, "method": TEXT, "zone_assumed": YES, "zone": {"type": ["string", "null"]}, **_BOUNDS},
        optional=("zone", *_BOUNDS),
        description="When it was posted and how that is known.",
    ),
    "language": TEXT,
    "body": TEXT,
    "truncated": YES | {"description": "The text is longer than shown."},
    "mentions": listed(TEXT),
    "thread": record(
        {
            "role": TEXT | {"description": "root, reply or undecided."},
            "confidence": {"type": "number"},
            "parent": ID,
            "evidence": {},
            "root": ID,
            "depth": COUNT,
        },
        optional=("role", "confidence", "parent", "evidence", "root", "depth"),
        description="Which comment it answers, and how sure that is.",
    ),
}
_head = {"head": TEXT | {"description": "The line above the comment, as the page had it."}}
_highlights = record({"title": _MARKED, "body": listed(_MARKED)}, optional=("title", "body"))
_optional_article = (*ARTICLE_FIELDS,)
_optional_comment = (*COMMENT_FIELDS, "truncated")
_whole = {name: schema for name, schema in _article.items() if name != "excerpt"} | {
    "body": TEXT,
    "truncated": YES,
    "authors": listed(TEXT),
    "tags": listed(TEXT),
    "comment_count_declared": COUNT | {"description": "How many comments the page says it has."},
    "alternate_languages": listed({}),
}
_counted = record({"value": {"type": ["string", "number"]}, "count": COUNT})
_facet = record(
    {
        "values": listed(_counted),
        "other": COUNT | {"description": "The sum of what is not listed."},
        "approximate": YES | {"description": "There are so many values that a count may be too low by a few."},
    },
    optional=("approximate",),
)
_edges = record(
    {
        "total": COUNT,
        "stated": COUNT,
        "estimated": COUNT,
        "people": listed(record({"key": TEXT, "name": TEXT, "count": COUNT, "stated": COUNT, "estimated": COUNT})),
        "others": COUNT,
    },
    description="Who and how often: what pages state, and what is estimated from names and times.",
)
_author = record(
    {
        "key": TEXT,
        "name": TEXT,
        "spellings": listed(TEXT),
        "comments": COUNT,
        "articles": COUNT,
        "first_seen": TEXT,
        "last_seen": TEXT,
    },
    optional=("first_seen", "last_seen"),
)

READING: dict[str, Schema] = {
    "Article": record(_article, optional=_optional_article),
    "WholeArticle": record(
        _whole,
        optional=tuple(name for name in _whole if name not in {"article_id", "body", "comment_count", "file"}),
    ),
    "Comment": record(_comment, optional=_optional_comment),
    "WholeComment": record({**_comment, **_head}, optional=(*_optional_comment, "head")),
    "Reply": record(
        {**_comment, **_head, "replies": listed(named("Reply")), "replies_omitted": COUNT},
        optional=(*_optional_comment, "head", "replies", "replies_omitted"),
        description="A comment with the comments that answer it.",
    ),
    "MatchingComment": record({**_comment, "highlights": _highlights}, optional=_optional_comment),
    "Result": record(
        {
            "type": {"enum": ["article", "comment"]},
            "score": SCORE,
            "why": listed({"enum": ["title", "body", "discussion"]}),
            "variants": listed(TEXT) | {"description": "Other spellings than those of the query that it matched by."},
            "highlights": _highlights,
            "article": named("Article"),
            "comment": named("Comment"),
            "matching_comments": record({"total": COUNT, "comments": listed(named("MatchingComment"))}),
        },
        optional=("comment", "matching_comments"),
        description="An article with its best matching comments, or a comment with its article.",
    ),
    "SearchPage": record(
        {
            "total": _TOTAL,
            "took_ms": COUNT,
            "next": NEXT,
            "results": listed(named("Result")),
            "facets": {
                "type": "object",
                "properties": dict.fromkeys(FACETS, _facet),
            },
            "timeline": _steps,
            "relaxed": YES | {"description": "Not all words were required."},
            "with_all_words": _TOTAL,
            "drift": YES | {"description": "Scores may have changed since the page before."},
            "did_you_mean": TEXT,
            "query": record(
                {"written": TEXT, "tree": {}, "match": {"enum": ["all", "any"]}, "sort": TEXT},
                description="How the query was read (explain=true).",
            ),
        },
        optional=("relaxed", "with_all_words", "drift", "did_you_mean", "query"),
    ),
    "ArticlePage": record({"article": named("WholeArticle")}),
    "Discussion": record(
        {
            "article_id": ID,
            "view": {"enum": ["flat", "tree"]},
            "total": _TOTAL,
            "threads": _TOTAL,
            "comments": listed(named("Reply")),
            "next": NEXT,
        },
        optional=("threads",),
    ),
    "SimilarArticles": record(
        {"article_id": ID, "results": listed(record({"score": SCORE, "article": named("Article")}))}
    ),
    "CommentPage": record(
        {
            "comment": named("WholeComment"),
            "article": named("Article"),
            "ancestors": listed(named("Comment")),
            "ancestors_omitted": COUNT,
            "replies": record({"total": COUNT, "comments": listed(named("Comment"))}),
        },
        optional=("ancestors_omitted",),
    ),
    "Author": _author,
    "AuthorList": record(
        {"authors": listed(named("Author")), "complete": YES, "next": NEXT},
        description="complete is false for a list that ends before all authors were listed.",
    ),
    "AuthorPage": record(
        {
            "author": named("Author"),
            "sources": listed(_counted),
            "languages": listed(_counted),
            "kinds": listed(_counted),
            "commented_on": listed(record({"comments": COUNT, "article": named("Article")})),
            "wrote": record({"total": COUNT, "articles": listed(named("Article"))}),
            "answers": _edges,
            "answered_by": _edges,
        }
    ),
    "Timeline": record(
        {
            "total": _TOTAL,
            "took_ms": COUNT,
            "undated": COUNT | {"description": "How many of the total have no date, and are in no step."},
            "step": {"type": "string", "pattern": "^P(T?[0-9]+[SMHDY])$", "description": "The length of a step."},
            "timeline": _steps,
        }
    ),
    "Suggestions": record(
        {
            "titles": listed(record({"title": TEXT, "article_id": ID})),
            "authors": listed(record({"key": TEXT, "name": TEXT, "count": COUNT})),
            "tags": listed(record({"tag": TEXT, "count": COUNT})),
            "reason": TEXT,
        },
        optional=("reason",),
    ),
}
