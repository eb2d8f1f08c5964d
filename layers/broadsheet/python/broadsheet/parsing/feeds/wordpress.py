"""WordPress' own export (WXR): posts with the threads of their comments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from broadsheet.model import Furniture, Problem
from broadsheet.parsing.exports.groups import Group
from broadsheet.parsing.feeds.entry import Entries, Entry, Item
from broadsheet.parsing.feeds.items import attribute, each, text
from broadsheet.parsing.feeds.opening import Head
from broadsheet.parsing.passing import PassedOver
from broadsheet.text import clean

FORMAT = "wordpress"
TAGS = ("item", "wp:author")
# What the database keeps beside articles; what else there is (pages, types of plugins) is published text.
_NO_ARTICLES = {
    "attachment": "attachments",
    "revision": "revisions",
    "nav_menu_item": "menu items",
    "custom_css": "style sheets",
    "customize_changeset": "drafts of settings",
    "oembed_cache": "cached embeds",
    "user_request": "requests of users",
    "wp_block": "reusable blocks",
    "wp_template": "templates",
    "wp_template_part": "templates",
    "wp_global_styles": "style sheets",
    "wp_navigation": "menu items",
}
_UNPUBLISHED = {
    "draft": "drafts",
    "auto-draft": "drafts",
    "pending": "posts that wait for review",
    "future": "posts of the future",
    "private": "private posts",
    "trash": "posts in the trash",
}
_NOT_SHOWN = {
    "0": "wait for approval",
    "spam": "are spam",
    "trash": "are in the trash",
    "post-trashed": "are in the trash",
}
_LINKS = frozenset({"pingback", "trackback"})
_MOST_AUTHORS = 100_000
# "" in the oldest exports; others are of themes and plugins (post_format).
_TAXONOMIES = frozenset({"category", "post_tag", "tag", ""})


def entries(items: Iterator[Item | Problem], head: Head, passed_over: PassedOver) -> Entries:
    """Yield the published posts and pages, each with its comments."""
    names: dict[str, str] = {}
    for item in items:
        if isinstance(item, Problem):
            yield item
        elif item.name == "wp:author":
            if len(names) < _MOST_AUTHORS:
                names[text(item.values.get("wp:author_login"))] = text(item.values.get("wp:author_display_name"))
        elif what := _why_not(item.values):
            passed_over.add(what)
        else:
            yield _entry(item, head, names)


def _why_not(values: dict[str, Any]) -> str | None:
    kind = text(values.get("wp:post_type"))
    status = text(values.get("wp:status"))
    return _NO_ARTICLES.get(kind) or _UNPUBLISHED.get(status)


def _entry(item: Item, head: Head, names: dict[str, str]) -> Entry:
    values, piece = item.values, item.piece
    author = text(values.get("dc:creator"))
    comments: list[dict[str, Any]] = []
    left_out: Counter[str] = Counter()
    links: list[Furniture] = []
    for comment in each(values.get("wp:comment")):
        if not isinstance(comment, dict):
            continue
        if why := _NOT_SHOWN.get(text(comment.get("wp:comment_approved")).strip()):
            left_out[why] += 1
        elif text(comment.get("wp:comment_type")) in _LINKS:
            links.append(_link(comment, piece.line))
        else:
            comments.append(_comment(comment))
    value = {
        "id": text(values.get("wp:post_id")),
        "url": text(values.get("link")),
        "title": text(values.get("title")),
        "content": text(values.get("content:encoded")),
        "summary": text(values.get("excerpt:encoded")),
        "author": names.get(author) or author,
        "date_gmt": text(values.get("wp:post_date_gmt")),
        "published": text(values.get("pubDate")),
        "date": text(values.get("wp:post_date")),
        "tags": [text(term) for term in each(values.get("category")) if attribute(term, "domain") in _TAXONOMIES],
        "source": head.site,
        "language": head.language,
        "comments": comments,
    }
    problems = []
    if left_out:
        parts = ", ".join(f"{count} {why}" for why, count in sorted(left_out.items()))
        message = f"Comments that the site does not show were left out: {parts}."
        problems.append(Problem("comments_not_published", message, piece.line))
    if links:
        message = f"{len(links)} pingbacks and trackbacks are no comments of readers: they are listed as furniture."
        problems.append(Problem("pingbacks_set_apart", message, piece.line))
    return Entry(Group(piece, value, size=len(piece.data)), tuple(problems), tuple(links))


def _comment(comment: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": text(comment.get("wp:comment_id")),
        "parent_id": text(comment.get("wp:comment_parent")),
        "author": text(comment.get("wp:comment_author")),
        "date_gmt": text(comment.get("wp:comment_date_gmt")),
        "date": text(comment.get("wp:comment_date")),
        "content": text(comment.get("wp:comment_content")),
        # Users of the site have a number.
        "guest": text(comment.get("wp:comment_user_id")).strip() in {"0", ""},
    }


def _link(comment: dict[str, Any], line: int) -> Furniture:
    parts = (text(comment.get(f"wp:comment_{part}")) for part in ("author", "author_url", "content"))
    return Furniture(line, clean(" ".join(part for part in parts if part)).text, text(comment.get("wp:comment_type")))
