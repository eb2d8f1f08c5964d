"""Which stored fields an answer needs, and the clauses and orders that every question about documents shares."""

from __future__ import annotations

from typing import Any

from broadsheet.index import fields

Body = dict[str, Any]

WHERE = (fields.ARTICLE_ID, fields.URL, fields.SOURCE, fields.S3_BUCKET, fields.S3_KEY, fields.STORED_AT)
# Of a document's display, results leave out what only a page of its own shows.
ARTICLE = (
    fields.KIND,
    *WHERE,
    fields.TITLE,
    fields.LANG,
    fields.COMMENT_COUNT,
    *(f"{fields.DISPLAY}.{name}" for name in ("excerpt", "published_at")),
)
WHOLE_ARTICLE = (
    *ARTICLE,
    fields.BODY,
    fields.AUTHOR,
    fields.TAGS,
    fields.COMMENT_COUNT_DECLARED,
    f"{fields.DISPLAY}.alternate_languages",
)
COMMENT = (
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
COMMENT_BODY = (fields.BODY, fields.PART)
HEAD = f"{fields.DISPLAY}.head"
ITS_ARTICLE = (*WHERE, fields.ARTICLE_TITLE, f"{fields.DISPLAY}.article")

PER_SHARD = 500
"""Values that each shard reports of its most frequent ones. With the engine's own 25 for a list of ten, frequent names
of an archive on three shards were counted 34 times out of 46; with 500 such a count takes twice as long (13 ms over
60,000 comments of 20,000 people)."""

IS_ARTICLE: Body = {"term": {fields.KIND: "article"}}
IS_COMMENT: Body = {"term": {fields.KIND: "comment"}}
FIRST_PART: Body = {"bool": {"must_not": [{"range": {fields.PART: {"gt": 0}}}]}}
# Undated documents come last, whichever way; the id at the end makes every order total, so that pages are stable. They
# count as of a date before or after all others, and not as "_last": with that the engine (OpenSearch 3.7) drops
# documents from pages after the first when several shards have undated ones, 5 to 20 of 60 in a walk.
FIRST_DAY = -62_135_596_800_000
"""0001-01-01 in milliseconds since the epoch: what has no date is older than everything."""
LAST_DAY = 253_402_214_400_000
"""9999-12-31 in milliseconds since the epoch: what has no date is newer than everything."""
NEWEST: list[Body] = [{fields.SORT_DATE: {"order": "desc", "missing": FIRST_DAY}}, {fields.DOC_ID: "asc"}]
OLDEST: list[Body] = [{fields.SORT_DATE: {"order": "asc", "missing": LAST_DAY}}, {fields.DOC_ID: "asc"}]
