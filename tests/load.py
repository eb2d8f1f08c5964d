"""`make load`: objects of mixed size, overwritten and deleted while people search; the index must equal the bucket.

Objects, queue and ledger are in memory, the engine is real: an emulator of S3, SQS and DynamoDB in Python takes about
35 ms for the calls of one file, and the load would be one of the emulator. Several workers take batches at a time, as
Lambda does; every event may come twice. The uploader never has more than a bounded number of messages waiting, so that
the lag is that of a system which keeps up.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, BinaryIO

import orjson
from opensearchpy.helpers import scan

from broadsheet.adapters.opensearch import OpenSearchAdmin, OpenSearchBulk, OpenSearchSearch, client
from broadsheet.archive import Archive
from broadsheet.generations import ensure_generations
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.ingest_ports import IngestRuntime
from broadsheet.model import StoredObject
from broadsheet.ports import JsonObject
from broadsheet.settings import IndicesSettings, IngestSettings
from functions.ingest.handler import answer
from functions.search.handler import make_api
from infra.local.engine import engine_from_environ
from infra.local.invocation import invocation
from infra.resources import FUNCTIONS, QUEUE
from tests.bench import family
from tests.fakes import BUCKET, MemoryLedger, MemoryObjects, MemoryReceipts, RecordingTelemetry
from tests.invariants import NOT_GIVEN_BACK, documents_of
from tests.samples import load_event, notification

OVERWRITTEN, DELETED, TWICE = 0.10, 0.05, 0.02
"""Shares of the objects that are written again, deleted afterwards, and of events that come twice."""

_WORKERS = 4
_MOST_WAITING = 200
_QUESTIONS = ("Homs rebels", '"Old City"', "evacuation", "reader7", "aid OR convoy", "popeye")
_SEEN_SECONDS = 0.2
_FUNCTIONS = {function.name: function for function in FUNCTIONS}
_WORDS = ("rebels", "convoy", "district", "evacuation", "siege", "truce", "market", "council", "حمص", "المدينة")


@dataclass
class Report:
    """What a load did; times in seconds."""

    uploads: int = 0
    deletions: int = 0
    documents: int = 0
    seconds: float = 0.0
    lags: list[float] = field(default_factory=list)
    searches: list[float] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Yield the report for people."""
        changes = self.uploads + self.deletions
        yield f"{self.uploads:,} uploads and {self.deletions:,} deletions in {self.seconds:.1f} s"
        yield f"{changes / self.seconds:,.0f} changes/s; {self.documents:,} documents at the end"
        yield f"lag from upload to closed: p50 {_at(self.lags, 50):.2f} s, p99 {_at(self.lags, 99):.2f} s"
        searches = [1000 * second for second in self.searches]
        yield f"{len(searches):,} searches meanwhile: p50 {_at(searches, 50):.0f} ms, p99 {_at(searches, 99):.0f} ms"
        yield f"{len(self.differing)} documents differ from the bucket" if self.differing else "index equals bucket"


def _at(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]


class _Queue:
    """ports.MessageQueue in memory, with visibility, for several workers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._messages: dict[str, tuple[float, int, str]] = {}

    def send(self, body: str, *, delay_seconds: int = 0) -> None:
        with self._lock:
            self._messages[uuid.uuid4().hex] = (time.monotonic() + delay_seconds, 0, body)

    def hold(self, receipt_handle: str, seconds: int) -> None:
        with self._lock:
            _, receives, body = self._messages[receipt_handle]
            self._messages[receipt_handle] = (time.monotonic() + seconds, receives, body)

    def receive(self) -> list[JsonObject]:
        """Return up to a batch of messages, as Lambda would be given them."""
        now = time.monotonic()
        with self._lock:
            found = [name for name, (visible, _, _) in self._messages.items() if visible <= now][: QUEUE.batch_size]
            records = []
            for name in found:
                _, receives, body = self._messages[name]
                self._messages[name] = (now + QUEUE.visibility, receives + 1, body)
                attributes = {"ApproximateReceiveCount": str(receives + 1)}
                records.append({"messageId": name, "receiptHandle": name, "body": body, "attributes": attributes})
        return records

    def delete(self, names: Iterator[str]) -> None:
        with self._lock:
            for name in names:
                del self._messages[name]

    def __len__(self) -> int:
        return len(self._messages)


class _Ledger(MemoryLedger):
    """A ledger for several workers that notes when files were closed."""

    def __init__(self) -> None:
        super().__init__()
        self.closed: list[tuple[str, str | None, float]] = []
        self._lock = threading.Lock()

    def add(self, item: JsonObject) -> JsonObject | None:
        with self._lock:
            return super().add(item)

    def put(self, item: JsonObject, *, expected: Mapping[str, Any]) -> bool:
        with self._lock:
            stored = super().put(item, expected=expected)
        if stored and item.get("status", "processing") != "processing" and not item["lease_until"]:
            self.closed.append((item["key"], item.get("etag"), time.monotonic()))
        return stored


class _OneObject:
    """A bucket as if it had one object only: what is compared is held for one at a time."""

    def __init__(self, objects: MemoryObjects, stored: StoredObject) -> None:
        self._objects = objects
        self._stored = stored

    def head(self, bucket: str, key: str) -> StoredObject | None:
        return self._objects.head(bucket, key)

    def open(self, stored: StoredObject) -> BinaryIO:
        return self._objects.open(stored)

    def list(self, bucket: str, *, after: str = "", prefix: str = "") -> Iterator[StoredObject]:
        yield self._stored


class Load:
    """One bucket and one pair of indices under load."""

    def __init__(self, opensearch_url: str, prefix: str, count: int, seed: int = 0) -> None:
        self.report = Report()
        self._count = count
        self._chance = random.Random(seed)  # noqa: S311 - the same load every time
        self._settings = IngestSettings(
            opensearch_url=opensearch_url,
            index_prefix=prefix,
            sign_requests=False,
            ledger_table="unused",
            uploads_bucket=BUCKET,
            outcomes_bucket="unused",
            queue_url="unused",
        )
        self._names = IndexNames(prefix)
        self._objects = MemoryObjects(time.time)
        self._receipts = MemoryReceipts()
        self._ledger = _Ledger()
        self._queue = _Queue()
        self._changed: dict[tuple[str, str | None], float] = {}
        self._over = threading.Event()

    def run(self) -> Report:
        """Do everything and compare; an error of a worker or of a search is raised."""
        engine = client(self._settings)
        url, prefix = self._settings.opensearch_url, self._settings.index_prefix
        indices = IndicesSettings(
            opensearch_url=url, index_prefix=prefix, sign_requests=False, ledger_table="unused", refresh_interval="1s"
        )
        ensure_generations(OpenSearchAdmin(engine), self._ledger, indices)
        try:
            started = time.monotonic()
            with ThreadPoolExecutor(_WORKERS + 1) as threads:
                running = [threads.submit(self._work) for _ in range(_WORKERS)]
                running.append(threads.submit(self._search))
                try:
                    self._upload(running)
                    while len(self._queue) and not any(thread.done() for thread in running):
                        time.sleep(_SEEN_SECONDS)
                finally:
                    self._over.set()
                for thread in running:
                    thread.result()
            self.report.seconds = time.monotonic() - started
            self.report.lags = [then - self._changed[key, etag] for key, etag, then in self._ledger.closed]
            self._compare(engine)
        finally:
            for kind in KINDS:
                OpenSearchAdmin(engine).delete(self._names.index(kind, 1))
            engine.close()
        return self.report

    def _upload(self, running: Sequence[Any]) -> None:
        """Make the changes in random order, at the rate at which the workers take them."""
        numbers = range(self._count)
        again = self._chance.sample(numbers, int(self._count * OVERWRITTEN))
        gone = self._chance.sample(numbers, int(self._count * DELETED))
        changes = [(self._chance.random(), number, "put") for number in numbers]
        at = {number: when for when, number, _ in changes}
        # After the first upload, whenever that is.
        changes += [(self._chance.uniform(at[number], 1.0), number, "put") for number in again]
        changes += [(self._chance.uniform(at[number], 1.0), number, "delete") for number in gone]
        for revision, (_, number, what) in enumerate(sorted(changes)):
            while len(self._queue) >= _MOST_WAITING and not any(thread.done() for thread in running):
                time.sleep(0.01)
            self._change(number, what, revision)

    def _change(self, number: int, what: str, revision: int) -> None:
        name, make = _KINDS[number % len(_KINDS)]
        key = f"{number % 97}/{number}.{name}"
        etag = None
        body = make(revision) if what == "put" else b""
        changed_at = time.monotonic()
        if what == "put":
            etag = self._objects.put(key, body).etag
            self.report.uploads += 1
        else:
            self._objects.delete(key)
            self.report.deletions += 1
        self._changed[key, etag] = changed_at
        message = notification(BUCKET, key, sequencer=f"{revision:016X}", etag=etag)
        for _ in range(1 + (self._chance.random() < TWICE)):
            self._queue.send(message)

    def _work(self) -> None:
        """Take batches until everything is over, as one instance of the function."""
        engine = client(self._settings)
        with ThreadPoolExecutor(1) as background:
            runtime = IngestRuntime(
                settings=self._settings,
                objects=self._objects,
                receipts=self._receipts,
                ledger=self._ledger,
                engine=OpenSearchBulk(engine),
                queue=self._queue,
                telemetry=RecordingTelemetry(),
                clock=time.time,
                wait=time.sleep,
                background=background,
            )
            while not self._over.is_set():
                records = self._queue.receive()
                if not records:
                    time.sleep(0.02)
                    continue
                failed = answer({"Records": records}, invocation(_FUNCTIONS["ingest"]), runtime)
                back = {entry["itemIdentifier"] for entry in failed["batchItemFailures"]}
                self._queue.delete(name for record in records if (name := record["messageId"]) not in back)
        engine.close()

    def _search(self) -> None:
        """Ask questions, one after another."""
        engine = client(self._settings)
        api = make_api(Archive(OpenSearchSearch(engine), self._names, 5_000), RecordingTelemetry())
        asked = 0
        while not self._over.is_set():
            question = _QUESTIONS[asked % len(_QUESTIONS)]
            asked += 1
            event = load_event("search/search")
            event["queryStringParameters"] = {"q": question}
            event["multiValueQueryStringParameters"] = {"q": [question]}
            started = time.perf_counter()
            answered = api.resolve(event, invocation(_FUNCTIONS["search"]))
            self.report.searches.append(time.perf_counter() - started)
            assert answered["statusCode"] == 200, answered
            time.sleep(0.02)
        engine.close()

    def _compare(self, engine: Any) -> None:
        """Note every document that is missing, stale, or other than reading the bucket gives."""
        engine.indices.refresh(index=f"{self._settings.index_prefix}-*")
        for kind in KINDS:
            hits = scan(engine, index=self._names.index(kind, 1), size=2_000)
            found = {hit["_id"]: _hash(hit["_source"]) for hit in hits}
            self.report.documents += len(found)
            for stored in self._objects.list(BUCKET):
                one = _OneObject(self._objects, stored)
                wanted = documents_of(one, BUCKET, zone=self._settings.default_zone)[kind]
                for doc_id, source in wanted.items():
                    if found.pop(doc_id, None) != _hash(source):
                        self.report.differing.append(f"{stored.key} {doc_id}")
            self.report.differing.extend(f"stale {doc_id}" for doc_id in found)


def _hash(source: JsonObject) -> bytes:
    shown = {name: value for name, value in source.items() if name not in NOT_GIVEN_BACK}
    return blake2b(orjson.dumps(shown, option=orjson.OPT_SORT_KEYS), digest_size=16).digest()


def _page(revision: int) -> bytes:
    """Return a small page with up to ten comments."""
    chance = random.Random(revision)  # noqa: S311
    comments = chance.randrange(11)
    said = "".join(
        f"Thumb reader{chance.randrange(50)} 09 May 2014, 16:{minute:02}\n\n{_sentence(chance)}\n\n"
        for minute in range(comments)
    )
    paragraphs = "\n\n".join(_sentence(chance) for _ in range(chance.randrange(1, 20)))
    return f"Story {revision}\n\n{paragraphs}\n\nComments {comments}\n{said}".encode()


def _small_archive(revision: int) -> bytes:
    """Return a packed export of up to twenty small articles."""
    chance = random.Random(revision)  # noqa: S311
    articles = [
        {
            "id": f"{revision}-{number}",
            "title": f"Story {revision}-{number}",
            "body": _sentence(chance),
            "comments": [
                {"author": f"reader{chance.randrange(50)}", "body": _sentence(chance)}
                for _ in range(chance.randrange(10))
            ],
        }
        for number in range(chance.randrange(1, 21))
    ]
    return b"".join(family.packed(orjson.dumps(article) + b"\n" for article in articles))


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(_WORDS, k=chance.randrange(5, 40))) + "."


_KINDS = (*([("txt", _page)] * 8), ("txt", family.text), ("jsonl.gz", _small_archive))
"""Of ten objects: eight small pages, one of the sample's size, one packed export."""


def main() -> int:
    """Put the system under load and report; 1 when the index differs from the bucket."""
    options = argparse.ArgumentParser(prog="make load ARGS=...", description=__doc__.partition(":")[0])
    options.add_argument("--objects", type=int, default=20_000, help="how many objects (default 20000)")
    options.add_argument("--seed", type=int, default=0, help="another load of the same kind")
    chosen = options.parse_args()
    with engine_from_environ(os.environ) as url:
        report = Load(url, f"load-{uuid.uuid4().hex[:8]}", chosen.objects, chosen.seed).run()
    for line in report.lines():
        print(line)  # noqa: T201 - a report for people
    for each in report.differing[:20]:
        print(f"differs: {each}")  # noqa: T201
    return 1 if report.differing else 0


if __name__ == "__main__":
    sys.exit(main())
