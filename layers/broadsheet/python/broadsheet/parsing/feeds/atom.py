"""Atom, and Blogger's export in it: entries that are articles, and entries that are comments on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from broadsheet.model import Problem
from broadsheet.parsing.feeds.entry import Entries, Entry, Item
from broadsheet.parsing.feeds.gathering import Gathering
from broadsheet.parsing.feeds.items import attribute, each, text
from broadsheet.parsing.feeds.opening import Head
from broadsheet.parsing.passing import PassedOver

FORMAT = "atom"
TAGS = ("entry",)
_KIND = "http://schemas.google.com/g/2005#kind"
_NO_ARTICLES = {"template": "templates", "settings": "settings"}
_STATES = {"DRAFT": "drafts", "SCHEDULED": "posts of the future", "SOFT_TRASHED": "posts in the trash"}


def entries(items: Iterator[Item | Problem], head: Head, passed_over: PassedOver, gathering: Gathering) -> Entries:
    """Yield the entries that are articles, each with the entries that are comments on it."""
    for item in items:
        if isinstance(item, Problem):
            yield item
            continue
        values = item.values
        kind = _kind(values)
        if what := _NO_ARTICLES.get(kind) or _state(values):
            passed_over.add(f"comments that are {what}" if kind == "comment" else what)
        elif kind == "comment":
            answered = values.get("thr:in-reply-to")
            thread = attribute(answered, "ref") or text(values.get("blogger:parent")) or attribute(answered, "href")
            gathering.add_comment(thread, _comment(values, thread), item.piece)
        else:
            value = _article(values, head)
            gathering.add_article(value["id"] or value["url"] or value["title"], value, item.piece)
        if gathering.is_full:
            yield from map(Entry, gathering.groups())
    yield from map(Entry, gathering.groups())


def _kind(values: dict[str, Any]) -> str:
    """Return ``comment``, or what Blogger calls the entry."""
    stated = next((attribute(term, "term") for term in each(values.get("category")) if _is_kind(term)), "")
    kind = stated.rpartition("#")[2] or text(values.get("blogger:type")).lower()
    return "comment" if kind == "comment" or "thr:in-reply-to" in values else kind


def _is_kind(term: Any) -> bool:
    return attribute(term, "scheme") == _KIND


def _state(values: dict[str, Any]) -> str | None:
    control = values.get("app:control")
    if isinstance(control, dict) and text(control.get("app:draft")) == "yes":
        return "drafts"
    state = text(values.get("blogger:status"))
    return _STATES.get(state, None if state in {"", "LIVE"} else "not published")


def _article(values: dict[str, Any], head: Head) -> dict[str, Any]:
    terms = [term for term in each(values.get("category")) if not _is_kind(term)]
    return {
        "id": text(values.get("id")).strip(),
        "url": _link(values, "alternate"),
        "title": text(values.get("title")),
        "content": text(values.get("content")),
        "summary": text(values.get("summary")),
        "authors": [name for author in each(values.get("author")) if (name := _name(author))],
        "published": text(values.get("published")) or text(values.get("updated")),
        "tags": [attribute(term, "label") or attribute(term, "term") for term in terms],
        "source": _source(values) or head.site,
        "language": attribute(values, "xml:lang") or attribute(values.get("content"), "xml:lang"),
        "comment_count": text(values.get("thr:total")).strip(),
    }


def _comment(values: dict[str, Any], thread: str) -> dict[str, Any]:
    """Return a comment; Blogger names the comment it answers by a related link, whose end is that comment's number."""
    related = _link(values, "related").rpartition("/")[2]
    answered = text(values.get("blogger:inReplyTo")) or related
    return {
        "type": "comment",
        "story_id": thread,
        "id": _number(text(values.get("id")).strip()),
        "parent_id": _number(answered.strip()),
        "author": next((name for author in each(values.get("author")) if (name := _name(author))), ""),
        "published": text(values.get("published")) or text(values.get("updated")),
        "content": text(values.get("content")) or text(values.get("summary")),
    }


def _number(name: str) -> str:
    """Return the number of a post in Blogger's names: of "tag:blogger.com,1999:blog-1.post-99" it is 99."""
    return name.rpartition(".post-")[2]


def _name(author: Any) -> str:
    return text(author.get("name")) if isinstance(author, dict) else ""


def _source(values: dict[str, Any]) -> str:
    source = values.get("source")
    return text(source.get("title")) if isinstance(source, dict) else ""


def _link(values: dict[str, Any], relation: str) -> str:
    for link in each(values.get("link")):
        if (attribute(link, "rel") or "alternate") == relation:
            return attribute(link, "href")
    return ""
