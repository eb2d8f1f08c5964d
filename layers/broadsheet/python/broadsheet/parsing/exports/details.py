"""The smaller fields of an article as exports write them: addresses, names of sites, tags, languages, counts."""

from __future__ import annotations

from typing import Any

from broadsheet.parsing.exports.values import Texts, name_of

_MAX_URL_CHARS = 8_000
_MOST_TAGS = 1000
_REDDIT = "https://www.reddit.com"


def url(value: Any, texts: Texts) -> str | None:
    """Return an address: itself, that of an object, or Reddit's own path made whole; None for what is none."""
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    if not isinstance(value, str) or len(value) > _MAX_URL_CHARS:
        return None
    if value.startswith("/r/"):
        value = _REDDIT + value
    if not value.startswith(("http://", "https://")):
        return None
    return texts.plain(value)


def source(value: Any, texts: Texts) -> str | None:
    """Return the name of a site or publisher; None for an address, which trafilatura calls so."""
    name = texts.line(name_of(value))
    return None if not name or name.startswith(("http://", "https://")) else name


def tags(name: str, stated: Any, texts: Texts) -> list[str]:
    """Return one tag, or those between commas where ``stated``, the whole field, is a text."""
    parts = name.split(",", _MOST_TAGS) if isinstance(stated, str) else [name]
    return [tag for part in parts if (tag := texts.line(part))]


def language(value: Any) -> str | None:
    """Return the primary subtag of a language tag (``en`` of ``en-GB``); None for what is none."""
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, str):
        return None
    primary = value.replace("_", "-").partition("-")[0].strip().lower()
    return primary if 2 <= len(primary) <= 3 and primary.isascii() and primary.isalpha() else None


def count(value: Any) -> int | None:
    """Return a stated number of comments; None for what is none."""
    if isinstance(value, str) and len(value) <= 9 and value.isdecimal():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else None
