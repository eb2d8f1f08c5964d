"""How answers go out: encoded within the limit, with a tag, with links to what follows, readable for any web page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from broadsheet.errors import ParameterProblem, RequestError
from broadsheet.ports import JsonObject

# Lambda's limit for an answer is 6 MB; our JSON is a string inside JSON there, which escapes it once more.
MAX_ANSWER_BYTES = 6_000_000
_LARGEST_GROWTH = 8  # four bytes of UTF-8, or a quote that was escaped already: two characters, four bytes
# The gateway refuses answers whose headers pass 10,240 bytes together. JSON has the cursor in it, too.
_ADDRESSES_BYTES = 8_500
# How long it took is not what was found: two answers that differ in nothing else are the same to a client.
_TIMING = "took_ms"
_OF_A_PATH = "/%:@!$&'()*+,;=~"

EXPOSED_HEADERS = ("Content-Disposition", "ETag", "Link", "Retry-After", "X-Next-Cursor", "x-amzn-RequestId")
"""Headers of an answer that a page of another site may read."""


@dataclass(frozen=True, slots=True)
class Document:
    """An answer that is not JSON; ``following`` is the cursor of the page after it, None at the end."""

    text: str
    media_type: str
    following: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def encoded(content: JsonObject | Document) -> str:
    """Return the text of an answer; raise RequestError (``answer_too_large``) when Lambda would refuse it."""
    text = content.text if isinstance(content, Document) else orjson.dumps(content).decode()
    if len(text) * _LARGEST_GROWTH > MAX_ANSWER_BYTES and len(orjson.dumps(text)) > MAX_ANSWER_BYTES:
        sentence = "The answer passes 6 MB; ask for less of it with limit."
        raise RequestError(sentence, (ParameterProblem("limit", "answer_too_large", sentence),))
    return text


def entity_tag(content: JsonObject | Document, text: str) -> str:
    """Return the ETag of an answer: a weak one, as the gateway may compress what it tags."""
    if not isinstance(content, Document) and _TIMING in content:
        named = orjson.dumps({name: value for name, value in content.items() if name != _TIMING})
    else:
        named = text.encode()
    return f'W/"{blake2b(named, digest_size=16).hexdigest()}"'


def is_known(tag: str, if_none_match: str | None) -> bool:
    """Tell whether the client has this answer (RFC 9110, 13.1.2: weak comparison).

    >>> is_known('W/"a"', '"b", "a"'), is_known('W/"a"', None)
    (True, False)
    """
    opaque = tag.removeprefix("W/")
    given = [each.strip().removeprefix("W/") for each in (if_none_match or "").split(",")]
    return opaque in given or given == ["*"]


def address_of(event: Any) -> str:
    """Return the address of the resource that was asked for, without its query; empty when the event does not tell."""
    context: Mapping[str, Any] = event.get("requestContext") or {}
    host, path = context.get("domainName"), context.get("path")
    if not host or not path:
        return ""
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    scheme = "http" if headers.get("x-forwarded-proto") == "http" else "https"
    # Escapes may be in the path already.
    return f"{scheme}://{quote(host, safe=':[]')}{quote(path, safe=_OF_A_PATH)}"


def with_query(address: str, query: Mapping[str, Sequence[str]], cursor: str | None = None) -> str:
    """Return an address with a query string, in which ``cursor`` replaces the one that led here."""
    pairs = {name: values for name, values in query.items() if cursor is None or name != "cursor"}
    if cursor is not None:
        pairs = {**pairs, "cursor": [cursor]}
    return address + (f"?{urlencode(pairs, doseq=True, errors='replace')}" if pairs else "")


def headers_of(
    content: JsonObject | Document, address: str, query: Mapping[str, Sequence[str]], cache_control: str, tag: str
) -> dict[str, str]:
    """Return the headers of a good answer to GET beside its type."""
    following = content.following if isinstance(content, Document) else content.get("next")
    links: list[str] = []
    if isinstance(following, str):
        links.append(f'<{with_query(address, query, following)}>; rel="next"')
    if address:
        links.append(f'<{with_query(address, query)}>; rel="self"')
    room = _ADDRESSES_BYTES - (len(following or "") if isinstance(content, Document) else 0)
    while links and len(", ".join(links)) > room:
        links.pop()
    # Only who asks from another site gets the headers of CORS.
    headers = {"Cache-Control": cache_control, "ETag": tag, "Vary": "Origin"}
    if links:
        headers["Link"] = ", ".join(links)
    if isinstance(content, Document):
        headers |= content.headers
        if following:
            headers["X-Next-Cursor"] = following
    return headers
