"""Records -> engine documents: one per article (several for a very long body) and one per comment.

A document holds no null and no empty list: what is unknown is absent. The same record always gives the same documents;
nothing here looks at a clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from broadsheet.ids import article_doc_id, comment_doc_id, work_key
from broadsheet.index import fields as f
from broadsheet.index.dates import first_and_last
from broadsheet.index.discussion import comment_sources, discussion
from broadsheet.index.names import Kind
from broadsheet.index.pieces import cut, excerpt, parts
from broadsheet.model import Article, ArticleRecord, Dated, named_tuple
from broadsheet.text import author_key

TITLE_LIMIT = 2_000
"""Characters of an indexed title. A file that is one long line has it for a title; its whole text goes to the body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The stored object a record was read from; ``stored_at`` is its LastModified as ISO 8601.

    By keyword only: four strings in a wrong order would be four wrong fields.
    """

    file_id: str
    bucket: str
    key: str
    stored_at: str


class Document(NamedTuple):
    """One engine document: its index, its id, and the source to store, as one JSON line without its end.

    The same record always gives the same bytes. Text must be clean (``text.clean``): lone surrogates are refused.
    """

    kind: Kind
    doc_id: str
    body: bytes


def documents(
    record: ArticleRecord,
    *,
    article_id: str,
    comment_ids: Sequence[str],
    origin: Origin,
    first_article: int,
    first_comment: int,
) -> Iterator[Document]:
    """Yield the documents of one record: the article's first, then those of its comments in page order.

    ``article_id`` and ``comment_ids`` are what ``PublicIds.assign`` gave the record. ``first_article`` and
    ``first_comment`` are the ordinals of the first document of each kind within the file: count what is yielded, since
    a text beyond ``pieces.BODY_LIMIT`` makes several documents with one public id, numbered in ``part``.
    """
    shared = _shared(record.article, article_id, origin)
    article = {**shared, **_article(record)}
    title, body = _title_and_body(record.article)
    if title:
        article[f.TITLE] = title
    for number, text in enumerate(parts(body)):
        doc_id = article_doc_id(origin.file_id, first_article + number)
        source = {**article, f.DOC_ID: doc_id, f.PART: number}
        if text:
            source[f.BODY] = text
        if number == 0:
            source.update(discussion(record.comments))
        yield Document("articles", doc_id, orjson.dumps(source))
    if not record.comments:
        return
    fixed = {**shared, f.KIND: "comment"}
    if title:
        fixed[f.ARTICLE_TITLE] = title
    if f.SORT_DATE in article:
        fixed[f.ARTICLE_DATE] = article[f.SORT_DATE]
    # What all comments of an article share is written once.
    opening = orjson.dumps(fixed)[:-1] + b","
    shown_article = orjson.Fragment(orjson.dumps(_shown_with_comment(article)))
    sources = comment_sources(record.comments, comment_ids, shown_article)
    for ordinal, source in enumerate(sources, first_comment):
        source[f.DOC_ID] = doc_id = comment_doc_id(origin.file_id, ordinal)
        yield named_tuple(Document, ("comments", doc_id, opening + orjson.dumps(source)[1:]))


def _shared(article: Article, article_id: str, origin: Origin) -> dict[str, Any]:
    """Return the fields that an article and its comments have in common."""
    source: dict[str, Any] = {
        f.ARTICLE_ID: article_id,
        f.FILE_ID: origin.file_id,
        f.S3_BUCKET: origin.bucket,
        f.S3_KEY: origin.key,
        f.STORED_AT: origin.stored_at,
    }
    if article.source:
        source[f.SOURCE] = article.source
    if article.url:
        source[f.URL] = article.url
    if article.tags:
        source[f.TAGS] = list(article.tags)
    return source


def _article(record: ArticleRecord) -> dict[str, Any]:
    article = record.article
    published = article.published_at
    span = first_and_last([comment.posted_at.value for comment in record.comments if comment.posted_at])
    source: dict[str, Any] = {
        f.KIND: "article",
        f.WORK_KEY: work_key(article),
        f.COMMENT_COUNT: len(record.comments),
    }
    if shown := _shown(article):
        source[f.DISPLAY] = shown
    if article.language:
        source[f.LANG] = article.language
    if article.authors:
        source[f.AUTHOR] = list(article.authors)
        source[f.AUTHOR_KEY] = [author_key(name) for name in article.authors]
    if article.comment_count_declared is not None:
        source[f.COMMENT_COUNT_DECLARED] = article.comment_count_declared
    if span:
        source[f.FIRST_COMMENT_AT], source[f.LAST_COMMENT_AT] = span
    if published:
        source[f.SORT_DATE] = published.value
        source[f.DATE_BASIS] = "estimated" if published.earliest or published.latest else "explicit"
    elif span:
        source[f.SORT_DATE] = span[0]
        source[f.DATE_BASIS] = "estimated"
    else:
        source[f.DATE_BASIS] = "none"
    return source


def _shown(article: Article) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    if article.published_at:
        shown["published_at"] = _published(article.published_at)
    if text := excerpt(article.body):
        shown["excerpt"] = text
    if article.alternate_languages:
        shown["alternate_languages"] = list(article.alternate_languages)
    return shown


def _published(published: Dated) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "value": published.value,
        "method": published.method,
        "confidence": published.confidence,
    }
    if published.earliest:
        shown["earliest"] = published.earliest
    if published.latest:
        shown["latest"] = published.latest
    return shown


def _shown_with_comment(article: dict[str, Any]) -> dict[str, Any]:
    """Return what a comment's hit shows of its article beside the fields that the comment's document has itself."""
    shown = {f.COMMENT_COUNT: article[f.COMMENT_COUNT]}
    if f.LANG in article:
        shown["language"] = article[f.LANG]
    if published := article.get(f.DISPLAY, {}).get("published_at"):
        shown["published_at"] = published
    return shown


def _title_and_body(article: Article) -> tuple[str, str]:
    if len(article.title) <= TITLE_LIMIT:
        return article.title, article.body
    return cut(article.title, TITLE_LIMIT), f"{article.title}\n\n{article.body}".strip()
