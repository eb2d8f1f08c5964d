"""The text of the article: what trafilatura takes of the page without its comments, weighed against what it states."""

from __future__ import annotations

import logging
import re
from typing import Any

import trafilatura
from lxml import html
from trafilatura.settings import Extractor

from broadsheet.parsing.html.rendering import names, text_of
from broadsheet.text import fold, words

# Its notes on pages without an article are for its own developers.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
# Extraction's second opinions take quadratic time (10,000 paragraphs: 4 s), so large pages do without, and the largest
# without extraction. The longest articles have a tenth of these elements, once the comments are taken out.
_MANY_ELEMENTS = 8_000
_MOST_ELEMENTS = 50_000
# A second opinion replaces the first only where that is shorter than this, or half as long, or a fifth of the page:
# never where the first has these shares of the words outside links and of all words. Asking takes half of the time.
_CLEAR_CHARS, _CLEAR_SHARE, _CLEAR_SHARE_OF_ALL = 250, 0.4, 0.2


class _Once(str):
    """A focus that ends extraction after its first step.

    It is none that extraction knows, so nothing is tried again after rendering the whole page; nor is it different from
    "precision", so a short text is not replaced by a dump of the page, which would look like a clear answer.
    """

    __slots__ = ()
    __hash__ = str.__hash__

    def __ne__(self, other: object) -> bool:
        return other != "precision"


_FIRST = Extractor(output_format="python", comments=False, fast=True)
_FIRST.focus = _Once("once")
_FAST = Extractor(output_format="python", comments=False, fast=True)
_FULL = Extractor(output_format="python", comments=False)
# What extraction takes for a sign that its text needs another opinion.
_UNCLEAN = names(
    "aside audio button fieldset figure footer iframe input label link nav noscript object option select source svg "
    "time"
)
_PARAGRAPHS, _PARAGRAPH_CHARS = 3, 60
_LIST_LINE = re.compile(r"(?:[-*•|]|\d{1,3}\.)\s?")


def extracted(root: html.HtmlElement, words: int, linked: int) -> str | None:
    """Return the article's text in paragraphs; None when there is none.

    ``words`` counts the words that are left on the page, ``linked`` those of them that are in links.
    """
    count = sum(1 for _ in root.iter())
    if count > _MOST_ELEMENTS:
        return None
    _free_of_layout(root)
    document = _extract(root, _FIRST)
    if not _is_clear(document, max(_CLEAR_SHARE * (words - linked), _CLEAR_SHARE_OF_ALL * words)):
        document = _extract(root, _FULL if count <= _MANY_ELEMENTS else _FAST)
    text = getattr(document, "text", None)
    return _paragraphs(text) if isinstance(text, str) and text.strip() else None


def _extract(root: html.HtmlElement, options: Extractor) -> Any:
    try:
        return trafilatura.bare_extraction(root, options=options)
    except (RecursionError, ValueError, TypeError, AttributeError, IndexError):
        return None


def _is_clear(document: Any, least: float) -> bool:
    """Tell whether no second opinion on what was extracted would be heeded; ``least`` is how many words it needs."""
    text = getattr(document, "text", None)
    if not isinstance(text, str) or len(text) < _CLEAR_CHARS or len(text.split()) < least:
        return False
    paragraphs = tables = 0
    for element in document.body.iter():
        paragraphs += element.tag == "p"
        tables += element.tag == "table"
        if element.tag in _UNCLEAN:
            return False
    return paragraphs > 0 and tables <= paragraphs


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
