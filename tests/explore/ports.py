"""The ports of ingestion as one worker sees them: every call waits for the world's decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

import orjson

from broadsheet.errors import EngineError, InfrastructureError, ThrottledError
from broadsheet.model import StoredObject
from broadsheet.ports import BulkItem, JsonObject
from tests.explore.engine import Action, read_bulk
from tests.explore.uploads import BUGGY, POISON, line_of

if TYPE_CHECKING:
    from tests.explore.worker import Worker
    from tests.explore.world import World

_ERROR = InfrastructureError
_BUSY = BulkItem(429, "es_rejected_execution_exception")


class _Port:
    def __init__(self, world: World, worker: Worker) -> None:
        self.world = world
        self.worker = worker


class Objects(_Port):
    """ports.ObjectStore."""

    def head(self, bucket: str, key: str) -> StoredObject | None:
        return self.worker.call("objects.head", key, lambda: self._head(key), _ERROR)

    def open(self, stored: StoredObject) -> BinaryIO:
        self._check(stored)
        return self.worker.call("objects.open", stored.key, lambda: self.world.bucket.open(stored), _ERROR)

    def _head(self, key: str) -> StoredObject | None:
        self.worker.read[key] = self.world.bucket.changes(key)
        found = self.world.bucket.current(key)
        self.worker.looked[key] = found[0].etag if found else ""
        return found[0] if found else None

    def read_on(self, stored: StoredObject, number: int) -> None:
        """Stand between two records, as if each were read by a range of its own pinned to the ETag."""
        self.worker.call("objects.read_on", f"{stored.key} {number}", lambda: self._read_on(stored, number), _ERROR)

    def _check(self, stored: StoredObject) -> None:
        if self.worker.looked.get(stored.key) != stored.etag:
            self.world.violated(f"{self.worker.name} reads another state of {stored.key} than it looked at")

    def _read_on(self, stored: StoredObject, number: int) -> None:
        self._check(stored)
        line = line_of(self.world.bucket.open(stored).read(), number)
        if POISON in line:
            self.world.note("poison")
            poisoned = self.world.known.poisoned
            poisoned[stored.key, stored.etag] = poisoned.get((stored.key, stored.etag), 0) + 1
            self.worker.die()
        if BUGGY in line:
            raise ZeroDivisionError


class Receipts(_Port):
    """ports.ReceiptStore."""

    def put(self, key: str, body: bytes) -> None:
        self.worker.call("receipts.put", key, lambda: self.world.receipts.update({key: body}), _ERROR)


class LedgerTable(_Port):
    """ports.LedgerStore."""

    def get(self, file_id: str) -> JsonObject | None:
        world = self.world
        return self.worker.call("ledger.get", file_id, lambda: world.ledger_get(file_id), _ERROR)

    def add(self, item: JsonObject) -> JsonObject | None:
        return self.worker.call("ledger.add", item["file_id"], lambda: self._add(item), _ERROR)

    def put(self, item: JsonObject, *, expected: Mapping[str, Any]) -> bool:
        worker, world = self.worker, self.world
        read = dict(worker.read)
        return worker.call(
            "ledger.put", item["file_id"], lambda: world.ledger_put(item, expected, worker, read), _ERROR
        )

    def _add(self, item: JsonObject) -> JsonObject | None:
        stored = self.world.ledger_get(item["file_id"])
        return None if self.world.ledger_put(item, None, self.worker, {}) else stored


class BulkSide(_Port):
    """ports.BulkEngine."""

    def bulk(self, body: bytes) -> Sequence[BulkItem]:
        actions = read_bulk(body)
        how = self.worker.wait_for("engine.bulk", f"{len(actions)} actions")
        world, worker = self.world, self.worker
        apply = world.engine.apply
        if world.away:
            raise EngineError("the engine is away")
        if how == "ok":
            return apply(actions)
        world.note(f"engine.bulk {how}")
        if how == "twice":
            apply(actions)
            return apply(actions)
        if how == "busy":
            return [_BUSY if number % 2 else apply([action])[0] for number, action in enumerate(actions)]
        if how == "throttled":
            raise ThrottledError("429")
        if how == "part":
            middle = (len(actions) + 1) // 2
            apply(actions[:middle])
            world.postpone(worker, "engine.bulk", "the rest", lambda: apply(actions[middle:]))
        elif how in {"lost", "die"}:
            apply(actions)
        elif how == "late":
            world.postpone(worker, "engine.bulk", describe(actions), lambda: apply(actions))
        if how == "die":
            worker.die()
        raise EngineError(f"no answer ({how})")


class WorkersQueue(_Port):
    """ports.MessageQueue."""

    def hold(self, receipt_handle: str, seconds: int) -> None:
        world = self.world
        self.worker.call(
            "queue.hold",
            f"{receipt_handle} {seconds} s",
            lambda: world.queue.hold(receipt_handle, world.now + seconds),
            _ERROR,
        )

    def send(self, body: str, *, delay_seconds: int = 0) -> None:
        world, worker = self.world, self.worker
        try:
            worker.call("queue.send", body, lambda: world.send_from(worker, body, delay_seconds), _ERROR)
        except _ERROR:
            # A claim that can be given back in no way looks like a crash.
            world.lost_with(orjson.loads(body)["key"])
            raise


def describe(actions: Sequence[Action]) -> str:
    """Return actions as a person reads them."""
    return ", ".join(
        f"{'delete' if action.source is None else 'index'} {action.doc_id.partition('-')[2]} at {action.version}"
        for action in actions
    )
