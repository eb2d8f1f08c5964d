"""The judged set on a real node, behind our own search and behind plain BM25 of the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from uuid import uuid4

import orjson

from broadsheet.adapters.opensearch import OpenSearchAdmin, OpenSearchBulk, OpenSearchSearch, client
from broadsheet.archive import Archive
from broadsheet.ids import digest, file_id
from broadsheet.index.generations import index_body
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.search.plan import Match
from broadsheet.search.ranking import Weights
from broadsheet.search.request import read_search
from broadsheet.settings import EngineSettings
from tests.fakes import BUCKET
from tests.indexing import index_file
from tests.quality.search.judged import Record, source_id
from tests.quality.search.metrics import DEPTH

Run = Callable[[str], list[str]]
"""From a user's words to the source ids of the ten best articles."""

_ARTICLES_PER_FILE = 50
_TIMEOUT_MS = 10_000
_NOW = 1_780_000_000.0
_ANALYZERS = ("english", "arabic")


@dataclass(frozen=True, slots=True)
class Indexed:
    """One variant of the set in a generation of its own."""

    archive: Archive
    source_ids: dict[str, str]

    def run(self, weights: Weights | None = None, match: Match = "auto") -> Run:
        archive = self.archive
        if weights is not None:
            archive = Archive(archive.engine, archive.names, archive.timeout_ms, weights=weights)

        def ranked(q: str) -> list[str]:
            request = read_search({"q": [q], "type": ["article"], "limit": [str(DEPTH)], "match": [match]}, _NOW)
            found = archive.search(request)["results"]
            return [self.source_ids[each["article"]["article_id"]] for each in found]

        return ranked


@contextmanager
def indexed(engine_url: str, articles: Iterable[Record]) -> Iterator[Indexed]:
    """Index articles as an upload would be, through the real reader; the indices go at the end."""
    engine = client(EngineSettings(opensearch_url=engine_url, sign_requests=False))
    names = IndexNames(f"q{uuid4().hex[:12]}")
    admin = OpenSearchAdmin(engine)
    indices = {kind: names.index(kind, 1) for kind in KINDS}
    try:
        for kind, index in indices.items():
            admin.create(index, index_body(kind, 1, shards=1, replicas="0-1", refresh_interval="-1", names=names))
            admin.point(names.search_alias(kind), index)
        source_ids: dict[str, str] = {}
        remaining = iter(articles)
        number = 0
        while records := list(islice(remaining, _ARTICLES_PER_FILE)):
            key = f"judged-{number}.jsonl"
            number += 1
            index_file(b"\n".join(map(orjson.dumps, records)), key, OpenSearchBulk(engine), names)
            file = file_id(BUCKET, key)
            # The public id of an article with an id of its source, which occurs once in its file.
            source_ids |= {digest(file, source_id(record), "0"): source_id(record) for record in records}
        engine.indices.refresh(index=",".join(indices.values()))
        yield Indexed(Archive(OpenSearchSearch(engine), names, _TIMEOUT_MS), source_ids)
    finally:
        engine.indices.delete(index=",".join(indices.values()), ignore_unavailable=True)


@contextmanager
def plain(engine_url: str, articles: Iterable[Record]) -> Iterator[Run]:
    """Give plain BM25: one multi_match over all texts with the engine's analyzer of the query's language."""
    engine = client(EngineSettings(opensearch_url=engine_url, sign_requests=False))
    index = f"q{uuid4().hex[:12]}-plain"
    text = {"type": "text", "fields": {each: {"type": "text", "analyzer": each} for each in _ANALYZERS}}
    fields = ("title", "body", "discussion")
    try:
        mapping = {"dynamic": "strict", "properties": dict.fromkeys(fields, text)}
        settings = {"number_of_shards": 1, "number_of_replicas": 0}
        engine.indices.create(index=index, body={"settings": settings, "mappings": mapping})
        lines = []
        for record in articles:
            article = record["article"]
            discussion = "\n\n".join(each["body"] for each in record["comments"])
            lines.append(orjson.dumps({"index": {"_index": index, "_id": source_id(record)}}))
            lines.append(orjson.dumps({"title": article["title"], "body": article["body"], "discussion": discussion}))
        assert not engine.bulk(body=b"\n".join([*lines, b""]))["errors"]
        engine.indices.refresh(index=index)

        def ranked(q: str) -> list[str]:
            asked = [f"{each}.{_analyzer(q)}" for each in fields]
            query = {"multi_match": {"query": q, "type": "best_fields", "fields": asked}}
            found = engine.search(index=index, body={"query": query, "size": DEPTH, "_source": False})
            return [hit["_id"] for hit in found["hits"]["hits"]]

        yield ranked
    finally:
        engine.indices.delete(index=index, ignore_unavailable=True)


def _analyzer(q: str) -> str:
    """Name the analyzer of the script that most letters of a query have."""
    arabic = sum("\u0600" <= letter <= "\u06ff" for letter in q)
    return "arabic" if arabic * 2 > sum(map(str.isalpha, q)) else "english"
