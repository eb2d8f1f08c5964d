"""How all formats but text are told by name and first bytes; their readers are loaded later."""

from __future__ import annotations

import re

from broadsheet.parsing.signatures import binary_kind
from broadsheet.parsing.upload import Opening

_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,200}<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
_MHTML = re.compile(
    rb"(?:(?:From|Snapshot-Content-Location|Subject|Date|MIME-Version|Content-Type|X-MAF-Information):[^\n]{0,500}\r?\n"
    rb"(?:[ \t][^\n]{0,500}\r?\n){0,5}){0,8}?Content-Type:\s{0,5}multipart/related\b",
    re.IGNORECASE,
)
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
_FEEDS = frozenset({"rss", "RDF", "feed", "disqus"})
_MAYBE_XML = re.compile(rb"[\xef\xbb\xbf\xfe\xff\x00\s]{0,200}<")
_MOVABLE_TYPE = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,20}(?:AUTHOR|TITLE|STATUS|BASENAME|DATE|UNIQUE URL): ")
_MOVABLE_TYPE_BODY = re.compile(rb"\n-----\r?\nBODY:\r?\n")


def mhtml(opening: Opening) -> float:
    """Sure by the headers of a page saved with all its parts."""
    return 0.95 if _MHTML.match(opening.data) else 0.0


def html(opening: Opening) -> float:
    """Sure by content; also by name when the content does not speak against it."""
    if opening.data.startswith((b"\xff\xfe", b"\xfe\xff")):
        wide = opening.data[: len(opening.data) // 2 * 2].decode("utf-16", "ignore").encode("utf-8", "ignore")
        return 0.9 if _HTML.match(wide) else 0.0
    if _XML.match(opening.data):
        return 0.9 if (_root(opening) or "").lower() == "html" else 0.0
    return _by(_HTML, frozenset({"html", "htm", "xhtml"}), opening)


def xml(opening: Opening) -> float:
    """Sure by the root of a kind that is read; by declaration or name for others, but not for XHTML."""
    root = _root(opening)
    if (root or "").lower() == "html":
        return 0.0
    if root in _FEEDS or _XML.match(opening.data):
        return 0.9
    return 0.8 if root and opening.extension in {"xml", "rss", "atom"} else 0.0


def movable_type(opening: Opening) -> float:
    """Sure by a labelled first line and the label of a body behind a line of hyphens."""
    return 0.9 if _MOVABLE_TYPE.match(opening.data) and _MOVABLE_TYPE_BODY.search(opening.data) else 0.0


def json(opening: Opening) -> float:
    """Sure by content; by the name of JSON, and of JSON Lines, whose first line may be broken, if it may be text."""
    if _JSON.match(opening.data):
        return 0.9
    if opening.extension in JSON_LINES and _JSON_LINE.search(opening.data):
        return 0.8
    return 0.8 if opening.extension in JSON_LINES | {"json"} and binary_kind(opening.data) is None else 0.0


def csv(opening: Opening) -> float:
    """By the name, if it may be text."""
    return 0.8 if opening.extension in {"csv", "tsv"} and binary_kind(opening.data) is None else 0.0


def warc(opening: Opening) -> float:
    """Sure by the first word."""
    return 0.95 if opening.data.startswith(b"WARC/") else 0.0


def arc(opening: Opening) -> float:
    """Sure by the address of the first record, which describes the file."""
    return 0.95 if opening.data.startswith(b"filedesc://") else 0.0


def gzip(opening: Opening) -> float:
    """Sure by the magic number and the only method there is."""
    return 0.99 if opening.data.startswith(b"\x1f\x8b\x08") else 0.0


def bzip2(opening: Opening) -> float:
    """Sure by the magic number and that of the first block, or of the end of an empty file."""
    data = opening.data
    return 0.99 if data[:3] == b"BZh" and data[4:10] in (b"1AY&SY", b"\x17rE8P\x90") else 0.0


def xz(opening: Opening) -> float:
    """Sure by the magic number."""
    return 0.99 if opening.data.startswith(b"\xfd7zXZ\x00") else 0.0


def tar(opening: Opening) -> float:
    """Sure by the mark in the first header (POSIX and GNU)."""
    return 0.99 if opening.data[257:262] == b"ustar" else 0.0


def zip_archive(opening: Opening) -> float:
    """Sure by the magic number, but for Office documents, EPUB books and Java archives."""
    if not opening.data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return 0.0
    return 0.0 if opening.data[_ZIP_NAME_AT : _ZIP_NAME_AT + 100].startswith(_ZIPPED_DOCUMENTS) else 0.99


def _root(opening: Opening) -> str | None:
    """Return the name of an XML file's root without its prefix; None for what is no XML."""
    if not _MAYBE_XML.match(opening.data):
        return None
    from broadsheet.parsing.feeds.opening import head_of

    head = head_of(opening.data)
    return head.local_root if head else None


def _by(pattern: re.Pattern[bytes], extensions: frozenset[str], opening: Opening) -> float:
    if pattern.match(opening.data):
        return 0.9
    return 0.8 if opening.extension in extensions and _MARKUP.match(opening.data) else 0.0
