"""gzip, tar and zip: what is packed is read as if it had been uploaded alone, within limits."""

from __future__ import annotations

import gzip
import io
import tarfile
import tracemalloc
import zipfile
import zlib
from typing import BinaryIO, cast

import pytest

from broadsheet.errors import LimitError, PermanentError
from broadsheet.model import ArticleRecord, Hints, ProblemRecord
from broadsheet.parsing import Limits, read
from tests.samples import HOMS
from tests.unit.parsing.exports import outline, read_file
from tests.unit.parsing.pages import parse

PAGE = HOMS.read_bytes()
TITLE = parse(PAGE).article.title
LINES = b'{"title": "one"}\nbroken\n{"title": "two"}\n'
FILES = {
    "long/" + "x" * 150 + ".txt": PAGE,
    "lines.jsonl": LINES,
    "picture.png": b"\x89PNG\r\n\x1a\n\x00\x00",
    "صفحة.txt.gz": gzip.compress(PAGE),
    "__MACOSX/._lines.jsonl": b"\x00\x05\x16\x07",
    "empty.txt": b"",
    "last.json": b'[{"title": "last"}]',
}
READ = [TITLE, "one", "json_invalid", "two", "binary_file", TITLE, "empty_file", "last"]


def tar_of(files: dict[str, bytes], packing: str = "", form: int = tarfile.PAX_FORMAT) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=f"w:{packing}", format=form) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return packed.getvalue()


def zip_of(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def refuse(data: bytes, name: str = "a.gz", limits: Limits | None = None) -> PermanentError:
    with pytest.raises(PermanentError) as caught:
        read_file(data, name, limits)
    return caught.value


def test_packed_page_gives_the_record_of_the_page() -> None:
    assert read_file(gzip.compress(PAGE), "page.txt.gz") == [parse(PAGE)]
    assert read_file(gzip.compress(gzip.compress(PAGE)), "page.txt.gz.gz") == [parse(PAGE)]


def test_all_members_of_a_gzip_file_are_read() -> None:
    packed = b"".join(gzip.compress(PAGE[start : start + 1000]) for start in range(0, len(PAGE), 1000))
    assert read_file(packed + b"\x00" * 700, "page.txt.gz") == [parse(PAGE)]


@pytest.mark.parametrize("size", [1, 7, 100])
def test_gzip_stream_may_come_in_small_pieces(size: int) -> None:
    class Drip:
        def __init__(self) -> None:
            self._data = io.BytesIO(gzip.compress(LINES[:20]) + gzip.compress(b"") + gzip.compress(LINES[20:]))

        def read(self, wanted: int = -1) -> bytes:
            return self._data.read(min(wanted, size))

    records = list(read(cast("BinaryIO", Drip()), Hints(name="a.jsonl.gz")))
    assert outline(records) == ["one", "json_invalid", "two"]


def test_what_a_truncated_gzip_file_holds_is_read_and_its_end_is_a_problem() -> None:
    whole = gzip.compress(LINES * 1000)
    titles = outline(read_file(whole[:-10], "a.jsonl.gz"))
    assert titles[:3] == ["one", "json_invalid", "two"]
    assert len(titles) > 2900
    assert titles[-1] == "gzip_truncated"


@pytest.mark.parametrize(
    ("packed", "code"),
    [
        (gzip.compress(LINES)[:-1], "gzip_truncated"),
        (gzip.compress(LINES) + b"junk", "gzip_trailing_garbage"),
        (gzip.compress(LINES) + gzip.compress(LINES)[:5], "gzip_truncated"),
        (gzip.compress(LINES)[:-8] + b"\x00" * 8, "gzip_damaged"),
    ],
    ids=["end", "junk", "second member", "checksum"],
)
def test_what_is_wrong_with_the_packing_follows_the_records(packed: bytes, code: str) -> None:
    records = read_file(packed, "a.jsonl.gz")
    assert outline(records)[-1] == code
    assert outline(records)[:3] == ["one", "json_invalid", "two"]


@pytest.mark.parametrize(
    ("packed", "code"),
    [
        (gzip.compress(LINES)[:11], "gzip_truncated"),
        (b"\x1f\x8b\x08" + b"\xff" * 30, "gzip_damaged"),
        (gzip.compress(b""), "empty_file"),
    ],
    ids=["header", "damage", "nothing"],
)
def test_packed_file_without_anything_to_read_is_refused(packed: bytes, code: str) -> None:
    assert refuse(packed, "a.jsonl.gz").code == code


class Bomb:
    """A gzip file of one character, made while it is read: 1 GiB from a megabyte."""

    def __init__(self, chunks: int) -> None:
        self._packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        self._left = chunks
        self._held = self._packer.compress(b'{"title": "')

    def read(self, size: int) -> bytes:
        while not self._held and self._left >= 0:
            self._left -= 1
            self._held = self._packer.compress(b"x" * (1 << 20)) if self._left >= 0 else self._packer.flush()
        part, self._held = self._held[:size], self._held[size:]
        return part


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.json.gz"])
def test_gzip_bomb_ends_at_a_limit_in_little_memory(name: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(LimitError) as caught:
            list(read(cast("BinaryIO", Bomb(1024)), Hints(name=name), limits=Limits(max_record_bytes=2_000_000)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert caught.value.code == "ratio_too_high"
    assert peak < 20_000_000


def test_unpacked_size_is_limited() -> None:
    packed = gzip.compress(LINES * 100)
    assert refuse(packed, "a.jsonl.gz", Limits(max_unpacked_bytes=1000)).code == "too_large_unpacked"
    error = refuse(tar_of({"a.gz": packed, "b.gz": packed}), "a.tar", Limits(max_unpacked_bytes=len(LINES) * 150))
    assert error.code == "too_large_unpacked"


@pytest.mark.parametrize(
    "packed",
    [
        tar_of(FILES),
        tar_of(FILES, "gz"),
        tar_of(FILES, form=tarfile.GNU_FORMAT),
        zip_of(FILES),
        zip_of(FILES, zipfile.ZIP_STORED),
        gzip.compress(zip_of(FILES)),
    ],
    ids=["tar", "tar.gz", "gnu tar", "zip", "stored zip", "zip.gz"],
)
def test_archive_is_read_member_by_member(packed: bytes) -> None:
    records = read_file(packed, "archive")
    assert outline(records) == READ
    members = [record.report.member for record in records if isinstance(record, ArticleRecord)]
    assert members == [next(iter(FILES)), "lines.jsonl", "lines.jsonl", "صفحة.txt.gz", "last.json"]
    problems = [record.problem.message for record in records if isinstance(record, ProblemRecord)]
    assert [message.partition(":")[0] for message in problems] == ["lines.jsonl", "picture.png", "empty.txt"]


def test_archives_in_archives_are_read_to_a_stated_depth() -> None:
    packed = tar_of({"in.tgz": tar_of(FILES, "gz"), "in.zip": zip_of(FILES)}, "gz")
    assert outline(read_file(packed, "a.tar.gz", Limits(max_layers=5))) == READ * 2
    deep = outline(read_file(packed, "a.tar.gz"))
    assert "nested_too_deep" in deep
    assert deep.count(TITLE) == 3


def test_truncated_tar_keeps_what_came_before() -> None:
    packed = tar_of({"a.jsonl": LINES, "b.txt": PAGE})
    assert outline(read_file(packed[:3000], "a.tar")) == ["one", "json_invalid", "two", TITLE, "tar_truncated"]
    damaged = packed[:1024] + b"x" * 512 + packed[1536:]
    assert outline(read_file(damaged, "a.tar"))[-1] == "tar_damaged"


def test_damaged_member_of_a_zip_costs_no_other() -> None:
    packed = bytearray(zip_of({"a.txt": PAGE, "b.jsonl": LINES}))
    packed[2000:2100] = bytes(100)
    assert outline(read_file(bytes(packed), "a.zip"))[-4:] == ["member_damaged", "one", "json_invalid", "two"]


def test_zip_methods_without_a_bound_are_not_unpacked() -> None:
    packed = zip_of({"bomb.txt": bytes(10_000_000)}, zipfile.ZIP_BZIP2)
    assert outline(read_file(packed, "a.zip")) == ["member_unsupported"]


@pytest.mark.parametrize(
    ("data", "limits", "code"),
    [
        (zip_of(FILES)[:-30], Limits(), "zip_damaged"),
        (zip_of(FILES), Limits(max_zip_bytes=1000), "zip_too_large"),
        (zip_of(FILES), Limits(max_zip_members=3), "too_many_members"),
    ],
    ids=["no directory", "large", "many members"],
)
def test_zip_that_cannot_be_read_is_refused(data: bytes, limits: Limits, code: str) -> None:
    assert refuse(data, "a.zip", limits).code == code
