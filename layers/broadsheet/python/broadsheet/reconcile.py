"""The use case behind the reconcile function: the bucket against the ledger; what differs is read again.

Two walks in the order of keys, the listing of the bucket and the index of the ledger, are merged; memory holds a page
of each, however many keys there are. A file whose outcome is not about what lies in the bucket is re-driven: a message
asks ingestion to look at it, and ingestion's own rules make that harmless, however often and beside whatever else.

The walk ends when its time does, and says with which key it can go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from broadsheet.differences import Reason, Wanted, difference, in_work, is_abandoned, is_file
from broadsheet.generations import active_generations
from broadsheet.ids import file_id
from broadsheet.ledger_item import LedgerItem
from broadsheet.model import StoredObject
from broadsheet.notifications import SIDECAR_SUFFIX, again, base_of
from broadsheet.ports import (
    Clock,
    HintSender,
    JsonObject,
    LedgerIndex,
    LedgerStore,
    ObjectLister,
    ObjectStore,
    Telemetry,
)
from broadsheet.request_body import read_fields
from broadsheet.suppression import KEY as SUPPRESSION_KEY

REQUEST_FIELDS: Mapping[str, type] = {"dry_run": bool, "reparse": bool, "prefix": str, "cursor": str}
_PAGE = 1_000
_MESSAGES_AT_ONCE = 10
# Enough to look into a reason; their number is told in full.
_SHOWN_FILES = 20


@dataclass(frozen=True, slots=True)
class ReconcileRequest:
    """What to walk over and what to do: ``cursor`` is the last key that was done, ``reparse`` re-drives old readers."""

    dry_run: bool = False
    reparse: bool = False
    prefix: str = ""
    cursor: str = ""


def read_request(given: Mapping[str, Any]) -> ReconcileRequest:
    """Read the fields of a request; raise RequestError with one problem per unknown field or wrong type."""
    return ReconcileRequest(**read_fields(given, REQUEST_FIELDS))


@dataclass(frozen=True, slots=True)
class ReconcileRuntime:
    """Everything reconciliation needs from the world; ``visibility_seconds`` is that of the queue."""

    bucket: str
    objects: ObjectStore
    lister: ObjectLister
    ledger: LedgerStore
    index: LedgerIndex
    sender: HintSender
    telemetry: Telemetry
    clock: Clock
    visibility_seconds: int


@dataclass(slots=True)
class Report:
    """What a walk found. ``cursor`` is the last key done; ``done`` says that nothing is left behind it.

    ``differing`` counts the files by the first reason that held for them, ``shown`` has the ids of the first of each;
    ``sent`` are messages, none in a dry run. ``stale_readers`` are re-driven only when that was asked for.
    """

    cursor: str
    files: int = 0
    in_work: int = 0
    sent: int = 0
    stale_readers: int = 0
    differing: dict[Reason, int] = field(default_factory=dict)
    shown: dict[Reason, list[str]] = field(default_factory=dict)
    done: bool = False

    def add(self, reason: Reason, identity: str) -> None:
        """Count a file that differs."""
        self.differing[reason] = self.differing.get(reason, 0) + 1
        shown = self.shown.setdefault(reason, [])
        if len(shown) < _SHOWN_FILES:
            shown.append(identity)

    def to_json(self) -> JsonObject:
        """Return the report as the API shows it."""
        reasons = {reason: {"count": count, "file_ids": self.shown[reason]} for reason, count in self.differing.items()}
        return {
            "files": self.files,
            "in_work": self.in_work,
            "sent": self.sent,
            "stale_readers": self.stale_readers,
            "reasons": reasons,
            "cursor": None if self.done else self.cursor,
            "done": self.done,
        }


def reconcile(request: ReconcileRequest, runtime: ReconcileRuntime, *, remaining: Callable[[], float]) -> Report:
    """Walk from the cursor until everything is done or ``remaining`` (in seconds) is used up.

    Raise InfrastructureError when a service fails: repeat it with the same cursor.
    """
    walk = _Walk(request, runtime)
    for pair in walk.pairs():
        if remaining() <= 0:
            break
        walk.look(pair)
    else:
        walk.report.done = True
    walk.send()
    report = walk.report
    # Ids only: keys are names that people gave.
    runtime.telemetry.event("reconcile", dry_run=request.dry_run, **{**report.to_json(), "cursor": None})
    for reason, count in report.differing.items():
        runtime.telemetry.count("files_differing", count, reason=reason)
    return report


@dataclass(frozen=True, slots=True)
class _Pair:
    """One key as both walks know it; ``follower`` is the object with the next key of both, if there is one."""

    key: str
    stored: StoredObject | None
    item: LedgerItem | None
    follower: StoredObject | None


class _Walk:
    def __init__(self, request: ReconcileRequest, runtime: ReconcileRuntime) -> None:
        self.report = Report(cursor=request.cursor)
        self._request = request
        self._runtime = runtime
        listed = runtime.objects.head(runtime.bucket, SUPPRESSION_KEY)
        self._wanted = Wanted(
            generations=active_generations(runtime.ledger),
            suppression=listed.etag if listed else "",
            now=int(runtime.clock() * 1000),
            visibility=runtime.visibility_seconds * 1000,
        )
        self._bodies: list[str] = []

    def pairs(self) -> Iterator[_Pair]:
        """Merge the walks; Python compares text by code point, which is the order of its UTF-8."""
        request = self._request
        objects = self._runtime.lister.list(self._runtime.bucket, after=request.cursor, prefix=request.prefix)
        items = self._items()
        stored, item = next(objects, None), next(items, None)
        while stored or item:
            key = min(side.key for side in (stored, item) if side)
            here = stored if stored and stored.key == key else None
            known = item if item and item.key == key else None
            if here:
                stored = next(objects, None)
            if known:
                item = next(items, None)
            next_is_stored = stored and (item is None or stored.key <= item.key)
            yield _Pair(key, here, known, follower=stored if next_is_stored else None)

    def look(self, pair: _Pair) -> None:
        """Compare one key, and re-drive its file when it differs."""
        # What is no file has an item all the same; left in work it would hold up every rebuild.
        if is_file(pair.key) or (pair.item and in_work(pair.item)):
            self._file(pair)
        elif pair.stored and is_file(base := base_of(pair.key)) and pair.key == base + SIDECAR_SUFFIX:
            self._sidecar(pair.stored)
        self.report.cursor = pair.key
        if len(self._bodies) == _MESSAGES_AT_ONCE:
            self.send()

    def send(self) -> None:
        """Send what was collected; only then the cursor may be used."""
        if self._bodies:
            self._runtime.sender.send_all(self._bodies)
            self.report.sent += len(self._bodies)
            self._bodies = []

    def _file(self, pair: _Pair) -> None:
        self.report.files += 1
        if pair.item and in_work(pair.item):
            if is_abandoned(pair.item, self._wanted):
                self._differs("abandoned", pair.key)
            else:
                self.report.in_work += 1
            return
        reason = difference(pair.item, pair.stored, self._sidecar_etag(pair), self._wanted)
        if reason == "reader":
            self.report.stale_readers += 1
        if reason and (reason != "reader" or self._request.reparse):
            self._differs(reason, pair.key)

    def _sidecar_etag(self, pair: _Pair) -> str | None:
        """Return the ETag of a file's sidecar, which the listing has anywhere behind the file.

        Other keys may stand between them (``K``, ``K-2``, ``K.meta.json``): then it is asked for where an outcome had
        one; where none did, its own turn shows it.
        """
        if pair.follower and pair.follower.key == pair.key + SIDECAR_SUFFIX:
            return pair.follower.etag
        if not pair.item or pair.item.sidecar_etag is None:
            return None
        found = self._runtime.objects.head(self._runtime.bucket, pair.key + SIDECAR_SUFFIX)
        return found.etag if found else None

    def _sidecar(self, sidecar: StoredObject) -> None:
        """Compare a sidecar with its file, unless that was done with the key before."""
        key = base_of(sidecar.key)
        if self.report.cursor == key:
            return
        identity = file_id(sidecar.bucket, key)
        found = self._runtime.ledger.get(identity)
        if found:
            item = LedgerItem.from_json(found)
            # One that had a sidecar was compared at its own turn.
            if in_work(item) or item.sidecar_etag is not None:
                return
        elif self._runtime.objects.head(sidecar.bucket, key):
            return
        self._differs("sidecar", key)

    def _differs(self, reason: Reason, key: str) -> None:
        self.report.add(reason, file_id(self._runtime.bucket, key))
        if not self._request.dry_run:
            self._bodies.append(again(self._runtime.bucket, key))

    def _items(self) -> Iterator[LedgerItem]:
        after = self._request.cursor
        while page := self._runtime.index.by_key(prefix=self._request.prefix, after=after, limit=_PAGE):
            after = page[-1]["key"]
            yield from (LedgerItem.from_json(item) for item in page if item["bucket"] == self._runtime.bucket)
