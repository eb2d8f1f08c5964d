"""The records of a crawl, one after the other: WARC 1.0 and 1.1, and its forerunner ARC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from broadsheet.model import Problem
from broadsheet.parsing.crawls.headers import length_of, read_headers
from broadsheet.parsing.crawls.source import Source

_LINE_BYTES = 16 * 1024
_MARK = b"WARC/"
_BETWEEN = b"\r\n\r\n"


class CrawlRecord(NamedTuple):
    """One record whose block of ``length`` bytes is still to be read from the source.

    ``kind`` is WARC's type, ``response`` for ARC; ``type`` the block's own; ``offset`` where the record begins.
    """

    kind: str
    url: str
    type: str
    captured_at: datetime | None
    length: int
    offset: int
    is_cut: bool = False
    """The crawler did not keep all of it."""


def warc_records(source: Source) -> Iterator[CrawlRecord | Problem]:
    """Yield the records of a WARC file; the reader of a block may leave any of it.

    Behind damage it goes on at the next line that begins a record, with one problem ``warc_damaged``.
    """
    is_lost = False
    while line := source.line(_LINE_BYTES):
        offset = source.offset - len(line)
        if not line.strip():
            continue
        headers = read_headers(source.line) if line.startswith(_MARK) else None
        length = length_of(headers) if headers else None
        if headers is None or length is None:
            if not is_lost:
                yield Problem(
                    "warc_damaged", "Here, a record was expected: all up to the next one is lost.", offset=offset
                )
            is_lost = True
            if (place := line.find(_MARK, 1)) > 0:
                source.put_back(line[place:])
            continue
        is_lost = False
        end = source.offset + length
        yield CrawlRecord(
            headers.get("warc-type", "").lower(),
            headers.get("warc-target-uri", "").strip("<>"),
            headers.get("content-type", ""),
            _iso(headers.get("warc-date", "")),
            length,
            offset,
            "warc-truncated" in headers,
        )
        missing = end - source.offset
        if missing > 0 and not source.is_put_back and source.skip(missing) < missing:
            yield _truncated(offset)
            return


def begins_inside(block: bytes) -> int:
    """Return where the next record begins inside a block that is not as long as stated; -1 if it does not."""
    place = block.find(_BETWEEN + _MARK)
    return place + len(_BETWEEN) if place >= 0 else -1


def arc_records(source: Source) -> Iterator[CrawlRecord | Problem]:
    """Yield the records of an ARC file, as those of WARC."""
    is_lost = False
    while line := source.line(_LINE_BYTES):
        offset = source.offset - len(line)
        if not line.strip():
            continue
        record = _arc_record(line, offset)
        if record is None:
            if not is_lost:
                yield Problem(
                    "arc_damaged", "Here, a record was expected: all up to the next one is lost.", offset=offset
                )
            is_lost = True
            continue
        is_lost = False
        end = source.offset + record.length
        yield record
        missing = end - source.offset
        if missing > 0 and not source.is_put_back and source.skip(missing) < missing:
            yield _truncated(offset)
            return


def _truncated(offset: int) -> Problem:
    """Return the problem of a crawl that ends in a record."""
    return Problem("crawl_truncated", "The crawl ends in the middle of this record. Upload it again.", offset=offset)


def _arc_record(line: bytes, offset: int) -> CrawlRecord | None:
    """Read ``URL IP date type length``; version 2 has five fields more before the length."""
    text = line.decode("utf-8", "replace").strip()
    for fields in (text.rsplit(" ", 4), text.rsplit(" ", 9)):
        if len(fields) < 5 or ":" not in fields[0]:
            continue
        url, _, date, kind = fields[:4]
        length = fields[-1]
        if date.isdecimal() and len(date) >= 8 and length.isascii() and length.isdigit() and len(length) <= 15:
            form = "filedesc" if url.startswith("filedesc:") else "response"
            return CrawlRecord(form, url, kind, _digits(date), int(length), offset)
    return None


def _iso(stated: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(stated)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _digits(stated: str) -> datetime | None:
    try:
        return datetime.strptime(stated[:14].ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
