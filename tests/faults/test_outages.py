"""Services that are away, slow, full or only half there: nothing is lost, nothing is dead, and it mends by itself."""

from __future__ import annotations

import io

import pytest

from broadsheet.errors import EngineError, InfrastructureError, RequestTooLargeError, ThrottledError
from broadsheet.ids import file_id
from broadsheet.ports import BulkItem
from infra.resources import QUEUE
from tests.fakes import BUCKET, MemoryEngine, MemoryLedger, Unreachable
from tests.faults.injectors import Faulty, first, raises
from tests.faults.world import World, page

DAY = 24 * 3600
THROTTLED = ThrottledError("throttled")
AWAY = Faulty(None, before=raises(EngineError("away")))
"""An engine that does not answer."""


@pytest.fixture
def world():
    world = World()
    world.put("a.txt", page("old words", ["first", "second", "third"]))
    world.drain()
    world.put("a.txt", page("new words", ["fourth"]))
    for number in range(3):
        world.put(f"{number}.txt", page(f"words {number}", ["said"]))
    world.delete("2.txt")
    return world


@pytest.mark.parametrize(
    "broken",
    [
        {"engine": AWAY},
        {"ledger": Unreachable()},
        {"objects": Unreachable()},
        {"receipts": Unreachable()},
        {"ledger": Unreachable(), "engine": AWAY, "queue": Unreachable()},
    ],
    ids=["engine", "ledger", "objects", "receipts", "everything"],
)
def test_a_day_without_a_service_loses_nothing_and_makes_no_dead_letter(world, broken):
    runtime = world.runtime(**broken)
    world.drain(runtime, until=world.clock.now + DAY)
    assert world.queue.messages
    world.drain()

    world.assert_quiet()
    assert world.ledger.count_by_status() == {"indexed": 3, "deleted": 1}


def test_a_day_without_an_engine_and_a_ledger_that_cannot_take_claims_back_is_no_crash(world):
    def only_claims(item, *, expected):
        if not item.get("token") and "key" in item:
            raise InfrastructureError("away")

    runtime = world.runtime(
        engine=AWAY,
        ledger=Faulty(world.ledger, "put", before=only_claims),
    )
    world.drain(runtime, until=world.clock.now + DAY)
    world.drain()

    world.assert_quiet()


def test_an_outage_slows_deliveries_down(world):
    runtime = world.runtime(engine=AWAY)
    start = world.clock.now
    world.drain(runtime, until=start + 60)
    soon = max(queued.receives for queued in world.queue.messages.values())
    world.drain(runtime, until=start + 3600)
    later = max(queued.receives for queued in world.queue.messages.values())

    assert soon >= 4
    assert later < 20


def test_half_of_the_items_refused_for_load_are_sent_again_and_no_others(world):
    sent = []

    def half(alias, doc_id):
        sent.append((alias, doc_id))
        if len(sent) % 2 and sent.count((alias, doc_id)) < 3:
            return BulkItem(429, "rejected_execution_exception")
        return None

    world.engine.answer = half
    world.drain()

    world.assert_quiet()
    assert max(sent.count(one) for one in sent) <= 3
    assert world.queue.dead == {}


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_items_that_found_the_engine_busy_are_repeated_within_the_invocation(world, status):
    answers = iter([BulkItem(status, "busy")] * 3)
    world.engine.answer = lambda _alias, _doc_id: next(answers, None)
    assert world.work()

    world.drain()
    world.assert_quiet()
    assert "ingest_failures" not in world.telemetry.counts


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_an_item_refused_for_reasons_of_the_engine_is_no_problem_of_its_file(world, status):
    """Such as a full disk, credentials that ran out, a missing alias: also when only items say so."""
    answers = iter([BulkItem(status, "trouble")] * 3)
    world.engine.answer = lambda _alias, _doc_id: next(answers, None)
    world.work()
    assert world.queue.messages
    world.drain()

    world.assert_quiet()
    assert [world.item(key).problems for key in ("a.txt", "0.txt")] == [(), ()]


@pytest.mark.parametrize("error", [EngineError("503"), EngineError("403", code="engine_refused"), THROTTLED])
def test_a_request_that_fails_as_a_whole_is_repeated(world, error):
    runtime = world.runtime(engine=Faulty(world.engine, before=first(3, raises(error))))
    world.drain(runtime)

    world.assert_quiet()


def test_an_engine_that_stays_busy_for_all_the_time_there_is_costs_no_attempt(world):
    runtime = world.runtime(engine=Faulty(world.engine, before=raises(THROTTLED)))
    for _ in range(6):
        world.next(runtime)
    assert [world.item(key).attempts for key in ("a.txt", "0.txt")] == [0, 0]

    world.drain()
    world.assert_quiet()


def test_an_answer_that_is_lost_after_the_work_was_done_doubles_nothing(world):
    runtime = world.runtime(engine=Faulty(world.engine, after=first(2, raises(EngineError("cut")))))
    world.drain(runtime)

    world.assert_quiet()
    assert "conflicts_under_own_claim" not in world.telemetry.counts


def test_an_answer_for_only_some_of_the_actions_is_no_answer(world):
    class Forgetful(MemoryEngine):
        def bulk(self, body):
            return world.engine.bulk(body)[:-1]

    world.work(world.runtime(engine=Forgetful()))
    assert world.item("0.txt").status == "processing"
    world.drain()

    world.assert_quiet()


def test_a_request_too_large_is_halved_and_a_document_too_large_alone_is_told():
    world = World()

    def limit(body):
        if len(body) > 4_000:
            raise RequestTooLargeError("413")

    world.engine.before = limit
    world.put("a.txt", page("words", ["said " * 100] * 20 + ["giant " * 1_000]))
    world.put("b.txt", page("words", ["first"]))
    world.drain()

    item = world.item("a.txt")
    assert (item.status, [problem["code"] for problem in item.problems]) == ("partial", ["document_rejected"])
    # The article carries its discussion and is too large, too.
    assert item.problems[0]["count"] == 2
    assert len(world.bodies("comments")) == 21
    assert world.item("b.txt").status == "indexed"


def test_a_document_that_is_refused_leaves_no_older_text_and_costs_no_other(world):
    world.engine.answer = lambda _alias, doc_id: BulkItem(400, "mapper") if doc_id.endswith("-c0") else None
    world.drain()

    assert world.item("a.txt").status == "partial"
    assert world.bodies("comments") == []
    assert len(world.bodies()) == 3
    assert (world.queue.messages, world.queue.dead) == ({}, {})


def test_a_connection_that_breaks_while_an_object_is_read_is_read_again():
    class Breaks(io.BytesIO):
        def read(self, size=-1):
            data = super().read(min(size, 100) if size and size > 0 else 100)
            if not data:
                raise InfrastructureError("the connection broke")
            return data

    world = World()
    world.put("a.txt", page("words", ["said"]))
    broken = []

    class Store:
        def head(self, bucket, key):
            return world.objects.head(bucket, key)

        def open(self, stored):
            broken.append(stored.key)
            return Breaks(world.objects.open(stored).read())

    world.work(world.runtime(objects=Store()))
    assert broken == ["a.txt"]
    assert world.item("a.txt").status == "processing"
    world.drain()

    world.assert_quiet()


@pytest.mark.parametrize("method", ["get", "add", "put"])
@pytest.mark.parametrize("where", ["before", "after"])
@pytest.mark.parametrize("failures", range(1, 8))
def test_a_ledger_that_is_throttled_for_a_while_loses_nothing(world, method, where, failures):
    runtime = world.runtime(ledger=Faulty(world.ledger, method, **{where: first(failures, raises(THROTTLED))}))
    world.drain(runtime)

    world.assert_quiet()


@pytest.mark.parametrize("port", ["objects", "receipts", "queue"])
@pytest.mark.parametrize("failures", [1, 2, 5])
def test_other_services_that_fail_for_a_while_lose_nothing(world, port, failures):
    runtime = world.runtime(**{port: Faulty(getattr(world, port), before=first(failures, raises(THROTTLED)))})
    world.drain(runtime)

    world.assert_quiet()


def test_a_missing_alias_is_refused_and_no_index_is_made(world):
    known, world.engine.aliases = world.engine.aliases, set()
    world.work()
    assert world.engine.documents.keys() <= known
    assert world.item("0.txt").status == "processing"

    world.engine.aliases = known
    world.drain()
    world.assert_quiet()


def test_before_any_index_was_made_everything_waits():
    world = World()
    empty = MemoryLedger()
    world.put("a.txt", page("words"))
    for _ in range(5):
        world.next(world.runtime(ledger=empty))
    item = empty.get(file_id(BUCKET, "a.txt")) or {}
    assert (item["attempts"], item["among_others"], item["lease_until"]) == (0, False, 0)
    assert len(world.queue.messages) == 1
    assert "indices_not_created" in {fields.get("code") for _, fields in world.telemetry.events}
    world.drain()

    world.assert_quiet()


def test_files_that_wait_for_a_service_do_not_stop_the_others(world):
    def one_is_away(_bucket, key):
        if key == "0.txt":
            raise InfrastructureError("s3 answered SlowDown")

    runtime = world.runtime(objects=Faulty(world.objects, "head", before=one_is_away))
    world.work(runtime)

    assert world.item("1.txt").status == "indexed"
    assert world.item("0.txt").attempts == 0
    assert len(world.queue.messages) == 1
    world.drain()
    world.assert_quiet()


def test_a_message_may_be_received_for_a_day_of_outage_before_it_is_dead():
    """The delays grow to a quarter of an hour at most: a day is about this many deliveries."""
    assert QUEUE.max_receive_count >= DAY / (900 / 2)
