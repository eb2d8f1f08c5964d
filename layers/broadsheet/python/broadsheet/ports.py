"""What the use cases need from the world, as protocols of two or three methods.

Implementations raise only errors of ``broadsheet.errors``: InfrastructureError (and its children) for anything that
may work when tried again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, NamedTuple, Protocol

from broadsheet.model import StoredObject

JsonObject = dict[str, Any]


class ObjectStore(Protocol):
    """Objects of a bucket, read level-triggered: their state now, whatever an event said."""

    def head(self, bucket: str, key: str) -> StoredObject | None:
        """Return the current state, None when there is no such object."""

    def open(self, stored: StoredObject) -> BinaryIO:
        """Open exactly this state for reading; raise ObjectChangedError when it is no longer the current one."""


class ObjectLister(Protocol):
    """The bucket as a list, for whoever compares it with the ledger."""

    def list(self, bucket: str, *, after: str = "", prefix: str = "") -> Iterator[StoredObject]:
        """Yield the current objects with keys above ``after``, in UTF-8 order of their keys, page by page."""


class ReceiptStore(Protocol):
    """Where receipts of outcomes are kept."""

    def put(self, key: str, body: bytes) -> None:
        """Store a JSON document; writing the same key again replaces it."""


class LedgerStore(Protocol):
    """Items of the ledger with optimistic writes. An item is a flat JSON-like dict with ``file_id`` and ``epoch``."""

    def get(self, file_id: str) -> JsonObject | None:
        """Return the item by a consistent read, None when there is none."""

    def put(self, item: JsonObject, *, expected: Mapping[str, Any] | None) -> bool:
        """Store the whole item if the stored one has all ``expected`` values (None: if there is none).

        False when the condition does not hold; nothing is written then.
        """


class LedgerIndex(Protocol):
    """Items of the ledger in order, for people; eventually consistent."""

    def by_key(self, *, prefix: str, after: str, limit: int) -> list[JsonObject]:
        """Return up to ``limit`` items with keys above ``after`` that start with ``prefix``, in UTF-8 order of key."""

    def count_by_status(self) -> dict[str, int]:
        """Return how many files have which status."""


class BulkItem(NamedTuple):
    """The engine's answer to one action of a bulk request, in request order; ``error`` is its reason, if any."""

    status: int
    error: str | None


class BulkEngine(Protocol):
    """The write side of the engine."""

    def bulk(self, body: bytes) -> Sequence[BulkItem]:
        """Send a finished NDJSON body; raise EngineError when there was no complete answer (the outcome is unknown)."""


class SearchEngine(Protocol):
    """The read side of the engine; answers are complete or an EngineError is raised."""

    def search(self, index: str, body: JsonObject) -> JsonObject:
        """Run one search over an alias (or several, comma-separated)."""

    def multi_search(self, searches: Sequence[tuple[str, JsonObject]]) -> list[JsonObject]:
        """Run several searches in one round trip; answers in the same order."""


class IndexAdmin(Protocol):
    """Creation of indices and aliases."""

    def create(self, index: str, body: JsonObject) -> bool:
        """Create an index with settings, mappings and aliases; False when it already exists."""

    def aliases(self, name: str) -> list[str]:
        """Return the indices an alias points to, sorted; empty when there is no such alias."""

    def point(self, alias: str, index: str) -> None:
        """Make the alias point to this index and no other, in one atomic step."""


class MessageQueue(Protocol):
    """The queue of notifications, as seen by one who works on its messages."""

    def hold(self, receipt_handle: str, seconds: int) -> None:
        """Let a message that will be returned appear again only after this time (at most 12 hours)."""

    def send(self, body: str, *, delay_seconds: int = 0) -> None:
        """Send a message to the queue, visible after this time (at most 15 minutes)."""


class Telemetry(Protocol):
    """Reporting. Values never hold article or comment text, nor names of people."""

    def event(self, name: str, **fields: Any) -> None:
        """Write one log line."""

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        """Add to a metric."""

    def flush(self) -> None:
        """Write what was counted since the last flush; called at the end of an invocation."""


class Clock(Protocol):
    """The time, passed in so that tests own it."""

    def __call__(self) -> float:
        """Return seconds since the epoch."""
