"""An archive on the real engine with indices of its own, filled straight through `_bulk`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from broadsheet.adapters.opensearch import OpenSearchAdmin, OpenSearchBulk, OpenSearchSearch, client
from broadsheet.archive import Archive
from broadsheet.index.generations import index_body
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.model import ArticleRecord
from broadsheet.ports import JsonObject
from broadsheet.search.request import read_search
from broadsheet.search.timeline import read_timeline
from broadsheet.settings import EngineSettings
from tests.indexing import index_records

NOW = 1_400_000_000
"""2014-05-13T16:53:20Z: what relative dates count from."""

TIMEOUT_MS = 20_000


@dataclass
class SearchSystem:
    """What can be searched; ``engine`` is the client that tests ask directly."""

    engine: Any
    names: IndexNames
    archive: Archive

    @property
    def indices(self) -> list[str]:
        """The indices of both kinds."""
        return [self.names.index(kind, 1) for kind in KINDS]

    def add(self, records: Iterable[ArticleRecord], key: str) -> None:
        """Index the articles of one file."""
        index_records(records, key, OpenSearchBulk(self.engine), self.names)

    def refresh(self) -> None:
        """Let searches see what was written."""
        self.engine.indices.refresh(index=",".join(self.indices))

    def search(self, q: str = "", *, at: float = NOW, **parameters: str | Sequence[str]) -> JsonObject:
        """Return a page, of 100 results unless a limit is given; a parameter may have several values."""
        given: dict[str, str | Sequence[str]] = {"q": q, "limit": "100"} | parameters
        values = {name.rstrip("_"): [value] if isinstance(value, str) else value for name, value in given.items()}
        return self.archive.search(read_search(values, at))

    def timeline(self, q: str = "", *, at: float = NOW, **parameters: str | Sequence[str]) -> JsonObject:
        """Return the counts over time; a parameter may have several values."""
        given: dict[str, str | Sequence[str]] = {"q": q} | parameters
        values = {name.rstrip("_"): [value] if isinstance(value, str) else value for name, value in given.items()}
        return self.archive.timeline(read_timeline(values, at))


@contextmanager
def search_system(engine_url: str, *, shards: int = 1, prefix: str | None = None) -> Iterator[SearchSystem]:
    """Yield an empty archive; its indices are removed at the end."""
    engine = client(EngineSettings(opensearch_url=engine_url, sign_requests=False))
    names = IndexNames(prefix or f"s{uuid4().hex[:12]}")
    admin = OpenSearchAdmin(engine)
    system = SearchSystem(engine, names, Archive(OpenSearchSearch(engine), names, TIMEOUT_MS))
    try:
        for kind, index in zip(KINDS, system.indices, strict=True):
            body = index_body(kind, 1, shards=shards, replicas="0-1", refresh_interval="-1", names=names)
            admin.create(index, body)
            admin.point(names.search_alias(kind), index)
        yield system
    finally:
        engine.indices.delete(index=",".join(system.indices), ignore_unavailable=True)
