"""Ingestion with one rule of its protocol left out: what the explorer must find, or it proves nothing.

Each mutant is the real code with one faulty collaborator: a subclass, or a port that is not what it should be.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from broadsheet.bulk_writer import Action, BulkWriter
from broadsheet.checkpoint import Checkpoint, Marks
from broadsheet.errors import EngineError, InfrastructureError
from broadsheet.generations import CONTROL_ID
from broadsheet.ids import file_id
from broadsheet.ingest import Batch, IngestRuntime
from broadsheet.ledger import Held, Ledger, LedgerItem, Settled
from broadsheet.model import StoredObject
from broadsheet.notifications import Change
from broadsheet.ports import JsonObject
from broadsheet.suppression import Suppression, TakeDowns
from tests.explore.operations import Operations
from tests.explore.subject import EXECUTE, SmallBatch, SmallRun, executing
from tests.explore.worker import Execute


@dataclass(frozen=True)
class Mutant:
    """A rule, and ingestion (or what is done beside it) without it."""

    rule: str
    execute: Execute = EXECUTE
    operations: type[Operations] = Operations


def of_batch(rule: str, **attributes: Any) -> Mutant:
    """Make a mutant whose batch has other classes or methods."""
    return Mutant(rule, executing(type("FaultyBatch", (SmallBatch,), attributes)))


def of_ledger(rule: str, **methods: Any) -> Mutant:
    """Make a mutant whose ledger differs in a method."""
    return of_batch(rule, ledger_class=type("FaultyLedger", (Ledger,), methods))


def of_run(rule: str, **methods: Any) -> Mutant:
    """Make a mutant whose runs differ in a method."""
    return of_batch(rule, run_class=type("FaultyRun", (SmallRun,), methods))


def of_writer(rule: str, **methods: Any) -> Mutant:
    """Make a mutant whose bulk writer differs in a method."""
    return of_batch(rule, writer_class=type("FaultyWriter", (BulkWriter,), methods))


def of_runtime(rule: str, change: Callable[[IngestRuntime], dict[str, Any]]) -> Mutant:
    """Make a mutant that has other ports."""

    def begin(self: Batch, runtime: IngestRuntime, request_id: str, remaining: Callable[[], float]) -> None:
        SmallBatch.__init__(self, replace(runtime, **change(runtime)), request_id, remaining)

    return of_batch(rule, __init__=begin)


def of_operations(rule: str, **methods: Any) -> Mutant:
    """Make a mutant of what is done beside ingestion."""
    return Mutant(rule, operations=type("FaultyOperations", (Operations,), methods))


# The claim


def _acknowledges_held(self: Batch, messages: Any, at_most: float | None = None) -> None:
    if at_most is None:
        SmallBatch._return(self, messages)


def _ignores_leases(self: Ledger, change: Change, **values: Any) -> LedgerItem | Held | Settled:
    found = Ledger.claim(self, change, **values)
    while isinstance(found, Held):
        stored = self._store.get(_identity(change)) or {}
        found = Ledger.claim(self, replace(change, released=stored.get("epoch", 0)), **values)
    return found


def _identity(change: Change) -> str:
    return file_id(change.bucket, change.key)


def _without_margin(self: Ledger, change: Change, *, lease_seconds: float, **values: Any) -> Any:
    return Ledger.claim(self, change, lease_seconds=lease_seconds - 60, **values)


def _keeps_the_epoch(self: Ledger, change: Change, **values: Any) -> LedgerItem | Held | Settled:
    before = self._store.get(_identity(change))
    claim = Ledger.claim(self, change, **values)
    if not before or not isinstance(claim, LedgerItem):
        return claim
    same = replace(claim, epoch=before["epoch"])
    self._store.put(same.to_json(), expected={"epoch": claim.epoch})
    return same


def _settles_hints(self: Ledger, change: Change, **values: Any) -> LedgerItem | Held | Settled:
    stored = self._store.get(_identity(change))
    if stored and change.again and stored["status"] != "processing":
        return Settled(stored["status"])
    return Ledger.claim(self, change, **values)


def _settles_without_generations(self: Ledger, change: Change, *, generations: Any, **values: Any) -> Any:
    return Ledger.claim(self, replace(change, again=False), generations=(), **values)


class _Early:
    """Objects whose state is remembered from the first look at them."""

    def __init__(self, objects: Any) -> None:
        self._objects = objects
        self._looked: dict[str, StoredObject | None] = {}

    def head(self, bucket: str, key: str) -> StoredObject | None:
        if key not in self._looked:
            self._looked[key] = self._objects.head(bucket, key)
        return self._looked[key]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._objects, name)


def _reads_before_the_claim(self: Batch, work: Any, generations: Any) -> Any:
    self._runtime.objects.head(work.change.bucket, work.change.key)
    return SmallBatch._claim(self, work, generations)


def _early_begin(self: Batch, runtime: IngestRuntime, request_id: str, remaining: Callable[[], float]) -> None:
    SmallBatch.__init__(self, replace(runtime, objects=_Early(runtime.objects)), request_id, remaining)


class _OldControl:
    """A ledger whose control item is the one that was read first."""

    def __init__(self, ledger: Any) -> None:
        self._ledger = ledger
        self._control: JsonObject | None = None

    def get(self, name: str) -> JsonObject | None:
        if name != CONTROL_ID:
            found: JsonObject | None = self._ledger.get(name)
            return found
        self._control = self._control or self._ledger.get(name)
        return self._control

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)


# Reading and writing


class _Torn:
    """Objects that are opened as they are now, whatever was looked at."""

    def __init__(self, objects: Any) -> None:
        self._objects = objects

    def open(self, stored: StoredObject) -> Any:
        return self._objects.open(self._now(stored))

    def read_on(self, stored: StoredObject, number: int) -> None:
        self._objects.read_on(self._now(stored), number)

    def _now(self, stored: StoredObject) -> StoredObject:
        world = self._objects.world
        found = world.bucket.current(stored.key)
        return found[0] if found else stored

    def __getattr__(self, name: str) -> Any:
        return getattr(self._objects, name)


def _marks_in_memory(self: Ledger, claim: LedgerItem, *, articles: int, comments: int, **_values: Any) -> LedgerItem:
    return replace(
        claim,
        high_articles=max(articles, claim.high_articles),
        high_comments=max(comments, claim.high_comments),
    )


def _removes_nothing(self: SmallRun) -> None:
    return


def _refused_stay(self: BulkWriter, actions: list[Action], news: Any, body: bytes) -> list[Action]:
    return [action for action in BulkWriter._send(self, actions, news, body) if action in actions]


def _busy_is_done(self: BulkWriter, actions: list[Action], news: Any, body: bytes) -> list[Action]:
    BulkWriter._send(self, actions, news, body)
    return []


def _no_answer_is_done(self: BulkWriter, actions: list[Action], news: Any, body: bytes) -> list[Action]:
    try:
        return BulkWriter._send(self, actions, news, body)
    except EngineError:
        return []


def _drops_nothing(self: BulkWriter, file: str) -> None:
    return


class _Unversioned:
    """An engine that stores whatever comes last."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def bulk(self, body: bytes) -> Any:
        return self._engine.bulk(re.sub(rb'"version":\d+', b'"version":0', body))


def _renews_nothing(self: Ledger, claim: LedgerItem) -> LedgerItem | None:
    return self._write(claim, replace(claim, checkpoint=None))


# The end


def _closes_anyway(self: Ledger, claim: LedgerItem, outcome: LedgerItem, **values: Any) -> bool:
    stored = self._store.get(claim.file_id) or {}
    return Ledger.finalize(self, replace(claim, epoch=stored["epoch"]), outcome, **values)


def _acknowledges_failures(self: Batch, messages: Any, at_most: float = 0) -> None:
    if at_most:
        SmallBatch._return(self, messages, at_most=at_most)


def _acknowledges_first(messages: Sequence[Any], runtime: IngestRuntime, **values: Any) -> list[str]:
    queue: Any = runtime.queue
    for message in messages:
        queue.worker.acknowledge(message.message_id)
    return EXECUTE(messages, runtime, **values)


def _releases_at_once(self: SmallRun, *, crashed: bool, after_seconds: float = 0) -> bool:
    return SmallRun.give_back(self, crashed=crashed)


# Long files


def _pinned_now(*names: str) -> Callable[[SmallRun], None]:
    """Return a ``_begin`` that takes some of what a checkpoint pinned for unchanged."""

    def begin(self: SmallRun) -> None:
        ports, claim = self._ports, self._claim
        if claim.checkpoint:
            source = self.source_class(ports.objects, ports.settings, ports.suppression, claim.bucket, claim.key)
            now = asdict(source.pins(ports.generations))
            pins = {**claim.checkpoint["pins"], **{name: now[name] for name in names}}
            self._claim = replace(claim, checkpoint={**claim.checkpoint, "pins": pins})
        SmallRun._begin(self)

    return begin


class _Hasty(Marks):
    def certain(self, answered: int) -> Checkpoint | None:
        return super().certain(answered + 1_000_000)


def _keeps_checkpoints(self: Ledger, claim: LedgerItem, state: str, **_values: Any) -> LedgerItem | None:
    return Ledger.begin(self, claim, state, keep_checkpoint=True)


def _sends_no_continuation(self: SmallRun) -> None:
    ports = self._ports
    self._ports = replace(ports, queue=_Silent(ports.queue))
    SmallRun._pause(self)
    self._ports = ports


class _Silent:
    def __init__(self, queue: Any) -> None:
        self.hold = queue.hold

    def send(self, body: str, *, delay_seconds: int = 0) -> None:
        """Send nothing."""


# Crashes


def _one_count_for_all(self: Ledger, claim: LedgerItem, state: str, *, keep_checkpoint: bool) -> LedgerItem | None:
    return Ledger.begin(self, replace(claim, attempts_on=state), state, keep_checkpoint=keep_checkpoint)


def _resets_by_event(self: Ledger, change: Change, **values: Any) -> LedgerItem | Held | Settled:
    claim = Ledger.claim(self, change, **values)
    if isinstance(claim, LedgerItem) and change.etag and not (claim.attempts_on or "").startswith(change.etag):
        claim = replace(claim, attempts=1, attempts_on=change.etag)
    return claim


def _counts_every_return(self: Ledger, claim: LedgerItem, *, crashed: bool, after_seconds: float = 0) -> None:
    Ledger.release(self, claim, crashed=True, after_seconds=after_seconds)


def _never_counts(self: Ledger, claim: LedgerItem, state: str, *, keep_checkpoint: bool) -> LedgerItem | None:
    return Ledger.begin(self, replace(claim, attempts=1), state, keep_checkpoint=keep_checkpoint)


def _hands_nothing_over(self: SmallRun, *, crashed: bool, after_seconds: float = 0) -> bool:
    self.given_back = True
    with contextlib.suppress(InfrastructureError):
        self._ports.ledger.release(self._claim, crashed=crashed, after_seconds=after_seconds)
    return False


# Take-downs and sidecars


class _NoTakeDowns(TakeDowns):
    def current(self, objects: Any, bucket: str) -> Suppression:
        return Suppression(version=super().current(objects, bucket).version)


def _stores_the_latest_list(self: SmallRun) -> None:
    listed = TakeDowns().current(self._ports.objects, self._claim.bucket).version
    self._at = replace(self._at, pins=replace(self._at.pins, suppression=listed))
    SmallRun._close(self)


def _takes_foreign_sequencers(self: SmallRun, claim: LedgerItem, change: Change, ports: Any) -> None:
    SmallRun.__init__(self, claim, replace(change, sequencer="00FFFF") if change.again else change, ports)


# Beside ingestion


def _same_time(self: Operations, bucket: str, **values: Any) -> Any:
    items = self._world.items()
    for stored in Operations.list(self, bucket, **values):
        known = items.get(stored.key, {}).get("last_modified")
        yield replace(stored, last_modified=datetime.fromisoformat(known)) if known else stored


def _reuses_numbers(self: Operations, name: str) -> JsonObject | None:
    item = Operations.get(self, name)
    return {**item, "highest": max(item["active"])} if item and name == CONTROL_ID else item


def _forgets_deleted(self: Operations, **values: Any) -> list[JsonObject]:
    return [item for item in Operations.by_key(self, **values) if item["status"] != "deleted"]


def _rebuilds_nothing(self: Operations) -> None:
    self._world.known.restored = False


def _fills_blindly(self: Operations, *, after: str) -> Any:
    return iter(())


MUTANTS: Mapping[str, Mutant] = {
    "acknowledges held": of_batch("a message whose file is held is returned", _return=_acknowledges_held),
    "no lease": of_ledger("one worker at a time has a file", claim=_ignores_leases),
    "no lease margin": of_ledger("a lease outlives its holder's last bulk", claim=_without_margin),
    "lease released at once": of_run("after an unanswered bulk the lease goes on", give_back=_releases_at_once),
    "epoch not raised": of_ledger("every claim has a higher epoch", claim=_keeps_the_epoch),
    "read before the claim": of_batch(
        "the object is read after the claim", __init__=_early_begin, _claim=_reads_before_the_claim
    ),
    "generations before the claim": of_runtime(
        "the generations are read after the claim", lambda runtime: {"ledger": _OldControl(runtime.ledger)}
    ),
    "hints settle": of_ledger("sidecar events and hints pass the cheap exit", claim=_settles_hints),
    "torn read": of_runtime("every read is pinned to the ETag", lambda runtime: {"objects": _Torn(runtime.objects)}),
    "marks in memory": of_ledger("the marks are raised before a chunk is written", raise_high_water=_marks_in_memory),
    "nothing removed": of_run("what is left over is removed", _remove_rest=_removes_nothing),
    "refused stay": of_writer("a refused document is removed at the same version", _send=_refused_stay),
    "busy is done": of_writer("what the engine is too busy for is sent again", _send=_busy_is_done),
    "no answer is done": of_writer("an unanswered bulk is unknown", _send=_no_answer_is_done),
    "nothing dropped": of_writer("what is pending of a file that is given back is dropped", drop=_drops_nothing),
    "no versions": of_runtime(
        "the epoch is the version of every document", lambda runtime: {"engine": _Unversioned(runtime.engine)}
    ),
    "no new epoch on restart": of_ledger("a run that begins again has a new epoch", renew=_renews_nothing),
    "closes anyway": of_ledger("an outcome is stored on the epoch of its claim", finalize=_closes_anyway),
    "acknowledges failures": of_batch("what failed is not acknowledged", _return=_acknowledges_failures),
    "acknowledges first": Mutant("a message is acknowledged last", _acknowledges_first),
    "object not pinned": of_run("a checkpoint pins the object", _begin=_pinned_now("etag", "last_modified")),
    "sidecar not pinned": of_run("a checkpoint pins the sidecar", _begin=_pinned_now("sidecar_etag")),
    "list not pinned": of_run("a checkpoint pins the list of take-downs", _begin=_pinned_now("suppression")),
    "generations not pinned": of_run("a checkpoint pins the generations", _begin=_pinned_now("generations")),
    "certain at once": of_run("a checkpoint holds what the engine has answered", marks_class=_Hasty),
    "checkpoint kept": of_ledger(
        "a checkpoint of another state goes before anything is written", begin=_keeps_checkpoints
    ),
    "no continuation": of_run("paused work goes on by a message", _pause=_sends_no_continuation),
    "one count for all": of_ledger("attempts belong to one state of object and sidecar", begin=_one_count_for_all),
    "reset by events": of_ledger("an event does not reset open attempts", claim=_resets_by_event),
    "every return counts": of_ledger("a clean end takes the attempt back", release=_counts_every_return),
    "attempts not counted": of_ledger("attempts are counted", begin=_never_counts),
    "not alone": of_run("files that ended a worker are worked on alone", attempts=property(lambda _self: 1)),
    "no handing over": of_run("a failed release is handed over by a message", give_back=_hands_nothing_over),
    "list not applied": of_runtime("take-downs apply", lambda _runtime: {"take_downs": _NoTakeDowns()}),
    "latest list stored": of_run("the outcome tells the list it was made under", _close=_stores_the_latest_list),
    "foreign sequencers": of_run("sidecar events leave the sequencer alone", __init__=_takes_foreign_sequencers),
    "times not compared": of_operations("reconciling compares LastModified", list=_same_time),
    "numbers used again": of_operations("numbers of generations are not used again", get=_reuses_numbers),
    "deleted not filled": of_operations("a fill re-drives deleted files", by_key=_forgets_deleted),
    "no rebuild": of_operations("a restored ledger is followed by a rebuild", restored=_rebuilds_nothing),
    "filled blindly": of_operations("a generation is complete when no item lacks it", scan=_fills_blindly),
}
