"""Rules of claims and of counting crashes, each left out."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from broadsheet.deliveries import Returns
from broadsheet.errors import InfrastructureError
from broadsheet.generations import CONTROL_ID
from broadsheet.ids import file_id
from broadsheet.ingest import Batch
from broadsheet.ingest_ports import IngestRuntime
from broadsheet.ledger import Held, Ledger, Settled, Suspect
from broadsheet.ledger_item import LedgerItem
from broadsheet.model import StoredObject
from broadsheet.notifications import Change
from broadsheet.ports import JsonObject
from tests.explore.mutant import (
    Mutant,
    of_batch,
    of_ledger,
    of_returns,
    of_run,
    of_runtime,
)
from tests.explore.subject import SmallBatch, SmallRun


def _acknowledges_held(self: Returns, messages: Any, *, at_most: float | None = None) -> None:
    if at_most is None:
        Returns.add(self, messages)


def _ignores_leases(self: Ledger, change: Change, **values: Any) -> LedgerItem | Held | Settled | Suspect:
    found = Ledger.claim(self, change, **values)
    while isinstance(found, Held):
        stored = self._store.get(_identity(change)) or {}
        found = Ledger.claim(self, replace(change, released=stored.get("epoch", 0)), **values)
    return found


def _identity(change: Change) -> str:
    return file_id(change.bucket, change.key)


def _without_margin(self: Ledger, change: Change, *, lease_seconds: float, **values: Any) -> Any:
    return Ledger.claim(self, change, lease_seconds=lease_seconds - 60, **values)


def _keeps_the_epoch(self: Ledger, change: Change, **values: Any) -> LedgerItem | Held | Settled | Suspect:
    before = self._store.get(_identity(change))
    claim = Ledger.claim(self, change, **values)
    if not before or not isinstance(claim, LedgerItem):
        return claim
    same = claim._replace(epoch=before["epoch"])
    self._store.put(same.to_json(), expected={"epoch": claim.epoch})
    return same


def _settles_hints(self: Ledger, change: Change, **values: Any) -> LedgerItem | Held | Settled | Suspect:
    stored = self._store.get(_identity(change))
    if stored and change.again and stored["status"] != "processing":
        return Settled(stored["status"])
    return Ledger.claim(self, change, **values)


def _settles_without_generations(self: Ledger, change: Change, *, generations: Any, **values: Any) -> Any:
    return Ledger.claim(self, change, generations=tuple, **values)


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


def _reads_before_the_claim(self: Batch, work: Any, alone: bool) -> Any:
    self._runtime.objects.head(work.change.bucket, work.change.key)
    return SmallBatch._claim(self, work, alone)


def _early_begin(self: Batch, runtime: IngestRuntime, request_id: str, remaining: Callable[[], float]) -> None:
    SmallBatch.__init__(self, replace(runtime, objects=_Early(runtime.objects)), request_id, remaining)


class _OldControl:
    """A ledger whose control item is the one that was read when the batch began."""

    def __init__(self, ledger: Any) -> None:
        self._ledger = ledger
        self._control: JsonObject | None = ledger.get(CONTROL_ID)

    def get(self, name: str) -> JsonObject | None:
        if name != CONTROL_ID:
            found: JsonObject | None = self._ledger.get(name)
            return found
        return self._control

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)


def _one_count_for_all(self: Ledger, claim: LedgerItem, state: str, *, keep_checkpoint: bool) -> LedgerItem | None:
    return Ledger.begin(self, claim._replace(attempts_on=state), state, keep_checkpoint=keep_checkpoint)


def _resets_by_event(self: Ledger, change: Change, **values: Any) -> LedgerItem | Held | Settled | Suspect:
    claim = Ledger.claim(self, change, **values)
    if isinstance(claim, LedgerItem) and change.etag and not (claim.attempts_on or "").startswith(change.etag):
        claim = claim._replace(attempts=1, attempts_on=change.etag)
    return claim


def _claims_as_if_alone(self: Ledger, change: Change, *, alone: bool, **values: Any) -> Any:
    return Ledger.claim(self, change, alone=True, **values)


def _counts_every_return(self: Ledger, claim: LedgerItem, *, crashed: bool, after_seconds: float = 0) -> None:
    Ledger.release(self, claim, crashed=True, after_seconds=after_seconds)


def _never_counts(self: Ledger, claim: LedgerItem, state: str, *, keep_checkpoint: bool) -> LedgerItem | None:
    return Ledger.begin(self, claim._replace(attempts=1), state, keep_checkpoint=keep_checkpoint)


def _hands_nothing_over(self: SmallRun, *, crashed: bool, after_seconds: float = 0) -> bool:
    self.given_back = True
    with contextlib.suppress(InfrastructureError):
        self._ports.ledger.release(self._claim, crashed=crashed, after_seconds=after_seconds)
    return False


CLAIMS: Mapping[str, Mutant] = {
    "acknowledges held": of_returns("a message whose file is held is returned", _acknowledges_held),
    "no lease": of_ledger("one worker at a time has a file", claim=_ignores_leases),
    "no lease margin": of_ledger("a lease outlives its holder's last bulk", claim=_without_margin),
    "epoch not raised": of_ledger("every claim has a higher epoch", claim=_keeps_the_epoch),
    "read before the claim": of_batch(
        "the object is read after the claim", __init__=_early_begin, _claim=_reads_before_the_claim
    ),
    "generations before the claim": of_runtime(
        "the generations are read after the claim", lambda runtime: {"ledger": _OldControl(runtime.ledger)}
    ),
    "hints settle": of_ledger("sidecar events and hints pass the cheap exit", claim=_settles_hints),
    "generations settle": of_ledger("the cheap exit looks at the generations", claim=_settles_without_generations),
    "one count for all": of_ledger("attempts belong to one state of object and sidecar", begin=_one_count_for_all),
    "reset by events": of_ledger("an event does not reset open attempts", claim=_resets_by_event),
    "every return counts": of_ledger("a clean end takes the attempt back", release=_counts_every_return),
    "attempts not counted": of_ledger("attempts are counted", begin=_never_counts),
    "not alone": of_ledger("a file that a worker died with is claimed alone", claim=_claims_as_if_alone),
    "no handing over": of_run("a failed release is handed over by a message", give_back=_hands_nothing_over),
}
