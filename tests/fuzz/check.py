"""What holds of any bytes under any name: records or a permanent error, harmless text, no lost word, bounded cost."""

from __future__ import annotations

import io
import time
import tracemalloc
from collections import Counter
from typing import BinaryIO, cast

import orjson

from broadsheet.errors import PermanentError
from broadsheet.ids import natural_name
from broadsheet.model import ArticleRecord, Hints, PassedRecord, ProblemRecord, Record
from broadsheet.parsing import Limits, read
from broadsheet.parsing.encoding import decode
from broadsheet.parsing.shape import record_json
from broadsheet.text import clean, words
from tests.unit.parsing.pages import held_words

# Small, so that limits are met; large enough for the seeds.
TIGHT = Limits(
    max_record_bytes=20_000,
    max_text_bytes=100_000,
    max_comments=60,
    max_records=200,
    max_unpacked_bytes=2_000_000,
    max_zip_members=20,
    max_depth=60,
)
SECONDS, SECONDS_OF_MEBIBYTE = 3.0, 60.0
PEAK_BYTES, PEAK_OF_BYTE = 30_000_000, 200


class Broken(Exception):  # noqa: N818 it is the finding, not an error
    """An invariant does not hold."""


def check(name: str, data: bytes, limits: Limits, *, twice: bool, weigh: bool) -> Counter[str]:
    """Read a file and hold it to the invariants; return how many records and problems of which code it gave.

    ``twice`` also reads it in small pieces and resumed in the middle, ``weigh`` also measures memory, which is slow.
    """
    outcome: Counter[str] = Counter()
    if weigh:
        _read(io.BytesIO(data), name, limits)  # what a reader loads the first time is not the file's
        tracemalloc.start()
    started = time.thread_time()
    try:
        records, error = _read(io.BytesIO(data), name, limits)
        seconds = time.thread_time() - started
        peak = tracemalloc.get_traced_memory()[1] if weigh else 0
    finally:
        tracemalloc.stop()
    if not weigh and seconds > SECONDS + SECONDS_OF_MEBIBYTE * len(data) / (1 << 20):
        raise Broken(f"{seconds:.1f} s for {len(data)} bytes")
    if peak > PEAK_BYTES + PEAK_OF_BYTE * len(data):
        raise Broken(f"{peak} bytes of memory for {len(data)}")
    for number, record in enumerate(records):
        if record.record != number:
            raise Broken(f"record {record.record} is number {number}")
        orjson.dumps(record_json(record, file="a"))
        if isinstance(record, ArticleRecord):
            _check_article(record)
            outcome["articles"] += 1
            outcome["comments"] += len(record.comments)
        else:
            outcome[record.problem.code] += 1
    if error:
        outcome[error] += 1
    _check_words(name, data, records, limits)
    if twice:
        _check_again(name, data, limits, records, error)
    return outcome


class Drip:
    """A stream that gives few bytes at a time."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def read(self, size: int) -> bytes:
        return self._data.read(min(size, 97))


def _read(stream: BinaryIO, name: str, limits: Limits) -> tuple[list[Record], str | None]:
    records: list[Record] = []
    try:
        records.extend(read(stream, Hints(name), limits=limits))
    except PermanentError as error:
        if not error.message or not error.code:
            raise Broken("an error without a message or code") from error
        return records, error.code
    return records, None


def _check_article(record: ArticleRecord) -> None:
    article, comments = record.article, record.comments
    for text in (article.title, article.body, *(part for each in comments for part in (each.body, each.author or ""))):
        if clean(text).text != text:
            raise Broken(f"text is not clean: {text[:80]!r}")
    if "\n" in article.title:
        raise Broken("a title of two lines")
    for ordinal, comment in enumerate(comments):
        if comment.ordinal != ordinal:
            raise Broken(f"comment {comment.ordinal} is number {ordinal}")
        parent = comment.thread.parent
        if parent is not None and not (0 <= parent < len(comments) and parent != ordinal):
            raise Broken(f"comment {ordinal} answers {parent}")


def _check_words(name: str, data: bytes, records: list[Record], limits: Limits) -> None:
    """The word law, for what was read as one page of text."""
    if len(records) != 1 or not isinstance(records[0], ArticleRecord):
        return
    record = records[0]
    if record.report.format != "text" or record.report.member or len(data) > limits.max_text_bytes:
        return
    if data[:2] in (b"\x1f\x8b", b"BZ", b"\xfd7"):
        return  # packed
    visible = Counter(words(clean(decode(data).text).text))
    held = held_words(record)
    if visible != held:
        raise Broken(
            f"{name}: words lost {list((visible - held).items())[:5]}, added {list((held - visible).items())[:5]}"
        )


def _check_again(name: str, data: bytes, limits: Limits, records: list[Record], error: str | None) -> None:
    if _read(cast("BinaryIO", Drip(data)), name, limits) != (records, error):
        raise Broken("read in small pieces, the file gives other records")
    start = len(records) // 2
    resumed: list[Record | PassedRecord] = []
    code = None
    try:
        resumed.extend(read(io.BytesIO(data), Hints(name), limits=limits, start=start))
    except PermanentError as caught:
        code = caught.code
    if (resumed[start:], code) != (records[start:], error):
        raise Broken("resumed, the file gives other records")
    for passed, record in zip(resumed[:start], records, strict=False):
        natural = None if isinstance(record, ProblemRecord) else natural_name(record.article)
        if passed != PassedRecord(record.record, natural):
            raise Broken(f"passed over as {passed}, but it is {natural!r}")
