"""A walk through all results while documents arrive and vanish meets each one that stays, once."""

from __future__ import annotations

import pytest

from tests.search_system import search_system
from tests.walking import fill, walk

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("search")]

HITS, ARRIVING, VANISHING = 2_500, 100, 50


@pytest.fixture(scope="module")
def system(engine_url):
    # Two shards: each has scores of its own.
    with search_system(engine_url, shards=2) as made:
        fill(made, HITS)
        yield made


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
def test_a_walk_meets_every_document_once(system, sort):
    met = walk(system, sort, arriving=ARRIVING, vanishing=VANISHING, pages=20, seed=hash_of(sort))
    assert (met.duplicates, met.gaps, met.drifted) == (0, 0, 0)
    assert met.pages >= 24


def test_in_the_order_of_relevance_all_pages_tell_the_same_total(system):
    met = walk(system, "relevance", arriving=ARRIVING, vanishing=0, pages=20, seed=4)
    # The first page is asked before anything arrives, the others of the state that follows.
    assert len(set(met.totals[1:])) == 1
    assert met.totals[1] - met.totals[0] == ARRIVING // 20


def test_a_walk_without_a_state_says_so_on_each_page_and_still_ends(system):
    met = walk(system, "relevance", arriving=ARRIVING, vanishing=0, pages=20, seed=5, states=False)
    assert met.drifted == met.pages - 1
    assert met.pages <= 40
    assert met.gaps < HITS / 10


def hash_of(sort):
    return sum(map(ord, sort))
