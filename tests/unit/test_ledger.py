from __future__ import annotations

from dataclasses import replace

import pytest

from broadsheet.errors import InfrastructureError
from broadsheet.ledger import Held, Ledger, Settled, Suspect, UnansweredClaimError
from broadsheet.ledger_item import LedgerItem
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


def claim(ledger, change=CHANGE, token="invocation/message", seconds=60.0, *, generations=(1,), alone=True):
    return ledger.claim(change, token=token, lease_seconds=seconds, generations=lambda: generations, alone=alone)


def close(ledger, item, **facts):
    outcome = item._replace(**{"status": "indexed", "generations": (1,), "sequencer": "01"} | facts)
    return ledger.finalize(item, outcome, given_up=False)


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
        """Writes every time, and says that it could not, as a client does that repeats a conditional write itself."""

        def get(self, file_id):
            return store.get(file_id)

        def add(self, item):
            store.add(item)
            return store.add(item)

        def put(self, item, *, expected):
            store.put(item, expected=expected)
            return store.put(item, expected=expected)

    first = claim(Ledger(LosesTheAnswer(), clock))
    close(Ledger(store, clock), first)
    writes = store.writes
    second = claim(Ledger(LosesTheAnswer(), clock), replace(CHANGE, sequencer="02"))

    assert second.epoch > first.epoch
    assert store.writes == writes + 1


class SaysNothing:
    """A store that takes claims, or does not, and never answers."""

    def __init__(self, store, *, takes):
        self._store = store
        self._takes = takes
        self.get = store.get

    def add(self, item):
        if self._takes:
            self._store.add(item)
        raise InfrastructureError("no answer")

    def put(self, item, *, expected):
        if self._takes:
            self._store.put(item, expected=expected)
        raise InfrastructureError("no answer")


@pytest.mark.parametrize("takes", [True, False])
@pytest.mark.parametrize("known", [True, False])
def test_a_claim_without_an_answer_can_be_released(store, ledger, clock, known, takes):
    if known:
        close(ledger, claim(ledger))
    change = replace(CHANGE, sequencer=None, again=known)

    with pytest.raises(UnansweredClaimError) as caught:
        claim(Ledger(SaysNothing(store, takes=takes), clock), change)
    ledger.release(caught.value.claim, crashed=False)

    assert claim(ledger, change, token="next").attempts == 1


def test_the_release_of_a_claim_without_an_answer_leaves_that_of_another_worker(store, ledger, clock):
    """Both were made in the same millisecond: their epochs are the same."""
    with pytest.raises(UnansweredClaimError) as caught:
        claim(Ledger(SaysNothing(store, takes=False), clock))
    other = claim(ledger, token="other/message")

    ledger.release(caught.value.claim, crashed=False)

    assert other.epoch == caught.value.claim.epoch
    assert isinstance(claim(ledger, token="third/message"), Held)


def test_an_event_of_a_stored_object_is_claimed_without_a_look_before(store, clock):
    class Refuses(MemoryLedger):
        def get(self, file_id):
            raise AssertionError("looked")

    class Old(Refuses):
        add = store.add
        put = store.put

    known = claim(Ledger(Old(), clock))
    assert isinstance(known, LedgerItem)
    close(Ledger(store, clock), known)
    assert claim(Ledger(Old(), clock), token="other") == Settled("indexed")
    newer = claim(Ledger(Old(), clock), replace(CHANGE, sequencer="02"), token="other")
    assert newer.epoch > known.epoch


@pytest.mark.parametrize("change", [replace(CHANGE, etag=None), replace(CHANGE, again=True)], ids=["removal", "again"])
def test_what_is_probably_known_is_looked_at_first(store, clock, change):
    class NeverTries(MemoryLedger):
        def add(self, item):
            assert store.get(item["file_id"]) is None, "tried"
            return store.add(item)

        get = store.get
        put = store.put

    close(Ledger(store, clock), claim(Ledger(store, clock)))

    assert isinstance(claim(Ledger(NeverTries(), clock), replace(change, sequencer="02")), LedgerItem)


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

    item = claim(ledger, token="other", generations=(1, 2))

    assert isinstance(item, LedgerItem)


def test_an_unfinished_change_is_not_settled(ledger):
    ledger.release(claim(ledger), crashed=False)

    assert isinstance(claim(ledger, token="other"), LedgerItem)


def raise_to(ledger, item, articles, comments, checkpoint=None, reached=0):
    return ledger.raise_high_water(item, articles=articles, comments=comments, checkpoint=checkpoint, reached=reached)


def stored_marks(store, item):
    stored = store.get(item.file_id)
    return stored["high_articles"], stored["high_comments"]


def test_high_water_never_falls_and_writes_only_to_rise(ledger, store):
    item = raise_to(ledger, claim(ledger), 2, 300)
    writes = store.writes

    same = raise_to(ledger, item, 1, 3)

    assert (same.high_articles, same.high_comments, store.writes) == (2, 300, writes)
    assert stored_marks(store, item) == (2, 300)


def test_a_claim_leaves_room_for_an_article_with_its_discussion(ledger, store):
    item = claim(ledger)
    writes = store.writes

    raised = raise_to(ledger, item, 1, 100)

    assert (raised.high_articles, raised.high_comments, store.writes) == (1, 100, writes)
    assert stored_marks(store, item) == (1, 100)
    assert raise_to(ledger, raised, 1, 101).high_comments == 101
    assert stored_marks(store, item) == (1, 101)


def test_of_a_claim_that_ends_the_marks_are_those_it_used(ledger, store):
    item = raise_to(ledger, claim(ledger), 1, 5)
    ledger.release(item, crashed=False)
    assert stored_marks(store, item) == (1, 5)

    item = claim(ledger)
    assert (item.high_articles, item.high_comments) == (1, 5)
    assert stored_marks(store, item) == (1, 100)
    ledger.pause(raise_to(ledger, item, 1, 7), {}, 1, moved=True)
    assert stored_marks(store, item) == (1, 7)

    close(ledger, raise_to(ledger, claim(ledger), 1, 9))
    assert stored_marks(store, item) == (1, 9)


def test_a_worker_that_died_may_have_used_all_of_its_room(ledger, clock):
    raise_to(ledger, claim(ledger), 1, 5)
    clock.sleep(61)

    item = claim(ledger, token="other")

    assert (item.high_articles, item.high_comments) == (1, 100)


def test_a_lost_claim_can_write_nothing(ledger, clock):
    first = claim(ledger)
    clock.sleep(61)
    claim(ledger, token="other")

    assert raise_to(ledger, first, 1, 101) is None
    assert ledger.renew(first) is None
    assert ledger.begin(first, "another state", keep_checkpoint=False) is None
    assert not ledger.pause(first, {}, 5, moved=True)
    assert not close(ledger, first)


def test_attempts_count_for_one_state_of_the_object_only(ledger, clock):
    for expected in (1, 2, 3):
        item = claim(ledger, token=f"try {expected}")
        assert item.attempts == expected
        clock.sleep(61)

    item = claim(ledger, replace(CHANGE, etag="etag-2"), token="new")

    assert ledger.begin(item, "etag-2", keep_checkpoint=False).attempts == 1


def test_events_of_two_states_that_take_turns_do_not_hide_a_poison(ledger, clock):
    for number, etag in enumerate(["etag-1", "etag-2", "etag-1", "etag-2"], start=1):
        item = claim(ledger, replace(CHANGE, etag=etag), token=f"try {number}")
        item = ledger.begin(item, "etag-2", keep_checkpoint=False)
        clock.sleep(61)

    assert item.attempts >= 3


def test_an_attempt_counts_for_the_object_that_was_found(ledger, store):
    item = claim(ledger)
    writes = store.writes

    assert ledger.begin(item, "etag-1", keep_checkpoint=False) is item
    assert store.writes == writes
    assert ledger.begin(item, "etag-2", keep_checkpoint=False).attempts_on == "etag-2"


def test_a_new_sidecar_is_a_new_state(ledger, clock):
    for _ in range(3):
        item = ledger.begin(claim(ledger), "etag-1", keep_checkpoint=False)
        clock.sleep(61)

    assert ledger.begin(claim(ledger), "etag-1+side", keep_checkpoint=False).attempts == 1
    assert item.attempts == 3


def test_attempts_begin_anew_only_past_the_best_checkpoint(ledger, clock):
    first = raise_to(ledger, claim(ledger), 5, 5, {"record": 5}, 5)
    clock.sleep(61)
    second = raise_to(ledger, claim(ledger, token="second"), 5, 5, {"record": 5}, 5)
    clock.sleep(61)
    third = raise_to(ledger, claim(ledger, token="third"), 6, 6, {"record": 6}, 6)

    assert (first.attempts, second.attempts, third.attempts) == (1, 2, 1)


def test_work_that_moved_pauses_without_an_attempt_and_is_free_at_once(ledger):
    item = claim(ledger)
    assert ledger.pause(item, {"record": 3}, 3, moved=True)

    again = claim(ledger, Change("uploads", "a.txt", resume=True), token="next")

    assert (again.attempts, again.checkpoint) == (1, {"record": 3})
    assert again.epoch > item.epoch


def test_work_that_cannot_move_keeps_its_attempt(ledger):
    for expected in (1, 2, 3):
        item = claim(ledger, token=f"try {expected}")
        assert item.attempts == expected
        ledger.pause(item, {"record": 0}, 0, moved=False)


def test_a_message_that_continues_finished_work_is_settled(ledger):
    close(ledger, claim(ledger))

    assert claim(ledger, Change("uploads", "a.txt", resume=True), token="late") == Settled("indexed")


def test_a_checkpoint_of_another_state_is_dropped_before_anything_is_written(ledger, store):
    ledger.pause(claim(ledger), {"record": 3}, 3, moved=True)

    item = ledger.begin(claim(ledger, token="next"), "etag-1", keep_checkpoint=False)

    assert item.checkpoint is None
    assert "checkpoint" not in store.get(item.file_id)


def test_starting_over_drops_the_checkpoint(ledger):
    ledger.pause(claim(ledger), {"record": 3}, 3, moved=True)

    assert ledger.renew(claim(ledger, token="next")).checkpoint is None


def test_a_claim_that_could_not_be_given_back_is_given_back_by_the_next(ledger):
    item = claim(ledger)

    taken = claim(ledger, replace(CHANGE, released=item.epoch), token="next")

    assert taken.attempts == 1
    assert claim(ledger, replace(CHANGE, released=item.epoch), token="third") == Held(60.0)


def test_only_a_crash_leaves_its_attempt(ledger):
    ledger.release(claim(ledger), crashed=False)
    assert claim(ledger).attempts == 1

    item = claim(ledger)
    ledger.release(item, crashed=True)
    assert claim(ledger, token="other").attempts == 2


def test_a_death_among_other_files_counts_for_none_and_the_next_claim_is_alone(ledger, clock):
    claim(ledger, alone=False)
    clock.sleep(61)

    assert claim(ledger, token="second", alone=False) == Suspect()
    assert claim(ledger, token="third").attempts == 1


def test_a_clean_end_among_other_files_leaves_nothing_to_suspect(ledger):
    ledger.release(claim(ledger, alone=False), crashed=False)
    again = claim(ledger, token="second", alone=False)
    assert (again.attempts, again.among_others) == (0, True)

    close(ledger, again)

    assert isinstance(claim(ledger, replace(CHANGE, again=True), token="third", alone=False), LedgerItem)


def test_an_error_in_a_file_counts_for_it_among_others_too(ledger):
    ledger.release(claim(ledger, alone=False), crashed=True)

    assert claim(ledger, token="second", alone=False) == Suspect()
    assert claim(ledger, token="third").attempts == 2


def test_what_is_given_back_by_the_next_is_not_suspect(ledger):
    item = claim(ledger, alone=False)

    taken = claim(ledger, replace(CHANGE, released=item.epoch), token="next", alone=False)

    assert (taken.attempts, taken.among_others) == (0, True)


def test_an_outcome_that_was_stored_unheard_is_not_taken_back(ledger, store):
    item = claim(ledger)
    close(ledger, item)

    ledger.release(item, crashed=False)

    assert store.get(item.file_id)["status"] == "indexed"


def test_a_clean_end_forgets_the_attempts(ledger, clock):
    claim(ledger)
    clock.sleep(61)
    close(ledger, claim(ledger, token="second"))

    assert claim(ledger, replace(CHANGE, again=True), token="third").attempts == 1


def test_an_item_survives_its_stored_form():
    item = LedgerItem("abc", "uploads", "k", epoch=5, generations=(1, 2), problems=({"code": "x"},), counts={"a": 1})

    assert LedgerItem.from_json(item.to_json() | {"attribute_of_a_later_version": 1}) == item
