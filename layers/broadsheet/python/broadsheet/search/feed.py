"""The results of a search as an Atom feed (RFC 4287): what is new about a subject, for feed readers.

Ids are made of the archive's own ids, so that an entry stays the same wherever the archive is reached; what XML cannot
hold is taken out, and highlights stand as escaped HTML.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr

from broadsheet.search.parameters import Choice, Integer, Parameter, read_parameters
from broadsheet.search.request import SEARCH_PARAMETERS, SearchRequest, read_search

Json = dict[str, Any]

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
# What changes neither which entries there are nor their order.
_OF_PAGES = frozenset(("facet", "facet_size", "timeline", "highlight", "fields", "explain"))


def _declared() -> Iterator[Parameter]:
    for parameter in SEARCH_PARAMETERS:
        if isinstance(parameter, Choice) and parameter.name == "sort":
            yield parameter._replace(description=f"{parameter.description} Here newest.", default="newest")
        elif isinstance(parameter, Integer) and parameter.name == "limit":
            yield parameter._replace(description="How many entries to return.", default=20)
        elif parameter.name not in _OF_PAGES:
            yield parameter


FEED_PARAMETERS: tuple[Parameter, ...] = tuple(_declared())

_UNDATED = "1970-01-01T00:00:00Z"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# The beginnings of ISO 8601 that our sources write; the rest of a finer one is read by datetime.
_YEAR, _MONTH = re.compile(r"\d{4}", re.ASCII), re.compile(r"\d{4}-\d{2}", re.ASCII)
_COMMENTS = 3


def read_feed(given: Mapping[str, Sequence[str]], now: float) -> SearchRequest:
    """Read the parameters; raise RequestError with one problem per wrong parameter. ``now`` is in seconds."""
    values = read_parameters(FEED_PARAMETERS, given)
    return read_search({**given, "sort": [values["sort"]], "limit": [str(values["limit"])]}, now)


def atom(page: Json, *, q: str, identity: str, address: str, following: str | None, root: str) -> str:
    """Return a page of results as a feed.

    ``identity`` names the query; ``address`` and ``following`` are the addresses of this page and of the next one,
    ``root`` is that of the API, in whose resources entries are read that have no address of their own.
    """
    entries = [_Entry(result, root) for result in page["results"]]
    updated = max((entry.updated for entry in entries), default=_UNDATED)
    links = [("self", address), ("next", following or "")]
    written = [
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">',
        _tag("id", _urn("search", identity)),
        _tag("title", f"broadsheet: {q}" if q else "broadsheet"),
        _tag("updated", updated),
        "<author><name>broadsheet</name></author>",
        _tag("generator", "broadsheet"),
        *(_link(relation, target, MEDIA_TYPE.partition(";")[0]) for relation, target in links if target),
        *(entry.written for entry in entries),
        "</feed>\n",
    ]
    return "\n".join(written)


class _Entry:
    """One result: ``written`` as an element, ``updated`` as RFC 3339 in UTC, so that texts compare as times."""

    def __init__(self, result: Json, root: str) -> None:
        article, comment = result["article"], result.get("comment")
        shown = comment or article
        known_since = article.get("file", {}).get("stored_at", "")
        said = (shown.get("posted_at") or shown.get("published_at") or {}).get("value", "")
        date = rfc3339(said)
        self.updated = date or rfc3339(known_since) or _UNDATED
        kind = "comment" if comment else "article"
        identity = shown[f"{kind}_id"]
        resource = f"{root}/{kind}s/{identity}"
        title = article.get("title") or "(without a title)"
        # Whose language nobody knows is that of the place it stands in.
        language = shown.get("language") or article.get("language")
        page = _web(article.get("url"))
        author = comment.get("author") if comment else article.get("source")
        parts = [
            _tag("id", _urn(kind, identity)),
            _tag("title", f"{author or '(unknown)'}: {title}" if comment else title),
            _tag("updated", self.updated),
            _tag("published", date) if date else "",
            f"<author>{_tag('name', author)}</author>" if author else "",
            # Without a type: readers take an alternate of any other type than HTML for none.
            _link("alternate", resource if comment else page or resource),
            _link("related", page) if comment and page else "",
            f'<content type="html">{_text(_content(result))}</content>',
        ]
        spoken = f" xml:lang={quoteattr(language)}" if language else ""
        self.written = f"<entry{spoken}>\n" + "\n".join(part for part in parts if part) + "\n</entry>"


def _content(result: Json) -> str:
    """Return the best pieces of a result as safe HTML; ``dir`` lets each paragraph find its own direction."""
    shown = result.get("comment") or result["article"]
    paragraphs = [_pieces(result["highlights"], shown.get("body") or shown.get("excerpt") or "")]
    for comment in result.get("matching_comments", {}).get("comments", ())[:_COMMENTS]:
        name = html.escape(comment.get("author") or "(unknown)", quote=False)
        paragraphs.append(f"<b>{name}</b>: {_pieces(comment.get('highlights', {}), comment.get('body', ''))}")
    return "".join(f'<p dir="auto">{paragraph}</p>' for paragraph in paragraphs if paragraph)


def _pieces(highlights: Mapping[str, Any], otherwise: str) -> str:
    marked: Sequence[str] = highlights.get("body", ())
    if not marked:
        return html.escape(otherwise, quote=False)
    # Feed readers take out mark, and keep strong; all other brackets of a highlight are escaped.
    return " … ".join(marked).replace("<mark>", "<strong>").replace("</mark>", "</strong>")


def rfc3339(moment: str) -> str:
    """Return an ISO 8601 date or time as RFC 3339 in UTC, from its first instant; empty for what is none.

    >>> rfc3339("2014-05-09"), rfc3339("2014-05-09T16:33+03:00")
    ('2014-05-09T00:00:00Z', '2014-05-09T13:33:00Z')
    """
    if _YEAR.fullmatch(moment):
        moment += "-01-01"
    elif _MONTH.fullmatch(moment):
        moment += "-01"
    try:
        read = datetime.fromisoformat(moment)
        utc = (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return ""
    return utc.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _urn(kind: str, identity: str) -> str:
    return uuid5(NAMESPACE_URL, f"broadsheet:{kind}:{identity}").urn


def _web(url: str | None) -> str:
    """Return an address of the web that a link may have; readers should not be sent to any other."""
    try:
        known = bool(url) and urlsplit(url or "").scheme in {"http", "https"}
    except ValueError:
        return ""
    return url or "" if known else ""


def _link(relation: str, target: str, media_type: str = "") -> str:
    typed = f" type={quoteattr(media_type)}" if media_type else ""
    return f"<link rel={quoteattr(relation)}{typed} href={quoteattr(_NOT_XML.sub('', target))}/>"


def _tag(name: str, text: str) -> str:
    return f"<{name}>{_text(text)}</{name}>"


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("", text))
