"""The ledger: one item per (bucket, key) says who works on it, what became of it, and which ids it ever wrote.

An item is claimed by one optimistic write that raises its *epoch*. The epoch is also the external version of every
document written under the claim, so that whatever an earlier holder still sends loses against a later one. Closing
the claim is conditional on the same epoch. The high-water marks are raised before documents are written: everything a
file ever wrote has an ordinal below them, and can be removed by id however many writers died in between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
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
    were read. A difference to their current state means that the index is behind.
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
    attempts_etag: str | None = None
    generations: tuple[int, ...] = ()
    status: Status = "processing"
    counts: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Mapping[str, Any], ...] = ()
    receipt: str | None = None
    reader: str | None = None
    updated_at: str = ""

    def to_json(self) -> JsonObject:
        """Return the stored form; ``shard`` and ``status_shard`` are the partitions of the two indexes."""
        item = {name: value for name, value in asdict(self).items() if value is not None}
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
            if old.lease_until > now:
                return Held((old.lease_until - now) / 1000)
            if _settled(old, change, generations):
                return Settled(old.status)
            mine = _attempt(
                replace(
                    old,
                    epoch=max(old.epoch + 1, now),
                    token=token,
                    lease_until=now + int(lease_seconds * 1000),
                    status="processing",
                    updated_at=self._iso(now),
                ),
                change.etag or old.attempts_etag,
            )
            if self._store.put(mine.to_json(), expected=_unchanged(old) if stored else None):
                return mine

    def renew(self, claim: LedgerItem) -> LedgerItem | None:
        """Raise the epoch of a claim that has to start again, None when it was lost meanwhile."""
        return self._write(claim, replace(claim, epoch=max(claim.epoch + 1, self._now())))

    def attempt_on(self, claim: LedgerItem, etag: str) -> LedgerItem | None:
        """Count the open attempt for the object that was really found; None when the claim was lost.

        Attempts belong to one state of an object: a file that killed its readers must not count against its
        replacement. Costs a write only when the event spoke of another state.
        """
        if claim.attempts_etag == etag:
            return claim
        return self._write(claim, replace(claim, attempts=1, attempts_etag=etag))

    def raise_high_water(self, claim: LedgerItem, *, articles: int, comments: int) -> LedgerItem | None:
        """Make the marks cover these counts before documents up to them are written; None when the claim was lost."""
        if articles <= claim.high_articles and comments <= claim.high_comments:
            return claim
        return self._write(
            claim,
            replace(
                claim,
                high_articles=max(articles, claim.high_articles),
                high_comments=max(comments, claim.high_comments),
            ),
        )

    def finalize(self, claim: LedgerItem, outcome: LedgerItem) -> bool:
        """Store the outcome and end the lease; False when the claim was lost: then the message must not be acked."""
        now = self._now()
        closed = replace(outcome, epoch=claim.epoch, lease_until=0, attempts=0, updated_at=self._iso(now))
        return self._write(claim, closed) is not None

    def release(self, claim: LedgerItem, *, crashed: bool, after_seconds: float = 0) -> None:
        """Give the item back unfinished; with ``after_seconds`` only then, for writes that may still be under way.

        The attempt counts if it ``crashed``; otherwise it is taken back, since nothing was wrong with the object.
        """
        until = self._now() + int(after_seconds * 1000) if after_seconds else 0
        attempts = claim.attempts if crashed else max(0, claim.attempts - 1)
        self._write(claim, replace(claim, token="", lease_until=until, attempts=attempts))

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
    same = etag == item.attempts_etag or item.attempts_etag is None
    return replace(item, attempts=item.attempts + 1 if same else 1, attempts_etag=etag)


def _unchanged(item: LedgerItem) -> dict[str, Any]:
    return {"epoch": item.epoch, "token": item.token, "lease_until": item.lease_until}


def _settled(item: LedgerItem, change: Change, generations: Sequence[int]) -> bool:
    return (
        item.status != "processing"
        and not change.again
        and item.sequencer is not None
        and not newer(change.sequencer, item.sequencer)
        and set(generations) <= set(item.generations)
    )
