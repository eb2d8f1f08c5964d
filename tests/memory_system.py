"""Ingestion through its real handler, with storage, queue and ledger in memory, on any engine."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from broadsheet.adapters.background import Sender
from broadsheet.generations import CONTROL_ID, Control
from broadsheet.ingest_ports import IngestRuntime
from broadsheet.ports import BulkEngine, BulkItem, ObjectStore, ReceiptStore, Unit
from broadsheet.settings import IngestSettings
from functions.ingest.handler import _SIDE_BY_SIDE, answer
from infra.local.invocation import invocation
from infra.resources import FUNCTIONS
from tests.fakes import BUCKET, FakeClock, MemoryLedger, MemoryObjects, MemoryReceipts, RecordingQueue
from tests.samples import notification

_INGEST = next(function for function in FUNCTIONS if function.name == "ingest")


class Silent:
    """ports.Telemetry that keeps nothing: what is measured is not the memory of a fake."""

    def event(self, name: str, **fields: Any) -> None:
        pass

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        pass

    def measure(self, name: str, value: float, unit: Unit) -> None:
        pass

    def flush(self) -> None:
        pass


class Delayed:
    """Any port, each of its calls some seconds late, as over a network."""

    def __init__(self, port: Any, seconds: float) -> None:
        self._port = port
        self._seconds = seconds

    def __getattr__(self, name: str) -> Callable[..., Any]:
        call = getattr(self._port, name)

        def late(*values: Any, **named: Any) -> Any:
            time.sleep(self._seconds)
            return call(*values, **named)

        return late


class Discarding:
    """ports.BulkEngine that takes everything and keeps nothing."""

    def __init__(self) -> None:
        self.bytes = self.actions = 0

    def bulk(self, body: bytes) -> Sequence[BulkItem]:
        # Bodies of documents only: two lines each.
        actions = body.count(b"\n") // 2
        self.bytes += len(body)
        self.actions += actions
        return [BulkItem(201, None)] * actions


class Forgetful:
    """ports.ReceiptStore that keeps nothing."""

    def put(self, key: str, body: bytes) -> None:
        pass


class MemorySystem:
    """The ingest function on ports in memory; every delivery is one invocation.

    ``around`` is given each port of S3, SQS and DynamoDB, and what it returns is used instead.
    """

    def __init__(
        self,
        engine: BulkEngine,
        *,
        index_prefix: str,
        around: Callable[[Any], Any] = lambda port: port,
        objects: ObjectStore | None = None,
        receipts: ReceiptStore | None = None,
    ) -> None:
        self.clock = FakeClock()
        self.objects = MemoryObjects(self.clock)
        self.ledger = MemoryLedger()
        self.ledger.add(Control().to_json() | {"file_id": CONTROL_ID})
        self._sequencers = itertools.count(1)
        self.runtime = IngestRuntime(
            settings=IngestSettings(
                opensearch_url="unused",
                index_prefix=index_prefix,
                ledger_table="unused",
                uploads_bucket=BUCKET,
                outcomes_bucket="unused",
                queue_url="unused",
            ),
            objects=around(objects or self.objects),
            receipts=around(receipts or MemoryReceipts()),
            ledger=around(self.ledger),
            engine=engine,
            queue=around(RecordingQueue()),
            telemetry=Silent(),
            clock=self.clock,
            wait=time.sleep,
            background=Sender(),
            each=ThreadPoolExecutor(_SIDE_BY_SIDE).map,
        )

    def deliver(self, keys: Sequence[str]) -> None:
        """Tell the function of these objects as they are now, in one batch; nothing may come back."""
        self.deliver_events([self.event(key) for key in keys])

    def event(self, key: str) -> str:
        """Return the notification that S3 would send of an object, or of its removal."""
        stored = self.objects.head(BUCKET, key)
        etag = stored.etag if stored else None
        return notification(BUCKET, key, sequencer=f"{next(self._sequencers):016X}", etag=etag)

    def deliver_events(self, events: Sequence[str]) -> None:
        """Deliver notifications in one batch; nothing may come back."""
        records = [{"messageId": f"m{at}", "receiptHandle": "r", "body": body} for at, body in enumerate(events)]
        assert answer({"Records": records}, invocation(_INGEST, seconds=3_600), self.runtime) == {
            "batchItemFailures": []
        }
