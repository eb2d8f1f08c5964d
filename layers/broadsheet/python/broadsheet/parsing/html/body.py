"""The text of the article: what trafilatura takes of the page without its comments, weighed against what it states."""

from __future__ import annotations

import logging
import re

import trafilatura
from lxml import html

from broadsheet.parsing.html.rendering import text_of
from broadsheet.text import fold, words

# Its notes on pages without an article are for its own developers.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
# Extraction's second opinions take quadratic time (10,000 paragraphs: 4 s), so large pages do without, and the largest
# without extraction. The longest articles have a tenth of these elements, once the comments are taken out.
_MANY_ELEMENTS = 8_000
_MOST_ELEMENTS = 50_000
_PARAGRAPHS, _PARAGRAPH_CHARS = 3, 60
_LIST_LINE = re.compile(r"(?:[-*•|]|\d{1,3}\.)\s?")


def extracted(root: html.HtmlElement) -> str | None:
    """Return the article's text in paragraphs; None when there is none."""
    count = sum(1 for _ in root.iter())
    if count > _MOST_ELEMENTS:
        return None
    _free_of_layout(root)
    try:
        document = trafilatura.bare_extraction(
            root, include_comments=False, with_metadata=False, fast=count > _MANY_ELEMENTS
        )
    except (RecursionError, ValueError, TypeError, AttributeError, IndexError):
        return None
    text = getattr(document, "text", None)
    return _paragraphs(text) if isinstance(text, str) and text.strip() else None


def _free_of_layout(root: html.HtmlElement) -> None:
    """Turn tables that only place things on the page into plain blocks: extraction takes tables for rows of data."""
    tables = [table for table in root.iter("table") if _is_layout(table)]
    for table in reversed(tables):
        for part in (
            table,
            *(each for each in table.iter("tbody", "thead", "tfoot", "tr", "td", "th") if _table_of(each) is table),
        ):
            part.tag = "div"


def _is_layout(table: html.HtmlElement) -> bool:
    """Tell whether the cells of a table hold headlines, several paragraphs, or tables."""
    if next(table.iter("h1"), None) is not None or next(table.iterdescendants("table"), None) is not None:
        return True
    paragraphs = 0
    for paragraph in table.iter("p"):
        paragraphs += len(paragraph.text or "") > _PARAGRAPH_CHARS
        if paragraphs >= _PARAGRAPHS:
            return True
    return False


def _table_of(part: html.HtmlElement) -> html.HtmlElement | None:
    return next(part.iterancestors("table"), None)


def without_title(body: str, title: str) -> str:
    """Return a body without the headline that it begins with."""
    first, _, rest = body.partition("\n\n")
    return rest if rest and fold(first) == fold(title) else body


def whole(root: html.HtmlElement) -> str:
    """Return all visible text."""
    return text_of((root,))


def better(text: str | None, stated: str) -> tuple[str | None, str]:
    """Choose between what was extracted and the ``articleBody`` that a page states; returns text and method."""
    if not stated:
        return text, "extracted"
    if text is None:
        return stated, "json-ld"
    ours, theirs = words(text), words(stated)
    common = len(set(ours) & set(theirs))
    missing = len(set(theirs)) - common
    if len(theirs) > 60 and len(ours) < 0.6 * len(theirs) and missing > 0.3 * len(set(theirs)):
        return stated, "json-ld"
    return text, "extracted"


def _paragraphs(text: str) -> str:
    parts: list[str] = []
    in_list = False
    for line in filter(None, map(str.strip, text.split("\n"))):
        is_item = _LIST_LINE.match(line) is not None
        if parts:
            parts.append("\n" if is_item and in_list else "\n\n")
        parts.append(line)
        in_list = is_item
    return "".join(parts)
