"""Parsing and building documents, per core."""

from __future__ import annotations

import io
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from broadsheet.ids import PublicIds
from broadsheet.index.bulk import index_action
from broadsheet.index.documents import Document, Origin, documents
from broadsheet.index.names import IndexNames
from broadsheet.model import ArticleRecord, Hints
from broadsheet.parsing import read
from tests.bench import family
from tests.bench.measure import Line, cpu, interleaved
from tests.samples import HOMS

ARTICLES = 200


def measure() -> Iterator[Line]:
    """Yield parsing alone, and parsing with finished documents, against cutting the same bytes into lines.

    Then what it would take to pack the bulk requests, and what share of their bytes is left.
    """
    yield from _measure("text file", [(HOMS.read_bytes(), "a.txt")] * ARTICLES, lambda text: text.split(b"\n"))
    packed = family.archive(ARTICLES)
    yield from _measure("NDJSON.gz", [(packed, "a.jsonl.gz")], lambda data: zlib.decompress(data, 31).split(b"\n"))
    yield _packing(packed)


def _measure(form: str, files: Sequence[tuple[bytes, str]], cut: Callable[[bytes], Sequence[bytes]]) -> Iterator[Line]:
    """Measure files that hold ARTICLES articles together."""

    def lines() -> None:
        for data, _ in files:
            deque((line.decode().strip() for line in cut(data)), maxlen=0)

    def parse() -> None:
        for data, name in files:
            deque(read(io.BytesIO(data), Hints(name=name)), maxlen=0)

    def build() -> None:
        for data, name in files:
            deque(_documents(data, name), maxlen=0)

    times = interleaved({"lines": lines, "parse": parse, "build": build}, rounds=7, clock=cpu)
    ceiling = "the same text cut into lines"
    for what, case in (("parse one article, 30 comments", "parse"), ("parse and build its 31 documents", "build")):
        yield Line(
            f"{form}: {what}", ARTICLES / times[case], "articles/s per core", ceiling, times["lines"] / times[case]
        )


def _documents(data: bytes, name: str) -> Iterator[Document]:
    origin = Origin(file_id="f", bucket="b", key="k", stored_at="2026-01-01T00:00:00+00:00")
    ids = PublicIds("f")
    for record in read(io.BytesIO(data), Hints(name=name)):
        assert isinstance(record, ArticleRecord)
        article_id, comment_ids = ids.assign(record)
        yield from documents(
            record, article_id=article_id, comment_ids=comment_ids, origin=origin, first_article=0, first_comment=0
        )


def _packing(archive: bytes) -> Line:
    """Pack the bulk requests of an archive as ``compress_bulks`` does, at level 1."""
    names = IndexNames("broadsheet")
    actions = [
        index_action(names.write_alias(document.kind, 1), document.doc_id, 1, document.body)
        for document in _documents(archive, "a.jsonl.gz")
    ]
    body = b"".join(actions)
    times = interleaved({"pack": lambda: zlib.compress(body, 1)}, rounds=7, clock=cpu)
    left = len(zlib.compress(body, 1)) / len(body)
    name = "bulk requests packed as gzip (compress_bulks): our CPU"
    return Line(name, times["pack"] / ARTICLES * 1e6, "us per article", "their bytes", left)
