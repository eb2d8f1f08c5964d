"""HTML inside a field of an export -> text: tags become line ends or nothing, entities their characters."""

from __future__ import annotations

import html
import re

# No nesting and no backtracking: each attempt ends at the next angle bracket.
_TAG = re.compile(r"<(?:!--|(/?)([a-zA-Z][a-zA-Z0-9]{0,15})(?=[\s/>])([^<>]{0,8000})>)")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_ALT = re.compile(r"\balt\s?=\s?(?:\"([^\"]{0,1000})\"|'([^']{0,1000})')", re.IGNORECASE)
_BLANKS = re.compile(r"[^\S\n]{1,1000}")
_LINE_EDGES = re.compile(r" ?\n ?")
_EMPTY_LINES = re.compile(r"\n{3,}")

# Stand for line ends until all tags are gone; as characters of a text they are controls and mean nothing.
_PARAGRAPH, _LINE = "\x02", "\x01"


def _elements(names: str, meaning: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), meaning)


_MEANING = {
    **_elements("p div article section header footer aside main nav blockquote pre ul ol dl table", _PARAGRAPH),
    **_elements("figure figcaption form hr h1 h2 h3 h4 h5 h6", _PARAGRAPH),
    **_elements("br li tr dt dd option", _LINE),
    **_elements("td th", " "),
    **_elements("a abbr acronym b big cite code del em font i iframe ins kbd mark q s samp small span strike", ""),
    **_elements("strong sub sup tt u var wbr time picture source video audio body html head title meta link", ""),
    **_elements("tbody thead tfoot input label button noscript template svg path center script style", ""),
}
# What nobody sees, and where it ends; without an end it is taken for visible.
_UNSEEN = {
    "!--": re.compile("-->"),
    "script": re.compile(r"</script\b[^<>]{0,100}>", re.IGNORECASE),
    "style": re.compile(r"</style\b[^<>]{0,100}>", re.IGNORECASE),
}


def text_of(markup: str) -> str:
    """Return the visible text of a field that may hold HTML; a field that holds none comes back as it is.

    Only names of HTML elements count as tags, so that "<me> a < b" stays. Linear in the length of the field.
    """
    if "<" not in markup:
        return _decoded(markup) if "&" in markup else markup
    parts: list[str] = []
    unclosed: set[str] = set()
    place = 0
    while found := _TAG.search(markup, place):
        name = found[2].lower() if found[2] else "!--"
        parts.append(markup[place : found.start()])
        place = found.end()
        if name in _UNSEEN and not found[1]:
            end = None if name in unclosed else _UNSEEN[name].search(markup, place)
            if end:
                place = end.end()
            else:
                unclosed.add(name)
        else:
            parts.append(_shown(name, found))
    if not parts:
        return _decoded(markup) if "&" in markup else markup
    parts.append(markup[place:])
    return _laid_out("".join(parts))


def _shown(name: str, tag: re.Match[str]) -> str:
    """Return what stands for a tag: a break, nothing, an image's alternative text, or itself when it is no HTML."""
    if name == "img":
        alt = _ALT.search(tag[3])
        return (alt[1] or alt[2] or "") if alt else ""
    meaning = _MEANING.get(name, tag[0])
    # The end of a list's item is the beginning of the next one, or the end of the list.
    return "" if meaning == _LINE and tag[1] and name != "br" else meaning


def _laid_out(text: str) -> str:
    """Turn the marks of block elements into line ends; where there are any, the source's own mean nothing."""
    if _PARAGRAPH in text or _LINE in text:
        text = text.replace("\n", " ").replace("\r", " ")
        text = text.replace(_PARAGRAPH, "\n\n").replace(_LINE, "\n")
        text = _EMPTY_LINES.sub("\n\n", _LINE_EDGES.sub("\n", _BLANKS.sub(" ", text)))
    return _decoded(text.strip())


def _decoded(text: str) -> str:
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text)
