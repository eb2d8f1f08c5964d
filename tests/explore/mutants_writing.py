"""Rules of reading, writing and closing, each left out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from broadsheet.bulk_writer import Action, BulkWriter
from broadsheet.deliveries import Returns
from broadsheet.errors import EngineError
from broadsheet.ingest_ports import IngestRuntime
from broadsheet.ledger import Ledger
from broadsheet.ledger_item import LedgerItem
from broadsheet.model import StoredObject
from tests.explore.mutant import (
    Mutant,
    of_ledger,
    of_reading,
    of_returns,
    of_run,
    of_runtime,
    of_writer,
)
from tests.explore.subject import EXECUTE, SmallReading, SmallRun


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
    return claim._replace(
        high_articles=max(articles, claim.high_articles),
        high_comments=max(comments, claim.high_comments),
    )


def _room_in_memory(_self: Ledger, item: LedgerItem) -> LedgerItem:
    return item


def _raises_no_mark_in_a_room_in_memory(
    self: Ledger, claim: LedgerItem, *, articles: int, comments: int, **values: Any
) -> LedgerItem | None:
    if articles <= self.room_articles and comments <= self.room_comments:
        return _marks_in_memory(self, claim, articles=articles, comments=comments)
    return Ledger.raise_high_water(self, claim, articles=articles, comments=comments, **values)


def _forgets_the_marks(self: Ledger, claim: LedgerItem, outcome: LedgerItem, **values: Any) -> bool:
    return Ledger.finalize(self, claim, outcome._replace(high_articles=0, high_comments=0), **values)


def _removes_nothing(self: SmallReading, _high_articles: int, _high_comments: int) -> Any:
    return iter(())


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
    return self._write(claim, claim._replace(checkpoint=None))


def _closes_anyway(self: Ledger, claim: LedgerItem, outcome: LedgerItem, **values: Any) -> bool:
    stored = self._store.get(claim.file_id) or {}
    return Ledger.finalize(self, claim._replace(epoch=stored["epoch"]), outcome, **values)


def _acknowledges_failures(self: Returns, messages: Any, *, at_most: float | None = None) -> None:
    if at_most is not None:
        Returns.add(self, messages, at_most=at_most)


def _reopens(self: Ledger, claim: LedgerItem, *, crashed: bool, after_seconds: float = 0) -> None:
    stored = self._store.get(claim.file_id) or {}
    self._store.put({**stored, "status": "processing"}, expected={"epoch": claim.epoch})
    Ledger.release(self, claim, crashed=crashed, after_seconds=after_seconds)


def _acknowledges_first(messages: Sequence[Any], runtime: IngestRuntime, **values: Any) -> list[str]:
    queue: Any = runtime.queue
    for message in messages:
        queue.worker.acknowledge(message.message_id)
    return EXECUTE(messages, runtime, **values)


def _releases_at_once(self: SmallRun, *, crashed: bool, after_seconds: float = 0) -> bool:
    return SmallRun.give_back(self, crashed=crashed)


WRITING: Mapping[str, Mutant] = {
    "lease released at once": of_run("after an unanswered bulk the lease goes on", give_back=_releases_at_once),
    "torn read": of_runtime("every read is pinned to the ETag", lambda runtime: {"objects": _Torn(runtime.objects)}),
    "marks in memory": of_ledger("the marks are raised before a chunk is written", raise_high_water=_marks_in_memory),
    "room in memory": of_ledger(
        "a claim stores the room that it leaves",
        _with_room=_room_in_memory,
        raise_high_water=_raises_no_mark_in_a_room_in_memory,
    ),
    "marks forgotten": of_ledger("the marks stay when a claim ends", finalize=_forgets_the_marks),
    "nothing removed": of_reading("what is left over is removed", left_over=_removes_nothing),
    "refused stay": of_writer("a refused document is removed at the same version", _send=_refused_stay),
    "busy is done": of_writer("what the engine is too busy for is sent again", _send=_busy_is_done),
    "no answer is done": of_writer("an unanswered bulk is unknown", _send=_no_answer_is_done),
    "nothing dropped": of_writer("what is pending of a file that is given back is dropped", drop=_drops_nothing),
    "no versions": of_runtime(
        "the epoch is the version of every document", lambda runtime: {"engine": _Unversioned(runtime.engine)}
    ),
    "no new epoch on restart": of_ledger("a run that begins again has a new epoch", renew=_renews_nothing),
    "closes anyway": of_ledger("an outcome is stored on the epoch of its claim", finalize=_closes_anyway),
    "reopened": of_ledger("an outcome that was stored unheard stays", release=_reopens),
    "acknowledges failures": of_returns("what failed is not acknowledged", _acknowledges_failures),
    "acknowledges first": Mutant("a message is acknowledged last", _acknowledges_first),
}
