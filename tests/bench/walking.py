"""Walks through 25,000 results while 1,000 articles arrive and 500 vanish: each that stays must come once."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.measure import Line
from tests.search_system import search_system
from tests.walking import fill, walk

HITS, ARRIVING, VANISHING, PAGES = 25_000, 1_000, 500, 200


def measure(opensearch_url: str, prefix: str) -> Iterator[Line]:
    """Yield what came twice or never in each order, and in that of relevance also where no state could be had."""
    for seed, sort in enumerate(("newest", "oldest", "relevance", "relevance")):
        states = seed < 3
        with search_system(opensearch_url, shards=2, prefix=f"{prefix}-{seed}") as system:
            fill(system, HITS)
            met = walk(system, sort, arriving=ARRIVING, vanishing=VANISHING, pages=PAGES, seed=seed, states=states)
        how = f"walk of {len(met.seen):,} results, sort={sort}{'' if states else ', no point in time'}"
        yield Line(f"{how}: came twice", met.duplicates, "results")
        yield Line(f"{how}: stayed and never came", met.gaps, "results")
        yield Line(f"{how}: pages that say drift", met.drifted, f"of {met.pages} pages")
        yield Line(f"{how}: slowest page", met.slowest_seconds * 1000, "ms")
