"""Messages as a queue delivers them: what a batch of them asks for, and those that must come back."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from broadsheet.errors import InfrastructureError, PermanentError
from broadsheet.notifications import Change, merged, read_message
from broadsheet.ports import MessageQueue, Telemetry

# A returned message appears again after 2, 4, 8 ... seconds with jitter, at most this many.
_LONGEST_HOLD = 900


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the queue; ``receives`` counts how often it was delivered, this time included."""

    message_id: str
    receipt_handle: str
    body: str
    receives: int = 1


@dataclass(slots=True)
class Work:
    """One object and every message of the batch that speaks of it: one claim serves them all."""

    change: Change
    messages: list[Message] = field(default_factory=list)

    def join(self, change: Change, message: Message) -> None:
        """Add a message that speaks of the object."""
        if self.messages:
            self.change = merged(self.change, change)
        self.messages.append(message)


def works_of(messages: Sequence[Message], bucket: str, telemetry: Telemetry) -> list[Work]:
    """Return what messages ask for, one for each object of the bucket; what none can work on is only reported."""
    works: dict[str, Work] = {}
    for message in messages:
        try:
            changes = read_message(message.body)
        except PermanentError as error:
            report(telemetry, error.code, error)
            continue
        for change in changes:
            if change.bucket != bucket:
                telemetry.event("foreign_bucket", message_id=message.message_id)
                continue
            works.setdefault(change.key, Work(change)).join(change, message)
    return list(works.values())


class Returns:
    """The messages of a batch that must come back, each after a while."""

    def __init__(self, queue: MessageQueue, telemetry: Telemetry) -> None:
        self.message_ids: set[str] = set()
        self._queue = queue
        self._telemetry = telemetry

    def add(self, messages: Iterable[Message], *, at_most: float | None = None) -> None:
        """Have messages come back: the later the more often they did, but after ``at_most`` seconds."""
        bound = _LONGEST_HOLD if at_most is None else min(_LONGEST_HOLD, at_most)
        for message in messages:
            self.message_ids.add(message.message_id)
            longest = min(bound, 2.0 ** min(message.receives, 20))
            seconds = 1 + int(random.uniform(longest / 2, longest))  # noqa: S311 - jitter, not a secret
            try:
                self._queue.hold(message.receipt_handle, seconds)
            except InfrastructureError as error:
                # The message comes back after the queue's own visibility time instead.
                report(self._telemetry, "hold_failed", error)


def report(telemetry: Telemetry, code: str, error: Exception, **more: object) -> None:
    """Report a failure in ingestion: its code as a metric, and the kind of error beside it in the log."""
    telemetry.event("ingest_failed", code=code, error=type(error).__name__, **more)
    telemetry.count("ingest_failures", code=code)
