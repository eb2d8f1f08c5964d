from __future__ import annotations

import itertools
import json
from contextlib import suppress
from dataclasses import replace

import pytest

from broadsheet.errors import EngineError
from broadsheet.generations import CONTROL_ID
from broadsheet.ids import file_id
from broadsheet.index.names import IndexNames
from broadsheet.ingest import ingest
from broadsheet.ingest_ports import IngestRuntime
from broadsheet.ledger_item import LedgerItem
from broadsheet.notifications import again
from broadsheet.ports import BulkItem
from broadsheet.settings import IngestSettings
from tests.fakes import (
    BUCKET,
    FakeClock,
    MemoryEngine,
    MemoryLedger,
    MemoryObjects,
    MemoryReceipts,
    RecordingQueue,
    RecordingTelemetry,
    Unreachable,
)
from tests.samples import HOMS, message, notification

NAMES = IndexNames("t")
ARTICLES = NAMES.write_alias("articles", 1)
COMMENTS = NAMES.write_alias("comments", 1)
PAGE = "A title\n\nA body of {words}.\n\nComments {count}\n"


def page(words, comments=()):
    """A small page of the sample's family."""
    heads = "".join(
        f"Thumb reader{number} 09 May 2014, 16:{number:02}\n\n{body}\n\n" for number, body in enumerate(comments)
    )
    return (PAGE.format(words=words, count=len(comments)) + heads).encode()


class World:
    """A bucket, a ledger, an engine, and workers that share them."""

    def __init__(self):
        self.clock = FakeClock()
        self.objects = MemoryObjects(self.clock)
        self.engine = MemoryEngine({ARTICLES, COMMENTS})
        self.receipts = MemoryReceipts()
        self.ledger = MemoryLedger()
        self.queue = RecordingQueue()
        self.telemetry = RecordingTelemetry()
        self.ledger.add({"file_id": CONTROL_ID, "epoch": 1, "active": [1], "search": 1})
        self.runtime = IngestRuntime(
            settings=IngestSettings(
                opensearch_url="http://unused", index_prefix="t", ledger_table="t", uploads_bucket=BUCKET,
                outcomes_bucket="o", queue_url="q",
            ),
            objects=self.objects, receipts=self.receipts, ledger=self.ledger, engine=self.engine, queue=self.queue,
            telemetry=self.telemetry, clock=self.clock, wait=self.clock.sleep,
        )  # fmt: skip
        self._sequencers = itertools.count(1)
        self._requests = itertools.count(1)

    def put(self, key, body):
        """Store an object; return the message S3 would send."""
        stored = self.objects.put(key, body)
        return self.event(key, stored.etag)

    def delete(self, key):
        self.objects.delete(key)
        return self.event(key)

    def event(self, key, etag=None):
        sequencer = f"{next(self._sequencers):08X}"
        return message(notification(BUCKET, key, sequencer=sequencer, etag=etag), f"m-{key}-{sequencer}")

    def deliver(self, *messages, runtime=None, seconds=60.0):
        end = self.clock.now + seconds
        return ingest(
            messages,
            runtime or self.runtime,
            request_id=f"request-{next(self._requests)}",
            remaining=lambda: end - self.clock.now,
        )

    def item(self, key):
        stored = self.ledger.get(file_id(BUCKET, key))
        assert stored
        return LedgerItem.from_json(stored)

    def bodies(self):
        """Return the bodies of everything that can be found: of articles, of comments."""
        return tuple(
            sorted(source["body"] for source in self.engine.found(alias).values()) for alias in (ARTICLES, COMMENTS)
        )


@pytest.fixture
def world():
    return World()


def test_the_sample_is_indexed_with_all_its_comments(world):
    assert world.deliver(world.put("homs.txt", HOMS.read_bytes())) == []

    item = world.item("homs.txt")
    assert item.status == "indexed"
    assert item.counts == {"articles": 1, "comments": 30, "comments_declared": 30, "problems": 0}
    assert (len(world.engine.found(ARTICLES)), len(world.engine.found(COMMENTS))) == (1, 30)


def test_the_receipt_tells_the_outcome_without_text(world):
    world.deliver(world.put("homs.txt", HOMS.read_bytes()))

    ((key, receipt),) = world.receipts.stored.items()
    assert key == f"{world.item('homs.txt').receipt}summary.json"
    assert receipt["status"] == "indexed"
    assert receipt["records"][0]["comments"] == 30
    assert "Nusra" not in str(receipt)
    assert "Mystic" not in str(receipt)


def test_an_overwrite_replaces_text_and_removes_comments_that_are_gone(world):
    world.deliver(world.put("a.txt", page("old words", ["first", "second", "third"])))
    world.deliver(world.put("a.txt", page("new words", ["only"])))

    assert world.bodies() == (["A body of new words."], ["only"])


def test_a_removed_object_leaves_nothing(world):
    world.deliver(world.put("a.txt", page("words", ["first", "second"])))
    world.deliver(world.delete("a.txt"))

    assert world.bodies() == ([], [])
    assert world.item("a.txt").status == "deleted"


def test_the_same_event_five_times_changes_nothing(world):
    event = world.put("a.txt", page("words", ["first"]))
    world.deliver(event)
    before = (world.item("a.txt"), world.engine.requests)
    for number in range(5):
        world.deliver(replace(event, message_id=f"copy-{number}"))

    assert (world.item("a.txt"), world.engine.requests) == before


def test_events_in_reverse_order_end_with_the_current_object(world):
    first = world.put("a.txt", page("old"))
    second = world.put("a.txt", page("new"))
    world.deliver(second)
    world.deliver(first)

    assert world.bodies()[0] == ["A body of new."]


def test_an_old_event_after_a_removal_brings_nothing_back(world):
    created = world.put("a.txt", page("words"))
    removed = world.delete("a.txt")
    world.deliver(removed)
    world.deliver(replace(created, message_id="late"))

    assert world.bodies() == ([], [])


def test_several_events_of_one_object_in_a_batch_are_one_piece_of_work(world):
    events = [world.put("a.txt", page("one")), world.put("a.txt", page("two")), world.put("b.txt", page("three"))]

    assert world.deliver(*events) == []
    assert world.bodies()[0] == ["A body of three.", "A body of two."]
    assert len(world.receipts.stored) == 2
    assert world.engine.requests == 1


def test_a_held_file_is_returned_and_not_acknowledged(world):
    event = world.put("a.txt", page("words"))
    dead = replace(world.runtime, objects=Dies())
    with pytest.raises(WorkerDied):
        world.deliver(event, runtime=dead)

    assert world.deliver(replace(event, message_id="twin")) == ["twin"]
    assert 0 < world.queue.held[0][1] <= 900


def test_the_work_of_a_dead_worker_is_done_after_its_lease(world):
    event = world.put("a.txt", page("words", ["first"]))
    with pytest.raises(WorkerDied):
        world.deliver(event, runtime=replace(world.runtime, objects=Dies()))
    world.clock.sleep(121)

    assert world.deliver(event) == []
    assert world.bodies() == (["A body of words."], ["first"])


def test_late_writes_of_an_earlier_worker_lose(world):
    late: list[bytes] = []
    world.engine.before = late.append
    world.deliver(world.put("a.txt", page("old", ["first", "second"])))
    world.engine.before = lambda _body: None
    world.deliver(world.put("a.txt", page("new")))

    world.engine.bulk(late[0])

    assert world.bodies() == (["A body of new."], [])


def test_an_object_that_changes_while_it_is_read_is_read_again(world):
    event = world.put("a.txt", page("old"))

    def overwrite():
        world.objects.before_open = lambda: None
        world.objects.put("a.txt", page("new"))

    world.objects.before_open = overwrite

    assert world.deliver(event) == []
    assert world.bodies()[0] == ["A body of new."]


def test_an_object_removed_while_it_is_read_leaves_nothing(world):
    event = world.put("a.txt", page("old"))

    def remove():
        world.objects.before_open = lambda: None
        world.objects.delete("a.txt")

    world.objects.before_open = remove

    assert world.deliver(event) == []
    assert (world.bodies(), world.item("a.txt").status) == (([], []), "deleted")


def test_an_engine_that_is_away_costs_no_file_and_no_attempt(world):
    event = world.put("a.txt", page("words"))

    def away(_body):
        raise EngineError("away")

    world.engine.before = away
    for number in range(20):
        assert world.deliver(replace(event, receives=number + 1)) == [event.message_id]
        world.clock.sleep(1_000)
    world.engine.before = lambda _body: None

    assert world.deliver(event) == []
    assert world.item("a.txt").status == "indexed"
    holds = [seconds for _, seconds in world.queue.held]
    assert holds[0] <= 3
    assert 450 <= holds[-1] <= 901


def test_one_unreadable_store_costs_only_its_own_file(world):
    class Broken(MemoryObjects):
        def head(self, bucket, key):
            return Unreachable().head() if key == "bad.txt" else world.objects.head(bucket, key)

        def open(self, stored):
            return world.objects.open(stored)

    good, bad = world.put("good.txt", page("good")), world.put("bad.txt", page("bad"))

    assert world.deliver(bad, good, runtime=replace(world.runtime, objects=Broken(world.clock))) == [bad.message_id]
    assert world.item("good.txt").status == "indexed"


def test_a_ledger_that_is_away_returns_everything(world):
    event = world.put("a.txt", page("words"))

    assert world.deliver(event, runtime=replace(world.runtime, ledger=Unreachable())) == [event.message_id]


def test_a_file_that_ends_every_worker_is_given_up_and_its_old_text_removed(world):
    world.deliver(world.put("a.txt", page("old")))
    poison = world.put("a.txt", page("poison"))
    dead = replace(world.runtime, objects=Dies(world.objects))
    for _ in range(3):
        with pytest.raises(WorkerDied):
            world.deliver(poison, runtime=dead)
        world.clock.sleep(200)

    assert world.deliver(poison, runtime=dead) == []
    assert world.item("a.txt").status == "failed"
    assert world.item("a.txt").problems[0]["code"] == "crashed"
    assert world.bodies() == ([], [])


def test_a_file_that_was_given_up_ends_no_further_worker_until_someone_asks(world):
    poison = world.put("a.txt", page("poison"))
    dead = replace(world.runtime, objects=Dies(world.objects))
    for _ in range(3):
        with pytest.raises(WorkerDied):
            world.deliver(poison, runtime=dead)
        world.clock.sleep(200)
    world.deliver(poison, runtime=dead)

    assert world.deliver(message(again(BUCKET, "a.txt"), "more"), runtime=dead) == []
    assert world.item("a.txt").status == "failed"
    assert world.deliver(message(again(BUCKET, "a.txt", forgive=True), "retry")) == []
    assert world.item("a.txt").status == "indexed"


def test_a_good_file_after_a_poisonous_one_is_indexed(world):
    poison = world.put("a.txt", page("poison"))
    for _ in range(3):
        with pytest.raises(WorkerDied):
            world.deliver(poison, runtime=replace(world.runtime, objects=Dies(world.objects)))
        world.clock.sleep(200)

    world.deliver(world.put("a.txt", page("good")))

    assert world.item("a.txt").status == "indexed"


def test_an_error_in_reading_one_file_costs_no_other_file_of_the_batch(world):
    class Bug(MemoryObjects):
        def head(self, bucket, key):
            return world.objects.head(bucket, key)

        def open(self, stored):
            if stored.key == "bad.txt":
                raise ZeroDivisionError
            return world.objects.open(stored)

    bad, good = world.put("bad.txt", page("bad")), world.put("good.txt", page("good"))

    assert world.deliver(bad, good, runtime=replace(world.runtime, objects=Bug(world.clock))) == [bad.message_id]
    assert world.item("good.txt").status == "indexed"
    assert world.item("bad.txt").attempts == 1


def test_a_claim_lost_before_the_end_is_not_acknowledged(world):
    event = world.put("a.txt", page("old"))
    taken: list[int] = []

    def lose(_body):
        if not taken:
            taken.append(1)
            world.clock.sleep(1_000)
            world.objects.put("a.txt", page("new"))
            assert world.deliver(world.event("a.txt")) == []

    world.engine.before = lose

    assert world.deliver(event) == [event.message_id]
    assert world.bodies()[0] == ["A body of new."]


def test_a_document_the_engine_refuses_makes_the_file_partial(world):
    world.deliver(world.put("a.txt", page("words", ["old first", "second"])))
    refused = next(doc_id for doc_id in world.engine.found(COMMENTS) if doc_id.endswith("c0"))
    world.engine.answer = lambda _alias, doc_id: BulkItem(400, "mapper") if doc_id == refused else None

    world.deliver(world.put("a.txt", page("words", ["new first", "second"])))

    assert world.item("a.txt").status == "partial"
    assert world.item("a.txt").problems[0]["code"] == "document_rejected"
    assert world.bodies()[1] == ["second"]


def test_every_active_generation_is_written(world):
    control = world.ledger.get(CONTROL_ID)
    world.ledger.put(control | {"active": [1, 2]}, expected={})
    world.engine.aliases |= {NAMES.write_alias("articles", 2), NAMES.write_alias("comments", 2)}

    world.deliver(world.put("a.txt", page("words", ["first"])))

    second = world.engine.found(NAMES.write_alias("comments", 2))
    assert second == world.engine.found(COMMENTS)
    assert world.item("a.txt").generations == (1, 2)


@pytest.mark.parametrize(
    ("key", "body", "status", "code"),
    [
        ("empty.txt", b"", "empty", "empty_file"),
        ("folder/", b"", "skipped", "folder_marker"),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(100), "failed", "binary_file"),
    ],
)
def test_what_cannot_be_read_has_an_outcome(world, key, body, status, code):
    assert world.deliver(world.put(key, body)) == []

    assert (world.item(key).status, world.item(key).problems[0]["code"]) == (status, code)


@pytest.mark.parametrize("body", ["", "nonsense", '{"Records": [{}]}'])
def test_a_message_that_is_no_notification_is_acknowledged_and_counted(world, body):
    assert world.deliver(message(body)) == []
    assert world.telemetry.counts["ingest_failures"] == 1


def test_another_buckets_event_is_acknowledged_and_not_read(world):
    assert world.deliver(message(notification("other", "a.txt"))) == []
    assert world.telemetry.events[0][0] == "foreign_bucket"


def test_a_new_small_file_costs_two_calls_of_the_ledger(world):
    class Counting:
        def __init__(self):
            self.calls = []

        def get(self, file_id):
            if file_id != CONTROL_ID:
                self.calls.append("get")
            return world.ledger.get(file_id)

        def add(self, item):
            self.calls.append("add")
            return world.ledger.add(item)

        def put(self, item, *, expected):
            self.calls.append("put")
            return world.ledger.put(item, expected=expected)

    counting = Counting()
    world.deliver(world.put("a.txt", page("words")), runtime=replace(world.runtime, ledger=counting))

    assert counting.calls == ["add", "put"]


def archive(count, word="word", comments=2):
    """An archive of small articles with comments, as lines of JSON."""
    lines = []
    for number in range(count):
        said = [{"author": f"reader{at}", "body": f"{word} {number} comment {at}"} for at in range(comments)]
        lines.append(json.dumps({"title": f"Article {number}", "body": f"{word} {number}", "comments": said}))
    return "\n".join(lines).encode()


class TestLongFiles:
    """An archive that takes more than one invocation."""

    @pytest.fixture
    def slow(self, world):
        """A runtime whose engine takes 10 seconds for a bulk of a few records."""
        world.engine.before = lambda _body: world.clock.sleep(10)
        return replace(world.runtime, settings=replace(world.runtime.settings, bulk_bytes=4_000))

    def drain(self, world, slow, event):
        """Deliver a message and those that follow from it; return how many invocations it took."""
        waiting = [event]
        invocations = 0
        while waiting:
            invocations += 1
            assert invocations < 50
            assert world.deliver(*waiting, runtime=slow) == []
            waiting = [message(body, f"sent-{invocations}-{at}") for at, body in enumerate(world.queue.sent)]
            world.queue.sent.clear()
        return invocations

    def test_it_is_continued_until_it_is_done(self, world, slow):
        assert self.drain(world, slow, world.put("big.jsonl", archive(100))) > 3

        item = world.item("big.jsonl")
        assert (item.status, item.counts["articles"], item.counts["comments"]) == ("indexed", 100, 200)
        assert item.checkpoint is None
        assert len(world.engine.found(ARTICLES)) == 100
        assert len(world.engine.found(COMMENTS)) == 200

    def test_it_gives_the_documents_of_one_single_run(self, world, slow):
        self.drain(world, slow, world.put("big.jsonl", archive(60)))
        other = World()
        other.deliver(other.put("big.jsonl", archive(60)))

        assert world.engine.found(COMMENTS) == other.engine.found(COMMENTS)
        assert world.engine.found(ARTICLES) == other.engine.found(ARTICLES)

    def test_no_record_is_written_twice(self, world, slow):
        written = []
        world.engine.answer = lambda _alias, doc_id: written.append(doc_id)
        self.drain(world, slow, world.put("big.jsonl", archive(60)))

        assert len(written) == len(set(written)) == 180

    def test_its_removal_is_continued_too(self, world, slow):
        world.deliver(world.put("big.jsonl", archive(1_500)))
        world.engine.before = lambda _body: world.clock.sleep(1)

        assert self.drain(world, slow, world.delete("big.jsonl")) > 2
        assert world.bodies() == ([], [])
        assert world.item("big.jsonl").status == "deleted"

    def test_an_overwrite_between_two_invocations_starts_again(self, world, slow):
        assert world.deliver(world.put("big.jsonl", archive(100)), runtime=slow) == []
        paused = message(world.queue.sent.pop(), "continue")
        world.put("big.jsonl", archive(10, "other"))

        self.drain(world, slow, paused)

        articles, comments = world.bodies()
        assert len(articles) == 10
        assert len(comments) == 20
        assert all("other" in body for body in articles + comments)

    def test_a_crash_goes_on_from_the_last_checkpoint(self, world, slow):
        event = world.put("big.jsonl", archive(100))
        bulks = []

        def die_late(body):
            bulks.append(body)
            if len(bulks) == 5:
                raise WorkerDied

        world.engine.before = die_late
        with pytest.raises(WorkerDied):
            world.deliver(event, runtime=slow)
        world.clock.sleep(200)
        written = []
        world.engine.answer = lambda _alias, doc_id: written.append(doc_id)

        assert world.deliver(event, runtime=slow) == []
        assert 0 < len(written) < 300
        assert len(world.engine.found(COMMENTS)) == 200

    def test_a_refused_document_is_remembered_over_a_pause(self, world, slow):
        world.engine.answer = lambda _alias, doc_id: BulkItem(400, "mapper") if doc_id.endswith("-c3") else None
        self.drain(world, slow, world.put("big.jsonl", archive(100)))

        item = world.item("big.jsonl")
        assert item.status == "partial"
        assert [
            (problem["code"], problem["count"])
            for problem in item.problems
            if problem["code"] != "comments_not_recognised"
        ] == [("document_rejected", 1)]

    def test_the_receipt_has_its_details_in_parts(self, world, slow):
        self.drain(world, slow, world.put("big.jsonl", archive(100)))

        summary = world.receipts.stored[f"{world.item('big.jsonl').receipt}summary.json"]
        parts = [
            world.receipts.stored[f"{world.item('big.jsonl').receipt}part-{at:05}.ndjson"]
            for at in range(summary["parts"])
        ]
        records = [detail["record"] for part in parts for detail in part]
        assert records == list(range(100))


class TestSidecars:
    def test_a_sidecar_says_what_the_file_does_not(self, world):
        world.objects.put("a.txt.meta.json", b'{"source": "The Daily", "url": "https://example.org/1", "tags": ["x"]}')
        world.deliver(world.put("a.txt", page("words")))

        (found,) = world.engine.found(ARTICLES).values()
        assert (found["source"], found["url"], found["tags"]) == ("The Daily", "https://example.org/1", ["x"])

    def test_a_sidecar_that_comes_later_changes_the_file(self, world):
        world.deliver(world.put("a.txt", page("words")))
        world.deliver(world.put("a.txt.meta.json", b'{"source": "The Daily"}'))

        (found,) = world.engine.found(ARTICLES).values()
        assert found["source"] == "The Daily"
        assert world.item("a.txt").sequencer == "00000001"

    def test_a_sidecar_without_a_file_is_skipped(self, world):
        world.deliver(world.put("a.txt.meta.json", b"{}"))

        assert (world.item("a.txt").status, world.item("a.txt").problems[0]["code"]) == (
            "skipped",
            "sidecar_without_file",
        )

    def test_an_unreadable_sidecar_is_a_problem_and_costs_nothing(self, world):
        world.objects.put("a.txt.meta.json", b"not json")
        world.deliver(world.put("a.txt", page("words")))

        assert world.item("a.txt").status == "indexed"
        assert "sidecar_unreadable" in {problem["code"] for problem in world.item("a.txt").problems}


class TestTakeDown:
    def suppress(self, world, **entry):
        world.objects.put(".broadsheet/suppress.jsonl", json.dumps(entry).encode())

    def look_again(self, world, key):
        return world.deliver(message(again(BUCKET, key), "again"))

    def test_one_comment_goes_and_the_others_stay(self, world):
        world.deliver(world.put("a.txt", page("words", ["first", "second"])))
        gone = next(source for source in world.engine.found(COMMENTS).values() if source["body"] == "first")
        self.suppress(world, comment_id=gone["comment_id"], reason="asked for")

        self.look_again(world, "a.txt")

        assert world.bodies()[1] == ["second"]
        (article,) = world.engine.found(ARTICLES).values()
        assert article["discussion"] == ["second"]
        assert world.item("a.txt").counts["suppressed"] == 1
        assert world.item("a.txt").suppression

    def test_one_person_goes_in_every_spelling(self, world):
        self.suppress(world, author_key="READER0")
        world.deliver(world.put("a.txt", page("words", ["first", "second"])))

        assert world.bodies()[1] == ["second"]

    def test_one_article_goes_with_its_discussion(self, world):
        world.deliver(world.put("a.txt", page("words", ["first"])))
        (article,) = world.engine.found(ARTICLES).values()
        self.suppress(world, article_id=article["article_id"])

        self.look_again(world, "a.txt")

        assert world.bodies() == ([], [])

    def test_a_list_taken_back_brings_the_text_back(self, world):
        self.suppress(world, author_key="reader0")
        world.deliver(world.put("a.txt", page("words", ["first"])))
        world.objects.delete(".broadsheet/suppress.jsonl")

        self.look_again(world, "a.txt")

        assert world.bodies()[1] == ["first"]

    def test_the_list_itself_is_no_article(self, world):
        world.deliver(world.put(".broadsheet/suppress.jsonl", b"{}"))

        assert world.item(".broadsheet/suppress.jsonl").status == "skipped"


def test_an_outage_of_ledger_and_engine_together_is_no_crash(world):
    class Fails(MemoryLedger):
        """A ledger that cannot give claims back."""

        def get(self, file_id):
            return world.ledger.get(file_id)

        def add(self, item):
            return world.ledger.add(item)

        def put(self, item, *, expected):
            if not item.get("token") and item["file_id"] != CONTROL_ID:
                Unreachable().put()
            return world.ledger.put(item, expected=expected)

    def away(_body):
        raise EngineError("away")

    event = world.put("a.txt", page("words"))
    world.engine.before = away
    for _ in range(5):
        assert world.deliver(event, runtime=replace(world.runtime, ledger=Fails())) == []
        (body,) = world.queue.sent
        world.queue.sent.clear()
        event = message(body, "handed over")
        world.clock.sleep(1)
    world.engine.before = lambda _body: None

    assert world.deliver(event) == []
    assert world.item("a.txt").status == "indexed"


def test_an_innocent_file_does_not_fail_with_the_poison_of_its_batch(world):
    poison, good = world.put("poison.txt", page("poison")), world.put("good.txt", page("good"))

    class DiesOfOne(Dies):
        def open(self, stored):
            if stored.key == "poison.txt":
                raise WorkerDied
            return self._objects.open(stored)

    dead = replace(world.runtime, objects=DiesOfOne(world.objects))
    for _ in range(8):
        with suppress(WorkerDied):
            world.deliver(poison, good, runtime=dead)
        world.clock.sleep(200)

    assert world.item("poison.txt").status == "failed"
    assert world.item("good.txt").status == "indexed"


class WorkerDied(BaseException):
    """What a killed process looks like from inside: nothing that catches Exception sees it."""


class Dies:
    """An object store whose reader is killed."""

    def __init__(self, objects=None):
        self._objects = objects

    def head(self, bucket, key):
        if self._objects is None:
            raise WorkerDied
        return self._objects.head(bucket, key)

    def open(self, _stored):
        raise WorkerDied
