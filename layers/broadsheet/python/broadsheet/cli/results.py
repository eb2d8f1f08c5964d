"""Results of a search, articles and comments, as lines for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from broadsheet.cli.outcome import number
from broadsheet.cli.terminal import Run, marked, one_line, shown

Line = tuple[str | Run, ...]

# A comment longer than this is cut at a word; one with marked words shows what is around them instead.
_COMMENT_CHARACTERS = 300
_GAP = " ... "


def result_lines(place: int, result: Mapping[str, Any]) -> Iterator[Line]:
    """Give the lines of one result, ``place`` counted from 1."""
    article = result.get("article") or {}
    highlights = result.get("highlights") or {}
    margin = f"{place:>2}. "
    indent = " " * len(margin)
    if result.get("type") == "comment":
        comment = result.get("comment") or {}
        yield margin, *comment_head(comment)
        yield indent, *_comment_text(comment, highlights)
        yield indent, "on ", *_title(article, {}), *chain.from_iterable(facts_of(article))
        yield from ((indent, *line) for line in address_of(article, comment.get("comment_id", "")))
        return
    why = ", ".join(result.get("why") or ())
    yield margin, *_title(article, highlights)
    facts = [*facts_of(article), *([(" · found in ", shown(why))] if why else [])]
    if facts:
        first, *others = chain.from_iterable(facts)
        yield indent, str(first).removeprefix(" · "), *others
    text = _fragments(highlights) or (shown(article.get("excerpt", "")),)
    yield indent, *text
    yield from ((indent, *line) for line in address_of(article, article.get("article_id", "")))
    matching = result.get("matching_comments") or {}
    for comment in matching.get("comments") or ():
        yield f"{indent}  ", *comment_head(comment), ": ", *_comment_text(comment, comment.get("highlights") or {})
    hidden = matching.get("total", 0) - len(matching.get("comments") or ())
    if hidden > 0:
        yield (f"{indent}  and {number(hidden, 'more matching comment')}",)


def _title(article: Mapping[str, Any], highlights: Mapping[str, Any]) -> Line:
    if "title" in highlights:
        return (marked(highlights["title"], "bold yellow"),)
    return (shown(article.get("title") or "(without a title)", "bold"),)


def facts_of(article: Mapping[str, Any]) -> list[Line]:
    """Return what is known of an article beside its text, each fact with a dot before it."""
    facts: list[Line] = []
    published = article.get("published_at") or {}
    if published.get("value"):
        # Only an estimate has bounds.
        about = "around " if "earliest" in published or "latest" in published else ""
        facts.append((f" · {about}", shown(published["value"][:10])))
    if article.get("source"):
        facts.append((" · ", shown(article["source"])))
    if article.get("comment_count"):
        facts.append((" · ", number(article["comment_count"], "comment")))
    return facts


def address_of(article: Mapping[str, Any], identity: str = "") -> list[Line]:
    """Return the line that says where an article is, and by which id a result is opened; no line for neither."""
    file = article.get("file") or {}
    address = article.get("url") or (f"s3://{file.get('bucket')}/{file.get('key')}" if file else "")
    parts: list[Line] = [(shown(address, "cyan"),)] if address else []
    if identity:
        parts.append((" · " if address else "", shown(identity, "dim")))
    return [tuple(chain.from_iterable(parts))] if parts else []


def comment_head(comment: Mapping[str, Any]) -> Line:
    """Return who wrote a comment and when."""
    posted = (comment.get("posted_at") or {}).get("value", "")
    # ISO 8601 to the minute, as a person writes it; the offset is in the JSON.
    time = (", ", shown(posted[:16].replace("T", " "), "dim")) if posted else ()
    return (shown(comment.get("author") or "(unknown)", "green"), *time)


def _comment_text(comment: Mapping[str, Any], highlights: Mapping[str, Any]) -> Line:
    text = one_line(comment.get("body", ""))
    if len(text) > _COMMENT_CHARACTERS:
        text = text[:_COMMENT_CHARACTERS].rpartition(" ")[0] + _GAP.rstrip()
    return _fragments(highlights) or (shown(text),)


def _fragments(highlights: Mapping[str, Any]) -> Line:
    fragments = highlights.get("body") or []
    return tuple(part for fragment in fragments for part in (_GAP, marked(fragment)))[1:]
