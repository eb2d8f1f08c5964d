"""A generation is filled beside the one in use on a real engine, by the real ingestion, while files come and go."""

from __future__ import annotations

import time

import orjson
import pytest

from broadsheet.adapters.opensearch import OpenSearchAdmin, OpenSearchBulk, OpenSearchSearch, client
from broadsheet.errors import ConflictError
from broadsheet.generations import ensure_generations
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.ingest import ingest
from broadsheet.ingest_ports import IngestRuntime
from broadsheet.rebuild import Rebuild
from broadsheet.reconcile import ReconcileRequest, ReconcileRuntime, reconcile
from broadsheet.settings import IndicesSettings, IngestSettings
from tests.fakes import BUCKET, MemoryLedger, MemoryObjects, MemoryReceipts, RecordingQueue, RecordingTelemetry
from tests.samples import HOMS, message, notification


def always() -> float:
    return 60.0


class System:
    """Bucket, ledger and queue in memory; the engine is real."""

    def __init__(self, url: str, prefix: str) -> None:
        self.settings = IndicesSettings(
            opensearch_url=url, ledger_table="-", index_prefix=prefix, sign_requests=False, refresh_interval="1s"
        )
        self.names = IndexNames(prefix)
        self.client = client(self.settings)
        self.admin, self.search = OpenSearchAdmin(self.client), OpenSearchSearch(self.client)
        self.objects, self.ledger, self.queue = MemoryObjects(time.time), MemoryLedger(), RecordingQueue()
        self.rebuild = Rebuild(self.admin, self.ledger, self.ledger, self.search, self.settings)
        self._ingest = IngestRuntime(
            settings=IngestSettings(
                opensearch_url=url,
                ledger_table="-",
                uploads_bucket=BUCKET,
                outcomes_bucket="-",
                queue_url="-",
                index_prefix=prefix,
            ),
            objects=self.objects,
            receipts=MemoryReceipts(),
            ledger=self.ledger,
            engine=OpenSearchBulk(self.client),
            queue=self.queue,
            telemetry=RecordingTelemetry(),
            clock=time.time,
            wait=time.sleep,
        )
        ensure_generations(self.admin, self.ledger, self.settings)

    def deliver(self, *bodies: str) -> None:
        messages = [message(body, f"m{number}") for number, body in enumerate(bodies)]
        assert ingest(messages, self._ingest, request_id=str(time.time()), remaining=always) == []

    def put(self, key: str, text: str) -> None:
        self.objects.put(key, text.encode())
        self.deliver(notification(BUCKET, key))

    def delete(self, key: str) -> None:
        self.objects.delete(key)
        self.deliver(notification(BUCKET, key))

    def reconcile(self) -> dict[str, int]:
        """Walk over the bucket and deliver what it sends; give what differed."""
        runtime = ReconcileRuntime(
            bucket=BUCKET,
            objects=self.objects,
            lister=self.objects,
            ledger=self.ledger,
            index=self.ledger,
            sender=self.queue,
            telemetry=RecordingTelemetry(),
            clock=time.time,
            visibility_seconds=1_800,
        )
        report = reconcile(ReconcileRequest(), runtime, remaining=always)
        bodies, self.queue.sent = self.queue.sent, []
        self.deliver(*bodies)
        return {str(reason): count for reason, count in report.differing.items()}

    def refresh(self) -> None:
        self.client.transport.perform_request("POST", f"/{self.names.prefix}*/_refresh")

    def documents(self, alias: str) -> dict[str, bytes]:
        """Every document behind an alias, by id."""
        self.refresh()
        hits = self.search.search(alias, {"size": 1000, "query": {"match_all": {}}})["hits"]["hits"]
        return {hit["_id"]: orjson.dumps(hit["_source"], option=orjson.OPT_SORT_KEYS) for hit in hits}


@pytest.fixture
def system(engine_url, index_prefix):
    return System(engine_url, index_prefix)


def page(word):
    return f"A page about {word}\n\nIts only paragraph says {word} once more, in a sentence.\n"


def test_a_generation_is_filled_compared_swapped_rolled_back_and_dropped(system):
    system.put("homs.txt", HOMS.read_text(encoding="utf-8"))
    for number in range(5):
        system.put(f"{number}.txt", page(f"wort{number}"))
    system.delete("4.txt")
    system.objects.put("picture", b"\x89PNG\r\n\x1a\n" + bytes(40))
    system.deliver(notification(BUCKET, "picture"))

    system.rebuild.begin_fill()
    # While it is filled, files come and go.
    system.put("during.txt", page("during"))
    system.put("0.txt", page("overwritten"))
    system.delete("1.txt")
    with pytest.raises(ConflictError):
        system.rebuild.swap(accept_difference=False, remaining=always)
    assert system.reconcile() == {"generation": 5}
    assert system.reconcile() == {}

    for kind in KINDS:
        old, new = (system.documents(system.names.write_alias(kind, number)) for number in (1, 2))
        assert new == old
        assert len(new) == (5 if kind == "articles" else 30)

    system.refresh()
    system.rebuild.swap(accept_difference=False, remaining=always)
    assert system.admin.aliases(system.names.search_alias("comments")) == [system.names.index("comments", 2)]

    # The old one is written until it is dropped: rolling back loses nothing.
    system.put("after.txt", page("after"))
    system.rebuild.roll_back()
    assert len(system.documents(system.names.search_alias("articles"))) == 6
    system.rebuild.swap(accept_difference=False, remaining=always)
    system.rebuild.drop()
    assert system.admin.aliases(f"{system.names.prefix}-*-write") == [system.names.index(kind, 2) for kind in KINDS]
    assert len(system.documents(system.names.search_alias("articles"))) == 6

    system.put("last.txt", page("last"))
    assert len(system.documents(system.names.search_alias("articles"))) == 7
    assert system.reconcile() == {}


def test_several_aliases_move_in_one_step_or_none_does(system):
    system.rebuild.begin_fill()
    targets = {system.names.search_alias(kind): system.names.index(kind, 2) for kind in KINDS}

    with pytest.raises(Exception, match="index_not_found"):
        system.admin.move({**targets, "another": "no-such-index"})
    for kind in KINDS:
        assert system.admin.aliases(system.names.search_alias(kind)) == [system.names.index(kind, 1)]

    for _ in range(2):
        system.admin.move(targets)
        assert {alias: system.admin.aliases(alias) for alias in targets} == {a: [i] for a, i in targets.items()}


def test_deleting_an_index_twice_is_harmless(system):
    index = system.names.index("articles", 1)

    for _ in range(2):
        system.admin.delete(index)

    assert system.admin.aliases(system.names.write_alias("articles", 1)) == []
    assert system.admin.aliases(f"{system.names.prefix}-none-*") == []
