"""WARC and ARC: every page is read as if it had been uploaded; what is broken or no page costs no other."""

from __future__ import annotations

import gzip
import io
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO, cast

import pytest

from broadsheet.errors import PermanentError
from broadsheet.model import ArticleRecord, Hints, PassedRecord, ProblemRecord, Record
from broadsheet.parsing import Limits, read
from tests.unit.parsing.crawls import PAGE, arc, crawl, http, packed, response, warc
from tests.unit.parsing.exports import outline, read_file
from tests.unit.parsing.pages import codes

TYRE = PAGE.format("Tyre").encode()


def members(records: list[Record]) -> list[str | None]:
    return [record.report.member if isinstance(record, ArticleRecord) else None for record in records]


def title_of(*headers: str, body: bytes) -> str:
    (record,) = read_file(
        warc("response", http(body, "Content-Type: text/html", *headers), "https://a.example/"), "a.warc"
    )
    return outline([record])[0]


@pytest.mark.parametrize("data", [b"".join(crawl()), packed(crawl())], ids=["warc", "warc.gz"])
def test_pages_of_a_crawl_are_read_with_their_address_and_time(data: bytes) -> None:
    records = read_file(data, "crawl.warc")
    assert outline(records) == ["Tyre", "Sidon"]
    assert members(records) == ["https://a.example/1", "https://a.example/2"]
    assert [record.article.url for record in records if isinstance(record, ArticleRecord)] == members(records)
    body = cast("ArticleRecord", records[0]).article.body
    assert "boats stayed where they were" in body


def test_what_is_no_page_is_counted_and_revisits_are_named() -> None:
    records = read_file(packed(crawl()), "crawl.warc.gz")
    last = cast("ArticleRecord", records[-1])
    assert codes(last)[-1] == "items_passed_over"
    message = last.report.problems[-1].message
    assert "1 revisits of pages that were the same as before (https://a.example/same)" in message
    for counted in (
        "1 descriptions",
        "1 requests",
        "1 records of metadata",
        "1 records that are no HTML",
        "1 responses",
    ):
        assert counted in message


def test_crawl_without_a_page_is_refused_with_what_it_holds() -> None:
    with pytest.raises(PermanentError, match="only 1 descriptions, 1 requests") as caught:
        read_file(b"".join(crawl()[:2]), "a.warc")
    assert caught.value.code == "empty_file"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (("Transfer-Encoding: chunked",), b"%x\r\n%b\r\n3;x=y\r\n<p>\r\n0\r\n\r\n" % (len(TYRE), TYRE)),
        (("Transfer-Encoding: chunked",), TYRE),
        (("Content-Encoding: gzip",), gzip.compress(TYRE)),
        (("Content-Encoding: gzip",), TYRE),
        (("Content-Encoding: deflate",), zlib.compress(TYRE)),
        (("Content-Encoding: deflate",), zlib.compress(TYRE)[2:-4]),
        (("Content-Encoding: deflate, gzip",), gzip.compress(zlib.compress(TYRE))),
        (
            ("Transfer-Encoding: chunked", "Content-Encoding: gzip"),
            b"%x\r\n%b\r\n0\r\n\r\n" % (len(gzip.compress(TYRE, mtime=0)), gzip.compress(TYRE, mtime=0)),
        ),
    ],
    ids=["chunked", "said to be", "gzip", "unpacked", "deflate", "raw deflate", "two", "chunked gzip"],
)
def test_encodings_of_the_transfer_are_undone(headers: tuple[str, ...], body: bytes) -> None:
    assert title_of(*headers, body=body) == "Tyre"


@pytest.mark.parametrize(
    ("headers", "body", "code"),
    [
        (("Content-Encoding: br",), TYRE, "content_encoding_unknown"),
        (("Content-Encoding: gzip",), b"\x1f\x8b\x08" + bytes(40), "payload_damaged"),
        (("Content-Encoding: gzip",), gzip.compress(b"<p>" * 10_000_000), "record_too_large"),
    ],
)
def test_page_that_cannot_be_unpacked_is_a_problem(headers: tuple[str, ...], body: bytes, code: str) -> None:
    assert title_of(*headers, body=body) == code


def test_page_whose_packing_is_damaged_is_read_up_to_there_and_reported() -> None:
    whole = gzip.compress(TYRE + bytes(range(33, 120)) * 100)
    block = http(whole[:-200], "Content-Type: text/html", "Content-Encoding: gzip")
    records = read_file(warc("response", block, "https://a.example/"), "a.warc")
    assert outline(records) == ["Tyre", "payload_damaged"]


def test_charset_of_the_server_is_believed() -> None:
    body = PAGE.format("أمطار").encode("cp1256")
    block = http(body, "Content-Type: text/html; charset=windows-1256")
    (record,) = read_file(warc("response", block, "https://a.example/"), "a.warc")
    assert outline([record]) == ["أمطار"]


def test_resources_and_converted_texts_are_read_too() -> None:
    data = warc("resource", TYRE, "https://a.example/1", "Content-Type: text/html")
    text = b"Sidon\n\nThe port is open."
    data += warc("conversion", text, "https://a.example/2", "Content-Type: text/plain")
    records = read_file(data, "a.wet")
    assert outline(records) == ["Tyre", "Sidon"]
    assert cast("ArticleRecord", records[1]).report.format == "text"


def test_arc_is_read_as_warc() -> None:
    data = arc(("https://a.example/1", http(TYRE)), ("dns:a.example", b"20140509 192.0.2.1\n"))
    data += arc(("https://a.example/2", http(PAGE.format("Sidon").encode())))
    for each in (data, gzip.compress(data)):
        records = read_file(each, "a.arc")
        assert outline(records) == ["Tyre", "Sidon"]
        assert members(records) == ["https://a.example/1", "https://a.example/2"]


@pytest.mark.parametrize("cut", [1, 30, 300])
def test_truncated_crawl_gives_what_was_complete_and_a_problem(cut: int) -> None:
    data = b"".join(crawl())[: -4 - cut]
    titles = outline(read_file(data, "a.warc"))
    assert titles[0] == "Tyre"
    assert titles[-1] == "crawl_truncated"
    titles = outline(read_file(packed(crawl())[:-cut], "a.warc.gz"))
    assert titles[0] == "Tyre"
    assert titles[-1] == "gzip_truncated"


def test_damaged_member_of_a_packed_crawl_costs_no_other() -> None:
    records = crawl()
    parts = [gzip.compress(record) for record in (*records, response("Acre", "https://a.example/3"))]
    parts[2] = parts[2][:60] + b"\xff" * 20 + parts[2][80:]
    titles = outline(read_file(b"".join(parts), "a.warc.gz"))
    assert titles[-3:] == ["Sidon", "Acre", "gzip_damaged"]


@pytest.mark.parametrize(
    "broken",
    [
        b"WARC/1.0\r\nWARC-Type: response\r\n\r\nno length",
        b"WARC/1.0\r\n" + b"x" * 100_000 + b"\r\n\r\n",
        b"garbage\r\n" * 1000,
        warc("response", http(TYRE), "https://a.example/0", stated=10),
    ],
    ids=["no length", "long header", "garbage", "too short"],
)
def test_broken_record_costs_no_other(broken: bytes) -> None:
    titles = outline(read_file(response("Tyre", "https://a.example/1") + broken + b"".join(crawl()[2:]), "a.warc"))
    assert titles[0] == "Tyre"
    assert titles[-2:] == ["Tyre", "Sidon"]
    assert "warc_damaged" in titles


def test_record_that_says_it_is_longer_than_it_is_costs_no_other() -> None:
    long = warc("response", http(TYRE), "https://a.example/1", stated=len(http(TYRE)) + 900)
    titles = outline(read_file(long + b"".join(crawl()[2:]), "a.warc"))
    assert titles == ["Tyre", "crawl_damaged", "Tyre", "Sidon"]


def test_page_that_is_too_large_costs_no_other() -> None:
    large = warc("response", http(b"<p>" * 1_000_000), "https://a.example/0")
    titles = outline(read_file(large + b"".join(crawl()), "a.warc", Limits(max_record_bytes=100_000)))
    assert titles == ["record_too_large", "Tyre", "Sidon"]


def test_resumed_reading_passes_over_what_was_read() -> None:
    records = list(read(io.BytesIO(packed(crawl())), Hints("a.warc.gz"), start=1))
    assert isinstance(records[0], PassedRecord)
    assert isinstance(records[1], ArticleRecord)


class Crawl:
    """A crawl of any size, made while it is read: a page every so many records of a mebibyte each."""

    def __init__(self, mebibytes: int, every: int) -> None:
        self._parts = self._made(mebibytes, every)
        self._held = b""

    @staticmethod
    def _made(mebibytes: int, every: int) -> Iterator[bytes]:
        page = response("Tyre", "https://a.example/1")
        large = warc("response", http(bytes(1 << 20), "Content-Type: video/mp4"), "https://a.example/v.mp4")
        for number in range(mebibytes):
            yield large if number % every else page

    def read(self, size: int) -> bytes:
        if not self._held:
            self._held = next(self._parts, b"")
        part, self._held = self._held[:size], self._held[size:]
        return part


def test_memory_does_not_grow_with_the_size_of_a_crawl() -> None:
    peaks = []
    for mebibytes in (50, 500):
        tracemalloc.start()
        records = read(cast("BinaryIO", Crawl(mebibytes, 25)), Hints("a.warc"))
        assert sum(isinstance(record, ArticleRecord) for record in records) == mebibytes // 25
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.3 + 500_000


@pytest.mark.parametrize(
    "data",
    [
        b"WARC/1.0\r\n" * 100_000,
        b"WARC/1.0\r\nContent-Length: 0\r\n\r\n" * 50_000,
        b"WARC/1.0" + b" " * 3_000_000,
        warc("response", http(b"1\r\nx\r\n" * 500_000, "Content-Type: text/html", "Transfer-Encoding: chunked"), "x"),
        warc("response", b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 500_000, "x"),
        b"filedesc://a 0 20140509 x 0\n" + b"a " * 1_000_000,
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" * 200_000,
        gzip.compress(b"WARC/1.0\r\n") + (b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x07" * 100_000),
    ],
    ids=range(8),
)
def test_hostile_crawl_is_read_in_linear_time(data: bytes) -> None:
    started = time.process_time()
    with suppress(PermanentError):
        for record in read(io.BytesIO(data), Hints("a.warc")):
            assert isinstance(record, (ProblemRecord, ArticleRecord))
    assert time.process_time() - started < 30
