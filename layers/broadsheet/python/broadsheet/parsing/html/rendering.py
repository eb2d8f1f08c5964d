"""Elements -> the text that a reader of the page sees, in paragraphs. Iterates and never recurses."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from typing import Any

from lxml import etree

# Stand for line ends until the text is laid out: of a paragraph, of an item, and one that is written (``br``).
PARAGRAPH, LINE, BREAK = "\x02", "\x01", "\x03"


def names(text: str) -> frozenset[str]:
    """Return names that stand in one text, apart by blanks."""
    return frozenset(text.split())


UNSEEN = names(
    "script style noscript template head title meta link svg math iframe object embed applet audio video canvas map "
    "select option datalist textarea button input form-data noframes"
)
_PARAGRAPHS = names(
    "p div article section header footer aside main nav blockquote pre ul ol dl table figure figcaption form fieldset "
    "hr h1 h2 h3 h4 h5 h6 address details summary center body"
)
_LINES = names("li tr dt dd legend caption")
_CELLS = frozenset(("td", "th"))
_HIDDEN = re.compile(r"display\s?:\s?none|visibility\s?:\s?hidden", re.IGNORECASE)
_BLANKS = re.compile(r"[^\S\x01-\x03]+")
_MARKS = re.compile(" ?[\x01-\x03][ \x01-\x03]*")


def separator(tag: Any) -> str:
    """Return what an element puts before and after its text: a paragraph's end, a line's end, a blank or nothing."""
    if tag in _PARAGRAPHS:
        return PARAGRAPH
    if tag in _LINES:
        return LINE
    if tag == "br":
        return BREAK
    return " " if tag in _CELLS else ""


def is_hidden(element: etree._Element) -> bool:
    """Tell whether an element's own style or attribute hides it."""
    style = element.get("style")
    return (style is not None and _HIDDEN.search(style) is not None) or element.get("hidden") is not None


def text_of(elements: Iterable[etree._Element], without: Container[etree._Element] = ()) -> str:
    """Return the visible text of elements one after another; subtrees in ``without`` are left out, not their tails."""
    parts: list[str] = []
    for element in elements:
        _collect(element, without, parts)
        parts.append(PARAGRAPH)
    return laid_out("".join(parts))


def text_after(element: etree._Element) -> str:
    """Return the visible text of a page from the end of one of its elements on."""
    parts: list[str] = []
    for inner in (element, *element.iterancestors()):
        parts.append(separator(inner.tag))
        parts.append(inner.tail or "")
        for sibling in inner.itersiblings():
            if sibling.tag not in UNSEEN and not is_hidden(sibling):
                _collect(sibling, (), parts)
            parts.append(sibling.tail or "")
    return laid_out("".join(parts))


def raw_text_after(element: etree._Element) -> str:
    """Return all text from the end of an element on, seen or not, as it is written; at a tenth of the cost."""
    parts: list[str] = []
    for inner in (element, *element.iterancestors()):
        parts.append(inner.tail or "")
        parts.extend(etree.tostring(each, method="text", encoding="unicode") for each in inner.itersiblings())
    return "".join(parts)


def _collect(root: etree._Element, without: Container[etree._Element], parts: list[str]) -> None:
    walker = etree.iterwalk(root, events=("start", "end"))
    preformatted = 0
    for event, element in walker:
        tag = element.tag
        mark = separator(tag)
        if event == "start":
            if tag in UNSEEN or not isinstance(tag, str) or element in without or _is_hidden_in(element, root):
                walker.skip_subtree()
                continue
            parts.append(mark)
            preformatted += tag == "pre"
            if element.text:
                parts.append(_kept_lines(element.text) if preformatted else element.text)
        else:
            if tag == "pre" and preformatted:
                preformatted -= 1
            parts.append("" if tag == "br" else mark)
            if element is not root and element.tail:
                parts.append(_kept_lines(element.tail) if preformatted else element.tail)


def _is_hidden_in(element: etree._Element, root: etree._Element) -> bool:
    return element is not root and is_hidden(element)


def _kept_lines(text: str) -> str:
    return text.replace("\r\n", BREAK).replace("\n", BREAK)


def laid_out(text: str) -> str:
    """Turn marks into line ends: paragraphs are apart by one blank line, other blanks are one space."""

    def ending(marks: re.Match[str]) -> str:
        # Two line breaks in a row are how old pages write a paragraph.
        return "\n\n" if PARAGRAPH in marks[0] or marks[0].count(BREAK) > 1 else "\n"

    return _MARKS.sub(ending, _BLANKS.sub(" ", text)).strip()
