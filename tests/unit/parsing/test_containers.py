"""gzip, bzip2, xz, tar and zip: what is packed is read as if it had been uploaded alone, within limits."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
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


Pack = Callable[[bytes], bytes]
each_packing = pytest.mark.parametrize(
    ("pack", "name"),
    [(gzip.compress, "gzip"), (bz2.compress, "bzip2"), (lzma.compress, "xz")],
    ids=["gzip", "bzip2", "xz"],
)


@each_packing
def test_packed_page_gives_the_record_of_the_page(pack: Pack, name: str) -> None:
    assert read_file(pack(PAGE), "page.txt") == [parse(PAGE)]
    assert read_file(pack(pack(PAGE)), "page.txt") == [parse(PAGE)]


@each_packing
def test_all_members_of_a_packed_file_are_read(pack: Pack, name: str) -> None:
    packed = b"".join(pack(PAGE[start : start + 1000]) for start in range(0, len(PAGE), 1000))
    assert read_file(packed + b"\x00" * 700, "page.txt") == [parse(PAGE)]


@pytest.mark.parametrize("size", [1, 7, 100])
@each_packing
def test_packed_stream_may_come_in_small_pieces(size: int, pack: Pack, name: str) -> None:
    class Drip:
        def __init__(self) -> None:
            self._data = io.BytesIO(pack(LINES[:20]) + pack(b"") + pack(LINES[20:]))

        def read(self, wanted: int = -1) -> bytes:
            return self._data.read(min(wanted, size))

    records = list(read(cast("BinaryIO", Drip()), Hints(name="a.jsonl")))
    assert outline(records) == ["one", "json_invalid", "two"]


@each_packing
def test_what_a_truncated_packed_file_holds_is_read_and_its_end_is_a_problem(pack: Pack, name: str) -> None:
    titles = outline(read_file(pack(LINES * 1000)[:-10], "a.jsonl"))
    assert titles[:3] == ["one", "json_invalid", "two"]
    assert len(titles) > 2900
    assert titles[-1] == f"{name}_truncated"


def middle_damaged(packed: bytes) -> bytes:
    return packed[: len(packed) // 2] + b"\xff" * 30 + packed[len(packed) // 2 + 30 :]


@pytest.mark.parametrize(
    ("packed", "code"),
    [
        (bz2.compress(LINES)[:-1], "bzip2_truncated"),
        (bz2.compress(LINES) + b"junk", "bzip2_trailing_garbage"),
        (bz2.compress(LINES) + bz2.compress(LINES)[:9], "bzip2_truncated"),
        (bz2.compress(LINES)[:-4] + b"\x00" * 4, "bzip2_damaged"),
        (bz2.compress(LINES) + middle_damaged(bz2.compress(LINES)), "bzip2_damaged"),
        (lzma.compress(LINES)[:-1], "xz_truncated"),
        (lzma.compress(LINES) + b"junk, and more of it", "xz_trailing_garbage"),
        (lzma.compress(LINES)[:-12] + b"\x00" * 12, "xz_damaged"),
        (gzip.compress(LINES)[:-1], "gzip_truncated"),
        (gzip.compress(LINES) + b"junk", "gzip_trailing_garbage"),
        (gzip.compress(LINES) + gzip.compress(LINES)[:5], "gzip_truncated"),
        (gzip.compress(LINES)[:-8] + b"\x00" * 8, "gzip_damaged"),
    ],
)
def test_what_is_wrong_with_the_packing_follows_the_records(packed: bytes, code: str) -> None:
    records = read_file(packed, "a.jsonl")
    assert outline(records)[-1] == code
    assert outline(records)[:3] == ["one", "json_invalid", "two"]


@pytest.mark.parametrize(
    ("packed", "code"),
    [
        (gzip.compress(LINES)[:11], "gzip_truncated"),
        (b"\x1f\x8b\x08" + b"\xff" * 30, "gzip_damaged"),
        (gzip.compress(b""), "empty_file"),
        (bz2.compress(LINES)[:11], "bzip2_truncated"),
        (b"BZh91AY&SY" + b"\xff" * 300, "bzip2_damaged"),
        (bz2.compress(b""), "empty_file"),
        (lzma.compress(LINES)[:11], "xz_truncated"),
        (b"\xfd7zXZ\x00" + b"\xff" * 30, "xz_damaged"),
        (lzma.compress(b""), "empty_file"),
    ],
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


def test_bzip2_bomb_of_a_gigabyte_in_785_bytes_ends_at_a_limit_in_little_memory() -> None:
    packer = bz2.BZ2Compressor(9)
    packed = packer.compress(b'{"title": "')
    packed += b"".join(packer.compress(b"x" * (1 << 20)) for _ in range(80)) + packer.flush()
    assert len(packed) < 200
    tracemalloc.start()
    try:
        error = refuse(tar_of({"a.jsonl.bz2": packed}), "a.tar", Limits(max_record_bytes=2_000_000))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert error.code == "ratio_too_high"
    assert peak < 20_000_000


def test_xz_that_asks_for_more_memory_than_any_preset_is_refused() -> None:
    greedy = lzma.compress(b"{}", filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 28}])
    assert refuse(greedy, "a.jsonl.xz").code == "xz_damaged"


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
        tar_of(FILES, "bz2"),
        tar_of(FILES, "xz"),
        tar_of(FILES, form=tarfile.GNU_FORMAT),
        zip_of(FILES),
        zip_of(FILES, zipfile.ZIP_STORED),
        gzip.compress(zip_of(FILES)),
    ],
    ids=["tar", "tar.gz", "tar.bz2", "tar.xz", "gnu tar", "zip", "stored zip", "zip.gz"],
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
