"""Walks through thousands of results while documents arrive and vanish: what must be seen, and what was."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from broadsheet.adapters.opensearch import OpenSearchBulk, OpenSearchSearch
from broadsheet.archive import Archive
from broadsheet.errors import ThrottledError
from broadsheet.model import Article, ArticleRecord, Dated
from broadsheet.search.request import read_search
from tests.records import record
from tests.search_system import NOW, TIMEOUT_MS, SearchSystem

QUERY = "siege truce convoy market council"
"""Five words, of which each article has some, so that scores differ and change with what arrives."""

_WORDS = (*QUERY.split(), "harbour", "حمص", "المدينة", "bread", "river")
_PAGE = 100
_FILE = 1_000


@dataclass
class Walk:
    """What a walk met. ``present`` are the documents that were there from its first page to its last."""

    present: set[str]
    seen: Counter[str] = field(default_factory=Counter)
    pages: int = 0
    drifted: int = 0
    totals: list[int] = field(default_factory=list)
    slowest_seconds: float = 0.0

    @property
    def duplicates(self) -> int:
        """Documents that came more than once."""
        return sum(count - 1 for count in self.seen.values())

    @property
    def gaps(self) -> int:
        """Documents that were there all the time and never came."""
        return len(self.present - self.seen.keys())


class WithoutStates(OpenSearchSearch):
    """An engine that keeps no state for a walk: it has too many already."""

    def open_point_in_time(self, index: str, seconds: int) -> str:
        """Refuse."""
        raise ThrottledError("too many open points in time")


def articles(count: int, seed: int = 1) -> Iterator[ArticleRecord]:
    """Yield articles that all match QUERY; many share a day, some have none."""
    chance = random.Random(seed)  # noqa: S311 - no secret, the same articles each time
    for number in range(count):
        day = None if chance.random() < 0.05 else f"2014-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        words = [chance.choice(_WORDS) for _ in range(chance.randint(5, 30))]
        text = " ".join([chance.choice(QUERY.split()), *words])
        yield record(
            Article(f"Report {number}", text, published_at=Dated(day, "head", 0.9) if day else None), number=number
        )


def fill(system: SearchSystem, count: int, *, seed: int = 1, name: str = "first") -> None:
    """Index so many articles, as files of a thousand."""
    made = articles(count, seed)
    for part in range(0, count, _FILE):
        system.add(islice(made, _FILE), f"{name}-{part}.jsonl")
    system.refresh()


def walk(
    system: SearchSystem,
    sort: str,
    *,
    arriving: int,
    vanishing: int,
    pages: int,
    seed: int,
    states: bool = True,
) -> Walk:
    """Walk to the end, page by page; on each of the first ``pages`` a share arrives and vanishes, and is visible."""
    chance = random.Random(seed)  # noqa: S311 - no secret, the same deletions each time
    before = _ids(system)
    gone = chance.sample(sorted(before), vanishing)
    met = Walk(before - set(gone))
    archive = system.archive if states else Archive(WithoutStates(system.engine), system.names, TIMEOUT_MS)
    given = {"q": [QUERY], "type": ["article"], "sort": [sort], "match": ["any"], "limit": [str(_PAGE)]}
    given |= {"fields": ["title"], "highlight": ["none"]}
    cursor: dict[str, list[str]] = {}
    bulk = OpenSearchBulk(system.engine)
    while True:
        start = time.perf_counter()
        page = archive.search(read_search(given | cursor, NOW))
        met.slowest_seconds = max(met.slowest_seconds, time.perf_counter() - start)
        met.pages += 1
        met.drifted += "drift" in page
        met.totals.append(page["total"]["value"])
        met.seen.update(hit["article"]["article_id"] for hit in page["results"])
        if not page["next"]:
            return met
        cursor = {"cursor": [page["next"]]}
        if met.pages <= pages:
            share = range(arriving * (met.pages - 1) // pages, arriving * met.pages // pages)
            system.add(articles(len(share), seed + met.pages), f"late-{seed}-{met.pages}.jsonl")
            vanish = gone[vanishing * (met.pages - 1) // pages : vanishing * met.pages // pages]
            _delete(system, bulk, vanish)
            system.refresh()


def _ids(system: SearchSystem) -> set[str]:
    found: set[str] = set()
    after = None
    while True:
        body = {"size": 5_000, "sort": ["article_id"], "_source": ["article_id"]}
        hits = system.engine.search(index=system.indices[0], body=body | ({"search_after": after} if after else {}))
        hits = hits["hits"]["hits"]
        if not hits:
            return found
        found |= {hit["_source"]["article_id"] for hit in hits}
        after = hits[-1]["sort"]


def _delete(system: SearchSystem, bulk: OpenSearchBulk, article_ids: list[str]) -> None:
    if not article_ids:
        return
    body = {"size": len(article_ids), "query": {"terms": {"article_id": article_ids}}, "_source": False}
    hits = system.engine.search(index=system.indices[0], body=body)["hits"]["hits"]
    alias = system.names.write_alias("articles", 1)
    lines = b"".join(b'{"delete":{"_index":"%s","_id":"%s"}}\n' % (alias.encode(), hit["_id"].encode()) for hit in hits)
    refused = [item for item in bulk.bulk(lines) if item.status >= 300]
    if refused:
        raise RuntimeError(f"the engine refused {len(refused)} deletions: {refused[0].error}")
