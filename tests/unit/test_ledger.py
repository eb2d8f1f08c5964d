from __future__ import annotations

from dataclasses import replace

import pytest

from broadsheet.ledger import Held, Ledger, LedgerItem, Settled
from broadsheet.notifications import Change
from tests.fakes import FakeClock, MemoryLedger

CHANGE = Change("uploads", "a.txt", "01", "etag-1")


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def store():
    return MemoryLedger()


@pytest.fixture
def ledger(store, clock):
    return Ledger(store, clock)


def claim(ledger, change=CHANGE, token="invocation/message", seconds=60.0):
    return ledger.claim(change, token=token, lease_seconds=seconds, generations=(1,))


def close(ledger, item, **facts):
    return ledger.finalize(item, replace(item, **{"status": "indexed", "generations": (1,), "sequencer": "01"} | facts))


def test_a_claim_raises_the_epoch_to_the_time_and_above_the_old_one(ledger, clock):
    first = claim(ledger)
    close(ledger, first)
    clock.now -= 3600

    second = claim(ledger, replace(CHANGE, sequencer="02"))

    assert (first.epoch, second.epoch) == (1_800_000_000_000, 1_800_000_000_001)


def test_a_held_file_tells_how_long_it_is_held(ledger, clock):
    claim(ledger)
    clock.sleep(20)

    assert claim(ledger, token="other/message") == Held(40.0)


def test_an_ended_lease_can_be_taken(ledger, clock):
    first = claim(ledger)
    clock.sleep(61)

    second = claim(ledger, token="other/message")

    assert second.epoch > first.epoch
    assert not close(ledger, first)
    assert close(ledger, second)


def test_a_claim_whose_answer_was_lost_is_ones_own(store, clock):
    class LosesTheAnswer:
        """Writes once and says no, as a client does that repeats a conditional write by itself."""

        lost = False

        def get(self, file_id):
            return store.get(file_id)

        def put(self, item, *, expected):
            done = store.put(item, expected=expected)
            if not self.lost:
                self.lost = True
                return False
            return done

    item = claim(Ledger(LosesTheAnswer(), clock))

    assert isinstance(item, LedgerItem)
    assert store.writes == 1


def test_a_known_change_is_settled(ledger):
    close(ledger, claim(ledger))

    assert claim(ledger, token="other") == Settled("indexed")


@pytest.mark.parametrize(
    "change",
    [
        replace(CHANGE, sequencer="02"),
        replace(CHANGE, sequencer=None),
        replace(CHANGE, again=True),
    ],
    ids=["newer", "unknown order", "asked for"],
)
def test_anything_that_may_be_new_is_worked_on(ledger, change):
    close(ledger, claim(ledger))

    assert isinstance(claim(ledger, change, token="other"), LedgerItem)


def test_a_file_missing_from_a_generation_is_worked_on_again(ledger):
    close(ledger, claim(ledger))

    item = ledger.claim(CHANGE, token="other", lease_seconds=60, generations=(1, 2))

    assert isinstance(item, LedgerItem)


def test_an_unfinished_change_is_not_settled(ledger):
    ledger.release(claim(ledger), crashed=False)

    assert isinstance(claim(ledger, token="other"), LedgerItem)


def test_high_water_never_falls_and_writes_only_to_rise(ledger, store):
    item = ledger.raise_high_water(claim(ledger), articles=1, comments=30)
    writes = store.writes

    same = ledger.raise_high_water(item, articles=1, comments=3)

    assert (same.high_articles, same.high_comments, store.writes) == (1, 30, writes)


def test_a_lost_claim_can_write_nothing(ledger, clock):
    first = claim(ledger)
    clock.sleep(61)
    claim(ledger, token="other")

    assert ledger.raise_high_water(first, articles=1, comments=1) is None
    assert ledger.renew(first) is None
    assert not close(ledger, first)


def test_attempts_count_for_one_state_of_the_object_only(ledger, clock):
    for expected in (1, 2, 3):
        item = claim(ledger, token=f"try {expected}")
        assert item.attempts == expected
        clock.sleep(61)

    assert claim(ledger, replace(CHANGE, etag="etag-2"), token="new").attempts == 1


def test_an_attempt_counts_for_the_object_that_was_found(ledger, store):
    item = claim(ledger)
    writes = store.writes

    assert ledger.attempt_on(item, "etag-1") is item
    assert store.writes == writes
    assert ledger.attempt_on(item, "etag-2").attempts_etag == "etag-2"


def test_only_a_crash_leaves_its_attempt(ledger):
    ledger.release(claim(ledger), crashed=False)
    assert claim(ledger).attempts == 1

    item = claim(ledger)
    ledger.release(item, crashed=True)
    assert claim(ledger, token="other").attempts == 2


def test_a_clean_end_forgets_the_attempts(ledger, clock):
    claim(ledger)
    clock.sleep(61)
    close(ledger, claim(ledger, token="second"))

    assert claim(ledger, replace(CHANGE, again=True), token="third").attempts == 1


def test_an_item_survives_its_stored_form():
    item = LedgerItem("abc", "uploads", "k", epoch=5, generations=(1, 2), problems=({"code": "x"},), counts={"a": 1})

    assert LedgerItem.from_json(item.to_json() | {"attribute_of_a_later_version": 1}) == item
