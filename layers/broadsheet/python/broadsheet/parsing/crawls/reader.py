"""The reader of crawls: every page of HTML is read as if it had been uploaded, with the address and time it was at."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace

from broadsheet.errors import PermanentError
from broadsheet.model import Hints, PassedRecord, Problem, Record
from broadsheet.parsing.containers.layers import Read
from broadsheet.parsing.containers.members import Member, read_members
from broadsheet.parsing.crawls.records import CrawlRecord, arc_records, begins_inside, warc_records
from broadsheet.parsing.crawls.response import Response, body_of, read_response
from broadsheet.parsing.crawls.source import Source
from broadsheet.parsing.passing import PassedOver, telling_at_last
from broadsheet.parsing.upload import Settings, Upload
from broadsheet.text import clean

# Enough for the headers of a response, by which most records are passed over.
_HEAD_BYTES = 64 * 1024
_HTML = ("text/html", "application/xhtml+xml")
_LOOKS_LIKE_HTML = re.compile(rb"\s{0,200}<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
_PASSED = {
    "warcinfo": "descriptions",
    "filedesc": "descriptions",
    "request": "requests",
    "metadata": "records of metadata",
    "continuation": "continuations of records",
}
_MAX_URL_CHARS = 300


def read_warc(upload: Upload, settings: Settings, read_inner: Read) -> Iterator[Record | PassedRecord]:
    """Read the pages of a WARC file in their order; what else it holds is counted with the last of them.

    Each record's report names its page by the address. A page that cannot be read is a problem among the others.
    Raises PermanentError ``empty_file`` when there is no page.
    """
    source = Source(upload.read)
    return _read(source, warc_records(source), upload, settings, read_inner)


def read_arc(upload: Upload, settings: Settings, read_inner: Read) -> Iterator[Record | PassedRecord]:
    """Read the pages of an ARC file, as ``read_warc`` does."""
    source = Source(upload.read)
    return _read(source, arc_records(source), upload, settings, read_inner)


def _read(
    source: Source, records: Iterator[CrawlRecord | Problem], upload: Upload, settings: Settings, read_inner: Read
) -> Iterator[Record | PassedRecord]:
    passed_over = PassedOver()
    members = _Pages(source, upload.hints, settings, passed_over).of(records)
    return telling_at_last(read_members(members, upload, settings, read_inner), passed_over)


class _Page(io.BytesIO):
    """The bytes of a page; ``problem`` says that it is not whole."""

    problem: Problem | None = None


class _Pages:
    def __init__(self, source: Source, hints: Hints, settings: Settings, passed_over: PassedOver) -> None:
        self._source = source
        self._hints = hints
        self._most = settings.limits.max_record_bytes
        self._budget = settings.budget
        self._passed_over = passed_over

    def of(self, records: Iterator[CrawlRecord | Problem]) -> Iterator[Member]:
        """Yield the pages among the records."""
        for record in records:
            if isinstance(record, Problem):
                yield Member("crawl", None, record)
                continue
            url = clean(record.url[-_MAX_URL_CHARS:]).text
            if record.kind == "revisit":
                self._passed_over.add("revisits of pages that were the same as before", url)
            elif what := _PASSED.get(record.kind):
                self._passed_over.add(what)
            elif page := self._page(record, url):
                yield page

    def _page(self, record: CrawlRecord, url: str) -> Member | None:
        """Return the page in a record; None for one that holds none, which is counted."""
        head = self._source.take(min(record.length, _HEAD_BYTES))
        response = read_response(head)
        if response and not 200 <= response.status < 300:
            self._passed_over.add("responses without a page (redirects, errors)")
            return None
        stated = (response.content_type if response else record.type).lower()
        is_text = record.kind == "conversion" and stated.startswith("text/plain")
        if not (is_text or self._is_html(stated, head[response.body_at if response else 0 :], response)):
            self._passed_over.add("records that are no HTML")
            return None
        if record.length > self._most:
            message = f"The record is longer than {self._most} bytes (max_record_bytes)."
            return Member(url, None, Problem("record_too_large", message, offset=record.offset))
        block = head + self._source.take(record.length - len(head))
        problem = None
        if (end := begins_inside(block)) >= 0:
            # The block is not as long as was stated: what was lost is in it, not in those that follow.
            self._source.put_back(block[end:])
            block = block[:end]
            problem = Problem("crawl_damaged", "The record is shorter than stated.", offset=record.offset)
        return self._member(record, url, response, block, problem, is_text=is_text)

    def _member(
        self,
        record: CrawlRecord,
        url: str,
        response: Response | None,
        block: bytes,
        problem: Problem | None,
        *,
        is_text: bool,
    ) -> Member:
        try:
            body, damage = body_of(block, response, self._most, self._budget) if response else (block, None)
        except PermanentError as error:
            if error.code in {"too_large_unpacked", "ratio_too_high"}:
                raise
            return Member(url, None, Problem(error.code, error.message, offset=record.offset))
        page = _Page(body)
        page.problem = problem or damage
        if record.is_cut and not page.problem:
            page.problem = Problem("crawl_truncated", "The crawler kept only a part of the page.", offset=record.offset)
        hints = replace(
            self._hints,
            name="page.txt" if is_text else "page.html",
            content_type=(response.content_type if response else record.type) or None,
            captured_at=record.captured_at or self._hints.captured_at,
            url=url if url.startswith(("http://", "https://")) else None,
        )
        return Member(url, page, hints=hints)

    @staticmethod
    def _is_html(stated: str, body: bytes, response: Response | None) -> bool:
        if stated and (response or not stated.startswith("application/http")):
            return stated.startswith(_HTML)
        return _LOOKS_LIKE_HTML.match(body) is not None
