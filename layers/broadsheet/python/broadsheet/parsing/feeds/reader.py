"""The reader of feeds and of the exports of blogs: items by themselves, articles with their comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

from broadsheet.errors import PermanentError
from broadsheet.model import Hints, PassedRecord, Problem, ProblemRecord, Record
from broadsheet.parsing.exports.article import natural_of, read_article
from broadsheet.parsing.exports.pieces import Piece
from broadsheet.parsing.feeds import atom, disqus, movable_type, syndication, wordpress
from broadsheet.parsing.feeds.cutting import Cutter
from broadsheet.parsing.feeds.entry import Entries, Entry, Item
from broadsheet.parsing.feeds.gathering import Gathering
from broadsheet.parsing.feeds.items import values_of
from broadsheet.parsing.feeds.opening import Head, head_of
from broadsheet.parsing.passing import PassedOver, telling_at_last
from broadsheet.parsing.recoding import Recoded
from broadsheet.parsing.upload import Settings, Upload

# HTML is what the fields of a feed hold.
_EXPECTED = frozenset({"markup_removed"})


class _Reading(NamedTuple):
    """What all records of a file have in common."""

    form: str
    source: Recoded
    passed_over: PassedOver
    hints: Hints
    settings: Settings


def read(upload: Upload, settings: Settings) -> Iterator[Record | PassedRecord]:
    """Read a feed or export in XML; an item that cannot be read is a problem among the others.

    Raises PermanentError ``format_unsupported`` for XML of another kind, ``empty_file`` when nothing is published.
    """
    head = head_of(upload.opening.data)
    source = Recoded(upload, markup=True)
    passed_over = PassedOver()
    with closing(Gathering(settings.limits)) as gathering:
        if head and head.local_root == "feed":
            items = _items(source, head, atom.TAGS, settings)
            form, found = atom.FORMAT, atom.entries(items, head, passed_over, gathering)
        elif head and head.local_root == "disqus":
            items = _items(source, head, disqus.TAGS, settings)
            form, found = disqus.FORMAT, disqus.entries(items, passed_over, gathering)
        elif head and head.local_root == "rss" and "wp" in head.prefixes.values():
            items = _items(source, head, wordpress.TAGS, settings)
            form, found = wordpress.FORMAT, wordpress.entries(items, head, passed_over)
        elif head and head.local_root in {"rss", "RDF"}:
            items = _items(source, head, syndication.TAGS, settings)
            form, found = syndication.FORMAT, syndication.entries(items, head)
        else:
            raise PermanentError(
                f"This is XML of a kind that is not known ({head.root if head else 'without an element'}). Upload an "
                "RSS or Atom feed, an export of WordPress, Blogger or Disqus, or the page's HTML or text.",
                code="format_unsupported",
            )
        yield from _records(found, _Reading(form, source, passed_over, upload.hints, settings))


def read_movable_type(upload: Upload, settings: Settings) -> Iterator[Record | PassedRecord]:
    """Read the text export of Movable Type and TypePad, as ``read`` does."""
    source = Recoded(upload)
    passed_over = PassedOver()
    found = movable_type.entries(source, settings, passed_over)
    yield from _records(found, _Reading(movable_type.FORMAT, source, passed_over, upload.hints, settings))


def _items(source: Recoded, head: Head, tags: tuple[str, ...], settings: Settings) -> Iterator[Item | Problem]:
    limits = settings.limits
    names = {head.written(tag): tag for tag in tags}
    for piece in Cutter(source.read, head.root, tuple(names), limits.max_record_bytes).items():
        settings.deadline.restart()
        if piece.problem:
            yield piece.problem
            continue
        name = _name(piece)
        for part in _apart(piece, name):
            if part.problem:
                yield part.problem
                continue
            try:
                yield Item(names[name], values_of(part.data, head.prefixes, limits), part)
            except PermanentError as error:
                yield Problem(error.code, error.message, part.line, part.offset)


def _name(piece: Piece) -> str:
    return re.split(rb"[\s/>]", piece.data[1:100], maxsplit=1)[0].decode("utf-8", "replace")


def _apart(piece: Piece, name: str) -> Iterator[Piece]:
    """Yield the items that a piece holds: mostly itself.

    CDATA without an end takes what follows it for its own, up to the end of another item's, and may still be XML: then
    the end of an item and the beginning of another stand in it.
    """
    data = piece.data
    tag = re.compile(rb"<(/?)" + re.escape(name).encode() + rb"[\s/>]")
    start = 0
    line = piece.line
    is_ended = False
    for found in tag.finditer(data, 1):
        if found[1]:
            is_ended = True
        elif is_ended:
            part = Piece(line, piece.offset + start, data[start : found.start()])
            if start == 0:
                message = "The item has no end: the next one begins in it."
                part = part._replace(problem=Problem("xml_unclosed", message, line, part.offset))
            yield part
            line += data.count(b"\n", start, found.start())
            start = found.start()
            is_ended = False
    yield Piece(line, piece.offset + start, data[start:]) if start else piece


def _records(found: Entries, reading: _Reading) -> Iterator[Record | PassedRecord]:
    records = (_record(entry, number, reading) for number, entry in enumerate(found, reading.settings.first))
    return telling_at_last(records, reading.passed_over)


def _record(entry: Entry | Problem, number: int, reading: _Reading) -> Record | PassedRecord:
    settings = reading.settings
    if isinstance(entry, Problem):
        return ProblemRecord(number, entry) if number >= settings.start else PassedRecord(number, None)
    if number < settings.start:
        return PassedRecord(number, natural_of(entry.group))
    record = read_article(entry.group, number, settings, reading.hints)
    if isinstance(record, ProblemRecord):
        return record
    decoded = reading.source.decoded
    report = record.report
    problems = (
        *decoded.problems(),
        *(problem for problem in report.problems if problem.code not in _EXPECTED),
        *entry.problems,
    )
    report = report._replace(
        format=reading.form,
        encoding=decoded.encoding,
        replacements=decoded.replacements,
        furniture=entry.furniture,
        problems=problems,
    )
    return record._replace(report=report)
