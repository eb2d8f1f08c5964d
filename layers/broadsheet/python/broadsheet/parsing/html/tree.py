"""Text of a page -> tree of its elements, whatever its nesting."""

from __future__ import annotations

import re

from lxml import etree, html

from broadsheet.errors import LimitError
from broadsheet.parsing.html.rendering import names

# The largest real page known (the HTML standard on one page) has about half as many; each takes some 300 bytes.
MAX_TAGS = 1_000_000
# libxml2 stops reading at 2048 levels, and what walks the tree afterwards may recurse once for each. Browsers cut at
# 512.
MAX_DEPTH = 300
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:\-]{0,30})(?=[\s/>])[^<>]{0,10000}>")
# Elements that have no content, and those whose end tag is often left out: neither makes a page deep.
_FLAT = names(
    "area base br col embed hr img input link meta param source track wbr p li dt dd tr td th thead tbody tfoot option "
    "html head body"
)
_DEEPER_THAN_ALLOWED = etree.XPath("boolean(" + "/*" * (MAX_DEPTH + 1) + ")")
# What no XML tree may hold becomes a blank; in UTF-8 these bytes stand for nothing else.
_FORBIDDEN = bytes(range(9)) + b"\x0b\x0c" + bytes(range(14, 32))
_BLANKED = bytes.maketrans(_FORBIDDEN, b" " * len(_FORBIDDEN))


def parse(text: str) -> html.HtmlElement | None:
    """Return the root of a page's tree, at most ``MAX_DEPTH`` levels deep; None for a page without any element.

    Deeper elements are left out, what is in them is kept. Raises LimitError ``too_many_tags``. Linear in the text.
    """
    if text.count("<") > MAX_TAGS:
        raise LimitError(f"The page has more than {MAX_TAGS} tags. Split it into pages.", code="too_many_tags")
    root = _parsed(text)
    if root is not None and _DEEPER_THAN_ALLOWED(root):
        root = _parsed(_flattened(text))
    return root


def _parser() -> etree.HTMLParser:
    parser = etree.HTMLParser(
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
        collect_ids=False,
        default_doctype=False,
    )
    # As lxml.html does, but without asking Python for the class of each element.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=html.HtmlElement))
    return parser


_PARSER = _parser()


def _parsed(text: str) -> html.HtmlElement | None:
    try:
        root = etree.fromstring(text.encode("utf-8", "replace").translate(_BLANKED), _PARSER)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    return root if isinstance(root, html.HtmlElement) else None


def _flattened(text: str) -> str:
    """Leave out the tags of elements that are too deep."""
    depth = 0

    def keep(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag[2].lower() in _FLAT or tag[0].endswith("/>"):
            return tag[0]
        if tag[1]:
            depth = max(0, depth - 1)
            return "" if depth >= MAX_DEPTH // 2 else tag[0]
        depth += 1
        return "" if depth > MAX_DEPTH // 2 else tag[0]

    return _TAG.sub(keep, text)
