"""What a real node forgets, refuses and hides, with ingestion around it whose other services are in memory."""

from __future__ import annotations

import json
from contextlib import closing, contextmanager

import pytest

from broadsheet.adapters.opensearch import OpenSearchAdmin, OpenSearchBulk, client
from broadsheet.errors import EngineError
from broadsheet.generations import ensure_generations
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.notifications import again
from broadsheet.settings import IndicesSettings
from tests.fakes import BUCKET
from tests.faults.injectors import Faulty, first, raises
from tests.faults.world import World, page
from tests.invariants import NOT_GIVEN_BACK, in_engine

MIB = 1024 * 1024


class NodeWorld(World):
    """A world whose engine is a node; its refresh is far away, as on a node with much to do."""

    not_given_back = NOT_GIVEN_BACK

    def __init__(self, url, prefix, **settings):
        super().__init__(opensearch_url=url, index_prefix=prefix, **settings)
        self.names = IndexNames(prefix)
        self.client = client(IndicesSettings(**self._engine_settings()))
        self.engine = OpenSearchBulk(self.client)
        self.make_indices()

    def _engine_settings(self):
        return {
            "opensearch_url": self.settings.opensearch_url,
            "index_prefix": self.settings.index_prefix,
            "sign_requests": False,
            "ledger_table": "unused",
            "refresh_interval": "3600s",
        }

    def make_indices(self):
        ensure_generations(OpenSearchAdmin(self.client), self.ledger, IndicesSettings(**self._engine_settings()))

    def documents(self):
        return in_engine(self.client, self.names)

    def call(self, method, path, body=None):
        return self.client.transport.perform_request(method, path, body=body)

    def change_settings(self, **index):
        self.call("PUT", f"/{self.names.prefix}-*/_settings", {"index": index})

    @contextmanager
    def blocked(self, block):
        self.change_settings(blocks={block: True})
        try:
            yield
        finally:
            self.change_settings(blocks={block: None})

    def indices(self):
        return set(self.call("GET", f"/{self.names.prefix}-*"))


@pytest.fixture
def world(engine_url, index_prefix):
    world = NodeWorld(engine_url, index_prefix.rstrip("-"))
    with closing(world.client):
        yield world


def test_text_that_was_removed_does_not_come_back_when_the_node_has_forgotten_the_removal(world):
    """A node remembers what was deleted for a minute, and not over a restart: late events find the bucket instead."""
    world.change_settings(gc_deletes="0s")
    stored = world.put("a.txt", page("words", ["first"]))
    world.drain()
    world.delete("a.txt")
    world.drain()
    world.call("POST", f"/{world.names.prefix}-*/_close")
    world.call("POST", f"/{world.names.prefix}-*/_open")
    for kind in KINDS:
        world.call("GET", f"/_cluster/health/{world.names.index(kind, 1)}?wait_for_status=yellow")
    for late in (stored, again(BUCKET, "a.txt")):
        world.queue.send(late)
        world.drain()

    world.assert_quiet()
    assert world.bodies() == []


def test_a_bulk_that_comes_late_when_removals_are_forgotten_falls_within_the_lease_of_its_worker(world):
    """The claim is kept for as long as an unanswered bulk may take: who removes comes after it."""
    world.change_settings(gc_deletes="0s")
    late = []

    def no_answer(body):
        late.append(body)
        raise EngineError("the connection was lost")

    world.put("a.txt", page("words", ["first", "second"]))
    world.work(world.runtime(engine=Faulty(world.engine, before=no_answer)))
    world.delete("a.txt")
    world.work()
    world.clock.sleep(world.settings.lease_margin_seconds - 1)
    assert [item.status for item in world.engine.bulk(late[0])] == [201, 201, 201]
    world.drain()

    world.assert_quiet()
    assert world.bodies() == []


def test_a_late_bulk_loses_against_newer_text_and_against_a_removal(world):
    late: list[bytes] = []
    world.put("a.txt", page("old", ["first", "second"]))
    world.work(world.runtime(engine=Faulty(world.engine, before=late.append)))
    world.put("a.txt", page("new", ["third"]))
    world.drain()

    assert [item.status for item in world.engine.bulk(late[0])] == [409, 409, 409]
    world.assert_quiet()


def test_what_no_search_can_see_yet_is_removed_all_the_same(world):
    """Removal is by id: a query would miss what was written since the last refresh."""
    world.put("a.txt", page("words", [f"comment {number}" for number in range(5)]))
    world.drain()
    world.put("a.txt", page("words", ["only"]))
    world.drain()
    world.put("b.txt", page("other", ["said"]))
    world.drain()
    world.delete("b.txt")
    world.drain()

    world.assert_quiet()
    assert world.bodies("comments") == ["only"]


@pytest.mark.parametrize("block", ["write", "read_only", "read_only_allow_delete"])
def test_an_index_that_takes_no_writes_is_no_fault_of_any_file(world, block):
    world.put("a.txt", page("old", ["first", "second"]))
    world.drain()
    world.put("a.txt", page("new", ["third"]))
    with world.blocked(block):
        for _ in range(5):
            world.next()
            assert world.item("a.txt").attempts == 0
    assert world.bodies() == ["A body of old."]
    world.drain()

    world.assert_quiet()
    assert world.item("a.txt").problems == ()
    assert "ingest_failures" in world.telemetry.counts


def test_a_missing_index_is_refused_and_none_is_made_by_a_write(world):
    for kind in KINDS:
        OpenSearchAdmin(world.client).delete(world.names.index(kind, 1))
    world.put("a.txt", page("words", ["first"]))
    for _ in range(5):
        world.next()
    assert (world.indices(), world.item("a.txt").status, world.item("a.txt").attempts) == (set(), "processing", 0)

    world.make_indices()
    world.drain()
    world.assert_quiet()


def test_a_missing_alias_is_refused_although_the_index_is_there(world):
    alias = world.names.write_alias("comments", 1)
    index = world.names.index("comments", 1)
    world.call("POST", "/_aliases", {"actions": [{"remove": {"index": index, "alias": alias}}]})
    world.put("a.txt", page("words", ["first"]))
    world.work()
    assert world.indices() == {world.names.index(kind, 1) for kind in KINDS}
    assert (world.item("a.txt").status, world.documents()["comments"]) == ("processing", {})

    world.make_indices()
    world.drain()
    world.assert_quiet()


def test_a_document_the_mapping_refuses_costs_only_itself_and_its_older_text(world):
    """A word of a field that wants a number, by a fault in the documents: the engine's 400 is for one of them."""
    world.put("a.txt", page("old", ["first", "second"]))
    world.drain()

    class Spoils:
        def bulk(self, body):
            return world.engine.bulk(body.replace(b'"ordinal":1', b'"ordinal":"one"'))

    world.put("a.txt", page("new", ["third", "fourth"]))
    world.put("b.txt", page("other", ["said"]))
    world.drain(world.runtime(engine=Spoils()))

    assert (world.item("a.txt").status, world.item("b.txt").status) == ("partial", "indexed")
    assert [problem["code"] for problem in world.item("a.txt").problems] == ["document_rejected"]
    assert "fourth" not in json.dumps(world.item("a.txt").to_json())
    assert world.bodies("comments") == ["said", "third"]
    assert world.bodies() == ["A body of new.", "A body of other."]


def test_bulks_beyond_what_the_node_takes_are_halved_until_they_fit(engine_url, index_prefix):
    world = NodeWorld(engine_url, index_prefix.rstrip("-"), bulk_bytes=64 * MIB)
    with closing(world.client):
        sent = []
        engine = Faulty(world.engine, before=lambda body: sent.append(len(body)))
        lines = [json.dumps({"title": f"Article {number}", "body": "word " * 180_000}) for number in range(13)]
        world.put("big.jsonl", "\n".join(lines).encode())
        world.drain(world.runtime(engine=engine))

        world.assert_quiet()
        assert max(sent) > 10 * MIB
        assert world.item("big.jsonl").counts["articles"] == 13


def test_an_answer_lost_after_the_node_did_the_work_doubles_nothing(world):
    engine = Faulty(world.engine, after=first(2, raises(EngineError("cut"))))
    world.put("a.txt", page("words", ["first", "second"]))
    world.drain(world.runtime(engine=engine))

    world.assert_quiet()
