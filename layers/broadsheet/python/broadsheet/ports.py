"""What the use cases need from the world, as protocols of two or three methods.

Implementations raise only errors of ``broadsheet.errors``: InfrastructureError (and its children) for anything that
may work when tried again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, Literal, NamedTuple, Protocol

from broadsheet.model import StoredObject

JsonObject = dict[str, Any]
Unit = Literal["Milliseconds", "Seconds"]


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


class ObjectLinks(Protocol):
    """Addresses with which anybody can fetch an object for a while."""

    def link(self, stored: StoredObject, *, seconds: int) -> str:
        """Return a URL that downloads the object under its name, for this time."""


class UploadForms(Protocol):
    """Forms with which anybody can store one object for a while."""

    def form(self, key: str, content_type: str, *, seconds: int, max_bytes: int) -> tuple[str, dict[str, str]]:
        """Return the address and the fields of a form POST that stores exactly this key, with exactly this type."""


class ReceiptStore(Protocol):
    """Where receipts of outcomes are kept."""

    def put(self, key: str, body: bytes) -> None:
        """Store a JSON document; writing the same key again replaces it."""


class ReceiptReader(Protocol):
    """Receipts, for those who ask what became of a file."""

    def get(self, key: str) -> bytes | None:
        """Return a document as it was stored, None when there is none."""


class LedgerStore(Protocol):
    """Items of the ledger with optimistic writes. An item is a flat JSON-like dict with ``file_id`` and ``epoch``."""

    def get(self, file_id: str) -> JsonObject | None:
        """Return the item by a consistent read, None when there is none."""

    def add(self, item: JsonObject) -> JsonObject | None:
        """Store an item if there is none of its id; otherwise return the one there is, as a consistent read would."""

    def put(self, item: JsonObject, *, expected: Mapping[str, Any]) -> bool:
        """Store the whole item if there is one that has all ``expected`` values.

        False when the condition does not hold; nothing is written then.
        """


class LedgerIndex(Protocol):
    """Items of the ledger in order, for people; eventually consistent."""

    def by_key(self, *, prefix: str, after: str, limit: int) -> list[JsonObject]:
        """Return up to ``limit`` items with keys above ``after`` that start with ``prefix``, in UTF-8 order of key."""

    def by_time(
        self, *, statuses: Sequence[str], since: str, until: str, before: tuple[str, str] | None, limit: int
    ) -> list[JsonObject]:
        """Return up to ``limit`` items of these statuses, the latest ``updated_at`` (then ``file_id``) first.

        ``since`` and ``until`` bound ``updated_at``, both included, empty for no bound; ``before`` is the pair of time
        and id after which a list ended.
        """

    def count_by_status(self) -> dict[str, int]:
        """Return how many files have which status."""


class LedgerScan(Protocol):
    """The table itself, not an index of it."""

    def scan(self, *, after: str) -> Iterator[JsonObject]:
        """Yield ``file_id``, ``status`` and ``generations`` of every file by consistent reads.

        The order is the table's own; ``after`` is the ``file_id`` after which to go on, empty for all.
        """


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
        """Run one search over an alias (or several, comma-separated), or over none: the body has a point in time."""

    def multi_search(self, searches: Sequence[tuple[str, JsonObject]]) -> list[JsonObject]:
        """Run several searches in one round trip; answers in the same order."""


class WalkEngine(SearchEngine, Protocol):
    """The read side for walks through many pages."""

    def open_point_in_time(self, index: str, seconds: int) -> str:
        """Keep the present state of these indices for a while and return its id.

        Raise ThrottledError when too many are open, EngineError for any other failure.
        """


class IndexAdmin(Protocol):
    """Creation of indices and aliases."""

    def create(self, index: str, body: JsonObject) -> bool:
        """Create an index with settings, mappings and aliases; False when it already exists."""

    def aliases(self, name: str) -> list[str]:
        """Return the indices an alias points to, sorted; empty when there is no such alias."""

    def point(self, alias: str, index: str) -> None:
        """Make the alias point to this index and no other, in one atomic step."""


class GenerationAdmin(IndexAdmin, Protocol):
    """What the life of a generation needs beside its creation; ``aliases`` takes a pattern with asterisks, too."""

    def move(self, targets: Mapping[str, str]) -> None:
        """Make every alias point to its index and no other, all in one atomic step."""

    def delete(self, index: str) -> None:
        """Delete an index with its aliases; one that does not exist is deleted already."""


class MessageQueue(Protocol):
    """The queue of notifications, as seen by one who works on its messages."""

    def hold(self, receipt_handle: str, seconds: int) -> None:
        """Let a message that will be returned appear again only after this time (at most 12 hours)."""

    def send(self, body: str, *, delay_seconds: int = 0) -> None:
        """Send a message to the queue, visible after this time (at most 15 minutes)."""


class HintSender(Protocol):
    """The queue of notifications, as seen by one who fills it."""

    def send_all(self, bodies: Sequence[str]) -> None:
        """Send messages; InfrastructureError means that some of them may not have been sent."""

    def waiting(self) -> int:
        """Return about how many messages wait for their turn."""


class DeadLetter(NamedTuple):
    """A message that was received too often."""

    receipt_handle: str
    body: str


class DeadLetters(Protocol):
    """The queue where such messages end."""

    def receive(self) -> list[DeadLetter]:
        """Return a few messages, none when there are none; they are seen again unless deleted."""

    def delete(self, receipt_handle: str) -> None:
        """Delete a received message."""

    def count(self) -> int:
        """Return about how many there are."""


class Telemetry(Protocol):
    """Reporting. Values never hold article or comment text, nor names of people."""

    def event(self, name: str, **fields: Any) -> None:
        """Write one log line."""

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        """Add to a metric."""

    def measure(self, name: str, value: float, unit: Unit) -> None:
        """Note one value of a metric whose distribution matters, such as a latency."""

    def flush(self) -> None:
        """Write what was counted since the last flush; called at the end of an invocation."""


class Clock(Protocol):
    """The time, passed in so that tests own it."""

    def __call__(self) -> float:
        """Return seconds since the epoch."""
