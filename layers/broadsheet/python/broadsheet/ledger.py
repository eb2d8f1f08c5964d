"""The ledger: one item per (bucket, key) says who works on it, what became of it, and which ids it ever wrote.

An item is claimed by one optimistic write that raises its *epoch*. The epoch is also the external version of every
document written under the claim, so that whatever an earlier holder still sends loses against a later one. Closing
the claim is conditional on the same epoch. The high-water marks are raised before documents are written: everything a
file ever wrote has an ordinal below them, and can be removed by id however many writers died in between. While an item
is claimed, the stored marks leave room for an article with its discussion, so that most files need not raise them: the
holder alone knows how much of that is used, and stores it when the claim ends. Of a holder who dies all of it counts.

Work that outlives an invocation leaves a *checkpoint* in the item: what is certainly in the engine, and everything
that was pinned when it was written. The next claim goes on from there if nothing of that has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from broadsheet import attempts
from broadsheet.errors import InfrastructureError
from broadsheet.ids import file_id
from broadsheet.ledger_item import LedgerItem, Status
from broadsheet.notifications import Change, newer
from broadsheet.ports import Clock, JsonObject, LedgerStore


@dataclass(frozen=True, slots=True)
class Held:
    """Another worker holds the item; look again after this many seconds, when its lease has ended."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Settled:
    """The change is known and done: nothing to do."""

    status: Status


@dataclass(frozen=True, slots=True)
class Suspect:
    """A worker died while it had the file: it is there to be claimed, but alone."""


class UnansweredClaimError(InfrastructureError):
    """The write of a claim had no answer: the claim may have been made."""

    default_code = "claim_unanswered"

    def __init__(self, claim: LedgerItem) -> None:
        super().__init__("the ledger did not answer a claim")
        self.claim = claim


class Ledger:
    """Claims and closes items of a LedgerStore; holds no state of its own.

    The rooms are how many documents a claim may write without raising the marks; what they are for nothing, when a
    worker dies, is as many removals of what was never there.
    """

    room_articles = 1
    room_comments = 100

    def __init__(self, store: LedgerStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def claim(
        self, change: Change, *, token: str, lease_seconds: float, generations: Callable[[], Sequence[int]], alone: bool
    ) -> LedgerItem | Held | Settled | Suspect:
        """Take the object of a change for this worker and raise its epoch.

        ``token`` names the worker and its message; ``generations`` tells the active ones, and is only asked when the
        change is known: a file that lacks one of them is worked on all the same. ``alone`` says that the worker has no
        other file meanwhile. Raise UnansweredClaimError, to be released, when nobody knows whether it was made.
        """
        identity = file_id(change.bucket, change.key)
        # A stored object is a new one more often than not: tried at once, its claim needs no look before.
        stored = None if change.stored else self._store.get(identity)
        while True:
            old = LedgerItem.from_json(stored) if stored else LedgerItem(identity, change.bucket, change.key)
            now = self._now()
            if stored and old.token == token and old.lease_until > now:
                # Our own write whose answer was lost, or that the client repeated by itself.
                return old
            free = old
            if stored and old.epoch == change.released:
                # A claim that its holder could not give back itself: nothing was wrong with the object.
                free = attempts.taken_back(old)._replace(lease_until=0)
            if change.forgive:
                free = free._replace(attempts=0, among_others=False)
            if free.lease_until > now:
                return Held((free.lease_until - now) / 1000)
            if _settled(free, change, generations):
                return Settled(free.status)
            if attempts.is_suspect(free) and not alone:
                return Suspect()
            mine = attempts.begun(free, change.etag, alone=alone)._replace(
                epoch=max(old.epoch + 1, now),
                token=token,
                lease_until=now + int(lease_seconds * 1000),
                status="processing",
                updated_at=self._iso(now),
            )
            stored = self._store_claim(mine, old if stored else None)
            if stored is None:
                return mine

    def renew(self, claim: LedgerItem) -> LedgerItem | None:
        """Raise the epoch of a claim that has to start again from nothing, None when it was lost meanwhile."""
        return self._go_on(claim, claim._replace(epoch=max(claim.epoch + 1, self._now()), checkpoint=None))

    def begin(self, claim: LedgerItem, state: str, *, keep_checkpoint: bool) -> LedgerItem | None:
        """Count the open attempt for the state that was really found; None when the claim was lost.

        A checkpoint of another state is dropped before anything is written. Costs a write only when the event spoke
        of another state, or a checkpoint goes.
        """
        begun = attempts.found(claim, state)
        if not keep_checkpoint and begun.checkpoint is not None:
            # From the beginning again: how far the earlier run came says nothing about this one.
            begun = begun._replace(checkpoint=None, best=0)
        return claim if begun is claim else self._go_on(claim, begun)

    def raise_high_water(
        self, claim: LedgerItem, *, articles: int, comments: int, checkpoint: Mapping[str, Any] | None, reached: int
    ) -> LedgerItem | None:
        """Make the marks cover these counts before documents up to them are written; None when the claim was lost.

        ``checkpoint`` (if any) and how far it ``reached`` are stored with the same write.
        """
        raised = claim._replace(
            high_articles=max(articles, claim.high_articles),
            high_comments=max(comments, claim.high_comments),
        )
        if checkpoint is not None:
            return self._go_on(claim, attempts.advanced(raised, checkpoint, reached))
        # Stored already: they are within what an earlier write left room for.
        return raised if self._with_room(raised) == self._with_room(claim) else self._go_on(claim, raised)

    def pause(self, claim: LedgerItem, checkpoint: Mapping[str, Any], reached: int, *, moved: bool) -> bool:
        """Store a checkpoint and give the item back to be continued; False when the claim was lost.

        The attempt is taken back if the work ``moved`` under this claim; otherwise it stays open, so that work that
        cannot move within an invocation ends like a crash.
        """
        paused = attempts.advanced(claim, checkpoint, reached)._replace(token="", lease_until=0)
        if moved:
            paused = paused._replace(attempts=0, among_others=False)
        return self._write(claim, paused) is not None

    def finalize(self, claim: LedgerItem, outcome: LedgerItem, *, given_up: bool) -> bool:
        """Store the outcome and end the lease; False when the claim was lost: then the message must not be acked.

        A file that was ``given_up`` keeps its attempts, so that further events of this state end at once instead of
        ending as many workers again.
        """
        now = self._now()
        closed = outcome._replace(
            epoch=claim.epoch,
            lease_until=0,
            attempts=claim.attempts if given_up else 0,
            among_others=False,
            best=0,
            checkpoint=None,
            updated_at=self._iso(now),
        )
        return self._write(claim, closed) is not None

    def release(self, claim: LedgerItem, *, crashed: bool, after_seconds: float = 0) -> None:
        """Give the item back unfinished; with ``after_seconds`` only then, for writes that may still be under way.

        The attempt counts if it ``crashed``; otherwise it is taken back, since nothing was wrong with the object. An
        outcome that was stored although nobody heard of it stays: another worker may have relied on it.
        """
        until = self._now() + int(after_seconds * 1000) if after_seconds else 0
        given = attempts.crashed(claim) if crashed else attempts.taken_back(claim)
        # By its token, too: of two claims in one millisecond that had no answer only one was made.
        open_claim = {"epoch": claim.epoch, "token": claim.token, "status": "processing"}
        self._store.put(given._replace(token="", lease_until=until).to_json(), expected=open_claim)

    def _store_claim(self, mine: LedgerItem, old: LedgerItem | None) -> JsonObject | None:
        """Store a claim in place of an old item, or of none; return what stands there instead if that has changed."""
        try:
            if old is None:
                return self._store.add(self._with_room(mine).to_json())
            if self._store.put(self._with_room(mine).to_json(), expected=_unchanged(old)):
                return None
        except InfrastructureError as error:
            raise UnansweredClaimError(mine) from error
        return self._store.get(mine.file_id) or {}

    def _with_room(self, item: LedgerItem) -> LedgerItem:
        """Return what is stored of an item while it is claimed."""
        return item._replace(
            high_articles=max(item.high_articles, self.room_articles),
            high_comments=max(item.high_comments, self.room_comments),
        )

    def _go_on(self, claim: LedgerItem, item: LedgerItem) -> LedgerItem | None:
        return item if self._write(claim, self._with_room(item)) else None

    def _write(self, claim: LedgerItem, item: LedgerItem) -> LedgerItem | None:
        # Repeating this write after a lost answer must succeed: the condition holds after its own success too,
        # except for renew, whose repetition counts as a lost claim and is simply delivered again.
        return item if self._store.put(item.to_json(), expected={"epoch": claim.epoch}) else None

    def _now(self) -> int:
        return int(self._clock() * 1000)

    @staticmethod
    def _iso(milliseconds: int) -> str:
        return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")


def _unchanged(item: LedgerItem) -> dict[str, Any]:
    return {"epoch": item.epoch, "token": item.token, "lease_until": item.lease_until}


def _settled(item: LedgerItem, change: Change, generations: Callable[[], Sequence[int]]) -> bool:
    if item.status == "processing":
        return False
    if change.resume:
        return True
    return (
        not change.again
        and item.sequencer is not None
        and not newer(change.sequencer, item.sequencer)
        and set(generations()) <= set(item.generations)
    )
