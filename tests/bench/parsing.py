"""Parsing and building documents, per core."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterator

from broadsheet.ids import PublicIds
from broadsheet.index.bulk import encode
from broadsheet.index.documents import Origin, documents
from broadsheet.model import ArticleRecord, Hints
from broadsheet.parsing import read
from tests.bench.measure import Line, cpu, interleaved
from tests.samples import HOMS

ARTICLES = 200


def measure() -> Iterator[Line]:
    """Yield parsing alone, and parsing with finished documents, against cutting the same text into lines."""
    text = HOMS.read_bytes()
    origin = Origin(file_id="f", bucket="b", key="k", stored_at="2026-01-01T00:00:00+00:00")

    def lines() -> None:
        for _ in range(ARTICLES):
            deque((line.strip() for line in text.decode().split("\n")), maxlen=0)

    def parse() -> None:
        for _ in range(ARTICLES):
            deque(read(io.BytesIO(text), Hints(name="a.txt")), maxlen=0)

    def build() -> None:
        for _ in range(ARTICLES):
            ids = PublicIds("f")
            for record in read(io.BytesIO(text), Hints(name="a.txt")):
                assert isinstance(record, ArticleRecord)
                article_id, comment_ids = ids.assign(record)
                made = documents(
                    record,
                    article_id=article_id,
                    comment_ids=comment_ids,
                    origin=origin,
                    first_article=0,
                    first_comment=0,
                )
                deque((encode(document.source) for document in made), maxlen=0)

    times = interleaved({"lines": lines, "parse": parse, "build": build}, rounds=7, clock=cpu)
    ceiling = "the same text cut into lines"
    for name, case in (("parse one article, 30 comments", "parse"), ("parse and build its 31 documents", "build")):
        yield Line(name, ARTICLES / times[case], "articles/s per core", ceiling, times["lines"] / times[case])
