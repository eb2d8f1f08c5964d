from __future__ import annotations

import orjson
import pytest

from broadsheet.bulk_writer import Action, BulkWriter, Inline
from broadsheet.errors import EngineError, RequestTooLargeError, ThrottledError
from broadsheet.index.bulk import delete_action, index_action
from broadsheet.ports import BulkItem
from tests.fakes import FakeClock, MemoryEngine

ALIAS = "t-articles-v1-write"


class Sink:
    def __init__(self):
        self.conflicts = 0
        self.refused = []

    def conflict(self):
        self.conflicts += 1

    def rejected(self, doc_id, reason):
        self.refused.append((doc_id, reason))


@pytest.fixture
def engine():
    return MemoryEngine({ALIAS})


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def sink():
    return Sink()


@pytest.fixture
def writer(engine, clock):
    end = clock.now + 60
    return BulkWriter(
        engine, max_bytes=1_000, max_actions=5, wait=clock.sleep, remaining=lambda: end - clock.now, background=Inline()
    )


def document(sink, name, version=7, text="x"):
    return Action(sink, ALIAS, name, version, index_action(ALIAS, name, version, orjson.dumps({"body": text})))


def removal(sink, name, version=7):
    return Action(sink, ALIAS, name, version, delete_action(ALIAS, name, version), deletes=True)


def test_bulks_are_bounded_by_actions_and_bytes(engine, writer, sink):
    for number in range(11):
        writer.add(document(sink, f"n{number}"))
    writer.add(document(sink, "long", text="x" * 900))
    writer.flush()

    assert engine.requests == 4
    assert len(engine.found(ALIAS)) == 12


def test_nothing_pending_sends_nothing(engine, writer):
    writer.flush()

    assert engine.requests == 0


def test_a_newer_version_is_as_good_as_written(engine, writer, sink):
    writer.add(document(sink, "a", version=9, text="new"))
    writer.add(document(sink, "a", version=8, text="old"))
    writer.flush()

    assert sink.conflicts == 1
    assert engine.found(ALIAS)["a"] == {"body": "new"}


def test_removing_what_is_missing_is_done(writer, sink):
    writer.add(removal(sink, "never"))
    writer.flush()

    assert sink.conflicts == 0


def test_a_refused_document_is_reported_and_its_older_text_removed(engine, writer, sink):
    writer.add(document(sink, "a", version=7, text="old"))
    writer.flush()
    engine.answer = lambda _alias, _doc_id: BulkItem(400, "mapper_parsing_exception")

    writer.add(document(sink, "a", version=8, text="new"))
    writer.flush()

    assert sink.refused == [("a", "mapper_parsing_exception")]
    assert engine.found(ALIAS) == {}


@pytest.mark.parametrize("status", [429, 503])
def test_busy_items_are_sent_again_with_pauses(engine, clock, writer, sink, status):
    answers = [BulkItem(status, "busy"), BulkItem(status, "busy"), None]
    engine.answer = lambda _alias, _doc_id: answers.pop(0)
    before = clock.now

    writer.add(document(sink, "a"))
    writer.flush()

    assert engine.found(ALIAS) == {"a": {"body": "x"}}
    assert clock.now > before


def test_an_engine_that_stays_busy_is_an_error_within_the_time_left(engine, clock, writer, sink):
    def refuse(_body):
        raise ThrottledError("busy")

    engine.before = refuse
    start = clock.now
    writer.add(document(sink, "a"))

    with pytest.raises(EngineError) as caught:
        writer.flush()

    assert caught.value.code == "engine_busy"
    assert clock.now <= start + 60


def test_a_request_too_large_is_halved_down_to_one_document(engine, writer, sink):
    def refuse(body):
        if len(body) > 300:
            raise RequestTooLargeError("413")

    engine.before = refuse
    writer.add(document(sink, "giant", text="x" * 400))
    for number in range(4):
        writer.add(document(sink, f"n{number}"))
    writer.flush()

    assert sorted(engine.found(ALIAS)) == ["n0", "n1", "n2", "n3"]
    assert [doc_id for doc_id, _ in sink.refused] == ["giant"]


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_failing_engine_is_not_the_documents_fault(engine, writer, sink, status):
    engine.answer = lambda _alias, _doc_id: BulkItem(status, "trouble")
    writer.add(document(sink, "a"))

    with pytest.raises(EngineError):
        writer.flush()

    assert sink.refused == []


def test_after_an_error_nothing_is_pending(engine, writer, sink):
    def fail(_body):
        raise EngineError("gone")

    engine.before = fail
    writer.add(document(sink, "a"))
    with pytest.raises(EngineError):
        writer.flush()
    engine.before = lambda _body: None

    writer.flush()

    assert engine.found(ALIAS) == {}
