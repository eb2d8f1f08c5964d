"""What a page states of itself outside its text: meta elements, links, JSON-LD, gathered once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from broadsheet.parsing.exports.values import Texts
from broadsheet.parsing.html import jsonld

_MAX_CHARS = 20_000
_MOST = 100


@dataclass(slots=True)
class Head:
    """The statements of one page; ``meta`` has all values of each name (property, name, itemprop) in lower case.

    ``article`` is the JSON-LD object of the article, empty without one; ``broken`` counts JSON-LD blocks that are none.
    """

    texts: Texts
    meta: dict[str, list[str]] = field(default_factory=dict)
    article: dict[str, Any] = field(default_factory=dict)
    objects: list[dict[str, Any]] = field(default_factory=list)
    broken: int = 0
    canonical: str | None = None
    languages: tuple[str, ...] = ()
    title: str = ""

    def first(self, names: Iterable[str]) -> str | None:
        """Return the first value stated under one of the names, best name first."""
        return next(self.all(names), None)

    def all(self, names: Iterable[str]) -> Iterator[str]:
        """Yield every value stated under the names."""
        for name in names:
            yield from self.meta.get(name, ())


def read_head(root: etree._Element, url: str | None) -> Head:
    """Gather what a page states; ``url`` is its address if known, which relative ones are completed by."""
    head = Head(Texts())
    for element in root.iter("meta"):
        content = element.get("content")
        name = element.get("property") or element.get("name") or element.get("itemprop")
        if content and name and not content.isspace() and len(content) <= _MAX_CHARS:
            values = head.meta.setdefault(name.strip().lower(), [])
            if len(values) < _MOST:
                values.append(head.texts.line(content))
    languages: dict[str, None] = {}
    for element in root.iter("link"):
        relation = (element.get("rel") or "").lower()
        address = (element.get("href") or "").strip()
        if relation == "canonical" and address and head.canonical is None:
            head.canonical = _absolute(address, url)
        elif relation == "alternate" and (language := element.get("hreflang")):
            languages[language.replace("_", "-").partition("-")[0].lower()] = None
    head.languages = tuple(language for language in languages if 2 <= len(language) <= 3 and language.isalpha())
    title = root.find(".//title")
    if title is not None:
        head.title = head.texts.line(" ".join("".join(title.itertext())[:_MAX_CHARS].split()))
    head.objects, head.broken = jsonld.objects_of(root)
    head.article = jsonld.article_of(head.objects)
    return head


def _absolute(address: str, url: str | None) -> str | None:
    try:
        whole = urljoin(url, address) if url else address
    except ValueError:
        return None
    return whole if whole.startswith(("http://", "https://")) else None
