"""Places in a discussion, whatever parents a file states."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.index.threads import Place, places
from tests.records import comment


def test_a_page_without_known_parents_is_flat():
    assert places([comment(0), comment(1)]) == [Place(None, 0, 0, 0), Place(None, 1, 0, 1)]


def test_a_reply_may_stand_above_what_it_answers():
    assert places([comment(0, parent=1), comment(1)]) == [Place(1, 1, 1, 1), Place(None, 1, 0, 0)]


def test_a_parent_that_does_not_exist_is_no_parent():
    assert places([comment(0, parent=9), comment(1, parent=1)]) == [Place(None, 0, 0, 0), Place(None, 1, 0, 1)]


def test_a_ring_of_parents_is_opened_at_its_first_comment():
    ring = [comment(0, parent=2), comment(1, parent=0), comment(2, parent=1)]

    assert places(ring) == [Place(None, 0, 0, 0), Place(0, 0, 1, 1), Place(1, 0, 2, 2)]


def test_ordinals_with_gaps_still_name_their_comments():
    assert places([comment(3), comment(8, parent=3)])[1] == Place(0, 0, 1, 1)


def test_a_chain_of_a_hundred_thousand_replies_is_placed_in_linear_time():
    chain = [comment(0), *(comment(n, parent=n - 1) for n in range(1, 100_000))]
    started = time.process_time()

    found = places(chain)

    assert found[-1] == Place(99_998, 0, 99_999, 99_999)
    assert time.process_time() - started < 5


@given(st.lists(st.one_of(st.none(), st.integers(0, 12)), max_size=12))
def test_places_form_a_forest_in_reading_order(parents):
    found = places([comment(n, parent=parent) for n, parent in enumerate(parents)])

    assert sorted(place.order for place in found) == list(range(len(parents)))
    for place in found:
        if place.parent is None:
            assert place.depth == 0
        else:
            parent = found[place.parent]
            assert place.root == parent.root
            assert place.depth == parent.depth + 1
            assert place.order > parent.order
