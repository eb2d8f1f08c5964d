"""The text export of Movable Type and TypePad: entries of labelled parts between lines of hyphens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from broadsheet.model import Furniture, Problem
from broadsheet.parsing.exports.groups import Group
from broadsheet.parsing.exports.lines import read_lines
from broadsheet.parsing.exports.pieces import Piece
from broadsheet.parsing.feeds.entry import Entries, Entry
from broadsheet.parsing.passing import PassedOver
from broadsheet.parsing.recoding import Recoded
from broadsheet.parsing.upload import Settings
from broadsheet.text import clean

FORMAT = "movable-type"
_END_OF_ENTRY = "--------"
_END_OF_PART = "-----"
_BODIES = ("BODY", "EXTENDED BODY")
_PART_NAMES = frozenset({*_BODIES, "EXCERPT", "KEYWORDS", "COMMENT", "PING"})
_FIELDS = frozenset({"AUTHOR", "EMAIL", "IP", "URL", "DATE", "TITLE", "BLOG NAME"})
_TAGS = frozenset({"CATEGORY", "PRIMARY CATEGORY", "TAGS"})
_DATES = ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S")


def entries(source: Recoded, settings: Settings, passed_over: PassedOver) -> Entries:
    """Yield the published entries with their comments."""
    limits = settings.limits
    for piece in _pieces(source, limits.max_record_bytes):
        if piece.problem:
            yield piece.problem
            continue
        meta, parts = _parsed(piece.data.decode("utf-8", "replace"))
        if meta.get("STATUS", ["Publish"])[0].lower() != "publish":
            passed_over.add("drafts")
        else:
            yield _entry(meta, parts, piece)


def _pieces(source: Recoded, max_bytes: int) -> Iterator[Piece]:
    """Yield the text of one entry after the other."""
    lines: list[bytes] = []
    size = 0
    start = Piece(1, 0, b"")
    for line in read_lines(source.read, max_bytes):
        if line.problem or line.data.rstrip() == _END_OF_ENTRY.encode():
            if size > max_bytes or line.problem:
                message = f"The entry is longer than {max_bytes} bytes (max_record_bytes). Split it."
                problem = Problem("record_too_large", message, start.line, start.offset)
                yield start._replace(problem=problem)
            elif lines:
                yield start._replace(data=b"\n".join(lines))
            lines, size = [], 0
            continue
        if not lines:
            start = line._replace(data=b"")
        size += len(line.data)
        if size <= max_bytes:
            # read_lines leaves out the blank ones between.
            blank = line.line - (start.line + len(lines))
            lines.extend([b""] * blank if blank < max_bytes - size else [])
            size += blank
            lines.append(line.data)
    if lines:
        yield start._replace(data=b"\n".join(lines))


def _parsed(entry: str) -> tuple[dict[str, list[str]], list[tuple[str, dict[str, str], str]]]:
    """Return the fields of an entry, and the name, fields and text of each of its parts."""
    meta: dict[str, list[str]] = {}
    parts: list[tuple[str, dict[str, str], str]] = []
    lines: list[str] = []
    for line in (*entry.split("\n"), _END_OF_PART):
        if line.rstrip() != _END_OF_PART:
            lines.append(line.rstrip("\r"))
            continue
        name = lines[0].partition(":")[0] if lines else ""
        if name in _PART_NAMES:
            fields, text = _part(lines)
            parts.append((name, fields, text))
        else:
            for each in lines:
                key, _, value = each.partition(":")
                meta.setdefault(key.strip(), []).append(value.strip())
        lines = []
    return meta, parts


def _part(lines: list[str]) -> tuple[dict[str, str], str]:
    fields: dict[str, str] = {}
    place = 1
    if lines[0].startswith(("COMMENT", "PING")):
        while place < len(lines):
            name, colon, value = lines[place].partition(":")
            if not colon or name not in _FIELDS:
                break
            fields[name] = value.strip()
            place += 1
    return fields, "\n".join(lines[place:]).strip()


def _entry(meta: dict[str, list[str]], parts: list[tuple[str, dict[str, str], str]], piece: Piece) -> Entry:
    texts = {name: text for name, _, text in parts}
    comments = [
        {"author": fields.get("AUTHOR", ""), "date": _date(fields.get("DATE", "")), "content": text}
        for name, fields, text in parts
        if name == "COMMENT"
    ]
    pings = [
        Furniture(piece.line, clean(" ".join(filter(None, (*fields.values(), text)))).text, "trackback")
        for name, fields, text in parts
        if name == "PING"
    ]
    value: dict[str, Any] = {
        "url": next(iter(meta.get("UNIQUE URL", [])), ""),
        "title": next(iter(meta.get("TITLE", [])), ""),
        "content": "\n\n".join(filter(None, (texts.get(name) for name in _BODIES))),
        "summary": texts.get("EXCERPT", ""),
        "author": next(iter(meta.get("AUTHOR", [])), ""),
        "date": _date(next(iter(meta.get("DATE", [])), "")),
        "tags": [tag.strip('" ') for name in sorted(_TAGS) for line in meta.get(name, []) for tag in line.split(",")],
        "comments": comments,
    }
    problems: tuple[Problem, ...] = ()
    if pings:
        message = f"{len(pings)} trackbacks are no comments of readers: they are listed as furniture."
        problems = (Problem("pingbacks_set_apart", message, piece.line),)
    return Entry(Group(piece, value, size=len(piece.data)), problems, tuple(pings))


def _date(stated: str) -> str:
    """Return a date of the export as ISO 8601: ``05/09/2014 04:33:00 PM``, American order."""
    for form in _DATES:
        try:
            return datetime.strptime(stated, form).isoformat()  # noqa: DTZ007 the zone is the reader's to assume
        except ValueError:
            continue
    return ""
