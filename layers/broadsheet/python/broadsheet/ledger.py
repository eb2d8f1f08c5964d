"""The ledger: one item per (bucket, key) says who works on it, what became of it, and which ids it ever wrote.

An item is claimed by one optimistic write that raises its *epoch*. The epoch is also the external version of every
document written under the claim, so that whatever an earlier holder still sends loses against a later one. Closing
the claim is conditional on the same epoch. The high-water marks are raised before documents are written: everything a
file ever wrote has an ordinal below them, and can be removed by id however many writers died in between.

Work that outlives an invocation leaves a *checkpoint* in the item: what is certainly in the engine, and everything
that was pinned when it was written. The next claim goes on from there if nothing of that has changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any, Literal

from broadsheet.ids import file_id
from broadsheet.notifications import Change, newer
from broadsheet.ports import Clock, JsonObject, LedgerStore

Status = Literal["processing", "indexed", "partial", "empty", "skipped", "failed", "deleted"]
STATUSES: tuple[Status, ...] = ("processing", "indexed", "partial", "empty", "skipped", "failed", "deleted")
SHARDS = "0123456789abcdef"


@dataclass(frozen=True, slots=True)
class LedgerItem:
    """What the ledger holds of one object; times of leases in milliseconds since the epoch, others ISO 8601.

    ``etag`` to ``suppression`` are what the outcome is about: the object, its sidecar and the suppression list as they
    were read. A difference to their current state means that the index is behind. ``attempts`` counts workers that
    began on the state ``attempts_on`` and did not end, ``best`` is how far the best of them came.
    """

    file_id: str
    bucket: str
    key: str
    epoch: int = 0
    token: str = ""
    lease_until: int = 0
    high_articles: int = 0
    high_comments: int = 0
    etag: str | None = None
    last_modified: str | None = None
    size: int | None = None
    sidecar_etag: str | None = None
    suppression: str = ""
    sequencer: str | None = None
    attempts: int = 0
    attempts_on: str | None = None
    best: int = 0
    checkpoint: Mapping[str, Any] | None = None
    generations: tuple[int, ...] = ()
    status: Status = "processing"
    counts: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Mapping[str, Any], ...] = ()
    receipt: str | None = None
    reader: str | None = None
    updated_at: str = ""

    def to_json(self) -> JsonObject:
        """Return the stored form; ``shard`` and ``status_shard`` are the partitions of the two indexes."""
        item: JsonObject = {name: value for name in _ITEM_FIELDS if (value := getattr(self, name)) is not None}
        item["counts"] = dict(self.counts)
        item["generations"] = list(self.generations)
        item["problems"] = [dict(problem) for problem in self.problems]
        item["shard"] = shard(self.file_id)
        item["status_shard"] = f"{self.status}#{item['shard']}"
        return item

    @classmethod
    def from_json(cls, item: JsonObject) -> LedgerItem:
        """Read a stored item; unknown attributes (of a newer version) are left out."""
        known = {name: item[name] for name in _ITEM_FIELDS if name in item}
        known["generations"] = tuple(known.get("generations", ()))
        known["problems"] = tuple(known.get("problems", ()))
        return cls(**known)


_ITEM_FIELDS = tuple(item_field.name for item_field in fields(LedgerItem))


def shard(file: str) -> str:
    """Return the partition of a file in the ledger's indexes: one of 16, by the first character of its id.

    Ids are base32: letters a-z and digits 2-7; 32 characters fall evenly on 16 shards.
    """
    return SHARDS[int(file[0], 36) % 16]


@dataclass(frozen=True, slots=True)
class Held:
    """Another worker holds the item; look again after this many seconds, when its lease has ended."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Settled:
    """The change is known and done: nothing to do."""

    status: Status


class Ledger:
    """Claims and closes items of a LedgerStore; holds no state of its own."""

    def __init__(self, store: LedgerStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def claim(
        self, change: Change, *, token: str, lease_seconds: float, generations: Sequence[int]
    ) -> LedgerItem | Held | Settled:
        """Take the object of a change for this worker and raise its epoch.

        ``token`` names the worker and its message; ``generations`` are the active ones: a file that lacks one of
        them is worked on even if the change is known.
        """
        identity = file_id(change.bucket, change.key)
        while True:
            stored = self._store.get(identity)
            old = LedgerItem.from_json(stored) if stored else LedgerItem(identity, change.bucket, change.key)
            now = self._now()
            if stored and old.token == token and old.lease_until > now:
                # Our own write whose answer was lost, or that the client repeated by itself.
                return old
            # A claim that its holder could not give back itself: nothing was wrong with the object.
            free = _given_back(old) if stored and old.epoch == change.released else old
            if change.forgive:
                free = replace(free, attempts=0)
            if free.lease_until > now:
                return Held((free.lease_until - now) / 1000)
            if _settled(free, change, generations):
                return Settled(free.status)
            mine = _attempt(
                replace(
                    free,
                    epoch=max(old.epoch + 1, now),
                    token=token,
                    lease_until=now + int(lease_seconds * 1000),
                    status="processing",
                    updated_at=self._iso(now),
                ),
                change.etag,
            )
            if self._store.put(mine.to_json(), expected=_unchanged(old) if stored else None):
                return mine

    def renew(self, claim: LedgerItem) -> LedgerItem | None:
        """Raise the epoch of a claim that has to start again from nothing, None when it was lost meanwhile."""
        return self._write(claim, replace(claim, epoch=max(claim.epoch + 1, self._now()), checkpoint=None))

    def begin(self, claim: LedgerItem, state: str, *, keep_checkpoint: bool) -> LedgerItem | None:
        """Count the open attempt for the state that was really found; None when the claim was lost.

        Attempts belong to one state of an object and its sidecar: a file that killed its readers must not count
        against its replacement. A checkpoint of another state is dropped before anything is written. Costs a write
        only when the event spoke of another state, or a checkpoint goes.
        """
        begun = claim if claim.attempts_on == state else replace(claim, attempts=1, attempts_on=state, best=0)
        if not keep_checkpoint and begun.checkpoint is not None:
            # From the beginning again: how far the earlier run came says nothing about this one.
            begun = replace(begun, checkpoint=None, best=0)
        return claim if begun is claim else self._write(claim, begun)

    def raise_high_water(
        self, claim: LedgerItem, *, articles: int, comments: int, checkpoint: Mapping[str, Any] | None, reached: int
    ) -> LedgerItem | None:
        """Make the marks cover these counts before documents up to them are written; None when the claim was lost.

        ``checkpoint`` (if any) and how far it ``reached`` are stored with the same write.
        """
        if articles <= claim.high_articles and comments <= claim.high_comments and checkpoint is None:
            return claim
        raised = replace(
            claim,
            high_articles=max(articles, claim.high_articles),
            high_comments=max(comments, claim.high_comments),
        )
        return self._write(claim, _advanced(raised, checkpoint, reached) if checkpoint is not None else raised)

    def pause(self, claim: LedgerItem, checkpoint: Mapping[str, Any], reached: int, *, moved: bool) -> bool:
        """Store a checkpoint and give the item back to be continued; False when the claim was lost.

        The attempt is taken back if the work ``moved`` under this claim; otherwise it stays open, so that work that
        cannot move within an invocation ends like a crash.
        """
        advanced = _advanced(claim, checkpoint, reached)
        paused = replace(advanced, token="", lease_until=0, attempts=0 if moved else claim.attempts)
        return self._write(claim, paused) is not None

    def finalize(self, claim: LedgerItem, outcome: LedgerItem, *, given_up: bool) -> bool:
        """Store the outcome and end the lease; False when the claim was lost: then the message must not be acked.

        A file that was ``given_up`` keeps its attempts, so that further events of this state end at once instead of
        ending as many workers again.
        """
        now = self._now()
        closed = replace(
            outcome,
            epoch=claim.epoch,
            lease_until=0,
            attempts=claim.attempts if given_up else 0,
            best=0,
            checkpoint=None,
            updated_at=self._iso(now),
        )
        return self._write(claim, closed) is not None

    def release(self, claim: LedgerItem, *, crashed: bool, after_seconds: float = 0) -> None:
        """Give the item back unfinished; with ``after_seconds`` only then, for writes that may still be under way.

        The attempt counts if it ``crashed``; otherwise it is taken back, since nothing was wrong with the object.
        """
        until = self._now() + int(after_seconds * 1000) if after_seconds else 0
        given = claim if crashed else _given_back(claim)
        self._write(claim, replace(given, token="", lease_until=until))

    def _write(self, claim: LedgerItem, item: LedgerItem) -> LedgerItem | None:
        # Repeating this write after a lost answer must succeed: the condition holds after its own success too,
        # except for renew, whose repetition counts as a lost claim and is simply delivered again.
        return item if self._store.put(item.to_json(), expected={"epoch": claim.epoch}) else None

    def _now(self) -> int:
        return int(self._clock() * 1000)

    @staticmethod
    def _iso(milliseconds: int) -> str:
        return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")


def _attempt(item: LedgerItem, etag: str | None) -> LedgerItem:
    """Count an attempt; on what is only known after the claim.

    While attempts are open, an event that speaks of another state never resets them: two events of one object would
    take turns and no poison would ever be given up. ``begin`` resets when the state found is another one.
    """
    if item.attempts:
        return replace(item, attempts=item.attempts + 1)
    known = item.attempts_on
    if known is not None and etag is not None and known != etag and not known.startswith(f"{etag}+"):
        return replace(item, attempts=1, attempts_on=etag, best=0)
    return replace(item, attempts=1, attempts_on=known or etag)


def _given_back(item: LedgerItem) -> LedgerItem:
    return replace(item, lease_until=0, attempts=max(0, item.attempts - 1))


def _advanced(item: LedgerItem, checkpoint: Mapping[str, Any], reached: int) -> LedgerItem:
    """Store a checkpoint; attempts begin anew only past the best one, else a poison behind it would never end."""
    if reached > item.best:
        return replace(item, checkpoint=checkpoint, best=reached, attempts=1)
    return replace(item, checkpoint=checkpoint)


def _unchanged(item: LedgerItem) -> dict[str, Any]:
    return {"epoch": item.epoch, "token": item.token, "lease_until": item.lease_until}


def _settled(item: LedgerItem, change: Change, generations: Sequence[int]) -> bool:
    if item.status == "processing":
        return False
    if change.resume:
        return True
    return (
        not change.again
        and item.sequencer is not None
        and not newer(change.sequencer, item.sequencer)
        and set(generations) <= set(item.generations)
    )
