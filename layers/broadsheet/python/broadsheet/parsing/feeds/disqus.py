"""Disqus' export: threads, which are pages of a site, and the posts in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from broadsheet.model import Problem
from broadsheet.parsing.feeds.entry import Entries, Entry, Item
from broadsheet.parsing.feeds.gathering import Gathering
from broadsheet.parsing.feeds.items import attribute, text
from broadsheet.parsing.passing import PassedOver

FORMAT = "disqus"
TAGS = ("thread", "post")


def entries(items: Iterator[Item | Problem], passed_over: PassedOver, gathering: Gathering) -> Entries:
    """Yield the threads that have posts, each with them."""
    for item in items:
        if isinstance(item, Problem):
            yield item
            continue
        values = item.values
        if item.name == "thread":
            gathering.add_article(attribute(values, "dsq:id"), _thread(values), item.piece)
        elif text(values.get("isDeleted")) == "true":
            passed_over.add("deleted comments")
        elif text(values.get("isSpam")) == "true":
            passed_over.add("comments that are spam")
        else:
            thread = attribute(values.get("thread"), "dsq:id")
            gathering.add_comment(thread, _post(values, thread), item.piece)
        if gathering.is_full:
            yield from _gathered(gathering, passed_over)
    yield from _gathered(gathering, passed_over)


def _gathered(gathering: Gathering, passed_over: PassedOver) -> Iterator[Entry]:
    for group in gathering.groups():
        if group.value and not group.value["comments"] and not group.value["message"].strip():
            # Disqus makes one for every page that is looked at.
            passed_over.add("threads without comments")
        else:
            yield Entry(group)


def _thread(values: dict[str, Any]) -> dict[str, Any]:
    message = text(values.get("message"))
    return {
        "id": attribute(values, "dsq:id"),
        "url": text(values.get("link")).strip(),
        "title": text(values.get("title")),
        "content": message,
        "message": message,
        "createdAt": text(values.get("createdAt")),
        "source": text(values.get("forum")),
    }


def _post(values: dict[str, Any], thread: str) -> dict[str, Any]:
    author = values.get("author")
    author = author if isinstance(author, dict) else {}
    return {
        "type": "comment",
        "story_id": thread,
        "id": attribute(values, "dsq:id"),
        "parent_id": attribute(values.get("parent"), "dsq:id"),
        "author": text(author.get("name")) or text(author.get("username")),
        "createdAt": text(values.get("createdAt")),
        "content": text(values.get("message")),
        "guest": text(author.get("isAnonymous")) == "true",
    }
