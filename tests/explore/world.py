"""Everything around ingestion, simulated: bucket, events, queue, ledger, engine, workers, and one virtual clock.

Nothing happens by itself: ``steps`` says what can.
"""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from broadsheet.generations import CONTROL_ID
from broadsheet.ids import file_id
from broadsheet.ports import JsonObject
from tests.explore.bucket import BUCKET, SIDECAR, Bucket, notification
from tests.explore.engine import Action, Engine
from tests.explore.message_queue import Queue
from tests.explore.operations import Operations
from tests.explore.rules import KEYS, LATE_SECONDS, SETTINGS, START, TAKE_DOWNS, Rules
from tests.explore.subject import EXECUTE
from tests.explore.worker import Execute, Worker


class NoTelemetry:
    """ports.Telemetry that counts how often each event was seen. Nothing may crash but what was uploaded for that."""

    def __init__(self, seen: dict[str, int], violated: Callable[[str], None], left: Callable[[str], None]) -> None:
        self._seen = seen
        self._violated = violated
        self._left = left

    def event(self, name: str, **fields: Any) -> None:
        name = f"{name}:{fields['code']}" if "code" in fields else name
        self._seen[name] = self._seen.get(name, 0) + 1
        if fields.get("code") == "crashed" and fields.get("error") != "ZeroDivisionError":
            self._violated(f"crash: {fields}")
        if name == "claim_left":
            # A claim that may have been made, and cannot be given back, looks like a crash.
            self._left(fields["file_id"])

    def count(self, name: str, value: float = 1, **_dimensions: str) -> None:
        self._seen[f"#{name}"] = self._seen.get(f"#{name}", 0) + 1

    def measure(self, name: str, value: float, unit: str) -> None:
        """Keep no values: time is the world's own."""

    def flush(self) -> None:
        """Have nothing to write."""


@dataclass
class Late:
    """A request that was sent and may still be done until ``until``."""

    text: str
    effect: Callable[[], Any]
    until: float


@dataclass
class Known:
    """What the world remembers in order to judge: which changes were read and closed, who was killed, what was lost.

    ``twins`` are keys of messages that were delivered more than once before they were acknowledged: who took them for a
    second time may die with the claim, and only reconciling finds that no message is left.
    """

    closed: dict[str, int] = field(default_factory=dict)
    kills: dict[str, int] = field(default_factory=dict)
    twins: set[str] = field(default_factory=set)
    poisoned: dict[tuple[str, str], int] = field(default_factory=dict)
    needs_reconcile: bool = False
    restored: bool = False
    violations: list[str] = field(default_factory=list)


class World:
    """See the module."""

    def __init__(
        self,
        seed: int,
        rules: Rules,
        execute: Execute = EXECUTE,
        operations: type[Operations] = Operations,
        story: list[str] | None = None,
    ) -> None:
        random.seed(seed)  # the jitter of ingestion itself
        self.started = self.now = START
        self.rules = rules
        self.timeout = rules.timeout
        self.settings = replace(SETTINGS, bulk_bytes=rules.bulk_bytes, bulk_actions=rules.bulk_actions)
        self.execute = execute
        self.bucket = Bucket()
        self.queue = Queue(rules.visibility, rules.most_receives)
        self.engine = Engine(lambda: self.now, rules.gc_seconds, self._fell)
        self.receipts: dict[str, bytes] = {}
        self.seen: dict[str, int] = {}
        self.telemetry = NoTelemetry(self.seen, self.violated, lambda file: self.lost_with(self.keys_of[file]))
        self.workers: dict[str, Worker] = {}
        self.late: list[Late] = []
        self.away = False
        self.landing = False
        self.known = Known()
        self.on_close: Callable[[World, Worker, JsonObject], None] = lambda _world, _worker, _item: None
        self.keys_of = {file_id(BUCKET, key): key for key in (*KEYS, TAKE_DOWNS)}
        self.ledger: dict[str, bytes] = {}
        self.snapshot: dict[str, bytes] | None = None
        self._sequencer = 0
        self.story = story
        self.operations = operations(self)

    def pass_time(self, seconds: float) -> None:
        """Move the clock; end the workers whose time is over and forget requests that were never done."""
        target = self.now + max(seconds, 0)
        if not self.rules.frozen:
            over = [worker for worker in self.workers.values() if worker.deadline <= target]
            for worker in sorted(over, key=lambda worker: worker.deadline):
                self.now = max(self.now, worker.deadline)
                self.log(f"{worker.name}: out of time")
                self.kill(worker.name)
        self.now = target
        if self.late:
            self.late = [late for late in self.late if late.until > self.now]

    def postpone(self, worker: Worker, name: str, subject: str, effect: Callable[[], Any]) -> None:
        """Keep a request that was sent without an answer."""
        self.late.append(Late(f"{worker.name} {name} {subject}", effect, self.now + LATE_SECONDS))

    def send_from(self, worker: Worker, body: str, delay_seconds: float) -> None:
        """Send a message of a worker: it takes over what the worker's messages of that key stand for."""
        key = orjson.loads(body)["key"]
        duty: dict[str, int] = {}
        for message in worker.messages:
            queued = self.queue.waiting.get(message.message_id)
            for name, change in queued.duty.items() if queued else ():
                if name.removesuffix(SIDECAR) == key:
                    duty[name] = max(change, duty.get(name, 0))
        worker.sent += 1
        self.queue.send(f"{worker.name}+{worker.sent}", body, duty, self.now + delay_seconds)

    def acknowledge(self, worker: Worker, name: str) -> None:
        """Delete a message; by then everything it stands for must have been read and closed, or handed on."""
        queued = self.queue.waiting.get(name)
        self.queue.delete(name)
        if queued is None:
            return
        if queued.receives > 1:
            self.known.twins.update(key.removesuffix(SIDECAR) for key in queued.duty)
        for key, change in queued.duty.items():
            handed_on = any(other.duty.get(key, 0) >= change for other in self.queue.waiting.values())
            # What a restored ledger calls done may be older; the rebuild that has to follow looks at every file.
            if handed_on or self.known.restored:
                continue
            if self.known.closed.get(key, 0) < change:
                self.violated(f"{worker.name} acknowledged {name}, but change {change} of {key} was not closed")
            item = self.items().get(key.removesuffix(SIDECAR), {})
            missing = set(worker.began_with) & set(self.operations.active) - set(item.get("generations", ()))
            # A message that only continues work is done when that has an outcome.
            if missing and not orjson.loads(queued.body).get("resume"):
                self.violated(f"{worker.name} acknowledged {name}, but {key} is not in generation {missing}")

    def ledger_get(self, name: str) -> JsonObject | None:
        """Return an item by a consistent read."""
        stored = self.ledger.get(name)
        return orjson.loads(stored) if stored else None

    def ledger_put(
        self, item: JsonObject, expected: Mapping[str, Any] | None, worker: Worker, read: Mapping[str, int]
    ) -> bool:
        """Store an item conditionally; ``read`` is what the worker had seen when it sent this."""
        name = item["file_id"]
        stored = self.ledger_get(name)
        if (stored is None) != (expected is None):
            return False
        if stored is not None and any(stored.get(field) != value for field, value in (expected or {}).items()):
            self.note("conditional write refused")
            return False
        if stored is not None and stored["epoch"] > item["epoch"]:
            self.violated(f"{worker.name} lowered the epoch of {self.keys_of[name]}")
        if stored and stored["lease_until"] and stored["epoch"] < item["epoch"]:
            holder = self.workers.get(stored["token"].partition("/")[0])
            if holder and holder is not worker:
                # It stands still for longer than its lease, which nobody can tell from a crash.
                self.lost_with(item["key"])
        if stored is None or (stored["token"] != item["token"] and stored["epoch"] < item["epoch"]):
            worker.active[item["key"]] = self.operations.active
            if self.landing:
                # A claim of somebody who knows nothing of it: it looks like a crash.
                self.lost_with(item["key"])
        self.ledger[name] = orjson.dumps(item)
        if item["status"] != "processing":
            key = item["key"]
            for each in (key, key + SIDECAR):
                self.known.closed[each] = max(self.known.closed.get(each, 0), read.get(each, 0))
            worker.files.discard(key)
            self.on_close(self, worker, item)
        return True

    def items(self) -> dict[str, JsonObject]:
        """Return the items of files, by key."""
        items = [orjson.loads(stored) for name, stored in self.ledger.items() if name != CONTROL_ID]
        return {item["key"]: item for item in items}

    def violated(self, sentence: str, error: Exception | None = None) -> None:
        """Note that something happened that must not."""
        self.known.violations.append(sentence)
        self.log(f"VIOLATION: {sentence}")
        if error is not None and self.story is not None:
            self.story.extend(traceback.format_exception(error))

    def note(self, name: str) -> None:
        """Count that something worth knowing happened."""
        self.seen[name] = self.seen.get(name, 0) + 1

    def log(self, line: str) -> None:
        """Say what a step did."""
        if self.story is not None:
            self.story.append(f"{self.now - START:8.2f}      {line}")

    def resume(self, worker: Worker, how: str, strand: int | None = None) -> None:
        """Let a worker make the call it waits in."""
        if self.story is not None:
            name, subject = worker.part(strand).reached
            self.log(f"{worker.name} {name} {self.keys_of.get(subject, subject)}: {how}")
        worker.resume(how, strand)
        if worker.ended:
            self.workers.pop(worker.name, None)
            if how == "die":
                self.count_killed(worker)

    def kill(self, name: str) -> None:
        """End a worker where it stands."""
        worker = self.workers.pop(name, None)
        if worker:
            self.count_killed(worker)
            worker.kill()

    def count_killed(self, worker: Worker) -> None:
        """Remember that a worker ended while it had files."""
        self.note("killed")
        for key in worker.files:
            self.lost_with(key)

    def lost_with(self, key: str) -> None:
        """Count an attempt at a file that ended without an end."""
        self.known.kills[key] = self.known.kills.get(key, 0) + 1

    def announce(self, name: str, key: str, change: int, *, lost: bool) -> None:
        """Send the notification of a change, unless it gets ``lost``."""
        self._sequencer += 1
        if lost:
            self.known.needs_reconcile = True
            return
        found = self.bucket.current(key)
        sequencer = f"{self._sequencer:06X}" if self.rules.sequencers else None
        body = notification(key, sequencer, found[0].etag if found else None)
        self.queue.send(name, body, {key: change}, self.now)

    def _fell(self, action: Action, highest: int) -> None:
        document = f"{self.keys_of[action.doc_id.partition('-')[0]]} {action.doc_id.partition('-')[2]}"
        self.violated(f"document {document} fell from version {highest} to {action.version}")
