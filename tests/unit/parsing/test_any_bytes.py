"""No bytes under any name make the reader raise what nobody expects."""

from __future__ import annotations

import gzip
import io
from contextlib import suppress

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.errors import PermanentError
from broadsheet.model import ArticleRecord, Hints
from broadsheet.parsing import Limits, read
from broadsheet.parsing.shape import record_json
from tests.unit.parsing.test_containers import LINES, PAGE, tar_of, zip_of

EXTENSIONS = "txt json jsonl ndjson gz tar tgz zip html xml csv warc arc bz2 xz jsonl.gz tar.gz json.gz"
EXTENSION = st.sampled_from(EXTENSIONS.split(" "))
WHOLE = [
    tar_of({"a.jsonl": LINES, "b.txt": PAGE}),
    zip_of({"a.jsonl": LINES, "b.txt": PAGE}),
    gzip.compress(LINES),
    gzip.compress(tar_of({"a.jsonl": LINES})),
    LINES,
    b'{"items": [' + LINES.replace(b"\n", b",") + b"]}",
]
TIGHT = Limits(max_record_bytes=60, max_zip_members=2, max_records=4, max_unpacked_bytes=2000, max_comments=2)


def assert_reads(data: bytes, extension: str, limits: Limits) -> None:
    with suppress(PermanentError):
        for number, record in enumerate(read(io.BytesIO(data), Hints(name=f"a.{extension}"), limits=limits)):
            assert record.record == number
            orjson.dumps(record_json(record, file="a"))
            if isinstance(record, ArticleRecord):
                assert [comment.ordinal for comment in record.comments] == list(range(len(record.comments)))


@given(st.binary(max_size=300), EXTENSION)
def test_random_bytes(data: bytes, extension: str) -> None:
    assert_reads(data, extension, Limits())


@settings(max_examples=300)
@given(
    st.sampled_from(WHOLE),
    EXTENSION,
    st.lists(st.tuples(st.integers(0, 3000), st.binary(max_size=8)), max_size=4),
    st.integers(0, 3000),
    st.sampled_from([Limits(), TIGHT]),
)
def test_damaged_files(data: bytes, extension: str, damage: list[tuple[int, bytes]], cut: int, limits: Limits) -> None:
    for place, patch in damage:
        data = data[:place] + patch + data[place + len(patch) :]
    assert_reads(data[:-cut] if cut else data, extension, limits)


@given(st.text('{}[]",:\\ \nab1eE-+.tnfu<&;\x00\ud800', max_size=60), EXTENSION)
def test_jumbles_of_json(text: str, extension: str) -> None:
    assert_reads(text.encode("utf-8", "surrogatepass"), extension, TIGHT)
