"""Events that come twice, late, in the wrong order, never, or wrong: the index follows the bucket all the same."""

from __future__ import annotations

import json

import pytest

from broadsheet.dead_letters import redrive
from broadsheet.ids import file_id
from broadsheet.notifications import read_message
from broadsheet.reconcile import ReconcileRequest, ReconcileRuntime, reconcile
from infra.resources import QUEUE
from tests.fakes import BUCKET, MemoryDeadLetters
from tests.faults.world import World, page
from tests.samples import body_of, message, notification

SAMPLE_KEY = "homs 2014/حمص +.txt"
"""The key of the sample events."""


@pytest.fixture
def world():
    return World()


def compare(world):
    """Compare the bucket with the ledger, as the clock does every hour; return how many files were sent again."""
    runtime = ReconcileRuntime(
        bucket=BUCKET, objects=world.objects, lister=world.objects, ledger=world.ledger, index=world.ledger,
        sender=world.queue, telemetry=world.telemetry, clock=world.clock, visibility_seconds=QUEUE.visibility,
    )  # fmt: skip
    return reconcile(ReconcileRequest(), runtime, remaining=lambda: 60.0).sent


def test_the_same_change_told_by_another_message_doubles_nothing(world):
    event = world.put("a.txt", page("words", ["first", "second"]))
    unordered = notification(BUCKET, "a.txt")
    for body in (event, unordered, unordered):
        world.queue.send(body)
    world.drain()
    world.queue.send(unordered)
    world.drain()

    world.assert_quiet()
    assert world.item("a.txt").counts["comments"] == 2


def test_two_workers_with_copies_of_one_message_end_with_one_result(world):
    event = world.put("a.txt", page("words", ["first"]), told=False)
    second = []

    def meanwhile(_body):
        world.engine.before = lambda _body: None
        second.append(world.run([message(event, "copy")]))

    world.engine.before = meanwhile

    assert world.run([message(event, "m")]) == []
    assert second == [["copy"]]
    assert world.run([message(event, "copy")]) == []
    world.assert_quiet()
    assert world.engine.requests == 1


def test_a_removal_that_is_told_before_the_upload_leaves_nothing(world):
    created = world.put("a.txt", page("words", ["first"]), told=False)
    world.delete("a.txt")
    world.drain()
    for late in (created, notification(BUCKET, "a.txt")):
        world.queue.send(late)
        world.drain()

    world.assert_quiet()
    assert world.item("a.txt").status == "deleted"


def test_an_upload_that_is_told_days_after_the_removal_brings_nothing_back(world):
    late = notification(BUCKET, "a.txt", etag=world.objects.put("a.txt", page("words", ["first"])).etag)
    world.queue.send(late)
    world.drain()
    world.delete("a.txt")
    world.drain()
    world.clock.sleep(3 * 24 * 3600)
    world.forget_tombstones()
    world.queue.send(late)
    world.drain()

    world.assert_quiet()


def test_a_removal_that_is_told_while_the_object_is_there_removes_nothing(world):
    world.put("a.txt", page("words"))
    world.drain()
    for _ in range(2):
        # An old version was removed, or a delete marker: both are told as removals.
        world.queue.send(notification(BUCKET, "a.txt", sequencer="FF"))
        world.drain()

    world.assert_quiet()
    assert world.bodies() == ["A body of words."]


def test_a_removal_by_expiry_leaves_nothing(world):
    world.put(SAMPLE_KEY, page("words", ["first"]))
    world.drain()
    world.objects.delete(SAMPLE_KEY)
    world.queue.send(body_of("ingest/s3-lifecycle-expired"))
    world.drain()

    world.assert_quiet()
    assert world.item(SAMPLE_KEY).status == "deleted"


@pytest.mark.parametrize("lost", ["upload", "overwrite", "removal"])
def test_what_no_event_told_is_found_by_comparing(world, lost):
    if lost != "upload":
        world.put("a.txt", page("old", ["first", "second"]))
    world.put("b.txt", page("other"))
    world.drain()
    world.clock.sleep(60)
    if lost == "removal":
        world.delete("a.txt", told=False)
    else:
        world.put("a.txt", page("new", ["third"]), told=False)

    assert compare(world) == 1
    world.drain()

    world.assert_quiet()
    assert compare(world) == 0


def test_messages_that_the_queue_lost_by_age_are_found_by_comparing(world):
    for number in range(5):
        world.put(f"{number}.txt", page(f"words {number}"))
    world.queue.messages.clear()
    world.clock.sleep(QUEUE.retention + 1)

    assert compare(world) == 5
    world.drain()

    world.assert_quiet()


def test_a_dead_letter_of_long_ago_brings_no_old_text_back(world):
    old = world.put("a.txt", page("old", ["first"]))
    gone = world.put("gone.txt", page("gone"))
    world.put("a.txt", page("new"))
    world.delete("gone.txt")
    world.drain()
    world.forget_tombstones()

    dead = MemoryDeadLetters(old, gone, notification(BUCKET, "gone.txt"))
    assert redrive(dead, world.queue, limit=10, remaining=lambda: 60.0) == {"redriven": 3, "left": 0}
    world.drain()

    world.assert_quiet()
    assert world.bodies() == ["A body of new."]


def test_an_event_that_names_only_bucket_and_key_is_enough(world):
    world.put("a.txt", page("words"), told=False)
    bare = {"Records": [{"s3": {"bucket": {"name": BUCKET}, "object": {"key": "a.txt"}}}]}
    world.queue.send(json.dumps(bare))
    world.drain()

    world.assert_quiet()


@pytest.mark.parametrize(
    "key",
    ["a b+c%25&=?.txt", "a\nb\r\x1b[31m.txt", "حمص/٢٠١٤ \u202e.txt", "../a/./b//c.txt", "k" * 1020 + ".txt", "+.txt"],
)
def test_any_key_is_found_as_it_is_and_stands_in_no_log(world, key):
    world.put(key, page("words", ["first"]))
    world.queue.send(notification(BUCKET, key))
    world.drain()

    world.assert_quiet()
    assert world.item(key).status == "indexed"
    assert key not in str(world.telemetry.events)
    assert json.dumps(key)[1:-1] not in json.dumps(world.telemetry.events, default=str)


@pytest.mark.parametrize(
    ("body", "status"), [(b"", "empty"), (b" \r\n\t", "empty"), (b"\x89PNG\r\n\x1a\n" + bytes(50), "failed")]
)
def test_an_overwrite_with_nothing_readable_removes_what_was_there(world, body, status):
    world.put("a.txt", page("words", ["first"]))
    world.drain()
    world.put("a.txt", body)
    world.drain()

    world.assert_quiet()
    assert (world.item("a.txt").status, world.bodies()) == (status, [])


def test_a_message_of_nonsense_among_good_ones_costs_none_of_them(world):
    for body in (
        "",
        "{",
        '{"Records": [{"s3": {}}]}',
        notification("another", "a.txt"),
        body_of("ingest/s3-test-event"),
    ):
        world.queue.send(body)
    world.put("a.txt", page("words"))
    world.drain()

    world.assert_quiet()
    assert world.telemetry.counts["ingest_failures"] == 3
    assert "foreign_bucket" in {name for name, _ in world.telemetry.events}


def test_one_message_may_speak_of_several_objects(world):
    for key in ("a.txt", "b.txt"):
        world.put(key, page(key), told=False)
    records = [record for key in ("a.txt", "b.txt") for record in json.loads(notification(BUCKET, key))["Records"]]
    body = json.dumps({"Records": records})
    assert len(read_message(body)) == 2
    world.queue.send(body)
    world.drain()

    world.assert_quiet()


def test_two_objects_with_the_same_article_are_two_and_one_may_go(world):
    world.put("a.txt", page("words", ["first"]))
    world.put("copy of a.txt", page("words", ["first"]))
    world.drain()
    world.assert_quiet()
    assert world.bodies() == ["A body of words."] * 2

    world.delete("a.txt")
    world.drain()

    world.assert_quiet()
    assert world.bodies("comments") == ["first"]
    assert world.item("copy of a.txt").file_id == file_id(BUCKET, "copy of a.txt")


def test_a_counter_that_differs_from_the_comments_is_told_with_both_numbers(world):
    world.put("a.txt", page("words", ["first", "second"]).replace(b"Comments 2", b"Comments 3"))
    world.drain()

    counts = world.item("a.txt").counts
    assert (counts["comments"], counts["comments_declared"]) == (2, 3)
    assert "comment_count_differs" in {problem["code"] for problem in world.item("a.txt").problems}
