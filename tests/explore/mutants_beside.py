"""Rules of long files, take-downs and what is done beside ingestion, each left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from broadsheet.checkpoint import Checkpoint, Marks
from broadsheet.generations import CONTROL_ID
from broadsheet.ledger import Ledger
from broadsheet.ledger_item import LedgerItem
from broadsheet.notifications import Change
from broadsheet.ports import JsonObject
from broadsheet.reading import Reading
from broadsheet.side_by_side import Ahead
from broadsheet.source import Looks, looks_at
from broadsheet.suppression import Suppression, TakeDowns
from tests.explore.mutant import (
    Mutant,
    of_ledger,
    of_operations,
    of_reading,
    of_run,
    of_runtime,
)
from tests.explore.operations import Operations
from tests.explore.subject import SmallReading, SmallRun


def _pinned_now(*names: str) -> Callable[[SmallRun], Reading]:
    """Return a ``_begin`` that takes some of what a checkpoint pinned for unchanged."""

    def begin(self: SmallRun) -> Reading:
        ports, claim = self._ports, self._claim
        if claim.checkpoint:
            looks = self._looks or Looks(*map(Ahead, looks_at(ports.objects, claim.bucket, claim.key)))
            source = self.source_class(ports.objects, ports.settings, ports.suppression, claim.key, looks)
            now = asdict(source.pins(ports.generations))
            pins = {**claim.checkpoint["pins"], **{name: now[name] for name in names}}
            self._claim = claim._replace(checkpoint={**claim.checkpoint, "pins": pins})
        return SmallRun._begin(self)

    return begin


class _Hasty(Marks):
    def certain(self, answered: int) -> Checkpoint | None:
        return super().certain(answered + 1_000_000)


def _keeps_checkpoints(self: Ledger, claim: LedgerItem, state: str, **_values: Any) -> LedgerItem | None:
    return Ledger.begin(self, claim, state, keep_checkpoint=True)


def _removes_from_the_beginning(self: SmallReading, record: int, *, removed: int) -> None:
    SmallReading._mark(self, record, removed=0)


def _sends_no_continuation(self: SmallRun, reading: Reading) -> None:
    ports = self._ports
    self._ports = replace(ports, queue=_Silent(ports.queue))
    SmallRun._pause(self, reading)
    self._ports = ports


class _Silent:
    def __init__(self, queue: Any) -> None:
        self.hold = queue.hold

    def send(self, body: str, *, delay_seconds: int = 0) -> None:
        """Send nothing."""


class _NoTakeDowns(TakeDowns):
    def current(self, objects: Any, bucket: str) -> Suppression:
        return Suppression(version=super().current(objects, bucket).version)


def _stores_the_latest_list(self: SmallRun, reading: Reading) -> None:
    listed = TakeDowns().current(self._ports.objects, self._claim.bucket).version
    reading.pins = replace(reading.pins, suppression=listed)
    SmallRun._close(self, reading)


def _takes_foreign_sequencers(self: SmallRun, claim: LedgerItem, change: Change, ports: Any, looks: Any) -> None:
    SmallRun.__init__(self, claim, replace(change, sequencer="00FFFF") if change.again else change, ports, looks)


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


def _gives_the_rebuild_up(self: Operations, name: str) -> JsonObject | None:
    item = Operations.get(self, name)
    return {**item, "recovering": 0} if item and name == CONTROL_ID else item


def _fills_blindly(self: Operations, *, after: str) -> Any:
    return iter(())


BESIDE: Mapping[str, Mutant] = {
    "object not pinned": of_run("a checkpoint pins the object", _begin=_pinned_now("etag", "last_modified")),
    "sidecar not pinned": of_run("a checkpoint pins the sidecar", _begin=_pinned_now("sidecar_etag")),
    "list not pinned": of_run("a checkpoint pins the list of take-downs", _begin=_pinned_now("suppression")),
    "generations not pinned": of_run("a checkpoint pins the generations", _begin=_pinned_now("generations")),
    "certain at once": of_reading("a checkpoint holds what the engine has answered", marks_class=_Hasty),
    "checkpoint kept": of_ledger(
        "a checkpoint of another state goes before anything is written", begin=_keeps_checkpoints
    ),
    "removal not checkpointed": of_reading(
        "a removal goes on where it was interrupted", _mark=_removes_from_the_beginning
    ),
    "no continuation": of_run("paused work goes on by a message", _pause=_sends_no_continuation),
    "list not applied": of_runtime("take-downs apply", lambda _runtime: {"take_downs": _NoTakeDowns()}),
    "latest list stored": of_run("the outcome tells the list it was made under", _close=_stores_the_latest_list),
    "foreign sequencers": of_run("sidecar events leave the sequencer alone", __init__=_takes_foreign_sequencers),
    "times not compared": of_operations("reconciling compares LastModified", list=_same_time),
    "numbers used again": of_operations("numbers of generations are not used again", get=_reuses_numbers),
    "deleted not filled": of_operations("a fill re-drives deleted files", by_key=_forgets_deleted),
    "no rebuild": of_operations("a restored ledger is followed by a rebuild", restored=_rebuilds_nothing),
    "rebuild given up": of_operations(
        "the generation that follows a restored ledger cannot be given up", get=_gives_the_rebuild_up
    ),
    "filled blindly": of_operations("a generation is complete when no item lacks it", scan=_fills_blindly),
}
