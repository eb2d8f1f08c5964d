"""How JSON, HTML, XML, WARC and packed files are told by name and first bytes; their readers are loaded later."""

from __future__ import annotations

import re

from broadsheet.parsing.signatures import binary_kind
from broadsheet.parsing.upload import Opening

_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,200}<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,200}<[!?a-zA-Z]")
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,200}<\?xml\s")
_JSON = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,200}(?:\[\s{0,200})?\{\s{0,200}[\"}]|(?:\xef\xbb\xbf)?\s{0,200}\[\s{0,200}\]"
)
_JSON_LINE = re.compile(rb"(?:^|\n)\s{0,200}\{\s{0,200}\"")
JSON_LINES = frozenset({"jsonl", "ndjson"})
# Documents and programs that are zip archives inside: their first member gives them away.
_ZIPPED_DOCUMENTS = (b"[Content_Types].xml", b"mimetype", b"_rels/", b"META-INF/", b"word/", b"xl/", b"ppt/")
_ZIP_NAME_AT = 30


def html(opening: Opening) -> float:
    """Sure by content; also by name when the content does not speak against it."""
    return _by(_HTML, frozenset({"html", "htm", "xhtml"}), opening)


def xml(opening: Opening) -> float:
    """As for HTML."""
    return _by(_XML, frozenset({"xml", "rss", "atom"}), opening)


def json(opening: Opening) -> float:
    """Sure by content; by the name of JSON, and of JSON Lines, whose first line may be broken, if it may be text."""
    if _JSON.match(opening.data):
        return 0.9
    if opening.extension in JSON_LINES and _JSON_LINE.search(opening.data):
        return 0.8
    return 0.8 if opening.extension in JSON_LINES | {"json"} and binary_kind(opening.data) is None else 0.0


def warc(opening: Opening) -> float:
    """Sure by the first word."""
    return 0.95 if opening.data.startswith(b"WARC/") else 0.0


def gzip(opening: Opening) -> float:
    """Sure by the magic number and the only method there is."""
    return 0.99 if opening.data.startswith(b"\x1f\x8b\x08") else 0.0


def tar(opening: Opening) -> float:
    """Sure by the mark in the first header (POSIX and GNU)."""
    return 0.99 if opening.data[257:262] == b"ustar" else 0.0


def zip_archive(opening: Opening) -> float:
    """Sure by the magic number, but for Office documents, EPUB books and Java archives."""
    if not opening.data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return 0.0
    return 0.0 if opening.data[_ZIP_NAME_AT : _ZIP_NAME_AT + 100].startswith(_ZIPPED_DOCUMENTS) else 0.99


def _by(pattern: re.Pattern[bytes], extensions: frozenset[str], opening: Opening) -> float:
    if pattern.match(opening.data):
        return 0.9
    return 0.8 if opening.extension in extensions and _MARKUP.match(opening.data) else 0.0
