"""What exports call the parts of an article and of a comment: one table of field names for all of them.

Of several names that an object has, the first with something in it wins. Among them are those of schema.org (JSON-LD),
JSON Feed, WordPress REST, Disqus, Reddit dumps, Hacker News (both APIs), NYT Community, trafilatura, news-please and
newspaper.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple


class ArticleFields(NamedTuple):
    """The names of an article's parts that one object has, best first."""

    source_id: tuple[str, ...]
    url: tuple[str, ...]
    title: tuple[str, ...]
    body: tuple[str, ...]
    summary: tuple[str, ...]
    source: tuple[str, ...]
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    language: tuple[str, ...]
    published: tuple[str, ...]
    declared: tuple[str, ...]
    comments: tuple[str, ...]


class CommentFields(NamedTuple):
    """The names of a comment's parts that one object has, best first."""

    source_id: tuple[str, ...]
    parent: tuple[str, ...]
    author: tuple[str, ...]
    posted: tuple[str, ...]
    body: tuple[str, ...]
    replies: tuple[str, ...]
    guest: tuple[str, ...]


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_TIMES = """
published_at datePublished date_published date_publish publish_date publication_date published pubDate date_gmt
dateCreated created_utc created_at created_at_i createdAt createDate created date time timestamp
"""
_ARTICLE = ArticleFields(
    source_id=_names("source_id id _id objectID article_id articleId story_id uuid guid identifier @id"),
    url=_names("url canonical_url canonicalUrl canonical_link webUrl web_url link permalink mainEntityOfPage source"),
    title=_names("title headline story_title link_title webTitle name"),
    body=_names("""
        body articleBody maintext text content content_text content_html selftext story_text full_text fulltext
        article_text bodyText body_text raw_text
    """),
    summary=_names("description summary excerpt abstract"),
    source=_names("""
        source site site_name siteName sitename source_name source-hostname hostname source_domain publisher outlet
        publication domain
    """),
    authors=_names("authors author byline by creator author_name"),
    tags=_names("tags keywords meta_keywords categories section articleSection"),
    language=_names("language lang inLanguage meta_lang meta_language"),
    published=_names(_TIMES),
    declared=_names("""
        comment_count_declared comment_count commentCount comments_count num_comments numberOfComments descendants
        totalCommentsFound
    """),
    comments=_names("""
        comments comment discussion replies responses children reader_comments userComments _embedded kids
    """),
)
_COMMENT = CommentFields(
    source_id=_names("source_id id comment_id commentId commentID _id objectID uuid @id"),
    parent=_names("""
        parent_id parent parentId parentID parent_comment_id comment_parent parentItem in_reply_to inReplyTo
        in_reply_to_id reply_to replyTo
    """),
    author=_names("""
        author author_name authorName user username user_name userName by userDisplayName display_name displayName
        commenter creator screen_name name
    """),
    posted=_names("posted_at " + _TIMES),
    body=_names("body text raw_message message content comment comment_text commentText comment_body commentBody html"),
    replies=_names("replies children comments comment responses kids"),
    guest=_names("guest is_guest anonymous is_anonymous isAnonymous"),
)
# Times under these names are UTC although they say nothing of it (WordPress, Reddit, Disqus).
UTC_NAMES = frozenset({"date_gmt", "created_utc", "createdAt"})
ARTICLE_NAMES = frozenset(name for names in _ARTICLE for name in names)
COMMENT_NAMES = frozenset(name for names in _COMMENT for name in names)


def article_fields(value: Mapping[str, Any]) -> ArticleFields:
    """Return which of the table's names an article's object has."""
    return _of_article(ARTICLE_NAMES.intersection(value))


def comment_fields(value: Mapping[str, Any]) -> CommentFields:
    """Return which of the table's names a comment's object has."""
    return _of_comment(COMMENT_NAMES.intersection(value))


# The objects of an export are alike, and the names are only those of the table: the memory is bounded.
@lru_cache(maxsize=1024)
def _of_article(names: frozenset[str]) -> ArticleFields:
    return ArticleFields(*_present(_ARTICLE, names))


@lru_cache(maxsize=1024)
def _of_comment(names: frozenset[str]) -> CommentFields:
    return CommentFields(*_present(_COMMENT, names))


def _present(table: Iterable[tuple[str, ...]], names: frozenset[str]) -> Iterable[tuple[str, ...]]:
    return (tuple(name for name in row if name in names) for row in table)
