"""Which files are read, and what is said of those that are not."""

from __future__ import annotations

import io
from typing import BinaryIO, cast

import pytest

from broadsheet.errors import ConfigurationError, LimitError, PermanentError
from broadsheet.model import Hints
from broadsheet.parsing import Limits, read
from tests.unit.parsing.pages import codes, page_of, parse


def refuse(data: bytes, name: str = "file.txt", limits: Limits | None = None) -> PermanentError:
    with pytest.raises(PermanentError) as caught:
        list(read(io.BytesIO(data), Hints(name=name), limits=limits or Limits()))
    return caught.value


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", b"\xef\xbb\xbf", "\u200b\u200f\xa0\n".encode()])
def test_file_without_visible_text_is_empty(data: bytes) -> None:
    error = refuse(data)
    assert error.code == "empty_file"
    assert "Upload it again" in error.message


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "PNG"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"),
        (b"PK\x03\x04".ljust(30, b"\x00") + b"[Content_Types].xml", "Office"),
        (b"\x28\xb5\x2f\xfd and more", "Zstandard"),
        (b"{\\rtf1\\ansi Hello", "RTF"),
        (b"abc\x00\x01\x02def", "NUL bytes"),
        (bytes(range(1, 32)) * 8, "control characters"),
    ],
)
def test_binary_file_is_named_whatever_its_extension(data: bytes, name: str) -> None:
    error = refuse(data)
    assert error.code == "binary_file"
    assert name in error.message


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<!DOCTYPE html><html><p>Hi</p></html>", "page.txt"),
        (b"\xef\xbb\xbf\n <HTML lang=en>Hi", "page"),
        (b"<p>Hi</p>", "page.html"),
    ],
)
def test_html_is_told_by_content_or_name(data: bytes, name: str) -> None:
    record = parse(data, name)
    assert (record.report.format, record.article.body) == ("html", "Hi")


def test_text_that_begins_like_another_format_is_text() -> None:
    assert parse("[Update] Harbor closed\n\nIt is closed.").article.title == "[Update] Harbor closed"
    assert parse("<3 letters from readers\n\nWe like them.", "a.html").article.title == "<3 letters from readers"


@pytest.mark.parametrize(
    "title", ["ID3 tags explained", "What is WEBP?", "The ftyp box", "MZ and other initials", "BZh"]
)
def test_text_that_begins_with_a_formats_name_is_text(title: str) -> None:
    assert parse(f"{title}\n\nA text about it.").article.title == title


def test_unknown_extension_is_read_as_text_and_reported() -> None:
    record = parse(page_of("Thumb a 09 May 2014, 16:33\n\nHi."), "story.naharnet")
    assert len(record.comments) == 1
    assert codes(record) == ["extension_unknown"]
    assert ".naharnet" in record.report.problems[0].message


@pytest.mark.parametrize("name", ["story.txt", "STORY.TXT", "story", "a.b/story", ""])
def test_known_and_missing_extensions_are_not_reported(name: str) -> None:
    assert "extension_unknown" not in codes(parse("Head\n\nText.", name))


@pytest.mark.parametrize(
    ("page", "limits", "code"),
    [
        (b"x" * 101, Limits(max_text_bytes=100), "text_too_large"),
        (b"x" * 20_000, Limits(max_text_bytes=10_000), "text_too_large"),
        (b"a\n" + b"x" * 11, Limits(max_line_chars=10), "line_too_long"),
        (b"a\n" * 10, Limits(max_lines=10), "too_many_lines"),
        (
            page_of(*["Thumb a 09 May 2014, 16:33\n\nHi."] * 3).encode(),
            Limits(max_comments=2),
            "too_many_comments",
        ),
    ],
)
def test_passing_a_limit_is_permanent_and_names_the_limit(page: bytes, limits: Limits, code: str) -> None:
    error = refuse(page, limits=limits)
    assert isinstance(error, LimitError)
    assert error.code == code
    assert "(max_" in error.message


def test_a_text_of_exactly_the_limit_is_read() -> None:
    assert parse(b"x" * 100, limits=Limits(max_text_bytes=100)).article.title == "x" * 100


class Drip:
    """A stream that, as a socket does, returns less than it is asked for and cannot seek."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)
        self.largest = 0

    def read(self, size: int = -1) -> bytes:
        self.largest = max(self.largest, size)
        return self._data.read(min(size, 7))


def test_stream_may_be_slow_and_without_seek() -> None:
    stream = Drip(page_of("Thumb a 09 May 2014, 16:33\n\n" + "Hi. " * 5000).encode())
    (record,) = read(cast("BinaryIO", stream), Hints(name="a.txt"), limits=Limits(max_text_bytes=50_000))
    assert record.record == 0
    assert stream.largest <= 50_001


def test_unknown_zone_is_a_configuration_error() -> None:
    with pytest.raises(ConfigurationError, match="Mars/Olympus"):
        list(read(io.BytesIO(b"a"), Hints(), zone="Mars/Olympus"))


def test_zone_is_used_for_every_comment_even_when_the_offset_changes_that_day() -> None:
    page = page_of("Thumb a 30 March 2014, 00:30\n\nOne.", "Thumb b 30 March 2014, 03:30\n\nTwo.")
    times = [comment.posted_at for comment in parse(page, zone="Europe/Paris").comments]
    assert [time.value for time in times if time] == ["2014-03-30T00:30+01:00", "2014-03-30T03:30+02:00"]
