"""What the beginning of an XML file says: its root, what its prefixes mean, and of what site it is."""

from __future__ import annotations

import html
import re
from typing import NamedTuple

from broadsheet.parsing.encoding import decode

# What may stand before the root, none of which can be matched in two ways.
_BEFORE_ROOT = re.compile(
    r"\s+|<\?[^>]{0,2000}>|<!--.*?-->|<!DOCTYPE[^\[>]{0,500}(?:\[[^\]]{0,6000}\]\s{0,100})?>", re.DOTALL
)
_ROOT = re.compile(r"<((?:[a-zA-Z_][\w.-]{0,30}:)?[a-zA-Z_][\w.-]{0,60})([\s/>])")
_NAMESPACE = re.compile(r"\sxmlns(?::([\w.-]{1,40}))?\s?=\s?[\"']([^\"'<>]{1,200})[\"']")
_ITEM = re.compile(r"<(?:\w{1,20}:)?(?:item|entry|thread|post)[\s>]")
_ROOT_CHARS = 6000
# The prefixes that everybody uses for what the addresses begin with.
_USUAL = (
    ("http://wordpress.org/export/1.0/excerpt", "excerpt"),
    ("http://wordpress.org/export/1.1/excerpt", "excerpt"),
    ("http://wordpress.org/export/1.2/excerpt", "excerpt"),
    ("http://wordpress.org/export/", "wp"),
    ("http://purl.org/rss/1.0/modules/content/", "content"),
    ("http://purl.org/rss/1.0/modules/slash/", "slash"),
    ("http://purl.org/dc/elements/1.1/", "dc"),
    ("http://purl.org/syndication/thread/1.0", "thr"),
    ("http://purl.org/atom/app", "app"),
    ("http://www.w3.org/2007/app", "app"),
    ("http://schemas.google.com/blogger/", "blogger"),
    ("http://disqus.com/disqus-internals", "dsq"),
)


class Head(NamedTuple):
    """The root's name as it is written, the usual name of each prefix, the name of the site and its language."""

    root: str
    prefixes: dict[str, str]
    site: str
    language: str

    @property
    def local_root(self) -> str:
        """The root's name without its prefix."""
        return self.root.rpartition(":")[2]

    def written(self, name: str) -> str:
        """Return how the file writes a usual name: ``wp:author`` with its own prefix, ``entry`` with the root's."""
        prefix, colon, local = name.rpartition(":")
        if colon:
            return next((f"{own}:{local}" for own, usual in self.prefixes.items() if usual == prefix), name)
        return name if self.root.startswith("rdf:") else self.root.removesuffix(self.local_root) + name


def head_of(opening: bytes) -> Head | None:
    """Read the first bytes of a file, in any encoding; None when they are not the beginning of XML."""
    if not opening.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<"):
        return None
    text = decode(opening, markup=True).text
    place = 0
    while found := _BEFORE_ROOT.match(text, place):
        place = found.end()
    root = _ROOT.match(text, place)
    if not root:
        return None
    tag = text[place : place + _ROOT_CHARS].partition(">")[0]
    prefixes = {(prefix or ""): _usual(address) for prefix, address in _NAMESPACE.findall(tag) if _is_usual(address)}
    own = root[1].rpartition(":")[0]
    if own and own != "rdf":
        prefixes[own] = ""
    head = Head(root[1], prefixes, "", "")
    item = _ITEM.search(text, place)
    channel = text[place : item.start() if item else len(text)]
    site, language = (_element(head.written(name), channel) for name in ("title", "language"))
    return head._replace(site=site, language=language)


def _element(name: str, channel: str) -> str:
    """Return the text of the first element of a name; empty for none."""
    found = re.search(
        rf"<{re.escape(name)}(?:\s[^<>]{{0,200}})?>\s{{0,50}}(?:<!\[CDATA\[)?([^<>]{{0,500}}?)(?:\]\]>)?\s{{0,50}}</",
        channel,
    )
    return html.unescape(found[1]).strip() if found else ""


def _is_usual(address: str) -> bool:
    return address.startswith(tuple(known for known, _ in _USUAL))


def _usual(address: str) -> str:
    return next(usual for known, usual in _USUAL if address.startswith(known))
