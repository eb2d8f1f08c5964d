"""Ingestion through the real handler against the engine's own ``_bulk`` with the same documents, ready made."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import orjson

from broadsheet.adapters.opensearch import OpenSearchAdmin, OpenSearchBulk, client
from broadsheet.generations import ensure_generations
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.ingest import IngestRuntime
from broadsheet.settings import EngineSettings, IndicesSettings, IngestSettings
from functions.ingest.handler import answer
from infra.local.invocation import invocation
from infra.resources import FUNCTIONS
from tests.bench.measure import Line, interleaved, wall
from tests.fakes import (
    BUCKET,
    FakeClock,
    MemoryLedger,
    MemoryObjects,
    MemoryReceipts,
    RecordingQueue,
    RecordingTelemetry,
)
from tests.samples import HOMS, notification

FILES = 100
BATCH = 10
DOCUMENTS_PER_FILE = 31


class _Recording:
    """A bulk engine that passes bodies on and keeps them."""

    def __init__(self, engine: OpenSearchBulk) -> None:
        self._engine = engine
        self.bodies: list[bytes] = []

    def bulk(self, body: bytes) -> Any:
        self.bodies.append(body)
        return self._engine.bulk(body)


def measure(opensearch_url: str, prefix: str) -> Iterator[Line]:
    """Yield the rate of the handler on one object per article; storage and ledger are in memory and cost nothing.

    Every round writes the same documents under a higher version: handler and ceiling do the same to the engine.
    """
    settings = EngineSettings(opensearch_url=opensearch_url, index_prefix=prefix, sign_requests=False)
    ledger = MemoryLedger()
    ensure_generations(
        OpenSearchAdmin(client(settings)),
        ledger,
        IndicesSettings(opensearch_url=opensearch_url, index_prefix=prefix, ledger_table="unused", replicas="false"),
    )
    clock = FakeClock()
    objects = MemoryObjects(clock)
    text = HOMS.read_bytes()
    for number in range(FILES):
        objects.put(f"{number}.txt", text)
    direct = OpenSearchBulk(client(settings))
    engine = _Recording(direct)
    runtime = IngestRuntime(
        settings=IngestSettings(
            opensearch_url=opensearch_url,
            index_prefix=prefix,
            ledger_table="unused",
            uploads_bucket=BUCKET,
            outcomes_bucket="unused",
            queue_url="unused",
        ),
        objects=objects,
        receipts=MemoryReceipts(),
        ledger=ledger,
        engine=engine,
        queue=RecordingQueue(),
        telemetry=RecordingTelemetry(),
        clock=clock,
        wait=clock.sleep,
    )
    function = next(function for function in FUNCTIONS if function.name == "ingest")
    sequencers = itertools.count(1)

    def handler() -> None:
        clock.sleep(1)
        engine.bodies.clear()
        for first in range(0, FILES, BATCH):
            bodies = [
                notification(BUCKET, f"{number}.txt", sequencer=f"{next(sequencers):016X}")
                for number in range(first, first + BATCH)
            ]
            records = [{"messageId": f"m{at}", "receiptHandle": "r", "body": body} for at, body in enumerate(bodies)]
            assert answer({"Records": records}, invocation(function), runtime) == {"batchItemFailures": []}

    handler()
    finished = list(engine.bodies)
    ready: list[bytes] = []

    def prepare() -> None:
        """Give the finished bodies a version above the last one; not part of what is timed."""
        clock.sleep(1)
        version = int(clock() * 1000)
        ready.clear()
        ready.extend(_with_version(body, version) for body in finished)

    def ceiling() -> None:
        for body in ready:
            items = direct.bulk(body)
            assert all(item.status < 300 for item in items)

    rates: dict[str, list[float]] = {"handler": [], "ceiling": []}
    for _ in range(5):
        prepare()
        rates["ceiling"].append(interleaved({"ceiling": ceiling}, rounds=1, clock=wall)["ceiling"])
        rates["handler"].append(interleaved({"handler": handler}, rounds=1, clock=wall)["handler"])
    best = {name: min(times) for name, times in rates.items()}
    documents = FILES * DOCUMENTS_PER_FILE
    yield Line("_bulk with finished bodies", documents / best["ceiling"], "documents/s")
    yield Line(
        "ingest handler, one object per article, batches of 10",
        documents / best["handler"],
        "documents/s",
        "_bulk with finished bodies",
        best["ceiling"] / best["handler"],
    )
    for kind in KINDS:
        client(settings).indices.delete(index=IndexNames(prefix).index(kind, 1))


def _with_version(body: bytes, version: int) -> bytes:
    lines = body.split(b"\n")
    for at in range(0, len(lines) - 1, 2):
        action = orjson.loads(lines[at])
        action["index"]["version"] = version
        lines[at] = orjson.dumps(action)
    return b"\n".join(lines)
