"""A small archive in memory: bucket, queue, ledger and engine that outlive the workers of a test."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from broadsheet.deliveries import Message
from broadsheet.generations import Control
from broadsheet.ids import file_id
from broadsheet.index.names import KINDS, IndexNames, Kind
from broadsheet.ingest import ingest
from broadsheet.ingest_ports import IngestRuntime
from broadsheet.ledger_item import LedgerItem
from broadsheet.settings import IngestSettings
from infra.resources import QUEUE
from tests.fakes import (
    BUCKET,
    FakeClock,
    MemoryEngine,
    MemoryLedger,
    MemoryObjects,
    MemoryReceipts,
    RecordingTelemetry,
)
from tests.faults.injectors import Faulty, WorkerDied
from tests.invariants import Documents, assert_index_equals_bucket, assert_outcomes_agree, in_memory
from tests.samples import notification

NAMES = IndexNames("t")
FUNCTION_SECONDS = 60.0
PORTS = ("objects", "receipts", "ledger", "engine", "queue")


def page(words: str, comments: Sequence[str] = ()) -> bytes:
    """Return a small page of the sample's family."""
    heads = "".join(
        f"Thumb reader{number} 09 May 2014, 16:{number:02}\n\n{body}\n\n" for number, body in enumerate(comments)
    )
    return f"A title\n\nA body of {words}.\n\nComments {len(comments)}\n{heads}".encode()


@dataclass
class _Queued:
    body: str
    visible_at: float
    receives: int = 0


class MemoryQueue:
    """ports.MessageQueue and HintSender with visibility and dead letters, as SQS has them."""

    def __init__(self, clock: FakeClock, *, visibility: float = QUEUE.visibility) -> None:
        self.clock = clock
        self.visibility = visibility
        self.messages: dict[str, _Queued] = {}
        self.dead: dict[str, _Queued] = {}
        self._names = itertools.count(1)

    def send(self, body: str, *, delay_seconds: int = 0) -> None:
        self.messages[f"m{next(self._names)}"] = _Queued(body, self.clock.now + delay_seconds)

    def send_all(self, bodies: Sequence[str]) -> None:
        for body in bodies:
            self.send(body)

    def waiting(self) -> int:
        return len(self.messages)

    def hold(self, receipt_handle: str, seconds: int) -> None:
        if receipt_handle in self.messages:
            self.messages[receipt_handle].visible_at = self.clock.now + seconds

    def receive(self) -> list[Message]:
        """Receive a batch; what was received too often becomes a dead letter."""
        received: list[Message] = []
        for name, queued in list(self.messages.items()):
            if queued.visible_at > self.clock.now or len(received) == QUEUE.batch_size:
                continue
            queued.receives += 1
            if queued.receives > QUEUE.max_receive_count:
                self.dead[name] = self.messages.pop(name)
                continue
            queued.visible_at = self.clock.now + self.visibility
            received.append(Message(name, name, queued.body, queued.receives))
        return received

    def acknowledge(self, name: str) -> None:
        self.messages.pop(name, None)

    def next_visible(self) -> float | None:
        """Return when the next message can be received, None when there is none."""
        return min((queued.visible_at for queued in self.messages.values()), default=None)


class World:
    """Everything that outlives a worker; ``not_given_back`` are fields the engine keeps to itself."""

    not_given_back: Collection[str] = ()

    def __init__(self, **settings: Any) -> None:
        self.clock = FakeClock()
        self.objects = MemoryObjects(self.clock)
        self.engine: Any = MemoryEngine({NAMES.write_alias(kind, 1) for kind in KINDS})
        self.receipts = MemoryReceipts()
        self.ledger = MemoryLedger()
        self.queue = MemoryQueue(self.clock)
        self.telemetry = RecordingTelemetry()
        self.ledger.add(Control().to_json())
        self.settings = IngestSettings(
            **{"opensearch_url": "http://unused", "index_prefix": NAMES.prefix, "ledger_table": "t"} | settings,
            uploads_bucket=BUCKET, outcomes_bucket="o", queue_url="q",
        )  # fmt: skip
        self._sequencers = itertools.count(1)
        self._requests = itertools.count(1)

    def runtime(self, **changes: Any) -> IngestRuntime:
        """Return what a worker is given; ``changes`` are ports with faults."""
        healthy = IngestRuntime(
            settings=self.settings, objects=self.objects, receipts=self.receipts, ledger=self.ledger,
            engine=self.engine, queue=self.queue, telemetry=self.telemetry, clock=self.clock, wait=self.clock.sleep,
        )  # fmt: skip
        return replace(healthy, **changes)

    def put(self, key: str, body: bytes, *, told: bool = True) -> str:
        """Store an object; return the body of the event, which is sent if ``told``."""
        return self._tell(key, self.objects.put(key, body).etag, told=told)

    def delete(self, key: str, *, told: bool = True) -> str:
        self.objects.delete(key)
        return self._tell(key, None, told=told)

    def _tell(self, key: str, etag: str | None, *, told: bool) -> str:
        body = notification(BUCKET, key, sequencer=f"{next(self._sequencers):08X}", etag=etag)
        if told:
            self.queue.send(body)
        return body

    def work(self, runtime: IngestRuntime | None = None, *, seconds: float = FUNCTION_SECONDS) -> bool:
        """Let one worker take one batch; False when nothing can be received now. A worker that dies acks nothing."""
        messages = self.queue.receive()
        if not messages:
            return False
        with suppress(WorkerDied):
            returned = self.run(messages, runtime, seconds=seconds)
            for message in messages:
                if message.message_id not in returned:
                    self.queue.acknowledge(message.message_id)
        return True

    def next(self, runtime: IngestRuntime | None = None) -> None:
        """Wait until a message can be received, then work."""
        visible = self.queue.next_visible()
        assert visible is not None, "the queue is empty"
        self.clock.now = max(self.clock.now, visible)
        self.work(runtime)

    def run(
        self, messages: Sequence[Message], runtime: IngestRuntime | None = None, *, seconds: float = FUNCTION_SECONDS
    ) -> list[str]:
        """Run one invocation on these messages, without touching the queue."""
        end = self.clock.now + seconds
        return ingest(
            messages,
            runtime or self.runtime(),
            request_id=f"request-{next(self._requests)}",
            remaining=lambda: end - self.clock.now,
        )

    def drain(self, runtime: IngestRuntime | None = None, *, until: float | None = None) -> int:
        """Work, and wait where nothing can be received, until the queue is empty (or a time); return the invocations.

        The clock jumps to the next message: a day takes no time.
        """
        invocations = 0
        while (visible := self.queue.next_visible()) is not None and (until is None or visible < until):
            invocations += 1
            self.next(runtime)
            assert invocations < 2_000, "the queue does not empty"
        return invocations

    def forget_tombstones(self) -> None:
        """Let the engine forget what was deleted, as it does after a minute, or when a node starts again."""
        for stored in self.engine.documents.values():
            for doc_id in [doc_id for doc_id, entry in stored.items() if entry.source is None]:
                del stored[doc_id]

    def item(self, key: str) -> LedgerItem:
        stored = self.ledger.get(file_id(BUCKET, key))
        assert stored
        return LedgerItem.from_json(stored)

    def documents(self) -> Documents:
        """Return everything that can be found."""
        return in_memory(self.engine, NAMES)

    def bodies(self, kind: Kind = "articles") -> list[str]:
        """Return the bodies of all documents of a kind."""
        return sorted(source["body"] for source in self.documents()[kind].values())

    def assert_quiet(self) -> None:
        """Assert that nothing waits, nothing is dead, and that index, ledger and bucket say the same."""
        assert (self.queue.messages, self.queue.dead) == ({}, {})
        found = self.documents()
        assert_index_equals_bucket(self.objects, BUCKET, found, without=self.not_given_back)
        items = self.ledger.by_key(prefix="", after="", limit=10_000)
        assert_outcomes_agree(self.objects, BUCKET, items, found)


def count_calls(world: World, work: Callable[[IngestRuntime], object]) -> int:
    """Return how many calls of ports some work makes."""
    calls = 0

    def count(*_values: Any, **_named: Any) -> None:
        nonlocal calls
        calls += 1

    work(world.runtime(**{name: Faulty(getattr(world, name), before=count) for name in PORTS}))
    return calls
