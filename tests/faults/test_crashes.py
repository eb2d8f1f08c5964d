"""Workers that die, stall, overlap or have a wrong clock: somebody else ends their work; nothing of it is left over."""

from __future__ import annotations

import io
import itertools
import json

import pytest

from broadsheet.errors import EngineError, InfrastructureError
from broadsheet.ledger import Ledger
from broadsheet.notifications import Change
from infra.resources import QUEUE
from tests.fakes import BUCKET
from tests.faults.injectors import Faulty, WorkerDied, first, nth, raises
from tests.faults.world import FUNCTION_SECONDS, PORTS, World, count_calls, page

CHUNK = 1_500
"""Bytes of a bulk that holds two or three of the small documents."""


def overwritten():
    """A world in which a file with many comments was replaced by one with few, and one more file was stored."""
    world = World(bulk_bytes=CHUNK)
    world.put("a.txt", page("old words", [f"old comment {number}" for number in range(6)]))
    world.drain()
    world.put("a.txt", page("new words", [f"new comment {number}" for number in range(3)]))
    world.put("b.txt", page("other words", ["other comment"]))
    return world


def dies(_port):
    """The worker is killed."""
    raise WorkerDied


def fails(port):
    """The service does not answer."""
    raise EngineError("no answer") if port == "engine" else InfrastructureError("no answer")


def faulty_ports(world, call, where, happens):
    """A runtime whose ports share one count of calls: something happens before or after the one with this number."""
    counter = itertools.count(1)

    def counted(port):
        def at_that_call(*_values, **_named):
            if next(counter) == call:
                happens(port)

        return at_that_call

    return world.runtime(**{name: Faulty(getattr(world, name), **{where: counted(name)}) for name in PORTS})


def calls_of_one_batch():
    world = overwritten()
    return count_calls(world, world.work)


@pytest.mark.parametrize("where", ["before", "after"])
def test_a_worker_that_dies_at_any_call_of_a_port_loses_and_doubles_nothing(where):
    calls = calls_of_one_batch()
    assert calls > 15
    for call in range(1, calls + 1):
        world = overwritten()
        world.work(faulty_ports(world, call, where, dies))
        world.drain()

        world.assert_quiet()


@pytest.mark.parametrize("where", ["before", "after"])
def test_every_call_of_a_port_may_fail_once_or_lose_its_answer(where):
    for call in range(1, calls_of_one_batch() + 1):
        world = overwritten()
        world.work(faulty_ports(world, call, where, fails))
        world.drain()

        world.assert_quiet()


def test_a_bulk_of_a_dead_worker_that_is_applied_late_changes_nothing():
    late: list[bytes] = []
    world = World(bulk_bytes=CHUNK)
    world.put("a.txt", page("old words", [f"old comment {number}" for number in range(6)]))
    world.work(world.runtime(engine=Faulty(world.engine, before=late.append)))
    assert len(late) > 1
    world.put("a.txt", page("new words", ["new comment"]))
    world.drain()
    for body in late:
        world.engine.bulk(body)

    world.assert_quiet()


def test_a_bulk_without_an_answer_keeps_the_file_from_others_until_it_can_no_longer_be_applied():
    """Nobody deletes before the late bulk has had its time: the engine may forget what was deleted within a minute."""
    world = World()
    late = []

    def no_answer(body):
        late.append(body)
        raise EngineError("the connection was lost")

    world.put("a.txt", page("words", ["first", "second"]))
    world.work(world.runtime(engine=Faulty(world.engine, before=no_answer)))
    world.delete("a.txt")
    world.work()
    assert world.item("a.txt").status == "processing"
    world.clock.sleep(world.settings.lease_margin_seconds - 1)
    world.engine.bulk(late[0])
    world.drain()
    world.forget_tombstones()

    world.assert_quiet()
    assert world.bodies() == []


def test_a_dead_worker_keeps_the_file_until_its_bulk_can_no_longer_be_applied():
    world = World()
    late = []

    def dies_of(body):
        late.append(body)
        raise WorkerDied

    world.put("a.txt", page("words", ["first", "second"]))
    world.work(world.runtime(engine=Faulty(world.engine, before=dies_of)))
    world.delete("a.txt")
    world.clock.sleep(FUNCTION_SECONDS + world.settings.lease_margin_seconds - 1)
    world.work()
    world.engine.bulk(late[0])
    world.drain()
    world.forget_tombstones()

    world.assert_quiet()
    assert world.bodies() == []


def test_a_worker_that_stalls_past_its_lease_can_neither_write_nor_close():
    """It goes on while another worker has done all, and the engine has forgotten what was deleted before."""
    world = overwritten()
    stalled = []

    def stall(_body):
        world.clock.sleep(1_000)
        world.put("a.txt", page("newest words"))
        world.drain(until=world.clock.now + 1)
        stalled.append(world.item("a.txt"))

    engine = Faulty(world.engine, before=nth(1, stall))
    (received, *_) = world.queue.receive()

    assert received.message_id in world.run([received], world.runtime(engine=engine))
    assert world.item("a.txt") == stalled[0]
    world.queue.acknowledge(received.message_id)
    world.drain()
    world.assert_quiet()


def test_a_queue_that_delivers_again_too_early_only_makes_it_slower():
    world = World()
    world.queue.visibility = 5
    for number in range(3):
        world.put(f"{number}.txt", page("words", ["first"]))
    overlapping = []

    def slow(_body):
        world.clock.sleep(20)
        overlapping.append(world.work())

    world.engine.before = first(1, slow)
    world.drain()

    world.assert_quiet()
    assert overlapping == [True]


def test_messages_received_in_vain_by_a_throttled_function_are_not_dead_soon():
    world = World()
    world.put("a.txt", page("words"))
    for _ in range(QUEUE.max_receive_count - 1):
        world.queue.receive()
        world.clock.sleep(world.queue.visibility)
    world.drain()

    world.assert_quiet()
    assert QUEUE.max_receive_count >= 100


def test_the_queue_goes_on_behind_a_file_that_ends_every_worker():
    world = World()

    def dies_of_poison(stored):
        if stored.key == "poison.txt":
            raise WorkerDied

    runtime = world.runtime(objects=Faulty(world.objects, "open", before=dies_of_poison))
    for number in range(12):
        world.put("poison.txt" if number == 4 else f"{number}.txt", page(f"words {number}"))
    world.drain(runtime)

    assert (world.queue.messages, world.queue.dead) == ({}, {})
    assert world.ledger.count_by_status() == {"indexed": 11, "failed": 1}
    (problem,) = world.item("poison.txt").problems
    assert (problem["code"], len(world.bodies())) == ("crashed", 11)


def test_a_file_that_raises_an_error_nobody_expects_is_given_up_like_a_crash():
    world = World()
    world.put("a.txt", page("old", ["first"]))
    world.drain()
    world.put("a.txt", page("new"))
    world.drain(world.runtime(objects=Faulty(world.objects, "open", before=raises(RecursionError()))))

    assert (world.item("a.txt").status, world.bodies()) == ("failed", [])
    assert (world.queue.messages, world.queue.dead) == ({}, {})


@pytest.mark.parametrize("skew", [-300, 300])
def test_a_worker_whose_clock_is_minutes_off_brings_no_old_text_back(skew):
    """It may take a file that is worked on; versions and conditions keep order, whatever the clocks say."""
    world = overwritten()
    skewed = world.runtime(clock=lambda: world.clock.now + skew)
    for number in range(4):
        world.put("a.txt", page(f"words {number}", [f"comment {number}"] * number))
        interrupted = nth(1, lambda _body: world.work(skewed))
        world.work(world.runtime(engine=Faulty(world.engine, before=interrupted)))
        world.work(skewed)
    world.drain()

    world.assert_quiet()


def test_clocks_that_differ_by_less_than_the_margin_never_share_a_file():
    world = World()
    margin = world.settings.lease_margin_seconds
    bulk = 30
    ahead = Ledger(world.ledger, lambda: world.clock.now + (margin - bulk) / 2)
    behind = Ledger(world.ledger, lambda: world.clock.now - (margin - bulk) / 2)
    change = Change(BUCKET, "a.txt")

    def claim(ledger, token, lease_seconds):
        return ledger.claim(change, token=token, lease_seconds=lease_seconds, generations=lambda: (1,), alone=True)

    assert claim(behind, "one", FUNCTION_SECONDS + margin)
    world.clock.sleep(FUNCTION_SECONDS + bulk - 1)

    assert hasattr(claim(ahead, "two", 60), "seconds")


def archive(count, word):
    """An archive of small articles with comments, as lines of JSON."""
    lines = []
    for number in range(count):
        said = [{"author": f"reader{at}", "body": f"{word} {number} comment {at}"} for at in range(2)]
        lines.append(json.dumps({"title": f"Article {number}", "body": f"{word} {number}", "comments": said}))
    return "\n".join(lines).encode()


class TestArchives:
    """Work that takes several invocations, interrupted."""

    @pytest.fixture
    def world(self):
        world = World(bulk_bytes=4_000)
        world.put("big.jsonl", archive(60, "old"))
        world.engine.before = lambda _body: world.clock.sleep(10)
        return world

    @pytest.mark.parametrize("done", [1, 2, 3])
    @pytest.mark.parametrize("change", ["overwrite", "removal", "sidecar"])
    def test_a_change_between_two_invocations_starts_again_and_leaves_nothing_of_the_first(self, world, done, change):
        for _ in range(done):
            world.work()
            assert world.item("big.jsonl").status == "processing"
        if change == "overwrite":
            world.put("big.jsonl", archive(7, "new"))
        elif change == "removal":
            world.delete("big.jsonl")
        else:
            world.put("big.jsonl.meta.json", b'{"source": "The Daily"}')
        world.drain()

        world.assert_quiet()

    def test_deaths_at_many_places_lose_and_double_nothing(self, world):
        calls = 0
        while world.queue.next_visible() is not None:
            calls += 7
            world.next(faulty_ports(world, calls, "after", dies))
            assert calls < 500

        world.assert_quiet()

    def test_a_message_that_continues_and_is_lost_or_doubled_does_no_harm(self, world):
        world.work()
        (body,) = [queued.body for queued in world.queue.messages.values()]
        world.queue.send(body)
        world.queue.send(body)
        world.drain()

        world.assert_quiet()
        assert world.item("big.jsonl").counts["comments"] == 120

    def test_a_record_that_ends_every_worker_ends_the_archive_as_failed_and_no_ring_of_messages_goes_on(self, world):
        def dies_at_record_20(body):
            if b'"old 20"' in body:
                raise WorkerDied

        runtime = world.runtime(engine=Faulty(world.engine, before=dies_at_record_20))

        assert world.drain(runtime) < 12
        assert (world.queue.messages, world.queue.dead) == ({}, {})
        assert (world.item("big.jsonl").status, world.item("big.jsonl").problems[0]["code"]) == ("failed", "crashed")
        assert (world.bodies(), world.bodies("comments")) == ([], [])


def test_actions_of_a_file_that_was_given_back_are_not_sent_with_those_of_the_next():
    """Its first half waits in the writer when its reading fails; others may remove it, and that may be forgotten."""
    world = World(bulk_bytes=CHUNK)
    world.put("a.jsonl", archive(600, "old"))
    world.put("b.txt", page("other words"))

    class Breaks(io.BytesIO):
        """The end never comes."""

        def read(self, size=-1):
            data = super().read(size)
            if not data:
                raise InfrastructureError("the connection broke")
            return data

    def meanwhile():
        world.clock.sleep(30)
        assert world.bodies()
        world.delete("a.jsonl")
        world.drain(until=world.clock.now + 3)
        assert world.item("a.jsonl").status != "processing"
        world.forget_tombstones()

    class Store:
        def head(self, bucket, key):
            return world.objects.head(bucket, key)

        def open(self, stored):
            if stored.key == "a.jsonl":
                return Breaks(world.objects.open(stored).read())
            meanwhile()
            return world.objects.open(stored)

    world.work(world.runtime(objects=Store()))
    world.drain()

    world.assert_quiet()
