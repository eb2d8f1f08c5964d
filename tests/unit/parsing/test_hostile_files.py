"""Files made to break a reader: each ends in a stated outcome, in bounded memory and linear time."""

from __future__ import annotations

import bz2
import gzip
import io
import tarfile
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import BinaryIO, cast

import pytest

from broadsheet.errors import LimitError, PermanentError
from broadsheet.model import ArticleRecord, Hints, ProblemRecord
from broadsheet.parsing import Limits, read
from broadsheet.parsing.limits import Deadline
from tests.unit.parsing.crawls import packed, response
from tests.unit.parsing.exports import outline, read_file
from tests.unit.parsing.feeds import wxr, wxr_comment, wxr_item
from tests.unit.parsing.test_containers import tar_of, zip_of

FINE = b'{"title": "fine"}\n'
GIBIBYTE = 1 << 30


def outcome(data: bytes, name: str) -> list[str]:
    """Return the titles and codes of the records, or the code of the file."""
    try:
        return outline(read_file(data, name))
    except PermanentError as error:
        return [error.code]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b'{"title": NaN}', "json_invalid"),
        (b'{"title": "a", "n": Infinity}', "json_invalid"),
        (b'{"title": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "json_too_deep"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "json_too_deep"),
        (b'{"title": "lone \\ud800 surrogate"}', "json_invalid"),
        (b'{"title": "\xff"}', "json_not_utf8"),
        (b"[" * 100_000, "json_too_deep"),
    ],
    ids=["nan", "infinity", "deep list", "deep object", "surrogate", "not utf-8", "only brackets"],
)
def test_hostile_json_is_a_problem_and_the_others_are_read(line: bytes, code: str) -> None:
    assert outcome(FINE + line + b"\n" + FINE, "a.jsonl") == ["fine", code, "fine"]


def test_numbers_and_repeated_keys_beyond_reason_are_read() -> None:
    digits = b'{"title": "digits", "comment_count": ' + b"9" * 5000 + b"}\n"
    keys = b'{"title": "first", "title": "last"}\n'
    assert outcome(digits + keys + FINE, "a.jsonl")[1:] == ["last", "fine"]


def test_unicode_line_separators_end_no_record() -> None:
    text = "a\u2028b\u2029c\x85d\x0be"
    record = read_file(b'{"title": "t", "body": "%b"}\n' % text.encode().replace(b"\x0b", b"\\u000b"), "a.jsonl")
    assert outline(record) == ["t"]


def test_text_a_hundred_thousand_levels_deep_in_html_is_read() -> None:
    words = "The harbour was closed on Friday after a storm, the mayor said, and boats stayed where they were."
    page = f"<html><title>Deep</title><body>{'<div>' * 100_000}<p>{words}</p>{'</div>' * 100_000}</body></html>"
    started = time.process_time()
    (record,) = read_file(page.encode(), "a.html")
    assert isinstance(record, ArticleRecord)
    assert words in record.article.body
    assert time.process_time() - started < 20


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_members_of_a_tar_are_never_written_whatever_they_are_called(form: int) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name in ("../../evil.jsonl", "/etc/evil.jsonl", "a\nb\u202e.jsonl", "x" * 900 + ".jsonl"):
            info = tarfile.TarInfo(name)
            info.size = len(FINE)
            archive.addfile(info, io.BytesIO(FINE))
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE):
            info = tarfile.TarInfo("link")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    records = read_file(out.getvalue(), "a.tar")
    assert outline(records) == ["fine"] * 4
    named = [record.report.member for record in records if isinstance(record, ArticleRecord)]
    assert all((name and name.isprintable()) or name == "a\nb.jsonl" for name in named)
    assert max(len(name or "") for name in named) <= 300


class Bomb:
    """A gzip file of one character, made while it is read."""

    def __init__(self, size: int, head: bytes) -> None:
        self._parts = self._made(size, head)
        self._held = b""

    @staticmethod
    def _made(size: int, head: bytes) -> Iterator[bytes]:
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        yield packer.compress(head)
        for _ in range(size >> 20):
            yield packer.compress(b"x" * (1 << 20))
        yield packer.flush()

    def read(self, size: int) -> bytes:
        while not self._held and (part := next(self._parts, None)) is not None:
            self._held = part
        part, self._held = self._held[:size], self._held[size:]
        return part


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("a.txt.gz", b"text "),
        ("a.json.gz", b'{"items": ['),
        ("a.jsonl.gz", FINE + b'{"title": "'),
        ("a.xml.gz", b"<rss><item><title>"),
        ("a.csv.gz", b"title,text\n"),
        ("a.warc.gz", b"WARC/1.0\r\nContent-Length: 999999999999\r\n\r\n"),
        ("a.html.gz", b"<html><body>"),
    ],
)
def test_gibibyte_from_a_mebibyte_ends_at_a_limit_in_little_memory(name: str, head: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(LimitError) as caught:
            list(read(cast("BinaryIO", Bomb(GIBIBYTE, head)), Hints(name), limits=Limits(max_text_bytes=4 << 20)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert caught.value.code in {"ratio_too_high", "text_too_large"}
    assert peak < 100_000_000


def test_packed_files_in_packed_files_end_at_a_limit() -> None:
    bomb = gzip.compress(gzip.compress(bytes(200 << 20)))
    assert outcome(bomb, "a.txt.gz.gz")[-1] in {"binary_file", "ratio_too_high"}
    deep = FINE
    for _ in range(6):
        deep = gzip.compress(deep)
    assert outcome(deep, "a.jsonl") == ["nested_too_deep"]
    assert outcome(tar_of({"a.tar": tar_of({"a.zip": zip_of({"a.gz": bz2.compress(deep)})})}), "a.tar") == [
        "nested_too_deep"
    ]


def test_one_line_of_400_mebibytes_is_a_problem_in_little_memory() -> None:
    class Line:
        def __init__(self) -> None:
            self._left = 400 << 20
            self._end = b'"}\n' + FINE

        def read(self, size: int) -> bytes:
            if self._left:
                part = b"x" * min(size, self._left)
                self._left -= len(part)
                return part
            part, self._end = self._end[:size], self._end[size:]
            return part

    tracemalloc.start()
    records = list(read(cast("BinaryIO", Line()), Hints("a.jsonl")))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert outline(records) == ["line_too_long", "fine"]
    assert peak < 60_000_000


def test_time_of_a_record_is_bounded_between_steps() -> None:
    seconds = iter([0.0, 5.0, 11.0, 12.0, 13.0])
    deadline = Deadline(10, lambda: next(seconds))
    deadline.check()
    with pytest.raises(LimitError, match=r"max_record_seconds") as caught:
        deadline.check()
    assert caught.value.code == "record_too_slow"
    deadline.restart()
    deadline.check()


PAGE = "The harbour was closed. "
GROWING: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "text": ("a.txt", lambda n: ("Head\n\n" + (PAGE * 4 + "\n") * n * 5).encode()),
    "comments": ("a.txt", lambda n: ("Head\n\n" + PAGE + "\n\nThumb ann 09 May 2014, 16:33\n\nHi.\n" * n * 2).encode()),
    "html": ("a.html", lambda n: ("<html><body>" + f"<p>{PAGE * 4}</p>" * n * 2 + "</body></html>").encode()),
    "json": ("a.json", lambda n: b"[" + b",".join([FINE] * n * 40) + b"]"),
    "json lines": ("a.jsonl", lambda n: FINE * n * 40),
    "thread": (
        "a.json",
        lambda n: (
            b'{"title": "t", "comments": [%b]}'
            % b",".join(
                b'{"id": %d, "parent_id": %d, "author": "a%d", "body": "@a1 x"}' % (i, i - 1, i) for i in range(n * 10)
            )
        ),
    ),
    "wordpress": ("a.xml", lambda n: wxr(*[wxr_item(1, "t", PAGE, wxr_comment(1, "a", "b"))] * n)),
    "wordpress thread": ("a.xml", lambda n: wxr(wxr_item(1, "t", PAGE, *[wxr_comment(1, "a", "b")] * n * 5))),
    "csv": ("a.csv", lambda n: b"title,text\n" + b'rain,"it ""rained"", it\ndid"\n' * n * 20),
    "warc": ("a.warc", lambda n: b"".join([b"WARC/1.0\r\nContent-Length: 9\r\n\r\nsomething\r\n\r\n"] * n * 50)),
    "gzip members": ("a.jsonl.gz", lambda n: gzip.compress(FINE) * n * 10),
    "crawl": ("a.warc.gz", lambda n: packed([response("Tyre", "https://a.example/")] * max(1, n // 10))),
    "tar": ("a.tar", lambda n: tar_of({f"{i}.jsonl": FINE for i in range(n * 4)})),
    "zip": ("a.zip", lambda n: zip_of({f"{i}.jsonl": FINE for i in range(n * 4)})),
    "mojibake": ("a.txt", lambda n: ("Head\n\n" + "الخبر".encode().decode("cp1256") + ("Ã© é\n" * n * 100)).encode()),
    "cp1256": ("a.txt", lambda n: ("Head\n\n" + "أمطار غزيرة على الساحل\n" * n * 50).encode("cp1256")),
}


@pytest.mark.parametrize(("name", "made"), GROWING.values(), ids=GROWING)
def test_ten_times_the_file_takes_about_ten_times_as_long(name: str, made: Callable[[int], bytes]) -> None:
    def seconds(size: int) -> float:
        data = made(size)
        started = time.process_time()
        with suppress(PermanentError):
            for record in read(io.BytesIO(data), Hints(name)):
                assert isinstance(record, (ArticleRecord, ProblemRecord))
        return time.process_time() - started

    seconds(2)  # loads what is loaded late
    base = max(min(seconds(20), seconds(20)), 0.005)
    # Quadratic time would take a hundred times as long.
    assert seconds(200) < 35 * base
