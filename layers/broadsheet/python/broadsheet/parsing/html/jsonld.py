"""The JSON-LD blocks of a page, read although many are broken: comments, trailing commas, raw line ends in texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson
from lxml import etree

_MAX_BLOCK_CHARS = 2_000_000
_MAX_OBJECTS = 2000
_WRAPPERS = re.compile(
    r"\A[\s;]*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)[\s;]*\Z"
)
# A text, a comment, or a comma before a closing bracket.
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|/\*.{0,5000}?\*/|//[^\n]*|,(?=\s*[}\]])', re.DOTALL)
_CONTROL = re.compile("[\x00-\x1f]")
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')
_COMMENT_TYPES = frozenset(("Comment", "UserComments", "CorrectionComment"))
_ARTICLE_TYPES = re.compile(r"(?:Article|Posting|Report|Review|LiveBlog|Story|OpinionNews\w*|BlogPost)$")


def objects_of(root: etree._Element) -> tuple[list[dict[str, Any]], int]:
    """Return all objects of the blocks, also those of ``@graph`` and ``mainEntity``, and how many blocks failed."""
    found: list[dict[str, Any]] = []
    broken = 0
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower() or not script.text:
            continue
        value = loads(script.text)
        if value is None:
            broken += 1
        else:
            found.extend(_objects(value, _MAX_OBJECTS - len(found)))
    return found, broken


def loads(text: str) -> Any:
    """Return the value of a block, repaired where that is simple; None for one that is beyond it."""
    if len(text) > _MAX_BLOCK_CHARS:
        return None
    text = _WRAPPERS.sub("", text).strip().rstrip(";")
    for attempt in (text, _PIECE.sub(_repaired, text)):
        try:
            return orjson.loads(attempt)
        except orjson.JSONDecodeError:
            continue
    return None


def article_of(objects: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the object that describes the page's article; empty for none."""
    articles = [each for each in objects if any(map(_ARTICLE_TYPES.search, types_of(each)))]
    return max(
        articles,
        key=lambda each: ("headline" in each) + ("articleBody" in each) + ("datePublished" in each),
        default={},
    )


def comments_of(article: dict[str, Any], objects: list[dict[str, Any]]) -> list[Any]:
    """Return the comments that the blocks hold: those of the article, else of another object, else loose in a graph.

    An author who stands elsewhere in the graph is put in place of the reference.
    """
    for each in (article, *objects):
        stated = each.get("comment") or each.get("comments")
        elements = stated if isinstance(stated, list) else [stated]
        if any(isinstance(element, dict) and element.keys() - {"@id", "@type"} for element in elements):
            return elements
    loose = [each for each in objects if _COMMENT_TYPES.intersection(types_of(each))]
    if not loose:
        return []
    known = {each["@id"]: each for each in objects if isinstance(each.get("@id"), str)}
    return [_with_author(each, known) for each in loose]


def _with_author(comment: dict[str, Any], known: dict[str, dict[str, Any]]) -> dict[str, Any]:
    author = comment.get("author")
    if isinstance(author, dict) and isinstance(author.get("@id"), str):
        return {**comment, "author": known.get(author["@id"], author)}
    return comment


def types_of(value: dict[str, Any]) -> list[str]:
    """Return the types of an object."""
    stated = value.get("@type")
    if isinstance(stated, str):
        return [stated]
    return [each for each in stated if isinstance(each, str)] if isinstance(stated, list) else []


def _objects(value: Any, most: int) -> Iterator[dict[str, Any]]:
    waiting = [value]
    while waiting and most > 0:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(reversed(value[:_MAX_OBJECTS]))
        elif isinstance(value, dict):
            most -= 1
            yield value
            waiting.extend(
                value[name] for name in ("mainEntity", "@graph") if isinstance(value.get(name), (dict, list))
            )


def _repaired(piece: re.Match[str]) -> str:
    text = piece[0]
    if text[0] != '"':
        return " " if text[0] == "/" else ""
    text = _BAD_ESCAPE.sub(r"\\\\", text)
    return _CONTROL.sub(lambda found: _ESCAPES.get(found[0], " "), text)
