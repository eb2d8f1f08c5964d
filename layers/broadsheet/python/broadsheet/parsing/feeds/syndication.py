"""RSS 0.9 to 2.0: items with their full text where the feed has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from broadsheet.model import Problem
from broadsheet.parsing.exports.groups import Group
from broadsheet.parsing.feeds.entry import Entries, Entry, Item
from broadsheet.parsing.feeds.items import attribute, each, text
from broadsheet.parsing.feeds.opening import Head

FORMAT = "rss"
TAGS = ("item",)


def entries(items: Iterator[Item | Problem], head: Head) -> Entries:
    """Yield the items; the comments of a site's feed of comments become one discussion per article."""
    discussion: Group | None = None
    for item in items:
        thread = None if isinstance(item, Problem) else _thread(item.values)
        if isinstance(item, Problem) or thread is None:
            if discussion:
                yield Entry(discussion)
                discussion = None
            yield item if isinstance(item, Problem) else Entry(Group(item.piece, _article(item.values, head)))
            continue
        comment = _comment(item.values, thread, head)
        if discussion and discussion.loose[0]["story_id"] == thread:
            discussion.loose.append(comment)
            continue
        if discussion:
            yield Entry(discussion)
        discussion = Group(item.piece, None, [comment])
    if discussion:
        yield Entry(discussion)


def _thread(values: dict[str, Any]) -> str | None:
    """Return the address of the article when the item is a comment under it: WordPress links ``#comment-123``."""
    link, mark, number = text(values.get("link")).strip().partition("#comment-")
    return link if mark and link and number.isdecimal() else None


def _article(values: dict[str, Any], head: Head) -> dict[str, Any]:
    guid = values.get("guid")
    link = text(values.get("link")).strip()
    if not link and attribute(guid, "isPermaLink") != "false":
        link = text(guid)
    return {
        "id": text(guid).strip(),
        "url": link or attribute(values, "rdf:about"),
        "title": text(values.get("title")),
        "content": text(values.get("content:encoded")),
        "summary": text(values.get("description")),
        "author": text(values.get("dc:creator")) or text(values.get("author")),
        "published": text(values.get("pubDate")),
        "date": text(values.get("dc:date")),
        "tags": [text(term) for name in ("category", "dc:subject") for term in each(values.get(name))],
        "source": text(values.get("source")) or head.site,
        "language": text(values.get("dc:language")) or head.language,
        "comment_count": text(values.get("slash:comments")).strip(),
    }


def _comment(values: dict[str, Any], thread: str, head: Head) -> dict[str, Any]:
    return {
        "type": "comment",
        "story_id": thread,
        "story_title": _article_title(head.site),
        "id": text(values.get("link")).rpartition("-")[2].strip(),
        "author": text(values.get("dc:creator")),
        "published": text(values.get("pubDate")),
        "content": text(values.get("content:encoded")) or text(values.get("description")),
    }


def _article_title(channel: str) -> str:
    """Return the title of the article in that of the feed of its comments ("Comments on: Homs"); else nothing."""
    before, colon, title = channel.partition(": ")
    return title if colon and len(before.split()) <= 3 else ""
