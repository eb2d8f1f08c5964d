"""The ports in memory, for tests that own time and failures. Held to the real ones by the contract tests."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any, BinaryIO

import orjson

from broadsheet.errors import InfrastructureError, ObjectChangedError
from broadsheet.ledger_item import SHARDS
from broadsheet.model import StoredObject
from broadsheet.ports import BulkItem, DeadLetter, JsonObject, Unit

BUCKET = "uploads"


class FakeClock:
    """A clock that moves only when told."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class MemoryObjects:
    """ports.ObjectStore; ``before_open`` runs between the look at an object and its reading."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._objects: dict[tuple[str, str], tuple[StoredObject, bytes]] = {}
        self.before_open: Callable[[], None] = lambda: None

    def put(self, key: str, body: bytes, bucket: str = BUCKET) -> StoredObject:
        etag = hashlib.md5(body, usedforsecurity=False).hexdigest()
        modified = datetime.fromtimestamp(int(self._clock()), UTC)
        stored = StoredObject(bucket, key, etag, modified, len(body), "binary/octet-stream")
        self._objects[bucket, key] = (stored, body)
        return stored

    def delete(self, key: str, bucket: str = BUCKET) -> None:
        self._objects.pop((bucket, key), None)

    def head(self, bucket: str, key: str) -> StoredObject | None:
        found = self._objects.get((bucket, key))
        return found[0] if found else None

    def open(self, stored: StoredObject) -> BinaryIO:
        self.before_open()
        found = self._objects.get((stored.bucket, stored.key))
        if not found or found[0].etag != stored.etag:
            raise ObjectChangedError("changed")
        return io.BytesIO(found[1])

    def list(self, bucket: str, *, after: str = "", prefix: str = "") -> Iterator[StoredObject]:
        found = [stored for (place, key), (stored, _) in self._objects.items() if place == bucket and key > after]
        yield from sorted((o for o in found if o.key.startswith(prefix)), key=lambda stored: stored.key.encode())


class MemoryReceipts:
    """ports.ReceiptStore and ports.ReceiptReader."""

    def __init__(self) -> None:
        self.stored: dict[str, Any] = {}

    def put(self, key: str, body: bytes) -> None:
        lines = key.endswith(".ndjson")
        self.stored[key] = [orjson.loads(line) for line in body.splitlines()] if lines else orjson.loads(body)

    def get(self, key: str) -> bytes | None:
        stored = self.stored.get(key)
        return b"\n".join(map(orjson.dumps, stored)) if isinstance(stored, list) else stored and orjson.dumps(stored)


class MemoryLedger:
    """ports.LedgerStore, LedgerIndex and LedgerScan; items go through JSON as they would through a service."""

    def __init__(self) -> None:
        self._items: dict[str, bytes] = {}
        self.writes = 0

    def get(self, file_id: str) -> JsonObject | None:
        stored = self._items.get(file_id)
        return orjson.loads(stored) if stored else None

    def add(self, item: JsonObject) -> JsonObject | None:
        stored = self.get(item["file_id"])
        if stored is None:
            self._store(item)
        return stored

    def put(self, item: JsonObject, *, expected: Mapping[str, Any]) -> bool:
        stored = self.get(item["file_id"])
        if stored is None or any(stored.get(name) != value for name, value in expected.items()):
            return False
        self._store(item)
        return True

    def by_key(self, *, prefix: str, after: str, limit: int) -> list[JsonObject]:
        items = [item for item in self._files() if item["key"].startswith(prefix) and item["key"] > after]
        return sorted(items, key=lambda item: item["key"].encode())[:limit]

    def by_time(
        self, *, statuses: Sequence[str], since: str, until: str, before: tuple[str, str] | None, limit: int
    ) -> list[JsonObject]:
        def place(item: JsonObject) -> tuple[str, str]:
            return item["updated_at"], item["file_id"]

        items = [
            item
            for item in self._files()
            if item["status"] in statuses
            and since <= item["updated_at"] <= (until or "9")
            and (before is None or place(item) < before)
        ]
        return sorted(items, key=place, reverse=True)[:limit]

    def scan(self, *, after: str) -> Iterator[JsonObject]:
        for item in sorted(self._files(), key=lambda item: item["file_id"]):
            if item["file_id"] > after:
                yield {name: item[name] for name in ("file_id", "status", "generations")}

    def count_by_status(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for item in self._files():
            counts[item["status"]] = counts.get(item["status"], 0) + 1
        return counts

    def _store(self, item: JsonObject) -> None:
        self._items[item["file_id"]] = orjson.dumps(item)
        self.writes += 1

    def _files(self) -> list[JsonObject]:
        items = [orjson.loads(stored) for stored in self._items.values()]
        return [item for item in items if item.get("shard") in set(SHARDS)]


@dataclass
class Versioned:
    """A document, or a tombstone when ``source`` is None."""

    version: int
    source: JsonObject | None


@dataclass
class MemoryEngine:
    """ports.BulkEngine with external versions; refuses aliases it does not know, as ``require_alias`` does.

    ``answer`` may replace the answer to one action (given its alias and id), ``before`` may raise before a request.
    """

    aliases: set[str] = field(default_factory=set)
    documents: dict[str, dict[str, Versioned]] = field(default_factory=dict)
    requests: int = 0
    before: Callable[[bytes], None] = lambda _body: None
    answer: Callable[[str, str], BulkItem | None] = lambda _alias, _doc_id: None

    def bulk(self, body: bytes) -> Sequence[BulkItem]:
        self.requests += 1
        self.before(body)
        lines = iter(body.removesuffix(b"\n").split(b"\n"))
        items = []
        for line in lines:
            ((kind, head),) = orjson.loads(line).items()
            source = orjson.loads(next(lines)) if kind == "index" else None
            items.append(self._apply(kind, head, source))
        return items

    def found(self, alias: str) -> dict[str, JsonObject]:
        """Return the documents that are there, by id."""
        stored = self.documents.get(alias, {})
        return {doc_id: entry.source for doc_id, entry in stored.items() if entry.source is not None}

    def _apply(self, kind: str, head: JsonObject, source: JsonObject | None) -> BulkItem:
        alias, doc_id, version = head["_index"], head["_id"], head["version"]
        replaced = self.answer(alias, doc_id) if kind == "index" else None
        if replaced:
            return replaced
        if alias not in self.aliases:
            return BulkItem(404, "index_not_found_exception")
        stored = self.documents.setdefault(alias, {})
        old = stored.get(doc_id)
        if old and version <= old.version:
            return BulkItem(409, "version_conflict_engine_exception")
        missing = old is None or old.source is None
        stored[doc_id] = Versioned(version, source)
        if kind == "delete":
            return BulkItem(404 if missing else 200, None)
        return BulkItem(201 if missing else 200, None)


class MemoryAdmin:
    """ports.GenerationAdmin."""

    def __init__(self) -> None:
        self.indices: dict[str, JsonObject] = {}
        self.pointers: dict[str, str] = {}

    def create(self, index: str, body: JsonObject) -> bool:
        if index in self.indices:
            return False
        self.indices[index] = body
        self.pointers |= dict.fromkeys(body["aliases"], index)
        return True

    def aliases(self, name: str) -> list[str]:
        return sorted({index for alias, index in self.pointers.items() if fnmatchcase(alias, name)})

    def point(self, alias: str, index: str) -> None:
        self.move({alias: index})

    def move(self, targets: Mapping[str, str]) -> None:
        assert set(targets.values()) <= set(self.indices)
        self.pointers |= targets

    def delete(self, index: str) -> None:
        self.indices.pop(index, None)
        self.pointers = {alias: target for alias, target in self.pointers.items() if target != index}


class RecordingQueue:
    """ports.MessageQueue and HintSender that remembers what was held, for how long, and what was sent."""

    def __init__(self) -> None:
        self.held: list[tuple[str, int]] = []
        self.sent: list[str] = []

    def hold(self, receipt_handle: str, seconds: int) -> None:
        self.held.append((receipt_handle, seconds))

    def send(self, body: str, *, delay_seconds: int = 0) -> None:
        self.sent.append(body)

    def send_all(self, bodies: Sequence[str]) -> None:
        self.sent.extend(bodies)

    def waiting(self) -> int:
        return len(self.sent)


class MemoryDeadLetters:
    """ports.DeadLetters; what was received and not deleted is not given again."""

    def __init__(self, *bodies: str) -> None:
        self.letters = {f"receipt {number}": body for number, body in enumerate(bodies)}
        self._received: set[str] = set()

    def receive(self) -> list[DeadLetter]:
        letters = [DeadLetter(handle, body) for handle, body in self.letters.items() if handle not in self._received]
        self._received |= {letter.receipt_handle for letter in letters[:10]}
        return letters[:10]

    def delete(self, receipt_handle: str) -> None:
        del self.letters[receipt_handle]

    def count(self) -> int:
        return len(self.letters)


class RecordingTelemetry:
    """ports.Telemetry that remembers events and measures, and adds up counts."""

    def __init__(self) -> None:
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.counts: dict[str, float] = {}
        self.measures: dict[str, list[float]] = {}

    def event(self, name: str, **fields: Any) -> None:
        self.events.append((name, fields))

    def count(self, name: str, value: float = 1, **_dimensions: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + value

    def measure(self, name: str, value: float, unit: Unit) -> None:
        self.measures.setdefault(name, []).append(value)

    def flush(self) -> None:
        self.counts["flushes"] = self.counts.get("flushes", 0) + 1


class Unreachable:
    """A service that does not answer, as any port."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def fail(*_args: Any, **_values: Any) -> Any:
            raise InfrastructureError(f"{name} did not answer")

        return fail
